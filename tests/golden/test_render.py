"""Takes rendered again from what they stored: the same bytes, whatever happens to the program meanwhile."""

import contextlib
import io
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
from PIL import Image

from director.app.session import Session, SessionSettings
from director.camera.rigs.fly import FlyIntent
from director.cli.main import main
from director.generate import generator
from director.generate.backends.proxy import Proxy
from director.generate.inline import InlineRunner
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Runner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take import drawing
from director.take.clean import Cleaner
from director.take.folder import read_json
from director.take.kept_pictures import KeptPictures
from director.take.recorder import Take
from director.take.replay import Drawn, Replay, Wanted
from director.take.stored import open_take
from director.take.track import read_track
from director.types import Conditioning, GeneratedFrame

_SIZE = (96, 54)
_SMALL = ("--size", "96x54", "--seconds", "0.5")
_EVERYTHING = (
    *("--stabiliser", "0.5", "--depth-of-field", "--f-number", "0.7", "--shutter", "180"),
    *("--hold", "class:road", "--object-prompt", "red car body=yellow taxi"),
    *("--strength", "red car body=0.6", "--seed", "7"),
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    """Run the command here, where no torch is wanted, and else in a process of its own."""
    if "embedded" in arguments:
        return apart(*arguments)
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        status = main(arguments)
    return Done(status, out.getvalue(), told.getvalue())


def apart(*arguments: str) -> Done:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "director", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def director(*arguments: str, run: Callable[..., Done] = run) -> dict[str, Any]:
    """Run the command and return its last line."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def shot(tmp_path: Path, *options: str, name: str = "proxy") -> dict[str, Any]:
    where = ("--out", str(tmp_path / "takes"), "--generator", name)
    return director("shoot", "desert_road", "--move", "follow", *where, *_SMALL, *options)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take to be copied and damaged."""
    return Path(shot(tmp_path_factory.mktemp("plain"))["take"])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("proxy", ()),
        ("proxy", _EVERYTHING),
        ("proxy", ("--shutter", "180")),
        ("embedded", _EVERYTHING),
        ("embedded", (*_EVERYTHING, "--samples", "4")),
    ],
    ids=["plain", "proxy", "shutter", "embedded", "samples"],
)
def test_a_take_rendered_again_has_its_bytes(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    take = shot(tmp_path, *options, name=name)
    where = apart if name == "embedded" else run
    made = director("render", take["take"], "--out", str(tmp_path / "out"), run=where)
    assert made["sha256_frames"] == take["sha256_frames"]
    assert made["same_frames"] is True
    assert made["frames"] == take["frames"] == 12
    assert made["notes"] == []
    document: dict[str, Any] = read_json(Path(made["take"]) / "take.json")
    assert document["result"]["sha256_frames"] == take["sha256_frames"]
    assert document["rendered_from"]["take"] == Path(take["take"]).name
    assert document["state"] == "complete"
    # Nothing is left of the work, and the film is that of the take.
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["desert_road"]
    assert Path(made["video"]).read_bytes() == Path(take["video"]).read_bytes()


def test_one_frame_through_a_shutter_is_told_by_the_frame_after_it(tmp_path: Path) -> None:
    options = ("--seconds", "0.04", "--shutter", "180", "--depth-of-field", "--focus", "4")
    take = shot(tmp_path, *options)
    assert take["frames"] == 1
    made = director("render", take["take"], "--out", str(tmp_path / "out"))
    assert made["sha256_frames"] == take["sha256_frames"]


def test_a_render_of_a_render_and_several_takes_in_one_call(tmp_path: Path, plain: Path) -> None:
    out = str(tmp_path / "out")
    made = director("render", str(plain), str(plain), "--out", out)
    assert len({one["take"] for one in made["takes"]}) == 2
    again = director("render", made["takes"][1]["take"], "--out", out)
    assert again["same_frames"] is True
    assert Path(again["take"]).name == "follow_T003"
    slate: dict[str, Any] = read_json(Path(again["take"]) / "take.json")
    assert slate["slate"]["take"] == 3


def test_another_size_or_generator_is_the_same_shot_and_says_so(tmp_path: Path, plain: Path) -> None:
    made = director("render", str(plain), "--out", str(tmp_path), "--size", "192x108")
    document: dict[str, Any] = read_json(Path(made["take"]) / "take.json")
    before: dict[str, Any] = read_json(plain / "take.json")
    assert document["settings"]["size"] == [192, 108]
    assert document["rendered_from"]["sha256_frames"] == before["result"]["sha256_frames"]
    assert document["rendered_from"]["scene_sha256"] == before["result"]["scene_sha256"]
    assert made["same_frames"] is False
    # The same camera at the same times: brought to its size the picture is that of the take.
    assert made["parity"]["ssim"] > 0.8
    there, here = read_track(plain / "track.jsonl"), read_track(Path(made["take"]) / "track.jsonl")
    assert [(line.tick, line.camera) for line in there] == [(line.tick, line.camera) for line in here]
    done = run("render", str(plain), "--out", str(tmp_path), "--steps", "4")
    assert done.returncode == 2
    assert "generator proxy: knows no option steps" in done.stderr
    assert not list(tmp_path.glob(".render-*"))


def test_a_render_that_is_killed_goes_on_with_the_same_bytes(tmp_path: Path) -> None:
    take = shot(tmp_path, *_EVERYTHING, name="embedded")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "director", "render", take["take"], "--out", str(out)]
    chance = random.Random(3)
    had = 0
    for _ in range(3):
        wanted = had + chance.randint(1, 2)
        killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while killed.poll() is None and time.monotonic() < end:
            if len(list(out.glob(".render-*/pictures/*.png"))) >= wanted:
                break
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        had = max(had, len([path for path in out.glob(".render-*/pictures/*.png") if path.name[0] != "."]))
        # Nothing stands under a take's name before it is whole.
        assert [path.name[:8] for path in out.iterdir()] == [".render-"]
    assert 0 < had < 12
    made = director("render", take["take"], "--out", str(out), run=apart)
    assert made["sha256_frames"] == take["sha256_frames"]
    assert made["pictures"]["kept"] == had
    assert [path.name for path in out.iterdir()] == ["desert_road"]


