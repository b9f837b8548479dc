"""Framing: a shot in words, by size, angle and side, or one of those that the scene asks for."""

from collections.abc import Callable, Mapping

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.pictures import fitted_picture
from director.app.desk.rows import row
from director.app.desk.ui import Ui
from director.app.thumbnails import THUMBNAIL_SIZE, Thumbnails
from director.camera.setups.phrase import Reading, phrase_of
from director.camera.setups.shot import Shot
from director.camera.setups.sizes import ANGLES, SIDES, SIZES
from director.camera.setups.suggest import Suggestion
from director.viewport.pen import AMBER, FAINT, IVORY, Pen

__all__ = ["PANEL", "FramingPanel", "unknown_words"]

_ANGLE_NAMES = {
    "eye level": "Eye",
    "high angle": "High",
    "low angle": "Low",
    "bird's eye": "Bird",
    "worm's eye": "Worm",
}
_SIDE_NAMES = {
    "front": "Front",
    "three-quarter left": "¾ left",
    "three-quarter right": "¾ right",
    "profile left": "Left",
    "profile right": "Right",
    "back": "Back",
}


class FramingPanel:
    """Remembers the size, angle and side that were pressed last: each press frames the selected anew."""

    title = "Framing"
    place: Place = "right"
    order = 2

    def __init__(self) -> None:
        self.size = "medium"
        self.angle = "eye level"
        self.side = "three-quarter left"
        self._thumbnails: Thumbnails | None = None

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""

        def ask() -> None:
            desk.bring_up(self.title)
            desk.cameras.asks_phrase = True

        return {"framing-panel": ask}

    def close(self) -> None:
        """Free what OpenGL holds."""
        if self._thumbnails is not None:
            self._thumbnails.release()
            self._thumbnails = None

    def draw(self, desk: Desk, ui: Ui) -> None:
        self._draw_field(desk, ui)
        self._draw_buttons(desk, ui)
        self._draw_pair(desk, ui)
        ui.heading("Suggested")
        self._draw_suggestions(desk, ui)

    def _draw_field(self, desk: Desk, ui: Ui) -> None:
        cameras = desk.cameras
        if cameras.asks_phrase:
            imgui.set_keyboard_focus_here()
        imgui.set_next_item_width(-1.0)
        # What is typed takes the place of the shot that was asked for before.
        flags = imgui.InputTextFlags_.enter_returns_true | imgui.InputTextFlags_.auto_select_all
        hint = "medium close-up of anna, low angle"
        entered, cameras.phrase = imgui.input_text_with_hint("##phrase", hint, cameras.phrase, flags)
        if imgui.is_item_active():
            # A panel that has just come up takes more than one turn to be listened to.
            cameras.asks_phrase = False
        if entered and cameras.phrase.strip():
            self._light(cameras.framer.reading(cameras.phrase).shot, cameras.frame(cameras.phrase))
        if cameras.phrase.strip():
            reading = cameras.framer.reading(cameras.phrase)
            unknown = unknown_words(reading)
            if unknown:
                imgui.push_style_color(imgui.Col_.text, (AMBER.red, AMBER.green, AMBER.blue, 1.0))
                imgui.text_wrapped(unknown)
                imgui.pop_style_color()
            elif reading.shot is None:
                ui.faint("of whom?")
            else:
                ui.faint(phrase_of(reading.shot), wrapped=True)
        else:
            ui.faint("Type a shot, Enter takes it", wrapped=True)
        ui.label("Taken")
        words = "by a cut" if cameras.ease_s == 0 else "over %.1f s"
        _, cameras.ease_s = imgui.drag_float("##ease", cameras.ease_s, 0.02, 0.0, 10.0, words)

    def _draw_buttons(self, desk: Desk, ui: Ui) -> None:
        subject = self._subject(desk)
        ui.heading("Frame" if subject is None else f"Frame {subject}")
        if subject is None:
            ui.faint("Select somebody or something", wrapped=True)
        sizes = list(SIZES)
        for part in (sizes[:6], sizes[6:]):
            labels = [SIZES[name].abbreviation for name in part]
            pressed = row(ui, labels, [name == self.size for name in part], part[0], tips=part)
            if pressed is not None:
                self.size = part[pressed]
                self._frame(desk, subject)
        angles = list(ANGLES)
        pressed = row(
            ui, [_ANGLE_NAMES[a] for a in angles], [a == self.angle for a in angles], "angles", tips=angles
        )
        if pressed is not None:
            self.angle = angles[pressed]
            self._frame(desk, subject)
        sides = list(SIDES)
        for side_part in (sides[:3], sides[3:]):
            labels = [_SIDE_NAMES[side] for side in side_part]
            pressed = row(ui, labels, [side == self.side for side in side_part], side_part[0], tips=side_part)
            if pressed is not None:
                self.side = side_part[pressed]
                self._frame(desk, subject)

    def _draw_pair(self, desk: Desk, ui: Ui) -> None:
        names = frozenset(desk.cameras.framer.names)
        pair = tuple(name for name in desk.editing.selection if name in names)[-2:]
        if len(pair) < 2:
            return
        near, far = pair
        tips = [f"Over the shoulder of {near} on {far}", f"Over the shoulder of {far} on {near}"]
        pressed = row(ui, [f"Over {near}", f"Over {far}"], [False] * 2, "pair", tips=tips)
        if pressed is not None:
            desk.cameras.frame(Shot("over shoulder", pair if pressed == 0 else pair[::-1]))
        if row(ui, ["Both"], [False], "both", tips=[f"{near} and {far} together"]) is not None:
            desk.cameras.frame(Shot("group", pair, self.size, self.angle))

    def _draw_suggestions(self, desk: Desk, ui: Ui) -> None:
        framer = desk.cameras.framer
        framer.look()
        if framer.suggested_of is None:
            ui.faint("looking …")
            return
        context = desk.session.picture.display.picture.ctx
        if self._thumbnails is None:
            self._thumbnails = Thumbnails(context)
        shown = self._thumbnails
        shown.begin(*framer.suggested_of, [found.framing.camera for found in framer.suggestions])
        if not shown.is_done:
            shown.advance()
            # The HUD goes on into the window.
            context.screen.use()
        if not framer.suggestions:
            ui.faint("Nothing to frame in this scene", wrapped=True)
        s = ui.scale
        width = (imgui.get_content_region_avail().x - 6 * s) / 2
        for i, found in enumerate(framer.suggestions):
            if i % 2:
                imgui.same_line(0.0, 6 * s)
            if _tile(ui, found, shown.texture(i), width, i):
                desk.cameras.phrase = found.phrase
                self._light(found.shot, desk.cameras.frame(found.shot))

    def _light(self, shot: Shot | None, is_framed: bool) -> None:
        """The buttons show what was framed last, however it was asked for."""
        if shot is None or not is_framed:
            return
        if shot.kind == "single":
            self.size, self.side = shot.size or self.size, shot.side or self.side
        self.angle = shot.angle or self.angle

    def _frame(self, desk: Desk, subject: str | None) -> None:
        if subject is not None:
            shot = Shot("single", (subject,), self.size, self.angle, self.side)
            if desk.cameras.frame(shot):
                desk.cameras.phrase = phrase_of(shot)

    def _subject(self, desk: Desk) -> str | None:
        """The one selected last that can be framed; the only figure where nothing is selected."""
        names = frozenset(desk.cameras.framer.names)
        chosen = [name for name in desk.editing.selection if name in names]
        if chosen:
            return chosen[-1]
        people = [thing.name for thing in desk.session.scene.objects if thing.class_name == "person"]
        return people[0] if len(people) == 1 else None


