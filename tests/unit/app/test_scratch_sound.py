"""Scratch sound in step with the scene, and a machine without sound."""

import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from director.app.notices import Notices
from director.app.scratch_sound import ScratchSound


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScratchSound]:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.mixer.quit()
    made = ScratchSound(Notices())
    yield made
    made.close()
    pygame.mixer.quit()


def _wav(folder: Path, seconds: float = 5.0) -> Path:
    path = folder / "scratch.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((np.sin(np.arange(int(8000 * seconds)) / 9) * 9000).astype("<i2").tobytes())
    return path


def _loaded(sound: ScratchSound, path: Path) -> None:
    sound.load(path)
    end = time.monotonic() + 60
    while sound.is_loading:
        assert time.monotonic() < end
        sound.tick(0.0, is_playing=False, dt_s=0.01)
        time.sleep(0.01)


def _heard(sound: ScratchSound) -> bool:
    return sound.is_heard


def _playing(sound: ScratchSound) -> pygame.mixer.Sound:
    assert sound._channel is not None
    playing = sound._channel.get_sound()
    assert playing is not None
    return playing


def test_it_is_heard_while_the_scene_plays(sound: ScratchSound, tmp_path: Path) -> None:
    _loaded(sound, _wav(tmp_path))
    assert sound.audio is not None
    assert sound.audio.duration_s == pytest.approx(5.0, abs=0.01)
    assert not _heard(sound)
    sound.tick(0.05, is_playing=True, dt_s=0.05)
    assert _heard(sound)
    first = _playing(sound)
    sound.tick(0.10, is_playing=True, dt_s=0.05)
    assert _playing(sound) is first
    # A jump begins it anew, from there: what is left is shorter.
    sound.tick(3.0, is_playing=True, dt_s=0.05)
    left = _playing(sound)
    assert left.get_length() == pytest.approx(2.0, abs=0.02)
    sound.tick(3.0, is_playing=False, dt_s=0.05)
    assert not _heard(sound)


def test_after_its_end_and_without_a_file_it_is_silent(sound: ScratchSound, tmp_path: Path) -> None:
    sound.tick(1.0, is_playing=True, dt_s=1.0)
    assert not _heard(sound)
    _loaded(sound, _wav(tmp_path))
    sound.tick(6.0, is_playing=True, dt_s=0.05)
    assert not _heard(sound)
    sound.clear()
    sound.tick(1.0, is_playing=True, dt_s=0.05)
    assert sound.audio is None


def test_without_a_device_it_says_so_once_and_goes_on(
    sound: ScratchSound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _loaded(sound, _wav(tmp_path))
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    for time_s in (1.0, 3.0):
        sound.tick(time_s, is_playing=True, dt_s=0.05)
    told = [notice.text for notice in sound._notices.shown if "No sound is heard" in notice.text]
    assert len(told) == 1
    assert not _heard(sound)
    assert sound.audio is not None


def test_what_is_no_sound_becomes_a_notice(sound: ScratchSound, tmp_path: Path) -> None:
    path = tmp_path / "words.mp3"
    path.write_text("no sound at all")
    _loaded(sound, path)
    assert any("cannot be heard" in notice.text for notice in sound._notices.shown)
