"""The take browser: takes of the scene with their thumbnails, what is thought of them, and the next slate."""

from collections.abc import Callable, Mapping

import pygame
from imgui_bundle import imgui

from director.app.clipboard import copied
from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.pictures import fitted_picture
from director.app.desk.ui import Ui
from director.app.exporting import formats
from director.take.compare import WAYS
from director.take.exporters import exporter
from director.take.library import MOST_STARS, TakeEntry
from director.take.timecode import timecode
from director.viewport.pen import AMBER, FAINT, IVORY, RED, Colour, Pen

__all__ = ["PANEL", "Takes"]

_ROW = 46.0
_THUMBNAIL = 36.0
_STAR = 15.0
_STARS_WIDTH = _STAR * MOST_STARS + 24.0


class Takes:
    """A row a take. Keys act on the chosen one."""

    title = "Takes"
    place: Place = "bottom"
    order = 20

    def __init__(self) -> None:
        self._has_focus = self._wants_focus = False
        self._scrolls_to: object = None
        self._noting: object = None
        self._note = ""

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        shelf = desk.shelf
        return {
            "takes": lambda: self._bring_up(desk),
            "take-next": lambda: self._step(desk, 1),
            "take-previous": lambda: self._step(desk, -1),
            "take-play": lambda: self._play(desk),
            "take-compare": lambda: self._compare(desk),
            "take-way": lambda: self._next_way(desk),
            "take-circle": lambda: self._of_chosen(
                desk, lambda take: shelf.circle(take.folder, not take.circled)
            ),
            "take-better": lambda: self._rate_by(desk, 1),
            "take-worse": lambda: self._rate_by(desk, -1),
            "take-trash": lambda: self._of_chosen(desk, lambda take: self._throw(desk, take)),
            "take-restore": shelf.bring_back,
        }

    def takes_key(self, desk: Desk, event: pygame.event.Event) -> bool:
        """With the focus: digits rate, Up and Down choose, Enter plays."""
        if not self._has_focus or event.type != pygame.KEYDOWN or getattr(event, "mod", 0) & _CHORDS:
            return False
        chosen = desk.shelf.entry(desk.shelf.chosen)
        if chosen is not None and pygame.K_0 <= event.key <= pygame.K_0 + MOST_STARS:
            desk.shelf.rate(chosen.folder, event.key - pygame.K_0)
        elif event.key in (pygame.K_UP, pygame.K_DOWN):
            self._step(desk, 1 if event.key == pygame.K_DOWN else -1)
        elif chosen is not None and event.key == pygame.K_RETURN:
            self._play(desk)
        else:
            return False
        return True

    def draw(self, desk: Desk, ui: Ui) -> None:
        desk.shelf.watch()
        self._draw_bar(desk, ui)
        takes = desk.shelf.shown
        imgui.begin_child("##list")
        if self._wants_focus:
            # So that digits, arrows and Enter are at once for the takes.
            imgui.set_window_focus()
            self._wants_focus = False
        if not takes:
            ui.faint("No takes of this scene yet: R records one")
        self._draw_rows(desk, ui, takes)
        imgui.end_child()
        self._has_focus = bool(imgui.is_window_focused(imgui.FocusedFlags_.child_windows))

    def _draw_bar(self, desk: Desk, ui: Ui) -> None:
        s, shelf, playing = ui.scale, desk.shelf, desk.playing
        move = desk.session.flight.riding
        shot = desk.session.shooting.take_name or (move.name if move is not None else "flown")
        recording = desk.session.recording
        number = shelf.next_number(shot) if recording is None else recording.recorder.number
        imgui.align_text_to_frame_padding()
        is_wide = imgui.get_content_region_avail().x > 600 * s
        imgui.text_unformatted(f"{'Next' if recording is None else 'Recording'}: {shot} {number}")
        imgui.same_line()
        imgui.set_next_item_width(
            max(70 * s, imgui.get_content_region_avail().x - (416 if is_wide else 326) * s)
        )
        _, shelf.next_note = imgui.input_text_with_hint("##next note", "note", shelf.next_note)
        imgui.same_line()
        label = "Stop" if playing.is_on else "Play"
        if ui.button(label, "Play the chosen take in place of the live picture", lit=playing.is_on, width=44):
            self._play(desk)
        imgui.same_line(0, 4 * s)
        if ui.button("A | B", "Compare the chosen take with the second one (Shift+click)", width=44):
            self._compare(desk)
        imgui.same_line(0, 4 * s)
        if ui.button(playing.way, "How two are laid together", width=90):
            self._next_way(desk)
        imgui.same_line(0, 4 * s)
        if ui.button("All" if shelf.all_scenes else "Scene", "Takes of this scene, or of all", width=52):
            shelf.all_scenes = not shelf.all_scenes
        imgui.same_line(0, 4 * s)
        self._draw_export(desk, ui)
        if not is_wide:
            return
        imgui.same_line(0, 4 * s)
        imgui.begin_disabled(not shelf.trash)
        if ui.button("Bring back", "Bring back what was thrown away last: Ctrl+Shift+Delete", width=84):
            shelf.bring_back()
        imgui.end_disabled()

    def _draw_export(self, desk: Desk, ui: Ui) -> None:
        exporting = desk.exporting
        if exporting.is_running:
            if ui.button("Give up", exporting.told, lit=True, width=60):
                exporting.cancel()
            return
        if ui.button("Export", "The chosen take, or the circled ones, for other programs", width=60):
            imgui.open_popup("##export")
        if not imgui.begin_popup("##export"):
            return
        chosen = desk.shelf.entry(desk.shelf.chosen)
        circled = [take for take in desk.shelf.shown if take.circled]
        ui.heading("The chosen take" if chosen is None else f"{chosen.shot} {chosen.number}")
        imgui.begin_disabled(chosen is None)
        for name in formats(of_many=False):
            if imgui.menu_item_simple(name, exporter(name).summary) and chosen is not None:
                exporting.export(name, [chosen])
        imgui.end_disabled()
        ui.heading(f"{len(circled)} circled")
        imgui.begin_disabled(not circled)
        if imgui.menu_item_simple("cut", "one after another, as one film"):
            exporting.cut(circled)
        for name in formats(of_many=True):
            if imgui.menu_item_simple(name, exporter(name).summary):
                exporting.export(name, circled)
        imgui.end_disabled()
        imgui.end_popup()

    def _draw_rows(self, desk: Desk, ui: Ui, takes: tuple[TakeEntry, ...]) -> None:
        clipper = imgui.ListClipper()
        clipper.begin(len(takes), (_ROW + 2) * ui.scale)
        chosen = next((i for i, take in enumerate(takes) if take.folder == desk.shelf.chosen), None)
        if chosen is not None and self._scrolls_to == desk.shelf.chosen:
            clipper.include_item_by_index(chosen)
        while clipper.step():
            for index in range(clipper.display_start, clipper.display_end):
                self._draw_row(desk, ui, takes[index])
        clipper.end()

    def _draw_row(self, desk: Desk, ui: Ui, take: TakeEntry) -> None:
        s, shelf = ui.scale, desk.shelf
        imgui.push_id(str(take.folder))
        at = imgui.get_cursor_screen_pos()
        width = imgui.get_content_region_avail().x
        flags = imgui.SelectableFlags_.allow_overlap | imgui.SelectableFlags_.allow_double_click
        pressed, _ = imgui.selectable("##row", take.folder == shelf.chosen, flags, (0, (_ROW - 4) * s))
        if pressed:
            self._click(desk, take)
        if self._scrolls_to == take.folder:
            imgui.set_scroll_here_y(0.5)
            self._scrolls_to = None
        pen = Pen(imgui.get_window_draw_list(), ui.fonts, s)
        if self._has_focus and take.folder == shelf.chosen:
            low = (at.x + width, at.y + (_ROW - 1) * s)
            imgui.get_window_draw_list().add_rect((at.x, at.y - s), low, AMBER.faded(0.8).packed, 2 * s)
        left, top = at.x / s, at.y / s + 2
        x = left + 4
        wide = _THUMBNAIL * 16 / 9
        texture = None
        if take.thumbnail is not None:
            texture = desk.pictures.of_file(take.thumbnail, (take.state, take.frames))
        place = ((x) * s, (top + 1) * s), (wide * s, _THUMBNAIL * s)
        fitted_picture(imgui.get_window_draw_list(), texture, *place)
        if shelf.second == take.folder:
            pen.box(x, top + 1, 16, 15, AMBER)
            pen.text(x + 4, top + 1, "B", Colour(0.05, 0.05, 0.06), size=13, bold=True)
        x += wide + 10
        full = width / s
        note_at = left + full * (0.62 if full > 560 else 0.70)
        stars_at = note_at - _STARS_WIDTH - 14
        recording = desk.session.recording
        is_recorded = recording is not None and recording.recorder.folder == take.folder
        self._draw_words(pen, s, take, x, top, stars_at - 10 - x, is_recorded=is_recorded)
        self._draw_stars(desk, pen, s, take, stars_at, top + 11)
        self._draw_note(desk, ui, take, note_at, top + 6, left + full - note_at - 60)
        self._draw_buttons(desk, ui, take, left + full - 56, top + 6)
        imgui.set_cursor_screen_pos((at.x, at.y + (_ROW + 2) * s - imgui.get_style().item_spacing.y))
        imgui.dummy((0, 0))
        imgui.pop_id()

    def _draw_words(
        self, pen: Pen, s: float, take: TakeEntry, x: float, top: float, room: float, *, is_recorded: bool
    ) -> None:
        name = f"{take.shot} {take.number}"
        pen.text(x, top + 1, pen.shortened(name, room, bold=True), IVORY, bold=True)
        words, colour = _told(take, is_recorded=is_recorded)
        parts = words if pen.width("   ".join(words), size=13) <= room or len(words) > 2 else words[:1]
        pen.text(x, top + 20, pen.shortened("   ".join(parts), room, size=13), colour, size=13)
        if take.error and imgui.is_mouse_hovering_rect((x * s, top * s), ((x + room) * s, (top + _ROW) * s)):
            imgui.set_tooltip(take.error)

    def _draw_stars(self, desk: Desk, pen: Pen, s: float, take: TakeEntry, x: float, y: float) -> None:
        for star in range(MOST_STARS):
            is_lit = star < take.rating
            colour = AMBER if is_lit else Colour(1, 1, 1, 0.16)
            pen.dot(x + star * _STAR + 6, y + 9, 4.4 if is_lit else 3.2, colour)
        imgui.set_cursor_screen_pos((x * s, y * s))
        if imgui.invisible_button("##stars", (_STAR * MOST_STARS * s, 18 * s)):
            star = int((imgui.get_mouse_pos().x / s - x) / _STAR) + 1
            desk.shelf.rate(take.folder, 0 if star == take.rating else min(MOST_STARS, max(1, star)))
        ring = x + _STAR * MOST_STARS + 10
        list_ = imgui.get_window_draw_list()
        colour = RED if take.circled else Colour(1, 1, 1, 0.2)
        list_.add_circle(
            ((ring + 5) * s, (y + 9) * s), 6.2 * s, colour.packed, 0, (2.2 if take.circled else 1.2) * s
        )
        imgui.set_cursor_screen_pos(((ring - 4) * s, y * s))
        if imgui.invisible_button("##circle", (18 * s, 18 * s)):
            desk.shelf.circle(take.folder, not take.circled)
        if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
            imgui.set_tooltip("Circled: a take to be kept")

    def _draw_note(self, desk: Desk, ui: Ui, take: TakeEntry, x: float, y: float, width: float) -> None:
        s = ui.scale
        if width < 40:
            return
        imgui.set_cursor_screen_pos((x * s, y * s))
        imgui.set_next_item_width(width * s)
        text = self._note if self._noting == take.folder else take.note
        _, text = imgui.input_text_with_hint("##note", "note", text)
        if imgui.is_item_active():
            self._noting, self._note = take.folder, text
        elif self._noting == take.folder:
            # Also when Enter or a click elsewhere has ended it.
            self._noting = None
            if self._note != take.note:
                desk.shelf.note(take.folder, self._note)

    def _draw_buttons(self, desk: Desk, ui: Ui, take: TakeEntry, x: float, y: float) -> None:
        s = ui.scale
        imgui.set_cursor_screen_pos((x * s, y * s))
        imgui.push_style_color(imgui.Col_.button, (0.0, 0.0, 0.0, 0.0))
        if ui.button("##where", str(take.folder.resolve()), width=24):
            place = str(take.folder.resolve())
            desk.session.notices.add(f"Copied: {place}" if copied(place) else place)
        _folder_mark(x + 5, y + 7, s)
        imgui.same_line(0, 2 * s)
        if ui.button("##trash", "Throw away: Ctrl+Shift+Delete brings it back", width=24):
            self._throw(desk, take)
        _cross_mark(x + 33, y + 8, s)
        imgui.pop_style_color()

    def _click(self, desk: Desk, take: TakeEntry) -> None:
        shelf = desk.shelf
        if imgui.is_mouse_double_clicked(0):
            shelf.chosen = take.folder
            self._start(desk, take)
        elif imgui.get_io().key_shift or pygame.key.get_mods() & pygame.KMOD_SHIFT:
            shelf.second = None if shelf.second == take.folder else take.folder
        else:
            shelf.chosen = take.folder

    def _bring_up(self, desk: Desk) -> None:
        desk.bring_up(self.title)
        self._wants_focus = True
        desk.shelf.refresh()

    def _step(self, desk: Desk, by: int) -> None:
        desk.bring_up(self.title)
        self._wants_focus = True
        desk.shelf.step(by)
        self._scrolls_to = desk.shelf.chosen

    def _play(self, desk: Desk) -> None:
        if desk.playing.is_on:
            desk.playing.stop()
            return
        self._of_chosen(desk, lambda take: self._start(desk, take))

    def _start(self, desk: Desk, take: TakeEntry) -> None:
        if take.state == "broken":
            desk.session.notices.add(f"{take.folder.name}: {take.error}", is_problem=True)
            return
        recording = desk.session.recording
        if recording is not None and recording.recorder.folder == take.folder:
            desk.session.notices.add("That take is being recorded: stop it first")
            return
        desk.play_take(take)

    def _compare(self, desk: Desk) -> None:
        shelf = desk.shelf
        first, second = shelf.entry(shelf.chosen), shelf.entry(shelf.second)
        if first is not None and second is None:
            # A take is judged against the circled one, else the one before; the first against the next.
            whole = [take for take in shelf.shown if take.state in ("complete", "short") or take is first]
            at = next((i for i, take in enumerate(whole) if take is first), 0)
            kept = [take for take in whole if take.circled and take.shot == first.shot and take is not first]
            beside = whole[at - 1] if at else whole[1] if len(whole) > 1 else None
            second = kept[-1] if kept else beside
        if first is None or second is None or first.folder == second.folder:
            desk.session.notices.add("Choose a take, and Shift+click another to compare it with")
            return
        for take in (first, second):
            if take.state == "broken":
                desk.session.notices.add(f"{take.folder.name}: {take.error}", is_problem=True)
                return
        shelf.second = second.folder
        desk.play_take(first, second)

    def _next_way(self, desk: Desk) -> None:
        playing = desk.playing
        playing.way = WAYS[(WAYS.index(playing.way) + 1) % len(WAYS)]

    def _throw(self, desk: Desk, take: TakeEntry) -> None:
        if any(played.folder == take.folder for played in desk.playing.takes):
            desk.playing.stop()
        desk.shelf.throw_away(take.folder)

    def _rate_by(self, desk: Desk, by: int) -> None:
        self._of_chosen(
            desk,
            lambda take: desk.shelf.rate(take.folder, min(MOST_STARS, max(0, take.rating + by))),
        )

    def _of_chosen(self, desk: Desk, do: Callable[[TakeEntry], object]) -> None:
        take = desk.shelf.entry(desk.shelf.chosen)
        if take is None:
            desk.session.notices.add("No take is chosen: Ctrl+Down chooses the next")
            return
        do(take)


