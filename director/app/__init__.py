"""The viewport as a program: the only code that knows everything."""

from director.app.run import run

__all__ = ["run"]
