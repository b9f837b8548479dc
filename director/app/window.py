"""The window: pygame's, with an OpenGL 3.3 core context that moderngl draws in."""

import os
import sys
import warnings

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from director.errors import GraphicsError

# SDL reads these when it starts: the window's own pixels on Windows, not enlarged ones; desktop effects
# left as they are; and the name by which X11's tools know the window.
os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
os.environ.setdefault("SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR", "0")
os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "director")
if sys.platform.startswith("linux"):
    # Where it is missing (su, cron, a container) Wayland's library complains on the terminal.
    os.environ.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")

import moderngl

__all__ = ["Window"]

_VERSION = 330
_SMALLEST = (320, 180)
_UNSEEN = ("offscreen", "dummy")
"""SDL's last resorts, which show nothing to anybody."""


class Window:
    """A resizable window with its context. Raises GraphicsError where there is no display or no OpenGL."""

    def __init__(self, title: str, size: tuple[int, int] = (1280, 720)) -> None:
        try:
            pygame.display.init()
            self._refuse_unseen()
            pygame.key.set_repeat(400, 35)
            self._set_attributes()
            size = self._fitting(size)
            with warnings.catch_warnings():
                # Where there is no vertical sync pygame warns; the loop keeps its own pace.
                warnings.simplefilter("ignore")
                pygame.display.set_mode(size, pygame.OPENGL | pygame.DOUBLEBUF | pygame.RESIZABLE, vsync=1)
        except pygame.error as error:
            pygame.display.quit()
            raise GraphicsError(
                f"no window can be opened: {error}",
                subject="display",
                mend="run it in a desktop session with OpenGL 3.3, or use director shoot",
            ) from error
        self._title = title
        self.tell()
        try:
            self.context = moderngl.create_context(require=_VERSION)
        # glcontext's C code raises Exception itself for a driver it cannot use, moderngl ValueError for one
        # that is too old: no narrower class holds both. Whatever it was goes on as the cause.
        except Exception as problem:
            pygame.display.quit()
            raise GraphicsError(
                f"the window has no OpenGL 3.3: {problem}",
                subject="display",
                mend="install a newer graphics driver, or use director shoot",
            ) from problem
        # The first viewport is the drawable, which on some systems has more pixels than the window points.
        self._pixels_per_point = max(
            1.0, self.context.screen.width / max(1, pygame.display.get_window_size()[0])
        )
        self.is_visible = True
        self._is_looking = False
        self._pointer = (0, 0)
        pygame.key.stop_text_input()

    def tell(self, words: str = "") -> None:
        """Say in the title what is waited for; without words it is the title alone again."""
        pygame.display.set_caption(f"{self._title} — {words}" if words else self._title)

    @property
    def size(self) -> tuple[int, int]:
        """In points, which events use too."""
        width, height = pygame.display.get_window_size()
        return width, height

    @property
    def pixels_per_point(self) -> float:
        """Of the framebuffer."""
        return self._pixels_per_point

    @property
    def pixels(self) -> tuple[int, int]:
        """Size of the framebuffer; (0, 0) while there is nothing to be seen."""
        width, height = self.size
        if not self.is_visible:
            return 0, 0
        return round(width * self._pixels_per_point), round(height * self._pixels_per_point)

    @property
    def ui_scale(self) -> float:
        """How much larger than drawn the HUD should be: points are small on a large unscaled screen."""
        heights = [height for _, height in pygame.display.get_desktop_sizes()]
        steps = round(min(heights, default=1080) / 1080 / self._pixels_per_point * 4)
        return min(3.0, max(1.0, steps / 4))

    @property
    def screen(self) -> moderngl.Framebuffer:
        """What is shown by `flip`."""
        return self.context.screen

    def handle(self, event: pygame.event.Event) -> None:
        """Take in an event about the window itself."""
        if event.type in (pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN):
            self.is_visible = False
        elif event.type in (pygame.WINDOWRESTORED, pygame.WINDOWSHOWN, pygame.WINDOWEXPOSED):
            self.is_visible = True
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.look(False)

    def look(self, looking: bool) -> None:
        """Hold and hide the pointer while it turns the camera; afterwards it is where it was."""
        if looking == self._is_looking:
            return
        self._is_looking = looking
        if looking:
            self._pointer = pygame.mouse.get_pos()
        pygame.mouse.set_visible(not looking)
        pygame.event.set_grab(looking)
        if not looking:
            pygame.mouse.set_pos(self._pointer)

    def type_text(self, typing: bool) -> None:
        """Let keys become text, with input methods for those who need them, or be keys only."""
        if typing:
            pygame.key.start_text_input()
        else:
            pygame.key.stop_text_input()

    def toggle_full_screen(self) -> None:
        """The whole screen, or a window again."""
        pygame.display.toggle_fullscreen()

    def clear(self) -> None:
        """Show an empty window at once."""
        self.screen.use()
        self.screen.clear(0.035, 0.036, 0.040)
        self.flip()

    def flip(self) -> None:
        """Show what was drawn."""
        pygame.display.flip()

    def close(self) -> None:
        """Close it; idempotent."""
        self.look(False)
        self.context.release()
        pygame.display.quit()

    @staticmethod
    def _refuse_unseen() -> None:
        # Who names such a driver gets it.
        driver = pygame.display.get_driver()
        if driver not in _UNSEEN or os.environ.get("SDL_VIDEODRIVER"):
            return
        pygame.display.quit()
        name = next((name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)), "")
        raise GraphicsError(
            f"{name}={os.environ[name]} does not answer" if name else "there is none to open a window on",
            subject="display",
            mend="start it in a desktop session, or use director shoot, which needs none",
        )

    @staticmethod
    def _set_attributes() -> None:
        for attribute, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
            (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
            (pygame.GL_DEPTH_SIZE, 0),
        ):
            pygame.display.gl_set_attribute(attribute, value)

    @staticmethod
    def _fitting(size: tuple[int, int]) -> tuple[int, int]:
        # Nine tenths of the smallest screen leave room for the system's bars.
        desktops = pygame.display.get_desktop_sizes()
        if not desktops:
            return size
        share = min(
            1.0,
            *(0.9 * have / want for desktop in desktops for have, want in zip(desktop, size, strict=True)),
        )
        return max(_SMALLEST[0], round(size[0] * share)), max(_SMALLEST[1], round(size[1] * share))