def test_ctrl_c_leaves_what_was_made_and_says_so(tmp_path: Path) -> None:
    take = shot(tmp_path, "--seconds", "4", *_EVERYTHING)
    out = tmp_path / "out"
    begun = subprocess.Popen(
        [sys.executable, "-m", "director", "render", take["take"], "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while len(list(out.glob(".render-*/pictures/*.png"))) < 2 and time.monotonic() < end:
        time.sleep(0.002)
    begun.send_signal(signal.SIGINT)
    _, told = begun.communicate(timeout=60)
    assert begun.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert [path.name[:8] for path in out.iterdir()] == [".render-"]
    assert list(out.glob(".render-*/pictures/*.png"))
    assert not list(out.glob(".render-*/film-*"))
    made = director("render", take["take"], "--out", str(out))
    assert made["sha256_frames"] == take["sha256_frames"]


class Remembering(Proxy):
    """Draws the blocking over half of the picture before: what depends on a history."""

    independent = False

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings)
        self.before: Any = None

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        drawn = super().generate(conditioning)
        image = drawn.image if self.before is None else drawn.image // 2 + self.before // 2
        self.before = image
        return replace(drawn, image=image)

    def reset(self) -> None:
        self.before = None


def test_a_generator_with_a_history_goes_on_from_the_last_cut(
    gl: moderngl.Context, tmp_path: Path, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "generator", lambda name: Remembering)
    compiled = CompiledScene(load_scene("desert_road"))
    wanted = [
        Wanted(line.tick, line.camera, line.direction, _SIZE, begins=n in (0, 6))
        for n, line in enumerate(open_take(plain).lines)
    ]

    def pictures(kept: KeptPictures) -> list[Drawn]:
        made = Replay(gl, compiled, _SIZE, "remembering", GeneratorSettings(), lambda share, words: None)
        drawn = list(made.pictures(wanted, kept))
        made.close()
        return drawn

    whole = pictures(KeptPictures(tmp_path / "whole"))
    decoded: list[int] = []

    class Counted(KeptPictures):
        def load(self, number: int) -> tuple[Any, tuple[str, ...]] | None:
            decoded.append(number)
            return super().load(number)

    kept = Counted(tmp_path / "part")
    for n in range(9):
        kept.save(n, whole[n].frame.image, whole[n].frame.not_understood)
    # As power cuts leave it.
    (tmp_path / "part" / "000008.png").write_bytes(b"")
    part = pictures(Counted(tmp_path / "part"))
    assert [one.was_kept for one in part] == [n < 6 for n in range(12)]
    # Each that is shown, once.
    assert decoded == list(range(6))
    for one, two in zip(whole, part, strict=True):
        assert np.array_equal(one.frame.image, two.frame.image)
    # What is told of is a history indeed.
    assert not np.array_equal(whole[5].frame.image, whole[5].frame.conditioning.maps["base"])
    assert np.array_equal(whole[6].frame.image, whole[6].frame.conditioning.maps["base"])


def test_cleaning_takes_flicker_out_and_keeps_detail(gl: moderngl.Context, plain: Path) -> None:
    take = open_take(plain)
    compiled = CompiledScene(take.scene)
    cleaner = Cleaner(gl, compiled, _SIZE, frozenset({"deflicker"}))
    for n, (line, picture) in enumerate(zip(take.lines, take.pictures(), strict=True)):
        flickering = np.clip(picture.astype(int) + (9, -9)[n % 2], 0, 255).astype(np.uint8)
        cleaned = cleaner.picture(line, flickering)
        assert cleaned.shape == picture.shape
    found = cleaner.figures
    cleaner.release()
    error, detail = found["warp_error"], found["detail"]
    assert error["before"] is not None
    assert error["after"] is not None
    assert error["after"] < 0.6 * error["before"]
    assert detail["before"] is not None
    assert detail["after"] == pytest.approx(detail["before"], rel=0.05)


def test_every_shot_gets_the_colour_of_the_first(gl: moderngl.Context, plain: Path) -> None:
    take = open_take(plain)
    cleaner = Cleaner(gl, CompiledScene(take.scene), _SIZE, frozenset({"match"}))
    picture = next(iter(take.pictures()))
    tinted = (picture * np.array([0.8, 0.9, 1.0])).astype(np.uint8)
    line = take.lines[0]
    assert np.array_equal(cleaner.picture(line, picture), picture)
    second = cleaner.picture(replace(line, camera=replace(line.camera, is_cut=True)), tinted)
    cleaner.release()
    assert np.abs(second.astype(int) - picture).max() <= 4


def test_a_cleaned_render_tells_what_it_did(tmp_path: Path, plain: Path) -> None:
    made = director("render", str(plain), "--out", str(tmp_path), "--clean", "deflicker,match")
    assert set(made["cleaned"]) == {"warp_error", "detail"}
    assert made["same_frames"] is False
    document: dict[str, Any] = read_json(Path(made["take"]) / "take.json")
    assert document["rendered_from"]["clean"] == ["deflicker", "match"]
    assert run("render", str(plain), "--out", str(tmp_path), "--clean", "polish").returncode == 2


def _edited(folder: Path, target: Path, change: Any) -> Path:
    shutil.copytree(folder, target)
    change(target)
    return target


def _cut_track(folder: Path) -> None:
    rows = (folder / "track.jsonl").read_text().splitlines(keepends=True)
    (folder / "track.jsonl").write_text("".join(rows[:5]))


def _spoil_track(folder: Path) -> None:
    rows = (folder / "track.jsonl").read_text().splitlines(keepends=True)
    (folder / "track.jsonl").write_text("".join([*rows[:3], "{}\n", *rows[4:]]))


def _odd_number(folder: Path) -> None:
    rows = (
        (folder / "track.jsonl").read_text().replace('"shutter_angle_deg": 0.0', '"shutter_angle_deg": 500')
    )
    (folder / "track.jsonl").write_text(rows)


def _odd_size(folder: Path) -> None:
    content: dict[str, Any] = read_json(folder / "take.json")
    content["settings"]["size"] = [97, 54]
    (folder / "take.json").write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_odd_number, "track.jsonl:1: a number in it is out of range"),
        (_odd_size, "pictures of 97×54 cannot be filmed"),
        (_cut_track, "has 5 of the 12 ticks that were recorded"),
        (_spoil_track, "track.jsonl:4: not a line of a track"),
        (lambda folder: (folder / "track.jsonl").unlink(), "cannot be read"),
        (lambda folder: (folder / "take.json").write_text("{"), "take.json: cannot be read"),
        (lambda folder: (folder / "take.json").unlink(), "is no take"),
        (lambda folder: (folder / "video.mp4").unlink(), "has no video.mp4"),
    ],
    ids=["number", "size", "cut", "spoilt", "no track", "no json", "no document", "no film"],
)
def test_a_damaged_take_is_refused_in_one_line(
    tmp_path: Path, plain: Path, change: Any, problem: str
) -> None:
    take = _edited(plain, tmp_path / "take", change)
    done = run("render", str(take), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert problem in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_changed_scene_and_other_weights_are_noticed(tmp_path: Path, plain: Path) -> None:
    def change(folder: Path) -> None:
        content: dict[str, Any] = read_json(folder / "take.json")
        content["scene"]["sun"]["elevation_deg"] = 5.0
        content["generator"]["weights_sha256"] = "0" * 64
        (folder / "take.json").write_text(json.dumps(content))

    take = _edited(plain, tmp_path / "take", change)
    done = run("render", str(take), "--out", str(tmp_path / "out"), "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert made["notes"][0] == "the scene of the take was changed since it was recorded"
    assert made["notes"][1].startswith("weights of proxy: 000000000000 then")
    for note in made["notes"]:
        assert note in done.stderr
    assert made["same_frames"] is False
    assert 0 < made["parity"]["ssim"] < 1
    assert Image.open(Path(made["take"]) / "parity.png").width == 960


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, plain: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("render", str(plain), "--out", str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert "no folder can be made here" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# Live takes.


def live(gl: moderngl.Context, out: Path, name: str, runner: Runner, pause_s: float = 0.0) -> Take:
    """A take with a move, a change of prompt that eases in, a cut and a lens switched on, ticks of all
    lengths."""
    maps = generator(name).maps
    settings = SessionSettings(name, maps, _SIZE, _SIZE, out, stabiliser=0.4)
    session = Session(gl, load_scene("desert_road"), runner, settings)
    session.act("next-move")
    for index in range(26):
        if index == 4:
            session.act("record")
        if index == 10:
            session.direct("snowy night")
        if index == 15:
            session.act("depth-of-field")
        if index == 20:
            session.act("next-move")
        session.tick(FlyIntent(), (1 / 24, 1 / 30, 1 / 18)[index % 3])
        time.sleep(pause_s)
    take = session.close()
    runner.close()
    assert take is not None
    return take


def test_a_live_take_as_seen_has_every_generated_picture_again(gl: moderngl.Context, tmp_path: Path) -> None:
    runner = ProcessRunner("embedded", GeneratorSettings(), _SIZE)
    end = time.monotonic() + 60
    while runner.state.phase == "loading" and time.monotonic() < end:
        time.sleep(0.02)
    take = live(gl, tmp_path / "takes", "embedded", runner, 0.03)
    made = director("render", str(take.folder), "--out", str(tmp_path / "out"), "--as-seen", run=apart)
    known = sum(line.picture_sha256 is not None for line in read_track(take.folder / "track.jsonl"))
    assert known >= 3
    assert (
        made["pictures"]["known"] == made["pictures"]["identical"] == made["pictures"]["generated"] == known
    )
    assert made["notes"] == []
    assert made["frames"] == take.frames
    # What is left of a difference is the film's compression.
    assert made["parity"]["worst"][0]["ssim"] > 0.96


def test_a_picture_that_is_not_the_one_of_then_is_told(gl: moderngl.Context, tmp_path: Path) -> None:
    take = live(gl, tmp_path / "takes", "proxy", InlineRunner(generator("proxy")(GeneratorSettings())))
    track = take.folder / "track.jsonl"
    rows = [json.loads(row) for row in track.read_text().splitlines()]
    told = next(row for row in rows if row.get("picture_sha256"))
    told["picture_sha256"] = "0" * 64
    track.write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = director("render", str(take.folder), "--out", str(tmp_path / "out"), "--as-seen")
    assert made["pictures"]["identical"] == made["pictures"]["known"] - 1
    assert "the track of the take was changed since it was recorded" in made["notes"]
    assert made["notes"][-1].startswith("1 of ")


def test_a_scene_that_was_edited_meanwhile_is_told(gl: moderngl.Context, tmp_path: Path) -> None:
    runner = InlineRunner(generator("proxy")(GeneratorSettings()))
    scene = load_scene("desert_road")
    settings = SessionSettings("proxy", frozenset({"base"}), _SIZE, _SIZE, tmp_path / "takes")
    session = Session(gl, scene, runner, settings)
    session.act("record")
    session.tick(FlyIntent(), 0.0)
    session.replace_scene(scene.model_copy(update={"prompt": "dusk"}))
    session.tick(FlyIntent(), 1 / 24)
    take = session.close()
    assert take is not None
    made = director("render", str(take.folder), "--out", str(tmp_path / "out"))
    assert made["notes"] == [
        "the scene was edited while the take was recorded, and it holds the one it began with"
    ]


def test_every_frame_of_a_live_take_generated(gl: moderngl.Context, tmp_path: Path) -> None:
    take = live(gl, tmp_path / "takes", "proxy", InlineRunner(generator("proxy")(GeneratorSettings())))
    made = director("render", str(take.folder), "--out", str(tmp_path / "out"))
    stored = open_take(Path(made["take"]))
    assert made["frames"] == take.frames == len(stored.lines)
    assert made["pictures"]["generated"] == take.frames
    assert [line.tick.index for line in stored.lines] == list(range(take.frames))
    assert sum(line.camera.is_cut for line in stored.lines) == 1
    arrived = [line.direction.arrived for line in stored.lines if line.direction.leaving is not None]
    assert len(arrived) > 3
    assert arrived == sorted(arrived)
    assert made["parity"]["frames"] == take.frames
    assert len(made["parity"]["seconds"]) == 1 + (take.frames - 1) // 24
    assert made["parity"]["ssim"] > 0.8
    sheet = np.asarray(Image.open(Path(made["take"]) / "parity.png"))
    assert sheet.shape == (4 * (180 + 16), 960, 3)
    # It is a take like one that was shot: rendered again it has its own bytes.
    again = director("render", made["take"], "--out", str(tmp_path / "out"))
    assert again["same_frames"] is True
    done = run("render", made["take"], "--out", str(tmp_path / "out"), "--as-seen")
    assert done.returncode == 2
    assert "was not recorded live" in done.stderr
