"""The ruler: seconds and timecode, the play head to scrub with, the played range, and marks."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.app.timeline.view import TimelineView, wheel
from director.scene.shots import Mark
from director.shots.ruler import Ruler
from director.take.timecode import frame_at, timecode
from director.viewport.pen import AMBER, FAINT, IVORY, Pen

__all__ = ["RULER", "RulerRow"]

RULER = 30.0
"""Height, in unscaled points."""
_NEAR = 6.0


class RulerRow:
    """Drag to scrub; drag the ends of the amber band to play another range; click a mark to go to it, a
    right click writes its note."""

    def __init__(self) -> None:
        self._noting: float | None = None
        self._note = ""

    def draw(self, desk: Desk, ui: Ui, view: TimelineView, ruler: Ruler, width: float) -> None:
        """Draw from the cursor on, over a width in points."""
        s = ui.scale
        at = imgui.get_cursor_screen_pos()
        imgui.invisible_button("##ruler", (width, RULER * s))
        wheel(view, ruler)
        self._drag(desk, s, view, ruler)
        list_ = imgui.get_window_draw_list()
        list_.push_clip_rect((at.x, at.y), (at.x + width, at.y + RULER * s), True)
        self._draw_strokes(desk, ui, ruler, (at.x, at.y), width)
        self._draw_range(desk, s, ruler, at.y)
        self._draw_marks(desk, ui, ruler, at.y)
        x = ruler.x_of(desk.session.transport.time_s)
        top, low = at.y + 15 * s, at.y + RULER * s
        list_.add_triangle_filled((x - 5 * s, top), (x + 5 * s, top), (x, top + 7 * s), AMBER.packed)
        list_.add_line((x, top), (x, low), AMBER.packed, 1.2 * s)
        list_.pop_clip_rect()
        self._draw_note(desk, ui)

    def _drag(self, desk: Desk, s: float, view: TimelineView, ruler: Ruler) -> None:
        transport, mouse = desk.session.transport, imgui.get_mouse_pos()
        low = imgui.get_item_rect_max().y
        if imgui.is_item_hovered() and imgui.is_mouse_clicked(1):
            mark = self._mark_at(desk, ruler, mouse.x, s)
            if mark is not None:
                self._noting, self._note = mark.time_s, mark.note
                imgui.open_popup("##note")
        if imgui.is_item_activated():
            view.doing = "scrub"
            if mouse.y > low - 9 * s and desk.shots.shot is not None:
                ends = {"start": ruler.x_of(transport.start_s), "end": ruler.x_of(transport.end_s)}
                near = min(ends, key=lambda name: abs(ends[name] - mouse.x))
                if abs(ends[near] - mouse.x) < _NEAR * s:
                    view.doing = near
            mark = self._mark_at(desk, ruler, mouse.x, s)
            if mark is not None and view.doing == "scrub" and mouse.y < low - 9 * s:
                view.doing = "mark"
                desk.shots.shooting.scrub(mark.time_s)
        if not imgui.is_item_active():
            if view.doing in ("scrub", "start", "end", "mark"):
                view.doing = ""
            return
        time_s = ruler.time_at(mouse.x)
        if view.doing == "scrub":
            # On whole frames, as the film will have them.
            fps = desk.session.settings.fps
            desk.shots.shooting.scrub(float(round(time_s * fps) / fps))
        elif view.doing == "start":
            desk.shots.set_range(min(time_s, transport.end_s), transport.end_s)
        elif view.doing == "end":
            desk.shots.set_range(transport.start_s, max(time_s, transport.start_s))

    def _mark_at(self, desk: Desk, ruler: Ruler, x: float, s: float) -> Mark | None:
        shot = desk.shots.shot
        near = [] if shot is None else [it for it in shot.marks if abs(ruler.x_of(it.time_s) - x) < _NEAR * s]
        return near[0] if near else None

    def _draw_strokes(self, desk: Desk, ui: Ui, ruler: Ruler, at: tuple[float, float], width: float) -> None:
        s, fps = ui.scale, desk.session.settings.fps
        list_ = imgui.get_window_draw_list()
        pen = Pen(list_, ui.fonts, s)
        for tick in ruler.ticks(width, fps, 84 * s):
            x = ruler.x_of(tick.time_s)
            tall = (8 if tick.labelled else 4) * s
            list_.add_line((x, at[1] + 16 * s), (x, at[1] + 16 * s + tall), FAINT.packed)
            if tick.labelled:
                words = timecode(frame_at(tick.time_s, fps), fps).removeprefix("00:")
                if x + pen.width(words, size=11) * s > ruler.left + width:
                    continue
                seconds = f"{tick.time_s:g} s"
                end = pen.text(x / s + 3, at[1] / s + 1, words, FAINT, size=11)
                if tick.time_s == round(tick.time_s) and ruler.per_s > 60 * s:
                    pen.text(end + 5, at[1] / s + 1, seconds, FAINT.faded(0.6), size=11)

    def _draw_range(self, desk: Desk, s: float, ruler: Ruler, top: float) -> None:
        transport = desk.session.transport
        list_ = imgui.get_window_draw_list()
        a, b, low = ruler.x_of(transport.start_s), ruler.x_of(transport.end_s), top + RULER * s
        list_.add_rect_filled((a, low - 4 * s), (b, low - 1 * s), AMBER.faded(0.4).packed, 1.0)
        for x in (a, b):
            list_.add_rect_filled((x - 1.5 * s, low - 8 * s), (x + 1.5 * s, low), AMBER.packed, 1.0)

    def _draw_marks(self, desk: Desk, ui: Ui, ruler: Ruler, top: float) -> None:
        shot, s = desk.shots.shot, ui.scale
        if shot is None:
            return
        list_ = imgui.get_window_draw_list()
        for mark in shot.marks:
            x = ruler.x_of(mark.time_s)
            list_.add_line((x, top + 14 * s), (x, top + RULER * s), IVORY.packed)
            list_.add_triangle_filled(
                (x, top + 14 * s), (x + 8 * s, top + 17.5 * s), (x, top + 21 * s), IVORY.packed
            )
        hovered = self._mark_at(desk, ruler, imgui.get_mouse_pos().x, s)
        if hovered is not None and imgui.is_item_hovered() and imgui.get_mouse_pos().y < top + 22 * s:
            imgui.set_tooltip(hovered.note or "a mark: right click writes its note")

    def _draw_note(self, desk: Desk, ui: Ui) -> None:
        if not imgui.begin_popup("##note"):
            return
        at_s = self._noting
        assert at_s is not None
        imgui.set_next_item_width(240 * ui.scale)
        if imgui.is_window_appearing():
            imgui.set_keyboard_focus_here()
        entered, self._note = imgui.input_text_with_hint(
            "##words", "what is to be seen here", self._note, imgui.InputTextFlags_.enter_returns_true
        )
        if entered:
            desk.shots.mark(self._note, at_s)
            imgui.close_current_popup()
        if imgui.menu_item_simple("Take the mark away"):
            desk.shots.mark(None, at_s)
        imgui.end_popup()
