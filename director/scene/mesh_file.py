"""Mesh files: triangles read through trimesh, cleaned, centred on their base, with normals of our own."""

import hashlib
import json
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh
from director.scene.proxy import ProxyProblem

__all__ = ["MeshFile", "read_mesh"]

FILE_KINDS = (".glb", ".gltf", ".obj", ".off", ".ply", ".stl")
_LARGEST_FILE = 512 * 2**20
_MOST_TRIANGLES = 4_000_000
# Edges that bend by more than this are drawn hard.
_CREASE_DEG = 40.0
# A corner where more triangles meet is smoothed by the first of them.
_MOST_AROUND = 48

# trimesh's readers let whatever goes wrong inside them escape; a broken file must still end in one line.
_READER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True, eq=False)
class MeshFile:
    """A mesh centred on its base, in the file's units, y up; `size` float64[3] is its bounding box."""

    mesh: Mesh
    size: NDArray[np.float64]
    sha256: str


def read_mesh(path: Path, up: str) -> MeshFile:
    """The triangles of a file. Raises ProxyProblem (field "path") for all that can be wrong."""
    kind = path.suffix.lower()
    if kind not in FILE_KINDS:
        raise _problem(f"{path.name} is no mesh file that can be read", f"use one of {', '.join(FILE_KINDS)}")
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _problem(
            f"there is no mesh file {str(path)!r}", "mend the path; it is relative to the scene file"
        ) from error
    if not path.is_file():
        raise _problem(f"{path} is not a file", "name the mesh file itself")
    _refuse_large(path, status.st_size)
    return _read(path, up, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, up: str, modified_ns: int, size: int) -> MeshFile:
    # `modified_ns` and `size` are in the signature so that a changed file is read again.
    try:
        digest = _digest(path)
        positions, triangles = _triangles(path)
    except ProxyProblem:
        raise
    except _READER_ERRORS as error:
        raise _problem(
            f"{path.name} cannot be read as a mesh: {type(error).__name__}: {error!s:.120}",
            "export it again, as .glb or .obj",
        ) from error
    if len(triangles) == 0:
        raise _problem(f"{path.name} has no triangles", "export a triangle mesh, not points or curves")
    if len(triangles) > _MOST_TRIANGLES:
        raise _problem(
            f"{path.name} has {len(triangles)} triangles; the most is {_MOST_TRIANGLES}",
            "decimate it: it is only blocking",
        )
    if triangles.min() < 0 or triangles.max() >= len(positions):
        raise _problem(f"{path.name} has triangles of vertices that are not there", "export it again")
    used = positions[triangles]
    if not np.isfinite(used).all() or np.abs(used).max() > 1e9:
        raise _problem(f"{path.name} has vertices that are not finite", "clean the mesh and export it again")
    if up == "z":
        positions = positions[:, (0, 2, 1)] * (1, 1, -1)
        used = positions[triangles]
    low, high = used.min(axis=(0, 1)), used.max(axis=(0, 1))
    if float((high - low).max()) < 1e-9:
        raise _problem(f"{path.name} has no extent", "export it again, at its real size")
    base = np.array(((low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2))
    return MeshFile(_creased(positions - base, triangles), high - low, digest)


def _triangles(path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All triangles of the file in its own world, or none."""
    import trimesh

    if path.suffix.lower() == ".gltf":
        _refuse_large_buffers(path)
    scene = trimesh.load_scene(path, process=False)
    positions: list[NDArray[np.float64]] = [np.empty((0, 3))]
    triangles: list[NDArray[np.int64]] = [np.empty((0, 3), np.int64)]
    count = 0
    for node in scene.graph.nodes_geometry:
        world_from_geometry, name = scene.graph[node]
        geometry = scene.geometry[name]
        if not isinstance(geometry, trimesh.Trimesh):
            continue
        own = np.asarray(geometry.vertices, np.float64)
        faces = np.asarray(geometry.faces, np.int64)
        matrix = np.asarray(world_from_geometry, np.float64)
        # A mirroring transform turns triangles inside out.
        faces = faces[:, ::-1] if np.linalg.det(matrix[:3, :3]) < 0 else faces
        positions.append(own @ matrix[:3, :3].T + matrix[:3, 3])
        triangles.append(faces + count)
        count += len(own)
    return np.concatenate(positions), np.concatenate(triangles)


def _refuse_large(path: Path, size: int) -> None:
    if size > _LARGEST_FILE:
        raise _problem(
            f"{path.name} is {size / 2**20:.0f} MB; the most is {_LARGEST_FILE / 2**20:.0f} MB",
            "decimate the mesh: it is only blocking",
        )


def _refuse_large_buffers(path: Path) -> None:
    # A small .gltf may name large buffers beside it.
    raw: Any = json.loads(path.read_text("utf-8"))
    for buffer in raw.get("buffers", ()):
        uri = unquote(str(buffer.get("uri", "data:")))
        if not uri.startswith("data:") and (path.parent / uri).is_file():
            _refuse_large(path.parent / uri, (path.parent / uri).stat().st_size)


def _creased(positions: NDArray[np.float64], triangles: NDArray[np.int64]) -> Mesh:
    """Normals averaged over the triangles that meet at a place within the crease angle, by their areas.

    Places, not indices, decide what meets: exporters double vertices along seams of textures.
    """
    corner = positions[triangles]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    areas = np.linalg.norm(across, axis=1)
    kept = areas > areas.max() * 1e-12
    corner, across, areas = corner[kept], across[kept], areas[kept]
    places = corner.reshape(-1, 3).astype(np.float32)
    _, place = np.unique(places, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    place = place.ravel()[order]
    face = order // 3
    facing = (across / areas[:, None])[face]
    weighted = across[face]
    normals = weighted.copy()
    least = np.cos(np.radians(_CREASE_DEG))
    for step in range(1, min(_MOST_AROUND, len(order))):
        here = np.flatnonzero(place[:-step] == place[step:])
        if len(here) == 0:
            break
        there = here + step
        soft = np.einsum("ij,ij->i", facing[here], facing[there]) > least
        here, there = here[soft], there[soft]
        normals[here] += weighted[there]
        normals[there] += weighted[here]
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    rows = np.concatenate([places[order], normals.astype(np.float32)], axis=1)
    # A hair's breadth of rounding must not keep equal corners apart.
    _, first, shared = np.unique(
        np.concatenate([place[:, None], np.round(normals * 512)], axis=1),
        axis=0,
        return_index=True,
        return_inverse=True,
    )
    index = np.empty(len(order), np.uint32)
    index[order] = shared.ravel()
    arrays = (
        np.ascontiguousarray(rows[first, :3]),
        np.ascontiguousarray(rows[first, 3:]),
        index.reshape(-1, 3),
    )
    for array in arrays:
        array.setflags(write=False)
    return Mesh(*arrays)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problem(problem: str, mend: str) -> ProxyProblem:
    return ProxyProblem(problem, field="path", mend=mend)
