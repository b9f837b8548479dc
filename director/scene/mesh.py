"""Triangle meshes as numpy arrays: what proxies are drawn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mesh"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Mesh:
    """An indexed triangle mesh in its own space, counter-clockwise seen from outside.

    positions  float32[v, 3]
    normals    float32[v, 3]  unit; vertices are doubled where an edge is hard
    triangles  uint32[t, 3]
    """

    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.uint32]

    @property
    def centre(self) -> NDArray[np.float32]:
        """float32[3]: the middle of the bounding box."""
        low, high = self.positions.min(axis=0), self.positions.max(axis=0)
        return np.asarray((low + high) / 2, np.float32)

    @property
    def radius(self) -> float:
        """Of the sphere about `centre` that holds every vertex."""
        return float(np.linalg.norm(self.positions - self.centre, axis=1).max())
