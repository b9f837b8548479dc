"""The bodies of figures as OpenPose draws them: coloured limbs and joints on black.

Sizes and colours are those of the pictures that pose ControlNets were taught with: limbs as ellipses, joints
as discs over them, 8 pixels across where the shorter side has 512 (Cao et al., 2019).
What an estimator would not see is not drawn: the far side of a face, and what another object hides.
"""

from typing import ClassVar, Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.context import release_framebuffer
from director.passes.gbuffer import GBuffer, plain_state
from director.passes.shader import load_program
from director.scene.figure_skeleton import (
    LIMB_COLOURS,
    LIMBS,
    POINT_COLOURS,
    POINTS,
    Skeletons,
    skeletons,
)
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "PoseMap"]

# Half across, of a picture whose shorter side is 512.
_RADIUS: Final = 4 / 512
_FLOATS = 12


class PoseMap:
    """uint8[h, w, 3]: limbs and joints in OpenPose's colours, black elsewhere."""

    name: ClassVar[str] = "pose"
    reads: ClassVar[frozenset[str]] = frozenset({"depth", "object"})
    channels: ClassVar[int] = 3
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        self._context = context
        self.texture = context.texture((width, height), 4, dtype="f1", alignment=1)
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._framebuffer = context.framebuffer([self.texture])
        self._program = load_program(context, "pose.vert", "pose.frag")
        self._program["depth_map"], self._program["object_map"] = 0, 1
        self._program["radius_px"] = max(1.0, _RADIUS * min(width, height))
        self._buffer = context.buffer(reserve=4 * _FLOATS, dynamic=True)
        self._vertices = self._bound()

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        strokes = _strokes(skeletons(state, inverse_rigid(view.view_from_world)[:3, 3]), view)
        plain_state(self._context)
        self._framebuffer.use()
        self._framebuffer.clear(0.0, 0.0, 0.0, 1.0)
        if not len(strokes):
            return
        if strokes.nbytes > self._buffer.size:
            self._vertices.release()
            self._buffer.orphan(2 * strokes.nbytes)
            self._vertices = self._bound()
        self._buffer.write(strokes.tobytes())
        gbuffer.textures["depth"].use(0)
        gbuffer.textures["object"].use(1)
        # In order: limbs cover those of figures behind, joints their own limbs.
        self._vertices.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(strokes))

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._vertices.release()
        self._buffer.release()
        self._program.release()
        release_framebuffer(self._framebuffer)
        self.texture.release()

    def _bound(self) -> moderngl.VertexArray:
        layout = (self._buffer, "4f 4f 4f/i", "from_id", "to_height", "colour")
        return self._context.vertex_array(self._program, [layout])


def _strokes(found: Skeletons, view: View) -> NDArray[np.float32]:
    """float32[n, 12], in the order of drawing: where a stroke begins, the object's id, where it ends, the
    figure's height, and its colour. A joint begins and ends in one place."""
    points = found.points
    depths = -(points[..., :3] @ view.view_from_world[2, :3] + view.view_from_world[2, 3])
    order = np.argsort(-depths.mean(1), kind="stable")
    ends = np.array([*LIMBS, *((i, i) for i in range(len(POINTS)))])
    colours = np.concatenate([LIMB_COLOURS, POINT_COLOURS]).astype(np.float32) / 255
    strokes = np.zeros((len(order), len(ends), _FLOATS), np.float32)
    strokes[..., 0:3] = points[order][:, ends[:, 0]]
    strokes[..., 3] = found.ids[order, None]
    strokes[..., 4:7] = points[order][:, ends[:, 1]]
    strokes[..., 7] = np.ptp(points[order], axis=1).max(-1)[:, None]
    strokes[..., 8:11] = colours
    seen = found.facing[order][:, ends].all(-1)
    # What lies behind the camera has no place in the picture.
    seen &= (depths[order][:, ends] > view.near_m).all(-1)
    return np.ascontiguousarray(strokes[seen])


MAP = PoseMap
