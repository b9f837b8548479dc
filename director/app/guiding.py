"""Which guides lie over the picture, and which of a list comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from director.camera.guides import FRAME_LINES, SAFE_AREAS

__all__ = ["Guides", "after"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Guides:
    """`frame_line` is an aspect of FRAME_LINES, `safe` a standard of SAFE_AREAS; None: not drawn."""

    frame_line: float | None = None
    thirds: bool = False
    centre: bool = False
    golden: bool = False
    safe: str | None = None
    horizon: bool = False

    @property
    def is_any(self) -> bool:
        """Whether there is anything to draw."""
        return self != Guides()

    @property
    def with_next_frame_line(self) -> "Guides":
        """The same with the next frame line, or none after the last."""
        return replace(self, frame_line=after((None, *FRAME_LINES), self.frame_line))

    @property
    def with_next_safe(self) -> "Guides":
        """The same with the next standard's safe areas, or none after the last."""
        return replace(self, safe=after((None, *SAFE_AREAS), self.safe))


def after(items: Sequence[T], now: T) -> T:
    """The item after this one, the first after the last; the first for one that is not among them."""
    at = items.index(now) if now in items else -1
    return items[(at + 1) % len(items)]
