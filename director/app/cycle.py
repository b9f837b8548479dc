"""Going through a few values with one key."""

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["next_of"]

_T = TypeVar("_T")


def next_of(values: Sequence[_T], value: _T) -> _T:
    """The one after it; the first after the last, and for a value that is none of them."""
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]
