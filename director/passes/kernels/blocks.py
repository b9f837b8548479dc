"""Blocks of pixels that are worked on together: what lies where. Needs Numba.

A block is one array of float32 and one of uint32, cut into planes of BLOCK numbers: a loop that touches
nothing else need not ask whether it overwrites what it still has to read.
"""

from typing import Any, Final

import numpy as np

from director.passes.kernels.numbers import (
    BLOCK,
    LANES,
    step,
)

__all__ = [
    "ANCHOR",
    "BANK",
    "BLOTCHES",
    "BRICK",
    "COLUMN",
    "DEPTH",
    "EDGE",
    "FACING",
    "FINE",
    "FOOTPRINT",
    "GRAIN",
    "ID",
    "LEAVES",
    "NORMAL",
    "NUMBERS",
    "OCCLUSION",
    "PLACE",
    "PLANKS",
    "RAY",
    "SECOND",
    "SEED",
    "SIZE",
    "SPARE",
    "STRIPES",
    "STROKES",
    "TAP",
    "THIRD",
    "TILES",
    "TURN",
    "VEINS",
    "WEAVE",
    "WHOLE_NUMBERS",
    "WINDOWS",
    "WORDS",
    "U",
    "V",
    "any_below",
    "plane",
]


def plane(k: int) -> Any:
    """Where the plane k of a block begins."""
    return np.uint64(k * BLOCK)


SECOND: Final = plane(1)
"""From a plane to the next."""
THIRD: Final = plane(2)

# Vectors take three planes, one after the other.
ANCHOR: Final = plane(0)
NORMAL: Final = plane(3)
FOOTPRINT: Final = plane(6)
SIZE: Final = plane(9)
# Where it is on the object's box, and how much a pixel covers on average.
U: Final = plane(12)
V: Final = plane(13)
FINE: Final = plane(14)

# The bank, in its order.
BANK: Final = plane(16)
BRICK, PLANKS, TILES, WEAVE = (plane(16 + k) for k in range(4))
STRIPES, BLOTCHES, VEINS, LEAVES = (plane(20 + k) for k in range(4))
GRAIN, WINDOWS, STROKES, OCCLUSION = (plane(24 + k) for k in range(4))
EDGE, PLACE = plane(28), plane(29)

# What a surface needs before its patterns.
FACING: Final = plane(32)
RAY: Final = plane(35)
TURN: Final = plane(38)
DEPTH: Final = plane(47)
COLUMN: Final = plane(48)
SPARE: Final = plane(49)
"""From here on lies what a formula keeps for itself."""
NUMBERS: Final = 58 * BLOCK
"""How many float32s a block has."""

# In the array of uint32.
SEED: Final = plane(0)
"""What everything of a pixel's object is hashed from."""
ID: Final = plane(1)
WORDS: Final = plane(2)
TAP: Final = plane(6)
WHOLE_NUMBERS: Final = 7 * BLOCK
"""How many uint32s."""


@step
def any_below(s: Any, place: Any, bound: Any, groups: int) -> Any:
    """Whether any number of a plane is below a bound."""
    found = np.uint32(0)
    for pixel in range(groups * LANES):
        found |= np.uint32(1) if s[place + np.uint64(pixel)] < bound else np.uint32(0)
    return found > np.uint32(0)
