"""Which of its kind a thing is: one of a few variants, told by its id and the seed of the direction.

A blocked car says nothing of its make. Things of one class and size come in a few variants, and another seed
deals them anew while the blocking stays.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["VARIANTS", "variants", "variants_between"]

VARIANTS: Final = 6


def variants(objects: int, seed: int) -> NDArray[np.int64]:
    """int64[objects], 0..VARIANTS − 1: those of the objects with the ids 1, 2, 3 …"""
    return (_hashed(objects, (seed & 0xFFFFFFFF) * 0x85EBCA77) % np.uint64(VARIANTS)).astype(np.int64)


def variants_between(objects: int, seeds: Sequence[tuple[int, float]]) -> NDArray[np.int64]:
    """As `variants`, on the way from one seed to another: (seed, how far it has arrived, 0..1), the newest
    first, the last counts as wholly arrived. Each object goes over at a moment of its own, with its patterns:
    by the rule of shaders/structure.frag."""
    chance = (_hashed(objects, 1) & np.uint64(1023)).astype(np.float32) * np.float32(1 / 1023)
    dealt = variants(objects, seeds[-1][0])
    for seed, arrived in reversed(seeds[:-1]):
        dealt = np.where(chance < np.float32(arrived), variants(objects, seed), dealt)
    return dealt


def _hashed(objects: int, added: int) -> NDArray[np.uint64]:
    """uint64[objects], 32 bits each, of the ids 1, 2, 3 …"""
    dealt = np.uint64(added & 0xFFFFFFFF)
    whole = np.uint64(0xFFFFFFFF)
    h = np.arange(1, objects + 1, dtype=np.uint64) * np.uint64(0x9E3779B1) + dealt
    # The mixing is Wellons' lowbias32, https://nullprogram.com/blog/2018/07/31/.
    h = h & whole
    h ^= h >> np.uint64(16)
    h = h * np.uint64(0x7FEB352D) & whole
    h ^= h >> np.uint64(15)
    h = h * np.uint64(0x846CA68B) & whole
    h ^= h >> np.uint64(16)
    return h
