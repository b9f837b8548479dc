import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.take.resample import Resampler

_RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)]


def _film(fps: Fraction, steps: list[float]) -> list[int]:
    """The tick that each frame shows; the first step is of no meaning."""
    resampler = Resampler(fps)
    frames: list[int] = []
    for index, dt_s in enumerate(steps):
        frames += [index - 1] * resampler.tick(dt_s)
    return frames + [len(steps) - 1] * resampler.end()


@pytest.mark.parametrize("fps", _RATES)
def test_ticks_at_frame_times_give_each_tick_one_frame(fps: Fraction) -> None:
    assert _film(fps, [float(1 / fps)] * 1000) == list(range(1000))


@given(fps=st.sampled_from(_RATES), steps=st.lists(st.floats(0.0005, 0.4), min_size=1, max_size=60))
def test_each_frame_shows_the_newest_picture_at_its_time(fps: Fraction, steps: list[float]) -> None:
    times = [0.0]
    for step in steps[1:]:
        times.append(times[-1] + step)
    frames = _film(fps, steps)
    assert len(frames) == pytest.approx(
        math.floor(times[-1] * fps) + 1, abs=1 if times[-1] * fps % 1 > 0.999 else 0
    )
    for k, shown in enumerate(frames):
        at_s = k / float(fps)
        assert times[shown] <= at_s + 1e-4
        if shown + 1 < len(times):
            assert times[shown + 1] > at_s - 1e-4


def test_time_that_stands_or_runs_backwards_adds_no_frames() -> None:
    assert _film(Fraction(24), [0.0, 0.0, 0.0]) == [2]
    assert len(_film(Fraction(24), [0.0, -5.0, 0.5])) == 13


def test_nothing_recorded_is_no_frame() -> None:
    assert _film(Fraction(24), []) == []
