"""Skirts: how they are cut, and how they fall. Lengths are shares of the figure's height."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.finish.body import torso
from director.scene.finish.hung import LIMBS, TOP, Fall, Hanging, limb_balls
from director.scene.finish.loft import Floats, around, bell, smooth
from director.scene.mesh import Mesh

__all__ = ["Cut", "Skirt", "cut_of", "pressed"]

_HIPS: Final = 0.520  # below, it falls free of the body
_SIDES: Final = 48
_STEP: Final = 0.0235  # from row to row, about


@dataclass(frozen=True, slots=True)
class Cut:
    """How a skirt is cut. `hem` is its height over the ground at rest; `aside` and `along` how much wider and
    deeper it grows for a length fallen from the hips; `pleats` go round it, so deep at the hem; `sharp`
    ones are pressed, others soft. With `tucked` its top is drawn in, under a loose top."""

    hem: float
    aside: float
    along: float
    pleats: int
    deep: float
    sharp: bool = False
    tucked: bool = False


def cut_of(garment: str, length: str, seed: int, tucked: bool = False) -> Cut:
    """The cut of a garment of told.Told (dress, gown, robe, skirt, kilt) of a length told there, or "".
    `tucked` as Cut has it."""
    cut = _cut_of(garment, length, seed)
    return replace(cut, tucked=tucked)


def pressed(cut: Cut) -> Cut:
    """The same skirt as it falls under a coat."""
    return replace(cut, aside=min(cut.aside, 0.02), along=min(cut.along, 0.04), deep=0.25 * cut.deep)


def _cut_of(garment: str, length: str, seed: int) -> Cut:
    random = np.random.default_rng([seed, 61])
    usual = {"gown": "floor", "robe": "long"}.get(garment, "knee")
    hem = {"mini": 0.375, "knee": 0.272, "midi": 0.185, "long": 0.075, "floor": 0.028}[length or usual]
    if length == "long" and garment == "gown":
        hem = 0.028
    if garment == "kilt":
        return Cut(hem + 0.012, 0.13, 0.17, 22, 0.0085, True)
    if garment == "gown":
        return Cut(hem, 0.18, 0.24, 12, 0.026)
    if garment == "robe":
        return Cut(hem, 0.05, 0.09, 8, 0.011)
    fall = str(random.choice(["straight", "flared", "full"], p=[0.30, 0.45, 0.25]))
    shorter = 1.0 + 0.9 * smooth(0.20, 0.36, hem)
    aside, along, pleats, deep = {
        "straight": (0.02, 0.05, 7, 0.010),
        "flared": (0.09, 0.12, 10, 0.016),
        "full": (0.15, 0.20, 12, 0.025),
    }[fall]
    return Cut(hem, float(aside * shorter), float(along * shorter), pleats, deep)


class Skirt(Hanging):
    """The skirt of one figure: `hung` gives it for any pose."""

    def __init__(
        self,
        cut: Cut,
        build: float,
        seed: int,
        rest: Mapping[str, NDArray[np.float64]],
        numbers: Mapping[str, int],
    ) -> None:
        """`rest` has object_from_mesh of the figure's parts standing, `numbers` their places among them."""
        levels = _levels(cut.hem)
        balls = {name: limb_balls(name, build) for name in LIMBS}
        super().__init__(_fall(cut, build, levels), _SIDES, balls, rest, numbers)
        self._angles = around(_SIDES)
        self._pleats = _pleats(cut, self._angles, levels, seed)
        self._fixed = self._across(self._angles)

    def hung(self, moves: NDArray[np.float64]) -> Mesh:
        """In object space, metres, where the figure's parts have so moved from rest, float64[parts, 4, 4] in
        object space too."""
        at = self._at(self._placed(moves))
        out = (at.reach[:, :, None] * self._fixed[None]).min(1)
        out = out + self._pleats * (0.3 + 0.7 * at.hangs[:, None])
        rings = (
            at.middle[:, None]
            + (out * np.sin(self._angles))[..., None] * at.left[:, None]
            + (out * np.cos(self._angles))[..., None] * at.ahead[:, None]
        )
        return self._closed(rings, at.middle)


def _fall(cut: Cut, build: float, levels: Floats) -> Fall:
    fallen = np.clip(_HIPS - levels, 0, None)
    wide, front, back = torso(levels, build, 0.0016 if cut.tucked else 0.0052).T
    halves = [wide + cut.aside * fallen, front + cut.along * fallen, -back + cut.along * fallen]
    if cut.tucked:
        drawn = 0.045 * smooth(0.515, 0.560, levels) ** 1.5
        halves = [np.maximum(half - drawn, 0.015) for half in halves]
    return Fall(levels, *halves)


def _levels(hem: float) -> Floats:
    """float64[rows]: heights over the ground at rest, from the waist down, closer about the knees."""
    fine = np.linspace(0.53, hem, 400)
    close = np.cumsum(1 + 1.1 * bell(fine, JOINTS["knee_l"][1] + 0.012, 0.040))
    close = (close - close[0]) / (close[-1] - close[0])
    rows = round((0.53 - hem + 1.1 * 0.071 * float(smooth(0.30, 0.24, hem))) / _STEP)
    below = np.interp(np.linspace(0, 1, rows), close, fine)
    return np.concatenate([np.linspace(TOP, 0.53, 5)[:-1], below])


def _pleats(cut: Cut, angles: Floats, levels: Floats, seed: int) -> Floats:
    """float64[rows, sides]: how far the folds stand out, more and more towards the hem."""
    random = np.random.default_rng([seed, 62])
    p, q, r = random.uniform(0, 2 * np.pi, 3)
    fall = np.clip((_HIPS - levels) / (_HIPS - cut.hem), 0, 1)[:, None]
    turn = angles[None] + 0.10 * np.sin(2 * angles[None] + r) * fall
    wave = np.cos(cut.pleats * turn + p)
    # Soft folds are round outside and narrow inside.
    if cut.sharp:
        # A kilt is flat in front.
        ridge = (0.5 + 0.5 * wave) * smooth(0.85, 0.25, np.cos(angles))
        return np.asarray(cut.deep * ridge * (0.35 + 0.65 * fall))
    wave = wave + 0.5 * np.cos((cut.pleats - 3) * turn + q + 0.9 * fall)
    fold = np.sqrt(np.clip(0.5 + wave / 3.0, 0, 1))
    return np.asarray(cut.deep * fold * fall**0.75 * (0.75 + 0.25 * np.sin(angles + r)))
