"""What the pieces of a finished thing are made of, each told from the material of the thing as a whole.

A prompt gives an object one material: "red brick building" says nothing of its panes. A stuff turns that
row of numbers (generate/embedded/materials.py) into the row of one piece.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL
from director.scene.finish.stuff import STUFF_NAMES

__all__ = ["STUFFS", "Stuff"]

Row = NDArray[np.float32]
Colour = tuple[float, float, float]

_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")
_BANDS = slice(MATERIAL.index("brick"), MATERIAL.index("lit") + 1)


@dataclass(frozen=True, slots=True)
class Stuff:
    """A substance.

    A `tint` of 1 is `colour` (sRGB), 0 the thing's own first colour, or its second where `second` is set.
    `plain` leaves out the thing's patterns; `set` then overrides single numbers named as in look.MATERIAL.
    """

    name: str
    colour: Colour = (0.5, 0.5, 0.5)
    tint: float = 0.0
    second: bool = False
    plain: bool = True
    set: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def row(self, own: Row) -> Row:
        """float32[…, ROW]: this stuff's row on a thing whose own row is given. A new array."""
        made = own.copy()
        base = own[..., _SECOND : _SECOND + 3] if self.second else own[..., _FIRST : _FIRST + 3]
        tinted = (1 - self.tint) * base + self.tint * np.asarray(self.colour, np.float32)
        made[..., _FIRST : _FIRST + 3] = tinted
        if self.plain:
            made[..., _SECOND : _SECOND + 3] = 0.75 * tinted
            made[..., _BANDS] = 0.0
        for name, value in self.set.items():
            made[..., MATERIAL.index(name)] = value
        if self.plain:
            made[..., -1] = 0.0  # not a person's surface, even on a person
        return made


