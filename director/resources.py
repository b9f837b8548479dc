"""Where the shipped shaders and scenes lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

__all__ = ["scenes_folder", "shaders_folder"]

_PACKAGE = Path(__file__).resolve().parent


def scenes_folder() -> Path:
    """The folder of the shipped scenes."""
    return _resource("scenes")


def shaders_folder() -> Path:
    """The folder of the GLSL sources."""
    return _resource("shaders")


def _resource(name: str) -> Path:
    # The wheel carries the two top-level folders as director/_data/<name> (see pyproject.toml).
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
