"""Bringing in a mesh file: looking at what it leaves unsaid, and adding it as a proxy.

glTF is in metres with y up by its standard. Other kinds say neither: a unit is guessed by which would give
the thing a size that people build and carry, and the upward axis by where it could stand on a flat base.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit.add import made_proxy
from director.scene.edit.edit import Edit, rebuilt
from director.scene.edit.places import rounded
from director.scene.edit.tree import fresh_name, names_used
from director.scene.mesh import Mesh
from director.scene.mesh_file import read_mesh
from director.scene.proxy import ProxyProblem
from director.types import Vector

__all__ = ["UNITS", "ImportMesh", "MeshFindings", "Up", "inspect_mesh"]

Up = Literal["y", "z"]

UNITS: Mapping[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
"""Units a file may be in, and how many metres each is: what `scale` of a mesh is then."""

# Most things that are modelled for sets are about this large; in powers of ten, this far off is odd.
_USUAL_M = 1.5
_USUAL_DECADES = 1.0
# Inches and feet are so near to other units that size alone never tells them; they can be asked for.
_GUESSED = ("m", "cm", "mm")
# Kinds whose programs mostly count z as up.
_Z_UP = frozenset({".stl", ".ply"})
_FLAT_SHARE = 0.02  # of the height: what counts as the base
_CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class MeshFindings:
    """What a dialog needs to ask about a mesh file.

    `size` is the bounding box in the file's own units with y up; `questions` are in the user's words, none
    where the file leaves nothing open. `unit` and `up` are the best guesses; `size_m` tells the size under
    any other answer.
    """

    path: Path
    triangles: int
    size: Vector
    unit: str
    up: Up
    questions: tuple[str, ...]

    @property
    def scale(self) -> float:
        """What `scale` of the proxy is with the guessed unit."""
        return UNITS[self.unit]

    def size_m(self, unit: str, up: Up) -> Vector:
        """Width, height, depth in metres if these are the file's unit and upward axis."""
        x, y, z = (length * UNITS[unit] for length in self.size)
        return (x, y, z) if up == "y" else (x, z, y)


def inspect_mesh(path: Path) -> MeshFindings:
    """What is in a mesh file and what it leaves open. Raises SceneError where it cannot be read."""
    try:
        found = read_mesh(path, "y")
    except ProxyProblem as problem:
        raise SceneError(problem.problem, file=str(path), mend=problem.mend) from problem
    size = (float(found.size[0]), float(found.size[1]), float(found.size[2]))
    is_gltf = path.suffix.lower() in (".glb", ".gltf")
    questions = []
    unit = _unit_of(max(size))
    if is_gltf and unit == "m":
        pass
    elif is_gltf:
        questions.append(f"glTF is in metres, and so this is {max(size):.4g} m long; is it really in {unit}?")
        unit = "m"
    else:
        questions.append(
            f"the file does not say its unit; it is {max(size):.4g} long: "
            f"{max(size) * UNITS[unit]:.3g} m if that is in {unit}"
        )
    up: Up = "y"
    if not is_gltf:
        up, is_sure = _up_of(found.mesh, path.suffix.lower())
        if not is_sure:
            questions.append(f"the file does not say which way is up; {up} is likely")
    return MeshFindings(path, len(found.mesh.triangles), size, unit, up, tuple(questions))


@dataclass(frozen=True, slots=True)
class ImportMesh(Edit):
    """Add a mesh file (glTF, OBJ, PLY, STL, OFF) as a proxy.

    `scale` is metres a unit of the file; `height_m`, where given, counts instead. `folder` is that of the
    scene file, from which the path is told; without it the scene has no file yet. Saving writes the path
    that is right from where it saves.
    """

    path: Path
    position: Vector = (0.0, 0.0, 0.0)
    scale: float = 1.0
    up: Up = "y"
    height_m: float | None = None
    class_name: str = "sculpture"
    name: str = ""
    folder: Path | None = None

    @property
    def label(self) -> str:
        return f"Import {self.path.name}"

    def apply(self, scene: Scene) -> Scene:
        path = self.path.resolve()
        # A folder that is not there yet has no way up and out of it.
        folder = path.parent
        if self.folder is not None and self.folder.is_dir():
            folder = self.folder.resolve()
        raw = {
            "kind": "mesh",
            "name": fresh_name(self.name or _as_name(path.stem), names_used(scene)),
            "class": self.class_name,
            "position": rounded(self.position),
            "path": _relative(path, folder),
            "scale": self.scale,
            "up": self.up,
            "height_m": self.height_m,
        }
        proxy = made_proxy(scene, raw, folder)
        return rebuilt(scene, {"objects": (*scene.objects, proxy)})


def _unit_of(longest: float) -> str:
    if abs(math.log10(longest / _USUAL_M)) <= _USUAL_DECADES:
        return "m"
    return min(_GUESSED, key=lambda unit: abs(math.log10(longest * UNITS[unit] / _USUAL_M)))


def _up_of(mesh: Mesh, suffix: str) -> tuple[Up, bool]:
    """The upward axis of a mesh, and whether its shape leaves no doubt: the one with by far the larger flat
    base, in triangles that lie at the bottom and face down."""
    by_y, by_z = _base_area(mesh, 1), _base_area(mesh, 2)
    larger: Up = "y" if by_y >= by_z else "z"
    if max(by_y, by_z) > _CLEARLY * min(by_y, by_z) and min(by_y, by_z) > 0:
        return larger, False
    if max(by_y, by_z) > 0 and min(by_y, by_z) == 0:
        return larger, True
    return ("z" if suffix in _Z_UP else "y"), False


def _base_area(mesh: Mesh, axis: int) -> float:
    corners = mesh.positions.astype(np.float64)[mesh.triangles]
    heights = corners[:, :, axis]
    low, high = float(heights.min()), float(heights.max())
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(across, axis=1) / 2
    down = -across[:, axis] > 0.98 * np.linalg.norm(across, axis=1)
    at_bottom = heights.max(axis=1) <= low + _FLAT_SHARE * max(high - low, 1e-12)
    return float(areas[down & at_bottom].sum())


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        # Windows has no relative path from one drive to another.
        return path.as_posix()


def _as_name(stem: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "_ .-") else " " for c in stem)
    return " ".join(kept.split()).lstrip(" .-")[:80] or "mesh"
