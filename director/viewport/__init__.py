"""What is laid over the picture: read-outs, notices, help and the prompt's field."""
