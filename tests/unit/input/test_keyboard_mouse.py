"""Keyboard and mouse from posted events alone."""

from typing import Any

import pygame
import pytest

from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.input.actions import ACTIONS, Kind
from director.input.keyboard_mouse import KEY_CODES, KeyboardMouse


def event(kind: int, **fields: Any) -> pygame.event.Event:
    return pygame.event.Event(kind, **fields)


MODIFIERS = {"Ctrl": pygame.KMOD_LCTRL, "Shift": pygame.KMOD_RSHIFT, "Alt": pygame.KMOD_LALT}
# What SDL gives a key; what KEY_CODES has above it are the modifiers of a chord.
PLAIN = (1 << 40) - 1


def down(key: str, mod: int = 0) -> pygame.event.Event:
    *held, _ = key.split("+") if len(key) > 1 else [key]
    return event(pygame.KEYDOWN, key=KEY_CODES[key] & PLAIN, mod=mod | sum(MODIFIERS[it] for it in held))


def up(key: str) -> pygame.event.Event:
    return event(pygame.KEYUP, key=KEY_CODES[key] & PLAIN, mod=0)


RIGHT_DOWN = event(pygame.MOUSEBUTTONDOWN, button=3, pos=(5, 5))
RIGHT_UP = event(pygame.MOUSEBUTTONUP, button=3, pos=(5, 5))


@pytest.fixture
def hands() -> KeyboardMouse:
    return KeyboardMouse()


@pytest.mark.parametrize(
    ("key", "intent"),
    [
        ("W", FlyIntent(move=(0, 0, 1))),
        ("S", FlyIntent(move=(0, 0, -1))),
        ("A", FlyIntent(move=(-1, 0, 0))),
        ("D", FlyIntent(move=(1, 0, 0))),
        ("E", FlyIntent(move=(0, 1, 0))),
        ("Q", FlyIntent(move=(0, -1, 0))),
        ("Left", FlyIntent(look_rate=(1, 0))),
        ("Up", FlyIntent(look_rate=(0, 1))),
        ("Z", FlyIntent(roll=1)),
        ("Left Shift", FlyIntent(boost=True)),
    ],
)
def test_a_held_key_moves_until_it_is_let_go(hands: KeyboardMouse, key: str, intent: FlyIntent) -> None:
    hands.handle(down(key))
    for _ in range(3):
        assert hands.take() == (intent, ())
    hands.handle(up(key))
    assert hands.take() == (NO_INTENT, ())


def test_every_hold_and_press_of_the_table_is_bound(hands: KeyboardMouse) -> None:
    for entry in ACTIONS:
        for key in entry.keys:
            hands.handle(down(key))
            intent, pressed = hands.take()
            assert pressed == ((entry.name,) if entry.kind is Kind.PRESS else ())
            assert (intent != NO_INTENT) == (entry.kind is Kind.HOLD)
            hands.handle(up(key))


def test_codes_are_those_that_sdl_gives_the_keys(window: None) -> None:
    for key, code in KEY_CODES.items():
        *held, plain = key.split("+") if len(key) > 1 else [key]
        assert pygame.key.name(code & PLAIN) == plain.lower()
        assert bool(code > PLAIN) == bool(held)


def test_a_chord_is_another_key_than_its_letter(hands: KeyboardMouse) -> None:
    hands.handle(down("Z", mod=pygame.KMOD_NUM))
    assert hands.take() == (FlyIntent(roll=1), ())
    hands.handle(up("Z"))
    for key, name in (("Ctrl+Z", "undo"), ("Ctrl+Shift+Z", "redo")):
        hands.handle(down(key))
        assert hands.take() == (NO_INTENT, (name,)), "a chord neither flies nor does what its letter does"
        hands.handle(up(key))
    hands.handle(down("Z", mod=pygame.KMOD_LCTRL | pygame.KMOD_LALT))
    assert hands.take() == (NO_INTENT, ()), "more modifiers make another chord"


@pytest.mark.parametrize("command", [pygame.KMOD_LMETA, pygame.KMOD_RMETA])
def test_command_on_a_mac_is_control(hands: KeyboardMouse, command: int) -> None:
    hands.handle(down("Z", mod=command))
    hands.handle(up("Z"))
    hands.handle(down("Z", mod=command | pygame.KMOD_LSHIFT))
    assert hands.take() == (NO_INTENT, ("undo", "redo"))


def test_a_chord_counts_once_however_long_it_is_held(hands: KeyboardMouse) -> None:
    hands.handle(down("Ctrl+Z"))
    hands.handle(down("Ctrl+Z"))
    assert hands.take()[1] == ("undo",)
    hands.handle(down("Ctrl+Z"))
    assert hands.take()[1] == ()
    hands.handle(up("Ctrl+Z"))
    hands.handle(down("Ctrl+Z"))
    assert hands.take()[1] == ("undo",)
    hands.handle(down("Ctrl+Z"), keys_taken=True)
    assert hands.take(keys_taken=True)[1] == ()


def test_opposite_keys_cancel(hands: KeyboardMouse) -> None:
    for key in ("W", "S", "A"):
        hands.handle(down(key))
    assert hands.take()[0].move == pytest.approx((-1, 0, 0))


