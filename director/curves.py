"""Keyed values over time: numbers, vectors and words, evaluated exactly and the same every time.

A key says how the way to the next one is gone:
hold    the value stays until the next key
linear  one speed
smooth  along the slope between the neighbours, at rest at both ends of the curve; may swing past a key
bezier  with the key's own slopes, or, where it has none, with slopes that never swing past a key
Before the first key and after the last, the nearest holds. Everything is frozen: an edit gives a new curve.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = [
    "Curve",
    "Interpolation",
    "Key",
    "NumberKey",
    "ScalarCurve",
    "ScalarKey",
    "TextCurve",
    "TextKey",
    "VectorCurve",
    "VectorKey",
]

Interpolation = Literal["hold", "linear", "smooth", "bezier"]

# Strict: "3" and true are not numbers.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e9, le=1e9)]
Triple = tuple[Number, Number, Number]
Seconds = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=86400)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Key(_Frozen):
    """Something at a time."""

    time_s: Seconds


class NumberKey(Key):
    """A key of numbers; `interpolation` is that of the way to the next."""

    interpolation: Interpolation = "smooth"


class ScalarKey(NumberKey):
    """One number. Slopes are per second, and count where the way before or behind is a bezier's."""

    value: Number
    slope_in: Number | None = None
    slope_out: Number | None = None


class VectorKey(NumberKey):
    """Three numbers. Slopes are per second, and count where the way before or behind is a bezier's."""

    value: Triple
    slope_in: Triple | None = None
    slope_out: Triple | None = None


class TextKey(Key):
    """Words that hold from this time on; `ease_s` is how long the change to them takes."""

    value: Annotated[str, Field(max_length=1000)]
    ease_s: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=3600)] = 0.6


_K = TypeVar("_K", bound=Key)


class Curve(_Frozen, Generic[_K]):
    """Keys in order of time, at least one, one a time."""

    keys: Annotated[tuple[_K, ...], Field(min_length=1)]

    @field_validator("keys")
    @classmethod
    def _in_order(cls, keys: tuple[_K, ...]) -> tuple[_K, ...]:
        for key, following in pairwise(keys):
            if following.time_s <= key.time_s:
                raise ValueError(f"a key at {following.time_s:g} s does not come after {key.time_s:g} s")
        return keys

    @property
    def start_s(self) -> float:
        """The time of the first key."""
        return self.keys[0].time_s

    @property
    def end_s(self) -> float:
        """The time of the last key."""
        return self.keys[-1].time_s

    def key_at(self, time_s: float) -> _K | None:
        """The key at exactly this time."""
        i = bisect_left(self.keys, time_s, key=_time)
        return self.keys[i] if i < len(self.keys) and self.keys[i].time_s == time_s else None

    def with_key(self, key: _K) -> Self:
        """This curve with one more key; it takes the place of one at the same time."""
        others = [other for other in self.keys if other.time_s != key.time_s]
        return self._of(sorted([*others, key], key=_time))

    def without(self, time_s: float) -> Self:
        """This curve without the key at a time. Raises ValueError where none is, and for the last one."""
        self._existing(time_s)
        if len(self.keys) == 1:
            raise ValueError("a curve keeps at least one key")
        return self._of([key for key in self.keys if key.time_s != time_s])

    def moved(self, from_s: float, to_s: float) -> Self:
        """This curve with a key at another time, perhaps past its neighbours; it takes the place of a key
        that is there. Raises ValueError where no key is at `from_s`, and for a time that no key can have."""
        moved = self._existing(from_s)
        others = [key for key in self.keys if key.time_s not in (from_s, to_s)]
        again = type(moved).model_validate({**dict(moved), "time_s": to_s})
        return self._of(sorted([*others, again], key=_time))

    def shifted(self, by_s: float) -> Self:
        """This curve so much later. Raises ValueError where a key would come before time 0."""
        return self._of(
            [type(key).model_validate({**dict(key), "time_s": key.time_s + by_s}) for key in self.keys]
        )

    def _existing(self, time_s: float) -> _K:
        key = self.key_at(time_s)
        if key is None:
            raise ValueError(f"there is no key at {time_s:g} s")
        return key

    def _before(self, time_s: float) -> int:
        """The index of the key at or before a time; −1 before the first."""
        return bisect_right(self.keys, time_s, key=_time) - 1

    def _of(self, keys: Sequence[_K]) -> Self:
        return type(self)(keys=tuple(keys))


