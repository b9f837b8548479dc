"""The pad: dead zones, posted events, and a pad that SDL itself believes in."""

import ctypes
import math
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.rigs.fly import NO_INTENT, FlyRig
from director.input.hands import Hands
from director.input.pad import DEFAULT_BUTTONS, LEFT_DEAD_ZONE, RIGHT_DEAD_ZONE, stick, trigger
from director.math3d import look_rotation
from director.types import CameraState

raw = st.integers(-32768, 32767)
dead_zones = st.sampled_from((LEFT_DEAD_ZONE, RIGHT_DEAD_ZONE))


@given(raw, raw, dead_zones)
def test_a_stick_gives_at_most_one_and_keeps_its_direction(x: int, y: int, dead_zone: int) -> None:
    a, b = stick(x, y, dead_zone)
    assert math.hypot(a, b) <= 1 + 1e-9
    if math.hypot(x, y) <= dead_zone:
        assert (a, b) == (0, 0)
    else:
        assert math.atan2(b, a) == pytest.approx(math.atan2(y, x))


@given(raw, raw, raw, raw, dead_zones)
def test_a_dead_zone_is_monotone(x: int, y: int, x2: int, y2: int, dead_zone: int) -> None:
    near, far = sorted(((x, y), (x2, y2)), key=lambda place: math.hypot(*place))
    assert math.hypot(*stick(*near, dead_zone)) <= math.hypot(*stick(*far, dead_zone)) + 1e-12


@given(st.integers(-32766, 32766), st.integers(-32766, 32766), dead_zones)
def test_a_dead_zone_is_continuous(x: int, y: int, dead_zone: int) -> None:
    here = stick(x, y, dead_zone)
    for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        assert math.dist(here, stick(x + dx, y + dy, dead_zone)) < 2 / 20000


def test_ends_of_sticks_and_triggers() -> None:
    assert stick(32767, 0, LEFT_DEAD_ZONE) == (1, 0)
    assert stick(-32768, 0, LEFT_DEAD_ZONE) == (-1, 0)
    assert stick(0, LEFT_DEAD_ZONE, LEFT_DEAD_ZONE) == (0, 0)
    assert 0 < stick(0, LEFT_DEAD_ZONE + 10, LEFT_DEAD_ZONE)[1] < 0.001
    assert (trigger(0), trigger(3855), trigger(32767)) == (0, 0, 1)
    assert trigger(18311) == pytest.approx(0.5)


@pytest.fixture
def hands(window: None) -> Iterator[Hands]:
    made = Hands()
    yield made
    made.close()


def post(kind: int, **fields: Any) -> None:
    pygame.event.post(pygame.event.Event(kind, instance_id=0, **fields))


def push(axis: int, value: int) -> None:
    post(pygame.CONTROLLERAXISMOTION, axis=axis, value=value)


@pytest.mark.parametrize(
    ("axis", "value", "field", "expected"),
    [
        (pygame.CONTROLLER_AXIS_LEFTX, 32767, "move", (1, 0, 0)),
        (pygame.CONTROLLER_AXIS_LEFTY, -32768, "move", (0, 0, 1)),
        (pygame.CONTROLLER_AXIS_TRIGGERRIGHT, 32767, "move", (0, 1, 0)),
        (pygame.CONTROLLER_AXIS_TRIGGERLEFT, 32767, "move", (0, -1, 0)),
        (pygame.CONTROLLER_AXIS_RIGHTX, 32767, "look_rate", (-1, 0)),
        (pygame.CONTROLLER_AXIS_RIGHTY, -32768, "look_rate", (0, 1)),
    ],
)
def test_sticks_and_triggers(
    hands: Hands, axis: int, value: int, field: str, expected: tuple[float, ...]
) -> None:
    push(axis, value)
    for _ in range(2):
        asked = hands.take(pygame.event.get())
        assert getattr(asked.intent, field) == pytest.approx(expected), "held until the stick moves back"
    push(axis, 0)
    assert hands.take(pygame.event.get()).intent == NO_INTENT


