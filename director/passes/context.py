"""OpenGL contexts without a window, and words about the one there is."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import moderngl

from director.errors import GraphicsError

__all__ = ["Renderer", "describe", "headless_context", "release_framebuffer"]

# OpenGL 3.3 core: what macOS has too.
_VERSION = 330

# In order of trial. EGL needs no display; on Linux without development packages the libraries only go by
# their versioned names. The last resort is an invisible window on a display.
_LINUX: tuple[Mapping[str, Any], ...] = (
    {"backend": "egl"},
    {"backend": "egl", "libgl": "libGL.so.1", "libegl": "libEGL.so.1"},
    {"backend": "egl", "libgl": "libOpenGL.so.0", "libegl": "libEGL.so.1"},
    {},
    {"libgl": "libGL.so.1", "libx11": "libX11.so.6"},
)
_ELSEWHERE: tuple[Mapping[str, Any], ...] = (MappingProxyType({}),)

_MENDS = {
    "linux": "install Mesa: apt-get install libgl1 libegl1 libgl1-mesa-dri, or your system's equivalent",
    "darwin": "run it inside a login session: macOS gives OpenGL to none but those",
    "win32": "install a graphics driver with OpenGL 3.3",
}


@dataclass(frozen=True, slots=True)
class Renderer:
    """What draws. `is_software` is true for Mesa's llvmpipe and softpipe, whose pixels are alike on every
    machine with the same Mesa; golden pictures are compared only there."""

    name: str
    version: str
    vendor: str
    is_software: bool


def headless_context() -> moderngl.Context:
    """An OpenGL 3.3 core context without a window, current in this thread.

    Raises GraphicsError with the mend if there is none to be had.
    """
    reasons: list[str] = []
    for settings in _LINUX if sys.platform.startswith("linux") else _ELSEWHERE:
        try:
            return moderngl.create_context(standalone=True, require=_VERSION, **settings)
        # glcontext's C code raises Exception itself for a missing library or display, moderngl ValueError
        # for an old driver: no narrower class holds both. The next backend is tried, and if none is left
        # every reason is told.
        except Exception as problem:
            reasons.append(f"{settings.get('backend', 'default')}: {problem}")
    raise GraphicsError(
        f"no OpenGL 3.3 context without a window: {'; '.join(dict.fromkeys(reasons))}",
        subject="OpenGL",
        mend=_MENDS.get(sys.platform, _MENDS["linux"]),
    )


def describe(context: moderngl.Context) -> Renderer:
    """Name, version and vendor of what draws in this context."""
    info = context.info
    name = info["GL_RENDERER"]
    software = any(word in name.lower() for word in ("llvmpipe", "softpipe", "swrast"))
    return Renderer(name, info["GL_VERSION"], info["GL_VENDOR"], software)


def release_framebuffer(framebuffer: moderngl.Framebuffer) -> None:
    """Release a framebuffer that may be the bound one: moderngl would bind it again after its end, which
    OpenGL calls an invalid operation."""
    context = framebuffer.ctx
    if context.fbo is framebuffer:
        context.detect_framebuffer(0).use()
    framebuffer.release()
