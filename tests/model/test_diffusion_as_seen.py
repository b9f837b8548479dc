"""A take of a diffusion model that heard new words late is drawn again as it was seen, to the byte."""

import json
import subprocess
import sys
import time
from pathlib import Path

import moderngl

from director.app.session import Session, SessionSettings
from director.camera.rigs.fly import FlyIntent
from director.generate import generator, live_options
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings
from director.scene.load import load_scene
from director.take.track import read_track
from tests.model.tiny_diffusion import save_tiny

_SIZE = (128, 72)
_PATIENCE_S = 120.0


def test_words_that_were_heard_late_are_heard_late_again(gl: moderngl.Context, tmp_path: Path) -> None:
    name = str(save_tiny(tmp_path / "tiny model"))
    backend = generator(name)
    settings = GeneratorSettings(options=dict(live_options(backend)))
    runner = ProcessRunner(name, settings, _SIZE)
    chosen = SessionSettings(name, backend.maps, _SIZE, _SIZE, tmp_path / "takes", stabiliser=0.0, ease_s=0.2)
    session = Session(gl, load_scene("living_room"), runner, chosen)
    end = time.monotonic() + _PATIENCE_S

    def turn_until_generated(more: int) -> None:
        wanted = runner.state.generated + more
        while runner.state.generated < wanted:
            assert time.monotonic() < end, f"no picture; {runner.state}"
            session.tick(FlyIntent(), 1 / 24)
            time.sleep(0.01)

    while runner.state.phase == "loading":
        assert time.monotonic() < end, "it does not load"
        time.sleep(0.02)
    session.act("next-move")
    turn_until_generated(2)
    # A cut: what was generated before the take is built upon by nothing in it.
    session.act("next-move")
    session.act("record")
    turn_until_generated(2)
    session.direct("a snowy night with thick fog")
    turn_until_generated(6)
    take = session.close()
    runner.close()
    assert take is not None
    lines = read_track(take.folder / "track.jsonl")
    # Some pictures of the new words' time tell that they were drawn from others.
    first = next(i for i, line in enumerate(lines) if line.direction.prompt.startswith("a snowy"))
    asked = {line.tick.index for line in lines[first:]}
    late = [
        line
        for line in lines[first:]
        if line.generated_from is not None and line.generated_from.tick.index in asked
    ]
    assert late
    assert not any(
        line.generated_from.direction.prompt.startswith("a snowy") for line in late if line.generated_from
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "director", "render", str(take.folder)),
            *("--out", str(tmp_path / "out"), "--as-seen", "--json"),
        ],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    known = sum(line.picture_sha256 is not None for line in lines)
    assert known >= 4
    assert made["pictures"]["identical"] == made["pictures"]["known"] == known
