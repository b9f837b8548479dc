"""Commands run on damaged takes in this process, and what must hold whatever was done to a take.

python -m tests.unit.take.faults.driver --seeds 0:200      every command on so many takes, and a report
"""

import argparse
import collections
import contextlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from director.cli.main import main
from director.scene.load import parse_scene
from director.take.exporters import exporter, exporter_names
from director.take.library import Library, list_takes, mark_take
from director.take.recorder import Plan, Recorder
from director.take.shoot import shoot
from director.take.stage import Request
from director.take.track import PictureSettings, TrackLine
from director.types import CameraState, Direction, Tick
from tests.unit.take.exporters.shooting import FRAMES, SIZE, scene_text
from tests.unit.take.faults.damage import Damage
from tests.unit.take.faults.mutations import mutate

__all__ = ["COMMANDS", "LIVE_COMMANDS", "Ground", "Outcome", "run_command", "wrong_with"]

_LONGEST_S = 60
_LONGEST_LINE = 700
_OBJ = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\nf 1 3 4\nf 2 3 4\n"

_EXPORTS = tuple(f"export {name}" for name in exporter_names())
COMMANDS = (*_EXPORTS, "cut", "cut circled", "measure", "render", "list")
LIVE_COMMANDS = ("render", "render --as-seen", "measure", "cut", "list")


class TookTooLongError(BaseException):
    """Raised by the alarm: nothing that catches errors may catch it."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its status, what it printed, and why that may not be."""

    status: int
    told: str
    printed: str
    wrong: tuple[str, ...]
    seconds: float