def test_posted_events_alone_move_the_camera(hands: Hands) -> None:
    rig = FlyRig()
    state = rig.start(CameraState((0, 1, 0), look_rotation((0, 0, -1))))
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    push(pygame.CONTROLLER_AXIS_RIGHTX, 20000)
    for _ in range(30):
        state = rig.step(state, hands.take(pygame.event.get()).intent, 1 / 30)
    assert state.position[2] < -0.5
    assert state.yaw < -0.3


def test_buttons(hands: Hands) -> None:
    for button in (
        pygame.CONTROLLER_BUTTON_A,
        pygame.CONTROLLER_BUTTON_B,
        pygame.CONTROLLER_BUTTON_LEFTSHOULDER,
    ):
        post(pygame.CONTROLLERBUTTONDOWN, button=button)
    asked = hands.take(pygame.event.get())
    assert asked.pressed == ("record",)
    assert asked.intent.boost
    assert asked.intent.roll == 1
    post(pygame.CONTROLLERBUTTONUP, button=pygame.CONTROLLER_BUTTON_B)
    post(pygame.CONTROLLERBUTTONUP, button=pygame.CONTROLLER_BUTTON_LEFTSHOULDER)
    post(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_GUIDE)
    asked = hands.take(pygame.event.get())
    assert asked.intent == NO_INTENT
    assert asked.pressed == ()


def test_keys_and_pad_together(hands: Hands) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_w, mod=0))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_r, mod=0))
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    post(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_Y)
    asked = hands.take(pygame.event.get())
    assert asked.intent.move == pytest.approx((0, 0, 1)), "no faster than by one of them"
    assert asked.pressed == ("record", "snapshot")


def test_the_pad_moves_while_a_text_field_has_the_keyboard(hands: Hands) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_d, mod=0))
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    assert hands.take(pygame.event.get(), keys_taken=True).intent.move == pytest.approx((0, 0, 1))


def test_an_unplugged_pad_stops_the_move_and_says_so(hands: Hands) -> None:
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    post(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_B)
    assert hands.take(pygame.event.get()).intent.boost
    post(pygame.CONTROLLERDEVICEREMOVED)
    asked = hands.take(pygame.event.get())
    assert asked.intent == NO_INTENT
    assert len(asked.notices) == 1
    assert "unplugged" in asked.notices[0]
    assert hands.take(pygame.event.get()).notices == ()


def test_a_pad_that_cannot_be_opened_is_a_notice(hands: Hands) -> None:
    pygame.event.post(pygame.event.Event(pygame.CONTROLLERDEVICEADDED, device_index=7))
    asked = hands.take(pygame.event.get())
    assert "cannot be used" in asked.notices[0]
    assert hands.pads == ()


