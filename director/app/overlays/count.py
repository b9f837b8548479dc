"""Over the picture: the count before a take, and timecode."""

import math

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.app.shooting import COUNT_S
from director.composite.rectangle import Rectangle
from director.take.timecode import frame_at, timecode
from director.viewport.pen import AMBER, IVORY, RED, SHADE

__all__ = ["OVERLAY", "Count"]


class Count:
    """3-2-1 in the middle, timecode of the scene (or of the take) below the top edge."""

    order = 90
    takes_mouse = False

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        s, pen = ui.scale, ui.background
        middle = (place.left + place.width / 2) / s
        shooting = desk.shots.shooting
        if desk.shots.shows_timecode:
            recording = desk.session.recording
            fps = desk.session.settings.fps
            words = timecode(frame_at(desk.session.transport.time_s, fps), fps)
            words = words if recording is None else recording.timecode
            name = shooting.take_name
            words = words if name is None else f"{name}  {words}"
            wide, y = pen.width(words, size=18, bold=True), place.top / s + 10
            pen.box(middle - wide / 2 - 10, y, wide + 20, 28, SHADE, round_by=4)
            pen.text(middle - wide / 2, y + 4, words, IVORY if recording is None else RED, size=18, bold=True)
        if shooting.left_s > 0:
            self._draw_count(ui, middle, (place.top + place.height / 2) / s, shooting.left_s)

    def _draw_count(self, ui: Ui, x: float, y: float, left_s: float) -> None:
        pen, s = ui.background, ui.scale
        number = str(math.ceil(left_s))
        pen.dot(x, y, 58, SHADE)
        list_ = imgui.get_background_draw_list()
        start = -math.pi / 2
        list_.path_clear()
        list_.path_arc_to((x * s, y * s), 52 * s, start, start + math.tau * (left_s / COUNT_S), 64)
        list_.path_stroke(AMBER.packed, 4.0 * s, 0)
        wide = pen.width(number, size=64, bold=True)
        pen.text(x - wide / 2, y - 37, number, IVORY, size=64, bold=True)


OVERLAY = Count
