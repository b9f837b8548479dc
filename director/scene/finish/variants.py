"""Which of its kind a thing is: one of a few variants, told by its id and the seed of the direction.

A blocked car says nothing of its make, and a network that cannot know it would draw the mean of all makes.
So teacher and network agree on a number: things of one class and size come in a few variants, and another
seed deals them anew while the blocking stays.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["VARIANTS", "variants"]

VARIANTS: Final = 6


def variants(objects: int, seed: int) -> NDArray[np.int64]:
    """int64[objects], 0..VARIANTS − 1: those of the objects with the ids 1, 2, 3 …"""
    dealt = np.uint64((seed & 0xFFFFFFFF) * 0x85EBCA77 & 0xFFFFFFFF)
    whole = np.uint64(0xFFFFFFFF)
    h = np.arange(1, objects + 1, dtype=np.uint64) * np.uint64(0x9E3779B1) + dealt
    # The mixing is Wellons' lowbias32, https://nullprogram.com/blog/2018/07/31/.
    h = h & whole
    h ^= h >> np.uint64(16)
    h = h * np.uint64(0x7FEB352D) & whole
    h ^= h >> np.uint64(15)
    h = h * np.uint64(0x846CA68B) & whole
    h ^= h >> np.uint64(16)
    return (h % np.uint64(VARIANTS)).astype(np.int64)
