"""What a render is made of, without a picture drawn: frame times, schedules, hashes and likeness."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.take.frame_times import at_frame_times
from director.take.generated_notes import GeneratedNotes
from director.take.hashes import scene_sha256
from director.take.kept_pictures import KeptPictures
from director.take.resample import Resampler
from director.take.seen_schedule import seen_schedule
from director.take.ssim import ssim
from director.take.track import GeneratedFrom, PictureSettings, TrackLine, TrackWriter, read_track
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, Lens, Tick, View

_FPS = Fraction(24)
_UPRIGHT = (0.0, 0.0, 0.0, 1.0)


def line(index: int, time_s: float, dt_s: float, *, is_cut: bool = False) -> TrackLine:
    """The camera goes a metre a second; whatever is directed eases over a second."""
    camera = CameraState((time_s, 0.0, 0.0), _UPRIGHT, Lens(focal_length_mm=20 + time_s), is_cut=is_cut)
    direction = Direction("snow", leaving=Direction("rain"), arrived=min(1.0, time_s))
    return TrackLine(Tick(index, time_s, dt_s), camera, direction, picture=PictureSettings(0.5))


@given(steps=st.lists(st.floats(0.004, 0.2), min_size=1, max_size=40))
def test_frames_lie_between_ticks_as_many_as_the_film_has(steps: list[float]) -> None:
    lines = [line(0, 0.0, 0.0)]
    for step in steps:
        lines.append(line(len(lines), lines[-1].tick.time_s + step, step))
    resampler = Resampler(_FPS)
    count = sum(resampler.tick(one.tick.dt_s) for one in lines) + resampler.end()
    frames = at_frame_times(lines, _FPS, count)
    last_s = lines[-1].tick.time_s
    for k, frame in enumerate(frames):
        wanted_s = min(float(k / _FPS), last_s)
        assert frame.tick.time_s == pytest.approx(wanted_s, abs=2e-5)
        assert frame.camera.position[0] == pytest.approx(wanted_s, abs=2e-5)
        assert frame.camera.lens.focal_length_mm == pytest.approx(20 + wanted_s, abs=2e-5)
        assert frame.direction.arrived == pytest.approx(min(1.0, wanted_s), abs=0.2)
        assert frame.tick.index == frame.generated_tick == k


def test_a_frame_never_lies_across_a_cut_and_no_cut_is_lost() -> None:
    # The cut, and the jump back in time with it, lies between two frames.
    lines = [line(0, 5.0, 0.0), line(1, 5.03, 0.03), line(2, 1.0, 0.01, is_cut=True), line(3, 1.02, 0.02)]
    frames = at_frame_times(lines, _FPS, 2)
    assert frames[0].tick.time_s == 5.0
    assert frames[1].camera.is_cut
    assert frames[1].tick.time_s == pytest.approx(1.0 + 1 / 24 - 0.04, abs=1e-6)
    before = at_frame_times([*lines[:1], line(1, 5.1, 0.1), line(2, 1.0, 0.1, is_cut=True)], _FPS, 5)
    assert [frame.tick.time_s for frame in before[3:]] == [5.1, 5.1]


def test_the_stabiliser_keeps_as_much_in_a_second_at_any_rate() -> None:
    lines = [line(n, n / 60, 1 / 60 if n else 0.0) for n in range(61)]
    frames = at_frame_times(lines, _FPS, 24)
    assert frames[5].picture.stabiliser ** 24 == pytest.approx(0.5**60)
    # Where ticks are frames nothing is changed, not by a bit.
    even = [line(n, float(n / _FPS), float(1 / _FPS) if n else 0.0) for n in range(9)]
    assert [one.picture for one in at_frame_times(even, _FPS, 9)] == [one.picture for one in even]


def test_a_schedule_tells_each_picture_once_and_what_is_not_known() -> None:
    def shows(index: int, tick: int | None, **more: object) -> TrackLine:
        shown = replace(line(index, index / 30, 1 / 30), generated_tick=tick)
        return replace(shown, **more)  # type: ignore[arg-type]

    before = GeneratedFrom(Tick(7, 0.1, 0.03), line(7, 0.1, 0.03).camera, Direction("fog"))
    found = seen_schedule(
        [
            shows(10, None),
            shows(11, 7, generated_from=before, picture_sha256="a"),
            shows(12, 7),
            shows(13, 9, history=7),
            shows(14, 12, history=10, picture=PictureSettings(generated_size=(64, 36))),
        ],
        (96, 54),
    )
    assert found.shown == (None, 0, 0, 1, 2)
    assert [one.tick.index for one in found.wanted] == [7, 13, 12]
    assert found.wanted[0].direction.prompt == "fog"
    assert [one.size for one in found.wanted] == [(96, 54), (96, 54), (64, 36)]
    assert [one.begins for one in found.wanted] == [True, False, False]
    assert found.sha256 == ("a", None, None)
    # Tick 9 lies before the take; and picture 12 was built upon one that was never shown.
    assert found.guessed == {1}
    assert 2 in found.broken


def _frame(index: int, value: int) -> GeneratedFrame:
    unit = np.eye(4)
    conditioning = Conditioning(
        Tick(index, 0.0, 0.0), View(unit, unit, unit, 0.1, 10.0), {}, Direction(), (), (0.0, 1.0, 0.0)
    )
    return GeneratedFrame(np.full((4, 4, 3), value, np.uint8), conditioning, 0.0)


def test_notes_tell_of_pictures_that_were_asked_for_before_the_take(tmp_path: Path) -> None:
    notes = GeneratedNotes(has_history=True)
    ticks = [line(n, n / 30, 1 / 30, is_cut=n == 5) for n in range(8)]
    told: list[TrackLine] = []
    pictures = {2: _frame(1, 10), 3: _frame(2, 20), 6: _frame(5, 30), 7: _frame(6, 40)}
    shown: int | None = None
    for n, one in enumerate(ticks):
        notes.tick(one.tick, one.camera, one.direction)
        shown = None if one.camera.is_cut else shown
        if n in pictures:
            # Offered twice, as before the drawing and after it.
            notes.arrives(pictures[n], is_recorded=True)
            notes.arrives(pictures[n], is_recorded=True)
            shown = pictures[n].conditioning.tick.index
        if n == 3:
            notes.begin()
        if n >= 3:
            told.append(notes.line(replace(one, generated_tick=shown)))
    notes.close()
    assert [one.generated_tick for one in told] == [2, 2, None, 5, 6]
    assert [one.history for one in told] == [1, 1, None, None, 5]
    assert [one.picture_sha256 is None for one in told] == [False, True, True, False, False]
    source = told[0].generated_from
    assert source is not None
    assert (source.tick, source.camera) == (ticks[2].tick, ticks[2].camera)
    assert all(one.generated_from is None for one in told[1:])
    # And all of it is read again as it was written.
    writer = TrackWriter(tmp_path / "track.jsonl")
    for one in told:
        writer.write(one)
    writer.close()
    assert read_track(tmp_path / "track.jsonl") == told


def test_notes_tell_what_was_heard_where_that_was_not_what_was_asked() -> None:
    notes = GeneratedNotes(has_history=False)
    ticks = [line(n, n / 30, 1 / 30) for n in range(3)]
    told: list[TrackLine] = []
    notes.begin()
    heard = Direction("what was asked before")
    pictures = {1: replace(_frame(0, 10), heard=heard), 2: _frame(1, 20)}
    for n, one in enumerate(ticks):
        notes.tick(one.tick, one.camera, one.direction)
        if n in pictures:
            notes.arrives(pictures[n], is_recorded=True)
        told.append(notes.line(replace(one, generated_tick=n - 1 if n else None)))
    notes.close()
    assert told[1].generated_from == GeneratedFrom(ticks[0].tick, ticks[0].camera, heard)
    assert told[2].generated_from is None
    wanted = seen_schedule(told, (96, 54)).wanted
    assert [one.direction for one in wanted] == [heard, ticks[1].direction]


def test_a_picture_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path / "pictures")
    image = np.random.default_rng(1).integers(0, 256, (9, 16, 3), np.uint8)
    kept.save(3, image, ("blorp", "ü"))
    found = kept.load(3)
    assert found is not None
    assert np.array_equal(found[0], image)
    assert found[1] == ("blorp", "ü")
    assert kept.load(4) is None
    path = tmp_path / "pictures" / "000003.png"
    whole = path.read_bytes()
    assert KeptPictures(tmp_path / "pictures").has(3)
    assert not kept.has(4)
    other = KeptPictures(tmp_path / "other")
    kept.copy(3, other)
    assert (tmp_path / "other" / "000003.png").read_bytes() == whole
    middle = whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:]
    for damaged in (whole[:-40], whole[:-13], middle, b"", bytes(len(whole))):
        path.write_bytes(damaged)
        assert not KeptPictures(tmp_path / "pictures").has(3)
    path.write_bytes(whole[:-40])
    assert kept.load(3) is None


def test_a_scene_s_hash_goes_by_its_values_and_its_meshes(tmp_path: Path) -> None:
    (tmp_path / "meshes").mkdir()
    (tmp_path / "meshes" / "a.obj").write_text("v 0 0 0")
    first = scene_sha256({"a": 1, "b": [2.5]}, tmp_path)
    assert scene_sha256({"b": [2.5], "a": 1}, tmp_path) == first
    assert scene_sha256({"a": 1, "b": [2.6]}, tmp_path) != first
    (tmp_path / "meshes" / "a.obj").write_text("v 0 0 1")
    assert scene_sha256({"a": 1, "b": [2.5]}, tmp_path) != first


def test_ssim_is_one_for_equal_pictures_and_falls_with_noise_and_blur() -> None:
    random = np.random.default_rng(2)
    picture = random.integers(0, 256, (40, 60, 3), np.uint8)
    assert ssim(picture, picture) == pytest.approx(1.0)
    a_little = np.clip(picture.astype(int) + random.integers(-9, 10, picture.shape), 0, 255).astype(np.uint8)
    much = np.clip(picture.astype(int) + random.integers(-90, 91, picture.shape), 0, 255).astype(np.uint8)
    assert 1 > ssim(picture, a_little) > ssim(picture, much) > ssim(picture, 255 - picture)
    assert ssim(picture, much) == pytest.approx(ssim(much, picture))
    # Flat pictures differ in their means alone: equation 13 with no variance.
    flat, brighter = np.full((20, 20, 3), 100, np.uint8), np.full((20, 20, 3), 120, np.uint8)
    c1 = (0.01 * 255) ** 2
    assert ssim(flat, brighter) == pytest.approx((2 * 100 * 120 + c1) / (100**2 + 120**2 + c1))
    with pytest.raises(ValueError, match="different sizes"):
        ssim(picture, picture[:-1])
    with pytest.raises(ValueError, match="smaller than the window"):
        ssim(picture[:8], picture[:8])
