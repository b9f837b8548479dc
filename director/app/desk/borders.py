"""The borders between the picture and the panels: dragged to give either more room."""

import math
from pathlib import Path

from imgui_bundle import imgui

from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.app.user_settings import read_settings, write_settings
from director.composite.rectangle import Rectangle
from director.errors import UsageError
from director.viewport.pen import AMBER

__all__ = ["Borders"]

_GRIP = 6.0
_LEAST_SIDE, _LEAST_FOOT = 200.0, 110.0
_FILE = "desk.json"


class Borders:
    """How wide or high each place of panels is asked to be, in unscaled points; what is not here is as the
    layout has it. Dragged borders stay so, in a file of the user's own if there is a folder for it; a double
    click takes one back."""

    def __init__(self) -> None:
        self.asked: dict[Place, float] = {}
        self._path: Path | None = None
        self._saved: dict[Place, float] = {}

    def keep_in(self, folder: Path) -> None:
        """As they were left last time, and kept there from now on. Raises UsageError for a file that holds
        no borders; they are kept there all the same once one is dragged."""
        self._path = folder / _FILE
        read = read_settings(self._path)
        asked = read.get("borders", {}) if isinstance(read, dict) else {}
        if read is not None and not (isinstance(asked, dict) and all(map(_is_border, asked.items()))):
            raise UsageError("holds no borders", subject=str(self._path), mend="delete it to start afresh")
        self._saved = dict(asked)
        self.asked |= asked

    def save(self) -> None:
        """Keep them as they are, if they were changed. Raises UsageError where that cannot be."""
        if self._path is not None and self.asked != self._saved:
            self._saved = dict(self.asked)
            write_settings(self._path, {"borders": dict(sorted(self.asked.items()))})

    def draw(self, place: Place, rectangle: Rectangle, ui: Ui) -> None:
        """The border of a place that is drawn at `rectangle`, within its window of ImGui."""
        grip = _GRIP * ui.scale
        left, top = rectangle.left, rectangle.top
        size = (grip, rectangle.height)
        if place == "left":
            left += rectangle.width - grip
        elif place == "bottom":
            size = (rectangle.width, grip)
        cursor = imgui.get_cursor_screen_pos()
        imgui.set_cursor_screen_pos((left, top))
        imgui.invisible_button(f"##border of {place}", size)
        is_held = imgui.is_item_active()
        if is_held:
            self._drag(place, rectangle, ui.scale)
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            self.asked.pop(place, None)
        if is_held or imgui.is_item_hovered():
            colour = AMBER.faded(1.0 if is_held else 0.55).packed
            end = (left + size[0], top + size[1])
            if place == "bottom":
                end = (end[0], top + 2 * ui.scale)
            elif place == "left":
                left = end[0] - 2 * ui.scale
            else:
                end = (left + 2 * ui.scale, end[1])
            imgui.get_window_draw_list().add_rect_filled((left, top), end, colour)
        imgui.set_cursor_screen_pos(cursor)

    def _drag(self, place: Place, rectangle: Rectangle, scale: float) -> None:
        if not imgui.is_mouse_dragging(0, 2 * scale):
            return
        mouse = imgui.get_io().mouse_pos
        if place == "left":
            self.asked[place] = max(_LEAST_SIDE, (mouse.x - rectangle.left) / scale)
        elif place == "right":
            self.asked[place] = max(_LEAST_SIDE, (rectangle.left + rectangle.width - mouse.x) / scale)
        else:
            self.asked[place] = max(_LEAST_FOOT, (rectangle.top + rectangle.height - mouse.y) / scale)


def _is_border(entry: tuple[object, object]) -> bool:
    place, size = entry
    return (
        place in ("left", "right", "bottom")
        and isinstance(size, int | float)
        and math.isfinite(size)
        and size >= (_LEAST_FOOT if place == "bottom" else _LEAST_SIDE)
    )
