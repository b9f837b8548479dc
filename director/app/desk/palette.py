"""The command palette: a line over the picture in which any command is found by some letters of its name."""

import unicodedata
from collections.abc import Iterable, Sequence

from imgui_bundle import imgui

from director.app.desk.command import Command
from director.app.desk.ui import Ui
from director.viewport.pen import AMBER, FAINT, IVORY, Colour, Pen

__all__ = ["Palette", "found", "score"]

_ROW = 27.0
_MOST_ROWS = 11
_WIDTH = 600.0
_RECENT = 12
# The key itself is worth most, a word that begins so more than one that holds it, and letters in order
# somewhere the least.
_KEY, _BEGINS, _HOLDS, _SCATTERED = 4.0, 3.0, 2.0, 1.0


def score(query: str, command: Command) -> float | None:
    """How well a command is meant by what is typed, higher is better; None where it is not. Every word of it
    must be found, in the name, the group or the keys; letters may be left out within the name."""
    words = _folded(query).split()
    text = _folded(command.text)
    total = 0.0
    for word in words:
        best = _word_score(word, text)
        if word in _folded(command.group).split():
            best = max(best or 0.0, _HOLDS)
        if word in _folded(command.keys).split():
            best = max(best or 0.0, _KEY)
        if best is None:
            return None
        total += best
    if words and text.startswith(" ".join(words)):
        total += _BEGINS
    # Of two that are meant alike, the shorter.
    return total - len(text) / 1000


def found(query: str, commands: Sequence[Command], recent: Sequence[str]) -> list[Command]:
    """What is meant, the best first. Among equals, and where nothing is typed, those used last come first."""
    places = {text: i for i, text in enumerate(recent)}

    def rank(item: tuple[float, int, Command]) -> tuple[float, int, int]:
        value, index, command = item
        return (-value, places.get(command.text, len(places)), index)

    scored: list[tuple[float, int, Command]] = []
    for index, command in enumerate(commands):
        if not query.strip():
            scored.append((0.0, index, command))
        elif (value := score(query, command)) is not None:
            # Used lately: as good as a word that is held rather than begun.
            scored.append((value + (0.5 if command.text in places else 0.0), index, command))
    return [command for _, _, command in sorted(scored, key=rank)]


