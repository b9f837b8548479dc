"""How faithfully a picture keeps to its blocking: whether there is an edge where the scene has one.

Texture that the generator adds costs nothing, for only the scene's own edges are asked about; and noise
gains nothing, for what edges thrown anywhere would find is taken off.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.meters.detail import blurred

__all__ = ["REACH_PX", "EdgeFinds", "corrected", "find_edges", "scene_edges"]

_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)
REACH_PX: Final = 2
"""How far from a border a gradient still belongs to it."""
_STEP = 0.08
"""A step in inverse depth, as a share of it, from which on it is an edge."""
_STRONG = 0.02
"""Of luma a pixel; where a picture has less the eye sees no edge."""
_SHIFTS = 8


@dataclass(frozen=True, slots=True, eq=False)
class EdgeFinds:
    """What was found at a picture's borders. `distance_px` float32[2, h, w], how far the next strong gradient
    lies from each border, inf beyond 2 px, NaN where there is no border; `chance` is the share of borders
    that would have found one anywhere else."""

    distance_px: NDArray[np.float32]
    chance: float

    @property
    def recall(self) -> float:
        """The share of borders with a strong gradient within 2 px, corrected for chance: 1 = all, 0 = no more
        than anywhere else."""
        return corrected(float((self._found <= REACH_PX).mean()), self.chance)

    @property
    def offset_px(self) -> float:
        """The median distance of those found; NaN where none was."""
        found = self._found
        hit = found[found <= REACH_PX]
        return float(np.median(hit)) if len(hit) else float("nan")

    @property
    def _found(self) -> NDArray[np.float32]:
        return self.distance_px[~np.isnan(self.distance_px)]


def corrected(share: float, chance: float) -> float:
    """A share of hits as recall: 0 where it is no more than chance."""
    return (share - chance) / max(1 - chance, 1e-6)


def scene_edges(depth: NDArray[np.float32], ids: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """bool[2, h, w]: whether a border between objects, or a step in the depth of one, lies between each
    pixel and its neighbour below ([0]) or to the right ([1]).

    On a plane 1/depth is linear, so a step is where its second difference is large.
    """
    inverse = np.where(np.isinf(depth), 0.0, 1.0 / np.maximum(depth, 1e-6)).astype(np.float32)
    edges = np.zeros((2, *ids.shape), np.bool_)
    for axis in (0, 1):
        a, b = _pair(ids, axis)
        border = a != b
        bend = np.zeros(ids.shape, np.float32)
        middle = [slice(None), slice(None)]
        middle[axis] = slice(1, -1)
        bend[tuple(middle)] = np.abs(np.diff(inverse, n=2, axis=axis))
        near, far = _pair(bend, axis)
        least = np.minimum(*_pair(inverse, axis))
        border |= np.minimum(near, far) > _STEP * np.maximum(least, 1e-6)
        edges[axis][tuple(slice(size) for size in border.shape)] = border
    return edges


def find_edges(picture: NDArray[np.float32], borders: NDArray[np.bool_], seed: int = 0) -> EdgeFinds | None:
    """Look for borders, bool[2, h, w], in a picture float32[h, w, 3], sRGB 0..1; None where there are none.

    `seed` says by what the borders are shifted to find out what chance would find.
    """
    if not borders.any():
        return None
    nearest = _distance_to_strong(picture)
    random = np.random.default_rng(seed)
    _, height, width = borders.shape
    least, most = (height // 8, width // 8), (height - height // 8, width - width // 8)
    shifted = (np.roll(nearest, shift, (0, 1)) for shift in random.integers(least, most, (_SHIFTS, 2)))
    chance = float(np.mean([(_at_borders(there)[borders] <= REACH_PX).mean() for there in shifted]))
    return EdgeFinds(np.where(borders, _at_borders(nearest), np.float32("nan")), chance)


def _at_borders(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[2, h, w]: of the two pixels that a border lies between, the lesser distance."""
    lesser = np.full((2, *distance.shape), np.inf, np.float32)
    for axis in (0, 1):
        first, second = _pair(distance, axis)
        lesser[axis][tuple(slice(size) for size in first.shape)] = np.minimum(first, second)
    return lesser


def _distance_to_strong(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[h, w]: how far the next strong gradient lies, within the reach; inf beyond."""
    luma = blurred(np.asarray(picture @ _LUMA, np.float32), 0.6)
    down, right = np.gradient(luma)
    strength = np.hypot(right, down)
    # Thinned as Canny's are (IEEE PAMI 8(6), 1986): a gradient counts where it is the greatest along itself.
    across = np.abs(right) > np.abs(down)
    beside = np.pad(strength, 1)
    height, width = strength.shape
    left_right = np.maximum(beside[1:-1, :width], beside[1:-1, 2:])
    up_down = np.maximum(beside[:height, 1:-1], beside[2:, 1:-1])
    crest = strength >= np.where(across, left_right, up_down) * 0.999
    strong = np.pad(crest & (strength > _STRONG), REACH_PX)
    distance = np.full(strength.shape, np.inf, np.float32)
    for dy in range(-REACH_PX, REACH_PX + 1):
        for dx in range(-REACH_PX, REACH_PX + 1):
            away = float(np.hypot(dx, dy))
            if away <= REACH_PX:
                there = strong[REACH_PX + dy : REACH_PX + dy + height, REACH_PX + dx : REACH_PX + dx + width]
                np.minimum(distance, np.where(there, np.float32(away), np.inf), out=distance)
    return distance


def _pair(values: NDArray[np.generic], axis: int) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Views of each pixel and of its neighbour below or to the right."""
    return (values[:-1], values[1:]) if axis == 0 else (values[:, :-1], values[:, 1:])
