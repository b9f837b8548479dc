"""The plan: the set from above, with the cameras in it. Drag pans, the wheel zooms, a click selects."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

from director.app.cameras import LiveCamera
from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.app.plan_map import Footprint, Footprints, MapView, Spot, fitted_view, hit, way_of, wedge
from director.app.ridden import Ridden
from director.scene.compile import CompiledScene
from director.types import CameraState
from director.viewport.pen import AMBER, FAINT, IVORY, Colour

__all__ = ["PANEL", "PlanPanel"]

_GROUND = Colour(0.045, 0.047, 0.055)
_FLOOR = Colour(1, 1, 1, 0.035)
_GRID = Colour(1, 1, 1, 0.05)
_THING, _CHOSEN = IVORY.faded(0.13), AMBER.faded(0.3)
_FLOOR_EDGE, _THING_EDGE = IVORY.faded(0.12), IVORY.faded(0.42)
_STEPS_M = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
_GRID_POINTS = 28.0
_ICON = 7.0
_LEAST, _SMALL = 1.0, 4.0
_MOST = 1500
_NEAR_M = 12.0
_ZOOM = 1.15
_CLICK = 4.0


class PlanPanel:
    """What is drawn is worked out once a scene and time. A camera's mark can be dragged: the camera goes with
    it, looking as it does."""

    title = "Plan"
    place: Place = "bottom"
    order = 3

    def __init__(self) -> None:
        self._view: MapView | None = None
        self._size: Spot = (0.0, 0.0)
        self._fitted: str | None = None
        self._footprints = Footprints()
        self._drawn_as: tuple[object, ...] = ()
        self._spots: list[list[Spot]] = []
        self._is_seen: list[bool] = []
        self._way: tuple[CompiledScene, Ridden, tuple[Spot, ...]] | None = None
        self._drags_camera = False
        self._dragged = 0.0
        self._origin: Spot = (0.0, 0.0)

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {"plan-panel": lambda: desk.bring_up(self.title)}

    def draw(self, desk: Desk, ui: Ui) -> None:
        at, room = imgui.get_cursor_screen_pos(), imgui.get_content_region_avail()
        if min(room.x, room.y) < 8:
            return
        marks = self._footprints.at(desk.session.scene, desk.session.transport.time_s)
        self._fit(desk, marks, (room.x, room.y))
        assert self._view is not None
        origin = (at.x + room.x / 2, at.y + room.y / 2)
        imgui.invisible_button("##plan", (room.x, room.y))
        self._use(desk, ui, marks, origin)
        view = self._view
        pen = imgui.get_window_draw_list()
        end = (at.x + room.x, at.y + room.y)
        pen.push_clip_rect((at.x, at.y), end, True)
        pen.add_rect_filled((at.x, at.y), end, _GROUND.packed)
        step_m = _draw_grid(pen, view, origin, (at.x, at.y), end)
        self._draw_marks(pen, ui, marks, origin, frozenset(desk.editing.selection))
        self._draw_cameras(desk, ui, pen, origin)
        _draw_scale(pen, ui, view, (at.x, end[1]), step_m)
        pen.pop_clip_rect()

    def place_of_camera(self, desk: Desk) -> Spot | None:
        """Where the live camera's mark lies in the window, once drawn."""
        if self._view is None:
            return None
        x, _, z = desk.session.flight.camera.position
        return self._view.on_map((x, z), self._origin)

    def _fit(self, desk: Desk, marks: tuple[Footprint, ...], size: Spot) -> None:
        self._size = size
        name = desk.session.scene.scene.name
        if self._view is not None and self._fitted == name:
            return
        self._view, self._fitted = fitted_view(self._shown(desk, marks), size), name

    def _shown(self, desk: Desk, marks: tuple[Footprint, ...]) -> list[Spot]:
        x, _, z = desk.session.flight.camera.position
        # Backdrops far outside would make the set small.
        near = [mark for mark in marks if not mark.is_floor and math.dist(mark.middle, (x, z)) <= _NEAR_M]
        return [*(corner for mark in near for corner in mark.corners), (x, z)]

    def _use(self, desk: Desk, ui: Ui, marks: tuple[Footprint, ...], origin: Spot) -> None:
        assert self._view is not None
        self._origin = origin
        io = imgui.get_io()
        mouse = (io.mouse_pos.x, io.mouse_pos.y)
        if imgui.is_item_hovered() and io.mouse_wheel:
            self._view = self._view.zoomed(_ZOOM**io.mouse_wheel, mouse, origin)
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            self._view = fitted_view(self._shown(desk, marks), self._size)
        if imgui.is_item_activated():
            x, _, z = desk.session.flight.camera.position
            mark = self._view.on_map((x, z), origin)
            self._drags_camera = math.dist(mark, mouse) <= 1.6 * _ICON * ui.scale
            self._dragged = 0.0
        if imgui.is_item_active():
            by = (io.mouse_delta.x, io.mouse_delta.y)
            self._dragged += math.hypot(*by)
            if self._dragged >= _CLICK and any(by):
                if self._drags_camera:
                    x, z = self._view.in_world(mouse, origin)
                    desk.session.flight.shift((x, desk.session.flight.camera.position[1], z))
                else:
                    self._view = self._view.panned(by)
        if imgui.is_item_deactivated() and self._dragged < _CLICK and not self._drags_camera:
            name = hit(marks, self._view.in_world(mouse, origin))
            desk.editing.select(() if name is None else (name,), adds=name is not None and io.key_shift)

    def _draw_marks(
        self,
        pen: imgui.ImDrawList,
        ui: Ui,
        marks: tuple[Footprint, ...],
        origin: Spot,
        selected: frozenset[str],
    ) -> None:
        assert self._view is not None
        view = self._view
        self._put_on_map(view, origin)
        first = max(0, len(marks) - _MOST)
        for i in range(first, len(marks)):
            mark = marks[i]
            is_selected = mark.name in selected
            if mark.heading is not None:
                _draw_figure(pen, ui, view, origin, mark, is_selected=is_selected)
            elif self._is_seen[i] or is_selected:
                _draw_mark(pen, ui, self._spots[i], mark, is_selected=is_selected)

    def _put_on_map(self, view: MapView, origin: Spot) -> None:
        # Only what has moved since the last turn: a thousand marks as lists are work for a whole tick.
        corners, moved = self._footprints.corners, self._footprints.moved
        drawn_as = (view, origin, self._size)
        if moved is None or drawn_as != self._drawn_as or len(self._spots) != len(corners):
            self._drawn_as = drawn_as
            self._spots, self._is_seen = self._on_map(corners, view, origin)
        elif moved:
            spots, is_seen = self._on_map(corners[list(moved)], view, origin)
            for place, where, seen in zip(moved, spots, is_seen, strict=True):
                self._spots[place], self._is_seen[place] = where, seen

    def _on_map(
        self, corners: NDArray[np.float64], view: MapView, origin: Spot
    ) -> tuple[list[list[Spot]], list[bool]]:
        """Where marks of these corners, float64[n, 4, 2], lie, and which are seen."""
        spots = np.asarray(origin) + (corners - view.middle) * view.points_per_m
        low, high = spots.min(axis=1), spots.max(axis=1)
        half = np.divide(self._size, 2)
        is_inside = ((high >= origin - half) & (low <= origin + half)).all(axis=1)
        is_seen: list[bool] = (is_inside & ((high - low).max(axis=1) >= _LEAST)).tolist()
        found: list[list[Spot]] = spots.tolist()
        return found, is_seen

    def _draw_cameras(self, desk: Desk, ui: Ui, pen: imgui.ImDrawList, origin: Spot) -> None:
        assert self._view is not None
        flight, view = desk.session.flight, self._view
        if flight.riding is not None:
            way = self._way_of(desk.session.scene, flight.riding)
            points = [view.on_map(spot, origin) for spot in way]
            for start, end in itertools.pairwise(points):
                pen.add_line(start, end, AMBER.faded(0.7).packed, 1.5 * ui.scale)
            pen.add_circle_filled(points[0], 2.5 * ui.scale, AMBER.packed)
        for camera in flight.cameras:
            if camera is not flight.live:
                _draw_camera(pen, ui, view, origin, camera, camera.camera, FAINT)
        _draw_camera(pen, ui, view, origin, flight.live, flight.camera, AMBER)

    def _way_of(self, scene: CompiledScene, ridden: Ridden) -> tuple[Spot, ...]:
        if self._way is None or self._way[0] is not scene or self._way[1] is not ridden:
            self._way = scene, ridden, way_of(ridden, scene)
        return self._way[2]


