"""A smooth curve through drawn points, measured by its own length.

The curve is the centripetal Catmull–Rom spline, which has neither cusps nor loops within a span (C. Yuksel,
S. Schaefer, J. Keyser, "Parameterization and applications of Catmull–Rom curves", Computer-Aided Design 43,
2011). At its ends the last span is reflected. Its length has no closed form: it is integrated by Gauss and
Legendre's five-point rule over short pieces, and a length is found again by Newton's method.
"""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass

from director.errors import UsageError
from director.types import Vector

__all__ = ["Spline", "spline_through"]

_PIECES = 16
_SAME_M = 1e-3
_MOST_STEPS = 40
_EXACT_M = 1e-10
# Abscissae on −1..1 and weights of the five-point rule.
_GAUSS = (
    (0.0, 128 / 225),
    (math.sqrt(5 - 2 * math.sqrt(10 / 7)) / 3, (322 + 13 * math.sqrt(70)) / 900),
    (-math.sqrt(5 - 2 * math.sqrt(10 / 7)) / 3, (322 + 13 * math.sqrt(70)) / 900),
    (math.sqrt(5 + 2 * math.sqrt(10 / 7)) / 3, (322 - 13 * math.sqrt(70)) / 900),
    (-math.sqrt(5 + 2 * math.sqrt(10 / 7)) / 3, (322 - 13 * math.sqrt(70)) / 900),
)

_Cubic = tuple[Vector, Vector, Vector, Vector]


@dataclass(frozen=True, slots=True)
class Spline:
    """`spans` are cubics in u = 0..1, lowest power first; `lengths_m` is the length of the curve up to the
    start of each piece of a span, and its end. Built by `spline_through`."""

    spans: tuple[_Cubic, ...]
    lengths_m: tuple[float, ...]

    @property
    def length_m(self) -> float:
        """Metres from one end to the other."""
        return self.lengths_m[-1]

    def position(self, along_m: float) -> Vector:
        """The point so many metres along the curve; its ends beyond them."""
        return _value(*self._at(along_m))

    def tangent(self, along_m: float) -> Vector:
        """The unit direction of travel there."""
        span, u = self._at(along_m)
        x, y, z = _rate(span, u)
        if math.hypot(x, y, z) < 1e-6:
            # The very point at which a track turns back has no direction: that of just beside it.
            x, y, z = _rate(span, u + 1e-3 if u < 0.5 else u - 1e-3)
        length = math.hypot(x, y, z)
        return (x / length, y / length, z / length)

    def nearest(self, point: Vector) -> float:
        """Metres along the curve of the place nearest to a point, to a millimetre."""
        count = 2 * len(self.spans) * _PIECES
        step = self.length_m / count
        best = min(range(count + 1), key=lambda i: math.dist(self.position(i * step), point)) * step
        while step > 1e-4:
            step /= 2
            best = min(
                (best, max(0.0, best - step), min(self.length_m, best + step)),
                key=lambda along_m: math.dist(self.position(along_m), point),
            )
        return best

    def _at(self, along_m: float) -> tuple[_Cubic, float]:
        along_m = min(self.length_m, max(0.0, along_m))
        piece = min(len(self.lengths_m) - 2, max(0, bisect.bisect_right(self.lengths_m, along_m) - 1))
        span = self.spans[piece // _PIECES]
        low = (piece % _PIECES) / _PIECES
        rest = along_m - self.lengths_m[piece]
        whole = self.lengths_m[piece + 1] - self.lengths_m[piece]
        u = low + rest / whole / _PIECES
        below, above = low, low + 1 / _PIECES
        for _ in range(_MOST_STEPS):
            excess = _length(span, low, u) - rest
            if abs(excess) < _EXACT_M:
                break
            below, above = (below, u) if excess > 0 else (u, above)
            rate = math.hypot(*_rate(span, u))
            # Where the track turns back on itself Newton's step leads astray: it is halved instead.
            u = u - excess / rate if rate > 1e-9 else below
            if not below < u < above:
                u = (below + above) / 2
        return span, u


def spline_through(points: Sequence[Vector]) -> Spline:
    """The spline through points in metres; those that lie upon the one before are left out.

    Raises UsageError where fewer than two remain.
    """
    kept: list[Vector] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) > _SAME_M:
            kept.append(point)
    if len(kept) < 2:
        raise UsageError("a track needs two points apart", subject="rail", mend="draw a longer one")
    first, last = _reflected(kept[1], kept[0]), _reflected(kept[-2], kept[-1])
    run = [first, *kept, last]
    spans = tuple(_span(*run[i : i + 4]) for i in range(len(kept) - 1))
    lengths = [0.0]
    for span in spans:
        for piece in range(_PIECES):
            lengths.append(lengths[-1] + _length(span, piece / _PIECES, (piece + 1) / _PIECES))
    return Spline(spans, tuple(lengths))


def _reflected(point: Vector, about: Vector) -> Vector:
    return (2 * about[0] - point[0], 2 * about[1] - point[1], 2 * about[2] - point[2])


def _span(p0: Vector, p1: Vector, p2: Vector, p3: Vector) -> _Cubic:
    """The cubic from p1 to p2: Barry and Goldman's pyramid as a Hermite curve."""
    t01, t12, t23 = (math.sqrt(math.dist(a, b)) for a, b in ((p0, p1), (p1, p2), (p2, p3)))
    axes: list[tuple[float, float, float, float]] = []
    for a, b, c, d in zip(p0, p1, p2, p3, strict=True):
        start = t12 * ((b - a) / t01 - (c - a) / (t01 + t12) + (c - b) / t12)
        end = t12 * ((c - b) / t12 - (d - b) / (t12 + t23) + (d - c) / t23)
        axes.append((b, start, 3 * (c - b) - 2 * start - end, 2 * (b - c) + start + end))
    (a0, a1, a2, a3), (b0, b1, b2, b3), (c0, c1, c2, c3) = axes
    return ((a0, b0, c0), (a1, b1, c1), (a2, b2, c2), (a3, b3, c3))


def _value(span: _Cubic, u: float) -> Vector:
    (a, b, c), (d, e, f), (g, h, i), (j, k, m) = span
    return (a + u * (d + u * (g + u * j)), b + u * (e + u * (h + u * k)), c + u * (f + u * (i + u * m)))


def _rate(span: _Cubic, u: float) -> Vector:
    _, (d, e, f), (g, h, i), (j, k, m) = span
    return (
        d + u * (2 * g + u * 3 * j),
        e + u * (2 * h + u * 3 * k),
        f + u * (2 * i + u * 3 * m),
    )


def _length(span: _Cubic, low: float, high: float) -> float:
    middle, half = (low + high) / 2, (high - low) / 2
    return half * sum(weight * math.hypot(*_rate(span, middle + half * x)) for x, weight in _GAUSS)
