import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from director.errors import UsageError
from director.take import ffmpeg
from director.take.audio import RATE_HZ, ScratchAudio, envelope, read_audio


def _wav(path: Path, channels: NDArray[np.float64], rate: int = RATE_HZ) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((channels * 32767).round().astype("<i2").tobytes())
    return path


def _clap(seconds: float, at_s: float, rate: int = RATE_HZ) -> NDArray[np.float64]:
    """Silence with one clap of 5 ms, in both channels."""
    sound = np.zeros((round(seconds * rate), 2))
    begin = round(at_s * rate)
    sound[begin : begin + rate // 200] = 0.8
    return sound


def test_a_wav_comes_sample_for_sample(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sound = rng.uniform(-0.9, 0.9, (4800, 1))
    audio = read_audio(_wav(tmp_path / "ton spur ü.wav", sound), offset_s=2.0)
    assert audio.samples.dtype == np.float32
    assert np.abs(audio.samples - sound[:, 0]).max() < 1e-4
    assert (audio.duration_s, audio.end_s) == (0.1, 2.1)


def test_another_rate_and_two_channels_become_mono_at_the_same_time(tmp_path: Path) -> None:
    audio = read_audio(_wav(tmp_path / "a.wav", _clap(1, 0.5, 44100), 44100))
    assert abs(len(audio.samples) - RATE_HZ) <= 1
    loud = np.flatnonzero(np.abs(audio.samples) > 0.4)
    assert abs(loud[0] - RATE_HZ // 2) <= 3
    middle = audio.samples[RATE_HZ // 2 + 60 : RATE_HZ // 2 + 180]
    assert middle == pytest.approx(np.full(120, 0.8), abs=0.02)


def test_an_mp3_is_where_it_was(tmp_path: Path) -> None:
    wav = _wav(tmp_path / "a.wav", _clap(1, 0.5))
    ffmpeg.run(["-i", str(wav), "-b:a", "128k", str(tmp_path / "a.mp3")], wav)
    audio = read_audio(tmp_path / "a.mp3")
    loud = np.flatnonzero(np.abs(audio.samples) > 0.4)
    # A lossy codec smears a clap by some samples; an encoder's delay of a thousand would show.
    assert abs(loud[0] - RATE_HZ // 2) < 100


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.wav").write_text("no sound")
    with pytest.raises(UsageError, match=r"notes\.wav: cannot be heard: .*\.wav or \.mp3"):
        read_audio(tmp_path / "notes.wav")
    with pytest.raises(UsageError, match="no such file"):
        read_audio(tmp_path / "gone.wav")
    with pytest.raises(UsageError, match="no such file"):
        read_audio(tmp_path)
    with pytest.raises(UsageError, match=r"no sound|cannot be heard"):
        read_audio(_wav(tmp_path / "empty.wav", np.zeros((0, 1))))
    film = tmp_path / "mute.mp4"
    subprocess.run(
        [ffmpeg.command(), "-loglevel", "error", "-f", "lavfi", "-i", "color=s=64x36:d=0.2", str(film)],
        check=True,
    )
    with pytest.raises(UsageError, match="cannot be heard"):
        read_audio(film)


def test_a_sound_longer_than_an_hour_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("director.take.audio._LONGEST_S", 1)
    assert read_audio(_wav(tmp_path / "a.wav", np.zeros((RATE_HZ, 1)))).duration_s == 1
    with pytest.raises(UsageError, match="longer than an hour"):
        read_audio(_wav(tmp_path / "b.wav", np.zeros((RATE_HZ + 1, 1))))


def _audio(count: int = 480, offset_s: float = 0.0) -> ScratchAudio:
    return ScratchAudio(Path("a.wav"), np.arange(count, dtype=np.float32), RATE_HZ, offset_s)


@given(st.integers(0, 479), st.floats(-10, 10))
def test_a_samples_time_leads_back_to_it(index: int, offset_s: float) -> None:
    audio = _audio(offset_s=offset_s)
    assert audio.position(audio.time_s(index)) == index


def test_before_and_after_nothing_is_heard() -> None:
    audio = _audio(offset_s=1.0)
    assert audio.position(0.9) is None
    assert audio.position(1.0) == 0
    assert audio.position(audio.end_s) is None
    span = audio.span(1.0 - 2 / RATE_HZ, 1.0 + 3 / RATE_HZ)
    assert span.tolist() == [0, 0, 0, 1, 2]
    assert audio.span(1.0 + 478 / RATE_HZ, 1.0 + 482 / RATE_HZ).tolist() == [478, 479, 0, 0]
    assert audio.span(5, 6).max() == 0


@given(
    st.lists(st.floats(-1, 1, width=32), max_size=50),
    st.integers(-20, 60),
    st.integers(1, 80),
    st.integers(1, 40),
)
def test_the_envelope_is_the_extremes_of_each_part(
    values: list[float], begin: int, length: int, bins: int
) -> None:
    samples = np.array(values, np.float32)
    found = envelope(samples, begin, begin + length, bins)
    assert found.shape == (bins, 2)
    edges = np.floor(np.linspace(begin, begin + length, bins + 1)).astype(int)
    for i in range(bins):
        first, last = edges[i], max(edges[i + 1], edges[i] + 1)
        part = samples[max(first, 0) : max(last, 0)]
        assert tuple(found[i]) == ((part.min(), part.max()) if len(part) else (0, 0))


def test_the_envelope_of_scene_time() -> None:
    audio = ScratchAudio(Path("a.wav"), np.sin(np.arange(RATE_HZ, dtype=np.float32) / 10), RATE_HZ, 1.0)
    found = audio.envelope(0.0, 4.0, 8)
    assert np.abs(found[[0, 1, 4, 5, 6, 7]]).max() == 0
    assert np.allclose(found[[2, 3]], [[-1, 1], [-1, 1]], atol=1e-2)
    with pytest.raises(ValueError, match="no range"):
        audio.envelope(1.0, 1.0, 8)
    with pytest.raises(ValueError, match="0 bins"):
        audio.envelope(0.0, 1.0, 0)
