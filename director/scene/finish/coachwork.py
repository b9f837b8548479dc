"""The skin of motor vehicles: a lofted lower body with wheel arches, and a glazed cabin on it.

Metres; a vehicle points along +Z, stands on y = 0 and is symmetrical about x = 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from director.scene.finish.forms import merged, slab
from director.scene.finish.loft import Floats, bell, curve, smooth, tubes
from director.scene.mesh import Mesh
from director.scene.shapes import ring_mesh, smooth_mesh

__all__ = ["Arch", "Body", "Cabin", "egg"]

Pieces = list[tuple[Mesh, str]]

# Up the flank: share of its height, share of the half width.
_FLANK = np.array(
    [
        (0.0, 0.945),
        (0.07, 0.978),
        (0.24, 0.997),
        (0.50, 0.999),
        (0.69, 0.988),
        (0.74, 0.999),
        (0.84, 0.988),
        (0.94, 0.968),
        (0.985, 0.945),
    ]
)
# From the shoulder over the deck to the middle: share of the half width, share of the crown.
_DECK = np.array([(0.90, 0.0), (0.80, 0.30), (0.60, 0.62), (0.32, 0.90), (0.0, 1.0)])


@dataclass(frozen=True, slots=True)
class Arch:
    """Where a wheel stands: its middle and how wide its arch is about it."""

    along: float
    high: float
    radius: float


@dataclass(frozen=True, slots=True)
class Body:
    """A body from sill to deck. `deck` gives the height of the shoulder along the vehicle: pairs of a
    share of the length from the tail and a height. `crown` is how much the middle is higher."""

    length: float
    half: float
    sill: float
    deck: tuple[tuple[float, float], ...]
    crown: float
    arches: tuple[Arch, ...]
    round_front: float = 0.10
    round_back: float = 0.07
    flare: float = 0.012
    nose_drop: float = 0.20
    square: bool = False

    def shoulder(self, along: ArrayLike) -> Floats:
        """The height of the deck's edge at places along."""
        knots = np.array(self.deck)
        u = np.asarray(along, np.float64) / self.length + 0.5
        if self.square:
            return np.asarray(np.interp(u, knots[:, 0], knots[:, 1]))
        return np.asarray(curve(knots[:, 0], knots[:, 1], np.atleast_1d(u)).reshape(u.shape))

    def half_at(self, along: ArrayLike) -> Floats:
        """The half width at places along: drawn in towards nose and tail, and round their corners."""
        z = np.asarray(along, np.float64)
        ahead, behind = self.length / 2 - z, self.length / 2 + z
        taper = (
            1 - 0.055 * smooth(0.32 * self.length, 0, ahead) - 0.045 * smooth(0.28 * self.length, 0, behind)
        )
        near = np.minimum(ahead / (self.round_front * self.length), behind / (self.round_back * self.length))
        near = np.clip(near, 0, 1)
        return np.asarray(self.half * taper * (0.80 + 0.20 * (1 - (1 - near) ** 2.5) ** (1 / 2.5)))

    def low(self, along: ArrayLike) -> Floats:
        """The lower edge at places along: the sill, or an arch."""
        z = np.asarray(along, np.float64)
        ends = smooth(0.42, 0.5, np.abs(z) / self.length) * 0.10 * (self.deck[0][1] - self.sill)
        y = self.sill + ends
        for arch in self.arches:
            d = arch.radius**2 - (z - arch.along) ** 2
            y = np.where(d > 0, np.maximum(y, arch.high + np.sqrt(np.maximum(d, 0))), y)
        return np.asarray(y)

    def flank(self, along: float, share: ArrayLike) -> Floats:
        """float64[n, 3]: points of the left side at a place along, from sill (0) to shoulder (1); the arches
        left out."""
        t = np.asarray(share, np.float64)
        y = self.sill + (float(self.shoulder(along)) - self.sill) * t
        x = float(self.half_at(along)) * np.interp(t, _FLANK[:, 0], _FLANK[:, 1])
        return np.stack([x, y, np.full(t.shape, along)], -1)

    def stations(self) -> Floats:
        half = self.length / 2
        ends = np.array([0.0, 0.004, 0.014, 0.035, 0.065, 0.10]) * self.length
        found = [half - ends, -half + ends, np.linspace(-0.4, 0.4, 7) * self.length]
        for arch in self.arches:
            turn = np.cos(np.linspace(0, np.pi, 11))
            turn[[0, -1]] *= 0.9995
            found.append(arch.along + arch.radius * turn)
            found.append(arch.along + arch.radius * np.array([-1.0005, 1.0005, -1.1, 1.1, -1.25, 1.25]))
        z = np.unique(np.concatenate(found).round(5))
        return np.asarray(z[(z >= -half - 1e-6) & (z <= half + 1e-6)])

    def skin(self) -> Mesh:
        """The painted skin: flanks, deck, nose and tail."""
        z = self.stations()
        low, top, half = self.low(z), self.shoulder(z), self.half_at(z)
        # Nose and tail are round from above too.
        near = np.minimum(self.length / 2 - z, self.length / 2 + z)
        drop = self.nose_drop * (top - self.sill) * (1 - smooth(-0.02, 0.05 * self.length, near)) ** 2
        top = np.maximum(top - drop, low + 0.02)
        height = (top - self.sill)[:, None]
        y = self.sill + height * _FLANK[None, :, 0]
        x = half[:, None] * np.broadcast_to(_FLANK[None, :, 1], y.shape)
        # Over an arch the flank begins at the arch's edge, which stands out a little.
        share = ((low - self.sill) / (top - self.sill))[:, None]
        y = self.sill + height * (share + (1 - share) * _FLANK[None, :, 0])
        x = half[:, None] * np.interp((y - self.sill) / height, _FLANK[:, 0], _FLANK[:, 1])
        for arch in self.arches:
            rim = np.hypot(z[:, None] - arch.along, np.maximum(y - arch.high, 0)) - arch.radius
            x = x + self.flare * bell(rim, 0.0, 0.09) * (y > arch.high - 0.05)
        crown = self.crown * (1 - drop / np.maximum(top - self.sill, 1e-6))
        over_y = top[:, None] + crown[:, None] * _DECK[None, :, 1]
        over_x = half[:, None] * _DECK[None, :, 0]
        side = np.stack([np.concatenate([x, over_x], 1), np.concatenate([y, over_y], 1)], -1)
        left = np.concatenate([side, np.broadcast_to(z[:, None, None], (*side.shape[:2], 1))], -1)
        right = left[:, -2::-1] * (-1, 1, 1)
        grid = np.concatenate([left, right], 1)
        skins = [_sheet(grid)]
        for end, flip in ((grid[0], False), (grid[-1], True)):
            count = (len(end) + 1) // 2
            rows = np.stack([end[:count] * (s, 1, 1) for s in (1, 0.5, 0, -0.5, -1)], 1)
            skins.append(_sheet(rows[:, ::-1] if flip else rows))
        return merged(skins)

    def floor(self) -> Mesh:
        """What closes it from below: dark, with the insides of the arches."""
        z = self.stations()
        low, half = self.low(z), self.half_at(z) * 0.945
        rows = np.stack([np.stack([half * s, low, z], -1) for s in (-1, 0, 1)], 1)
        inner = self.half * 0.70
        box = slab(
            (-inner, self.sill + 0.005, -0.46 * self.length),
            (inner, self.sill + 0.28 * (self.deck[2][1] - self.sill), 0.46 * self.length),
        )
        wells = [
            slab((-inner, self.sill, a.along - a.radius), (inner, a.high + a.radius, a.along + a.radius))
            for a in self.arches
        ]
        return merged([_sheet(rows), box, *wells])

    def seam(
        self, along: float, low: float = 0.04, high: float = 0.99, lean: float = 0.0, radius: float = 0.006
    ) -> Mesh:
        """The gap between two panels of the left side; `lean` metres further ahead at its top."""
        t = np.linspace(low, high, 9)
        points = np.concatenate([self.flank(along + lean * (s - low), np.array([s])) for s in t])
        return tubes(points, radius, 4)

    def line(self, share: float, back: float, front: float, radius: float = 0.006) -> Mesh:
        """A line along the left side at a share of its height."""
        z = np.linspace(back, front, 12)
        points = np.concatenate([self.flank(float(a), np.array([share])) for a in z])
        return tubes(points, radius, 4)


