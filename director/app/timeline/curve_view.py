"""The values of the chosen row over time. A number's keys can be dragged; three are shown together."""

import math

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.app.timeline.view import LABELS, Box, TimelineView, diamond, grid, line_of_play, outside, wheel
from director.curves import ScalarCurve, ScalarKey, VectorCurve
from director.shots.keying import KeyRef, curve_of
from director.shots.ruler import Ruler
from director.viewport.pen import AMBER, FAINT, Colour, Pen

__all__ = ["CurveView"]

_INKS = (Colour(0.90, 0.42, 0.38), Colour(0.52, 0.80, 0.46), Colour(0.45, 0.62, 0.95))
_NAMES = {"position": "x y z", "rotation_deg": "pan tilt roll"}
_NEAR = 8.0
_EVERY = 4.0


class CurveView:
    """Draws in the place of the rows. The range of values is kept while a key is dragged."""

    def __init__(self) -> None:
        self._range = (0.0, 1.0)

    def draw(self, desk: Desk, ui: Ui, view: TimelineView, ruler: Ruler, width: float) -> None:
        """Draw into what is left of the panel."""
        shot, s = desk.shots.shot, ui.scale
        curve = None if shot is None or view.lane is None else curve_of(shot, view.lane)
        imgui.begin_child("##curve", (0.0, 0.0), 0, imgui.WindowFlags_.no_scroll_with_mouse)
        if shot is None or view.lane is None or not isinstance(curve, ScalarCurve | VectorCurve):
            imgui.set_cursor_pos((LABELS * s, 8 * s))
            ui.faint("Choose a row with keys of numbers, by its name")
            imgui.end_child()
            return
        at, tall = imgui.get_cursor_screen_pos(), imgui.get_content_region_avail().y
        box = (ruler.left, at.y, ruler.left + width, at.y + tall)
        imgui.set_cursor_screen_pos((ruler.left, at.y))
        imgui.invisible_button("##values", (width, max(tall, 1.0)))
        wheel(view, ruler)
        lines = _sampled(curve, ruler, width)
        if view.doing not in ("value", "slope"):
            self._range = _range([value for line in lines for value in line])
        list_ = imgui.get_window_draw_list()
        pen = Pen(list_, ui.fonts, s)
        low, high = self._range
        name = _NAMES.get(view.lane[-1], view.lane[-1].replace("_", " "))
        pen.text(at.x / s + 4, at.y / s + 2, name, AMBER, size=13)
        pen.text(at.x / s + 4, at.y / s + 18, f"{high:.3g}", FAINT, size=12)
        pen.text(at.x / s + 4, (at.y + tall) / s - 18, f"{low:.3g}", FAINT, size=12)
        list_.push_clip_rect(box[:2], box[2:], True)
        grid(list_, ruler, desk.session.settings.fps, box)
        for line, ink in zip(lines, _INKS if len(lines) > 1 else (AMBER,), strict=False):
            points: list[imgui.ImVec2Like] = [
                imgui.ImVec2(ruler.left + i * _EVERY, self._y(value, box)) for i, value in enumerate(line)
            ]
            list_.add_polyline(points, ink.packed, 1.5 * s, 0)
        hot = None
        if isinstance(curve, ScalarCurve) and not self._handles(desk, s, view, ruler, curve, box):
            hot = self._handle(desk, s, view, ruler, curve, box)
        for key in curve.keys:
            values = key.value if isinstance(key.value, tuple) else (key.value,)
            ref = (view.lane, key.time_s)
            for value in values:
                diamond(
                    list_,
                    ruler.x_of(key.time_s),
                    self._y(value, box),
                    5.0 * s,
                    chosen=ref in desk.shots.keys,
                    hot=ref == hot,
                )
        outside(list_, ruler, (shot.start_s, shot.end_s), box)
        line_of_play(list_, ui, ruler, desk.session.transport.time_s, box[1], box[3])
        list_.pop_clip_rect()
        imgui.end_child()

    def _handles(
        self, desk: Desk, s: float, view: TimelineView, ruler: Ruler, curve: ScalarCurve, box: Box
    ) -> bool:
        """Draw the handles of a chosen bezier key, and let them be dragged: both sides together, with Ctrl
        one of them. Returns whether the mouse is theirs."""
        board, mouse, list_ = desk.shots, imgui.get_mouse_pos(), imgui.get_window_draw_list()
        lane = view.lane
        assert lane is not None
        own = [ref for ref in board.keys if ref[0] == lane]
        key = curve.key_at(own[0][1]) if len(own) == 1 else None
        if key is None:
            return view.doing == "slope"
        ref, taken = (lane, key.time_s), view.doing == "slope"
        x, y = ruler.x_of(key.time_s), self._y(key.value, box)
        for side, way_s, slope in _slopes(curve, key):
            end = ruler.x_of(key.time_s + way_s / 3), self._y(key.value + slope * way_s / 3, box)
            list_.add_line((x, y), end, AMBER.faded(0.6).packed, 1.0)
            list_.add_circle_filled(end, 3.5 * s, AMBER.packed)
            is_near = math.hypot(end[0] - mouse.x, end[1] - mouse.y) < _NEAR * s
            if imgui.is_item_activated() and is_near:
                view.doing, view.side, taken = "slope", side, True
                board.begin_drag()
            if view.doing == "slope" and view.side == side and imgui.is_item_active():
                away_s = ruler.time_at(mouse.x) - key.time_s
                if away_s * way_s > 0:
                    sides = (side,) if imgui.get_io().key_ctrl else ("in", "out")
                    board.drag_slope(ref, (self._value(mouse.y, box) - key.value) / away_s, sides)
        if view.doing == "slope" and not imgui.is_item_active():
            board.end_drag()
            view.doing = ""
        return taken

    def _handle(
        self,
        desk: Desk,
        s: float,
        view: TimelineView,
        ruler: Ruler,
        curve: ScalarCurve,
        box: Box,
    ) -> KeyRef | None:
        board, mouse, lane = desk.shots, imgui.get_mouse_pos(), view.lane
        assert lane is not None

        def away(time_s: float, value: float) -> float:
            return math.hypot(ruler.x_of(time_s) - mouse.x, self._y(value, box) - mouse.y)

        near = min(curve.keys, key=lambda key: away(key.time_s, key.value))
        hit = (lane, near.time_s) if away(near.time_s, near.value) < _NEAR * s else None
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0) and hit is None:
            board.add_key(lane, ruler.time_at(mouse.x))
            return None
        if imgui.is_item_activated():
            board.choose_keys(frozenset() if hit is None else frozenset({hit}))
            if hit is not None:
                view.doing, view.grabbed = "value?", hit
        if imgui.is_item_active() and view.doing == "value?" and imgui.is_mouse_dragging(0, 2.0):
            view.doing = "value"
            board.begin_drag()
        if imgui.is_item_active() and view.doing == "value" and view.grabbed is not None:
            board.drag_value(view.grabbed, ruler.time_at(mouse.x), self._value(mouse.y, box))
        if not imgui.is_item_active() and view.doing in ("value", "value?"):
            if view.doing == "value":
                board.end_drag()
            view.doing = ""
        return hit if imgui.is_item_hovered() else None

    def _y(self, value: float, box: Box) -> float:
        low, high = self._range
        return box[3] - (value - low) / (high - low) * (box[3] - box[1])

    def _value(self, y: float, box: Box) -> float:
        low, high = self._range
        return low + (box[3] - y) / max(box[3] - box[1], 1.0) * (high - low)