def _told(take: TakeEntry, *, is_recorded: bool) -> tuple[list[str], Colour]:
    """How long a take is and when it was made, or what is wrong with it; the first matters most."""
    if take.state == "broken":
        return [take.error], RED
    if take.state == "recording":
        return (["recording"], RED) if is_recorded else (["ended by force: what was filmed plays"], AMBER)
    assert take.fps is not None
    length = timecode(take.frames or 0, take.fps)
    date = take.date[:16].replace("T", " ")
    if take.state == "short":
        return [length, f"ends early: {take.error}", date], AMBER.faded(0.85)
    return [length, date], FAINT


def _folder_mark(x: float, y: float, s: float) -> None:
    list_, colour = imgui.get_window_draw_list(), FAINT.packed
    list_.add_rect_filled((x * s, y * s), ((x + 6) * s, (y + 3) * s), colour, 1.0)
    list_.add_rect_filled((x * s, (y + 2) * s), ((x + 14) * s, (y + 11) * s), colour, 1.0)


def _cross_mark(x: float, y: float, s: float) -> None:
    list_, colour = imgui.get_window_draw_list(), FAINT.packed
    list_.add_line((x * s, y * s), ((x + 9) * s, (y + 9) * s), colour, 1.5 * s)
    list_.add_line(((x + 9) * s, y * s), (x * s, (y + 9) * s), colour, 1.5 * s)


_CHORDS = pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META

PANEL = Takes
