"""The pad, drawn over the picture: what each control does, lit while it is held."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.composite.rectangle import Rectangle
from director.input.actions import ACTIONS, action
from director.viewport.pen import AMBER, FAINT, IVORY, SHADE, Colour, Pen

__all__ = ["OVERLAY", "PadPicture", "control_words"]

_WIDTH, _HEIGHT = 700.0, 306.0
_BODY = Colour(0.16, 0.165, 0.185, 0.96)
_KEY = Colour(0.27, 0.275, 0.30)
_LINE = IVORY.faded(0.22)


class _Control(NamedTuple):
    """Where a control lies in the drawing, its size, its letter, and where its words stand: on which side, in
    which line."""

    x: float
    y: float
    radius: float
    letter: str
    side: int
    line: float


_CONTROLS: Mapping[str, _Control] = MappingProxyType(
    {
        "lefttrigger": _Control(268, 40, 14, "LT", -1, 30),
        "leftshoulder": _Control(262, 70, 12, "LB", -1, 58),
        "leftstick-axis": _Control(258, 126, 24, "", -1, 106),
        "leftstick": _Control(258, 126, 10, "", -1, 130),
        "dpup": _Control(306, 176, 8, "", -1, 168),
        "dpleft": _Control(288, 194, 8, "", -1, 192),
        "dpright": _Control(324, 194, 8, "", -1, 216),
        "dpdown": _Control(306, 212, 8, "", -1, 240),
        "back": _Control(320, 112, 8, "", -1, 82),
        "righttrigger": _Control(432, 40, 14, "RT", 1, 30),
        "rightshoulder": _Control(438, 70, 12, "RB", 1, 54),
        "y": _Control(442, 102, 10, "Y", 1, 102),
        "x": _Control(420, 124, 10, "X", 1, 124),
        "b": _Control(464, 124, 10, "B", 1, 146),
        "a": _Control(442, 146, 10, "A", 1, 168),
        "rightstick-axis": _Control(396, 194, 24, "", 1, 196),
        "rightstick": _Control(396, 194, 10, "", 1, 220),
        "start": _Control(380, 112, 8, "", 1, 78),
    }
)
_SHORT: Mapping[str, str] = MappingProxyType({"travel": "Move", "look": "Look"})
_PREFIX: Mapping[str, str] = MappingProxyType(
    {
        "leftstick": "press: ",
        "rightstick": "press: ",
        "dpup": "up: ",
        "dpleft": "left: ",
        "dpright": "right: ",
        "dpdown": "down: ",
        "back": "back: ",
        "start": "start: ",
    }
)
_FIXED = {name: entry.name for entry in ACTIONS for name in entry.pad}


def control_words(control: str, buttons: Mapping[str, str]) -> str:
    """What a control does, as it is bound now; "" for one that does nothing."""
    is_axis = control.endswith(("-axis", "trigger"))
    name = _FIXED.get(control) if is_axis else buttons.get(control)
    if name is None:
        return ""
    return _SHORT.get(name, action(name).description)


class PadPicture:
    """Shown and hidden by a key; takes no mouse."""

    order = 50
    takes_mouse = False

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        pad = desk.cameras.pad
        if not desk.cameras.shows_pad or pad is None:
            return
        fit = min(1.0, (place.width / ui.scale - 20) / _WIDTH, (place.height / ui.scale - 20) / _HEIGHT)
        scale = ui.scale * fit
        # Over the handles of what is selected too.
        list_ = imgui.get_foreground_draw_list()
        pen = Pen(list_, ui.fonts, scale)
        left = (place.left + place.width / 2) / scale - _WIDTH / 2
        top = (place.top + place.height) / scale - _HEIGHT - 14
        pen.box(left, top, _WIDTH, _HEIGHT, SHADE.faded(1.35), round_by=10)
        _draw_body(pen, left, top)
        lit = pad.lit
        for name, control in _CONTROLS.items():
            words = control_words(name, pad.buttons)
            is_lit = name in lit
            if words:
                start, end = _leader(name, control)
                ink = AMBER.faded(0.6) if is_lit else _LINE
                points = [((left + x) * scale, (top + y) * scale) for x, y in (start, end)]
                list_.add_line(points[0], points[1], ink.packed, scale)
            _draw_control(pen, left, top, name, control, words, is_lit=is_lit)
        connected = pad.names[0] if pad.names else "no pad is connected"
        pen.text(
            left + _WIDTH / 2 - pen.width(connected, size=12) / 2,
            top + _HEIGHT - 22,
            connected,
            FAINT,
            size=12,
        )


def _draw_body(pen: Pen, left: float, top: float) -> None:
    for x, width in ((244, 66), (390, 66)):
        pen.box(left + x + 4, top + 60, width, 24, _BODY, round_by=10)
    pen.box(left + 226, top + 80, 248, 108, _BODY, round_by=46)
    pen.box(left + 226, top + 110, 78, 138, _BODY, round_by=36)
    pen.box(left + 396, top + 110, 78, 138, _BODY, round_by=36)
    pen.box(left + 280, top + 140, 140, 88, _BODY, round_by=30)


def _leader(name: str, control: _Control) -> tuple[tuple[float, float], tuple[float, float]]:
    """From the words to the control."""
    edge = 212 if control.side < 0 else _WIDTH - 212
    reach = 24 if name.endswith(("trigger", "shoulder")) else control.radius
    return (edge - control.side * 5, control.line), (control.x + control.side * reach, control.y)


def _draw_control(
    pen: Pen, left: float, top: float, name: str, control: _Control, words: str, *, is_lit: bool
) -> None:
    x, y = left + control.x, top + control.y
    colour = AMBER if is_lit else _KEY
    if name in ("leftstick", "rightstick"):
        pen.dot(x, y, control.radius, AMBER if is_lit else _KEY.faded(0.9))
    elif name.endswith(("trigger", "shoulder")):
        pen.box(x - 24, y - control.radius / 2, 48, control.radius, colour, round_by=5)
    else:
        pen.dot(
            x, y, control.radius, colour if not name.endswith("-axis") or is_lit else Colour(0.1, 0.1, 0.115)
        )
    if control.letter:
        size = 11.0
        ink = Colour(0.08, 0.08, 0.09) if is_lit else IVORY
        pen.text(
            x - pen.width(control.letter, size=size, bold=True) / 2,
            y - 6.5,
            control.letter,
            ink,
            size=size,
            bold=True,
        )
    if not words:
        return
    ink = AMBER if is_lit else IVORY
    line = top + control.line
    words = _PREFIX.get(name, "") + words
    words = pen.shortened(words, 196, size=12.5)
    edge = left + (212 if control.side < 0 else _WIDTH - 212)
    if control.side < 0:
        pen.text_left_of(edge, line - 8, words, ink, size=12.5)
    else:
        pen.text(edge, line - 8, words, ink, size=12.5)


OVERLAY = PadPicture
