"""`director frame`, and the shot of a still: words in, a camera out."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from director.cli.main import main
from director.cli.shot import framed
from director.scene.compile import CompiledScene
from director.scene.load import parse_scene
from director.take.stage import Request

SCENE = {
    "schema_version": 1,
    "name": "pair",
    "objects": [
        {"kind": "plane", "name": "ground", "class": "floor", "size": [30, 30]},
        *(
            {
                "kind": "mannequin",
                "name": name,
                "class": "person",
                "position": at,
                "rotation_deg": turn,
            }
            for name, at, turn in (("anna", [-1, 0, 0], [90, 0, 0]), ("ben", [1, 0, 0], [-90, 0, 0]))
        ),
    ],
}


@pytest.fixture
def scene(tmp_path: Path) -> str:
    path = tmp_path / "pair.json"
    path.write_text(json.dumps(SCENE), "utf-8")
    return str(path)


def test_frame_prints_the_camera(scene: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frame", scene, "MCU of Anna, low angle, 50 mm", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["focal_length_mm"] == 50
    assert told["pitch_deg"] == pytest.approx(25)
    assert told["roll_deg"] == pytest.approx(0)
    # Anna faces +X, three-quarter left of her: the camera is before her, towards −Z, and looks back.
    assert told["position"][0] > -1
    assert told["position"][2] < 0
    assert told["notes"] == []
    assert main(["frame", scene, "MCU of Anna, low angle, 50 mm"]) == 0
    assert "yaw" in capsys.readouterr().out


def test_frame_suggests(scene: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frame", scene, "--suggest", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert 8 <= len(told) <= 12
    assert told[0]["name"] == "master"
    for shot in told:
        assert main(["frame", scene, shot["phrase"], "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["position"] == shot["position"]


@pytest.mark.parametrize("arguments", [["close-up of carl"], [], ["close-up of anna", "--suggest"]])
def test_frame_refuses_in_one_line(
    scene: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["frame", scene, *arguments]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_still_takes_the_shot_in_the_place_of_a_move() -> None:
    scene = parse_scene(json.dumps(SCENE), file="pair.json", folder=Path())
    request = framed(Request(scene, width=512, height=288, fps=Fraction(24)), "cu of ben", 0.0)
    compiled = CompiledScene(request.scene)
    assert request.move is not None
    camera = compiled.move(request.move).camera_at(3.0, compiled.locate)
    assert camera.lens.focal_length_mm == 75
    assert camera == compiled.move(request.move).camera_at(0.0, compiled.locate)