@dataclass(frozen=True, slots=True)
class Cabin:
    """A glazed cabin: its front and back at the belt and at the roof's edge, half widths likewise, and
    where along it pillars stand (shares from the front)."""

    belt: float
    roof: float
    top: float
    front: tuple[float, float]
    back: tuple[float, float]
    half: tuple[float, float]
    pillars: Sequence[float]
    bow: float = 0.10
    corner: float = 0.14

    def ring(self, share: float) -> tuple[Floats, list[str]]:
        """float64[n, 3] once round from the middle of the front over +X at a height (0 belt, 1 roof), and
        what fills the gap after each point: "screen", "corner", "side" or "pillar"."""
        zf = self.front[0] + (self.front[1] - self.front[0]) * share
        zb = self.back[0] + (self.back[1] - self.back[0]) * share
        w = self.half[0] + (self.half[1] - self.half[0]) * share
        # The side bulges a little.
        w += 0.018 * np.sin(np.pi * share)
        r = min(self.corner, 0.3 * w)
        points: list[tuple[float, float]] = [
            (x * (w - r), zf - self.bow * (x * 0.9) ** 2) for x in (0.0, 0.35, 0.7, 1.0)
        ]
        fill = ["screen"] * 3 + ["corner"] * 3
        fore = zf - self.bow * 0.81
        turn = np.linspace(0, np.pi / 2, 4)[1:]
        points += [(w - r + r * float(np.sin(a)), fore - r + r * float(np.cos(a))) for a in turn]
        aft = zb + self.bow * 0.45
        span = fore - aft - 2 * r
        marks: list[tuple[float, str]] = [(0.015, "pillar")]
        for p in self.pillars:
            marks += [(p - 0.022, "side"), (p + 0.022, "pillar")]
        marks += [(0.985, "side"), (1.0, "pillar")]
        for at, kind in marks:
            points.append((w, fore - r - span * at))
            fill.append(kind)
        points += [(w - r + r * float(np.cos(a)), aft + r - r * float(np.sin(a))) for a in turn]
        fill += ["corner"] * 3
        points += [(x * (w - r), zb + self.bow * 0.5 * (x * 0.9) ** 2) for x in (0.7, 0.35, 0.0)]
        fill += ["screen"] * 3
        half = np.array([(x, self.belt + (self.roof - self.belt) * share, z) for x, z in points])
        other = half[-2:0:-1] * (-1, 1, 1)
        return np.concatenate([half, other]), fill + fill[::-1]

    def pieces(self, paint: str, solid: Sequence[str] = ("corner", "pillar"), glass: str = "glass") -> Pieces:
        """Roof and pillars of `paint`, panes of glass."""
        shares = np.array([-0.12, 0.0, 0.04, 0.5, 0.95, 1.0])
        rings = [self.ring(float(s)) for s in shares]
        fill = rings[0][1]
        grid = np.stack([ring for ring, _ in rings])
        count = grid.shape[1]
        is_solid = np.array([kind in solid for kind in fill])
        roof = self._roof(grid[-1])
        closed = np.concatenate([grid, grid[:, :1]], 1)
        painted = np.zeros((len(shares) - 1, count), bool)
        painted[:] = is_solid[None]
        painted[0] = painted[1] = painted[-1] = True
        skins: Pieces = [(merged([_masked(closed, painted), roof]), paint)]
        # Panes lie a little behind their frames.
        middle = grid.mean(axis=1, keepdims=True)
        inward = middle - closed
        inward[..., 1] = 0
        inward /= np.maximum(np.linalg.norm(inward, axis=-1, keepdims=True), 1e-6)
        skins.append(
            (_masked(closed[1:] + 0.008 * inward[1:], np.ones((len(shares) - 2, count), bool)), glass)
        )
        return skins

    def _roof(self, edge: Floats) -> Mesh:
        middle = edge.mean(axis=0)
        rows = []
        for s in (1.0, 0.985, 0.94, 0.80, 0.55, 0.28, 0.0):
            ring = middle + (edge - middle) * s
            ring[:, 1] = self.roof + (self.top - self.roof) * (1 - s**6) ** 0.5 * (1 - 0.12 * s)
            rows.append(ring)
        grid = np.stack(rows)
        return _sheet(np.concatenate([grid, grid[:, :1]], 1))


