"""Dear ImGui on pygame and OpenGL: imgui-bundle's backend with every key, real text input and HiDPI."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import imgui_bundle
import pygame
from imgui_bundle import imgui

__all__ = ["Drawn", "Fonts", "ImguiBackend"]

_FORGETTING = 3
"""A field keeps its text for two frames in which it is not drawn."""
_NOWHERE = 3.4028234663852886e38
"""ImGui's word for no pointer: the least float32."""
# Roboto, Apache-2.0, as imgui-bundle ships it (assets/fonts/Roboto/LICENSE.txt).
_FONTS = Path(imgui_bundle.__file__).parent / "assets" / "fonts"


class Fonts:
    """The faces of the HUD; sizes are chosen when drawing."""

    def __init__(self) -> None:
        atlas = imgui.get_io().fonts
        self.regular = atlas.add_font_from_file_ttf(str(_FONTS / "Roboto" / "Roboto-Regular.ttf"), 16.0)
        self.bold = atlas.add_font_from_file_ttf(str(_FONTS / "Roboto" / "Roboto-Bold.ttf"), 16.0)


class Drawn(Protocol):
    """What is drawn of ImDrawData."""

    @property
    def cmd_lists(self) -> Sequence[imgui.ImDrawList]: ...

    @property
    def scale_clip_rects(self) -> Callable[[imgui.ImVec2Like], None]: ...


class ImguiBackend:
    """One ImGui context, drawn over the picture. Needs a current OpenGL context and a pygame window.

    There may be several, one layer of the window each; the first is ImGui's current one unless `current`
    makes another so. Raises GraphicsError where it cannot draw into that context.
    """

    def __init__(self) -> None:
        # ImGui makes the first context current, and leaves that so when others are made.
        self._context = imgui.create_context()
        with self.current():
            self._set_up()

    def _set_up(self) -> None:
        from director.viewport.imgui_renderer import Renderer

        self._io = io = imgui.get_io()
        # Nothing is kept between runs, and nothing is written beside the user's files.
        io.set_ini_filename("")
        io.set_log_filename("")
        io.config_flags |= imgui.ConfigFlags_.no_mouse_cursor_change
        self.fonts = Fonts()
        self._renderer = Renderer()

    @contextmanager
    def current(self) -> Iterator[None]:
        """ImGui's functions are about this context; afterwards about that of before."""
        before = imgui.get_current_context()
        imgui.set_current_context(self._context)
        try:
            yield
        finally:
            if before is not None:
                imgui.set_current_context(before)

    @property
    def wants_mouse(self) -> bool:
        """Whether the pointer is on a panel."""
        return bool(self._io.want_capture_mouse)

    @property
    def wants_text(self) -> bool:
        """Whether a field has the focus that is typed into."""
        return bool(self._io.want_text_input)

    def begin(self, size: tuple[int, int], pixels_per_point: float, dt_s: float) -> None:
        """Begin a frame of a window of `size` points. The context must be current, as for `end`."""
        io = self._io
        io.display_size = imgui.ImVec2(float(size[0]), float(size[1]))
        io.display_framebuffer_scale = imgui.ImVec2(pixels_per_point, pixels_per_point)
        io.delta_time = max(dt_s, 1e-4)
        imgui.new_frame()

    def end(self) -> None:
        """End the frame and draw it into the bound framebuffer."""
        imgui.render()
        self.draw()

    def update_textures(self) -> None:
        """Bring OpenGL's textures of glyphs up to what was laid out: else some have no name yet."""
        self._renderer.update_textures()

    def draw(self, some: Drawn | None = None) -> None:
        """Draw the frame that was ended last, or some of its lists, into the bound framebuffer: once, for it
        is scaled in place."""
        drawn: Any = imgui.get_draw_data() if some is None else some
        self._renderer.render(drawn)

    def forget(self) -> None:
        """Nothing is drawn any more until `begin`: let ImGui see some frames without it, for else it takes
        the next frame for the one after the last, with the same field still being typed into. Keys, buttons
        and events that have not been seen are let go."""
        self._io.clear_events_queue()
        self._io.clear_input_keys()
        self._io.clear_input_mouse()
        with self.current():
            for _ in range(_FORGETTING):
                imgui.new_frame()
                imgui.end_frame()

    def place_pointer(self, at: tuple[int, int]) -> None:
        """The pointer is here, in points, though no event told of it."""
        self._io.add_mouse_pos_event(float(at[0]), float(at[1]))

    def lose_pointer(self) -> None:
        """The pointer is somewhere else: on another layer."""
        self._io.add_mouse_pos_event(-_NOWHERE, -_NOWHERE)

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
        io = self._io
        if event.type == pygame.TEXTINPUT:
            io.add_input_characters_utf8(event.text)
        elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
            is_down = event.type == pygame.KEYDOWN
            for keys in (self._renderer.key_map, self._renderer.modifier_map):
                if event.key in keys:
                    io.add_key_event(keys[event.key], down=is_down)

    def release_keys(self) -> None:
        """Let go of every key and button, for when their release will be seen by nobody."""
        self._io.clear_input_keys()

    def close(self) -> None:
        """Free what OpenGL and ImGui hold."""
        with self.current():
            self._renderer.shutdown()
        imgui.destroy_context(self._context)
