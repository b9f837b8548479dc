"""Where a falling function of one number passes zero."""

from collections.abc import Callable

__all__ = ["crossing"]

_STEPS = 60
_CLOSE = 1e-10


def crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """The place between low and high where the function falls through 0; the end nearer to it where it does
    not. Deterministic.

    The Illinois form of regula falsi: M. Dowell and P. Jarratt, "A modified regula falsi method for computing
    the root of an equation", BIT 11 (1971), 168–174.
    """
    at_low, at_high = falling(low), falling(high)
    if at_low <= 0:
        return low
    if at_high >= 0:
        return high
    kept = 0
    middle = low
    for _ in range(_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = falling(middle)
        if abs(value) < _CLOSE or high - low < _CLOSE:
            break
        # An end that stays twice running counts half, so that it too comes nearer.
        if value > 0:
            low, at_low = middle, value
            at_high = at_high / 2 if kept == 1 else at_high
            kept = 1
        else:
            high, at_high = middle, value
            at_low = at_low / 2 if kept == -1 else at_low
            kept = -1
    return middle
