"""A take of a shot is as long as the shot, from its first moment on, whatever the turns that film it."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import moderngl
import pytest

from director.app.session import Session, SessionSettings
from director.camera.rigs.fly import FlyIntent
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings
from director.scene.load import load_scene
from director.scene.shots import Shot
from director.take.track import read_track

_SIZE = (64, 36)
_FPS = Fraction(24)
_START_S, _END_S = 0.5, 1.75


@pytest.mark.parametrize("counts_down", [False, True])
@pytest.mark.parametrize("turns_s", [(1 / 24,), (1 / 60,), (0.166, 0.03, 0.09), (0.4, 0.05)])
def test_it_begins_and_ends_with_the_shot(
    gl: moderngl.Context, tmp_path: Path, turns_s: Sequence[float], counts_down: bool
) -> None:
    camera = {"kind": "still", "position": [0.0, 1.5, 4.0]}
    shot = Shot.model_validate({"name": "one", "start_s": _START_S, "end_s": _END_S, "camera": camera})
    scene = load_scene("living_room").model_copy(update={"shots": (shot,)})
    runner = InlineRunner(generator("proxy")(GeneratorSettings()))
    chosen = SessionSettings("proxy", frozenset({"base"}), _SIZE, _SIZE, tmp_path, _FPS)
    session = Session(gl, scene, runner, chosen)
    assert session.shooting.go("one")
    session.shooting.counts_down = counts_down
    turns = cycle(turns_s)
    session.tick(FlyIntent(), next(turns))
    session.act("record")
    for _ in range(400):
        session.tick(FlyIntent(), next(turns))
        if session.recording is None and not session.shooting.left_s:
            break
    take = session.close()
    runner.close()
    assert take is not None
    assert not take.error
    assert take.frames == round((_END_S - _START_S) * _FPS)
    times = [line.tick.time_s for line in read_track(take.folder / "track.jsonl")]
    assert times[0] == pytest.approx(_START_S)
    assert times[-1] == pytest.approx(_END_S)
