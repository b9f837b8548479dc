"""Dear ImGui's drawing and keys, by imgui-bundle's backend. Imported only once a window's context is current:
PyOpenGL binds itself to one way of making contexts, for good, when it is imported."""

import ctypes
import os
import sys

import OpenGL
import pygame
from imgui_bundle import imgui

from director.errors import GraphicsError

__all__ = ["Renderer"]


def _name_the_platform() -> None:
    # PyOpenGL guesses by the kind of session. But SDL opens X11's windows (GLX) in a Wayland session too, and
    # with EGL on X11 where it is told to: so ask both whose the context is.
    if not sys.platform.startswith("linux"):
        return
    for name, library, function in (
        ("egl", "libEGL.so.1", "eglGetCurrentContext"),
        ("glx", "libGL.so.1", "glXGetCurrentContext"),
    ):
        try:
            current = getattr(ctypes.CDLL(library), function)
        except (OSError, AttributeError):
            continue
        current.restype = ctypes.c_void_p
        if current():
            os.environ["PYOPENGL_PLATFORM"] = name
            return


_name_the_platform()
# Must be set before OpenGL.GL is imported, which the backend does: each call would cost two.
OpenGL.ERROR_CHECKING = False
OpenGL.ERROR_LOGGING = False

from imgui_bundle.python_backends.pygame_backend import PygameRenderer  # noqa: E402
from OpenGL.error import Error as OpenGLError  # noqa: E402

_NAMED_KEYS = {
    pygame.K_SPACE: imgui.Key.space,
    pygame.K_CAPSLOCK: imgui.Key.caps_lock,
    pygame.K_QUOTE: imgui.Key.apostrophe,
    pygame.K_COMMA: imgui.Key.comma,
    pygame.K_MINUS: imgui.Key.minus,
    pygame.K_PERIOD: imgui.Key.period,
    pygame.K_SLASH: imgui.Key.slash,
    pygame.K_SEMICOLON: imgui.Key.semicolon,
    pygame.K_EQUALS: imgui.Key.equal,
    pygame.K_LEFTBRACKET: imgui.Key.left_bracket,
    pygame.K_BACKSLASH: imgui.Key.backslash,
    pygame.K_RIGHTBRACKET: imgui.Key.right_bracket,
    pygame.K_BACKQUOTE: imgui.Key.grave_accent,
    pygame.K_MENU: imgui.Key.menu,
    pygame.K_PRINTSCREEN: imgui.Key.print_screen,
    pygame.K_PAUSE: imgui.Key.pause,
    pygame.K_NUMLOCK: imgui.Key.num_lock,
    pygame.K_SCROLLLOCK: imgui.Key.scroll_lock,
    pygame.K_KP_PERIOD: imgui.Key.keypad_decimal,
    pygame.K_KP_DIVIDE: imgui.Key.keypad_divide,
    pygame.K_KP_MULTIPLY: imgui.Key.keypad_multiply,
    pygame.K_KP_MINUS: imgui.Key.keypad_subtract,
    pygame.K_KP_PLUS: imgui.Key.keypad_add,
    pygame.K_KP_EQUALS: imgui.Key.keypad_equal,
}


def _all_keys() -> dict[int, imgui.Key]:
    keys = dict(_NAMED_KEYS)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        keys[getattr(pygame, f"K_{letter}")] = getattr(imgui.Key, letter)
    for digit in range(10):
        keys[getattr(pygame, f"K_{digit}")] = getattr(imgui.Key, f"_{digit}")
        keys[getattr(pygame, f"K_KP{digit}")] = getattr(imgui.Key, f"keypad{digit}")
    for number in range(1, 13):
        keys[getattr(pygame, f"K_F{number}")] = getattr(imgui.Key, f"f{number}")
    return keys


class Renderer(PygameRenderer):
    """imgui-bundle's, with every key. Raises GraphicsError where PyOpenGL finds no current context."""

    def __init__(self) -> None:
        try:
            super().__init__()  # type: ignore[no-untyped-call]
        except OpenGLError as error:
            raise GraphicsError(
                f"the window's OpenGL cannot be drawn with: {error}",
                subject="display",
                mend="set PYOPENGL_PLATFORM to glx or egl, or use director shoot",
            ) from error

    def _map_keys(self) -> None:
        super()._map_keys()  # type: ignore[no-untyped-call]
        self.key_map = {**self.key_map, **_all_keys()}

    def update_textures(self) -> None:
        """Make and fill the textures that ImGui asks for."""
        self._update_textures()
