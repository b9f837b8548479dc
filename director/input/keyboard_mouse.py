"""Keyboard and mouse: pygame's events to fly intent and pressed actions.

What is held is followed from events alone, so that a program that posts events, and one that types
into the window, drive the camera as hands do.
"""

import pygame

from director.camera.rigs.fly import FlyIntent
from director.input.actions import ACTIONS, Kind

__all__ = ["KEY_CODES", "KeyboardMouse"]

_RAD_PER_PIXEL = 0.0025
_LOOK_BUTTON = pygame.BUTTON_RIGHT

_NAMED = {
    "Escape": pygame.K_ESCAPE,
    "Home": pygame.K_HOME,
    "Delete": pygame.K_DELETE,
    "End": pygame.K_END,
    "Insert": pygame.K_INSERT,
    "Left": pygame.K_LEFT,
    "Left Shift": pygame.K_LSHIFT,
    "Page Down": pygame.K_PAGEDOWN,
    "Page Up": pygame.K_PAGEUP,
    "Return": pygame.K_RETURN,
    "Right": pygame.K_RIGHT,
    "Right Shift": pygame.K_RSHIFT,
    "Space": pygame.K_SPACE,
    "Tab": pygame.K_TAB,
    "Up": pygame.K_UP,
    "Down": pygame.K_DOWN,
}


_MODIFIERS = {"Ctrl": pygame.KMOD_CTRL, "Shift": pygame.KMOD_SHIFT, "Alt": pygame.KMOD_ALT}
# What a code is beside its modifiers.
_CHORDED = 40
_CHORDS = {"Ctrl": 1, "Shift": 2, "Alt": 4}


def _code(key: str) -> int:
    *modifiers, key = key.split("+") if len(key) > 1 else [key]
    if modifiers:
        return _code(key) | sum(_CHORDS[modifier] for modifier in modifiers) << _CHORDED
    if key in _NAMED:
        return _NAMED[key]
    if len(key) == 1:
        # SDL's key codes of printable keys are their unshifted characters.
        return ord(key.lower())
    code: int = getattr(pygame, f"K_{key}")
    return code


KEY_CODES: dict[str, int] = {key: _code(key) for entry in ACTIONS for key in entry.keys}
"""pygame's code of every key in the table of actions; those of chords have bits above."""

_HOLDS = {_code(key): entry.name for entry in ACTIONS if entry.kind is Kind.HOLD for key in entry.keys}
_PRESSES = {_code(key): entry.name for entry in ACTIONS if entry.kind is Kind.PRESS for key in entry.keys}


_EDITS_TEXT = frozenset(
    {
        *(ord(letter) for letter in "acvxyz"),
        pygame.K_BACKSPACE,
        pygame.K_DELETE,
        pygame.K_INSERT,
        pygame.K_LEFT,
        pygame.K_RIGHT,
        pygame.K_UP,
        pygame.K_DOWN,
        pygame.K_HOME,
        pygame.K_END,
        pygame.K_RETURN,
    }
)


class KeyboardMouse:
    """What hands do on keyboard and mouse. Feed it every event, then ask once a tick."""

    def __init__(self) -> None:
        self._keys: set[int] = set()
        self._typed: set[int] = set()
        self._chorded: set[int] = set()
        self._looking = False
        self._mouse = (0.0, 0.0)
        self._notches = 0.0
        self._pressed: list[str] = []

    @property
    def looking(self) -> bool:
        """Whether the right button drags the look: the window hides and holds the pointer meanwhile."""
        return self._looking

    def handle(
        self, event: pygame.event.Event, *, keys_taken: bool = False, mouse_taken: bool = False
    ) -> None:
        """Take in one event. `keys_taken` while a text field has the keyboard, `mouse_taken` while the
        pointer is on a panel: what is let go is still noticed, what is pressed is not."""
        if event.type == pygame.KEYDOWN and keys_taken and not _is_of_no_field(event):
            # Held on after the field has closed, it repeats: still the field's, not a press of ours.
            self._typed.add(event.key)
        elif event.type == pygame.KEYDOWN:
            self._key_down(event)
        elif event.type == pygame.KEYUP:
            self._keys.discard(event.key)
            self._typed.discard(event.key)
            self._chorded.discard(event.key)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == _LOOK_BUTTON and not mouse_taken:
            self._looking = True
        elif event.type == pygame.MOUSEBUTTONUP and event.button == _LOOK_BUTTON:
            self._looking = False
        elif event.type == pygame.MOUSEMOTION and self._looking:
            self._mouse = (self._mouse[0] + event.rel[0], self._mouse[1] + event.rel[1])
        elif event.type == pygame.MOUSEWHEEL and (self._looking or not mouse_taken):
            self._notches += getattr(event, "precise_y", event.y)
        elif event.type == pygame.WINDOWFOCUSLOST:
            # The releases will go to another window.
            self.release()

    def release(self) -> None:
        """Let go of everything."""
        self._keys.clear()
        self._typed.clear()
        self._chorded.clear()
        self._looking = False
        self._mouse = (0.0, 0.0)
        self._notches = 0.0

    def take(self, *, keys_taken: bool = False) -> tuple[FlyIntent, tuple[str, ...]]:
        """The intent of this tick, and the actions pressed since the last; both are then forgotten."""
        held = set() if keys_taken else {_HOLDS[key] for key in self._keys if key in _HOLDS}
        intent = FlyIntent(
            move=(_axis(held, "right", "left"), _axis(held, "up", "down"), _axis(held, "forward", "back")),
            # Mouse to the right looks right, which is a negative yaw; mouse up looks up.
            look_rad=(-self._mouse[0] * _RAD_PER_PIXEL, -self._mouse[1] * _RAD_PER_PIXEL),
            look_rate=(_axis(held, "look-left", "look-right"), _axis(held, "look-up", "look-down")),
            roll=_axis(held, "roll-left", "roll-right"),
            speed_steps=self._notches,
            boost="boost" in held,
        )
        pressed = tuple(self._pressed)
        self._mouse, self._notches, self._pressed = (0.0, 0.0), 0.0, []
        return intent, pressed

    def _chord_down(self, key: int, modified: int) -> None:
        if key in self._typed or key in self._chorded:
            return
        name = _PRESSES.get(key | _chord_of(modified) << _CHORDED)
        if name is not None:
            self._chorded.add(key)
            self._pressed.append(name)

    def _key_down(self, event: pygame.event.Event) -> None:
        # Ctrl and the like make chords, of the table or else the window manager's; Mac keyboards have Cmd.
        modified = getattr(event, "mod", 0)
        if modified & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
            self._chord_down(event.key, modified)
            return
        if event.key in self._typed:
            return
        repeated = event.key in self._keys
        self._keys.add(event.key)
        if event.key in _PRESSES and not repeated:
            self._pressed.append(_PRESSES[event.key])


def _is_of_no_field(event: pygame.event.Event) -> bool:
    """Whether a key goes past a text field: with Ctrl or Cmd, and nothing that one edits text with."""
    modified = getattr(event, "mod", 0)
    chorded = bool(modified & (pygame.KMOD_CTRL | pygame.KMOD_META)) and not modified & pygame.KMOD_ALT
    return chorded and event.key not in _EDITS_TEXT


def _chord_of(modified: int) -> int:
    chord = sum(_CHORDS[name] for name, mask in _MODIFIERS.items() if modified & mask)
    return chord | _CHORDS["Ctrl"] if modified & pygame.KMOD_META else chord


def _axis(held: set[str], positive: str, negative: str) -> float:
    return float(positive in held) - float(negative in held)
