"""`director explore`, through the passes and the embedded generator, small."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from director.cli.main import main

_SMALL = ("--size", "160x90", "--time", "1")


def explored(capsys: pytest.CaptureFixture[str], out: Path, *arguments: str) -> dict[str, Any]:
    """Run it here: loading torch once does for all."""
    status = main(["explore", *arguments, "--out", str(out), "--json"])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    found: dict[str, Any] = json.loads(printed.out.splitlines()[-1])
    return found


def pixels(file: str) -> Any:
    return np.asarray(Image.open(file))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_an_object_changes_and_the_rest_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change = "object:back wall=red brick"
    made = explored(capsys, tmp_path / "a", "living_room", "--change", change, *_SMALL)
    (step,) = made["steps"]
    assert step["change"] == change
    assert step["touched"] == ["back wall"]
    assert set(step["files"]) == {"before", "after", "difference", "sheet"}
    wall = step["objects"]["back wall"]
    assert set(wall) == {"hold", "colour", "detail", "coverage", "change_255", "pixels"}
    assert wall["hold"] < 0.6
    assert wall["change_255"] > 10
    assert step["share_on_object"] > 0.9
    for name in ("rug", "ceiling", "floor"):
        assert step["objects"][name]["hold"] > 0.9
        assert step["objects"][name]["change_255"] < 2
        assert step["objects"][name]["coverage"] == 1
    before, after = pixels(step["files"]["before"]), pixels(step["files"]["after"])
    assert before.shape == after.shape == (90, 160, 3)
    difference = pixels(step["files"]["difference"]).astype(int)
    apart = np.abs(before.astype(int) - after).sum(axis=2)
    # The map is lighter where more changed; its scale lies beneath.
    assert difference[:90][apart > 100].sum(axis=1).min() > difference[:90][apart == 0].sum(axis=1).max()
    sheet = Image.open(step["files"]["sheet"])
    assert sheet.width > 3 * 160
    stored = json.loads((tmp_path / "a" / "explore.json").read_text("utf-8"))
    assert stored["steps"][0]["objects"] == step["objects"]
    assert stored["steps"][0]["files"]["sheet"] == "sheet.png"
    again = explored(capsys, tmp_path / "b", "living_room", "--change", change, *_SMALL)
    assert again["steps"][0]["objects"] == step["objects"]
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert set(digests(tmp_path / "a")) == {
        "before.png",
        "after.png",
        "difference.png",
        "sheet.png",
        "explore.json",
    }


def test_pictures_are_the_stills_of_what_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = ["seed=3", "move=orbit", "prompt=snow at night"]
    made = explored(
        capsys, tmp_path / "e", "desert_road", *_SMALL, *(f"--change={change}" for change in changes)
    )
    asked: list[list[str]] = [[], ["--seed", "3"], ["--move", "orbit"], ["--prompt", "snow at night"]]
    files = [made["files"]["before"], *(step["files"]["after"] for step in made["steps"])]
    for options, file in zip(asked, files, strict=True):
        out = tmp_path / "still.png"
        assert main(["still", "desert_road", "--out", str(out), *_SMALL, *options]) == 0
        assert np.array_equal(pixels(str(out)), pixels(file)), options
    assert Path(made["files"]["overview"]).is_file()


def test_steps_stand_alone_unless_they_keep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("living_room", "--generator", "proxy", *_SMALL)
    steps = ("--change", "hide=armchair", "--change", "camera=0.4,0,0")
    alone = explored(capsys, tmp_path / "a", *options, *steps)["steps"]
    kept = explored(capsys, tmp_path / "k", *options, *steps, "--keep")["steps"]
    assert np.array_equal(pixels(alone[0]["files"]["after"]), pixels(kept[0]["files"]["after"]))
    assert not np.array_equal(pixels(alone[1]["files"]["after"]), pixels(kept[1]["files"]["after"]))
    assert alone[0]["share_on_object"] > 0.9
    assert "armchair back" in alone[0]["not_compared"]
    assert "armchair back" not in alone[0]["objects"]
    assert "armchair back" in alone[1]["objects"]
    assert "armchair back" in kept[1]["not_compared"]
    # The camera moved: there is no telling in place, and surfaces look as they did.
    assert alone[1]["share_on_object"] is None
    assert alone[1]["touched"] == []
    assert alone[1]["objects"]["rug"]["colour"] > 0.98
    assert alone[1]["objects"]["rug"]["coverage"] < 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--change", "wether=snow"], "--change wether: there is no such variable"),
        (["--change", "object:sofa bck=red"], "did you mean sofa back"),
        (["--change", "seed=4", "--change", "camera=1,2"], "--change camera"),
        (["--change", "lens=600", "--depth-of-field", "--focus", "1"], "cannot be focused"),
        ([], "--change"),
    ],
)
def test_a_bad_change_is_one_line_before_anything_is_made(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from director.generate.backends.embedded import Embedded

    monkeypatch.setattr(Embedded, "load", None)
    out = tmp_path / "out"
    assert main(["explore", "living_room", "--out", str(out), *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert words in printed.err
    assert not out.exists()


def test_an_interruption_while_drawing_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from director.take.stage import Stage

    def interrupted(stage: Stage, request: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stage, "restage", interrupted)
    arguments = ["living_room", "--generator", "proxy", "--change", "seed=1", "--out", str(tmp_path / "o")]
    assert main(["explore", *arguments, *_SMALL]) == 130
    assert capsys.readouterr().err == "director: interrupted\n"
    assert list((tmp_path / "o").iterdir()) == []
