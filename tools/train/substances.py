"""Which of the network's substances each of the teacher's stuffs is shown as."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.painter.palette import GROUPS
from tools.teacher.finish.stuff import STUFFS

__all__ = ["group_of_stuff"]

# Stuffs by substance; "own" is what is not named.
_STUFFS: Final = {
    "own plain": ("own plain", "garment top", "flower", "gloss paint", "upholstery"),
    "own second": ("own second", "garment legs", "leaf shade"),
    "light": ("light trim", "paint white", "linen", "paper", "eye white", "porcelain"),
    "dark": ("dark trim", "rubber", "iron", "tar", "iris", "soil"),
    "glass": ("glass", "pane", "water", "mirror"),
    "metal": ("chrome", "steel"),
    "wood": ("wood", "bark"),
    "mineral": ("stone", "roof"),
    "red": ("cover red", "tail lamp"),
    # A portrait is nobody: what is skin would be dark on it.
    "yellow": ("cover ochre", "paint yellow", "brass", "amber lamp", "painted flesh"),
    "blue": ("cover blue", "screen"),
    "green": ("cover green", "green lamp"),
    "lamp": ("headlamp", "lamp", "neon", "ember"),
    "skin": ("skin", "lips"),
    "hair": ("hair",),
}


def group_of_stuff() -> NDArray[np.int64]:
    """int64[256]: the place in painter.palette.GROUPS of what the data set numbers stuff: −1 for the sky.

    Raises ValueError for a stuff that STUFFS has not.
    """
    unknown = {name for names in _STUFFS.values() for name in names} - {stuff.name for stuff in STUFFS}
    if unknown:
        raise ValueError(f"there is no stuff {', '.join(sorted(unknown))}")
    places = {group.name: i for i, group in enumerate(GROUPS)}
    shown = {stuff: places[group] for group, stuffs in _STUFFS.items() for stuff in stuffs}
    table = np.zeros(256, np.int64)
    table[0] = -1
    for i, stuff in enumerate(STUFFS, start=1):
        table[i] = shown.get(stuff.name, 0)
    return table
