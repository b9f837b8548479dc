"""Where the picture and the places of panels lie in a window."""

from collections.abc import Mapping
from dataclasses import dataclass

from director.app.desk.panel import Place
from director.composite.rectangle import Rectangle

__all__ = ["Layout", "laid_out"]

_SIDE = 268.0
_BOTTOM = 172.0
# However small the window, the picture keeps this share of it in both directions; less in height where the
# panels at its foot were asked to be so high.
_LEAST, _LEAST_ASKED = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Layout:
    """In points of the window. A place that is folded away has no width, or no height."""

    picture: Rectangle
    left: Rectangle
    right: Rectangle
    bottom: Rectangle


def laid_out(
    size: tuple[float, float],
    scale: float,
    *,
    left: bool,
    right: bool,
    bottom: bool,
    strip: float,
    asked: Mapping[Place, float] | None = None,
) -> Layout:
    """The picture in the middle, `strip` points of read-outs above and below it, panels around. `asked` is
    how wide "left" and "right" and how high "bottom" are to be, in unscaled points, where they fit."""
    width, height = size
    asked = asked or {}
    most = width * (1.0 - _LEAST) / 2
    from_left = min(asked.get("left", _SIDE) * scale, most) if left else 0.0
    from_right = min(asked.get("right", _SIDE) * scale, most) if right else 0.0
    foot = min(_BOTTOM * scale, height * (1.0 - _LEAST) / 2)
    if "bottom" in asked:
        foot = min(asked["bottom"] * scale, height * (1.0 - _LEAST_ASKED) - 2 * strip)
    foot = max(0.0, foot) if bottom else 0.0
    top, tall = strip, max(1.0, height - foot - 2 * strip)
    across = max(1.0, width - from_left - from_right)
    return Layout(
        picture=Rectangle(from_left, top, across, tall),
        left=Rectangle(0.0, strip, from_left, height - 2 * strip),
        right=Rectangle(width - from_right, strip, from_right, height - 2 * strip),
        bottom=Rectangle(from_left, height - foot - strip, across, foot),
    )