class Palette:
    """While it is open it has the keyboard."""

    def __init__(self) -> None:
        self.is_open = False
        self.text = ""
        self.is_listening = False
        """Whether what is typed arrives: the field has the focus some turns after it was opened."""
        self.shown: list[Command] = []
        """What is meant just now, the best first."""
        self.at = 0
        """The place of the one that Enter does."""
        self._commands: tuple[Command, ...] = ()
        self._recent: list[str] = []
        self._mouse: tuple[float, float] | None = None
        self._first = 0

    def open(self, commands: Iterable[Command]) -> None:
        """Begin, with these to choose from."""
        self.is_open, self.is_listening = True, False
        self.text = ""
        # Where the mouse happens to lie chooses nothing, until it is moved.
        self._mouse = None
        self._commands = tuple(commands)
        self._find()

    def close(self) -> None:
        """Leave it, and do nothing."""
        self.is_open = self.is_listening = False

    def used(self, command: Command) -> None:
        """Remember that this was done: it comes first next time."""
        self._recent = [command.text, *(text for text in self._recent if text != command.text)][:_RECENT]

    def draw(self, ui: Ui) -> Command | None:
        """Draw over everything; the command that was chosen just now."""
        s = ui.scale
        width = min(_WIDTH * s, ui.size[0] - 48 * s)
        rows = max(3, min(_MOST_ROWS, int((ui.size[1] / s - 170) / _ROW)))
        count = min(rows, max(1, len(self.shown)))
        top = max(44 * s, (ui.size[1] - (rows * _ROW + 56) * s) * 0.38)
        imgui.set_next_window_pos(((ui.size[0] - width) / 2, top))
        imgui.set_next_window_size((width, (count * _ROW + 58) * s))
        imgui.push_style_var(imgui.StyleVar_.window_rounding, 7 * s)
        imgui.push_style_var(imgui.StyleVar_.window_padding, (10 * s, 10 * s))
        imgui.push_style_color(imgui.Col_.window_bg, (0.065, 0.067, 0.075, 0.97))
        flags = imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_nav
        imgui.begin("##palette", None, flags)
        chosen = self._draw_field(ui)
        by_mouse = self._draw_rows(ui, width - 20 * s, rows)
        imgui.end()
        imgui.pop_style_color()
        imgui.pop_style_var(2)
        return by_mouse or chosen

    def _draw_field(self, ui: Ui) -> Command | None:
        imgui.push_font(ui.fonts.regular, 17 * ui.scale)
        imgui.set_next_item_width(-1.0)
        # Also later, should a click have taken the focus away.
        if not self.is_listening:
            imgui.set_keyboard_focus_here()
        before = self.text
        entered, self.text = imgui.input_text_with_hint(
            "##command", "what is to be done   Up, Down, Enter; Esc closes", self.text, _ENTERS
        )
        self.is_listening = imgui.is_item_active()
        imgui.pop_font()
        if self.text != before:
            self._find()
        last = len(self.shown) - 1
        if imgui.is_key_pressed(imgui.Key.down_arrow):
            self.at = 0 if self.at >= last else self.at + 1
        if imgui.is_key_pressed(imgui.Key.up_arrow):
            self.at = last if self.at <= 0 else self.at - 1
        return self.shown[self.at] if entered and self.shown else None

    def _draw_rows(self, ui: Ui, width: float, rows: int) -> Command | None:
        s = ui.scale
        pen = Pen(imgui.get_window_draw_list(), ui.fonts, s)
        origin = imgui.get_cursor_screen_pos()
        left, top = origin.x / s, origin.y / s + 1
        wide = width / s
        if not self.shown:
            pen.text(left + 8, top + 5, "nothing is called so", FAINT)
            return None
        mouse = imgui.get_mouse_pos()
        is_inside = left * s <= mouse.x < (left + wide) * s
        if is_inside and (wheel := imgui.get_io().mouse_wheel):
            self._first -= round(wheel * 3)
        elif not self._first <= self.at < self._first + rows:
            self._first = self.at if self.at < self._first else self.at - rows + 1
        self._first = min(max(0, self._first), max(0, len(self.shown) - rows))
        chosen = None
        for line, command in enumerate(self.shown[self._first : self._first + rows]):
            y = top + line * _ROW
            is_on = is_inside and y * s <= mouse.y < (y + _ROW) * s
            if is_on and self._mouse not in (None, (mouse.x, mouse.y)):
                self.at = self._first + line
            if is_on and imgui.is_mouse_clicked(0):
                chosen = command
            self._draw_row(pen, command, left, y, wide, lit=self._first + line == self.at)
        self._mouse = (mouse.x, mouse.y)
        return chosen

    def _draw_row(self, pen: Pen, command: Command, left: float, y: float, wide: float, *, lit: bool) -> None:
        if lit:
            pen.box(left, y, wide, _ROW - 1, Colour(AMBER.red, AMBER.green, AMBER.blue, 0.20), round_by=4)
        end = left + wide - 8
        if command.keys:
            end = pen.text_left_of(end, y + 5, command.keys, AMBER if lit else FAINT, size=14) - 14
        x = left + 8
        room = end - x - pen.width(command.group, size=13) - 14
        x = pen.text(x, y + 4.5, pen.shortened(command.text, max(40.0, room)), IVORY)
        if x + 12 + pen.width(command.group, size=13) <= end:
            pen.text(x + 12, y + 6, command.group, FAINT.faded(0.75), size=13)

    def _find(self) -> None:
        self.shown = found(self.text, self._commands, self._recent)
        self.at = self._first = 0


_ENTERS = imgui.InputTextFlags_.enter_returns_true


def _word_score(word: str, text: str) -> float | None:
    at = text.find(word)
    if at >= 0:
        begins = any(part.startswith(word) for part in text.replace("-", " ").split())
        return (_BEGINS if begins else _HOLDS) + len(word) / max(1, len(text))
    at, first = -1, None
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return None
        first = at if first is None else first
    assert first is not None
    # Letters that lie close together were rather meant.
    return _SCATTERED * len(word) / (at - first + 1) if at - first < 4 * len(word) else None


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
