"""The pad, through SDL's GameController mapping: the same stick is the same stick on every pad.

Dead zones are radial, so that a stick at rest is at rest and its diagonals are not eaten, and rescaled,
so that movement begins at nothing. Their sizes are XInput's (Microsoft, "Getting started with XInput":
7849 of the left stick, 8689 of the right, 30 of 255 of a trigger).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pygame
from pygame._sdl2 import controller

from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.input.actions import ACTIONS, Kind, action

__all__ = ["DEFAULT_BUTTONS", "LEFT_DEAD_ZONE", "PAD_NAMES", "RIGHT_DEAD_ZONE", "Pad", "stick", "trigger"]

LEFT_DEAD_ZONE = 7849
RIGHT_DEAD_ZONE = 8689
_TRIGGER_DEAD_ZONE = 3855
_FULL = 32767

_BUTTONS = {
    "a": pygame.CONTROLLER_BUTTON_A,
    "b": pygame.CONTROLLER_BUTTON_B,
    "x": pygame.CONTROLLER_BUTTON_X,
    "y": pygame.CONTROLLER_BUTTON_Y,
    "back": pygame.CONTROLLER_BUTTON_BACK,
    "start": pygame.CONTROLLER_BUTTON_START,
    "leftstick": pygame.CONTROLLER_BUTTON_LEFTSTICK,
    "rightstick": pygame.CONTROLLER_BUTTON_RIGHTSTICK,
    "leftshoulder": pygame.CONTROLLER_BUTTON_LEFTSHOULDER,
    "rightshoulder": pygame.CONTROLLER_BUTTON_RIGHTSHOULDER,
    "dpup": pygame.CONTROLLER_BUTTON_DPAD_UP,
    "dpdown": pygame.CONTROLLER_BUTTON_DPAD_DOWN,
    "dpleft": pygame.CONTROLLER_BUTTON_DPAD_LEFT,
    "dpright": pygame.CONTROLLER_BUTTON_DPAD_RIGHT,
}
_AXES = {
    "leftstick-axis": (pygame.CONTROLLER_AXIS_LEFTX, pygame.CONTROLLER_AXIS_LEFTY),
    "rightstick-axis": (pygame.CONTROLLER_AXIS_RIGHTX, pygame.CONTROLLER_AXIS_RIGHTY),
    "lefttrigger": (pygame.CONTROLLER_AXIS_TRIGGERLEFT,),
    "righttrigger": (pygame.CONTROLLER_AXIS_TRIGGERRIGHT,),
}
PAD_NAMES = frozenset({*_BUTTONS, *_AXES})
"""What the table of actions may bind."""

_BOUND = {name: entry for entry in ACTIONS for name in entry.pad}
_NAMES = {code: name for name, code in _BUTTONS.items()}
_OF_TRIGGER = {_AXES[name][0]: entry.name for name, entry in _BOUND.items() if len(_AXES.get(name, ())) == 1}
_OF_STICK = {entry.name: _AXES[name] for name, entry in _BOUND.items() if len(_AXES.get(name, ())) == 2}

DEFAULT_BUTTONS: Mapping[str, str] = MappingProxyType(
    {name: entry.name for name, entry in _BOUND.items() if name in _BUTTONS}
)
"""Button → action, as the table has them; sticks and triggers stay where they are."""


def stick(x: int, y: int, dead_zone: int) -> tuple[float, float]:
    """−1..1 each, from −32768..32767, with a radial dead zone and a radius of at most 1."""
    radius = math.hypot(x, y)
    if radius <= dead_zone:
        return 0.0, 0.0
    scale = min(1.0, (radius - dead_zone) / (_FULL - dead_zone)) / radius
    return x * scale, y * scale


def trigger(value: int) -> float:
    """0..1 from 0..32767, with a dead zone."""
    return min(1.0, max(0.0, (value - _TRIGGER_DEAD_ZONE) / (_FULL - _TRIGGER_DEAD_ZONE)))


@dataclass(slots=True)
class _Held:
    """What is held on one pad: raw values of its axes, and its buttons that are down."""

    axes: dict[int, int] = field(default_factory=dict)
    buttons: set[int] = field(default_factory=set)


class Pad:
    """Every pad that is plugged in, as one. Feed it every event, then ask once a tick. One a process.

    Pads that are already plugged in announce themselves by events too. Raises nothing for a pad that
    cannot be opened: that is a notice.
    """

    def __init__(self) -> None:
        # pygame.quit() takes SDL's joysticks away but leaves its controllers half alive, and no later
        # init() wakes them: end them first, so that a second window in one process has pads too.
        controller.quit()
        controller.init()
        self._open: dict[int, controller.Controller] = {}
        self._held: dict[int, _Held] = {}
        self._pressed: list[str] = []
        self._notices: list[str] = []
        self._buttons: dict[str, str] = dict(DEFAULT_BUTTONS)
        self._captures = False
        self._captured: str | None = None

    @property
    def buttons(self) -> Mapping[str, str]:
        """Button → action, as bound now."""
        return MappingProxyType(self._buttons)

    def bind(self, buttons: Mapping[str, str]) -> None:
        """Bind buttons otherwise: button → action. Raises KeyError for a button or an action that is none."""
        for button, name in buttons.items():
            _BUTTONS[button], action(name)
        self._buttons = dict(buttons)

    def capture(self, wanted: bool = True) -> None:
        """The next button that is pressed does nothing but be told by `take_captured`; or no longer so."""
        self._captures, self._captured = wanted, None

    def take_captured(self) -> str | None:
        """The button that was pressed since `capture`, once."""
        captured, self._captured = self._captured, None
        return captured

    @property
    def lit(self) -> frozenset[str]:
        """What is held or moved just now, by the names of the table."""
        found: set[str] = set()
        for held in self._held.values():
            found |= {_NAMES[button] for button in held.buttons if button in _NAMES}
            for name, axes in _AXES.items():
                dead = _TRIGGER_DEAD_ZONE if len(axes) == 1 else LEFT_DEAD_ZONE
                if math.hypot(*(held.axes.get(axis, 0) for axis in axes)) > dead:
                    found.add(name)
        return frozenset(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The pads that are plugged in."""
        return tuple(pad.name for pad in self._open.values())

    def handle(self, event: pygame.event.Event) -> None:
        """Take in one event."""
        if event.type == pygame.CONTROLLERDEVICEADDED:
            self._plugged(event.device_index)
        elif event.type == pygame.CONTROLLERDEVICEREMOVED:
            self._unplugged(event.instance_id)
        elif event.type == pygame.CONTROLLERAXISMOTION:
            self._of(event.instance_id).axes[event.axis] = event.value
        elif event.type == pygame.CONTROLLERBUTTONDOWN:
            self._button_down(event.instance_id, event.button)
        elif event.type == pygame.CONTROLLERBUTTONUP:
            self._of(event.instance_id).buttons.discard(event.button)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.release()

    def release(self) -> None:
        """Let go of everything; sticks count again when they next move."""
        self._held.clear()

    def take(self) -> tuple[FlyIntent, tuple[str, ...]]:
        """The intent of this tick, and the actions pressed since the last, which are then forgotten."""
        intent = NO_INTENT
        for held in self._held.values():
            intent = intent + _intent(held, self._buttons)
        pressed, self._pressed = tuple(self._pressed), []
        return intent, pressed

    def take_notices(self) -> tuple[str, ...]:
        """What to tell the user since the last time: pads plugged in and out."""
        notices, self._notices = tuple(self._notices), []
        return notices

    def close(self) -> None:
        """Let the pads go, before pygame.quit(); idempotent."""
        for pad in self._open.values():
            pad.quit()
        self._open.clear()
        self._held.clear()
        controller.quit()

    def _button_down(self, instance_id: int, button: int) -> None:
        name = _NAMES.get(button)
        if name is not None and self._captures:
            self._captures, self._captured = False, name
            return
        self._of(instance_id).buttons.add(button)
        bound = self._buttons.get(name or "")
        if bound is not None and action(bound).kind is Kind.PRESS:
            self._pressed.append(bound)

    def _of(self, instance_id: int) -> _Held:
        return self._held.setdefault(instance_id, _Held())

    def _plugged(self, device_index: int) -> None:
        try:
            pad = controller.Controller(device_index)
            instance_id = pad.as_joystick().get_instance_id()
        except (controller.error, pygame.error) as error:  # type: ignore[attr-defined]
            self._notices.append(f"A pad was plugged in but cannot be used: {error}. Plug it in again.")
            return
        self._open[instance_id] = pad
        self._notices.append(f"Pad connected: {pad.name}")

    def _unplugged(self, instance_id: int) -> None:
        pad = self._open.pop(instance_id, None)
        held = self._held.pop(instance_id, None)
        if pad is not None:
            pad.quit()
        if pad is not None or held is not None:
            self._notices.append("Pad unplugged: the camera is on keyboard and mouse. Plug it in to go on.")


def _intent(held: _Held, buttons: Mapping[str, str]) -> FlyIntent:
    down = {buttons.get(_NAMES.get(button, "")) for button in held.buttons}
    pulled = {name: trigger(held.axes.get(axis, 0)) for axis, name in _OF_TRIGGER.items()}
    travel_x, travel_y = _stick(held, "travel", LEFT_DEAD_ZONE)
    look_x, look_y = _stick(held, "look", RIGHT_DEAD_ZONE)
    # SDL's sticks are positive to the right and down.
    return FlyIntent(
        move=(travel_x, pulled.get("up", 0.0) - pulled.get("down", 0.0), -travel_y),
        look_rate=(-look_x, -look_y),
        roll=float("roll-left" in down) - float("roll-right" in down),
        boost="boost" in down,
    )


def _stick(held: _Held, name: str, dead_zone: int) -> tuple[float, float]:
    x_axis, y_axis = _OF_STICK[name]
    return stick(held.axes.get(x_axis, 0), held.axes.get(y_axis, 0), dead_zone)
