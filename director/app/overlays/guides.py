"""Composition guides over the picture: frame lines, thirds, golden section, centre, safe areas, horizon."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.camera import guides as lines
from director.composite.rectangle import Rectangle
from director.viewport.pen import AMBER, IVORY, Colour

__all__ = ["OVERLAY", "GuideLines"]

_OUTSIDE = Colour(0.0, 0.0, 0.0, 0.5)
_INK = IVORY.faded(0.62)
_UNDER = Colour(0.0, 0.0, 0.0, 0.35)
# The same picture twice has no one frame.
_TWICE = ("side-by-side",)


class GuideLines:
    """All guides but the frame line lie within the frame line."""

    order = 5
    takes_mouse = False

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        guides = desk.cameras.guides
        if not guides.is_any or desk.session.view in _TWICE:
            return
        aspect = place.width / place.height
        within = _Within(ui, place)
        frame = lines.WHOLE
        if guides.frame_line is not None:
            frame = lines.frame_line(guides.frame_line, aspect)
            within.shade_around(frame)
            within.rectangle(frame, AMBER.faded(0.85))
            within.label(frame, f"{guides.frame_line:.2f}")
        segments: list[lines.Segment] = []
        if guides.thirds:
            segments += lines.thirds(frame)
        if guides.golden:
            segments += lines.golden_ratio(frame)
        if guides.centre:
            segments += lines.centre_cross(aspect, frame)
        for segment in segments:
            within.line(segment, _INK)
        if guides.safe is not None:
            within.rectangle(lines.action_safe(guides.safe, frame), _INK)
            within.rectangle(lines.title_safe(guides.safe, frame), _INK.faded(0.7))
        if guides.horizon:
            horizon = lines.horizon(desk.session.flight.camera, aspect)
            if horizon is not None:
                within.line(horizon, AMBER.faded(0.9))
        within.close()


class _Within:
    """Draws in uv of the picture, each line on a thin shade so that it shows on any ground."""

    def __init__(self, ui: Ui, place: Rectangle) -> None:
        self._ui = ui
        self._place = place
        self._list = imgui.get_background_draw_list()
        end = (place.left + place.width, place.top + place.height)
        self._list.push_clip_rect((place.left, place.top), end)

    def close(self) -> None:
        self._list.pop_clip_rect()

    def at(self, u: float, v: float) -> tuple[float, float]:
        place = self._place
        return place.left + u * place.width, place.top + v * place.height

    def line(self, segment: lines.Segment, ink: Colour) -> None:
        start, end = self.at(*segment.start), self.at(*segment.end)
        self._list.add_line(start, end, _UNDER.packed, 2.6 * self._ui.scale)
        self._list.add_line(start, end, ink.packed, 1.0 * self._ui.scale)

    def rectangle(self, frame: lines.Rectangle, ink: Colour) -> None:
        low, high = self.at(frame.left, frame.top), self.at(frame.right, frame.bottom)
        self._list.add_rect(low, high, _UNDER.packed, 0.0, 2.6 * self._ui.scale)
        self._list.add_rect(low, high, ink.packed, 0.0, 1.0 * self._ui.scale)

    def shade_around(self, frame: lines.Rectangle) -> None:
        ink = _OUTSIDE.packed
        for left, top, right, bottom in (
            (0.0, 0.0, 1.0, frame.top),
            (0.0, frame.bottom, 1.0, 1.0),
            (0.0, frame.top, frame.left, frame.bottom),
            (frame.right, frame.top, 1.0, frame.bottom),
        ):
            if right - left > 1e-6 and bottom - top > 1e-6:
                self._list.add_rect_filled(self.at(left, top), self.at(right, bottom), ink)

    def label(self, frame: lines.Rectangle, words: str) -> None:
        x, y = self.at(frame.right, frame.top)
        s = self._ui.scale
        self._ui.background.text_left_of((x - 8 * s) / s, (y + 6 * s) / s, words, AMBER, size=12.5)


OVERLAY = GuideLines
