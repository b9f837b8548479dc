"""Handles in the picture that move, turn and stretch what is selected; and keys that nudge it."""

from collections.abc import Callable, Mapping

import numpy as np
from imgui_bundle import imgui
from imgui_bundle.imguizmo import im_guizmo
from numpy.typing import NDArray

from director.app.desk.desk import Desk
from director.app.desk.dragging import HandlePlaces, Mode, at_key, level_axes, motion_edit, movable
from director.app.desk.ui import PANEL, Ui
from director.composite.rectangle import Rectangle
from director.scene.document import Scene
from director.scene.edit import Move
from director.types import View

__all__ = ["OVERLAY", "Gizmo"]

Matrix = NDArray[np.float64]

_GRID_M, _STEP_DEG, _STEP_FACTOR = 0.25, 15.0, 0.1
_SIZE = 0.13
_MODES: Mapping[Mode, tuple[str, str]] = {
    "move": ("Move", "Ctrl+1"),
    "turn": ("Turn", "Ctrl+2"),
    "scale": ("Scale", "Ctrl+3"),
}


class Gizmo:
    """One drag is one line of the undo list. Ctrl held while dragging snaps, or with snapping on does not."""

    order = 20

    def __init__(self) -> None:
        self.mode: Mode = "move"
        self.snaps = False
        self.own_axes = False
        self._taken = False
        self._start: Matrix | None = None
        self._now: Matrix | None = None
        self._before: Scene
        self._asked: tuple[object, object, tuple[str, ...]] = (None, None, ())
        self._stands = HandlePlaces(None, ())
        self._names: tuple[str, ...] = ()
        self._drags = 0
        self._shown = False

    @property
    def takes_mouse(self) -> bool:
        return self._taken

    @property
    def is_shown(self) -> bool:
        """Whether there is something to drag just now."""
        return self._shown

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""

        def nudge(across: float, up: float, away: float) -> Callable[[], None]:
            return lambda: self._nudge(desk, (across, up, away))

        return {
            "gizmo-move": lambda: self._choose("move"),
            "gizmo-turn": lambda: self._choose("turn"),
            "gizmo-scale": lambda: self._choose("scale"),
            "gizmo-axes": self._turn_axes,
            "snap": self._toggle_snap,
            "nudge-left": nudge(-1, 0, 0),
            "nudge-right": nudge(1, 0, 0),
            "nudge-away": nudge(0, 0, 1),
            "nudge-near": nudge(0, 0, -1),
            "nudge-up": nudge(0, 1, 0),
            "nudge-down": nudge(0, -1, 0),
        }

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        view = desk.session.picture.view
        editing = desk.editing
        names = self._movable(editing.scene, editing.selection) if desk.is_open else ()
        self._shown = bool(names) and view is not None
        if not names or view is None:
            self._end(desk)
            self._taken = False
            return
        if self._start is not None and names != self._names:
            self._end(desk)
        self._names = names
        self._draw_bar(ui, place)
        self._drag(desk, view, place)

    def _drag(self, desk: Desk, view: View, place: Rectangle) -> None:
        time_s = desk.editing.time_s
        stands = self._handle(desk.editing.scene, time_s)
        # Where it is moved the scene tells where it is, grid and all; a turn and a stretch add up here.
        matrix = stands if self._now is None or self.mode == "move" else self._now
        im_guizmo.begin_frame()
        im_guizmo.set_orthographic(False)
        im_guizmo.allow_axis_flip(False)
        im_guizmo.set_gizmo_size_clip_space(_SIZE)
        im_guizmo.set_rect(place.left, place.top, place.width, place.height)
        held = _columns(matrix)
        snaps = self.snaps != imgui.get_io().key_ctrl
        im_guizmo.manipulate(
            _columns(view.view_from_world),
            _columns(view.clip_from_view),
            _OPERATIONS[self.mode],
            im_guizmo.MODE.local if self.own_axes else im_guizmo.MODE.world,
            held,
            None,
            self._snap() if snaps else None,
        )
        is_using = im_guizmo.is_using()
        self._taken = is_using or im_guizmo.is_over()
        if not is_using:
            self._end(desk)
            return
        if self._start is None:
            self._start, self._before = matrix, desk.editing.scene
            self._drags += 1
        now = np.asarray(held.values, np.float64).reshape(4, 4).T
        if self._now is not None and np.array_equal(now, self._now):
            return
        self._now = now
        grid_m = _GRID_M if snaps else 0.0
        edit = motion_edit(
            self.mode, self._names, self._start, now, time_s, grid_m=grid_m, own_axes=self.own_axes
        )
        # Back where it began is an edit too: it takes the last one's place.
        edit = edit or Move(self._names, (0.0, 0.0, 0.0), time_s)
        desk.editing.drag(at_key(self._before, edit, time_s), f"gizmo {self._drags}")

    def _movable(self, scene: Scene, selection: tuple[str, ...]) -> tuple[str, ...]:
        if self._asked[0] is not scene or self._asked[1] is not selection:
            self._asked = (scene, selection, movable(scene, selection))
        return self._asked[2]

    def _handle(self, scene: Scene, time_s: float) -> Matrix:
        if self._stands.scene is not scene or self._stands.names is not self._names:
            self._stands = HandlePlaces(scene, self._names)
        return self._stands.at(time_s)

    def _end(self, desk: Desk) -> None:
        if self._start is not None:
            self._start = self._now = None
            desk.editing.seal()

    def _snap(self) -> im_guizmo.Matrix3 | None:
        if self.mode == "move":
            return None
        step = _STEP_DEG if self.mode == "turn" else _STEP_FACTOR
        return im_guizmo.Matrix3([step] * 3)

    def _choose(self, mode: Mode) -> None:
        self.mode = mode

    def _turn_axes(self) -> None:
        self.own_axes = not self.own_axes

    def _toggle_snap(self) -> None:
        self.snaps = not self.snaps

    def _nudge(self, desk: Desk, by: tuple[float, float, float]) -> None:
        names = movable(desk.editing.scene, desk.editing.selection)
        view = desk.session.picture.view
        if not names or view is None:
            desk.session.notices.add("Nothing to move is selected")
            return
        right, away = level_axes(view)
        across, up, forth = by
        x, z = (_GRID_M * (across * right[i] + forth * away[i]) for i in (0, 2))
        edit = Move(names, (x, up * _GRID_M, z), desk.editing.time_s)
        desk.editing.do(at_key(desk.editing.scene, edit, desk.editing.time_s))

    def _draw_bar(self, ui: Ui, place: Rectangle) -> None:
        s = ui.scale
        imgui.set_next_window_pos((place.left + 8 * s, place.top + 8 * s))
        imgui.push_style_color(imgui.Col_.window_bg, (PANEL.red, PANEL.green, PANEL.blue, 0.72))
        imgui.push_style_var(imgui.StyleVar_.window_rounding, 5 * s)
        imgui.push_style_var(imgui.StyleVar_.window_padding, (4 * s, 4 * s))
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (3 * s, 3 * s))
        flags = (
            imgui.WindowFlags_.no_decoration
            | imgui.WindowFlags_.no_move
            | imgui.WindowFlags_.no_saved_settings
            | imgui.WindowFlags_.always_auto_resize
            | imgui.WindowFlags_.no_focus_on_appearing
        )
        imgui.begin("##gizmo bar", None, flags)
        for mode, (word, key) in _MODES.items():
            if ui.button(word, f"{word} what is selected ({key})", lit=self.mode == mode):
                self.mode = mode
            imgui.same_line()
        axes = "Own axes" if self.own_axes else "World"
        if ui.button(axes, "Along the world's axes or its own (Ctrl+4)", lit=self.own_axes):
            self._turn_axes()
        imgui.same_line()
        tip = f"Steps of {_GRID_M:g} m, {_STEP_DEG:g}°, {_STEP_FACTOR:g} (Ctrl+5, or hold Ctrl)"
        if ui.button("Snap", tip, lit=self.snaps):
            self._toggle_snap()
        imgui.end()
        imgui.pop_style_var(3)
        imgui.pop_style_color()


_OPERATIONS = {
    "move": im_guizmo.OPERATION.translate,
    "turn": im_guizmo.OPERATION.rotate,
    "scale": im_guizmo.OPERATION.scale,
}


def _columns(matrix: Matrix) -> im_guizmo.Matrix16:
    # ImGuizmo reads column after column.
    return im_guizmo.Matrix16([float(value) for value in matrix.T.ravel()])


OVERLAY = Gizmo
