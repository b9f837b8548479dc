"""Director: a real-time scene director whose blocking becomes a generated picture.

Importing this package is cheap on purpose: no torch, no OpenGL, no window library.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
