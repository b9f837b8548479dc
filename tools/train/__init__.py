"""Training the embedded generator: the data set, the training and its judgement."""