class ScalarCurve(Curve[ScalarKey]):
    """A number over time."""

    def at(self, time_s: float) -> float:
        """Its value at a time."""
        i = self._before(time_s)
        if i < 0 or i == len(self.keys) - 1:
            return self.keys[max(i, 0)].value
        return _component(self.keys, i, time_s, [key.value for key in self._about(i)], self._own(i))

    def _about(self, i: int) -> tuple[ScalarKey, ...]:
        return self.keys[max(0, i - 1) : i + 3]

    def _own(self, i: int) -> tuple[float | None, float | None]:
        return self.keys[i].slope_out, self.keys[i + 1].slope_in


class VectorCurve(Curve[VectorKey]):
    """Three numbers over time, each by itself: metres, or yaw, pitch and roll as they are written."""

    def at(self, time_s: float) -> tuple[float, float, float]:
        """Its value at a time."""
        i = self._before(time_s)
        if i < 0 or i == len(self.keys) - 1:
            return self.keys[max(i, 0)].value
        about = self.keys[max(0, i - 1) : i + 3]
        out, into = self.keys[i].slope_out, self.keys[i + 1].slope_in
        x, y, z = (
            _component(
                self.keys,
                i,
                time_s,
                [key.value[axis] for key in about],
                (None if out is None else out[axis], None if into is None else into[axis]),
            )
            for axis in range(3)
        )
        return (x, y, z)


class TextCurve(Curve[TextKey]):
    """Words over time: those of the last key that has come; before the first key, the first key's."""

    def at(self, time_s: float) -> str:
        """The words that are wanted at a time, however far the change to them has come."""
        return self.keys[max(0, self._before(time_s))].value

    def changes(self) -> tuple[TextKey, ...]:
        """The keys at which the words change: all but the first and those that repeat the one before."""
        return tuple(key for before, key in pairwise(self.keys) if key.value != before.value)


def _time(key: Key) -> float:
    return key.time_s


def _component(
    keys: Sequence[NumberKey],
    i: int,
    time_s: float,
    values: Sequence[float],
    own: tuple[float | None, float | None],
) -> float:
    """One number on the way from key i to the next. `values` are those of keys i − 1 … i + 2, as far as
    there are such keys; `own` the slopes that the two keys themselves give to the way."""
    first = max(0, i - 1)
    a, b = values[i - first], values[i + 1 - first]
    span_s = keys[i + 1].time_s - keys[i].time_s
    share = (time_s - keys[i].time_s) / span_s
    kind = keys[i].interpolation
    if kind == "hold":
        return a
    if kind == "linear":
        return a + (b - a) * share
    slopes = [_slope(keys, j, first, values, kind) for j in (i, i + 1)]
    if kind == "bezier":
        slopes = [auto if given is None else given for auto, given in zip(slopes, own, strict=True)]
    # Cubic Hermite, https://en.wikipedia.org/wiki/Cubic_Hermite_spline: the same curve as a cubic Bézier
    # whose handles lie a third of the time away from its keys. From a, so that equal keys are met exactly.
    rest = 1 - share
    return (
        a
        + (b - a) * share * share * (3 - 2 * share)
        + span_s * share * rest * (rest * slopes[0] - share * slopes[1])
    )


def _slope(
    keys: Sequence[NumberKey], j: int, first: int, values: Sequence[float], kind: Interpolation
) -> float:
    """The slope at key j, per second: at rest at the ends of the curve and beside a hold."""
    if j == 0 or j == len(keys) - 1 or "hold" in (keys[j - 1].interpolation, keys[j].interpolation):
        return 0.0
    before, here, after = values[j - 1 - first : j + 2 - first]
    h, k = keys[j].time_s - keys[j - 1].time_s, keys[j + 1].time_s - keys[j].time_s
    left, right = (here - before) / h, (after - here) / k
    # Beside a straight way the curve sets out along it.
    if keys[j - 1].interpolation == "linear":
        return _tamed(left, right) if kind == "bezier" else left
    if keys[j].interpolation == "linear":
        return _tamed(right, left) if kind == "bezier" else right
    if kind == "smooth":
        return (after - before) / (h + k)
    if left * right <= 0:
        return 0.0
    # The weighted harmonic mean keeps each way monotone: F. N. Fritsch and J. Butland, "A method for
    # constructing local monotone piecewise cubic interpolants", SIAM J. Sci. Stat. Comput. 5 (1984).
    w, v = 2 * k + h, k + 2 * h
    return (w + v) / (w / left + v / right)


def _tamed(slope: float, way: float) -> float:
    """A slope that a way of this mean slope can begin with and stay monotone: at most three times its own
    (F. N. Fritsch and R. E. Carlson, SIAM J. Numer. Anal. 17, 1980)."""
    if slope * way <= 0:
        return 0.0
    return min(abs(slope), 3 * abs(way)) * (1 if slope > 0 else -1)
