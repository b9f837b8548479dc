"""Where a time is drawn, what time a place stands for, and where strokes are due."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.shots.ruler import Ruler, frame_time
from director.take.timecode import frame_at

_FPS = st.sampled_from([Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)])
_RULERS = st.builds(Ruler, st.floats(-10, 500), st.floats(0.05, 3000), st.floats(0, 800))


@given(_RULERS, st.floats(0, 600))
def test_a_place_stands_for_the_time_that_is_drawn_there(ruler: Ruler, time_s: float) -> None:
    assert ruler.time_at(ruler.x_of(time_s)) == pytest.approx(time_s, abs=1e-6)


def test_before_the_scene_begins_it_is_0() -> None:
    assert Ruler(0.0, 100.0, 50.0).time_at(20.0) == 0.0


@given(_RULERS, st.floats(0.2, 5), st.floats(0, 1000))
def test_the_time_under_the_mouse_stays_there_when_it_zooms(ruler: Ruler, factor: float, x: float) -> None:
    zoomed = ruler.zoomed(factor, x)
    under = ruler.start_s + (x - ruler.left) / ruler.per_s
    assert zoomed.x_of(under) == pytest.approx(x, abs=1e-3)
    assert 0.02 <= zoomed.per_s <= 4000


def test_a_shot_fits_with_air() -> None:
    ruler = Ruler.over(2.0, 8.0, 640.0, 100.0)
    assert 100 < ruler.x_of(2.0) < 130
    assert 710 < ruler.x_of(8.0) < 740


@given(_RULERS, _FPS, st.floats(100, 2000))
def test_strokes_are_on_frames_or_seconds_and_labels_apart(ruler: Ruler, fps: Fraction, width: float) -> None:
    ticks = ruler.ticks(width, fps)
    assert len(ticks) <= width / 5 + 2
    labelled = [tick.time_s for tick in ticks if tick.labelled]
    for a, b in pairwise(labelled):
        assert (b - a) * ruler.per_s >= 63.9 or b - a >= 3600
    for tick in ticks:
        assert tick.time_s >= 0
        assert -1 <= ruler.x_of(tick.time_s) - ruler.left <= width + 1
        frame = tick.time_s * float(fps)
        if any(t.time_s != round(t.time_s) for t in ticks if t.labelled):
            assert frame == pytest.approx(round(frame), abs=1e-3)


@given(st.floats(-5, 5000), _FPS)
def test_a_time_is_brought_to_its_frame(time_s: float, fps: Fraction) -> None:
    at_s = frame_time(time_s, fps)
    assert abs(at_s - max(0.0, time_s)) <= 0.5 / float(fps) + 1e-9
    assert frame_time(at_s, fps) == at_s
    assert frame_at(at_s, fps) == round(Fraction(at_s) * fps)
