"""What OpenGL draws each tick: the G-buffer, the maps on demand, and their way back to numpy."""
