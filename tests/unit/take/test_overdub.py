from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.angles import angles_from_orientation, orientation_from_angles
from director.errors import TakeError
from director.scene.shots import Shot
from director.take.camera_track import camera_for, camera_of
from director.take.overdub import CHANNELS, overdub
from director.take.track import GeneratedFrom, TrackLine, TrackWriter
from director.types import CameraState, Correction, Direction, Lens, Tick


def _pass(
    angles: tuple[float, float, float], *, start_s: float = 0.0, rate: int = 8, count: int = 17
) -> list[TrackLine]:
    """Two seconds of a camera that pans on from these angles, ten degrees a second."""
    lines = []
    for i in range(count):
        time_s = start_s + i / rate
        turned = (angles[0] + 10 * time_s, angles[1], angles[2])
        camera = CameraState(
            (angles[0], time_s, 0.0),
            orientation_from_angles(turned),
            Lens(
                focal_length_mm=30 + angles[0],
                f_number=2 + angles[1],
                focus_distance_m=5 + time_s + angles[1],
            ),
            Correction((angles[1], 0.0, 0.0)),
        )
        tick, direction = Tick(i, time_s, 1 / rate), Direction(f"p{i}")
        lines.append(
            TrackLine(
                tick,
                camera,
                direction,
                generated_tick=i,
                latency_ms=9.0,
                picture_sha256=f"{i:064x}",
                generated_from=GeneratedFrom(tick, camera, direction),
            )
        )
    return lines


def _values(camera: CameraState) -> dict[str, object]:
    pan, tilt, roll = (round(angle, 6) for angle in angles_from_orientation(camera.orientation))
    lens = camera.lens
    return {
        "position": camera.position,
        "pan": pan,
        "tilt": tilt,
        "roll": roll,
        "focus": lens.focus_distance_m,
        "focal length": lens.focal_length_mm,
        "aperture": lens.f_number,
        "shake": camera.correction,
    }


@given(st.sets(st.sampled_from(CHANNELS)))
def test_the_chosen_channels_are_the_live_pass_and_the_rest_the_earlier(channels: set[str]) -> None:
    earlier, live = _pass((20, 10, 3)), _pass((50, 20, -7))
    made = overdub(earlier, live, channels)
    for line, old, new in zip(made, earlier, live, strict=True):
        wanted = {name: _values((new if name in channels else old).camera)[name] for name in CHANNELS}
        assert _values(line.camera) == wanted
        assert (line.tick, line.direction) == (old.tick, old.direction)
        assert line.generated_tick == (None if channels else old.generated_tick)


def test_a_live_pass_at_another_rate_is_met_at_scene_time() -> None:
    earlier, live = _pass((0, 0, 0)), _pass((40, 0, 0), start_s=0.0, rate=5, count=11)
    made = overdub(earlier, live, ["pan"])
    for line in made:
        assert _values(line.camera)["pan"] == pytest.approx(40 + 10 * line.tick.time_s, abs=1e-4)


def test_a_pass_that_punches_in_and_out_leaves_the_rest_and_has_no_jump() -> None:
    earlier, live = _pass((0, 0, 0), rate=40, count=81), _pass((30, 0, 0), start_s=0.5, rate=40, count=41)
    made = overdub(earlier, live, ["pan"], blend_s=0.25)
    pans = [angles_from_orientation(line.camera.orientation)[0] - 10 * line.tick.time_s for line in made]
    assert made[:20] == tuple(earlier[:20])
    assert made[61:] == tuple(earlier[61:])
    assert pans[40] == pytest.approx(30)
    assert max(abs(b - a) for a, b in pairwise(pans)) < 6
    assert made[40].generated_tick is None
    assert made[10].generated_tick == 10
    # What was shown of another camera is not what this one saw.
    assert (made[40].picture_sha256, made[40].generated_from) == (None, None)
    assert made[10].picture_sha256 == earlier[10].picture_sha256
    assert made[10].generated_from is not None


def test_a_pan_over_the_seam_takes_the_short_way() -> None:
    earlier, live = _pass((170, 0, 0)), _pass((-175, 0, 0), start_s=0.5, count=9)
    halfway = overdub(earlier, live, ["pan"], blend_s=0.25)[5]
    assert _values(halfway.camera)["pan"] == pytest.approx(170 + 6.25 + 7.5 - 360, abs=1e-6)


def test_the_newest_live_pass_over_a_time_counts() -> None:
    again = [*_pass((90, 0, 0)), *_pass((20, 0, 0))]
    assert camera_of(again).at(1.0).position == (20.0, 1.0, 0.0)
    assert _values(overdub(_pass((0, 0, 0)), again, ["pan"])[8].camera)["pan"] == pytest.approx(30)


def test_a_cut_of_either_pass_stays_a_cut() -> None:
    earlier, live = _pass((0, 0, 0)), _pass((10, 0, 0), rate=5, count=11)
    earlier[3] = replace(earlier[3], camera=replace(earlier[3].camera, is_cut=True))
    live[4] = replace(live[4], camera=replace(live[4].camera, is_cut=True))
    made = overdub(earlier, live, ["position"])
    # The live cut comes at 0.8 s, which the tick at 7/8 s is the first to see.
    assert [i for i, line in enumerate(made) if line.camera.is_cut] == [3, 7]


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(TakeError, match="no channel 'zoom'"):
        overdub(_pass((0, 0, 0)), _pass((0, 0, 0)), ["zoom"])
    with pytest.raises(TakeError, match="no ticks"):
        overdub(_pass((0, 0, 0)), [], ["pan"])
    with pytest.raises(TakeError, match="no ticks"):
        overdub([], _pass((0, 0, 0)), ["pan"])


def test_a_shot_finds_the_camera_of_its_take(tmp_path: Path) -> None:
    folder = tmp_path / "alley" / "flown_T001"
    folder.mkdir(parents=True)
    writer = TrackWriter(folder / "track.jsonl")
    for line in _pass((20, 10, 0)):
        writer.write(line)
    writer.close()
    raw = {"name": "a", "end_s": 2, "camera": {"kind": "recorded", "take": "alley/flown_T001"}}
    camera = camera_for(Shot.model_validate(raw), tmp_path)
    assert camera is not None
    assert camera.at(1.0).position == (20.0, 1.0, 0.0)
    still = {**raw, "camera": {"kind": "still", "position": [0, 0, 0]}}
    assert camera_for(Shot.model_validate(still), tmp_path) is None
    raw["camera"] = {"kind": "recorded", "take": "alley/flown_T002"}
    with pytest.raises(TakeError, match="flown_T002"):
        camera_for(Shot.model_validate(raw), tmp_path)


def test_a_camera_that_stands_nowhere_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "scene" / "a_T001"
    folder.mkdir(parents=True)
    writer = TrackWriter(folder / "track.jsonl")
    for line in _pass((0, 0, 0)):
        writer.write(line)
    writer.close()
    text = (folder / "track.jsonl").read_text(encoding="utf-8")
    (folder / "track.jsonl").write_text(text.replace('"time_s": 0.125', '"time_s": "x"', 1), encoding="utf-8")
    shot = Shot.model_validate(
        {"name": "a", "camera": {"kind": "recorded", "take": "scene/a_T001"}, "start_s": 0, "end_s": 2}
    )
    with pytest.raises(TakeError, match=r"track\.jsonl:2: a number in it is out of range: time"):
        camera_for(shot, tmp_path)
