"""The wheel alone, in an empty environment and from another folder, can shoot a take."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (built,) = folder.glob("director-*.whl")
    return built


def test_the_wheel_holds_shaders_scenes_and_weights(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tracked = subprocess.run(
        ["git", "ls-files", "shaders", "scenes"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for path in tracked.stdout.split():
        assert f"director/_data/{path}" in names
    assert any(name.endswith(".safetensors") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]


def test_the_wheel_holds_the_licence_of_what_it_derives_from_wordnet(wheel: Path) -> None:
    text = "director/generate/embedded/weights/text"
    with zipfile.ZipFile(wheel) as archive:
        assert f"{text}/kin.json" in archive.namelist()
        licence = archive.read(f"{text}/WORDNET-LICENSE.txt").decode()
        assert "the same appear on ALL copies" in licence
        (listed,) = [
            name for name in archive.namelist() if name.endswith(f"licenses/{text}/WORDNET-LICENSE.txt")
        ]
        assert archive.read(listed).decode() == licence


def test_weights_stay_within_40_mb(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        sizes = [entry.file_size for entry in archive.infolist() if "/weights/" in entry.filename]
    assert 0 < sum(sizes) <= 40 * 2**20


def test_an_installed_wheel_shoots_a_take_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    constraints = str(ROOT / "tools" / "constraints.txt")
    install = [str(binaries / "python"), "-m", "pip", "install", "--quiet", "-c", constraints, str(wheel)]
    subprocess.run(install, check=True, capture_output=True, text=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shot = subprocess.run(
        [
            str(binaries / "director"),
            *("shoot", "night_alley", "--move", "dolly-in", "--seconds", "0.5", "--size", "256x144"),
            *("--out", "takes", "--json"),
        ],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert shot.returncode == 0, shot.stderr
    result = json.loads(shot.stdout.splitlines()[-1])
    assert result["frames"] == 12
    video = (elsewhere / result["video"]).resolve()
    assert video.stat().st_size > 1000
    assert elsewhere.resolve() in video.parents
