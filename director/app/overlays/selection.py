"""What is selected, marked in the picture: thin boxes; of many their corners, of very many their outlines."""

from collections.abc import Sequence

import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

from director.app.desk.desk import Desk
from director.app.desk.outline import EDGES, Outlines, clipped_lines
from director.app.desk.ui import Ui
from director.composite.rectangle import Rectangle
from director.scene.document import Scene
from director.scene.edit.tree import is_locked, names_used
from director.viewport.pen import AMBER, FAINT, Colour

__all__ = ["OVERLAY", "Selection"]

Points = NDArray[np.float64]

_FEW = 6
_CORNERED = 40
_MOST = 200
_CORNER_SHARE = 0.22
_STARTS, _ENDS = (np.array(ends) for ends in zip(*EDGES, strict=True))


class Selection:
    """Boxes about the selected things; the one chosen last is brighter, what is locked is grey. Of more than
    two hundred those chosen last are marked."""

    order = 10
    takes_mouse = False

    def __init__(self) -> None:
        self._outlines = Outlines()
        self._asked: tuple[object, object, tuple[str, ...], frozenset[str]] = (None, None, (), frozenset())

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        names = desk.editing.selection
        view = desk.session.picture.view
        if not desk.is_open or not names or view is None:
            return
        shown, locked = self._shown(desk.editing.scene, names)
        boxes = self._outlines.of(desk.session.scene, desk.session.transport.time_s, shown)
        if not boxes:
            return
        pen = imgui.get_background_draw_list()
        pen.push_clip_rect((place.left, place.top), (place.left + place.width, place.top + place.height))
        drawn = list(boxes)
        corners = np.stack([boxes[name] for name in drawn])
        clip = corners @ view.clip_from_world[:, :3].T + view.clip_from_world[:, 3]
        whole = [i for i, name in enumerate(drawn) if len(names) <= _FEW or name == names[-1]]
        if len(names) > _FEW:
            marked = [i for i, name in enumerate(drawn) if name != names[-1]]
            inks = [(FAINT if drawn[i] in locked else AMBER).faded(0.6).packed for i in marked]
            _covered(pen, place, clip[marked], inks, ui.scale)
        for i in whole:
            colour = FAINT if drawn[i] in locked else AMBER
            _box(pen, place, clip[i], colour, ui.scale, is_last=drawn[i] == names[-1])
        pen.pop_clip_rect()

    def _shown(self, scene: Scene, names: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
        # Those that are marked, and which of them are locked.
        if self._asked[0] is not scene or self._asked[1] is not names:
            shown = names[-_MOST:]
            known = names_used(scene)
            locked = frozenset(name for name in shown if name in known and is_locked(scene, name))
            self._asked = (scene, names, shown, locked)
        return self._asked[2], self._asked[3]


def _box(
    pen: imgui.ImDrawList, place: Rectangle, clip: Points, colour: Colour, scale: float, *, is_last: bool
) -> None:
    """Its edges, faint, and its corners."""
    ink, thin = colour.faded(0.95 if is_last else 0.6).packed, colour.faded(0.28 if is_last else 0.16).packed
    a, b = clip[_STARTS], clip[_ENDS]
    along = (b - a) * _CORNER_SHARE
    _lines(pen, place, a, b, thin, scale)
    _lines(pen, place, np.concatenate([a, b]), np.concatenate([a + along, b - along]), ink, 1.5 * scale)


def _covered(
    pen: imgui.ImDrawList, place: Rectangle, clip: Points, inks: Sequence[int], scale: float
) -> None:
    """The rectangles that boxes, float64[n, 8, 4], cover in the picture: their corners, of very many their
    sides."""
    seen = (clip[..., 3] >= 1e-3).all(axis=1)
    spots = clip[seen, :, :2] / clip[seen, :, 3:]
    low, high = spots.min(axis=1), spots.max(axis=1)
    inside = (high >= -1).all(axis=1) & (low <= 1).all(axis=1)
    kept = np.flatnonzero(seen)[inside]
    left_top = np.stack([low[inside, 0], high[inside, 1]], axis=1)
    right_foot = np.stack([high[inside, 0], low[inside, 1]], axis=1)
    corners = np.concatenate([_in_window(place, left_top), _in_window(place, right_foot)], axis=1)
    for i, (x0, y0, x1, y1) in zip(kept.tolist(), corners.tolist(), strict=True):
        if len(clip) > _CORNERED:
            pen.add_rect((x0, y0), (x1, y1), inks[i], 0.0, scale)
            continue
        long = max(3.0, min(10.0, 0.25 * (x1 - x0), 0.25 * (y1 - y0)))
        for x, across in ((x0, long), (x1, -long)):
            for y, down in ((y0, long), (y1, -long)):
                pen.add_line((x, y), (x + across, y), inks[i], 1.25 * scale)
                pen.add_line((x, y), (x, y + down), inks[i], 1.25 * scale)


def _lines(pen: imgui.ImDrawList, place: Rectangle, a: Points, b: Points, ink: int, thickness: float) -> None:
    ends = np.concatenate(clipped_lines(a, b), axis=1)
    spots = np.concatenate(
        [_in_window(place, ends[:, at : at + 2] / ends[:, at + 3 : at + 4]) for at in (0, 4)], axis=1
    )
    for x0, y0, x1, y1 in spots.tolist():
        pen.add_line((x0, y0), (x1, y1), ink, thickness)


def _in_window(place: Rectangle, spots: Points) -> Points:
    """Points of the window, of places in the picture, −1..1 and y up, float64[n, 2]."""
    # Far outside they only cost: a line that ends there is the same within.
    within = np.clip(spots, -40.0, 40.0)
    middle = (place.left + 0.5 * place.width, place.top + 0.5 * place.height)
    return np.asarray(middle + within * (0.5 * place.width, -0.5 * place.height), np.float64)


OVERLAY = Selection
