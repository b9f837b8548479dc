"""Damping that does not depend on the tick rate: the exact solutions, not steps towards them.

A value damped with a time constant covers 1 − 1/e ≈ 63 % of its way in that time, however the time is
cut into ticks: the exact solution of x' = (target − x) / τ.
"""

import math
from dataclasses import dataclass

__all__ = ["Spring", "approach", "approach_moving", "coast", "spring", "spring_moving"]


def approach(value: float, target: float, time_constant_s: float, dt_s: float) -> float:
    """The value `dt_s` later, drawn to a target that stands still. A time constant of 0 is at once."""
    return approach_moving(value, target, 0.0, time_constant_s, dt_s)


def approach_moving(
    value: float, target: float, target_rate: float, time_constant_s: float, dt_s: float
) -> float:
    """The value `dt_s` later, drawn to a target that moves at `target_rate` per second.

    `target` is where the target is at the start of the step. The value ends up trailing by rate · τ.
    """
    if time_constant_s <= 0:
        return target + target_rate * dt_s
    lag = target_rate * time_constant_s
    decay = math.exp(-dt_s / time_constant_s)
    return target + target_rate * dt_s - lag + (value - target + lag) * decay


def coast(
    position: float, velocity: float, wanted: float, time_constant_s: float, dt_s: float
) -> tuple[float, float]:
    """(position, velocity) `dt_s` later of something whose velocity is drawn to a wanted one.

    The position is the exact integral of the damped velocity.
    """
    if time_constant_s <= 0:
        return position + wanted * dt_s, wanted
    decay = math.exp(-dt_s / time_constant_s)
    excess = velocity - wanted
    return position + wanted * dt_s + excess * time_constant_s * (1 - decay), wanted + excess * decay


@dataclass(frozen=True, slots=True)
class Spring:
    """A value and its rate of change per second."""

    value: float
    rate: float = 0.0


def spring(state: Spring, target: float, time_constant_s: float, dt_s: float) -> Spring:
    """A critically damped spring `dt_s` later: to the target without overshoot, from rest without a jerk.

    The exact solution x(t) = target + (c₁ + c₂ t) e^(−ωt) with ω = 1 / τ (any textbook on vibrations,
    "critical damping"). It is the two-pole sibling of `approach`.
    """
    if time_constant_s <= 0:
        return Spring(target, 0.0)
    omega = 1 / time_constant_s
    first = state.value - target
    second = state.rate + omega * first
    decay = math.exp(-omega * dt_s)
    value = target + (first + second * dt_s) * decay
    rate = (second - omega * (first + second * dt_s)) * decay
    return Spring(value, rate)


def spring_moving(
    state: Spring, target: float, target_rate: float, time_constant_s: float, dt_s: float
) -> Spring:
    """A critically damped spring `dt_s` later, drawn to a target that moves at `target_rate` per second.

    `target` is where the target is at the start of the step. The value ends up trailing by 2 · rate · τ.
    It is an average of where the target has been, weighted by ω² t e^(−ωt), which is never negative: so
    from rest it never leaves the range that its target keeps to.
    """
    if time_constant_s <= 0:
        return Spring(target + target_rate * dt_s, target_rate)
    lag = 2 * target_rate * time_constant_s
    relative = spring(
        Spring(state.value - target + lag, state.rate - target_rate), 0.0, time_constant_s, dt_s
    )
    return Spring(relative.value + target + target_rate * dt_s - lag, relative.rate + target_rate)
