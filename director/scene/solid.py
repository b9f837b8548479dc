"""Whether a mesh is closed: then its far side never shows."""

from weakref import WeakKeyDictionary

import numpy as np

from director.scene.mesh import Mesh

__all__ = ["call_solid", "is_solid"]

_known: WeakKeyDictionary[Mesh, bool] = WeakKeyDictionary()


def is_solid(mesh: Mesh) -> bool:
    """Whether a mesh is closed with its faces outwards: along each edge as many triangles run one way as the
    other, and it holds a positive volume. Vertices at the same place count as one. Worked out once a mesh."""
    found = _known.get(mesh)
    if found is None:
        found = _known[mesh] = _is_solid(mesh)
    return found


def call_solid(mesh: Mesh) -> None:
    """Tell that a mesh is a piece of a solid one: its triangles' backs never show either."""
    _known[mesh] = True


def _is_solid(mesh: Mesh) -> bool:
    if len(mesh.triangles) < 4:
        return False
    _, welded = np.unique(np.round(mesh.positions, 5) + np.float32(0), axis=0, return_inverse=True)
    triangles = welded.reshape(-1)[mesh.triangles].astype(np.int64)
    # Triangles that welding made into lines (the tips of a sphere) have no edges to share.
    a, b, c = triangles.T
    triangles = triangles[(a != b) & (b != c) & (c != a)]
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    count = len(mesh.positions)
    along, against = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
    if not np.array_equal(np.sort(along), np.sort(against)):
        return False
    corners = mesh.positions[mesh.triangles].astype(np.float64)
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    return bool(volume > 0)
