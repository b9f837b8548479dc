"""A disk that is full, a place that cannot be written to, an ffmpeg that lacks a codec: one line that names
the thing, and nothing under the final name."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from director.cli.main import main
from director.take import ffmpeg
from director.take.exporters import exporter, exporter_names
from tests.unit.take.exporters.shooting import orbit_take

resource = pytest.importorskip("resource", reason="how large files may get is POSIX's to limit")

_ROOM = 100
"""Bytes that a file may have: fewer than any export of the take."""

_TOO_LARGE = "File too large|File size limit exceeded"


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return orbit_take(tmp_path_factory.mktemp("takes") / "дубли 一")


def on_full_disk(arguments: list[str]) -> int:
    """The command, while no file gets larger than that, as on a disk that fills up. No longer: pytest's own
    output may be a file too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, before[1]))
    try:
        return main(arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def one_line(told: str, subject: Path) -> str:
    """What a failed command said, which is one line about a thing, with the mend."""
    assert told.count("\n") == 1
    assert told.startswith(f"director: {subject}")
    assert told.endswith(")\n")
    assert len(told) < 400
    assert not re.search(r"0x[0-9a-f]{6}|\.part", told)
    return told


@pytest.mark.parametrize("name", exporter_names())
def test_an_export_to_a_full_disk_says_so(
    name: str, take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suffixes = exporter(name).suffixes
    out = tmp_path / (f"a b{suffixes[0]}" if suffixes else "a b")
    assert on_full_disk(["export", str(take), "--to", name, "--out", str(out)]) == 1
    told = one_line(capsys.readouterr().err, out)
    assert re.search(_TOO_LARGE, told)
    assert "make room" in told
    assert not list(tmp_path.iterdir())


def test_a_cut_to_a_full_disk_says_so(take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert on_full_disk(["cut", str(take), "--out", str(tmp_path / "a.mp4")]) == 1
    assert re.search(_TOO_LARGE, one_line(capsys.readouterr().err, tmp_path / "a.mp4"))
    assert not list(tmp_path.iterdir())


def test_a_take_that_cannot_be_begun_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "desert_road",
        "--move",
        "orbit",
        "--generator",
        "proxy",
        "--size",
        "64x36",
        "--seconds",
        "0.2",
    ]
    assert on_full_disk(["shoot", *arguments, "--out", str(tmp_path / "takes")]) == 1
    told = one_line(capsys.readouterr().err, tmp_path / "takes" / "desert_road" / "orbit_T001" / "take.json")
    assert "cannot be written: File too large" in told
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("orbit")]


def test_a_render_on_a_full_disk_says_so_and_makes_no_take(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on_full_disk(["render", str(take), "--out", str(tmp_path / "out")]) == 1
    assert "File too large" in one_line(capsys.readouterr().err, tmp_path / "out")
    assert not [path for path in (tmp_path / "out").iterdir() if path.name[0] != "."]


@pytest.mark.parametrize("command", ["export", "cut", "render", "measure"])
def test_a_place_that_is_none_is_told_before_any_work(
    command: str, take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    below = tmp_path / "file" / "below"
    options = {
        "export": ["--to", "png", "--out", str(below)],
        "cut": ["--out", str(below.with_suffix(".mp4"))],
        "render": ["--out", str(below)],
        "measure": ["--plot", str(below.with_suffix(".png"))],
    }
    assert main([command, str(take), *options[command]]) == 1
    one_line(capsys.readouterr().err, below)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg that has no encoders that we use: the real one, asked for others that there are not."""
    program = tmp_path / "ffmpeg"
    names = "libx264|prores_ks|aac"
    program.write_text(
        f"#!{sys.executable}\nimport os, re, sys\n"
        f"asked = [re.sub('^({names})$', r'no_\\1', word) for word in sys.argv[1:]]\n"
        f"os.execv({ffmpeg.command()!r}, ['ffmpeg', *asked])\n"
    )
    program.chmod(0o755)
    assert subprocess.run([str(program), "-version"], capture_output=True, check=False).returncode == 0
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))


def test_a_codec_that_this_ffmpeg_lacks_is_named(
    lacking: None, take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for arguments, codec in (
        (["export", str(take), "--to", "prores", "--out", str(out / "a.mov")], "prores_ks"),
        (["export", str(take), "--to", "mp4", "--burn-in", "--out", str(out / "a.mp4")], "libx264"),
        (["cut", str(take), "--out", str(out / "a.mp4")], "libx264"),
        (["render", str(take), "--out", str(out)], "libx264"),
    ):
        assert main(arguments) == 1
        told = one_line(capsys.readouterr().err, out)
        assert f"this ffmpeg lacks no_{codec}, which it takes" in told
        assert "pip install" in told
        assert not [path for path in out.iterdir() if path.name[0] != "."]
        shutil.rmtree(out)


def test_an_ffmpeg_that_is_not_there_is_named(
    take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    assert main(["export", str(take), "--to", "mp4", "--out", str(tmp_path / "a.mp4")]) == 1
    assert "No such file" in one_line(capsys.readouterr().err, tmp_path / "none")


def test_takes_and_targets_of_any_name_work(take: Path, tmp_path: Path) -> None:
    # Letters that have a meaning for ffmpeg, for a shell or for a format.
    folder = tmp_path / "a:b 50%03d [x] 'q' {y} 部屋, ñ" / "scene" / "-shot_T001"
    shutil.copytree(take, folder)
    for name in exporter_names():
        suffixes = exporter(name).suffixes
        out = tmp_path / "c:d 50%03d [x] 'q' 部屋" / (f"-é %d{suffixes[0]}" if suffixes else f"-é %d {name}")
        assert main(["export", str(folder), "--to", name, "--out", str(out)]) == 0
        assert out.exists()
    assert main(["cut", str(folder), "--out", str(tmp_path / "c:d" / "%d.mp4")]) == 0
    assert main(["measure", str(folder), "--quick", "--plot", str(tmp_path / "%d [x].png")]) == 0
    before = Path.cwd()
    try:
        # As a relative path the beginning of it would be a protocol.
        os.chdir(tmp_path)
        relative = folder.relative_to(tmp_path)
        assert main(["export", str(relative), "--to", "mp4", "--out", "e:f.mp4"]) == 0
        assert main(["render", str(relative), "--out", "g:h %03d"]) == 0
    finally:
        os.chdir(before)
    assert (tmp_path / "e:f.mp4").is_file()
    (video,) = (tmp_path / "g:h %03d").rglob("video.mp4")
    assert len(list(video.parent.glob("thumbnail.png"))) == 1
