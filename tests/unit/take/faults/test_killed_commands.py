"""Exports killed in the midst of their work: nothing half-written, and the same bytes the next time.

Renders are killed in tests/golden/test_render.py; `python -m tests.unit.take.faults.killing` does more of
both.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from director.errors import UsageError
from director.take.exporters._writing import check_target, whole_folder
from tests.unit.take.exporters.shooting import orbit_take
from tests.unit.take.faults.killing import kill_and_repeat


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return orbit_take(tmp_path_factory.mktemp("takes"))


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL, which this test sends")
@pytest.mark.parametrize(("name", "target", "kills"), [("exr", "frames", 2), ("mp4", "a b.mp4", 1)])
def test_a_killed_export_leaves_nothing_half_written(
    name: str, target: str, kills: int, take: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out" / target
    arguments = ["export", str(take), "--to", name, "--out", str(out)]
    found = kill_and_repeat(arguments, out, out.parent, kills, random.Random(4), early=0.0)
    assert [one.wrong for one in found] == [""] * kills
    assert any(one.had_begun for one in found) or name == "mp4"
    # What was half made is gone too, with the next run.
    assert not list(out.parent.iterdir())


def ended_process() -> int:
    """The number of a process that is no more."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@pytest.mark.skipif(
    os.name != "posix",
    reason="on Windows asking for a process would end it: nothing is tidied",
)
def test_what_a_killed_export_left_goes_and_what_it_put_aside_comes_back(tmp_path: Path) -> None:
    gone, alive = ended_process(), os.getppid()
    out = tmp_path / "frames"
    for name in (
        f".frames.{gone}.part",
        f".frames.{gone}.old",
        f".frames.{alive}.part",
        f".framesX.{gone}.part",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0001.png").write_text(name)
    with pytest.raises(UsageError, match="is there already"):
        check_target(out, (), ".png", False, ())
    assert (out / "0001.png").read_text() == f".frames.{gone}.old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f".frames.{alive}.part", f".framesX.{gone}.part", "frames"]
    )
    # A folder that is there is never laid over by an older one.
    (tmp_path / f".frames.{gone}.old").mkdir()
    check_target(out, (), ".png", True, ())
    assert (out / "0001.png").read_text() == f".frames.{gone}.old"
    assert not (tmp_path / f".frames.{gone}.old").exists()


@pytest.mark.skipif(
    os.name != "posix",
    reason="on Windows asking for a process would end it: nothing is tidied",
)
def test_files_that_a_killed_export_left_go(tmp_path: Path) -> None:
    gone = ended_process()
    stay = [f".a b.{os.getppid()}.mp4", f".a b.{gone}.mov", "a b.mp4", f".b.{gone}.mp4"]
    for name in (f".a b.{gone}.mp4", *stay):
        (tmp_path / name).write_text("x")
    check_target(tmp_path / "a b.mp4", (".mp4",), "", True, ())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(stay)


def test_a_folder_being_written_has_no_name_yet(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "frames") as folder:
        (folder / "0001.png").write_text("x")
        assert [path.name[0] for path in tmp_path.iterdir()] == ["."]
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]
