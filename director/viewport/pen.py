"""Drawing words and shapes over the picture, in points of the window, and the colours for it."""

from dataclasses import dataclass
from functools import lru_cache

from imgui_bundle import imgui

from director.viewport.imgui_backend import Fonts

__all__ = ["AMBER", "FAINT", "IVORY", "RED", "SHADE", "Colour", "Pen"]


@dataclass(frozen=True, slots=True)
class Colour:
    """sRGB and opacity, 0..1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def faded(self, strength: float) -> "Colour":
        """The same at a share of its opacity."""
        return Colour(self.red, self.green, self.blue, self.alpha * strength)

    @property
    def packed(self) -> int:
        """As ImGui's draw lists take it."""
        return _packed(self.red, self.green, self.blue, self.alpha)


# Panels ask for the same few hundreds of times a tick.
@lru_cache(maxsize=4096)
def _packed(*channels: float) -> int:
    red, green, blue, alpha = (round(255 * min(1.0, max(0.0, value))) for value in channels)
    return alpha << 24 | blue << 16 | green << 8 | red


IVORY = Colour(0.94, 0.93, 0.90)
FAINT = Colour(0.94, 0.93, 0.90, 0.58)
AMBER = Colour(0.96, 0.74, 0.36)
RED = Colour(0.92, 0.24, 0.20)
SHADE = Colour(0.045, 0.047, 0.055, 0.66)


class Pen:
    """Draws into one of ImGui's lists. `scale` makes everything larger; coordinates are given unscaled."""

    def __init__(self, draw_list: imgui.ImDrawList, fonts: Fonts, scale: float) -> None:
        self._list = draw_list
        self._fonts = fonts
        self._scale = scale

    def width(self, text: str, *, size: float = 15.0, bold: bool = False) -> float:
        """Of a text, in unscaled points."""
        imgui.push_font(self._fonts.bold if bold else self._fonts.regular, size * self._scale)
        measured = float(imgui.calc_text_size(text).x)
        imgui.pop_font()
        return measured / self._scale

    def text(
        self, x: float, y: float, text: str, colour: Colour = IVORY, *, size: float = 15.0, bold: bool = False
    ) -> float:
        """Write from (x, y), the top left of the line; returns where the text ends."""
        font = self._fonts.bold if bold else self._fonts.regular
        at = (round(x * self._scale), round(y * self._scale))
        self._list.add_text(font, size * self._scale, at, colour.packed, text)
        return x + self.width(text, size=size, bold=bold)

    def text_left_of(
        self, x: float, y: float, text: str, colour: Colour = IVORY, *, size: float = 15.0, bold: bool = False
    ) -> float:
        """Write so that the line ends at x; returns where it begins."""
        start = x - self.width(text, size=size, bold=bold)
        self.text(start, y, text, colour, size=size, bold=bold)
        return start

    def shortened(self, text: str, room: float, *, size: float = 15.0, bold: bool = False) -> str:
        """As much of a text as has room, with an ellipsis where something is left out."""
        if self.width(text, size=size, bold=bold) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + "…", size=size, bold=bold) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"

    def box(
        self, x: float, y: float, width: float, height: float, colour: Colour, *, round_by: float = 0.0
    ) -> None:
        """A filled rectangle."""
        s = self._scale
        self._list.add_rect_filled(
            (x * s, y * s), ((x + width) * s, (y + height) * s), colour.packed, round_by * s
        )

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle about (x, y)."""
        s = self._scale
        self._list.add_circle_filled((x * s, y * s), radius * s, colour.packed)