class Ground:
    """A folder with a sound take of each kind, what lies outside them, and room for copies to damage."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.outside = root / "outside"
        self.outside.mkdir(parents=True)
        scene = json.loads(scene_text())
        (root / "made").mkdir()
        (root / "made" / "tetra hedron.obj").write_text(_OBJ)
        _write_gltf(root / "made" / "gltf")
        for name, path in (("obj", "tetra hedron.obj"), ("gltf", "gltf/m.gltf")):
            scene["objects"].append(
                {"kind": "mesh", "name": f"a {name}", "class": "car", "path": path, "position": [1, 0, 1]}
            )
        read = parse_scene(json.dumps(scene), file="room", folder=root / "made")
        request = Request(read, "round", *SIZE, seed=7, generator="proxy")
        self.shot = shoot(request, root / "sound", FRAMES / 24, lambda share, words: None).take.folder
        mark_take(self.shot, note="good", rating=4, circled=True)
        self.live = _live(self.shot, root / "live")
        for file in self.shot.iterdir():
            if file.is_file():
                shutil.copyfile(file, self.outside / file.name)
        shutil.copytree(self.shot / "meshes", self.outside / "meshes")
        shutil.copyfile(self.shot / "video.mp4", self.outside / "film.mp4")
        (self.outside / "secret.obj").write_text(_OBJ)
        (self.outside / "secret.mtl").write_text("newmtl m\nKd 1 0 0\n")
        shutil.copyfile(root / "made" / "gltf" / "m.bin", self.outside / "secret.bin")

    @contextlib.contextmanager
    def damaged(self, seed: int, is_live: bool = False) -> Iterator[tuple[Path, Damage]]:
        """A copy of a take, damaged by a seed, for as long as that is wanted."""
        source = self.live if is_live else self.shot
        folder = self.root / f"seed {seed}" / "сцена" / source.name
        shutil.copytree(source, folder)
        try:
            yield folder, mutate(folder, self.outside, random.Random(seed))
        finally:
            shutil.rmtree(self.root / f"seed {seed}")


def _write_gltf(folder: Path) -> None:
    folder.mkdir()
    positions = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], "<f4")
    indices = np.array([0, 1, 2, 0, 1, 3, 0, 2, 3, 1, 2, 3], "<u4")
    (folder / "m.bin").write_bytes(positions.tobytes() + indices.tobytes())
    content = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": 96, "uri": "m.bin"}],
        "bufferViews": [
            {"buffer": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": 48},
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 4,
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [1, 1, 1],
            },
            {"bufferView": 1, "componentType": 5125, "count": 12, "type": "SCALAR"},
        ],
    }
    (folder / "m.gltf").write_text(json.dumps(content))


def _live(shot: Path, root: Path) -> Path:
    """A take as the viewport records one: ticks of all lengths, a picture for some, a cut."""
    document: dict[str, Any] = json.loads((shot / "take.json").read_text(encoding="utf-8"))
    scene = parse_scene(json.dumps(document["scene"]), file="take", folder=shot)
    settings: dict[str, object] = {
        "live": True,
        "move": None,
        "generator": "proxy",
        "map_size": list(SIZE),
        "quality": "full",
        "picture_rate": 12.0,
        "stabiliser": 0.4,
        "burn_in": True,
        "lens": {"depth_of_field": False, "shutter_angle_deg": 0.0},
    }
    recorder = Recorder(Plan(root, scene, "by hand", *SIZE, Fraction(24), settings=settings), waits=True)
    time_s = 0.0
    for index in range(12):
        dt_s = (1 / 24, 1 / 30, 1 / 18)[index % 3] if index else 0.0
        time_s += dt_s
        camera = CameraState((0.2 * index, 1.5, 6), (0, 0, 0, 1), is_cut=index == 7)
        picture = PictureSettings(0.4, picture_rate=12.0, generated_size=SIZE)
        line = TrackLine(
            Tick(index + 3, time_s, dt_s),
            camera,
            Direction(prompt="dawn" if index < 5 else "snow", object_prompts={2: "a knight"}),
            generated_tick=None if index < 2 else 3 + index // 2 * 2 - 2,
            latency_ms=None if index < 2 else 60.0,
            picture=picture,
        )
        recorder.tick(line, np.full((SIZE[1], SIZE[0], 3), 20 * index, np.uint8))
    folder = recorder.stop(results={"sha256_frames": None}).folder
    document = json.loads((folder / "take.json").read_text(encoding="utf-8"))
    document["generator"] = json.loads((shot / "take.json").read_text(encoding="utf-8"))["generator"]
    (folder / "take.json").write_text(json.dumps(document), encoding="utf-8")
    mark_take(folder, circled=True)
    return folder


def run_command(command: str, folder: Path, place: Path, damage: Damage) -> Outcome:
    """Run one of COMMANDS on a take; what it makes goes into the new folder `place`."""
    place.mkdir()
    around = folder.parents[1]
    before = _contents(around, place)
    out, told = io.StringIO(), io.StringIO()
    status, wrong = -1, []
    begin_s = time.monotonic()
    with _alarm(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        try:
            status = _run(command, folder, place)
        except TookTooLongError:
            wrong.append(f"took more than {_LONGEST_S} s")
        except (Exception, SystemExit, KeyboardInterrupt):
            wrong.append(traceback.format_exc(limit=-4))
    seconds = time.monotonic() - begin_s
    after = _contents(around, place)
    if after != before:
        wrong.append(f"changed {sorted(map(str, {path for path, _ in before ^ after}))[:3]}")
    wrong += wrong_with(command, folder, place, damage, status, told.getvalue(), out.getvalue())
    shutil.rmtree(place)
    return Outcome(status, told.getvalue(), out.getvalue(), tuple(wrong), seconds)


def _run(command: str, folder: Path, place: Path) -> int:
    if command == "list":
        root = folder.parents[1]
        entries = list_takes(root)
        library = Library(root)
        library.takes()
        library.takes()
        for entry in entries:
            print(entry.duration_s, entry.state, entry.scene, entry.note)
        return 0 if len(entries) <= 1 else -2
    words = command.split()
    if words[0] == "export":
        suffixes = exporter(words[1]).suffixes
        name = f"a b{suffixes[0]}" if suffixes else "a b"
        return main(["export", str(folder), "--to", words[1], "--out", str(place / name), "--json"])
    if words[0] == "cut":
        named = str(folder.parents[1] if words[1:] else folder)
        return main(["cut", named, "--out", str(place / "a b.mp4"), "--json"])
    if words[0] == "measure":
        return main(["measure", str(folder), "--json"])
    return main(["render", str(folder), "--out", str(place / "a b"), "--json", *words[1:]])


def wrong_with(
    command: str, folder: Path, place: Path, damage: Damage, status: int, told: str, printed: str
) -> Iterator[str]:
    """Why an outcome may not be, in a line each."""
    made = sorted(
        path for path in place.rglob("*") if not any(part[0] == "." for part in _parts(path, place))
    )
    rows = [row for row in told.split("\n")[:-1] if not re.match(r"\s*\d+% ", row)]
    if "Traceback" in told + printed:
        yield "a traceback was printed"
    if told and not told.endswith("\n"):
        yield "a line is not ended"
    notes = [row for row in rows if command.startswith("render") and row.startswith(f"director: {folder}: ")]
    if any(len(row) > _LONGEST_LINE for row in rows):
        yield f"a line of {max(map(len, rows))} characters"
    if any(not row.isprintable() for row in rows):
        yield f"control characters are printed: {rows!r:.200}"
    if status == 0:
        if len(notes) != len(rows):
            yield f"printed more than notes: {rows!r:.300}"
        # A render needs no film, and says that it has read none.
        is_unread = command.startswith("render") and "nothing is compared" in told
        if damage.leads_out and command != "list" and not is_unread:
            yield "what lies outside was used"
        if command != "list":
            try:
                json.loads(printed.splitlines()[-1], parse_constant=_refuse)
            except (ValueError, IndexError):
                yield f"its last line is no JSON: {printed[-200:]!r}"
        if command.split()[0] in ("export", "cut", "render") and not made:
            yield "nothing was made"
    elif status in (1, 2):
        # A render tells at once what is odd about a take, and what ends it comes last.
        if not rows or not rows[-1].startswith("director: "):
            yield f"no line tells why: {told!r:.300}"
        elif not all(row.startswith(f"director: {folder}") for row in rows[:-1]):
            yield f"more than one line: {told!r:.400}"
        elif folder.name not in rows[-1] and command != "cut circled":
            yield f"the line does not name the take: {rows[-1]}"
        if [path for path in made if path.is_file()]:
            yield f"left {[path.name for path in made]}"
    else:
        yield f"ended with status {status}"


def _refuse(name: str) -> float:
    raise ValueError(name)


def _parts(path: Path, place: Path) -> Sequence[str]:
    return path.relative_to(place).parts


def _contents(folder: Path, but: Path) -> set[tuple[Path, object]]:
    """What lies under a folder and beside it, with times and sizes."""
    found: set[tuple[Path, object]] = set()
    for root, folders, files in os.walk(folder.parent):
        folders[:] = [name for name in folders if Path(root) / name != but]
        for name in (*folders, *files):
            path = Path(root) / name
            at = path.lstat()
            is_folder = path.is_dir() and not path.is_symlink()
            found.add((path, at.st_mode if is_folder else (at.st_mode, at.st_mtime_ns, at.st_size)))
    return found


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLongError

    was = signal.signal(signal.SIGALRM, ring)
    signal.alarm(_LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, was)


def _long_run(arguments: argparse.Namespace) -> int:
    first, last = (int(part) for part in arguments.seeds.split(":"))
    # A generator that draws pictures side by side would start processes for each.
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[arguments.core]})
    resource.setrlimit(resource.RLIMIT_AS, (arguments.gib * 2**30,) * 2)
    counts: collections.Counter[str] = collections.Counter()
    failed = 0
    longest = (0.0, "")
    begin_s = time.monotonic()
    with tempfile.TemporaryDirectory() as root:
        ground = Ground(Path(root))
        for seed in range(first, last):
            is_live = seed % 4 == 3
            with ground.damaged(seed, is_live) as (folder, damage):
                commands = LIVE_COMMANDS if is_live else COMMANDS
                for number, command in enumerate(commands):
                    if arguments.only and not command.startswith(arguments.only):
                        continue
                    done = run_command(command, folder, Path(root) / f"place {seed} {number}", damage)
                    counts[f"{command.split()[0]} status {done.status}"] += 1
                    longest = max(longest, (done.seconds, f"{command}, seed {seed}: {damage.words}"))
                    if arguments.show:
                        told = done.told.strip()[:220]
                        print(f"{seed:4d} {command:16} {done.status} {damage.words:.60} | {told}")
                    for wrong in done.wrong:
                        failed += 1
                        print(f"seed {seed} {command} ({damage.words:.120}):\n  {wrong}", flush=True)
    peak = [
        resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(json.dumps(counts, indent=1, sort_keys=True))
    spent_s = time.monotonic() - begin_s
    print(f"{last - first} takes, {sum(counts.values())} runs, {failed} faults, {spent_s:.0f} s")
    print(f"longest {longest[0]:.1f} s ({longest[1]:.100}); most memory {peak[0]:.2f} and {peak[1]:.2f} GiB")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="0:200")
    parser.add_argument("--only", default="")
    parser.add_argument("--gib", type=int, default=12)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    sys.exit(_long_run(parser.parse_args()))
