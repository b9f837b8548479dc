"""A change of mind takes its time, arrives, and is smooth however fast the ticks come."""

import pickle
from itertools import pairwise

import pytest

from director.direction.ease import Ease
from director.types import Direction

NOON, DUSK, NIGHT, DAWN, FOG = (Direction(prompt=words) for words in ("noon", "dusk", "night", "dawn", "fog"))


def depth(direction: Direction) -> int:
    return 0 if direction.leaving is None else 1 + depth(direction.leaving)


def test_a_change_leaves_one_direction_and_arrives_at_the_other() -> None:
    ease = Ease(NOON, 2.0)
    assert ease.now is NOON
    ease.to(NIGHT)
    shares = []
    while (now := ease.advance(0.1)) is not NIGHT:
        assert now.prompt == "night"
        assert now.leaving is NOON
        shares.append(now.arrived)
    assert len(shares) in (19, 20)
    assert shares == sorted(shares)
    assert max(b - a for a, b in pairwise(shares)) < 0.08
    assert shares[9] == pytest.approx(0.5, abs=0.01)
    assert ease.advance(5.0) is NIGHT


def test_however_the_ticks_fall_it_is_as_far() -> None:
    for ticks in (1, 7, 100):
        ease = Ease(NOON, 2.0)
        ease.to(NIGHT)
        for _ in range(ticks):
            now = ease.advance(0.7 / ticks)
        assert now.arrived == pytest.approx(0.35 * 0.35 * (3 - 0.7))


def test_no_time_is_no_way() -> None:
    ease = Ease(NOON, 0.0)
    ease.to(NIGHT)
    assert ease.now is NIGHT
    ease.seconds = 3.0
    ease.to(NOON)
    ease.cut()
    assert ease.now is NOON


def test_a_change_during_a_change_starts_from_where_it_was() -> None:
    ease = Ease(NOON, 1.0)
    ease.to(NIGHT)
    between = ease.advance(0.5)
    ease.to(DAWN)
    assert ease.now.leaving == between
    for other in (FOG, NOON, DUSK, NIGHT, FOG):
        ease.advance(0.01)
        ease.to(other)
    assert depth(ease.now) <= 3


def test_what_is_under_way_crosses_to_another_process() -> None:
    ease = Ease(NOON, 1.0)
    ease.to(NIGHT)
    now = ease.advance(0.4)
    assert pickle.loads(pickle.dumps(now)) == now


def test_another_length_counts_from_the_next_change_on() -> None:
    ease = Ease(NOON, 1.0)
    ease.to(NIGHT)
    before = ease.advance(0.8).arrived
    ease.seconds = 5.0
    assert ease.advance(0.01).arrived > before
    ease.seconds = 0.0
    assert ease.now.arrived > before
    ease.to(DAWN)
    assert ease.now is DAWN
