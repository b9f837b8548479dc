"""Outlines: borders between objects, steps in depth, and creases of a surface, a pixel wide.

What a detector of edges finds in a photograph lies mostly along these, without its noise, and it stays where
it is while light and texture change.
"""

from typing import ClassVar

import moderngl
import numpy as np

from director.passes.gbuffer import GBuffer
from director.passes.whole import WholePicture
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "EdgesMap"]

_SAMPLED = ("depth", "normal", "object")


class EdgesMap:
    """uint8[h, w]: 255 on an edge, else 0. Of two pixels that a border lies between, the nearer one."""

    name: ClassVar[str] = "edges"
    reads: ClassVar[frozenset[str]] = frozenset(_SAMPLED)
    channels: ClassVar[int] = 1
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._whole = WholePicture(context, (width, height), "edges.frag", _SAMPLED, 1, "f1")
        self.texture = self._whole.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        self._whole.draw(gbuffer.textures)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._whole.release()


MAP = EdgesMap
