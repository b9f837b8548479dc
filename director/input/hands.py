"""Keyboard, mouse and pad together: a tick's events to one intent."""

from collections.abc import Iterable
from dataclasses import dataclass

import pygame

from director.camera.rigs.fly import FlyIntent
from director.input.keyboard_mouse import KeyboardMouse
from director.input.pad import Pad

__all__ = ["Asked", "Hands"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the hands asked for in one tick: the camera's part, the names of pressed actions in order,
    and notices to show (a pad plugged in or out)."""

    intent: FlyIntent
    pressed: tuple[str, ...]
    notices: tuple[str, ...]


class Hands:
    """All input devices. Made after the window, because that starts SDL's events; one a process."""

    def __init__(self) -> None:
        self._keyboard_mouse = KeyboardMouse()
        self._pad = Pad()

    @property
    def looking(self) -> bool:
        """Whether the right mouse button drags the look: hide and hold the pointer meanwhile."""
        return self._keyboard_mouse.looking

    @property
    def pads(self) -> tuple[str, ...]:
        """Names of the pads that are plugged in."""
        return self._pad.names

    @property
    def pad(self) -> Pad:
        """All pads as one: how its buttons are bound, and what is held."""
        return self._pad

    def take(
        self, events: Iterable[pygame.event.Event], *, keys_taken: bool = False, mouse_taken: bool = False
    ) -> Asked:
        """One tick's events. `keys_taken` while a text field has the keyboard, `mouse_taken` while the
        pointer is on a panel."""
        for event in events:
            self._keyboard_mouse.handle(event, keys_taken=keys_taken, mouse_taken=mouse_taken)
            self._pad.handle(event)
        by_hand, keys = self._keyboard_mouse.take(keys_taken=keys_taken)
        by_pad, buttons = self._pad.take()
        return Asked(by_hand + by_pad, (*keys, *buttons), self._pad.take_notices())

    def release(self) -> None:
        """Let go of everything held: for a dialogue that opens, or a scene that is loaded."""
        self._keyboard_mouse.release()
        self._pad.release()

    def close(self) -> None:
        """Let the pads go, before pygame.quit(); idempotent."""
        self._pad.close()