def test_a_press_counts_once_however_long_the_key_is_held(hands: KeyboardMouse) -> None:
    hands.handle(down("R"))
    hands.handle(down("R"))
    assert hands.take()[1] == ("record",)
    hands.handle(down("R"))
    assert hands.take()[1] == ()
    hands.handle(up("R"))
    hands.handle(down("R"))
    hands.handle(down("1"))
    assert hands.take()[1] == ("record", "view-generated")


def test_a_tap_between_two_ticks_is_not_lost(hands: KeyboardMouse) -> None:
    hands.handle(down("M"))
    hands.handle(up("M"))
    assert hands.take()[1] == ("next-move",)


def test_a_text_field_has_the_keyboard_to_itself(hands: KeyboardMouse) -> None:
    hands.handle(down("W"))
    hands.handle(down("R"), keys_taken=True)
    assert hands.take(keys_taken=True) == (NO_INTENT, ())
    # Let go while typing: the camera does not run off afterwards.
    hands.handle(up("W"), keys_taken=True)
    assert hands.take() == (NO_INTENT, ())


def test_the_key_that_closed_a_text_field_is_not_pressed_again_by_its_repeats(hands: KeyboardMouse) -> None:
    hands.handle(down("Escape"), keys_taken=True)
    hands.take(keys_taken=True)
    hands.handle(down("Escape"))
    assert hands.take() == (NO_INTENT, ())
    hands.handle(up("Escape"))
    hands.handle(down("Escape"))
    assert hands.take()[1] == ("leave",)


def test_shortcuts_with_control_that_the_table_has_not_are_not_ours(hands: KeyboardMouse) -> None:
    everything = pygame.KMOD_LCTRL | pygame.KMOD_LALT | pygame.KMOD_LSHIFT
    for letter in "WR":
        assert not {f"Ctrl+Shift+Alt+{letter}", f"Ctrl+Alt+Shift+{letter}"} & KEY_CODES.keys()
        hands.handle(down(letter, mod=everything))
    assert hands.take() == (NO_INTENT, ())
    hands.handle(down("W", mod=pygame.KMOD_LSHIFT | pygame.KMOD_NUM))
    assert hands.take()[0].move == pytest.approx((0, 0, 1))


def test_the_look_is_dragged_with_the_right_button(hands: KeyboardMouse) -> None:
    motion = event(pygame.MOUSEMOTION, rel=(40, -20), pos=(0, 0), buttons=(0, 0, 1))
    hands.handle(motion)
    assert hands.take()[0] == NO_INTENT, "only while the button is held"
    hands.handle(RIGHT_DOWN)
    hands.handle(motion)
    hands.handle(motion)
    before_release = hands.looking
    yaw, pitch = hands.take()[0].look_rad
    assert yaw == pytest.approx(-80 * 0.0025), "to the right is a negative yaw"
    assert pitch == pytest.approx(40 * 0.0025), "up is a positive pitch"
    assert hands.take()[0] == NO_INTENT, "a motion counts once"
    hands.handle(RIGHT_UP)
    hands.handle(motion)
    assert (before_release, hands.looking) == (True, False)
    assert hands.take()[0] == NO_INTENT


def test_a_drag_that_begins_on_a_panel_is_the_panels(hands: KeyboardMouse) -> None:
    hands.handle(RIGHT_DOWN, mouse_taken=True)
    hands.handle(event(pygame.MOUSEWHEEL, x=0, y=1, precise_y=1.0), mouse_taken=True)
    assert not hands.looking
    assert hands.take()[0] == NO_INTENT
    # One that began on the picture goes on across a panel.
    hands.handle(RIGHT_DOWN)
    hands.handle(event(pygame.MOUSEMOTION, rel=(10, 0), pos=(0, 0), buttons=(0, 0, 1)), mouse_taken=True)
    assert hands.take()[0].look_rad[0] < 0


def test_the_wheel_sets_the_speed(hands: KeyboardMouse) -> None:
    hands.handle(event(pygame.MOUSEWHEEL, x=0, y=1, precise_y=1.0))
    hands.handle(event(pygame.MOUSEWHEEL, x=0, y=2))
    assert hands.take()[0].speed_steps == 3
    assert hands.take()[0].speed_steps == 0


def test_losing_the_window_lets_everything_go(hands: KeyboardMouse) -> None:
    hands.handle(down("W"))
    hands.handle(RIGHT_DOWN)
    hands.handle(event(pygame.WINDOWFOCUSLOST))
    assert hands.take() == (NO_INTENT, ())
    assert not hands.looking


def test_chords_go_past_a_text_field_unless_text_is_edited_with_them() -> None:
    hands = KeyboardMouse()
    for key, mod in ((pygame.K_p, pygame.KMOD_CTRL), (pygame.K_z, pygame.KMOD_CTRL), (pygame.K_w, 0)):
        hands.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod), keys_taken=True)
        hands.handle(pygame.event.Event(pygame.KEYUP, key=key, mod=mod), keys_taken=True)
    intent, pressed = hands.take(keys_taken=True)
    assert pressed == ("commands",)
    assert intent.move == (0.0, 0.0, 0.0)
