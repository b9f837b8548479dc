"""Damping: exact, and therefore the same at every tick rate."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.damping import Spring, approach, approach_moving, coast, spring

RATES = (10, 24, 60, 1000)
values = st.floats(-100, 100)
constants = st.floats(0.01, 5)
spans = st.floats(0, 3)


def test_a_time_constant_covers_63_percent() -> None:
    assert approach(0.0, 1.0, 0.5, 0.5) == pytest.approx(1 - 1 / math.e)


@given(values, values, values, constants, spans, spans)
def test_two_steps_are_one(a: float, b: float, rate: float, tau: float, first: float, second: float) -> None:
    whole = approach_moving(a, b, rate, tau, first + second)
    half = approach_moving(a, b, rate, tau, first)
    assert approach_moving(half, b + rate * first, rate, tau, second) == pytest.approx(whole, abs=1e-7)


@given(values, values, values, constants, spans, spans)
def test_coasting_in_two_steps_is_one(
    x: float, v: float, wanted: float, tau: float, first: float, second: float
) -> None:
    assert coast(*coast(x, v, wanted, tau, first), wanted, tau, second) == pytest.approx(
        coast(x, v, wanted, tau, first + second), abs=1e-7
    )


@given(values, values, values, constants, spans, spans)
def test_a_spring_in_two_steps_is_one(
    x: float, v: float, target: float, tau: float, first: float, second: float
) -> None:
    once = spring(Spring(x, v), target, tau, first + second)
    twice = spring(spring(Spring(x, v), target, tau, first), target, tau, second)
    assert twice.value == pytest.approx(once.value, abs=1e-6)
    assert twice.rate == pytest.approx(once.rate, abs=1e-4)


@given(values, values, constants, spans)
def test_never_overshoots(value: float, target: float, tau: float, dt_s: float) -> None:
    low, high = sorted((value, target))
    assert low - 1e-9 <= approach(value, target, tau, dt_s) <= high + 1e-9
    assert low - 1e-9 <= spring(Spring(value), target, tau, dt_s).value <= high + 1e-9


def test_without_a_time_constant_it_is_there_at_once() -> None:
    assert approach(1.0, 5.0, 0.0, 0.1) == 5.0
    assert coast(1.0, 0.0, 2.0, 0.0, 0.5) == (2.0, 2.0)
    assert spring(Spring(1.0, 3.0), 5.0, 0.0, 0.1) == Spring(5.0, 0.0)


def test_a_moving_target_is_trailed_by_rate_times_time_constant() -> None:
    value, target = 0.0, 0.0
    for _ in range(600):
        value = approach_moving(value, target, 2.0, 0.3, 1 / 60)
        target += 2.0 / 60
    assert target - value == pytest.approx(0.6)


@pytest.mark.parametrize("rate", RATES)
def test_velocity_is_the_slope_of_position(rate: int) -> None:
    position, velocity = 0.0, 3.0
    for _ in range(rate):
        position, velocity = coast(position, velocity, -1.0, 0.4, 1 / rate)
    # ∫ −1 + 4 e^(−t/0.4) from 0 to 1
    assert position == pytest.approx(-1 + 4 * 0.4 * (1 - math.exp(-2.5)))
    assert velocity == pytest.approx(-1 + 4 * math.exp(-2.5))


def test_a_spring_leaves_rest_without_a_jerk() -> None:
    # The exponential starts at full speed; the spring's first way is of second order in time.
    assert spring(Spring(0.0), 1.0, 0.1, 0.001).value < 1e-4 < approach(0.0, 1.0, 0.1, 0.001)
