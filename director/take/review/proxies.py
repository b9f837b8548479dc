"""The proxies of a take, frame by frame with its film: its track flown again through the base pass."""

from collections.abc import Iterator

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.exporters._source import Source
from director.take.review.films import proxy_size

__all__ = ["drawn_size", "proxy_pictures"]

_BASE = frozenset({"base"})
_LARGEST_PX = 4096


def drawn_size(source: Source) -> tuple[int, int]:
    """(width, height) that proxies are drawn at: twice that of their film, whose edges then are smooth."""
    width, height = proxy_size(source)
    factor = 2 if 2 * max(width, height) <= _LARGEST_PX else 1
    return factor * width, factor * height


def proxy_pictures(source: Source, context: moderngl.Context) -> Iterator[NDArray[np.uint8]]:
    """uint8[h, w, 3], sRGB, of `drawn_size`: for each frame of the film the proxies at its tick.

    Raises SceneError, and GraphicsError if a shader does not compile.
    """
    conditioner = Conditioner(context, CompiledScene(source.take.scene), *drawn_size(source), _BASE, ring=1)
    try:
        shown, picture = -1, None
        for index in source.take.shown[: source.frames]:
            # Before the first tick there is nothing: its picture stands in.
            index = max(0, index)
            if picture is None or index != shown:
                line = source.take.lines[index]
                conditioner.draw(line.tick, line.camera, line.direction)
                drawn = conditioner.take()
                assert drawn is not None
                shown, picture = index, np.asarray(drawn.maps["base"], np.uint8)
            yield picture
    finally:
        conditioner.release()
