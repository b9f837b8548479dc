"""The panels' own layer of the window: drawn anew when they may look otherwise, else shown as they were.

To lay out and fill half a window of text costs a software renderer more than all the passes of a small scene,
and panels change seldom. They have an ImGui context of their own, so that the picture's read-outs and handles
can be drawn each turn without them.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import moderngl
import pygame
from imgui_bundle import imgui

from director.app.desk.draw_lists import ListsOfPlaces, lists_of_places
from director.app.desk.layout import Layout
from director.app.desk.ui import Ui
from director.composite.rectangle import Rectangle
from director.viewport.imgui_backend import ImguiBackend

__all__ = ["PanelLayer"]

_MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEWHEEL)
_KEYBOARD = (pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT)
_AT_LEAST_S, _AT_LEAST_TURNS = 0.12, 3
"""Read-outs that change by themselves do so about eight times a second, more is not read; and every third
turn at most, however slow turns are."""
_REDRAWN_EVERY = 8
"""What is drawn of the same triangles is drawn again so often all the same: a picture may have been written
anew, or have taken the name of another that has gone."""
_SETTLING, _MOST_DUE = 2, 12
"""ImGui needs another frame to show what a click or a key has done, and some of its layouts a third."""

Draw = Callable[[Ui, Layout], None]


class PanelLayer:
    """Draws panels by `draw`. `is_live` has them drawn every turn, as where that costs nothing."""

    def __init__(self, context: moderngl.Context, *, is_live: bool) -> None:
        self._context = context
        self.is_live = is_live
        self.drawn = 0
        """How often so far."""
        self._imgui = ImguiBackend()
        self._kept: moderngl.Framebuffer | None = None
        self._shown: tuple[Layout, tuple[int, int], float, float] | None = None
        self._due = _SETTLING
        self._waited_s, self._waited_turns = 0.0, 0
        # Whether something of them lies over the picture: what has popped up, or is dragged.
        self._spreads = False
        self._contents: tuple[int, ...] = ()
        self._until_redrawn = 0

    def current(self) -> AbstractContextManager[None]:
        """ImGui's functions are about the panels."""
        return self._imgui.current()

    @property
    def wants_mouse(self) -> bool:
        """Whether the pointer is on a panel, or drags something of one."""
        return self._shown is not None and self._imgui.wants_mouse

    @property
    def wants_text(self) -> bool:
        """Whether a field of a panel has the focus."""
        return self._shown is not None and self._imgui.wants_text

    def ask(self) -> None:
        """Something has been done that panels may show."""
        # ImGui takes in one change of a button or key a frame.
        self._due = min(self._due + 1, _MOST_DUE) if self._due >= _SETTLING else _SETTLING

    def handle_mouse(self, event: pygame.event.Event) -> None:
        """Take in an event of the mouse."""
        if self._shown is None:
            # What is kept for later would be done later: a click on whatever then lies there.
            return
        self._imgui.handle_mouse(event)
        if event.type in _MOUSE or (event.type == pygame.MOUSEMOTION and self._concerns(event.pos)):
            self.ask()

    def handle_keyboard(self, event: pygame.event.Event) -> None:
        """Take in an event of the keyboard."""
        if self._shown is None:
            return
        self._imgui.handle_keyboard(event)
        if event.type in _KEYBOARD:
            self.ask()

    def release_keys(self) -> None:
        """Let go of every key and button, for when their release will be seen by nobody."""
        self._imgui.release_keys()

    def hide(self) -> None:
        """They are folded away."""
        if self._shown is not None:
            self._shown = None
            self._imgui.forget()

    def let_go(self) -> None:
        """Something else is worked on: no field is typed into any more."""
        if self.wants_text:
            with self._imgui.current():
                imgui.internal.clear_active_id()
                imgui.set_window_focus(None)
            self.ask()

    def draw(
        self,
        layout: Layout,
        size: tuple[int, int],
        pixels_per_point: float,
        scale: float,
        dt_s: float,
        draw: Draw,
    ) -> None:
        """Draw the panels of a window of `size` points, where that is due. Any other frame of ImGui that is
        under way goes on afterwards."""
        shown = (layout, size, pixels_per_point, scale)
        self._waited_s += dt_s
        self._waited_turns += 1
        if shown != self._shown:
            self.ask()
        is_old = self._waited_s >= _AT_LEAST_S and self._waited_turns >= _AT_LEAST_TURNS
        if not (self.is_live or self._due or self._spreads or is_old):
            return
        self._shown = shown
        self._due = max(0, self._due - 1)
        self.drawn += 1
        with self._imgui.current():
            self._imgui.begin(size, pixels_per_point, self._waited_s)
            ui = Ui(self._imgui.fonts, scale, (float(size[0]), float(size[1])))
            with ui.styled():
                draw(ui, layout)
            imgui.render()
            self._waited_s, self._waited_turns = 0.0, 0
            if not self.is_live:
                self._imgui.update_textures()
                lists = lists_of_places(imgui.get_draw_data(), self._places)
                self._spreads = lists is None
                if lists is not None:
                    self._keep(lists)

    def lay(self, below: imgui.ImDrawList) -> None:
        """Lay the panels as they were drawn last over what a list holds so far."""
        if self._spreads or self.is_live or self._kept is None or self._shown is None:
            return
        _, (width, height), _, _ = self._shown
        texture = self._kept.color_attachments[0]
        assert isinstance(texture, moderngl.Texture)
        for place in self._places:
            right, foot = place.left + place.width, place.top + place.height
            below.add_image(
                imgui.ImTextureRef(texture.glo),
                (place.left, place.top),
                (right, foot),
                # Row 0 of the texture is the lowest.
                (place.left / width, 1 - place.top / height),
                (right / width, 1 - foot / height),
            )

    def finish(self, screen: moderngl.Framebuffer) -> None:
        """Draw into the window what `lay` could not: panels with something that lies over the picture."""
        if self._shown is not None and (self._spreads or self.is_live):
            screen.use()
            with self._imgui.current():
                self._imgui.draw()

    def close(self) -> None:
        """Free what OpenGL and ImGui hold."""
        self._release()
        self._imgui.close()

    @property
    def _places(self) -> tuple[Rectangle, ...]:
        if self._shown is None:
            return ()
        layout = self._shown[0]
        return tuple(p for p in (layout.left, layout.right, layout.bottom) if min(p.width, p.height) >= 2)

    def _concerns(self, at: tuple[int, int]) -> bool:
        return self.wants_mouse or any(place.holds(*at) for place in self._places)

    def _keep(self, lists: ListsOfPlaces) -> None:
        """Bring the texture up to date: to fill it costs five times what laying the panels out does."""
        assert self._shown is not None
        _, (width, height), pixels_per_point, _ = self._shown
        size = (round(width * pixels_per_point), round(height * pixels_per_point))
        if self._kept is None or self._kept.size != size:
            self._release()
            texture = self._context.texture(size, 3)
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
            self._kept = self._context.framebuffer([texture])
            self._contents = ()
        self._until_redrawn = (self._until_redrawn - 1) % _REDRAWN_EVERY
        is_known = len(self._contents) == len(lists.contents) and self._until_redrawn
        changed = frozenset(
            i for i, now in enumerate(lists.contents) if not is_known or now != self._contents[i]
        )
        self._contents = lists.contents
        if changed:
            self._kept.use()
            self._imgui.draw(lists.of(changed))
            self._context.screen.use()

    def _release(self) -> None:
        if self._kept is not None:
            for texture in self._kept.color_attachments:
                texture.release()
            self._kept.release()
            self._kept = None
