"""The borders between the picture and the panels: dragged to give either more room."""

from imgui_bundle import imgui

from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.composite.rectangle import Rectangle
from director.viewport.pen import AMBER

__all__ = ["Borders"]

_GRIP = 6.0
_LEAST_SIDE, _LEAST_FOOT = 200.0, 110.0


class Borders:
    """How wide or high each place of panels is asked to be, in unscaled points; what is not here is as the
    layout has it. Dragged borders stay so while the window is open; a double click takes one back."""

    def __init__(self) -> None:
        self.asked: dict[Place, float] = {}

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
