"""What a finished thing shows of itself on each page of its object's atlas, seen straight on.

The pages are those of generate/embedded/painter/places.py: the faces of the object's box; for facades one bay
of each sort of storey; for people the head. The network's pages are taught by these before it sees a scene.
"""

from collections.abc import Mapping
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.painter.places import (
    BAY,
    BAY_M,
    GROUND,
    HEAD_BACK,
    HEAD_DEEP,
    HEAD_FROM,
    HEAD_FRONT,
    HEAD_SIDES,
    HEAD_WIDE,
    INSETS,
    PAGE_LAYERS,
    PAGES,
    REACH_M,
    SIDE,
    UNDER_ROOF,
)
from director.passes.gbuffer import plain_state
from director.passes.shader import load_program, set_matrix
from director.scene.mesh import Mesh

__all__ = ["INSET", "NORMAL", "THROUGH", "PageCamera"]

_FINER: Final = 4
# What stands out of the box by so much of its depth is still seen.
_BEFORE: Final = 0.25

# Layers of a page beside the substances' shares, which come first.
THROUGH, NORMAL, INSET = -5, slice(-4, -1), -1
"""Of places.PAGE_LAYERS: how much shows through, the normal in the object's space, and how far behind the
face, as a share of the box's depth or of places.REACH_M, whichever is less."""

Window = tuple[float, float, float, float]
_WHOLE: Final[Window] = (0.0, 1.0, 0.0, 1.0)
_SIDES, _TOP, _BASE, _FRONT, _BACK = range(5)


class PageCamera:
    """Draws pages, float32[PAGES, SIDE, SIDE, substances + PAGE_LAYERS]; v upwards."""

    def __init__(self, context: moderngl.Context, substances: NDArray[np.int64]) -> None:
        """`substances` tells of each stuff, by its place in STUFFS plus one, which substance it is (−1 none),
        as train.substances.group_of_stuff does."""
        self._context = context
        self._substances = substances
        self._count = int(substances.max()) + 1
        size = (_FINER * SIDE, _FINER * SIDE)
        self._textures = [context.texture(size, 4, dtype="f4") for _ in range(2)]
        self._framebuffer = context.framebuffer(self._textures, context.depth_texture(size))
        self._program = load_program(context, "teacher/page.vert", "teacher/page.frag")

    def pages(
        self, meshes: Mapping[int, Mesh], size: tuple[float, float, float], has_bays: bool, is_person: bool
    ) -> NDArray[np.float32]:
        """Of a thing in its object's space at rest, by stuff (its place in STUFFS)."""
        made = np.zeros((PAGES, SIDE, SIDE, self._count + PAGE_LAYERS), np.float32)
        triangles = [mesh for mesh in meshes.values() if len(mesh.triangles)]
        if not triangles:
            made[..., THROUGH] = 1.0
            return made
        vertices = np.concatenate(
            [
                np.concatenate([mesh.positions, mesh.normals, np.full((len(mesh.positions), 1), stuff)], 1)[
                    mesh.triangles.ravel()
                ]
                for stuff, mesh in meshes.items()
            ]
        ).astype(np.float32)
        buffer = self._context.buffer(vertices.tobytes())
        array = self._context.vertex_array(
            self._program, [(buffer, "3f4 3f4 1f4", "position", "normal", "stuff")]
        )
        for page, (face, windows) in _windows(size, has_bays, is_person).items():
            shown = [self._draw(array, face, size, window) for window in windows]
            made[page] = np.mean(shown, 0)
        array.release()
        buffer.release()
        return made

    def _draw(
        self, array: moderngl.VertexArray, face: int, size: tuple[float, float, float], window: Window
    ) -> NDArray[np.float32]:
        matrix, deep = _page_from_object(face, size, window)
        set_matrix(self._program, "page_from_object", matrix)
        self._program["deep"] = deep
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<"
        self._framebuffer.use()
        self._framebuffer.clear()
        array.render(moderngl.TRIANGLES)
        fine = _FINER * SIDE
        seen, turned = (
            np.frombuffer(texture.read(), np.float32).reshape(fine, fine, 4) for texture in self._textures
        )
        stuff = np.round(seen[..., 0]).astype(np.int64)
        hit = stuff > 0
        layers = np.zeros((fine, fine, self._count + PAGE_LAYERS), np.float32)
        substance = self._substances[stuff]
        where = np.flatnonzero(hit & (substance >= 0))
        layers.reshape(fine * fine, -1)[where, substance.ravel()[where]] = 1.0
        layers[..., THROUGH] = ~hit
        layers[..., NORMAL] = turned[..., :3] * hit[..., None]
        depth_m = deep / (1 + 2 * _BEFORE)
        inset = (seen[..., 1] - _BEFORE * depth_m) / min(depth_m, REACH_M)
        layers[..., INSET] = np.where(hit, np.clip(inset, *INSETS), 1.0)
        return np.asarray(layers.reshape(SIDE, _FINER, SIDE, _FINER, -1).mean((1, 3)), np.float32)


