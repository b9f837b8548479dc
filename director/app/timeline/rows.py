"""The rows of the timeline: a lane of keys for each channel, words as spans, and the sound."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.app.timeline.key_popup import KeyPopup
from director.app.timeline.view import LABELS, ROW, TimelineView, diamond, grid, line_of_play, outside, wheel
from director.curves import TextCurve
from director.scene.shots import Shot
from director.shots.keying import KeyRef, Lane, lanes
from director.shots.ruler import Ruler
from director.take.audio import ScratchAudio
from director.viewport.pen import AMBER, FAINT, IVORY, Pen

__all__ = ["Rows"]

_NEAR = 7.0
_SOUND = 30.0


class Rows:
    """Click a key to choose it (Shift and Ctrl choose more), drag to move what is chosen, double click in a
    row to add a key, on a key to set its value; the wheel zooms, over the names it goes through the rows."""

    def __init__(self) -> None:
        self._popup = KeyPopup()

    def draw(self, desk: Desk, ui: Ui, view: TimelineView, ruler: Ruler, width: float) -> None:
        """Draw into what is left of the panel; the rows begin `LABELS` to the right."""
        shot, s = desk.shots.shot, ui.scale
        flags = imgui.WindowFlags_.no_scroll_with_mouse
        imgui.begin_child("##rows", (0.0, 0.0), 0, flags)
        if shot is None:
            imgui.set_cursor_pos((LABELS * s, 8 * s))
            ui.faint("No shot is current: Insert makes one of what is seen, a click in Shots goes to one")
            imgui.end_child()
            return
        shown = lanes(shot.timeline, desk.editing.selection, {it.name for it in desk.editing.scene.objects})
        audio = desk.shots.sound.audio
        tall = len(shown) * ROW * s + (_SOUND * s if audio is not None else 0.0)
        at = imgui.get_cursor_screen_pos()
        self._draw_labels(desk, ui, view, shown, tall)
        imgui.set_cursor_screen_pos((at.x + LABELS * s, at.y))
        imgui.invisible_button("##lanes", (width, max(tall, 1.0)))
        wheel(view, ruler)
        self._handle(desk, s, view, ruler, shot, shown, at.y)
        list_ = imgui.get_window_draw_list()
        box = (ruler.left, at.y, ruler.left + width, at.y + tall)
        list_.push_clip_rect(box[:2], box[2:], True)
        grid(list_, ruler, desk.session.settings.fps, box)
        for i, lane in enumerate(shown):
            self._draw_lane(desk, ui, view, ruler, lane, at.y + i * ROW * s, width)
        if audio is not None:
            _draw_sound(ui, view, ruler, audio, at.y + len(shown) * ROW * s, width)
        outside(list_, ruler, (shot.start_s, shot.end_s), box)
        line_of_play(list_, ui, ruler, desk.session.transport.time_s, at.y, at.y + tall)
        list_.pop_clip_rect()
        self._popup.draw(desk, ui)
        imgui.end_child()

    def _draw_labels(
        self, desk: Desk, ui: Ui, view: TimelineView, shown: tuple[Lane, ...], tall: float
    ) -> None:
        s = ui.scale
        at = imgui.get_cursor_screen_pos()
        imgui.invisible_button("##names", (LABELS * s, max(tall, 1.0)))
        if imgui.is_item_hovered() and imgui.get_io().mouse_wheel:
            imgui.set_scroll_y(imgui.get_scroll_y() - 2 * ROW * s * imgui.get_io().mouse_wheel)
        row = int((imgui.get_mouse_pos().y - at.y) // (ROW * s))
        if imgui.is_item_clicked() and 0 <= row < len(shown):
            view.lane = shown[row].path
        list_ = imgui.get_window_draw_list()
        pen = Pen(list_, ui.fonts, s)
        for i, lane in enumerate(shown):
            y = at.y + i * ROW * s
            if lane.path == view.lane:
                high = (at.x + LABELS * s - 4 * s, y + ROW * s)
                list_.add_rect_filled((at.x, y), high, AMBER.faded(0.16).packed, 2.0)
            ink = IVORY if lane.curve is not None else FAINT
            words = pen.shortened(lane.label, LABELS - 12, size=13)
            pen.text(at.x / s + 4, y / s + 1, words, ink, size=13)
        if desk.shots.sound.audio is not None:
            pen.text(at.x / s + 4, at.y / s + len(shown) * ROW + 6, "Sound", FAINT, size=13)

    def _handle(
        self,
        desk: Desk,
        s: float,
        view: TimelineView,
        ruler: Ruler,
        shot: Shot,
        shown: tuple[Lane, ...],
        top: float,
    ) -> None:
        board, mouse, io = desk.shots, imgui.get_mouse_pos(), imgui.get_io()
        row = int((mouse.y - top) // (ROW * s))
        lane = shown[row] if 0 <= row < len(shown) else None
        hit = None if lane is None else _key_near(lane, ruler, mouse.x, s)
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0) and lane is not None:
            view.doing = ""
            if hit is not None:
                self._popup.open(shot, hit)
            else:
                board.add_key(lane.path, ruler.time_at(mouse.x))
            return
        if imgui.is_item_hovered() and imgui.is_mouse_clicked(1) and hit is not None:
            self._popup.open(shot, hit)
        if imgui.is_item_activated() and lane is not None:
            view.lane = lane.path
            if hit is None:
                if not (io.key_shift or io.key_ctrl):
                    board.choose_keys(frozenset())
            elif io.key_shift or io.key_ctrl:
                board.choose_keys(board.keys ^ {hit})
            elif hit not in board.keys:
                board.choose_keys(frozenset({hit}))
            if hit is not None and hit in board.keys:
                view.doing, view.from_s = "keys?", ruler.time_at(mouse.x)
        if imgui.is_item_active() and view.doing == "keys?" and imgui.is_mouse_dragging(0, 3.0):
            view.doing = "keys"
            board.begin_drag()
        if imgui.is_item_active() and view.doing == "keys":
            board.drag_keys(ruler.time_at(mouse.x) - view.from_s)
        if not imgui.is_item_active() and view.doing in ("keys", "keys?"):
            if view.doing == "keys":
                board.end_drag()
            view.doing = ""

    def _draw_lane(
        self, desk: Desk, ui: Ui, view: TimelineView, ruler: Ruler, lane: Lane, top: float, width: float
    ) -> None:
        s, list_ = ui.scale, imgui.get_window_draw_list()
        low = top + ROW * s
        if lane.path == view.lane:
            end = (ruler.left + width, low)
            list_.add_rect_filled((ruler.left, top), end, AMBER.faded(0.07).packed)
        list_.add_line((ruler.left, low), (ruler.left + width, low), imgui.IM_COL32(255, 255, 255, 10))
        if lane.curve is None:
            return
        if isinstance(lane.curve, TextCurve):
            _draw_words(ui, ruler, lane.curve, top, ruler.left + width)
        else:
            a, b = ruler.x_of(lane.curve.start_s), ruler.x_of(lane.curve.end_s)
            middle = top + ROW * s / 2
            list_.add_line((a, middle), (b, middle), IVORY.faded(0.22).packed, 1.5 * s)
        mouse = imgui.get_mouse_pos()
        hot = _key_near(lane, ruler, mouse.x, s) if top <= mouse.y < low else None
        for key in lane.curve.keys:
            ref = (lane.path, key.time_s)
            diamond(
                list_,
                ruler.x_of(key.time_s),
                top + ROW * s / 2,
                5.0 * s,
                chosen=ref in desk.shots.keys,
                hot=ref == hot,
            )


def _key_near(lane: Lane, ruler: Ruler, x: float, s: float) -> KeyRef | None:
    if lane.curve is None:
        return None
    near = min(lane.curve.keys, key=lambda key: abs(ruler.x_of(key.time_s) - x))
    return (lane.path, near.time_s) if abs(ruler.x_of(near.time_s) - x) <= _NEAR * s else None


def _draw_words(ui: Ui, ruler: Ruler, curve: TextCurve, top: float, right: float) -> None:
    # A span for each text; what comes eases in over what goes.
    s, list_ = ui.scale, imgui.get_window_draw_list()
    pen = Pen(list_, ui.fonts, s)
    low = top + ROW * s - 2 * s
    ends = [*(key.time_s for key in curve.keys[1:]), None]
    for i, (key, end_s) in enumerate(zip(curve.keys, ends, strict=True)):
        a, b = ruler.x_of(key.time_s), right if end_s is None else ruler.x_of(end_s)
        full = AMBER.faded(0.30 if i % 2 else 0.20).packed
        eased = min(b, ruler.x_of(key.time_s + key.ease_s)) if i else a
        none = AMBER.faded(0.0).packed
        list_.add_rect_filled_multi_color((a, top + 2 * s), (eased, low), none, full, full, none)
        list_.add_rect_filled((eased, top + 2 * s), (b, low), full, 0.0)
        if i and eased > a:
            list_.add_line((a, low), (eased, top + 2 * s), AMBER.faded(0.5).packed, 1.0)
        begins = max(a + 9 * s, eased + 3 * s)
        words = pen.shortened(key.value or "as it is", max(0.0, (b - begins) / s - 9), size=12)
        list_.push_clip_rect((a, top), (b, low), True)
        pen.text(begins / s, top / s + 1.5, words, IVORY, size=12)
        list_.pop_clip_rect()


def _draw_sound(
    ui: Ui, view: TimelineView, ruler: Ruler, audio: ScratchAudio, top: float, width: float
) -> None:
    s, bins = ui.scale, max(1, int(width / 2))
    key = (audio, ruler.start_s, ruler.per_s, bins)
    if view.envelope[0] != key:
        view.envelope = (key, audio.envelope(ruler.start_s, ruler.start_s + width / ruler.per_s, bins))
    list_, middle, half = imgui.get_window_draw_list(), top + _SOUND * s / 2, _SOUND * s / 2 - 2 * s
    ink = IVORY.faded(0.55).packed
    for i, (low, high) in enumerate(view.envelope[1].tolist()):
        x = ruler.left + 2 * i + 1
        list_.add_line((x, middle - high * half), (x, middle - low * half + 1), ink, 1.0)
