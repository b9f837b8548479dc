"""Paths that are typed."""

import contextlib
from pathlib import Path

__all__ = ["path_from"]


def path_from(text: str) -> Path:
    """What is typed as a path; `~` is the user's folder, where there is such a user."""
    path = Path(text.strip())
    with contextlib.suppress(RuntimeError):
        return path.expanduser()
    return path
