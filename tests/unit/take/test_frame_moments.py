"""What a render draws and what an export tells lies at the same moments, as many as the film has."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.take.exporters._camera import frame_cameras
from director.take.exporters._source import open_source
from director.take.frame_times import at_frame_times, frame_moments
from director.take.resample import shown_ticks
from director.take.stored import open_take
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick
from tests.unit.take.exporters.shooting import recorded

_FPS = Fraction(24000, 1001)


def cameras(times_s: list[float], dt_s: float = 0.03) -> list[tuple[float, float, CameraState]]:
    """A metre on with every tick."""
    return [(dt_s, time_s, CameraState((float(i), 1, 0), (0, 0, 0, 1))) for i, time_s in enumerate(times_s)]


def test_a_render_and_an_export_have_the_same_frames(tmp_path: Path) -> None:
    # On, back without a cut, far ahead without a cut, and across one.
    told = cameras([0, 0.03, 0.06, 0.01, 0.04, 3.0, 3.03, 3.06, 3.09, 7.0, 7.03, 7.06])
    told[9] = (*told[9][:2], replace(told[9][2], is_cut=True))
    folder = recorded(tmp_path, told, _FPS)
    take, source = open_take(folder), open_source(folder)
    drawn = at_frame_times(take.lines, take.fps, len(take.shown))
    exported = frame_cameras(source)
    assert len(drawn) == len(exported) == source.frames == 8
    for one, other in zip(drawn, exported, strict=True):
        assert one.tick.index == other.index
        assert one.tick.time_s == other.scene_time_s
        assert replace(one.camera, is_cut=False) == replace(other.camera, is_cut=False)
        assert one.camera.is_cut == other.is_cut
    # Frame 3, at 0.125 s, lies between ticks 4 and 5: the camera goes on, and the scene has no place there.
    assert drawn[3].tick.time_s == 0.04
    assert drawn[3].camera.position[0] == pytest.approx(4 + (0.125125 - 0.12) / 0.03)
    # Frame 2, at 0.083 s, lies between ticks 2 and 3, where the scene was taken back.
    assert drawn[2].tick.time_s == 0.06
    assert drawn[2].camera.position[0] == pytest.approx(2 + (0.0834167 - 0.06) / 0.03, abs=1e-4)


@given(
    fps=st.sampled_from([Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(60)]),
    steps=st.lists(st.floats(0.0, 0.2), min_size=1, max_size=40),
)
def test_a_moment_s_line_is_the_one_whose_picture_the_film_shows(fps: Fraction, steps: list[float]) -> None:
    camera = CameraState((0, 1, 0), (0, 0, 0, 1))
    lines = [TrackLine(Tick(i, i / 24, dt_s), camera, Direction()) for i, dt_s in enumerate(steps)]
    shown = shown_ticks(steps, fps)
    moments = frame_moments(lines, fps, len(shown))
    assert [moment.number for moment in moments] == list(shown)
    assert all(0 <= moment.share <= 1 for moment in moments)
    assert [moment.time_s for moment in moments] == [float(k / fps) for k in range(len(shown))]
    # A film that is longer than its track tells goes on with the last.
    assert [moment.number for moment in frame_moments(lines, fps, len(shown) + 2)][-2:] == [
        len(lines) - 1
    ] * 2
