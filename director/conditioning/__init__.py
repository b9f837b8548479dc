"""From the passes as numpy arrays to the pictures that published control networks read."""
