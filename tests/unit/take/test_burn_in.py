import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from director.errors import RecordingError
from director.take import burn_in
from director.take.burn_in import BurnIn, burnt_in, lens_words
from director.types import Lens

_ALL = BurnIn("01:02:03:04", "night alley", "12A", 3, lens_words(Lens()), 88, "first unit")


def _picture(level: int = 128, width: int = 512, height: int = 288) -> NDArray[np.uint8]:
    return np.full((height, width, 3), level, np.uint8)


def _changed(words: BurnIn, width: int = 512, height: int = 288) -> NDArray[np.bool_]:
    picture = _picture(width=width, height=height)
    changed: NDArray[np.bool_] = (burnt_in(picture, words) != picture).any(2)
    return changed


def test_the_same_words_are_the_same_bytes_and_the_picture_stays() -> None:
    picture = _picture()
    assert burnt_in(picture, _ALL).tobytes() == burnt_in(picture, _ALL).tobytes()
    assert (picture == 128).all()


def test_each_field_has_a_corner_of_its_own() -> None:
    corners = {
        "scene": (slice(0, 144), slice(0, 256)),
        "lens": (slice(0, 144), slice(256, 512)),
        "timecode": (slice(144, 288), slice(0, 256)),
        "frame": (slice(144, 288), slice(256, 512)),
    }
    values = {"scene": "alley", "lens": "32 mm", "timecode": "00:00:00:00", "frame": 7}
    for name, corner in corners.items():
        changed = _changed(BurnIn(**{name: values[name]}))  # type: ignore[arg-type]
        assert changed[corner].any()
        assert changed.sum() == changed[corner].sum()


def test_nothing_is_written_of_nothing() -> None:
    assert not _changed(BurnIn()).any()
    assert not _changed(BurnIn(scene=" \n")).any()


def test_the_middle_and_the_margins_stay_free() -> None:
    changed = _changed(_ALL)
    assert not changed[100:190].any()
    assert not changed[:13].any()
    assert not changed[-13:].any()
    assert not changed[:, :25].any()
    assert not changed[:, -25:].any()
    assert changed.mean() < 0.12


@pytest.mark.parametrize("level", [0, 128, 255])
def test_letters_are_legible_over_anything(level: int) -> None:
    made = burnt_in(_picture(level), BurnIn(scene="MMMM")).astype(float) / 255
    plate = made[14:34, 27:70].mean(2)
    light, dark = (
        np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) for v in (plate.max(), plate.min())
    )
    # Contrast as WCAG 2.2 reckons it; 4.5 is its least for text.
    assert (light + 0.05) / (dark + 0.05) > 4.5


def test_a_running_timecode_stands_still() -> None:
    shapes = {tuple(np.argwhere(_changed(BurnIn(timecode=f"0{i}:1{i}:2{i}:0{i}"))).max(0)) for i in range(10)}
    assert len(shapes) == 1


def test_long_lines_stay_in_their_half() -> None:
    changed = _changed(BurnIn(scene="a very long name of a scene " * 5, lens="32 mm " * 40))
    assert not changed[:, 256:260].all(0).any()
    assert not changed[:, :25].any()
    assert not changed[:, -25:].any()


@settings(max_examples=30)
@given(st.integers(2, 200), st.integers(2, 120), st.text(max_size=30))
def test_any_size_and_any_words_are_taken(width: int, height: int, text: str) -> None:
    picture = _picture(90, width, height)
    made = burnt_in(picture, BurnIn(text, text, text, 1, text, 1, text))
    assert made.shape == picture.shape


def test_scene_shot_and_take_are_one_line() -> None:
    assert _ALL.slate == "night alley  ·  12A  ·  take 3"
    assert BurnIn(shot="12A").slate == "12A"
    assert (
        lens_words(Lens(focal_length_mm=32.0, f_number=2.8, focus_distance_m=4.0)) == "32 mm  f/2.8  4.00 m"
    )
    assert (
        lens_words(Lens(focal_length_mm=100.25, f_number=11, focus_distance_m=0.456))
        == "100.2 mm  f/11  0.46 m"
    )


def test_a_font_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    burn_in._font.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(RecordingError, match="imgui-bundle"):
        burnt_in(_picture(), _ALL)
