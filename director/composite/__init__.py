"""Generated frames, proxy and passes brought together into one picture, and shown."""
