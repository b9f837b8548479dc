"""A proxy on its way to being finished, and the pieces it becomes."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from director.scene.finish.stuff import stuff_index
from director.scene.finish.told import NOTHING, Told
from director.scene.mesh import Mesh
from director.scene.proxy import Part, Proxy
from director.types import Vector

__all__ = ["Drape", "Piece", "Thing"]


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """One object of a scene, as blocked. Object space: metres, origin in the middle of the base, y up,
    faces +Z; the box is x ±size/2, y 0..size, z ±size/2.

    `seed` is the thing's variant (variants.py): one of a few numbers. `parts` are those of the proxy at rest
    (a mannequin's limbs, an array's copies). `told` is what its prompt says of its shape.
    """

    proxy: Proxy
    class_name: str
    size_m: Vector
    seed: int
    parts: tuple[Part, ...]
    told: Told = NOTHING

    @property
    def kind(self) -> str:
        """The proxy's kind: box, sphere, mannequin …"""
        return self.proxy.kind


class Drape(Protocol):
    """Cloth that hangs anew wherever the parts of its thing go."""

    def hung(self, moves: NDArray[np.float64]) -> Mesh:
        """The cloth in the thing's object space, metres; `moves`, float64[parts, 4, 4] in that space too,
        take each part of the thing from rest to where it is. The triangles are the same array always."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something finished: a mesh in the thing's object space at rest, metres, made of a named stuff
    (stuff.STUFFS). With `part`, it is carried by that part of the thing: by a limb of a mannequin. With a
    `drape`, it is `mesh` only at rest, and in other poses what the drape says.

    It should lie within the thing's box, or stand out of it by centimetres: what was blocked is what is
    framed, and pictures are carried along the blocking.
    """

    mesh: Mesh
    stuff: str
    part: int | None = None
    drape: Drape | None = None

    def __post_init__(self) -> None:
        stuff_index(self.stuff)
