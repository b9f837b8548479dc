import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.errors import RecordingError, TakeError
from director.take.track import PictureSettings, TrackLine, TrackWriter, read_track
from director.types import CameraState, Correction, Direction, Lens, Tick

_numbers = st.floats(-1e4, 1e4)
_lines = st.builds(
    TrackLine,
    tick=st.builds(Tick, st.integers(0, 10**6), st.floats(0, 1e4), st.floats(0, 1)),
    camera=st.builds(
        CameraState,
        st.tuples(_numbers, _numbers, _numbers),
        st.tuples(_numbers, _numbers, _numbers, _numbers),
        st.builds(Lens, focal_length_mm=st.floats(8, 200)),
        st.builds(Correction, st.tuples(_numbers, _numbers, _numbers)),
        st.booleans(),
        st.none() | st.tuples(st.floats(0.01, 1), st.floats(2, 1e3)),
    ),
    direction=st.builds(
        Direction,
        prompt=st.sampled_from(["", "rain", 'night\n"neon" ü']),
        object_prompts=st.dictionaries(st.integers(1, 9), st.sampled_from(["gold", ""]), max_size=2),
        seed=st.integers(0, 2**32 - 1),
        strengths=st.dictionaries(st.integers(1, 9), st.floats(0, 1), max_size=2),
        locks=st.frozensets(st.integers(1, 9), max_size=2),
        references=st.sampled_from([(), ("a.png",)]),
        look=st.dictionaries(st.sampled_from(["wet", "glow"]), st.floats(0, 1), max_size=2),
        leaving=st.none() | st.builds(Direction, prompt=st.sampled_from(["", "noon"])),
        arrived=st.floats(0, 1),
    ),
    picture=st.builds(
        PictureSettings,
        stabiliser=st.floats(0, 1),
        depth_of_field=st.booleans(),
        shutter_angle_deg=st.sampled_from([0.0, 180.0]),
        quality=st.sampled_from([None, "finest", "balanced"]),
        picture_rate=st.none() | st.floats(1, 60),
        generated_size=st.none() | st.tuples(st.integers(16, 512), st.integers(16, 288)),
    ),
    generated_tick=st.none() | st.integers(0, 100),
    history=st.none() | st.integers(0, 100),
    latency_ms=st.none() | st.floats(0, 1e3),
)


@given(lines=st.lists(_lines, max_size=6))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, lines: list[TrackLine]) -> None:
    path = tmp_path_factory.mktemp("track") / "track.jsonl"
    writer = TrackWriter(path)
    for line in lines:
        writer.write(line)
    writer.close()
    assert read_track(path) == lines


def _line(index: int, prompt: str = "rain", picture: PictureSettings | None = None) -> TrackLine:
    camera = CameraState((0.0, 1.6, float(index)), (0.0, 0.0, 0.0, 1.0))
    settings = picture or PictureSettings()
    return TrackLine(Tick(index, index / 24, 1 / 24), camera, Direction(prompt=prompt), picture=settings)


def test_each_line_is_on_disk_at_once(tmp_path: Path) -> None:
    writer = TrackWriter(tmp_path / "track.jsonl")
    for index in range(3):
        writer.write(_line(index))
        assert len(read_track(tmp_path / "track.jsonl")) == index + 1
    writer.close()


def test_only_what_changed_in_the_direction_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "track.jsonl"
    writer = TrackWriter(path)
    for index, prompt in enumerate(["rain", "rain", "snow"]):
        writer.write(_line(index, prompt))
    writer.close()
    rows = path.read_text(encoding="utf-8").splitlines()
    assert '"seed": 0' in rows[0]
    assert '"direction": {}' in rows[1]
    assert '"direction": {"prompt": "snow"}' in rows[2]


def test_only_what_changed_in_the_picture_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "track.jsonl"
    before = PictureSettings(stabiliser=0.5, quality="finest", generated_size=(512, 288))
    after = replace(before, stabiliser=0.65, quality="faster", generated_size=(192, 108))
    writer = TrackWriter(path)
    for index, picture in enumerate([before, before, after, after]):
        writer.write(_line(index, picture=picture))
    writer.close()
    rows = [json.loads(row)["picture"] for row in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0].keys() == asdict(before).keys()
    assert rows[1] == rows[3] == {}
    assert rows[2] == {"stabiliser": 0.65, "quality": "faster", "generated_size": [192, 108]}
    assert [line.picture for line in read_track(path)] == [before, before, after, after]


def test_a_track_that_says_nothing_of_its_pictures_is_read_with_what_the_take_says(tmp_path: Path) -> None:
    path = tmp_path / "track.jsonl"
    writer = TrackWriter(path)
    writer.write(_line(0, picture=PictureSettings(stabiliser=0.3)))
    writer.write(_line(1))
    writer.close()
    told = PictureSettings(stabiliser=0.85, depth_of_field=True)
    assert read_track(path, told)[0].picture.stabiliser == 0.3
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    earlier = "".join(json.dumps({**row, "picture": None}) + "\n" for row in rows)
    path.write_text(earlier.replace('"picture": null, ', ""), encoding="utf-8")
    assert "picture" not in path.read_text(encoding="utf-8")
    assert [line.picture for line in read_track(path, told)] == [told, told]


def test_a_last_line_cut_short_is_passed_over_but_a_broken_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "track.jsonl"
    writer = TrackWriter(path)
    for index in range(3):
        writer.write(_line(index))
    writer.close()
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:-40], encoding="utf-8")
    assert len(read_track(path)) == 2
    path.write_text(whole.replace('"camera"', '"kamera"', 1), encoding="utf-8")
    with pytest.raises(TakeError, match=r"track\.jsonl:1"):
        read_track(path)
    path.write_text(whole.replace('"object_prompts": {}', '"object_prompts": []', 1), encoding="utf-8")
    with pytest.raises(TakeError, match=r"track\.jsonl:1"):
        read_track(path)
    with pytest.raises(TakeError, match="cannot be read"):
        read_track(tmp_path / "none.jsonl")


def test_a_track_is_never_overwritten(tmp_path: Path) -> None:
    TrackWriter(tmp_path / "track.jsonl").close()
    with pytest.raises(RecordingError, match="exists"):
        TrackWriter(tmp_path / "track.jsonl")


def test_tracks_of_earlier_versions_have_no_range_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "track.jsonl"
    writer = TrackWriter(path)
    writer.write(_line(0))
    writer.close()
    content = json.loads(path.read_text())
    del content["camera"]["depth_range_m"]
    path.write_text(json.dumps(content) + "\n")
    assert read_track(path)[0].camera.depth_range_m is None