def _draw_grid(pen: imgui.ImDrawList, view: MapView, origin: Spot, low: Spot, high: Spot) -> float:
    step_m = next((step for step in _STEPS_M if step * view.points_per_m >= _GRID_POINTS), _STEPS_M[-1])
    start, end = view.in_world(low, origin), view.in_world(high, origin)
    for axis in (0, 1):
        for i in range(math.ceil(start[axis] / step_m), math.floor(end[axis] / step_m) + 1):
            spot = view.on_map((i * step_m, i * step_m), origin)
            if axis == 0:
                pen.add_line((spot[0], low[1]), (spot[0], high[1]), _GRID.packed)
            else:
                pen.add_line((low[0], spot[1]), (high[0], spot[1]), _GRID.packed)
    return step_m


def _draw_mark(
    pen: imgui.ImDrawList, ui: Ui, corners: Sequence[Spot], mark: Footprint, *, is_selected: bool
) -> None:
    a, b, c, d = corners
    if max(abs(a[0] - c[0]), abs(a[1] - c[1]), abs(b[0] - d[0]), abs(b[1] - d[1])) < _SMALL:
        # Two strokes would not be seen apart.
        ink = AMBER if is_selected else _THING_EDGE
        pen.add_rect_filled(
            (min(a[0], c[0]), min(a[1], c[1])), (max(a[0], c[0]), max(a[1], c[1])), ink.packed
        )
        return
    fill = _CHOSEN if is_selected else _FLOOR if mark.is_floor else _THING
    edge = AMBER if is_selected else _FLOOR_EDGE if mark.is_floor else _THING_EDGE
    pen.add_quad_filled(a, b, c, d, fill.packed)
    pen.add_quad(a, b, c, d, edge.packed, (1.6 if is_selected else 1.0) * ui.scale)


