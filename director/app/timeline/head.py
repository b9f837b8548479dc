"""The head of the timeline: play, timecode, keys, how they are gone, what is recorded again, sound."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.app.redo import REDO_CHANNELS
from director.app.timeline.view import TimelineView
from director.curves import Interpolation
from director.shots.keying import key_of
from director.take.timecode import frame_at, timecode
from director.viewport.pen import AMBER, IVORY

__all__ = ["KINDS", "Head", "draw_interpolation"]

KINDS: tuple[Interpolation, ...] = ("hold", "linear", "smooth", "bezier")
_NARROW = 640.0


class Head:
    """One row. What has no room in a narrow window is behind the dots."""

    def __init__(self) -> None:
        self._path = ""

    def draw(self, desk: Desk, ui: Ui, view: TimelineView) -> None:
        """Draw the row."""
        board, transport = desk.shots, desk.session.transport
        is_narrow = imgui.get_content_region_avail().x < _NARROW * ui.scale
        if _play_button(ui, transport.is_playing):
            desk.act("play")
        imgui.same_line()
        imgui.align_text_to_frame_padding()
        fps = desk.session.settings.fps
        clock = timecode(frame_at(transport.time_s, fps), fps)
        imgui.push_font(ui.fonts.bold, 14.5 * ui.scale)
        imgui.text_colored(imgui.ImVec4(AMBER.red, AMBER.green, AMBER.blue, 1.0), clock)
        imgui.pop_font()
        imgui.same_line()
        if ui.button("Auto-key", "Key the camera when the hand lets go", lit=board.shooting.auto_keys):
            board.toggle_auto_keys()
        imgui.same_line()
        if not is_narrow:
            _draw_key(desk, ui)
            imgui.same_line()
        draw_interpolation(desk, ui)
        imgui.same_line()
        _draw_again(desk, ui, 104.0 if not is_narrow else 86.0)
        imgui.same_line()
        if ui.button("Curve", "Values of the chosen row", lit=view.shows_curve):
            view.shows_curve = not view.shows_curve
        if not is_narrow:
            imgui.same_line()
            self._draw_rest(desk, ui)
        imgui.same_line()
        if ui.button("...", "Sound, marks, count, timecode"):
            imgui.open_popup("##more")
        if imgui.begin_popup("##more"):
            if is_narrow:
                _draw_key(desk, ui)
                imgui.same_line()
                self._draw_rest(desk, ui)
            self._draw_more(desk, ui, view)
            imgui.end_popup()

    def _draw_rest(self, desk: Desk, ui: Ui) -> None:
        if ui.button("Mark", "Mark this frame"):
            desk.shots.mark("")
        imgui.same_line()
        if ui.button("Loop", "Play the range round and round", lit=desk.session.transport.loops):
            desk.shots.toggle_loop()

    def _draw_more(self, desk: Desk, ui: Ui, view: TimelineView) -> None:
        board = desk.shots
        changed, _ = imgui.checkbox("Count 3-2-1 before a take", board.shooting.counts_down)
        if changed:
            board.toggle_count()
        changed, _ = imgui.checkbox("Timecode over the picture", board.shows_timecode)
        if changed:
            board.toggle_timecode()
        if imgui.menu_item_simple("Show the whole shot"):
            view.fitted = ()
        if imgui.menu_item_simple("Play the whole shot", enabled=board.shot is not None):
            shot = board.shot
            assert shot is not None
            board.set_range(shot.start_s, shot.end_s)
        imgui.separator()
        ui.faint("Scratch sound")
        imgui.set_next_item_width(260 * ui.scale)
        entered, self._path = imgui.input_text_with_hint(
            "##sound", "path of a .wav or .mp3", self._path, imgui.InputTextFlags_.enter_returns_true
        )
        if entered:
            board.load_sound(self._path)
        if board.sound.audio is not None:
            ui.faint(f"{board.sound.audio.path.name}, {board.sound.audio.duration_s:.1f} s")
            if imgui.menu_item_simple("Take the sound away"):
                board.load_sound("")


def _draw_key(desk: Desk, ui: Ui) -> None:
    if ui.button("Key", "Key the camera here"):
        desk.shots.key_camera()


def draw_interpolation(desk: Desk, ui: Ui) -> None:
    """The list of ways to go from the chosen keys on."""
    board = desk.shots
    kinds = set()
    if board.shot is not None:
        for ref in board.keys:
            kinds.add(getattr(key_of(board.shot, ref), "interpolation", ""))
    now = kinds.pop() if len(kinds) == 1 else ""
    imgui.begin_disabled(not board.keys)
    imgui.set_next_item_width(82 * ui.scale)
    if imgui.begin_combo("##interpolation", now or "way"):
        for kind in KINDS:
            if imgui.selectable(kind, kind == now)[0]:
                board.set_interpolation(kind)
        imgui.end_combo()
    imgui.end_disabled()
    if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
        imgui.set_tooltip("How the way from the chosen keys is gone")


def _draw_again(desk: Desk, ui: Ui, width: float) -> None:
    board = desk.shots
    now = next(iter(sorted(board.shooting.channels)), "")
    imgui.set_next_item_width(width * ui.scale)
    if imgui.begin_combo("##again", f"only {now}" if now else "all of it"):
        for name in ("", *REDO_CHANNELS):
            if imgui.selectable(name or "all of it", name == now)[0]:
                board.choose_channel(name)
        imgui.end_combo()
    if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
        imgui.set_tooltip("What R records: all of it, or one channel over the last pass")
    imgui.same_line(0.0, 4.0 * ui.scale)
    if _record_button(ui, desk.session.recording is not None):
        desk.act("record")


def _play_button(ui: Ui, is_playing: bool) -> bool:
    pressed, list_, middle, r = _icon_button(ui, "##play", "Play or pause: Space")
    x, y = middle
    if is_playing:
        for side in (-1, 1):
            at = x + side * 0.55 * r
            list_.add_rect_filled((at - 0.28 * r, y - r), (at + 0.28 * r, y + r), IVORY.packed)
    else:
        list_.add_triangle_filled((x - 0.7 * r, y - r), (x - 0.7 * r, y + r), (x + r, y), IVORY.packed)
    return pressed


def _record_button(ui: Ui, is_recording: bool) -> bool:
    pressed, list_, middle, r = _icon_button(ui, "##record", "Start or stop a take: R")
    red = imgui.IM_COL32(235, 61, 51, 255)
    if is_recording:
        list_.add_rect_filled((middle[0] - r, middle[1] - r), (middle[0] + r, middle[1] + r), red, 1.5)
    else:
        list_.add_circle_filled(middle, r, red)
    return pressed


def _icon_button(ui: Ui, name: str, tip: str) -> tuple[bool, imgui.ImDrawList, tuple[float, float], float]:
    size = imgui.get_frame_height()
    pressed = bool(imgui.button(name, (size * 1.25, size)))
    if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
        imgui.set_tooltip(tip)
    low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
    middle = ((low.x + high.x) / 2, (low.y + high.y) / 2)
    return pressed, imgui.get_window_draw_list(), middle, 5.0 * ui.scale
