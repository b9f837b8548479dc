import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.math3d import quaternion_from_euler
from director.shots.recorded import RecordedCamera
from director.types import CameraState, Lens


def _camera(x: float, is_cut: bool = False) -> CameraState:
    return CameraState(
        (x, 0.0, 0.0), quaternion_from_euler(x / 10, 0, 0), Lens(focal_length_mm=20 + x), is_cut=is_cut
    )


def _recorded(*samples: tuple[float, float]) -> RecordedCamera:
    return RecordedCamera.from_samples((time, _camera(x)) for time, x in samples)


def test_between_two_ticks_everything_is_on_its_way() -> None:
    camera = _recorded((0, 0), (2, 4)).at(0.5)
    assert camera.position == (1.0, 0.0, 0.0)
    assert camera.lens.focal_length_mm == 21
    assert camera.orientation == pytest.approx(quaternion_from_euler(0.1, 0, 0))


def test_it_stands_before_and_after() -> None:
    recorded = _recorded((1, 5), (2, 6))
    assert recorded.at(0).position[0] == 5
    assert recorded.at(math.inf).position[0] == 6


def test_it_never_goes_across_a_cut() -> None:
    recorded = RecordedCamera.from_samples([(0, _camera(0)), (1, _camera(9, is_cut=True)), (2, _camera(10))])
    assert recorded.at(0.9).position[0] == 0
    assert recorded.at(1.0).position[0] == 9
    assert not recorded.at(1.0).is_cut
    assert recorded.cuts_in(0.5, 1.0)
    assert not recorded.cuts_in(1.0, 2.0)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 99)), min_size=1, max_size=30))
def test_the_newest_over_a_time_counts(samples: list[tuple[int, int]]) -> None:
    recorded = _recorded(*((float(time), float(x)) for time, x in samples))
    assert list(recorded.times_s) == sorted(set(recorded.times_s))
    assert recorded.at(samples[-1][0]).position[0] == samples[-1][1]
    assert recorded.end_s == samples[-1][0]


def test_of_nothing_there_is_no_camera() -> None:
    with pytest.raises(ValueError, match="at least one tick"):
        RecordedCamera.from_samples([])
