"""A diffusion model live: the same viewport, the same carrying, the same take as the embedded generator's."""

import json
from collections.abc import Callable
from pathlib import Path

from director.take.stored import open_take
from tests.model.tiny_diffusion import save_tiny
from tests.window.driven import Driven


def test_a_take_is_shot_live_with_a_diffusion_model(open_desk: Callable[..., Driven], tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "tiny model")
    desk = open_desk(str(folder), size=[192, 108], options={"steps": 2, "strength": 0.5})
    first = desk.state
    assert first["frame_size"] == [192, 108]
    desk.ask("press", key="r")
    desk.ask("hold", key="w")
    desk.wait(lambda state: state["generated"] >= first["generated"] + 6, "pictures while it moves")
    desk.ask("press", key="r")
    desk.wait(lambda state: any("saved" in notice for notice in state["notices"]), "the take")
    closed = desk.close()
    # Torch stays in the generator's own process.
    assert closed["heavy"] == []
    take = next((tmp_path / "takes").rglob("take.json")).parent
    stored = open_take(take)
    answered = {line.generated_tick for line in stored.lines}
    assert len(answered) >= 5
    told = json.loads((take / "take.json").read_text(encoding="utf-8"))["generator"]
    assert told["name"] == "tiny model"
    assert len(told["weights_sha256"]) == 64
