"""The window's loop: events in, one tick of the session, the picture and the HUD out."""

import gc
from collections.abc import Sequence
from pathlib import Path

import pygame
from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.editing import Editing
from director.app.desk.layout import Layout
from director.app.desk.palette import Palette
from director.app.desk.panel_layer import PanelLayer
from director.app.desk.played import top_of_played
from director.app.desk.ui import Ui
from director.app.readouts import readout_of
from director.app.session import Session
from director.app.window import Window
from director.camera.rigs.fly import FlyIntent
from director.clock import now_s
from director.composite.rectangle import Rectangle
from director.input.hands import Hands
from director.passes.context import describe
from director.take.recorder import Take
from director.viewport.help import draw_help
from director.viewport.hud import STRIP, draw_hud
from director.viewport.imgui_backend import ImguiBackend
from director.viewport.meters_panel import draw_meters
from director.viewport.pen import Pen
from director.viewport.prompt_field import PromptField

__all__ = ["Loop"]

_IDLE_FPS = 6.0
_IDLE_AFTER = 20
"""Turns in which nothing has changed."""
_NAP_MS = 12
_HINT = "F1 help   F10 desk   Ctrl+P commands"


class Loop:
    """Drives a session from a window. `tick` is one turn; `run` turns until the window is closed.

    `fps` caps the turns a second, so that the generator has the processor's rest. `settings` is the user's
    folder, where the pad's buttons and the panels' borders are kept; None keeps them nowhere.
    """

    def __init__(
        self, window: Window, session: Session, fps: float, editing: Editing, settings: Path | None = None
    ) -> None:
        self.window = window
        self.session = session
        self.desk = Desk(session, editing, self.act)
        self.fps = fps
        self.field = PromptField()
        self.shows_hud = True
        self.shows_help = False
        self.is_closing = False
        self.ticks = 0
        self.displayed_fps = 0.0
        self._hands = Hands()
        self.desk.cameras.keep_settings(settings, self._hands.pad)
        if settings is not None:
            self.desk.keep_settings(settings)
        # Three layers over the picture: read-outs and handles, the panels, and what has the whole keyboard.
        self._imgui = ImguiBackend()
        self.panels = PanelLayer(window.context, is_live=not describe(window.context).is_software)
        self._line_imgui = ImguiBackend()
        self._had_line = False
        self._typed: list[pygame.event.Event] = []
        self._early: list[pygame.event.Event] = []
        self._still_ticks = 0
        self._picture_place = Rectangle(0.0, 0.0, 1.0, 1.0)
        self._drags = False
        self._types = False
        self._last_s = now_s()
        self._next_s = self._last_s
        self._acts = {
            "help": self._toggle_help,
            "hud": self._toggle_hud,
            "prompt": self._open_field,
            "commands": self._open_palette,
            "full-screen": window.toggle_full_screen,
            "leave": self._leave,
            **self.desk.acts,
        }

    def run(self) -> None:
        """Turn until the window is closed."""
        self.settle()
        while not self.is_closing:
            self.tick()
            self.wait()

    def settle(self) -> None:
        """Look over what is there once and for all: it stays as long as the window, and to look through it
        again, as Python does now and then, takes longer than a tick (45 ms, measured on two cores)."""
        gc.collect()
        gc.freeze()

    def tick(self) -> None:
        """One turn: everything that has happened since the last, and a picture of it."""
        now = now_s()
        dt_s, self._last_s = now - self._last_s, now
        if self.ticks:
            rate = 1 / max(dt_s, 1e-4)
            self.displayed_fps += (rate - self.displayed_fps) * (0.08 if self.ticks > 10 else 0.5)
        self.ticks += 1
        events, self._early = [*self._early, *pygame.event.get()], []
        # The field has the keyboard also for the turn in which it closes: its Escape is nobody else's.
        is_typing = self._line is not None or self._types
        self._handle(events)
        if self._line is not None:
            # It has the whole keyboard, chords too.
            events = [event for event in events if event.type != pygame.KEYDOWN]
        with self.panels.current():
            heard = [event for event in events if is_typing or not self.desk.takes_key(event)]
        asked = self._hands.take(heard, keys_taken=is_typing, mouse_taken=self._wants_mouse)
        for notice in asked.notices:
            self.session.notices.add(notice)
        for name in asked.pressed:
            self.act(name)
        self.window.look(self._hands.looking)
        # Behind a film that is played the camera stands.
        self.session.tick(FlyIntent() if self.desk.playing.is_on else asked.intent, dt_s)
        self.desk.tick(dt_s)
        is_busy = self.session.is_busy or self.desk.is_busy
        is_still = not events and not is_busy and not is_typing
        self._still_ticks = self._still_ticks + 1 if is_still else 0
        self._draw(dt_s)

    def act(self, name: str) -> None:
        """Do a pressed action by its name in the table."""
        self.panels.ask()
        if name in self._acts:
            self._acts[name]()
        else:
            self.session.act(name)

    def wait(self) -> None:
        """Sleep until the next turn is due. Where nothing changes turns are rarer, until something comes."""
        is_unseen = not self.window.is_visible and not self.session.is_busy
        is_idle = self._still_ticks > _IDLE_AFTER
        fps = min(self.fps, _IDLE_FPS) if is_unseen or is_idle else self.fps
        self._next_s = max(self._next_s + 1 / fps, now_s() - 1 / self.fps)
        while (left_ms := int((self._next_s - now_s()) * 1000)) > 0:
            # Taken, not peeked at: pygame makes an event of what it peeks at, and of one that a program
            # posted its fields are freed twice (2.6.1), which brings down whatever dict comes next.
            if is_idle and (early := pygame.event.get()):
                self._early += early
                # What comes now has not been going on since the last turn.
                self._next_s = now_s()
                self._last_s = max(self._last_s, self._next_s - 1 / self.fps)
                return
            pygame.time.wait(min(left_ms, _NAP_MS) if is_idle else left_ms)

    def screenshot(self, path: Path) -> None:
        """Save the whole window, HUD included, as PNG: what `flip` showed last is what is drawn anew."""
        from PIL import Image

        size = self.window.pixels
        self.panels.ask()
        self._draw(0.0)
        raw = self.window.screen.read(viewport=(0, 0, *size), components=3, alignment=1)
        Image.frombytes("RGB", size, raw).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)

    def close(self) -> Take | None:
        """End the take being recorded, if there is one, and give everything back; the runner and the window
        stay the caller's. Returns that take."""
        self._hands.close()
        # First: a channel that is being recorded again is an edit of the scene that the desk has open.
        self.session.end_take()
        self.desk.close()
        take = self.session.close()
        for layer in (self._line_imgui, self.panels, self._imgui):
            layer.close()
        return take

    def _handle(self, events: Sequence[pygame.event.Event]) -> None:
        for event in events:
            self.window.handle(event)
            self._handle_mouse(event)
            if event.type == pygame.QUIT:
                self.is_closing = True
            elif self._line is not None and event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
                self._close_line()
            elif self._line is not None:
                self._typed.append(event)
            elif event.type == pygame.WINDOWFOCUSLOST:
                self._imgui.release_keys()
                self.panels.release_keys()
            elif self.desk.is_open:
                self.panels.handle_keyboard(event)
            self._drag(event)
        if self._line is not None and self._line.is_listening:
            for event in self._typed:
                self._line_imgui.handle_keyboard(event)
            self._typed.clear()

    def _handle_mouse(self, event: pygame.event.Event) -> None:
        if event.type == pygame.MOUSEBUTTONDOWN and not self._wants_mouse:
            self.panels.let_go()
        self.panels.handle_mouse(event)
        if self._line is not None:
            self._line_imgui.handle_mouse(event)
        if not self._reads_out:
            return
        # What is on a panel is not for the handles behind it; but whatever was pressed is let go.
        if not self.panels.wants_mouse or event.type == pygame.MOUSEBUTTONUP:
            self._imgui.handle_mouse(event)
        else:
            self._imgui.lose_pointer()

    @property
    def wants_text(self) -> bool:
        """Whether a field of the desk has the focus."""
        return self.desk.is_open and self.panels.wants_text

    @property
    def _reads_out(self) -> bool:
        return self.shows_hud or self.shows_help

    @property
    def _wants_mouse(self) -> bool:
        on_line = self._line is not None and self._line_imgui.wants_mouse
        return on_line or self.panels.wants_mouse or self._imgui.wants_mouse

    @property
    def _line(self) -> PromptField | Palette | None:
        # What has the whole keyboard.
        return next((line for line in (self.field, self.desk.palette) if line.is_open), None)

    def _drag(self, event: pygame.event.Event) -> None:
        # The left button drags the wipe's edge, or the share of the blend.
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT:
            is_free = not self._wants_mouse and not self.desk.overlay_takes_mouse
            self._drags = self.session.view in ("wipe", "blend") and is_free
            if not self._drags:
                self._pick(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == pygame.BUTTON_LEFT:
            self._drags = False
        if event.type == pygame.MOUSEMOTION:
            self._point(event.pos)
        if self._drags and event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION):
            place = self._picture_place
            x = event.pos[0] * self.window.pixels_per_point
            self.session.amount = min(1.0, max(0.0, (x - place.left) / place.width))

    def _pick(self, at: tuple[int, int]) -> None:
        if not self.desk.is_open or self._wants_mouse or self.desk.overlay_takes_mouse:
            return
        self._point(at)
        if self.session.pointer is not None:
            mods = pygame.key.get_mods()
            self.desk.editing.pick(
                *self.session.pointer,
                adds=bool(mods & pygame.KMOD_SHIFT),
                deep=bool(mods & pygame.KMOD_ALT),
            )

    def _point(self, at: tuple[int, int]) -> None:
        place, scale = self._picture_place, self.window.pixels_per_point
        x, y = at[0] * scale, at[1] * scale
        is_inside = place.holds(x, y) and not self._hands.looking
        self.session.pointer = (
            ((x - place.left) / place.width, (y - place.top) / place.height) if is_inside else None
        )

    def _draw(self, dt_s: float) -> None:
        pixels = self.window.pixels
        if min(pixels) < 1:
            return
        session, size, scale = self.session, self.window.size, self.window.ui_scale
        is_open = self.desk.is_open and self.shows_hud
        within = None
        layout = self.desk.layout((float(size[0]), float(size[1])), scale, STRIP * scale)
        if is_open:
            within = layout.picture.scaled(self.window.pixels_per_point)
        if self.desk.playing.is_on:
            aspect = session.picture.display.width / session.picture.display.height
            self._picture_place = self.desk.playing.show(self.window.screen, pixels, within, aspect)
        else:
            self._picture_place = session.picture.show(
                self.window.screen, pixels, session.view, session.amount, within
            )
        self.desk.picture_place = self._picture_place.scaled(1 / self.window.pixels_per_point)
        if not is_open or self.shows_help:
            self.panels.hide()
            self.desk.put_away()
        if self._reads_out:
            self._draw_hud(dt_s, layout if is_open else None)
        if self._line is not None:
            if not self._had_line:
                self._line_imgui.place_pointer(pygame.mouse.get_pos())
            self._draw_line(dt_s)
        elif self._had_line:
            self._line_imgui.forget()
        self._had_line = self._line is not None
        self._let_type()
        self.window.flip()

    def _let_type(self) -> None:
        # Text of the desk's fields: on as long as one of them has the focus.
        types = self.wants_text
        if types != self._types and self._line is None:
            self._types = types
            self._hands.release()
            self.window.type_text(types)

    def _draw_hud(self, dt_s: float, layout: Layout | None) -> None:
        size, scale = self.window.size, self.window.ui_scale
        self.window.screen.use()
        self._imgui.begin(size, self.window.pixels_per_point, dt_s)
        pen = Pen(imgui.get_background_draw_list(), self._imgui.fonts, scale)
        width, height = size[0] / scale, size[1] / scale
        if self.shows_hud:
            shown = readout_of(self.session, self.displayed_fps, "" if self.desk.is_open else _HINT)
            left, foot = (0.0, 0.0) if layout is None else (layout.left.width, layout.bottom.height)
            foot /= scale
            if self.desk.playing.is_on:
                # Notices keep clear of the film's own transport.
                top = top_of_played(self.desk.picture_place, scale, height)
                foot = max(foot, height - STRIP - top)
            draw_hud(pen, width, height, shown, left=left / scale, foot=foot)
            # Help takes the whole window.
            if not self.shows_help:
                draw_meters(pen, width, height, shown)
                self._draw_desk(dt_s, scale, size, layout)
        if self.shows_help:
            draw_help(pen, width, height)
        self._imgui.end()
        self.panels.finish(self.window.screen)

    def _draw_desk(self, dt_s: float, scale: float, size: tuple[int, int], layout: Layout | None) -> None:
        ui = Ui(self._imgui.fonts, scale, (float(size[0]), float(size[1])))
        with ui.styled():
            self.desk.draw_overlays(ui)
        if layout is not None:
            self.panels.draw(layout, size, self.window.pixels_per_point, scale, dt_s, self.desk.draw_panels)
            self.panels.lay(imgui.get_background_draw_list())

    def _draw_line(self, dt_s: float) -> None:
        size, scale = self.window.size, self.window.ui_scale
        fonts = self._line_imgui.fonts
        self.window.screen.use()
        with self._line_imgui.current():
            self._line_imgui.begin(size, self.window.pixels_per_point, dt_s)
            entered = self.field.draw(float(size[0]), float(size[1]), scale, fonts)
            if entered is not None:
                self.session.direct(entered)
                self._close_line()
            self._draw_palette(Ui(fonts, scale, (float(size[0]), float(size[1]))))
            self._line_imgui.end()

    def _draw_palette(self, ui: Ui) -> None:
        palette = self.desk.palette
        if not palette.is_open:
            return
        with ui.styled():
            chosen = palette.draw(ui)
        if chosen is not None:
            palette.used(chosen)
            self._close_line()
            self.panels.ask()
            chosen.do()

    def _toggle_help(self) -> None:
        self.shows_help = not self.shows_help

    def _toggle_hud(self) -> None:
        self.shows_hud = not self.shows_hud
        if not self._reads_out:
            self._imgui.forget()

    def _open_field(self) -> None:
        self._hands.release()
        self.field.open(self.session.prompt)
        self.window.type_text(True)

    def _open_palette(self) -> None:
        self._hands.release()
        self.desk.open_palette()
        self.window.type_text(True)

    def _close_line(self) -> None:
        for line in (self.field, self.desk.palette):
            line.close()
        self._typed.clear()
        self.window.type_text(False)
        self._line_imgui.release_keys()

    def _leave(self) -> None:
        if self.shows_help:
            self.shows_help = False
        elif self.desk.playing.is_on:
            self.desk.playing.stop()
        elif self.desk.is_open:
            self.desk.toggle()
        else:
            self.is_closing = True
