"""Pictures that a take's directions follow: told by what is in them, when it is rendered again."""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from director.generate.protocol import GeneratorIdentity, GeneratorSettings
from director.passes.context import Renderer
from director.take.folder import read_json, write_json
from director.take.hashes import file_sha256
from director.take.recorder import Plan, Recorder
from director.take.reference_hashes import STORED, followed_in, reference_sha256, stored_hashes
from director.take.render import render
from director.take.render_key import render_key
from director.take.render_plan import RenderRequest, plan_render
from director.take.track import GeneratedFrom, TrackLine
from director.types import CameraState, Direction, Tick
from tests.unit.take.exporters.shooting import SIZE, room

_CAMERA = CameraState((0, 1.5, 6), (0, 0, 0, 1))
_IDENTITY = GeneratorIdentity("proxy", "", "gl", "uint8", 1, "")


def _picture(path: Path, level: int) -> str:
    Image.fromarray(np.full((8, 8, 3), level, np.uint8)).save(path)
    return str(path)


@pytest.fixture
def dusk(tmp_path: Path) -> str:
    return _picture(tmp_path / "dusk \u00fc.png", 40)


@pytest.fixture
def take(tmp_path: Path, dusk: str) -> Path:
    """Its mood goes over to that of a picture, from that of one that is not there any more."""
    settings = {"generator": "proxy", "generator_options": {}}
    recorder = Recorder(
        Plan(tmp_path / "takes", room(tmp_path), "by hand", *SIZE, settings=settings, generator=_IDENTITY),
        waits=True,
    )
    for index in range(4):
        leaving = Direction(references=(str(tmp_path / "gone.png"),)) if index < 2 else None
        direction = Direction("dawn", references=(dusk,), leaving=leaving)
        line = TrackLine(Tick(index, index / 24, index and 1 / 24), _CAMERA, direction, index)
        recorder.tick(line, np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
    return recorder.stop().folder


def _key(folder: Path, out: Path) -> str:
    plan = plan_render(RenderRequest(folder, out))
    renderer = Renderer("llvmpipe", "4.5", "Mesa", True)
    return render_key(plan, plan.schedule(SIZE), SIZE, GeneratorSettings(), _IDENTITY, renderer)


def test_a_take_stores_what_was_in_the_pictures(take: Path, dusk: str) -> None:
    result: dict[str, Any] = read_json(take / "take.json")["result"]  # type: ignore[assignment]
    assert result[STORED] == {dusk: file_sha256(Path(dusk))}


def test_a_picture_that_was_changed_or_taken_away_is_told(take: Path, dusk: str, tmp_path: Path) -> None:
    def told() -> list[str]:
        notes = plan_render(RenderRequest(take, tmp_path / "out")).notes
        return [note for note in notes if Path(dusk).name in note]

    assert told() == []
    before = _key(take, tmp_path / "out")
    assert before == _key(take, tmp_path / "out")
    _picture(Path(dusk), 200)
    assert told() == [f"{dusk}, a picture whose mood was followed, was changed since the take was recorded"]
    assert _key(take, tmp_path / "out") != before
    Path(dusk).unlink()
    assert told() == [f"{dusk}, a picture whose mood was followed, is no longer there"]


def test_a_take_that_knows_no_hashes_is_rendered_as_before(take: Path, dusk: str, tmp_path: Path) -> None:
    document = read_json(take / "take.json")
    result = document["result"]
    assert isinstance(result, dict)
    write_json(take / "take.json", {**document, "result": {k: v for k, v in result.items() if k != STORED}})
    _picture(Path(dusk), 200)
    made = render(RenderRequest(take, tmp_path / "out"), lambda share, words: None, lambda note: None)
    assert made.frames == 4
    assert not any("was changed" in note for note in made.notes)
    again: dict[str, Any] = read_json(made.take.folder / "take.json")["result"]  # type: ignore[assignment]
    assert again[STORED] == {dusk: file_sha256(Path(dusk))}


def test_what_pictures_of_before_the_take_followed_counts_too() -> None:
    tick = Tick(0, 0.0, 0.0)
    source = GeneratedFrom(tick, _CAMERA, Direction(references=("b",)))
    line = TrackLine(tick, _CAMERA, Direction(references=("a",)), generated_from=source)
    assert followed_in([line, line]) == ("a", "b")


@pytest.mark.parametrize("told", [None, [], {"a": 1, "b": None}, "x"])
def test_hashes_that_are_none_are_passed_over(told: object) -> None:
    assert stored_hashes({STORED: told}) == {}


def test_what_is_no_file_has_no_hash_and_what_is_vast_is_not_read(tmp_path: Path) -> None:
    assert reference_sha256("x" * 5000) is None
    assert reference_sha256("a\0b") is None
    assert reference_sha256(str(tmp_path)) is None
    with (tmp_path / "vast.png").open("wb") as file:
        file.truncate(2**28 + 1)
    assert reference_sha256(str(tmp_path / "vast.png")) == f"{2**28 + 1} bytes"
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        assert reference_sha256(str(tmp_path / "pipe")) is None
