"""Set pieces: every one is a whole scene's part, stands where it was set down, and is undone at once."""

import math

import numpy as np
import pytest

from director.errors import SceneError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import PIECES, AddPiece, History, load_template
from director.scene.edit.ground import boxes_of
from director.scene.poses import pose_names
from director.scene.proxies import proxy_kinds


@pytest.fixture(scope="module")
def stage() -> Scene:
    return load_template("empty_stage")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_a_piece_stands_where_it_was_set_down(stage: Scene, piece: object) -> None:
    edit = AddPiece(getattr(piece, "name"), (1.0, 0.5, -2.0), 30.0)  # noqa: B009
    name = edit.added_name(stage)
    history = History(stage)
    made = history.do(edit).scene
    old = {placed.name for _, placed in stage.placed()}
    new = [placed for _, placed in made.placed() if placed.name not in old]
    tops = [placed for placed in new if placed.parent is None]
    assert [placed.name for placed in tops] == [name]
    assert tops[0].position == (1.0, 0.5, -2.0)
    assert tops[0].rotation_deg == (30.0, 0.0, 0.0)
    boxes = boxes_of(CompiledScene(made))
    parts = np.concatenate([box for name, box in boxes.items() if name not in old])
    low, high = parts[:, 0].min(axis=0), parts[:, 1].max(axis=0)
    # It stands on the place, about it: nothing hangs below or floats.
    assert low[1] == pytest.approx(0.5, abs=0.12)
    assert low[0] - 0.01 <= 1.0 <= high[0] + 0.01
    assert low[2] - 0.01 <= -2.0 <= high[2] + 0.01
    assert math.dist(low, high) < 20
    history.undo()
    assert history.scene is stage


def test_there_is_every_kind_and_every_pose() -> None:
    kinds = {part.kind for piece in PIECES for part in piece.parts}
    assert kinds == proxy_kinds().keys() - {"mesh"}
    poses = {part.fields["pose"] for piece in PIECES for part in piece.parts if part.kind == "mannequin"}
    assert poses == set(pose_names())
    names = [piece.name for piece in PIECES]
    assert len(set(names)) == len(names)
    families = [piece.family for piece in PIECES]
    blocks = [a for a, b in zip(families, [*families[1:], ""], strict=True) if a != b]
    assert len(set(blocks)) == len(blocks), "a family stands together"


def test_the_same_twice_gets_names_of_its_own(stage: Scene) -> None:
    edit = AddPiece("car")
    made = edit.apply(edit.apply(stage))
    assert [group.name for group in made.groups] == ["car", "car 2"]
    assert sum(placed.parent == "car 2" for placed in made.objects) == 6


def test_a_piece_that_there_is_not_is_refused(stage: Scene) -> None:
    with pytest.raises(SceneError, match="no piece 'spaceship'"):
        AddPiece("spaceship").apply(stage)
