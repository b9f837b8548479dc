"""What is selected, marked in the picture: thin boxes, and of many their corners alone."""

import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

from director.app.desk.desk import Desk
from director.app.desk.outline import EDGES, Outlines, clipped_line
from director.app.desk.ui import Ui
from director.composite.rectangle import Rectangle
from director.scene.edit.tree import is_locked
from director.viewport.pen import AMBER, FAINT, Colour

__all__ = ["OVERLAY", "Selection"]

Points = NDArray[np.float64]

_FEW = 6
_MOST = 60
_CORNER_SHARE = 0.22


class Selection:
    """Boxes about the selected things; the one chosen last is brighter, what is locked is grey."""

    order = 10
    takes_mouse = False

    def __init__(self) -> None:
        self._outlines = Outlines()

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        names = desk.editing.selection
        view = desk.session.picture.view
        if not desk.is_open or not names or view is None:
            return
        shown = names[-_MOST:]
        boxes = self._outlines.of(desk.session.scene, desk.session.transport.time_s, shown)
        scene = desk.editing.scene
        pen = imgui.get_background_draw_list()
        pen.push_clip_rect((place.left, place.top), (place.left + place.width, place.top + place.height))
        if boxes:
            clips = np.pad(np.stack(list(boxes.values())), ((0, 0), (0, 0), (0, 1)), constant_values=1.0)
            for name, clip in zip(boxes, clips @ view.clip_from_world.T, strict=True):
                colour = FAINT if is_locked(scene, name) else AMBER
                if len(names) > _FEW and name != names[-1]:
                    _corners(pen, place, clip, colour.faded(0.6).packed, 1.25 * ui.scale)
                else:
                    _box(pen, place, clip, colour, ui.scale, is_last=name == names[-1])
        pen.pop_clip_rect()


def _box(
    pen: imgui.ImDrawList, place: Rectangle, clip: Points, colour: Colour, scale: float, *, is_last: bool
) -> None:
    """Its edges, faint, and its corners."""
    ink, thin = colour.faded(0.95 if is_last else 0.6).packed, colour.faded(0.28 if is_last else 0.16).packed
    for i, j in EDGES:
        _line(pen, place, clip[i], clip[j], thin, scale)
        along = (clip[j] - clip[i]) * _CORNER_SHARE
        _line(pen, place, clip[i], clip[i] + along, ink, 1.5 * scale)
        _line(pen, place, clip[j], clip[j] - along, ink, 1.5 * scale)


def _corners(pen: imgui.ImDrawList, place: Rectangle, clip: Points, ink: int, thickness: float) -> None:
    """The corners of the rectangle that a box covers in the picture."""
    if (clip[:, 3] < 1e-3).any():
        return
    spots = clip[:, :2] / clip[:, 3:]
    (left, foot), (right, top) = spots.min(axis=0), spots.max(axis=0)
    if right < -1 or left > 1 or top < -1 or foot > 1:
        return
    x0, x1 = (place.left + (0.5 + 0.5 * float(x)) * place.width for x in (left, right))
    y0, y1 = (place.top + (0.5 - 0.5 * float(y)) * place.height for y in (top, foot))
    long = max(3.0, min(10.0, 0.25 * (x1 - x0), 0.25 * (y1 - y0)))
    for x, across in ((x0, long), (x1, -long)):
        for y, down in ((y0, long), (y1, -long)):
            pen.add_line((x, y), (x + across, y), ink, thickness)
            pen.add_line((x, y), (x, y + down), ink, thickness)


def _line(pen: imgui.ImDrawList, place: Rectangle, a: Points, b: Points, ink: int, thickness: float) -> None:
    kept = clipped_line(a, b)
    if kept is None:
        return
    spots = []
    for point in kept:
        x, y = point[0] / point[3], point[1] / point[3]
        # Far outside they only cost: a line that ends there is the same within.
        x, y = max(-40.0, min(40.0, float(x))), max(-40.0, min(40.0, float(y)))
        spots.append((place.left + (0.5 + 0.5 * x) * place.width, place.top + (0.5 - 0.5 * y) * place.height))
    pen.add_line(spots[0], spots[1], ink, thickness)


OVERLAY = Selection
