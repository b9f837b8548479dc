"""What a take from elsewhere may not do, and what an interruption may not cost."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from director.errors import RecordingError
from director.generate.protocol import GeneratorSettings
from director.generate.remote.address import name_there
from director.take.exporters._writing import whole_folder
from director.take.folder import read_json, write_json
from director.take.recorder import Plan, Recorder
from director.take.render_plan import RenderRequest, generator_of, plan_render
from director.take.resample import Resampler, first_frame
from director.take.scene_copy import SceneCopy
from director.take.stored import open_take
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick
from tests.unit.take.exporters.shooting import recorded, room, shoot_small, still_cameras


def test_a_take_leads_nobody_to_a_machine(tmp_path: Path) -> None:
    assert name_there("ray://10.0.0.1:10001/sd-turbo") == "sd-turbo"
    assert name_there("ray://elsewhere") == "embedded"
    assert name_there("embedded") == "embedded"
    folder = shoot_small(tmp_path, "round")
    document = read_json(folder / "take.json")
    settings = document["settings"]
    assert isinstance(settings, dict)
    write_json(
        folder / "take.json", {**document, "settings": {**settings, "generator": "ray://127.0.0.1:9/proxy"}}
    )
    assert generator_of(open_take(folder)) == "proxy"
    assert plan_render(RenderRequest(folder, tmp_path / "out")).generator == "proxy"


def test_other_options_are_not_as_it_was_made(tmp_path: Path) -> None:
    folder = shoot_small(tmp_path, "round")
    assert plan_render(RenderRequest(folder, tmp_path / "out")).is_as_made
    assert not plan_render(RenderRequest(folder, tmp_path / "out", options={"steps": 8})).is_as_made


@pytest.mark.parametrize(
    ("made_by", "wanted"),
    [
        (("cpu", "bfloat16", 3), ("cpu", "bfloat16", 3)),
        (("cuda:1", "float16", 6), ("auto", "float16", 0)),
        (("gl", "uint8", 1), ("auto", "auto", 0)),
        (("cpu", "nonsense", 2), ("cpu", "auto", 2)),
    ],
)
def test_a_render_goes_by_the_take_s_own_type_of_number_and_threads(
    tmp_path: Path, made_by: tuple[str, str, int], wanted: tuple[str, str, int]
) -> None:
    folder = shoot_small(tmp_path, "round")
    document = read_json(folder / "take.json")
    identity = document["generator"]
    assert isinstance(identity, dict)
    told = dict(zip(("device", "dtype", "threads"), made_by, strict=True))
    write_json(folder / "take.json", {**document, "generator": {**identity, **told}})
    settings = plan_render(RenderRequest(folder, tmp_path / "out")).settings
    assert (settings.device, settings.dtype, settings.threads) == wanted
    # Of another generator nothing is known.
    other = plan_render(RenderRequest(folder, tmp_path / "out", generator="embedded")).settings
    assert other == GeneratorSettings()


def test_nothing_is_built_upon_what_lies_before_a_cut_in_a_render_of_a_render_either(tmp_path: Path) -> None:
    cameras = still_cameras(6, Fraction(24))
    cameras[4] = (*cameras[4][:2], replace(cameras[4][2], is_cut=True))
    plan = plan_render(RenderRequest(recorded(tmp_path, cameras), tmp_path / "out", generator="proxy"))
    assert not plan.is_live
    assert [one.begins for one in plan.schedule((64, 36)).wanted] == [True, False, False, False, True, False]


def test_what_was_seen_goes_on_from_cut_to_cut_for_another_generator(tmp_path: Path) -> None:
    # Live, of a generator without a history: each picture begins anew. One of clips is to hold them together.
    settings = {"generator": "proxy", "live": True}
    recorder = Recorder(Plan(tmp_path, room(tmp_path), "by hand", 64, 36, settings=settings), waits=True)
    for index in range(8):
        camera = CameraState((0, 1.5, 6), (0, 0, 0, 1), is_cut=index == 4)
        shown = None if index in (0, 4) else index - 1 if index != 6 else 4
        tick = Tick(index, index / 24, 1 / 24)
        recorder.tick(TrackLine(tick, camera, Direction("dawn"), shown), np.zeros((36, 64, 3), np.uint8))
    folder = recorder.stop().folder
    asked = RenderRequest(folder, tmp_path / "out", as_seen=True)
    as_made = plan_render(asked).schedule((64, 36)).wanted
    assert [one.tick.index for one in as_made] == [0, 1, 2, 4, 6]
    assert all(one.begins for one in as_made)
    other = plan_render(replace(asked, generator="embedded")).schedule((64, 36)).wanted
    assert [one.begins for one in other] == [True, False, False, True, False]


def test_a_burnt_in_number_is_that_of_the_frame_it_is_on() -> None:
    fps = Fraction(24)
    resampler = Resampler(fps)
    times = [0.0, 0.013, 0.05, 0.11, 0.117, 0.2, 0.31, 0.3333, 0.41]
    given, before = 0, 0.0
    for time_s in times:
        filled = resampler.tick(time_s - before)
        if filled:
            # The picture of the tick before is on these.
            assert first_frame(before, fps) == given
        given, before = given + filled, time_s


def test_an_interruption_between_two_renames_brings_the_old_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "frames"
    out.mkdir()
    (out / "old.png").write_text("old")
    own = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise KeyboardInterrupt
        return own(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_folder(out) as folder:
        (folder / "new.png").write_text("new")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]
    assert (out / "old.png").read_text() == "old"


def test_a_mesh_brings_none_but_its_own_files_into_a_take(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a key")
    (tmp_path / "wood.png").write_bytes(b"1234")
    mesh, take = tmp_path / "set" / "thing.gltf", tmp_path / "take"
    mesh.parent.mkdir()

    def copied(uri: str) -> None:
        mesh.write_text(json.dumps({"asset": {"version": "2.0"}, "images": [{"uri": uri}]}))
        SceneCopy({}, {"meshes/thing.gltf": mesh}).write(take)

    for uri in ("../secret", "/dev/zero"):
        with pytest.raises(RecordingError, match="is no image of a mesh"):
            copied(uri)
    copied("../wood.png")
    assert [path.read_bytes() for path in take.rglob("*.png")] == [b"1234"]
