"""What the timeline shows just now: which stretch of time, which row, and what the mouse is doing there."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.shots.keying import KeyRef
from director.shots.ruler import Ruler
from director.viewport.pen import AMBER, IVORY, Colour

__all__ = ["LABELS", "ROW", "Box", "TimelineView", "diamond", "grid", "line_of_play", "outside", "wheel"]

Box = tuple[float, float, float, float]
"""left, top, right, bottom, in points of the window."""

LABELS = 118.0
"""Width of the names of rows, in unscaled points."""
ROW = 17.0
_DIM = Colour(0.0, 0.0, 0.0, 0.28)
_GRID = Colour(1.0, 1.0, 1.0, 0.05)


@dataclass(slots=True)
class TimelineView:
    """Kept by the panel. `lane` is the row that was clicked last; `doing` what the mouse drags."""

    ruler: Ruler | None = None
    fitted: tuple[object, ...] = ()
    lane: tuple[str, ...] | None = None
    shows_curve: bool = False
    doing: str = ""
    from_s: float = 0.0
    grabbed: KeyRef | None = None
    side: str = "out"
    envelope: tuple[tuple[object, ...], NDArray[np.float32]] = field(
        default_factory=lambda: ((), np.zeros((0, 2), np.float32))
    )

    def fit(self, desk: Desk, width: float, left: float) -> Ruler:
        """The ruler for this place: as it was zoomed, or, for another shot or width, the whole of it."""
        transport, shot = desk.session.transport, desk.shots.shot
        name = None if shot is None else shot.name
        whole = (0.0, transport.end_s) if shot is None else (shot.start_s, shot.end_s)
        key = (name, whole, round(width))
        if self.ruler is None or self.fitted != key:
            self.ruler, self.fitted = Ruler.over(*whole, width, left), key
        self.ruler = Ruler(self.ruler.start_s, self.ruler.per_s, left)
        return self.ruler


def wheel(view: TimelineView, ruler: Ruler) -> None:
    """The wheel over the last item: zoom about the mouse; with Shift, along time."""
    if not imgui.is_item_hovered():
        return
    io = imgui.get_io()
    if io.mouse_wheel_h or (io.mouse_wheel and io.key_shift):
        view.ruler = ruler.panned(40.0 * (io.mouse_wheel + io.mouse_wheel_h))
    elif io.mouse_wheel:
        view.ruler = ruler.zoomed(1.2**io.mouse_wheel, imgui.get_mouse_pos().x)


def diamond(list_: imgui.ImDrawList, x: float, y: float, size: float, *, chosen: bool, hot: bool) -> None:
    """A key."""
    ink = AMBER if chosen else (IVORY if hot else IVORY.faded(0.78))
    list_.add_quad_filled((x, y - size), (x + size, y), (x, y + size), (x - size, y), ink.packed)


def line_of_play(
    list_: imgui.ImDrawList, ui: Ui, ruler: Ruler, time_s: float, top: float, bottom: float
) -> None:
    """Where the scene stands."""
    x = ruler.x_of(time_s)
    list_.add_line((x, top), (x, bottom), AMBER.packed, max(1.0, 1.2 * ui.scale))


def outside(
    list_: imgui.ImDrawList,
    ruler: Ruler,
    range_s: tuple[float, float],
    box: Box,
) -> None:
    """Dim what lies outside a range of time; `box` is left, top, right, bottom."""
    left, top, right, bottom = box
    for a, b in ((left, ruler.x_of(range_s[0])), (ruler.x_of(range_s[1]), right)):
        if min(b, right) > max(a, left):
            list_.add_rect_filled((max(a, left), top), (min(b, right), bottom), _DIM.packed)


def grid(list_: imgui.ImDrawList, ruler: Ruler, fps: Fraction, box: Box) -> None:
    """A faint line for each labelled stroke of the ruler."""
    left, top, right, bottom = box
    for tick in ruler.ticks(right - left, fps):
        if tick.labelled:
            x = ruler.x_of(tick.time_s)
            list_.add_line((x, top), (x, bottom), _GRID.packed)
