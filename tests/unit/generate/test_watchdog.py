"""How long a silent generator is waited for."""

import pytest

from director.generate.watchdog import Patience, Watch

PATIENCE = Patience(silent_s=100.0, first=3, times=20.0, least_s=10.0)


def silent_for(watch: Watch, seconds: float) -> None:
    for _ in range(round(seconds / 0.5)):
        watch.waits(0.5)


def drawn(watch: Watch, *seconds: float, size: object = "small") -> None:
    for took in seconds:
        watch.asks(size)
        watch.is_answered(took)


def test_loading_may_take_long_and_longer_while_it_tells_how_far_it_is() -> None:
    watch = Watch(PATIENCE)
    silent_for(watch, 99)
    assert watch.verdict == ""
    watch.hears()
    silent_for(watch, 99)
    assert watch.verdict == ""
    silent_for(watch, 1)
    assert watch.verdict == "no sign of life for 100 s while it was loading; its process was ended"


def test_first_pictures_have_the_long_limit_and_later_ones_twenty_times_the_median() -> None:
    watch = Watch(PATIENCE)
    watch.is_answered()
    drawn(watch, 60.0, 1.0)
    assert watch.limit_s == 100
    drawn(watch, 1.0)
    assert watch.limit_s == 20
    drawn(watch, 0.1, 0.1, 0.1, 0.1)
    assert watch.limit_s == 10
    watch.asks("small")
    silent_for(watch, 9.5)
    assert watch.verdict == ""
    silent_for(watch, 0.5)
    assert watch.verdict == "no sign of life for 10 s while it drew a picture; its process was ended"


def test_another_size_may_be_compiled_anew() -> None:
    watch = Watch(PATIENCE)
    drawn(watch, 0.1, 0.1, 0.1)
    assert watch.limit_s == 10
    watch.asks("large")
    assert watch.limit_s == 100
    assert watch.pictures == 3


def test_nothing_is_owed_by_one_that_has_answered() -> None:
    watch = Watch(PATIENCE)
    step_s = watch.step_s
    assert step_s == 1.0
    watch.is_answered()
    step_s = watch.step_s
    assert step_s is None
    silent_for(watch, 1000)
    assert watch.verdict == ""
    # A picture that was refused is an answer too, but says nothing of how long one takes.
    watch.asks("small")
    watch.is_answered()
    assert (watch.step_s, watch.pictures) == (None, 0)


def test_a_computer_that_slept_has_not_waited() -> None:
    watch = Watch(PATIENCE)
    watch.is_answered()
    watch.asks("small")
    watch.waits(3600.0)
    assert watch.verdict == ""
    assert watch.step_s == pytest.approx(1.0)
