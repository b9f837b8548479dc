"""The timeline of the current shot: time, keys, words, sound, and what is recorded over what."""

from collections.abc import Callable, Mapping

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.app.timeline.curve_view import CurveView
from director.app.timeline.head import Head
from director.app.timeline.rows import Rows
from director.app.timeline.ruler_row import RulerRow
from director.app.timeline.view import LABELS, TimelineView

__all__ = ["PANEL", "TimelinePanel"]


class TimelinePanel:
    """Head, ruler, and below them rows of keys or the curve of one of them."""

    title = "Timeline"
    place: Place = "bottom"
    order = 10

    def __init__(self) -> None:
        self.view = TimelineView()
        self._head = Head()
        self._ruler = RulerRow()
        self._rows = Rows()
        self._curve = CurveView()

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        return {"timeline": lambda: desk.bring_up(self.title)}

    def draw(self, desk: Desk, ui: Ui) -> None:
        s = ui.scale
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (6.0 * s, 3.0 * s))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6.0 * s, 2.0 * s))
        self._head.draw(desk, ui, self.view)
        at = imgui.get_cursor_screen_pos()
        room = imgui.get_content_region_avail().x
        left, width = at.x + LABELS * s, max(40.0, room - LABELS * s - 12 * s)
        ruler = self.view.fit(desk, width, left)
        imgui.set_cursor_screen_pos((left, at.y))
        self._ruler.draw(desk, ui, self.view, ruler, width)
        rows = self._curve if self.view.shows_curve else self._rows
        rows.draw(desk, ui, self.view, ruler, width)
        imgui.pop_style_var(2)


PANEL = TimelinePanel
