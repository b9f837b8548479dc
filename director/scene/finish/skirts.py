"""Skirts: cloth that hangs about both legs at once, and is hung anew wherever they go.

A skirt is a tube about the line midway between the legs. Across that line it is as wide as its cut, and
never narrower than a cloth drawn round both legs; what a leg pushes out falls from there. Lengths are shares
of the figure's height.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.finish.body import limb, torso
from director.scene.finish.loft import Floats, around, bell, smooth
from director.scene.mesh import Mesh

__all__ = ["Cut", "Skirt", "cut_of"]

_TOP: Final = 0.604  # over the ground at rest: under what is worn above
_HIPS: Final = 0.520  # below, it falls free of the body
_SIDES, _WAYS = 48, 48
_ROOM: Final = 0.0055  # between a leg and the cloth
_BENT_ROOM: Final = 0.005
_KNEE: Final = (0.0, -0.004, 0.003, 0.0405)
_STEP: Final = 0.0235  # from row to row, about
_POWER: Final = 2.4
# How far cloth falls inwards for a length fallen, under where it is pushed out.
_INWARDS: Final = 0.16
_LIMBS: Final = ("thigh_l", "thigh_r", "calf_l", "calf_r")
_TENT: Final = 0.60
_CARRIERS: Final = ("hips", "chest", *_LIMBS)


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


class Skirt:
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
        self._rest = {name: np.asarray(rest[name], np.float64) for name in _CARRIERS}
        self._numbers = {name: numbers[name] for name in _CARRIERS}
        self._height = float(np.linalg.norm(self._rest["hips"][:3, 0]))
        self._levels = _levels(cut.hem)
        self._spheres = {name: _spheres(name, build) for name in _LIMBS}
        self._is_free = smooth(0.545, 0.49, self._levels)
        fallen = np.clip(_HIPS - self._levels, 0, None)
        wide, front, back = torso(self._levels, build, 0.0016 if cut.tucked else 0.0052).T
        self._wide = wide + cut.aside * fallen
        self._front = front + cut.along * fallen
        self._back = -back + cut.along * fallen
        if cut.tucked:
            drawn = 0.045 * smooth(0.515, 0.560, self._levels) ** 1.5
            self._wide, self._front, self._back = (
                np.maximum(half - drawn, 0.015) for half in (self._wide, self._front, self._back)
            )
        self._angles = around(_SIDES)
        self._pleats = _pleats(cut, self._angles, self._levels, seed)
        self._triangles = _triangles(len(self._levels) + 3, _SIDES)
        ways = np.arange(_WAYS) * (2 * np.pi / _WAYS)
        self._ways = np.stack([np.sin(ways), np.cos(ways)])
        facing = np.cos(ways[:, None] - self._angles)
        self._across = np.where(facing > 0.15, 1 / np.maximum(facing, 0.15), np.inf)

    def hung(self, moves: NDArray[np.float64]) -> Mesh:
        """In object space, metres, where the figure's parts have so moved from rest, float64[parts, 4, 4] in
        object space too."""
        placed = {name: moves[self._numbers[name]] @ self._rest[name] for name in _CARRIERS}
        for matrix in placed.values():
            matrix[:3] /= self._height
        middle, down, left, ahead = self._line(placed)
        # How far each row hangs (1), or lies upon the legs (0), as of one who sits; it stays limper below.
        upright = np.abs(down[:, 1])
        hangs = 1 + (upright * (0.35 + 0.65 * np.minimum.accumulate(upright)) - 1) * self._is_free
        reach = self._reach(placed, middle, (down, left, ahead), hangs)
        out = (reach[:, :, None] * self._across[None]).min(1) + self._pleats * (0.3 + 0.7 * hangs[:, None])
        rings = (
            middle[:, None]
            + (out * np.sin(self._angles))[..., None] * left[:, None]
            + (out * np.cos(self._angles))[..., None] * ahead[:, None]
        )
        return self._closed(rings, middle)

    def _line(self, placed: Mapping[str, Floats]) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each row, float64[rows, 3]: the middle between the legs, and the ways down, left and ahead."""
        pelvis = JOINTS["pelvis"][1]
        hips, knees, ankles = (JOINTS[name][1] for name in ("hip_l", "knee_l", "ankle_l"))
        calf = np.subtract(JOINTS["ankle_l"], JOINTS["knee_l"])
        ends = [placed[f"calf_{s}"] for s in "lr"]
        knee = np.mean([m[:3, 3] for m in ends], 0)
        shin = np.mean([m[:3, :3] @ calf for m in ends], 0)
        trunk = placed["hips"]
        # Where thighs are nearly upright cloth hangs from the hips, and legs only push it out.
        hip = np.mean([placed[f"thigh_{s}"][:3, 3] for s in "lr"], 0)
        thigh = knee - hip
        hung = 0.7 * float(smooth(0.72, 0.92, -thigh[1] / float(np.linalg.norm(thigh))))
        knee = knee - hung * float(thigh @ trunk[:3, 2]) * trunk[:3, 2]
        # From a knee that is ahead of its foot it hangs straight down.
        length = float(np.linalg.norm(shin))
        behind = min(0.0, float(shin @ trunk[:3, 2])) * float(smooth(0.1, 0.45, -shin[1] / length))
        shin = shin - behind * trunk[:3, 2]
        shin *= max(length, 0.9 * float(np.linalg.norm(calf))) / float(np.linalg.norm(shin))
        ankle = knee + shin
        # The waist is between chest and pelvis: half of either's bending is its own.
        chest, breast = placed["chest"], JOINTS["chest"][1]
        waist = trunk[:3, :3] @ [0, _TOP - pelvis, 0] + trunk[:3, 3]
        waist = (waist + chest[:3, :3] @ [0, _TOP - breast, 0] + chest[:3, 3]) / 2
        nodes = np.array(
            [
                chest[:3, :3] @ [0, 0.70 - breast, 0] + chest[:3, 3],
                waist,
                trunk[:3, :3] @ [0, hips - pelvis, 0] + trunk[:3, 3],
                knee,
                ankle,
                ankle + (ankle - knee) * (ankles + 0.14) / (knees - ankles),
            ]
        )
        heights = np.array([0.70, _TOP, hips, knees, ankles, -0.14])
        fine = np.arange(0.68, -0.12, -0.01)
        path = np.stack([np.interp(-fine, -heights, nodes[:, k]) for k in range(3)], 1)
        # A line that turns softly at hips and knees.
        kernel = np.hanning(13)[1:-1]
        kernel /= kernel.sum()
        padded = np.pad(path, ((5, 5), (0, 0)), "edge")
        path[5:-5] = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(3)], 1)[5:-5]
        ways = np.gradient(path, axis=0)
        middle, down = (
            np.stack([np.interp(-self._levels, -fine, values[:, k]) for k in range(3)], 1)
            for values in (path, ways)
        )
        down /= np.linalg.norm(down, axis=1, keepdims=True)
        left = trunk[:3, 0] - down * (down @ trunk[:3, 0])[:, None]
        left /= np.linalg.norm(left, axis=1, keepdims=True)
        return middle, down, left, np.cross(down, left)

    def _reach(
        self, placed: Mapping[str, Floats], middle: Floats, axes: tuple[Floats, Floats, Floats], hangs: Floats
    ) -> Floats:
        """float64[rows, ways]: how far the skirt goes from the middle of each row, in each direction."""
        down, left, ahead = axes
        centres = np.concatenate(
            [
                at[:, :3] @ placed[name][:3, :3].T + placed[name][:3, 3]
                for name, (at, _) in self._spheres.items()
            ]
        )
        radii = np.concatenate([at[:, 3] for at, _ in self._spheres.values()])
        rest = np.concatenate([heights for _, heights in self._spheres.values()])
        away = centres[None] - middle[:, None]
        off = np.einsum("rsk,rk->rs", away, down)
        cut = np.square(radii) - np.square(off)
        # A calf that is folded up behind is met only as far down as there is cloth left to be pushed.
        levels = self._levels[:, None]
        met = (cut > 0) & (rest < levels + 0.20) & (rest > levels - np.clip(levels - levels[-1], 0.04, 0.20))
        # Where the line bends most, rows are farthest apart on its outside.
        room = _ROOM + _BENT_ROOM * (1 - hangs[:, None])
        radius = np.sqrt(np.maximum(cut, 0)) + room
        aside, along = np.einsum("rsk,rk->rs", away, left), np.einsum("rsk,rk->rs", away, ahead)
        sin, cos = self._ways
        legs = aside[..., None] * sin + along[..., None] * cos + radius[..., None]
        legs = np.where(met[..., None], legs, 0.0).max(1)
        q = _POWER / (_POWER - 1)
        wide = self._wide * (0.6 + 0.4 * hangs)
        deep = np.where(cos > 0, self._front[:, None], self._back[:, None]) * hangs[:, None] ** 1.5
        own = ((wide[:, None] * np.abs(sin)) ** q + (deep * np.abs(cos)) ** q) ** (1 / q)
        reach = (own**9 + legs**9) ** (1 / 9)
        steps = np.linalg.norm(np.diff(middle, axis=0), axis=1)
        for k in range(5, len(reach)):
            reach[k] = np.maximum(reach[k], reach[k - 1] - _INWARDS * steps[k - 1] * (2 - hangs[k]))
        # A calf that is lifted behind draws the cloth above it out too, as a tent.
        for k in range(len(reach) - 1, 6, -1):
            reach[k - 1] = np.maximum(reach[k - 1], reach[k] - _TENT * steps[k - 1] * (3 - 2 * hangs[k]))
        soft = reach.copy()
        soft[1:-1] = 0.25 * reach[:-2] + 0.5 * reach[1:-1] + 0.25 * reach[2:]
        return np.asarray(np.maximum(soft, np.where(self._levels[:, None] < 0.5, legs, 0.0)))

    def _closed(self, rings: Floats, middle: Floats) -> Mesh:
        """The cloth, lowest ring first, turned under at its hem and shut a little way up inside."""
        inner = [
            middle[k] + (rings[k] - middle[k]) * share for k, share in ((-4, 0.80), (-2, 0.94), (-1, 0.975))
        ]
        whole = np.concatenate([np.stack(inner), rings[::-1]])
        # What is longer than the leg lies on the ground.
        whole[..., 1] = np.maximum(whole[..., 1], 0.004)
        whole *= self._height
        points = np.concatenate([whole.reshape(-1, 3), whole[:1].mean(1), whole[-1:].mean(1)])
        corners = points[self._triangles]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normals = np.zeros_like(points)
        for k in range(3):
            np.add.at(normals, self._triangles[:, k], across)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        return Mesh(points.astype(np.float32), normals.astype(np.float32), self._triangles)


