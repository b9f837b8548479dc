"""Dear ImGui on pygame and OpenGL: imgui-bundle's backend with every key, real text input and HiDPI."""

from pathlib import Path

import imgui_bundle
import OpenGL
import pygame
from imgui_bundle import imgui

# Must be set before OpenGL.GL is imported, which the backend does: each call would cost two.
OpenGL.ERROR_CHECKING = False
OpenGL.ERROR_LOGGING = False

from imgui_bundle.python_backends.pygame_backend import PygameRenderer  # noqa: E402

__all__ = ["Fonts", "ImguiBackend"]

# Roboto, Apache-2.0, as imgui-bundle ships it (assets/fonts/Roboto/LICENSE.txt).
_FONTS = Path(imgui_bundle.__file__).parent / "assets" / "fonts"

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


class Fonts:
    """The faces of the HUD; sizes are chosen when drawing."""

    def __init__(self) -> None:
        atlas = imgui.get_io().fonts
        self.regular = atlas.add_font_from_file_ttf(str(_FONTS / "Roboto" / "Roboto-Regular.ttf"), 16.0)
        self.bold = atlas.add_font_from_file_ttf(str(_FONTS / "Roboto" / "Roboto-Bold.ttf"), 16.0)


class ImguiBackend:
    """One ImGui context, drawn over the picture. Needs a current OpenGL context and a pygame window."""

    def __init__(self) -> None:
        imgui.create_context()
        io = imgui.get_io()
        # Nothing is kept between runs, and nothing is written beside the user's files.
        io.set_ini_filename("")
        io.set_log_filename("")
        io.config_flags |= imgui.ConfigFlags_.no_mouse_cursor_change
        self.fonts = Fonts()
        self._renderer = _Renderer()  # type: ignore[no-untyped-call]

    @property
    def wants_mouse(self) -> bool:
        """Whether the pointer is on a panel."""
        return bool(imgui.get_io().want_capture_mouse)

    def begin(self, size: tuple[int, int], pixels_per_point: float, dt_s: float) -> None:
        """Begin a frame of a window of `size` points."""
        io = imgui.get_io()
        io.display_size = imgui.ImVec2(float(size[0]), float(size[1]))
        io.display_framebuffer_scale = imgui.ImVec2(pixels_per_point, pixels_per_point)
        io.delta_time = max(dt_s, 1e-4)
        imgui.new_frame()

    def end(self) -> None:
        """Draw the frame into the bound framebuffer."""
        imgui.render()
        self._renderer.render(imgui.get_draw_data())

    def handle_mouse(self, event: pygame.event.Event) -> None:
        """Take in an event of the mouse; others are of no effect."""
        if event.type in (
            pygame.MOUSEMOTION,
            pygame.MOUSEBUTTONDOWN,
            pygame.MOUSEBUTTONUP,
            pygame.MOUSEWHEEL,
        ):
            self._renderer.process_event(event)  # type: ignore[no-untyped-call]

    def handle_keyboard(self, event: pygame.event.Event) -> None:
        """Take in an event of the keyboard, text included; others are of no effect."""
        io = imgui.get_io()
        if event.type == pygame.TEXTINPUT:
            io.add_input_characters_utf8(event.text)
        elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
            is_down = event.type == pygame.KEYDOWN
            for keys in (self._renderer.key_map, self._renderer.modifier_map):
                if event.key in keys:
                    io.add_key_event(keys[event.key], down=is_down)

    def release_keys(self) -> None:
        """Let go of every key and button, for when their release will be seen by nobody."""
        imgui.get_io().clear_input_keys()

    def close(self) -> None:
        """Free what OpenGL and ImGui hold."""
        self._renderer.shutdown()
        imgui.destroy_context()


class _Renderer(PygameRenderer):
    def _map_keys(self) -> None:
        super()._map_keys()  # type: ignore[no-untyped-call]
        self.key_map = {**self.key_map, **_all_keys()}
