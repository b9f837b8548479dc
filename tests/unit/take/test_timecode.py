from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.errors import UsageError
from director.take.timecode import frame_at, frames_of, timecode

_RATES = ["24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60"]
_NTSC, _FAST = Fraction(30000, 1001), Fraction(60000, 1001)
_rates = st.sampled_from([Fraction(rate) for rate in _RATES])


@pytest.mark.parametrize(
    ("frames", "fps", "text"),
    [
        (0, Fraction(24), "00:00:00:00"),
        (24 * 3661 + 5, Fraction(24), "01:01:01:05"),
        (23, Fraction(24000, 1001), "00:00:00:23"),
        # The numbers of ST 12-1: 00 and 01 are skipped at each minute but the tenth.
        (1799, _NTSC, "00:00:59;29"),
        (1800, _NTSC, "00:01:00;02"),
        (3597, _NTSC, "00:01:59;29"),
        (3598, _NTSC, "00:02:00;02"),
        (17981, _NTSC, "00:09:59;29"),
        (17982, _NTSC, "00:10:00;00"),
        (107892, _NTSC, "01:00:00;00"),
        (3599, _FAST, "00:00:59;59"),
        (3600, _FAST, "00:01:00;04"),
        (215784, _FAST, "01:00:00;00"),
    ],
)
def test_frames_are_counted_as_the_standard_says(frames: int, fps: Fraction, text: str) -> None:
    assert timecode(frames, fps) == text
    assert frames_of(text, fps) == frames


def test_without_drop_the_count_is_plain() -> None:
    assert timecode(1800, _NTSC, drop=False) == "00:01:00:00"
    assert frames_of("00:01:00:00", _NTSC) == 1800


@given(st.integers(0, 10**7), _rates, st.booleans())
def test_every_frame_comes_back_within_a_day(frames: int, fps: Fraction, drop: bool) -> None:
    text = timecode(frames, fps, drop and fps in (_NTSC, _FAST))
    day = frames_of("23:59:59:" + str(round(fps) - 1), fps) + 1
    if ";" in text:
        day = frames_of("23:59:59;" + str(round(fps) - 1), fps) + 1
    assert frames_of(text, fps) == frames % day


@given(st.integers(0, 2_000_000))
def test_drop_frame_keeps_with_the_clock(frames: int) -> None:
    hours, minutes, rest = timecode(frames, _NTSC).split(":")
    seconds, frame = rest.split(";")
    counted = Fraction(int(hours) * 3600 + int(minutes) * 60 + int(seconds)) + Fraction(int(frame), 30)
    clock = Fraction(frames) / _NTSC
    assert abs(counted - clock % 86400) < Fraction(1, 10)


@given(st.integers(0, 10**6), _rates)
def test_the_frame_at_a_frames_own_time_is_that_frame(frame: int, fps: Fraction) -> None:
    assert frame_at(float(frame / fps), fps) == frame
    assert frame_at(float((frame + Fraction(1, 2)) / fps), fps) == frame


def test_before_the_film_its_first_frame_is_shown() -> None:
    assert frame_at(-0.5, Fraction(24)) == 0


@pytest.mark.parametrize(
    "text", ["", "1:2:3", "00:00:00:24", "24:00:00:00", "00:60:00:00", "00:00:00;00", "٠٠:٠٠:٠٠:٠٠"]
)
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        frames_of(text, Fraction(24))


def test_a_number_that_is_skipped_is_refused() -> None:
    with pytest.raises(UsageError, match="skips"):
        frames_of("00:01:00;01", _NTSC)
    with pytest.raises(UsageError, match="no drop-frame"):
        timecode(0, Fraction(24), drop=True)
    with pytest.raises(ValueError, match="before the first"):
        timecode(-1, Fraction(24))