def _draw_figure(
    pen: imgui.ImDrawList, ui: Ui, view: MapView, origin: Spot, mark: Footprint, *, is_selected: bool
) -> None:
    assert mark.heading is not None
    x, y = view.on_map(mark.middle, origin)
    radius = max(4.5 * ui.scale, 0.24 * view.points_per_m)
    ink = AMBER if is_selected else IVORY
    dx, dy = math.sin(mark.heading), math.cos(mark.heading)
    tip = (x + 1.75 * radius * dx, y + 1.75 * radius * dy)
    left = (x + 0.95 * radius * dy, y - 0.95 * radius * dx)
    right = (x - 0.95 * radius * dy, y + 0.95 * radius * dx)
    pen.add_triangle_filled(tip, left, right, ink.faded(0.55).packed)
    pen.add_circle_filled((x, y), radius, ink.packed)
    if radius * 2 > 8 * ui.scale or is_selected:
        pen.add_text(
            ui.fonts.regular,
            12.0 * ui.scale,
            (x + radius + 5 * ui.scale, y - 7 * ui.scale),
            ink.packed,
            mark.name,
        )


def _draw_camera(
    pen: imgui.ImDrawList,
    ui: Ui,
    view: MapView,
    origin: Spot,
    camera: LiveCamera,
    state: CameraState,
    ink: Colour,
) -> None:
    s = ui.scale
    reach_m = min(max(state.lens.focus_distance_m, 1.0), 12.0)
    eye, left, right = (view.on_map(spot, origin) for spot in wedge(state, reach_m))
    pen.add_triangle_filled(eye, left, right, ink.faded(0.10).packed)
    pen.add_line(eye, left, ink.faded(0.55).packed, s)
    pen.add_line(eye, right, ink.faded(0.55).packed, s)
    # At the end of it lies the plane of focus.
    pen.add_line(left, right, ink.faded(0.3).packed, s)
    pen.add_circle_filled(eye, _ICON * s, ink.packed)
    size = 11.0 * s
    name = camera.name
    pen.add_text(ui.fonts.bold, size, (eye[0] - 0.30 * size, eye[1] - 0.60 * size), _GROUND.packed, name)


def _draw_scale(pen: imgui.ImDrawList, ui: Ui, view: MapView, at: Spot, step_m: float) -> None:
    s = ui.scale
    x, y, length = at[0] + 12 * s, at[1] - 12 * s, step_m * view.points_per_m
    pen.add_line((x, y), (x + length, y), FAINT.packed, 1.5 * s)
    for end in (x, x + length):
        pen.add_line((end, y - 3 * s), (end, y + 1), FAINT.packed, 1.5 * s)
    pen.add_text(ui.fonts.regular, 12.0 * s, (x + length + 6 * s, y - 9 * s), FAINT.packed, f"{step_m:g} m")


PANEL = PlanPanel
