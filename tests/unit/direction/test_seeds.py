"""Noise on the way from one seed to another stays unit, whatever lies between."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.direction.ease import Ease
from director.direction.seeds import MOST_SEEDS, noise_weights, seeds_of
from director.types import Direction

shares = st.floats(0, 1)
chains = st.lists(st.tuples(st.integers(0, 2**32 - 1), shares), min_size=1, max_size=MOST_SEEDS)


def direction(*chain: tuple[int, float]) -> Direction:
    """The newest first."""
    made: Direction | None = None
    for seed, arrived in reversed(chain):
        made = Direction(seed=seed, leaving=made, arrived=arrived if made is not None else 1.0)
    assert made is not None
    return made


def test_one_seed_is_one_seed_whatever_else_changes() -> None:
    assert seeds_of(Direction(seed=7)) == ((7, 1.0),)
    changing = Direction(prompt="dusk", seed=7, leaving=Direction(prompt="noon", seed=7), arrived=0.4)
    assert seeds_of(changing) == ((7, 1.0),)
    assert seeds_of(Direction(seed=7, leaving=Direction(seed=3), arrived=1.0)) == ((7, 1.0),)
    assert noise_weights(((7, 1.0),)) == ((7, 1.0),)


def test_a_change_goes_from_one_to_the_other_and_is_even_in_the_middle() -> None:
    half = math.sqrt(0.5)
    for share, left, came in ((0.0, 1.0, 0.0), (0.5, half, half)):
        seeds = seeds_of(direction((2, share), (1, 1.0)))
        assert dict(noise_weights(seeds)) == pytest.approx({1: left, 2: came})


@given(chain=chains)
def test_squares_of_the_weights_add_up_to_one(chain: list[tuple[int, float]]) -> None:
    weights = noise_weights(seeds_of(direction(*chain)))
    assert sum(weight**2 for _, weight in weights) == pytest.approx(1)
    assert len({seed for seed, _ in weights}) == len(weights)
    assert all(weight >= 0 for _, weight in weights)


def test_there_and_back_is_no_louder() -> None:
    # Back to 1 before 2 has wholly come: the noise of 1 counts twice, and is still unit.
    weights = dict(noise_weights(seeds_of(direction((1, 0.5), (2, 0.5), (1, 1.0)))))
    assert weights[1] > 0.8
    assert weights[1] ** 2 + weights[2] ** 2 == pytest.approx(1)


def test_however_fast_a_mind_changes_there_are_no_more_than_fit() -> None:
    ease = Ease(Direction(seed=0), 2.0)
    before: dict[int, float] = {}
    for seed in range(1, 9):
        ease.to(Direction(seed=seed))
        for _ in range(6):
            now = dict(noise_weights(seeds_of(ease.advance(0.05))))
            assert len(now) <= MOST_SEEDS
            # Smoothly: but for the oldest, forgotten where there are too many.
            if before and seed < MOST_SEEDS:
                assert max(abs(now.get(key, 0) - before.get(key, 0)) for key in now | before) < 0.35
            before = now
