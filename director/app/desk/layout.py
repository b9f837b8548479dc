"""Where the picture and the places of panels lie in a window."""

from dataclasses import dataclass

from director.composite.rectangle import Rectangle

__all__ = ["Layout", "laid_out"]

_SIDE = 268.0
_BOTTOM = 172.0
# However small the window, the picture keeps this share of it in both directions.
_LEAST = 0.5


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
) -> Layout:
    """The picture in the middle, `strip` points of read-outs above and below it, panels around."""
    width, height = size
    side = min(_SIDE * scale, width * (1.0 - _LEAST) / 2)
    foot = min(_BOTTOM * scale, height * (1.0 - _LEAST) / 2) if bottom else 0.0
    from_left, from_right = (side if left else 0.0), (side if right else 0.0)
    top, tall = strip, max(1.0, height - foot - 2 * strip)
    across = max(1.0, width - from_left - from_right)
    return Layout(
        picture=Rectangle(from_left, top, across, tall),
        left=Rectangle(0.0, strip, from_left, height - 2 * strip),
        right=Rectangle(width - from_right, strip, from_right, height - 2 * strip),
        bottom=Rectangle(from_left, height - foot - strip, across, foot),
    )