# The order is kept: the network is taught which stuff a pixel shows by these numbers.
STUFFS: tuple[Stuff, ...] = (
    Stuff("own", plain=False),  # exactly what the object is made of
    Stuff("own plain"),  # its first colour without patterns: bodywork, cushions, painted wood
    Stuff("own second", second=True),  # its second colour without patterns: trims, piping, trousers
    Stuff("light trim", colour=(0.90, 0.88, 0.83), tint=0.6),  # frames, ledges, stucco
    Stuff("dark trim", colour=(0.10, 0.10, 0.11), tint=0.75),  # iron, gaps, soles
    Stuff("glass", colour=(0.03, 0.04, 0.05), tint=1.0, set={"gloss": 1.0, "wear": 0.0}),
    # Panes of a room behind: lit by the share of the row's own `lit`; see surface.glsl.
    Stuff("pane", colour=(0.03, 0.04, 0.05), tint=1.0, set={"gloss": 1.0, "wear": 0.0}),
    Stuff("rubber", colour=(0.045, 0.045, 0.048), tint=1.0, set={"gloss": 0.12, "grain": 0.2}),
    Stuff("chrome", colour=(0.75, 0.76, 0.78), tint=1.0, set={"metal": 1.0, "gloss": 0.9, "wear": 0.05}),
    Stuff("steel", colour=(0.34, 0.35, 0.37), tint=1.0, set={"metal": 0.7, "gloss": 0.4, "grain": 0.2}),
    Stuff("headlamp", colour=(1.0, 0.95, 0.84), tint=1.0, set={"gloss": 0.9, "emission": 0.5}),
    Stuff("tail lamp", colour=(0.80, 0.03, 0.02), tint=1.0, set={"gloss": 0.8, "emission": 0.35}),
    Stuff("wood", colour=(0.42, 0.27, 0.15), tint=0.8, set={"planks": 0.5, "grain": 0.4, "gloss": 0.25}),
    Stuff("bark", colour=(0.26, 0.20, 0.15), tint=0.85, set={"blotches": 0.5, "grain": 0.8, "leaves": 0.3}),
    # Leaves keep the object's own colours and patterns: "autumn tree" is said of them.
    Stuff("leaf", plain=False, set={"leaves": 0.8, "gloss": 0.12}),
    Stuff("leaf shade", second=True, set={"leaves": 0.7, "gloss": 0.08}),
    Stuff("soil", colour=(0.17, 0.12, 0.08), tint=0.9, set={"grain": 0.9, "blotches": 0.5}),
    Stuff("stone", colour=(0.52, 0.50, 0.46), tint=0.75, set={"blotches": 0.6, "grain": 0.5, "veins": 0.15}),
    Stuff("water", colour=(0.05, 0.10, 0.11), tint=0.7, set={"gloss": 1.0, "wear": 0.0}),
    Stuff("paint white", colour=(0.88, 0.87, 0.84), tint=1.0, set={"wear": 0.45, "grain": 0.3}),
    Stuff("paint yellow", colour=(0.85, 0.62, 0.10), tint=1.0, set={"wear": 0.45, "grain": 0.3}),
    Stuff("linen", colour=(0.88, 0.85, 0.79), tint=0.75, set={"weave": 0.6}),
    Stuff("paper", colour=(0.90, 0.87, 0.80), tint=1.0, set={"stripes": 0.15}),
    Stuff("cover red", colour=(0.48, 0.10, 0.09), tint=0.9, set={"weave": 0.3}),
    Stuff("cover blue", colour=(0.10, 0.19, 0.36), tint=0.9, set={"weave": 0.3}),
    Stuff("cover green", colour=(0.11, 0.27, 0.17), tint=0.9, set={"weave": 0.3}),
    Stuff("cover ochre", colour=(0.68, 0.50, 0.20), tint=0.9, set={"weave": 0.3}),
    Stuff("brass", colour=(0.75, 0.56, 0.24), tint=1.0, set={"metal": 1.0, "gloss": 0.75, "wear": 0.1}),
    Stuff("skin", plain=False),
    Stuff("hair", plain=False),
    Stuff("garment top", plain=False),
    Stuff("garment legs", plain=False),
    Stuff("screen", colour=(0.35, 0.55, 0.85), tint=1.0, set={"gloss": 0.95, "emission": 0.35}),
    Stuff("lamp", colour=(1.0, 0.86, 0.62), tint=0.5, set={"emission": 0.8}),
    Stuff("flower", colour=(0.86, 0.25, 0.36), tint=0.8, set={"leaves": 0.3}),
    Stuff("roof", colour=(0.40, 0.21, 0.16), tint=0.7, set={"tiles": 0.3, "grain": 0.4, "wear": 0.35}),
    Stuff("iron", colour=(0.09, 0.09, 0.10), tint=0.9, set={"metal": 0.3, "gloss": 0.35, "emission": 0.0}),
    Stuff("neon", set={"emission": 0.9, "gloss": 0.5, "wear": 0.0}),
    Stuff("tar", colour=(0.05, 0.05, 0.055), tint=0.75, set={"gloss": 0.3, "grain": 0.4, "emission": 0.0}),
    Stuff("gloss paint", colour=(0.12, 0.23, 0.20), tint=0.6, second=True, set={"gloss": 0.5}),
    Stuff("amber lamp", colour=(1.0, 0.55, 0.05), tint=1.0, set={"gloss": 0.8, "emission": 0.3}),
    Stuff("green lamp", colour=(0.05, 0.85, 0.35), tint=1.0, set={"gloss": 0.8, "emission": 0.6}),
    Stuff("eye white", colour=(0.80, 0.77, 0.74), tint=1.0, set={"gloss": 0.8, "wear": 0.0, "emission": 0.0}),
    Stuff("iris", colour=(0.15, 0.09, 0.055), tint=0.95, set={"gloss": 0.95, "wear": 0.0, "emission": 0.0}),
    Stuff("lips", plain=False),  # the person's skin, redder
    Stuff("ember", colour=(1.0, 0.36, 0.07), tint=1.0, set={"emission": 0.85}),
    Stuff(
        "porcelain", colour=(0.90, 0.90, 0.88), tint=0.85, set={"gloss": 0.8, "wear": 0.0, "emission": 0.0}
    ),
    Stuff("upholstery", set={"weave": 0.45, "gloss": 0.08}),  # the object's own cloth, pattern or no
    Stuff(
        "mirror",
        colour=(0.86, 0.88, 0.90),
        tint=1.0,
        set={"metal": 1.0, "gloss": 1.0, "wear": 0.0, "emission": 0.0},
    ),
    Stuff("painted flesh", colour=(0.70, 0.49, 0.37), tint=1.0, set={"wear": 0.05, "emission": 0.0}),
    # What neon stands before: it does not rust, or nothing could be read.
    Stuff("enamel", colour=(0.02, 0.02, 0.024), tint=0.95, set={"gloss": 0.4, "wear": 0.0, "emission": 0.0}),
)
assert tuple(stuff.name for stuff in STUFFS) == STUFF_NAMES
