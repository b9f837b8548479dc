"""A mesh from a file: glTF, OBJ, PLY and what else trimesh reads of triangles."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from director.math3d import scaling_matrix
from director.scene.mesh_file import MeshFile, read_mesh
from director.scene.proxy import Metres, Part, Proxy, ProxyProblem
from director.types import Vector

__all__ = ["PROXY"]


class MeshProxy(Proxy):
    """The triangles of the file at `path` (relative to the scene file), centred on their base.

    glTF is in metres; other files say nothing of units, so give `height_m` to scale to a height, or
    `scale`. `up` names the file's upward axis. Colours and textures of the file are not read.
    """

    kind: Literal["mesh"] = "mesh"
    path: Annotated[str, Field(min_length=1, max_length=1000)]
    scale: Metres = 1.0
    height_m: Metres | None = None
    up: Literal["y", "z"] = "y"

    _folder: Path = PrivateAttr(default_factory=Path)

    def model_post_init(self, context: Any) -> None:
        """Remember the folder of the scene file: relative paths start there."""
        self._folder = Path(context["folder"]) if isinstance(context, dict) else Path()

    @property
    def size_m(self) -> Vector:
        found = self._read()
        wide, high, deep = (float(value) * self._factor(found) for value in found.size)
        return (wide, high, deep)

    def parts(self) -> tuple[Part, ...]:
        found = self._read()
        factor = self._factor(found)
        key = f"mesh/{found.sha256[:16]}/{self.up}"
        return (Part(key, found.mesh, scaling_matrix((factor, factor, factor))),)

    def check(self) -> None:
        self._factor(self._read())

    def references_from(self, folder: Path) -> dict[str, str]:
        target = (self._folder / self.path).resolve()
        if Path(self.path).is_absolute():
            return {"path": self.path}
        try:
            return {"path": Path(os.path.relpath(target, folder.resolve())).as_posix()}
        except ValueError:
            # Windows has no relative path from one drive to another.
            return {"path": target.as_posix()}

    def _read(self) -> MeshFile:
        return read_mesh(self._folder / self.path, self.up)

    def _factor(self, found: MeshFile) -> float:
        if self.height_m is None:
            return self.scale
        if found.size[1] < 1e-6 * found.size.max():
            raise ProxyProblem(
                f"{Path(self.path).name} is flat: it has no height to scale",
                field="height_m",
                mend="give a scale instead, or turn it with up",
            )
        return self.height_m / float(found.size[1])


PROXY = MeshProxy