def unknown_words(reading: Reading) -> str:
    """What is not understood of a phrase, and what is near; "" where all is."""
    told = []
    for words, names in reading.ambiguous:
        told.append(f"{words}: {' or '.join(names[:3])}?")
    for unknown in reading.unknown:
        near = f" (near: {', '.join(unknown.nearest[:3])})" if unknown.nearest else ""
        told.append(f"not understood: {unknown.word}{near}")
    return "\n".join(told)


def _tile(ui: Ui, found: Suggestion, texture: int | None, width: float, index: int) -> bool:
    """A picture with its name beneath; whether it was pressed just now."""
    s = ui.scale
    height = width * THUMBNAIL_SIZE[1] / THUMBNAIL_SIZE[0]
    at = imgui.get_cursor_screen_pos()
    pressed = bool(imgui.invisible_button(f"##suggested {index}", (width, height + 19 * s)))
    is_lit = imgui.is_item_hovered() or imgui.is_item_focused()
    list_ = imgui.get_window_draw_list()
    fitted_picture(list_, texture, (at.x, at.y), (width, height))
    if is_lit:
        list_.add_rect((at.x, at.y), (at.x + width, at.y + height), AMBER.packed, 2.0 * s, 1.5 * s)
    ink = IVORY if is_lit else FAINT
    name = found.name[:1].upper() + found.name[1:]
    if found.shot.kind in ("single", "insert"):
        name = f"{name}: {found.shot.subjects[0]}"
    pen = Pen(list_, ui.fonts, s)
    pen.text(at.x / s, (at.y + height) / s + 2, pen.shortened(name, width / s, size=12.5), ink, size=12.5)
    if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
        imgui.set_tooltip(found.phrase)
    return pressed


PANEL = FramingPanel
