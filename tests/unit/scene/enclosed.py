"""What is inside a closed mesh and what is not, for tests of cloth about legs."""

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh

__all__ = ["outside"]


def outside(mesh: Mesh, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points are outside of a closed mesh: by the solid angle it fills of all they see."""
    corners = mesh.positions[mesh.triangles].astype(np.float64)[None] - points[:, None, None]
    a, b, c = (corners[:, :, k] for k in range(3))
    la, lb, lc = (np.linalg.norm(v, axis=2) for v in (a, b, c))
    volume = np.einsum("nti,nti->nt", a, np.cross(b, c))
    edges = la * lb * lc + (a * b).sum(2) * lc + (b * c).sum(2) * la + (c * a).sum(2) * lb
    turns = np.arctan2(volume, edges).sum(1) / (2 * np.pi)
    return np.asarray(np.abs(turns) < 0.5)
