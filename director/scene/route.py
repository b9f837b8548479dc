"""Drawn ways: a smooth curve through a few points on the ground, at a steady pace; what checks them."""

import bisect
import difflib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from director.math3d import IDENTITY, quaternion_multiply, vector
from director.scene.keys import Track
from director.scene.proxy import Placed, ProxyProblem, Route
from director.types import Quaternion, Vector

__all__ = ["RouteTrack", "check_reference", "check_route", "track_of"]

Array = NDArray[np.float64]

# Points of the curve between two that were drawn.
_STEPS = 48
# The heading is that of a chord this far ahead and behind, metres: a body turns before its feet do.
_HEADING_M = 0.30
_SHORTEST_M = 0.01
_DEFAULT_SPEED_M_S = 1.35


def track_of(placed: Placed) -> Track:
    """What moves a group or proxy: its route, or its keys; with neither, it stays where it is placed."""
    return Track(placed) if placed.route is None else RouteTrack(placed, placed.route)


def check_reference(field: str, name: str, owner: str, known: Sequence[str]) -> None:
    """Raises ProxyProblem where `field` of `owner` names itself, or what is not among the `known` names."""
    if name == owner:
        raise ProxyProblem(f"{name!r} refers to itself", field=field, mend="name another object or group")
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        raise ProxyProblem(
            f"there is no object or group named {name!r}",
            field=field,
            mend=f"did you mean {', '.join(close)}?" if close else "name an object or group of this scene",
        )


def check_route(field: str, placed: Placed) -> None:
    """Raises ProxyProblem where a route cannot be gone along, naming `field`, that of what has it."""
    route = placed.route
    if route is None:
        return
    for i, key in enumerate(placed.keys):
        if key.position is not None:
            raise ProxyProblem(
                f"{placed.name!r} has a route, which already says where it is",
                field=f"{field}.keys[{i}].position",
                mend="take the positions out of its keys, or take out the route",
            )
    if route.speed_m_s is not None and route.duration_s is not None:
        raise ProxyProblem(
            "speed_m_s and duration_s both say how fast it goes",
            field=f"{field}.route.duration_s",
            mend="give one of them",
        )
    following = [*route.points[1:], route.points[0]] if route.at_end == "loop" else route.points[1:]
    for i, (point, after) in enumerate(zip(route.points, following, strict=False)):
        if math.dist(point, after) < _SHORTEST_M:
            later = (i + 1) % len(route.points)
            raise ProxyProblem(
                f"is where points[{i}] is already",
                field=f"{field}.route.points[{later}]",
                mend="take one of the two out",
            )


class RouteTrack(Track):
    """A track along a route. Rotations of keys, and `rotation_deg`, are laid over the heading."""

    def __init__(self, placed: Placed, route: Route) -> None:
        self._start_s = route.start_s
        self._loops = route.at_end == "loop"
        curve = _curve(np.array(route.points, np.float64), self._loops)
        steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
        # Plain floats: a tick asks for single points, for which arrays are slow.
        self._curve: list[Vector] = [vector(point) for point in curve]
        self._along: list[float] = [0.0, *np.cumsum(steps).tolist()]
        self._length = self._along[-1]
        self._pace = route.speed_m_s or _DEFAULT_SPEED_M_S
        if route.duration_s is not None:
            self._pace = self._length / route.duration_s
        # Last, for it asks where the way goes.
        super().__init__(placed)

    @property
    def travels(self) -> bool:
        return True

    @property
    def pace_m_s(self) -> float | None:
        return self._pace

    def distance(self, time_s: float) -> float:
        gone = max(0.0, time_s - self._start_s) * self._pace
        return gone if self._loops else min(gone, self._length)

    def position(self, time_s: float) -> Vector:
        return self._at(self.distance(time_s))

    def rotation(self, time_s: float) -> Quaternion:
        here = self.distance(time_s)
        ahead, behind = self._at(here + _HEADING_M), self._at(here - _HEADING_M)
        half = math.atan2(ahead[0] - behind[0], ahead[2] - behind[2]) / 2
        heading = (0.0, math.sin(half), 0.0, math.cos(half))
        own = super().rotation(time_s)
        return heading if own == IDENTITY else quaternion_multiply(heading, own)

    def _at(self, gone_m: float) -> Vector:
        """On the curve; beyond an open one's ends straight on, so that it has a heading there."""
        along = gone_m % self._length if self._loops else gone_m
        # The first and the last chord go on for ever.
        i = min(max(bisect.bisect_right(self._along, along) - 1, 0), len(self._along) - 2)
        share = (along - self._along[i]) / (self._along[i + 1] - self._along[i])
        (a, b, c), (x, y, z) = self._curve[i], self._curve[i + 1]
        return (a + (x - a) * share, b + (y - b) * share, c + (z - c) * share)


def _curve(points: Array, closed: bool) -> Array:
    """float64[n, 3]: a centripetal Catmull-Rom spline through the points; it makes no loops of its own.

    Barry & Goldman's pyramid, knots as in Yuksel, Schaefer & Keyser, Parameterization and applications of
    Catmull-Rom curves (2011).
    """
    if closed:
        ring = np.concatenate([points[-1:], points, points[:2]])
    else:
        ring = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    spans = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        gaps = [math.sqrt(float(np.linalg.norm(q - p))) for p, q in ((a, b), (b, c), (c, d))]
        t0, t1, t2, t3 = 0.0, gaps[0], gaps[0] + gaps[1], sum(gaps)
        t = np.linspace(t1, t2, _STEPS, endpoint=False)[:, None]
        ab = ((t1 - t) * a + (t - t0) * b) / (t1 - t0)
        bc = ((t2 - t) * b + (t - t1) * c) / (t2 - t1)
        cd = ((t3 - t) * c + (t - t2) * d) / (t3 - t2)
        abc = ((t2 - t) * ab + (t - t0) * bc) / (t2 - t0)
        bcd = ((t3 - t) * bc + (t - t1) * cd) / (t3 - t1)
        spans.append(((t2 - t) * abc + (t - t1) * bcd) / (t2 - t1))
    return np.concatenate([*spans, points[:1] if closed else points[-1:]])
