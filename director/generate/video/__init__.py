"""Video models that draw a take again clip by clip, under its depth."""