def _slopes(curve: ScalarCurve, key: ScalarKey) -> list[tuple[str, float, float]]:
    """(side, seconds to the neighbour, slope) of each side of a key whose way is a bezier's."""
    i = curve.keys.index(key)
    found: list[tuple[str, float, float]] = []
    if i > 0 and curve.keys[i - 1].interpolation == "bezier":
        way_s = curve.keys[i - 1].time_s - key.time_s
        found.append(("in", way_s, _slope(curve, key, way_s) if key.slope_in is None else key.slope_in))
    if i < len(curve.keys) - 1 and key.interpolation == "bezier":
        way_s = curve.keys[i + 1].time_s - key.time_s
        found.append(("out", way_s, _slope(curve, key, way_s) if key.slope_out is None else key.slope_out))
    return found


def _slope(curve: ScalarCurve, key: ScalarKey, way_s: float) -> float:
    # As the curve leaves, where the key has no slope of its own.
    step_s = way_s * 1e-4
    return (curve.at(key.time_s + step_s) - key.value) / step_s


def _sampled(curve: ScalarCurve | VectorCurve, ruler: Ruler, width: float) -> list[list[float]]:
    count = int(width / _EVERY) + 2
    times = [ruler.start_s + i * _EVERY / ruler.per_s for i in range(count)]
    if isinstance(curve, ScalarCurve):
        return [[curve.at(time) for time in times]]
    return [list(line) for line in zip(*(curve.at(time) for time in times), strict=True)]


def _range(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    air = 0.15 * (high - low) or max(0.5, 0.1 * abs(high))
    return low - air, high + air