def test_letting_go_and_losing_the_window(hands: Hands) -> None:
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    assert hands.take(pygame.event.get()).intent != NO_INTENT
    hands.release()
    assert hands.take(pygame.event.get()).intent == NO_INTENT
    push(pygame.CONTROLLER_AXIS_LEFTY, -32768)
    pygame.event.post(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    assert hands.take(pygame.event.get()).intent == NO_INTENT


def _sdl() -> ctypes.CDLL:
    """The SDL that pygame itself has loaded."""
    for file in metadata.files("pygame") or ():
        if file.name.startswith(("libSDL2-2", "SDL2.dll")):
            return ctypes.CDLL(str(file.locate()))
    pytest.skip("pygame was not installed with an SDL of its own")


@pytest.fixture
def sdl() -> ctypes.CDLL:
    found = _sdl()
    found.SDL_JoystickOpen.restype = ctypes.c_void_p
    return found


def attach(sdl: ctypes.CDLL) -> int:
    """SDL's virtual joystick, of SDL_JOYSTICK_TYPE_GAMECONTROLLER (1): 6 axes, 15 buttons."""
    index: int = sdl.SDL_JoystickAttachVirtual(1, 6, 15, 0)
    assert index >= 0
    return index


def test_a_pad_that_sdl_believes_in_is_plugged_in_used_and_pulled_out(hands: Hands, sdl: ctypes.CDLL) -> None:
    """The whole way from a device through SDL's mapping, hot-plugged both ways."""
    index = attach(sdl)
    asked = hands.take(pygame.event.get())
    names = hands.pads
    assert asked.notices == (f"Pad connected: {names[0]}",)
    device = ctypes.c_void_p(sdl.SDL_JoystickOpen(index))
    sdl.SDL_JoystickSetVirtualAxis(device, pygame.CONTROLLER_AXIS_LEFTY, ctypes.c_int16(-32768))
    sdl.SDL_JoystickSetVirtualButton(device, pygame.CONTROLLER_BUTTON_A, 1)
    asked = hands.take(pygame.event.get())
    assert asked.intent.move == pytest.approx((0, 0, 1))
    assert asked.pressed == ("record",)
    sdl.SDL_JoystickDetachVirtual(index)
    asked = hands.take(pygame.event.get())
    assert asked.intent == NO_INTENT
    assert "unplugged" in asked.notices[0]
    assert hands.pads == ()
    # And in again.
    index = attach(sdl)
    asked = hands.take(pygame.event.get())
    assert hands.pads == names
    sdl.SDL_JoystickDetachVirtual(index)
    sdl.SDL_JoystickClose(device)


def test_a_second_window_in_one_process_has_pads_too(window: None, sdl: ctypes.CDLL) -> None:
    Hands()
    pygame.quit()
    pygame.display.init()
    pygame.display.set_mode((64, 36))
    again = Hands()
    index = attach(sdl)
    again.take(pygame.event.get())
    assert len(again.pads) == 1
    sdl.SDL_JoystickDetachVirtual(index)
    again.close()
    again.close()


def test_buttons_can_be_bound_otherwise_and_captured(hands: Hands) -> None:
    pad = hands.pad
    assert dict(pad.buttons) == dict(DEFAULT_BUTTONS)
    down = pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, instance_id=5, button=pygame.CONTROLLER_BUTTON_X)
    up = pygame.event.Event(pygame.CONTROLLERBUTTONUP, instance_id=5, button=pygame.CONTROLLER_BUTTON_X)
    pad.bind({"x": "record", "y": "boost"})
    assert hands.take([down, up]).pressed == ("record",)
    held = pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, instance_id=5, button=pygame.CONTROLLER_BUTTON_Y)
    assert hands.take([held]).intent.boost
    assert pad.lit == {"y"}
    pad.capture()
    assert hands.take([down]).pressed == ()
    assert pad.take_captured() == "x"
    assert pad.take_captured() is None
    assert hands.take([up, down]).pressed == ("record",), "only the one press was caught"
    with pytest.raises(KeyError):
        pad.bind({"x": "make coffee"})
    with pytest.raises(KeyError):
        pad.bind({"q": "record"})
    assert dict(pad.buttons) == {"x": "record", "y": "boost"}


def test_moved_sticks_and_pulled_triggers_are_lit(hands: Hands) -> None:
    def moved(axis: int, value: int) -> pygame.event.Event:
        return pygame.event.Event(pygame.CONTROLLERAXISMOTION, instance_id=5, axis=axis, value=value)

    hands.take([moved(pygame.CONTROLLER_AXIS_LEFTX, 2000), moved(pygame.CONTROLLER_AXIS_TRIGGERRIGHT, 9000)])
    assert hands.pad.lit == {"righttrigger"}
    hands.take([moved(pygame.CONTROLLER_AXIS_LEFTX, 20000), moved(pygame.CONTROLLER_AXIS_TRIGGERRIGHT, 0)])
    assert hands.pad.lit == {"leftstick-axis"}
