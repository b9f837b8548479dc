"""A live take, fed from a texture: every tick reaches the disk, read at once or some ticks later."""

import json
from fractions import Fraction
from pathlib import Path

import moderngl
import numpy as np
import pytest

from director.app.recording import Recording
from director.scene.load import load_scene
from director.take.recorder import Plan
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick

SIZE = (64, 36)
CAMERA = CameraState((0.0, 1.6, 4.0), (0.0, 0.0, 0.0, 1.0))


@pytest.mark.parametrize("ring", [1, 3], ids=["software", "hardware"])
def test_a_picture_that_stands_still_is_recorded_while_it_stands(
    gl: moderngl.Context, tmp_path: Path, ring: int
) -> None:
    texture = gl.texture(SIZE, 4, np.full((SIZE[1], SIZE[0], 4), 200, np.uint8).tobytes(), alignment=1)
    plan = Plan(tmp_path, load_scene("living_room"), "still", *SIZE, Fraction(24))
    recording = Recording(gl, texture, plan, ring)
    for index in range(48):
        # Drawn anew at the first tick only: nothing moves.
        recording.tick(TrackLine(Tick(index, 0.0, 1 / 24), CAMERA, Direction()), index == 0)
    lines_before_the_end = recording.recorder._ticks
    take = recording.stop(None).result(timeout=60)
    texture.release()
    assert lines_before_the_end >= 48 - ring
    assert take.error == ""
    assert take.frames in (47, 48)
    assert len((take.folder / "track.jsonl").read_text().splitlines()) == 48
    assert json.loads((take.folder / "take.json").read_text())["state"] == "complete"
