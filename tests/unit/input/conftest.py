"""A window that is on no screen, so that SDL has events to give."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SDL's dummy video driver: no screen is opened, and no window has the keyboard."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    # A window on no screen never has the keyboard, and SDL keeps pads from windows that have not.
    monkeypatch.setenv("SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS", "1")
    import pygame

    # Another test may have left SDL with a real display.
    pygame.quit()
    pygame.display.init()
    pygame.display.set_mode((64, 36))
    pygame.event.clear()
    yield
    pygame.quit()
