"""The tails of a coat: below the waist they hang about both legs, slit behind and open in front, where one
edge lies over the other. They are the cloth of hung.py. Lengths are shares of the figure's height.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.finish.body import limb, sections, torso
from director.scene.finish.garments import Outfit
from director.scene.finish.hung import LIMBS, Balls, Fall, Hanging, limb_balls
from director.scene.finish.loft import Floats, around, bell, curve, smooth
from director.scene.mesh import Mesh

__all__ = ["SUNK", "Coat"]

SUNK: Final = (0, 1, 2, -1, -2)
"""Of the columns round it, those that lie between its two edges, inwards of them."""
_CLOTH: Final = slice(3, -2)  # the others, from edge to edge
_HEM: Final = JOINTS["pelvis"][1] - 0.2225
_BUTTON: Final = 0.500  # the last one: below, the front parts
_SIDES: Final = 38
_FIRM: Final = 20.0
_ASLANT: Final = 0.04
_OVER_SKIRT: Final = 0.0065  # how much farther from the legs than the skirt that is under it
_LAP: Final = 0.0016  # how high one edge lies over the other
# How much wider it parts in front for thighs so far apart, and where it lies on a lap.
_STRIDE: Final = 1.6
_SEATED: Final = 0.5


class Coat(Hanging):
    """The tails of one figure's coat: `hung` gives them for any pose."""

    def __init__(
        self, outfit: Outfit, rest: Mapping[str, NDArray[np.float64]], numbers: Mapping[str, int]
    ) -> None:
        """`rest` and `numbers` as Hanging has them."""
        levels = np.concatenate([[0.615, 0.605], np.linspace(0.585, _HEM, 14)])
        fall = _fall(outfit, levels)
        super().__init__(fall, _SIDES, _balls(outfit), rest, numbers)
        self._parted = 0.030 * np.clip((_BUTTON - levels) / (_BUTTON - _HEM), 0, 1) ** 1.5
        self._even = around(32, 1.2)[:16] / np.pi
        self._phases = np.random.default_rng([outfit.seed, 43]).uniform(0, 6, 2)
        self._slack = smooth(0.54, _HEM, levels)[:, None]
        self._slit = smooth(0.46, _HEM, levels)[:, None]

    def hung(self, moves: NDArray[np.float64]) -> Mesh:
        """In object space, metres, where the figure's parts have so moved from rest, float64[parts, 4, 4] in
        object space too."""
        placed = self._placed(moves)
        at = self._at(placed)
        apart = abs(float((placed["calf_l"][:3, 3] - placed["calf_r"][:3, 3]) @ placed["hips"][:3, 2]))
        gap = 0.0012 + self._parted * (1 + _STRIDE * apart + _SEATED * (1 - at.hangs))
        angles = self._angles(np.arctan2(gap, at.reach[:, 0]))
        out = self._out(at.reach, angles)
        p, q = self._phases
        waves = np.sin(5 * angles + p) + 0.7 * np.sin(8 * angles + q)
        folds = 0.020 * (waves + 0.7) * self._slack - 0.10 * bell(angles, np.pi, 0.07) * self._slit
        sunk = np.zeros(_SIDES)
        sunk[list(SUNK)] = 1.0
        # What is between the edges lies deep inside, and deeper the more of it there is to be seen.
        bared = np.maximum(float(smooth(0.02, 0.16, apart)), 1 - at.hangs)
        deep = 0.04 + (0.40 + 0.50 * bared) * smooth(0.003, 0.02, gap)
        deep = sunk * np.where(self._levels < 0.59, deep, 0.0)[:, None]
        out = out * (1 + folds * (1 - sunk) * (0.3 + 0.7 * at.hangs[:, None]))
        out[:, 3:5] += _LAP * self._slack
        rings = (
            at.middle[:, None]
            + (out * np.sin(angles))[..., None] * at.left[:, None]
            + (out * np.cos(angles) * (1 - deep))[..., None] * at.ahead[:, None]
        )
        # Inside nothing is to be seen through the opening.
        return self._closed(rings, at.middle, 0.5 * smooth(0.4, 0.95, np.cos(angles[-4])))

    def _out(self, reach: Floats, angles: Floats) -> Floats:
        """float64[rows, sides]: how far the columns go from the middle; from each to the next, too, the cloth
        is outside of what it may not cut."""
        a = angles[:, _CLOTH]
        between = np.concatenate([angles, (a[:, :-1] + a[:, 1:]) / 2], 1)
        ended = self._ways.T / reach[:, :, None]
        whole = 1 / (ended @ np.stack([np.sin(between), np.cos(between)], 1)).max(1)
        out, needed = whole[:, :_SIDES], whole[:, _SIDES:]
        r = out[:, _CLOTH]
        chord = 2 * r[:, :-1] * r[:, 1:] * np.cos(np.diff(a, axis=1) / 2) / (r[:, :-1] + r[:, 1:])
        lacks = np.pad(np.maximum(needed - chord, 0.0), ((0, 0), (1, 1)))
        r += np.maximum(lacks[:, :-1], lacks[:, 1:])
        return np.asarray(out)

    def _angles(self, edge: Floats) -> Floats:
        """float64[rows, sides]: the columns follow the two edges, so far from the front."""
        e = edge[:, None]
        left = np.concatenate([e * np.array([[0.0, 0.8, 0.98]]), e + (np.pi - e) * self._even[None]], 1)
        return np.concatenate([left, np.full((len(e), 1), np.pi), 2 * np.pi - left[:, :0:-1]], 1)


def _fall(o: Outfit, levels: Floats) -> Fall:
    """The blocked coat's own fall; above its waist it lies under what is worn on the chest."""
    own = sections("coat", o.build)[1:-2]
    fallen = curve(own[:, 0], own[:, 1:], np.clip(levels - JOINTS["pelvis"][1], own[0, 0], own[-1, 0]))
    snug = torso(levels, o.build, 0.0090)
    closer = smooth(0.55, 0.60, levels)[:, None]
    wide, front, back = ((fallen + np.array([0.002, 0.002, -0.002])) * (1 - closer) + snug * closer).T
    # Over a skirt it yields as softly as that does.
    return Fall(levels, wide, front, -back, 9.0 if o.skirted else _FIRM, _ASLANT)


def _balls(o: Outfit) -> dict[str, Balls]:
    """The legs and the seat in their trousers."""
    found: dict[str, Balls] = {}
    for name in LIMBS:
        at, heights = limb_balls(name, o.build)
        at = at.copy()
        if o.skirted:
            at[:, 3] += _OVER_SKIRT
        else:
            at[:, 3] += 0.0025 + 0.5 * o.ease * smooth(0.45, 0.30, heights)
            at[:, 3] -= 0.0065 * smooth(0.41, 0.50, heights)
        found[name] = at, heights
    y = np.linspace(-0.045, 0.02, 5)
    wide, front, back = limb("hips", o.build, y, 0.0).T
    radius = (front - back) / 2
    beside = wide - radius
    at = np.concatenate(
        [np.stack([side * beside, y, (front + back) / 2, radius], 1) for side in (-1.0, 0.0, 1.0)]
    )
    found["hips"] = at, np.tile(y + JOINTS["pelvis"][1], 3)
    return found
