"""The shots of the scene, in order: a strip of pictures, and the slate of the current one beside it."""

from collections.abc import Callable, Mapping

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.pictures import fitted_picture
from director.app.desk.ui import Ui
from director.app.shot_pictures import HEIGHT, WIDTH
from director.scene.shots import MoveCamera, RecordedTrack, Shot
from director.viewport.pen import AMBER, FAINT, IVORY, Pen

__all__ = ["PANEL", "Shots"]

_SLATE = 216.0
_SLATE_NARROW = 150.0
_WORDS = 36.0
_USUAL = 84.0
_GAP = 8.0


class Shots:
    """Click goes to a shot, double click renames it, dragging brings it elsewhere; a right click has the
    rest."""

    title = "Shots"
    place: Place = "bottom"
    order = 0

    def __init__(self) -> None:
        self._renaming: str | None = None
        self._name = ""
        self._focuses = False
        self._dragged: str | None = None
        self._seen: str | None = None

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        return {"shots": lambda: desk.bring_up(self.title)}

    def draw(self, desk: Desk, ui: Ui) -> None:
        s, board = ui.scale, desk.shots
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (6.0 * s, 3.0 * s))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6.0 * s, 2.0 * s))
        room = imgui.get_content_region_avail()
        slate = (_SLATE if room.x > 640 * s else _SLATE_NARROW) * s
        flags = imgui.WindowFlags_.horizontal_scrollbar | imgui.WindowFlags_.no_scroll_with_mouse
        imgui.begin_child("##strip", (room.x - slate - 10 * s, 0.0), 0, flags)
        if imgui.is_window_hovered() and imgui.get_io().mouse_wheel:
            imgui.set_scroll_x(imgui.get_scroll_x() - 60 * s * imgui.get_io().mouse_wheel)
        tall = imgui.get_content_region_avail().y - 10 * s
        # However high the strip: before pictures grow beyond the usual, all are to be seen, and the sign for
        # another.
        places = len(board.shots) + 1
        fits = (imgui.get_content_region_avail().x / places - _GAP * s) * HEIGHT / WIDTH
        picture = max(24 * s, min(tall - _WORDS * s, max(_USUAL * s, fits)))
        size = (picture * WIDTH / HEIGHT, picture + _WORDS * s)
        for i, shot in enumerate(board.shots):
            if i:
                imgui.same_line(0.0, _GAP * s)
            self._draw_card(desk, ui, shot, i, size, picture)
        if board.shots:
            imgui.same_line(0.0, _GAP * s)
        self._draw_new(desk, ui, size, picture)
        imgui.end_child()
        imgui.same_line(0.0, 10 * s)
        imgui.begin_child("##slate", (slate, 0.0))
        if board.shot is not None:
            self._draw_slate(desk, ui, board.shot)
        else:
            ui.faint("Insert makes a shot of what is seen; click one to go to it", wrapped=True)
        imgui.end_child()
        imgui.pop_style_var(2)
        board.pictures.forget(desk.editing.scene)

    def _draw_card(
        self, desk: Desk, ui: Ui, shot: Shot, i: int, size: tuple[float, float], picture: float
    ) -> None:
        s, board = ui.scale, desk.shots
        at = imgui.get_cursor_screen_pos()
        is_current = board.shot is not None and board.shot.name == shot.name
        imgui.push_id(shot.name)
        imgui.invisible_button("##card", size)
        if is_current and self._seen != shot.name:
            self._seen = shot.name
            imgui.set_scroll_here_x()
        hovered = imgui.is_item_hovered()
        if imgui.is_item_activated():
            self._dragged = None
            board.go(shot.name)
        if imgui.is_item_active() and imgui.is_mouse_dragging(0, 12.0):
            self._dragged = shot.name
        if hovered and imgui.is_mouse_double_clicked(0):
            self._renaming, self._name, self._focuses = shot.name, shot.name, True
        if self._dragged == shot.name:
            self._drop(desk, shot, i, size[0] + _GAP * s, at.x + size[0] / 2)
        if imgui.begin_popup_context_item("##more"):
            self._draw_menu(desk, shot)
            imgui.end_popup()
        list_ = imgui.get_window_draw_list()
        fitted_picture(list_, board.pictures.of(shot), (at.x, at.y), (size[0], picture))
        if is_current or hovered:
            ink = AMBER if is_current else IVORY.faded(0.35)
            end = (at.x + size[0], at.y + picture)
            list_.add_rect((at.x, at.y), end, ink.packed, 2.0 * s, 2.0 * s)
        pen = Pen(list_, ui.fonts, s)
        x, y, wide = at.x / s, (at.y + picture) / s + 3, size[0] / s
        if self._renaming == shot.name:
            self._draw_renaming(desk, ui, shot, (at.x, at.y + picture + 1 * s), size[0])
        else:
            long = f"{shot.duration_s:.1f} s"
            pen.text_left_of(x + wide - 1, y, long, FAINT, size=12)
            name = pen.shortened(shot.name, wide - pen.width(long, size=12) - 8, size=13, bold=True)
            pen.text(x + 1, y, name, AMBER if is_current else IVORY, size=13, bold=True)
        pen.text(x + 1, y + 16, pen.shortened(_seen_by(shot), wide - 2, size=12), FAINT, size=12)
        imgui.pop_id()

    def _drop(self, desk: Desk, shot: Shot, i: int, step: float, middle: float) -> None:
        # Where the mouse lets go, by whole cards from where it was taken.
        by = round((imgui.get_mouse_pos().x - middle) / step)
        if imgui.is_item_active():
            if by:
                list_ = imgui.get_window_draw_list()
                low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
                x = low.x + by * step + (step if by > 0 else 0.0) - step * 0.03
                list_.add_line((x, low.y), (x, high.y), AMBER.packed, 3.0)
            return
        self._dragged = None
        if by:
            desk.shots.reorder(shot.name, by)

    def _draw_menu(self, desk: Desk, shot: Shot) -> None:
        board = desk.shots
        if board.shot is None or board.shot.name != shot.name:
            board.go(shot.name)
        if imgui.menu_item_simple("Rename"):
            self._renaming, self._name, self._focuses = shot.name, shot.name, True
        for words, name in (
            ("Make again from what is seen", "shot-again"),
            ("Camera of the last take", "follow-take"),
            ("Duplicate", "duplicate-shot"),
            ("Earlier", "shot-earlier"),
            ("Later", "shot-later"),
            ("Delete", "delete-shot"),
        ):
            if imgui.menu_item_simple(words):
                desk.act(name)

    def _draw_new(self, desk: Desk, ui: Ui, size: tuple[float, float], picture: float) -> None:
        s = ui.scale
        wide = min(size[0], 74 * s)
        at = imgui.get_cursor_screen_pos()
        if imgui.invisible_button("##new", (wide, picture)):
            desk.act("shot")
        hovered = imgui.is_item_hovered()
        if hovered:
            imgui.set_tooltip("A shot of what is seen now: Insert")
        list_ = imgui.get_window_draw_list()
        ink = (AMBER if hovered else FAINT.faded(0.6)).packed
        list_.add_rect((at.x + 1, at.y + 1), (at.x + wide - 1, at.y + picture - 1), ink, 3.0 * s, 1.0)
        x, y, r = at.x + wide / 2, at.y + picture / 2, 9 * s
        list_.add_line((x - r, y), (x + r, y), ink, 2.0 * s)
        list_.add_line((x, y - r), (x, y + r), ink, 2.0 * s)

    def _draw_renaming(self, desk: Desk, ui: Ui, shot: Shot, at: tuple[float, float], wide: float) -> None:
        here = imgui.get_cursor_screen_pos()
        imgui.set_cursor_screen_pos(at)
        imgui.set_next_item_width(wide)
        if self._focuses:
            imgui.set_keyboard_focus_here()
            self._focuses = False
        flags = imgui.InputTextFlags_.enter_returns_true | imgui.InputTextFlags_.auto_select_all
        entered, self._name = imgui.input_text("##name", self._name, flags)
        if entered:
            desk.shots.rename(shot.name, self._name)
            self._renaming = None
        elif imgui.is_item_deactivated() or imgui.is_key_pressed(imgui.Key.escape):
            self._renaming = None
        imgui.set_cursor_screen_pos(here)
        imgui.dummy((0.0, 0.0))

    def _draw_slate(self, desk: Desk, ui: Ui, shot: Shot) -> None:
        board, width = desk.shots, 62.0
        slate = shot.slate
        for label, field, hint in (
            ("Scene", "scene", desk.editing.scene.name),
            ("Shot", "shot", shot.name),
            ("Note", "note", ""),
            ("Dialogue", "dialogue", ""),
        ):
            ui.label(label, width)
            before = str(getattr(slate, field))
            _, now = imgui.input_text_with_hint(f"##{field} of {shot.name}", hint, before)
            if now != before:
                board.set_slate(shot, **{field: now})
            if imgui.is_item_deactivated():
                desk.editing.seal()
        ui.label("Length", width)
        changed, long_s = imgui.drag_float("##length", shot.duration_s, 0.05, 0.1, 3600.0, "%.2f s")
        if changed and long_s > 0:
            end_s = round(shot.start_s + long_s, 3)
            board.put(shot, f"Length of {shot.name}", key=f"length {shot.name}", end_s=end_s)
        if imgui.is_item_deactivated():
            desk.editing.seal()


def _seen_by(shot: Shot) -> str:
    camera = shot.camera
    if isinstance(camera, MoveCamera):
        what = camera.move
    elif isinstance(camera, RecordedTrack):
        what = "recorded"
    else:
        what = "keyed" if shot.timeline.position is not None else "still"
    lens = shot.lens.focal_length_mm
    return what if lens is None else f"{lens:g} mm · {what}"


PANEL = Shots
