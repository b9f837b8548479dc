"""The proxies of a take as other programs want them: objects that move, each with parts that are meshes.

An object is a rigid frame of its own, and its parts lie in that frame; a part moves in it only where the
object is posed anew (someone who walks). Matrices are float64[4, 4].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.scene.compile import CompiledScene
from director.scene.mesh import Mesh
from director.take.exporters._camera import FrameCamera
from director.take.exporters._source import Source
from director.types import SceneObject, Vector

__all__ = ["Blocked", "BlockedObject", "BlockedPart", "blocking_of", "decomposed", "linear_rgb"]

# What moves by less than this, in metres or in parts of a turn, stands still.
_STILL = 1e-6
_FLAT = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class BlockedPart:
    """A mesh of an object. `object_from_mesh` is float64[n, 4, 4], n the number of frames, or 1 where it
    stands still in its object; `colour` is sRGB 0..1."""

    mesh_key: str
    colour: Vector
    object_from_mesh: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BlockedObject:
    """An object with its parts. `world_from_object` is float64[n, 4, 4], rigid, or float64[1, 4, 4] where it
    stands still."""

    object: SceneObject
    world_from_object: NDArray[np.float64]
    parts: tuple[BlockedPart, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Blocked:
    """All that can be seen of a scene, at the frames of a take."""

    meshes: Mapping[str, Mesh]
    objects: tuple[BlockedObject, ...]


def blocking_of(source: Source, cameras: Sequence[FrameCamera]) -> Blocked:
    """The proxies of a take's scene at the scene times of its frames. Raises SceneError."""
    compiled = CompiledScene(source.take.scene)
    states = [compiled.at(frame.scene_time_s) for frame in cameras]
    first = states[0]
    worlds = np.stack([state.world_from_object for state in states]).astype(np.float64)
    parts: dict[int, list[BlockedPart]] = {}
    for key, batch in first.batches.items():
        placed = np.stack([state.batches[key].world_from_mesh for state in states]).astype(np.float64)
        for row, object_id in enumerate(batch.object_id):
            index = int(object_id) - 1
            local = np.linalg.inv(worlds[:, index]) @ placed[:, row]
            r, g, b = (float(share) for share in batch.colour[row])
            parts.setdefault(index, []).append(BlockedPart(key, (r, g, b), _thinned(local)))
    objects = [
        BlockedObject(thing, _thinned(worlds[:, index]), tuple(parts[index]))
        for index, thing in enumerate(first.objects)
        if index in parts
    ]
    return Blocked(first.meshes, tuple(objects))


def decomposed(
    matrices: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """float64[n, 3] places, float64[n, 4] turns (x, y, z, w; each by the shorter way from the one before) and
    float64[n, 3] scales of matrices float64[n, 4, 4] that scale, then turn, then move."""
    from scipy.spatial.transform import Rotation

    axes = matrices[:, :3, :3]
    scales = np.linalg.norm(axes, axis=1)
    axes = _filled(axes, scales)
    # A mirror cannot be turned away: it stays in the scale.
    scales[:, 0] *= np.where(np.linalg.det(axes) < 0, -1.0, 1.0)
    turned = axes / np.copysign(np.maximum(np.abs(np.linalg.norm(axes, axis=1)), _FLAT), scales)[:, None, :]
    turns = Rotation.from_matrix(turned).as_quat()
    for i in range(1, len(turns)):
        if turns[i] @ turns[i - 1] < 0:
            turns[i] = -turns[i]
    return matrices[:, :3, 3].copy(), turns, scales


def _filled(axes: NDArray[np.float64], scales: NDArray[np.float64]) -> NDArray[np.float64]:
    """The axes with one that has no length made square to the others: what is flat is turned all the same."""
    flat = scales < _FLAT
    if not flat.any():
        return axes
    made = axes.copy()
    for i, axis in zip(*np.nonzero(flat), strict=True):
        made[i, :, axis] = np.cross(axes[i, :, (axis + 1) % 3], axes[i, :, (axis + 2) % 3])
    made[flat.sum(axis=1) > 1] = np.eye(3)
    return made


def linear_rgb(colour: Vector) -> Vector:
    """Linear light of sRGB, both 0..1 (IEC 61966-2-1)."""
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour)
    return (r, g, b)


def _thinned(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """One matrix where they are all the same."""
    return matrices[:1] if np.abs(matrices - matrices[0]).max() < _STILL else matrices
