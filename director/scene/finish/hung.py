"""Cloth that hangs about both legs at once, as a tube, and is hung anew wherever they go.

The tube is about the line midway between the legs. Across that line it is as wide as its cut, and never
narrower than a cloth drawn round both legs; what a leg pushes out falls from there. Lengths are shares of
the figure's height.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.finish.body import limb
from director.scene.finish.loft import Floats, smooth
from director.scene.mesh import Mesh

__all__ = ["LIMBS", "TOP", "Balls", "Fall", "Hanging", "limb_balls"]

TOP: Final = 0.604
"""Where a skirt begins, over the ground at rest: under what is worn above."""
LIMBS: Final = ("thigh_l", "thigh_r", "calf_l", "calf_r")
Balls = tuple[Floats, Floats]
"""What fills a part of the body: balls, float64[n, 4] (place and radius) in its joint's space, and their
heights over the ground at rest, float64[n]."""

_WAYS: Final = 48
_ROOM: Final = 0.0055  # between a leg and the cloth
_BENT_ROOM: Final = 0.005
_KNEE: Final = (0.0, -0.004, 0.003, 0.0405)
_POWER: Final = 2.4
# How far cloth falls inwards for a length fallen, under where it is pushed out.
_INWARDS: Final = 0.16
_TENT: Final = 0.60
_CARRIERS: Final = ("hips", "chest", *LIMBS)


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """How a tube of cloth falls where nothing pushes it: `levels`, float64[rows], from its top down, over the
    ground at rest; its half width, front and back there, all above 0. `firm` cloth yields to a leg only near
    by: the power of the mean of the two. A row is pushed as far as one beside
    it but for the share `aslant`, so that a leg raised across rows stays inside; 1: not at all."""

    levels: Floats
    wide: Floats
    front: Floats
    back: Floats
    firm: float = 9.0
    aslant: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Hung:
    """A tube in one pose, of each row: its middle and the ways left and ahead, float64[rows, 3]; how far it
    goes in each of the ways, float64[rows, ways]; whether it hangs (1) or lies upon the legs (0)."""

    middle: Floats
    left: Floats
    ahead: Floats
    reach: Floats
    hangs: Floats


class Hanging:
    """The tube of one figure, `sides` round: where it goes in any pose."""

    def __init__(
        self,
        fall: Fall,
        sides: int,
        balls: Mapping[str, Balls],
        rest: Mapping[str, NDArray[np.float64]],
        numbers: Mapping[str, int],
    ) -> None:
        """`balls` are what it may not cut, by the part that carries them: LIMBS or hips. `rest` has
        object_from_mesh of the figure's parts standing, `numbers` their places among them."""
        self._rest = {name: np.asarray(rest[name], np.float64) for name in _CARRIERS}
        self._numbers = {name: numbers[name] for name in _CARRIERS}
        self._height = float(np.linalg.norm(self._rest["hips"][:3, 0]))
        self._fall = fall
        self._levels = fall.levels
        self._spheres = dict(balls)
        self._is_free = smooth(0.545, 0.49, self._levels)
        self._triangles = _triangles(len(self._levels) + 3, sides)
        ways = np.arange(_WAYS) * (2 * np.pi / _WAYS)
        self._turns = ways
        self._ways = np.stack([np.sin(ways), np.cos(ways)])

    def _placed(self, moves: NDArray[np.float64]) -> dict[str, Floats]:
        """The parts that carry it where they have so moved, for a height of 1."""
        placed = {name: moves[self._numbers[name]] @ self._rest[name] for name in _CARRIERS}
        for matrix in placed.values():
            matrix[:3] /= self._height
        return placed

    def _at(self, placed: Mapping[str, Floats]) -> _Hung:
        middle, down, left, ahead = self._line(placed)
        # How far each row hangs (1), or lies upon the legs (0), as of one who sits; it stays limper below.
        upright = np.abs(down[:, 1])
        hangs = 1 + (upright * (0.35 + 0.65 * np.minimum.accumulate(upright)) - 1) * self._is_free
        reach = self._reach(placed, middle, (down, left, ahead), hangs)
        return _Hung(middle, left, ahead, reach, hangs)

    def _across(self, angles: Floats) -> Floats:
        """float64[ways, sides]: how far away at angles from the front, float64[sides], what a reach of 1 in
        each way ends."""
        facing = np.cos(self._turns[:, None] - angles)
        return np.asarray(np.where(facing > 0.15, 1 / np.maximum(facing, 0.15), np.inf))

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
        waist = trunk[:3, :3] @ [0, TOP - pelvis, 0] + trunk[:3, 3]
        waist = (waist + chest[:3, :3] @ [0, TOP - breast, 0] + chest[:3, 3]) / 2
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
        heights = np.array([0.70, TOP, hips, knees, ankles, -0.14])
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
        """float64[rows, ways]: how far the cloth goes from the middle of each row, in each direction."""
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
        if self._fall.aslant < 1:
            beside = np.maximum(legs[:-1], legs[1:]) * (1 - self._fall.aslant)
            legs[:-1] = np.maximum(legs[:-1], beside)
            legs[1:] = np.maximum(legs[1:], beside)
        q = _POWER / (_POWER - 1)
        wide = self._fall.wide * (0.6 + 0.4 * hangs)
        deep = np.where(cos > 0, self._fall.front[:, None], self._fall.back[:, None]) * hangs[:, None] ** 1.5
        own = ((wide[:, None] * np.abs(sin)) ** q + (deep * np.abs(cos)) ** q) ** (1 / q)
        firm = self._fall.firm
        reach = (own**firm + legs**firm) ** (1 / firm)
        steps = np.linalg.norm(np.diff(middle, axis=0), axis=1)
        for k in range(5, len(reach)):
            reach[k] = np.maximum(reach[k], reach[k - 1] - _INWARDS * steps[k - 1] * (2 - hangs[k]))
        # A calf that is lifted behind draws the cloth above it out too, as a tent.
        for k in range(len(reach) - 1, 6, -1):
            reach[k - 1] = np.maximum(reach[k - 1], reach[k] - _TENT * steps[k - 1] * (3 - 2 * hangs[k]))
        soft = reach.copy()
        soft[1:-1] = 0.25 * reach[:-2] + 0.5 * reach[1:-1] + 0.25 * reach[2:]
        return np.asarray(np.maximum(soft, np.where(self._levels[:, None] < 0.5, legs, 0.0)))

    def _closed(self, rings: Floats, middle: Floats, drawn: Floats | None = None) -> Mesh:
        """The cloth, lowest ring first, turned under at its hem and shut a little way up inside; there its
        columns may be `drawn` in more, float64[sides]."""
        inner = []
        for k, share, more in ((-4, 0.80, 1.0), (-2, 0.94, 0.3), (-1, 0.975, 0.0)):
            within = share if drawn is None else share - more * drawn[:, None]
            inner.append(middle[k] + (rings[k] - middle[k]) * within)
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


def limb_balls(name: str, build: float) -> Balls:
    """Balls that fill one of LIMBS."""
    part = name.partition("_")[0]
    low, joint = {"thigh": (-0.256, "hip_l"), "calf": (-0.232, "knee_l")}[part]
    y = np.linspace(0.0, low, 20)
    wide, front, back = limb(part, build, y, 0.0).T
    at = np.stack([0 * y, y, (front + back) / 2, np.maximum(wide, (front - back) / 2)], 1)
    if part == "calf":
        at, y = np.concatenate([at, [_KNEE]]), np.append(y, _KNEE[1])
    return at, y + JOINTS[joint][1]


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
