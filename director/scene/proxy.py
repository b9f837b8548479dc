"""What every proxy is: a pydantic model of the fields all share, and the parts that it is drawn from.

A proxy is one file in `scene/proxies/` that defines `PROXY`. Object space is centred on the base (y from 0
up) and faces +Z, as glTF's models do: at yaw 0 a figure walks, and a sofa looks, towards +Z.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from director.scene.ade20k import class_index
from director.scene.mesh import Mesh
from director.types import Vector

__all__ = [
    "Colour",
    "Document",
    "Key",
    "Light",
    "Metres",
    "Number",
    "Part",
    "Placed",
    "Position",
    "Proxy",
    "ProxyProblem",
    "Rotation",
    "colour_values",
]

_FARTHEST_M = 1e5

# Strict: "3" and true are not numbers. The limits keep float32 matrices exact to a centimetre.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-_FARTHEST_M, le=_FARTHEST_M)]
Metres = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=_FARTHEST_M)]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-36000, le=36000)]
Position = tuple[Coordinate, Coordinate, Coordinate]
Rotation = tuple[Degrees, Degrees, Degrees]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="sRGB, #rrggbb")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_ .\-]*$", max_length=80)]


def _known_class(name: str) -> str:
    class_index(name)
    return name


ClassName = Annotated[str, AfterValidator(_known_class)]


def colour_values(colour: str) -> Vector:
    """sRGB 0..1 of "#rrggbb"."""
    value = int(colour[1:], 16)
    return ((value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255)


class Document(BaseModel):
    """Base of everything in a scene file: frozen, and no field but the known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Key(Document):
    """Where something is at a time. What a key leaves out is decided by the keys around it."""

    time_s: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=86400)]
    position: Position | None = None
    rotation_deg: Rotation | None = Field(
        None, description="yaw, pitch, roll; each goes from key to key as written: 0 to 720 is two turns"
    )


class Light(Document):
    """A lamp carried by a proxy, in the middle of its bounding box."""

    colour: Colour = "#ffffff"
    strength: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1000)] = Field(
        0.5, description="illuminance one metre away, in units of full sun"
    )


class Placed(Document):
    """Whatever stands somewhere: groups and proxies. `position` and `rotation_deg` are in the parent's space.

    With keys, the position and rotation of the keys replace these. "smooth" starts and ends at rest and
    passes every key without a jerk; "linear" keeps one speed between keys. Before the first key and after
    the last, the nearest key holds.
    """

    name: Name
    parent: str | None = None
    position: Position = (0.0, 0.0, 0.0)
    rotation_deg: Rotation = Field((0.0, 0.0, 0.0), description="yaw, pitch, roll")
    keys: tuple[Key, ...] = ()
    interpolation: Literal["smooth", "linear"] = "smooth"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One mesh of a proxy. Parts with equal `mesh_key` must have equal meshes: they are drawn in one call.

    `object_from_mesh` (float64[4, 4], scale included) is the rest pose; `colour` (sRGB 0..1) overrides the
    object's own.
    """

    mesh_key: str
    mesh: Mesh
    object_from_mesh: NDArray[np.float64]
    colour: Vector | None = None


class ProxyProblem(ValueError):
    """A proxy that cannot be made from its fields; names the field and the mend."""

    def __init__(self, problem: str, *, field: str, mend: str) -> None:
        self.problem = problem
        self.field = field
        self.mend = mend
        super().__init__(f"{field}: {problem} ({mend})")


class Proxy(Placed, ABC):
    """A piece of blocking geometry. Every kind narrows `kind` to a literal of its own."""

    kind: str
    class_name: ClassName = Field(alias="class", description="an ADE20K class name")
    prompt: Annotated[str, Field(max_length=400)] = ""
    colour: Colour = "#9a968f"
    light: Light | None = None

    @property
    @abstractmethod
    def size_m(self) -> Vector:
        """The bounding box of the rest pose, metres: width, height, depth."""

    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """What it is drawn from, at rest, always in the same order. Raises ProxyProblem."""

    def pose(self) -> NDArray[np.float64] | None:
        """float64[parts, 4, 4]: object_from_mesh as posed, or None where that is the rest pose."""
        return None

    def check(self) -> None:
        """Raises ProxyProblem for what fields alone cannot tell (a mesh file that is missing)."""

    def references_from(self, folder: Path) -> dict[str, str]:
        """The fields that name files, as they must read in a scene file in `folder`."""
        return {}

    @property
    def walks(self) -> bool:
        """Whether `pose_at` changes with the distance travelled."""
        return False

    def pose_at(self, distance_m: float, speed: float) -> NDArray[np.float64]:
        """float64[parts, 4, 4]: the pose after travelling so far, at a speed in metres a second.

        Raises TypeError for proxies that do not walk.
        """
        raise TypeError(f"a {self.kind} does not walk")