def egg(low: Sequence[float], high: Sequence[float], power: float = 0.6) -> Mesh:
    """A soft little block between two corners: lamps, mirrors, handles. 100 triangles."""
    a, b = np.asarray(low, np.float64), np.asarray(high, np.float64)
    v = np.linspace(-1.2, 1.2, 5)[:, None]
    u = (np.arange(10) * (2 * np.pi / 10) + 0.31)[None]

    def shaped(value: Floats) -> Floats:
        return np.asarray(np.sign(value) * np.abs(value) ** power)

    rings = np.stack(
        [
            shaped(np.cos(v)) * shaped(np.sin(u)),
            shaped(np.sin(v)) * np.ones_like(u),
            shaped(np.cos(v)) * shaped(np.cos(u)),
        ],
        -1,
    )
    return ring_mesh((rings * 0.5 + 0.5) * (b - a) + a)


def _sheet(grid: Floats) -> Mesh:
    """A smooth open skin: outside is where columns run to the left as rows run up."""
    return _masked(grid, np.ones((grid.shape[0] - 1, grid.shape[1] - 1), bool))


def _masked(grid: Floats, kept: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Mesh:
    rows, columns, _ = grid.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    if np.allclose(grid[:, 0], grid[:, -1]):
        index[:, -1] = index[:, 0]
    a, b, c, d = (q[kept] for q in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    triangles = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    return smooth_mesh(grid.reshape(-1, 3), triangles)
