"""Commands killed at random moments, and what must be true of their target each time.

python -m tests.unit.take.faults.killing --kills 10       render and exports, ten kills each, and a report
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Killed", "content_of", "director", "kill_and_repeat"]

_LONGEST_S = 300


@dataclass(frozen=True)
class Killed:
    """One kill: whether something was being written then, whether the target was there already, and what was
    wrong, "" if nothing."""

    had_begun: bool
    was_done: bool
    wrong: str


def director(arguments: Sequence[str]) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "director", *arguments]


def content_of(path: Path) -> dict[str, str]:
    """The hashes of a file, or of all in a folder, by their names; none where it is not there."""
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file())
        return {one.relative_to(path).as_posix(): _hash(one) for one in files}
    return {path.name: _hash(path)} if path.exists() else {}


def kill_and_repeat(
    arguments: Sequence[str],
    target: Path,
    place: Path,
    kills: int,
    chance: random.Random,
    made: Callable[[Path], dict[str, str]] = content_of,
    early: float = 0.2,
) -> list[Killed]:
    """Run a command that makes `target` once whole, then so often killed at a random moment and run again:
    while it writes or, with the probability `early`, before that. `place` is the folder in which all of it
    happens; `made` tells what of the target is to be the same."""
    begin_s = time.monotonic()
    begun = _begin(arguments)
    before_s = _until_written(begun, place, begin_s)
    _, told = begun.communicate(timeout=_LONGEST_S)
    writing_s = time.monotonic() - begin_s - before_s
    assert begun.returncode == 0, told.decode()
    whole = made(target)
    assert whole
    found: list[Killed] = []
    for _ in range(kills):
        _clear(target)
        begin_s = time.monotonic()
        begun = _begin(arguments)
        if chance.random() < early:
            time.sleep(before_s * chance.random())
        else:
            _until_written(begun, place, begin_s)
            time.sleep(writing_s * chance.random())
        begun.kill()
        begun.communicate()
        had, after = _hidden(place), made(target)
        wrong = "" if not after or after == whole else "something half-written lies under the final name"
        _clear(target)
        again = _begin(arguments)
        _, told = again.communicate(timeout=_LONGEST_S)
        if again.returncode != 0:
            wrong = wrong or f"the second run failed: {told.decode().strip()[-300:]}"
        elif made(target) != whole:
            wrong = wrong or "the second run gave other bytes"
        elif _hidden(place):
            wrong = wrong or f"something is left over: {_hidden(place)}"
        found.append(Killed(bool(had), bool(after), wrong))
    _clear(target)
    return found


def _begin(arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        director(arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def _until_written(begun: "subprocess.Popen[bytes]", place: Path, begin_s: float) -> float:
    """Wait until a command writes something, or has ended; how many seconds after its beginning that was."""
    while begun.poll() is None and not _hidden(place):
        time.sleep(0.001)
    return time.monotonic() - begin_s


def _hidden(place: Path) -> list[str]:
    """What lies hidden anywhere in a folder: what is being made."""
    return sorted(path.name for path in place.rglob(".*")) if place.is_dir() else []


def _clear(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _take_of(target: Path) -> dict[str, str]:
    """Of a rendered take: its film, track and hash of its frames; its day and the length of its work may be
    others."""
    found = {name: told for name, told in content_of(target).items() if name in ("video.mp4", "track.jsonl")}
    if found:
        document = json.loads((target / "take.json").read_text(encoding="utf-8"))
        found["frames"] = document["result"]["sha256_frames"]
    return found


def _long_run(kills: int, seed: int, only: str) -> int:
    chance = random.Random(seed)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shoot = ["shoot", "desert_road", "--move", "follow", "--size", "256x144", "--seconds", "2", "--json"]
        takes = {}
        for name in ("proxy", "embedded"):
            told = subprocess.run(
                director([*shoot, "--generator", name, "--out", str(root / name)]),
                capture_output=True,
                check=True,
                timeout=_LONGEST_S,
            )
            takes[name] = json.loads(told.stdout.splitlines()[-1])["take"]
        jobs: list[tuple[str, list[str], Path, Path, Callable[[Path], dict[str, str]]]] = []
        for name in ("proxy", "embedded"):
            out = root / f"render {name}"
            rendered = out / "desert_road" / "follow_T001"
            jobs.append(
                (f"render {name}", ["render", takes[name], "--out", str(out)], rendered, out, _take_of)
            )
        for name, written in (("mp4", "a.mp4"), ("prores", "a.mov"), ("png", "png"), ("exr", "exr")):
            out = root / f"export {name}" / written
            arguments = ["export", takes["proxy"], "--to", name, "--out", str(out)]
            jobs.append((f"export {name}", arguments, out, out.parent, content_of))
        film = root / "cut" / "a.mp4"
        out = root / "export mp4 burnt" / "a.mp4"
        arguments = ["export", takes["proxy"], "--to", "mp4", "--burn-in", "--out", str(out)]
        jobs.append(("export mp4 burnt", arguments, out, out.parent, content_of))
        arguments = ["cut", takes["proxy"], takes["embedded"], "--out", str(film)]
        jobs.append(("cut", arguments, film, film.parent, content_of))
        for name, arguments, target, place, made in jobs:
            if not name.startswith(only):
                continue
            found = kill_and_repeat(arguments, target, place, kills, chance, made)
            wrong = [one.wrong for one in found if one.wrong]
            failed += len(wrong)
            begun, done = sum(one.had_begun for one in found), sum(one.was_done for one in found)
            print(
                f"{name:16} {len(found)} kills, {begun} while writing, {done} after the end, wrong: {wrong}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="commands that begin so, such as `export mp4`")
    given = parser.parse_args()
    sys.exit(_long_run(given.kills, given.seed, given.only))
