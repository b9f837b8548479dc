"""What every proxy is: a pydantic model of the fields all share, and the parts that it is drawn from.

A proxy is one file in `scene/proxies/` that defines `PROXY`. Object space is centred on the base (y from 0
up) and faces +Z, as glTF's models do: at yaw 0 a figure walks, and a sofa looks, towards +Z.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from director.camera.points import ObjectPoint
from director.scene.ade20k import class_index
from director.scene.mesh import Mesh
from director.types import Vector

__all__ = [
    "Colour",
    "Document",
    "Key",
    "Light",
    "Metres",
    "Name",
    "Number",
    "Part",
    "Placed",
    "Position",
    "Proxy",
    "ProxyProblem",
    "Rotation",
    "Route",
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


class Route(Document):
    """A way drawn through `points` (in the parent's space), gone along smoothly and at one pace.

    The pace is `speed_m_s` (1.35 where nothing is said), or what takes `duration_s` for the whole. It begins
    at `start_s`; at the end it stops, or joins the first point again and goes round and round.
    """

    points: Annotated[tuple[Position, ...], Field(min_length=2, max_length=1000)]
    speed_m_s: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.01, le=200)] | None = None
    duration_s: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.01, le=86400)] | None = None
    start_s: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=86400)] = 0.0
    at_end: Literal["stop", "loop"] = "stop"


class Placed(Document):
    """Whatever stands somewhere: groups and proxies. `position` and `rotation_deg` are in the parent's space.

    With keys, the position and rotation of the keys replace these. "smooth" starts and ends at rest and
    passes every key without a jerk; "linear" keeps one speed between keys. Before the first key and after
    the last, the nearest key holds. With a route, its points replace `position`, and it faces along the way;
    rotations of keys, or else `rotation_deg`, then turn it from there.
    """

    name: Name
    parent: str | None = None
    position: Position = (0.0, 0.0, 0.0)
    rotation_deg: Rotation = Field((0.0, 0.0, 0.0), description="yaw, pitch, roll")
    keys: tuple[Key, ...] = ()
    interpolation: Literal["smooth", "linear"] = "smooth"
    route: Route | None = None
    hidden: Annotated[
        bool, Field(strict=True, description="drawn in no pass, lights nothing; goes for what hangs on it")
    ] = False
    locked: Annotated[bool, Field(strict=True, description="refuses edits; goes for what hangs on it")] = (
        False
    )

    @property
    def references(self) -> tuple[tuple[str, str], ...]:
        """(field, name) of each object or group that one of its fields names: what a renaming follows."""
        return () if self.parent is None else (("parent", self.parent),)


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

    def resized(self, factors: Vector) -> dict[str, object]:
        """The fields that change when it is to be so many times as wide, high and deep, along its own axes.

        Fields that name one length for the whole (`height_m`, `scale`) take the factor farthest from 1.
        Kinds whose size lies in further fields add those.
        """
        wide, high, deep = factors
        size = getattr(self, "size", None)
        if isinstance(size, tuple):
            along = (wide, high, deep) if len(size) == 3 else (wide, deep)
            return {"size": tuple(length * factor for length, factor in zip(size, along, strict=True))}
        for field in ("height_m", "scale"):
            length = getattr(self, field, None)
            if length is not None:
                return {field: length * max(factors, key=lambda factor: abs(math.log(factor)))}
        return {}

    def references_from(self, folder: Path) -> dict[str, str]:
        """The fields that name files, as they must read in a scene file in `folder`."""
        return {}

    @property
    def focus(self) -> Vector:
        """What of it is looked at, in object space: the middle of its box, or a figure's eyes."""
        return (0.0, self.size_m[1] / 2, 0.0)

    @property
    def walks(self) -> bool:
        """Whether `pose_at` changes with the distance travelled."""
        return False

    @property
    def acts(self) -> bool:
        """Whether `pose_at` changes with the time, or with what is looked at, even at rest."""
        return False

    @property
    def looks_at(self) -> ObjectPoint | Vector | None:
        """What `pose_at` needs as its target: an object or group, by an offset from its focus, or a point in
        the world."""
        return None

    def pose_at(
        self,
        distance_m: float | None,
        speed: float,
        time_s: float = 0.0,
        pace_m_s: float | None = None,
        target: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """float64[parts, 4, 4]: the pose after travelling so far, at a speed in metres a second; None where
        nothing takes it along.

        `pace_m_s` is the steady speed of a route, `target` (float64[3], object space) what is looked at.
        Raises TypeError for proxies that neither walk nor act.
        """
        raise TypeError(f"a {self.kind} does not walk")
