"""Small pictures in panels: read by a thread, made into textures a few a tick, kept while looked at."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import moderngl
import numpy as np
from imgui_bundle import imgui
from numpy.typing import NDArray

__all__ = ["Pictures", "fitted_picture", "read_picture"]

_MOST = 96
_A_TICK = 3

Picture = NDArray[np.uint8]


class Pictures:
    """Textures by a key, made of uint8[h, w, 3], sRGB. One thread uses it: the one with the context."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._coming: dict[Hashable, Future[Picture]] = {}
        self._textures: OrderedDict[Hashable, moderngl.Texture] = OrderedDict()
        self._failed: dict[Hashable, str] = {}
        self._left = _A_TICK

    def tick(self) -> None:
        """Another tick: some more may be made into textures."""
        self._left = _A_TICK

    def of_file(self, path: Path, stamp: Hashable = None, room: tuple[int, int] = (192, 108)) -> int | None:
        """OpenGL's name of a picture file's texture, at most as large as `room`; None while it is being read,
        and where it cannot be. `stamp` tells one state of the file from another."""
        return self.of((path, stamp, room), lambda: read_picture(path, room))

    def of(self, key: Hashable, read: Callable[[], Picture]) -> int | None:
        """The same of whatever `read` gives, which runs once, on the reader's thread. Its ValueError or
        OSError is `trouble`."""
        texture = self._textures.get(key)
        if texture is not None:
            self._textures.move_to_end(key)
            return int(texture.glo)
        if key in self._failed:
            return None
        coming = self._coming.get(key)
        if coming is None:
            self._coming[key] = self._reader.submit(read)
        elif coming.done() and self._left > 0:
            del self._coming[key]
            error = coming.exception()
            if isinstance(error, (OSError, ValueError)):
                self._failed[key] = str(error)
                return None
            self._left -= 1
            return self._made(key, coming.result())
        return None

    def trouble(self, key: Hashable) -> str:
        """Why there is no picture of this key; "" where there is, or may yet be."""
        return self._failed.get(key, "")

    def close(self) -> None:
        """Free what OpenGL holds."""
        self._reader.shutdown(wait=True, cancel_futures=True)
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()

    def _made(self, key: Hashable, picture: Picture) -> int:
        height, width = picture.shape[:2]
        texture = self._context.texture((width, height), 3, np.ascontiguousarray(picture), alignment=1)
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        self._textures[key] = texture
        while len(self._textures) > _MOST:
            self._textures.popitem(last=False)[1].release()
        return int(texture.glo)


def read_picture(path: Path, room: tuple[int, int]) -> Picture:
    """uint8[h, w, 3] of a picture file, brought into `room`. Raises OSError or ValueError where there is
    none."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            small = image.convert("RGB")
    except (SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} is no picture that can be read: {error}") from error
    small.thumbnail(room, Image.Resampling.BILINEAR)
    return np.asarray(small)


def fitted_picture(
    list_: imgui.ImDrawList, texture: int | None, at: tuple[float, float], size: tuple[float, float]
) -> None:
    """Draw a texture into a rectangle of the window; a dark field where there is none."""
    end = (at[0] + size[0], at[1] + size[1])
    list_.add_rect_filled(at, end, imgui.IM_COL32(26, 27, 31, 255), 2.0)
    if texture is not None:
        list_.add_image(imgui.ImTextureRef(texture), at, end)