def _levels(hem: float) -> Floats:
    """float64[rows]: heights over the ground at rest, from the waist down, closer about the knees."""
    fine = np.linspace(0.53, hem, 400)
    close = np.cumsum(1 + 1.1 * bell(fine, JOINTS["knee_l"][1] + 0.012, 0.040))
    close = (close - close[0]) / (close[-1] - close[0])
    rows = round((0.53 - hem + 1.1 * 0.071 * float(smooth(0.30, 0.24, hem))) / _STEP)
    below = np.interp(np.linspace(0, 1, rows), close, fine)
    return np.concatenate([np.linspace(_TOP, 0.53, 5)[:-1], below])


def _spheres(name: str, build: float) -> tuple[Floats, Floats]:
    """Balls that fill a limb, float64[n, 4] in its joint's space, and their heights over the ground."""
    part = name.partition("_")[0]
    low, joint = {"thigh": (-0.256, "hip_l"), "calf": (-0.232, "knee_l")}[part]
    y = np.linspace(0.0, low, 20)
    wide, front, back = limb(part, build, y, 0.0).T
    at = np.stack([0 * y, y, (front + back) / 2, np.maximum(wide, (front - back) / 2)], 1)
    if part == "calf":
        at, y = np.concatenate([at, [_KNEE]]), np.append(y, _KNEE[1])
    return at, y + JOINTS[joint][1]


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


@cache
def _triangles(rows: int, sides: int) -> NDArray[np.uint32]:
    """Those of a closed skin over rings from the lowest up, as shapes.ring_mesh has them."""
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(sides), indexing="ij")
    low, low_next = i * sides + j, i * sides + (j + 1) % sides
    turn = np.arange(sides)
    following, top = (turn + 1) % sides, (rows - 1) * sides
    ends = rows * sides
    return np.concatenate(
        [
            np.stack([low, low_next, low_next + sides], -1).reshape(-1, 3),
            np.stack([low, low_next + sides, low + sides], -1).reshape(-1, 3),
            np.stack([np.full(sides, ends), following, turn], -1),
            np.stack([np.full(sides, ends + 1), top + turn, top + following], -1),
        ]
    ).astype(np.uint32)