def _windows(
    size: tuple[float, float, float], has_bays: bool, is_person: bool
) -> dict[int, tuple[int, list[Window]]]:
    """Which face each page shows, and what part of it; where several, their mean."""
    windows = {page: (page, [_WHOLE]) for page in (_SIDES, _TOP, _BASE, _FRONT, _BACK)}
    if has_bays:
        columns = max(1, round(size[0] / BAY_M[0]))
        storeys = max(1, round(size[1] / BAY_M[1]))
        chosen = sorted({round(k * (columns - 1) / 3) for k in range(4)})

        def bays(row: int) -> tuple[int, list[Window]]:
            return _FRONT, [
                (c / columns, (c + 1) / columns, row / storeys, (row + 1) / storeys) for c in chosen
            ]

        windows[BAY] = bays(storeys // 2 if storeys > 2 else storeys - 1)
        windows[GROUND], windows[UNDER_ROOF] = bays(0), bays(storeys - 1)
    if is_person:
        across, deep = ((0.5 - 0.5 * part, 0.5 + 0.5 * part) for part in (HEAD_WIDE, HEAD_DEEP))
        windows[HEAD_FRONT] = _FRONT, [(*across, HEAD_FROM, 1.0)]
        windows[HEAD_SIDES] = _SIDES, [(*deep, HEAD_FROM, 1.0)]
        windows[HEAD_BACK] = _BACK, [(*across, HEAD_FROM, 1.0)]
    return windows


# Of each face: the axes that u and v run along, and the one that looks into the box, with its sign.
_AXES: Final = {
    _SIDES: (2, 1, 0, -1.0),
    _TOP: (0, 2, 1, -1.0),
    _BASE: (0, 2, 1, 1.0),
    _FRONT: (0, 1, 2, -1.0),
    _BACK: (0, 1, 2, 1.0),
}


def _page_from_object(
    face: int, size: tuple[float, float, float], window: Window
) -> tuple[NDArray[np.float64], float]:
    """Clip space of a page, and how many metres deep it is."""
    across, up, into, sign = _AXES[face]
    u0, u1, v0, v1 = window
    # Half a texel more all round: the outermost texels' middles lie on the edges.
    more_u, more_v = (0.5 * (b - a) / (SIDE - 1) for a, b in ((u0, u1), (v0, v1)))
    u0, u1, v0, v1 = u0 - more_u, u1 + more_u, v0 - more_v, v1 + more_v
    matrix = np.zeros((4, 4))
    matrix[3, 3] = 1.0
    for row, axis, low, high in ((0, across, u0, u1), (1, up, v0, v1)):
        start = 0.0 if axis == 1 else -0.5
        extent = max(size[axis], 1e-3)
        # share = p / extent − start; clip = (share − low) / (high − low) · 2 − 1.
        matrix[row, axis] = 2.0 / (extent * (high - low))
        matrix[row, 3] = (-start - low) / (high - low) * 2.0 - 1.0
    extent = max(size[into], 1e-3)
    deep = extent * (1 + 2 * _BEFORE)
    middle = 0.5 * size[1] if into == 1 else 0.0
    matrix[2, into] = sign * 2.0 / deep
    matrix[2, 3] = -sign * middle * 2.0 / deep
    return matrix, deep
