"""One kernel run over a whole picture."""

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.gbuffer import GBuffer
from director.passes.kernels import compiler

__all__ = ["LoopedPicture", "surfaces_of"]


class LoopedPicture:
    """A texture and what kernels fill it with: to each pixel of so many components of moderngl's `dtype`
    belongs one number of the type `pixel`."""

    def __init__(
        self,
        context: moderngl.Context,
        size: tuple[int, int],
        components: int,
        dtype: str,
        pixel: type[np.generic],
    ) -> None:
        self.texture = context.texture(size, components, dtype=dtype, alignment=1)
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._run = compiler().run
        # Fresh memory for every picture would cost as much as filling it.
        self._pixels = np.empty((size[1], size[0]), pixel)

    def draw(self, kernel: Any, *given: Any) -> None:
        """Fill the texture by a kernel that takes what is given, and then the pixels."""
        self._run(kernel, *given, self._pixels)
        self.texture.write(self._pixels)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self.texture.release()


def surfaces_of(gbuffer: GBuffer) -> tuple[NDArray[np.float32], NDArray[np.uint64]]:
    """What a G-buffer has drawn, as kernels take it: depth float32[h, w] and normals uint64[h, w], four
    float16s each; not to be written to."""
    from director.passes.kernels.numbers import kept_still

    depth, normal = (kept_still(gbuffer.pixels(name)) for name in ("depth", "normal"))
    return depth, normal.view(np.uint64)[..., 0]
