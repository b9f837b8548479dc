"""Coats, blocked or told: their tails go with the legs, which come out below them and nowhere else."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.scene.bent import rest_of
from director.scene.compile import CompiledScene
from director.scene.detail import levels_of
from director.scene.document import Scene
from director.scene.figure_body import BODY_PARTS
from director.scene.figure_pose import posed, running, walking
from director.scene.finish.coats import SUNK, Coat
from director.scene.finish.figure import FINISHERS
from director.scene.finish.finished import FinishedScene
from director.scene.finish.garments import Outfit, legs, outfit_of
from director.scene.finish.skirts import Skirt, cut_of, pressed
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.told import told_by
from director.scene.mesh import Mesh
from director.scene.proxies.box import Box
from director.scene.proxies.mannequin import Mannequin
from director.scene.shapes import ring_mesh
from director.scene.solid import is_solid
from tests.unit.scene.enclosed import outside

Floats = NDArray[np.float64]

_NUMBERS = {name: i for i, name in enumerate(BODY_PARTS)}
_REST = posed("stand")
_SIDES = 38
_STILL = np.tile(np.eye(4), (len(_NUMBERS), 1, 1))


def _coat(outfit: Outfit) -> Coat:
    return Coat(outfit, {name: _REST[i] for name, i in _NUMBERS.items()}, _NUMBERS)


def _rings(mesh: Mesh) -> Floats:
    """float64[rows, columns, 3]: the cloth from its hem up, from edge to edge, without what is between."""
    rings = mesh.positions[:-2].reshape(-1, _SIDES, 3)[3:].astype(np.float64)
    return np.delete(rings, SUNK, axis=1)


def _legs(matrices: Floats, outfit: Outfit, hem: Floats) -> Floats:
    """float64[n, 3]: the trousers' thighs where a pose has them, from the hips down to the coat's lowest
    ring, float64[columns, 3]."""
    _, thigh, _ = legs(outfit)
    at = np.concatenate([mesh.positions for mesh, _ in thigh]).astype(np.float64)
    at = at[at[:, 1] < -0.02]
    found = []
    for side, sign in (("l", 1), ("r", -1)):
        m = matrices[_NUMBERS[f"thigh_{side}"]]
        found.append((at * (sign, 1, 1)) @ m[:3, :3].T + m[:3, 3])
    points = np.concatenate(found)
    middle = hem.mean(0)
    up = np.linalg.svd(hem - middle)[2][2]
    hip = matrices[_NUMBERS["hips"]][:3, 3] - middle
    # A finger's breadth over the hem: it is no plane.
    return np.asarray(points[(points - middle) @ up * np.sign(hip @ up) > 0.012])


_POSES = {
    **{f"walk {k}": walking(k / 24, 1.0) for k in range(24)},
    **{f"run {k}": running(k / 12, 1.0) for k in range(12)},
    **{name: posed(name) for name in ("stand", "sit", "lean", "drive", "wave", "lie")},
}


def _hung(outfit: Outfit, matrices: Floats) -> Mesh:
    return _coat(outfit).hung(matrices @ np.linalg.inv(_REST))


@pytest.mark.parametrize("pose", _POSES)
def test_no_leg_comes_through_the_tails(pose: str) -> None:
    matrices = _POSES[pose]
    for seed, build in ((1, 0.2), (2, 0.5), (5, 0.9)):
        outfit = outfit_of(seed, build, True)
        tails = _hung(outfit, matrices)
        assert is_solid(tails)
        assert np.isfinite(tails.positions).all()
        assert tails.positions[:, 1].min() > 0
        rings = _rings(tails)
        inside = _legs(matrices, outfit, rings[0])
        assert len(inside) > 100
        assert not outside(ring_mesh(rings), inside).any(), (seed, build)


def test_stiff_tails_would_let_a_leg_through() -> None:
    outfit = outfit_of(1, 0.2, True)
    stiff = _rings(_coat(outfit).hung(_STILL))
    assert outside(ring_mesh(stiff), _legs(walking(0.0, 1.0), outfit, stiff[0])).any()


def test_the_front_is_closed_above_the_last_button_and_parts_further_in_stride() -> None:
    outfit = outfit_of(2, 0.5, True)

    def gaps(matrices: Floats) -> Floats:
        rings = _hung(outfit, matrices).positions[:-2].reshape(-1, _SIDES, 3)[3:]
        return np.asarray(np.linalg.norm(rings[:, 3] - rings[:, -3], axis=1))

    stand, stride = gaps(_REST), gaps(walking(0.0, 1.0))
    assert stand[10:14].max() < 0.004 < 0.05 < stand[0]
    assert stride[10:14].max() < 0.006
    assert stride[0] > 1.1 * stand[0]


def test_who_sits_has_the_tails_on_the_thighs() -> None:
    matrices = posed("sit")
    tails = _rings(_hung(outfit_of(2, 0.5, True), matrices))
    knee = matrices[_NUMBERS["calf_l"], :3, 3]
    # The hem is near the knees, and nothing of it stands up from the lap or falls through the seat.
    assert abs(tails[0, :, 2].mean() - knee[2]) < 0.06
    lap = tails[:4]
    assert lap[..., 1].max() < knee[1] + 0.085
    assert lap[..., 1].min() > 0.26 - 0.06


def test_it_moves_no_more_than_its_legs_from_frame_to_frame() -> None:
    coat = _coat(outfit_of(1, 0.5, True))
    at = [coat.hung(walking(k / 48, 1.0) @ np.linalg.inv(_REST)).positions for k in range(49)]
    steps = [np.linalg.norm(b - a, axis=1).max() for a, b in pairwise(at)]
    assert 0.001 < max(steps) < 0.06
    np.testing.assert_allclose(at[0], at[-1], atol=1e-6)


def _pieces(prompt: str, **fields: Any) -> list[Piece]:
    figure = Mannequin.model_validate({"kind": "mannequin", "class": "person", "name": "a", **fields})
    thing = Thing(figure, "person", figure.size_m, 1, figure.parts(), told_by(prompt, "person"))
    return list(FINISHERS["person"](thing) or ())


def test_told_and_blocked_coats_hang_and_who_wears_none_has_nothing_hung() -> None:
    told = [piece for piece in _pieces("man in a trench coat") if piece.drape is not None]
    blocked = [piece for piece in _pieces("a man", coat=True) if piece.drape is not None]
    for (tails,) in (told, blocked):
        assert tails.stuff == "garment top"
        assert tails.mesh.positions[:, 1].min() == pytest.approx(0.3075 * 1.75, abs=0.01)
        assert len(tails.mesh.triangles) < 1500
    np.testing.assert_allclose(told[0].mesh.positions, blocked[0].mesh.positions, atol=1e-6)
    assert not [piece for piece in _pieces("a man in a jacket") if piece.drape is not None]


@pytest.mark.parametrize("pose", ["stand", "walk 0", "walk 6", "walk 11", "sit"])
def test_a_skirt_under_a_coat_stays_under_it_to_the_hem(pose: str) -> None:
    outfit = outfit_of(1, 0.5, True, frozenset({"dress", "coat"}))
    rest = {name: _REST[i] for name, i in _NUMBERS.items()}
    skirt = Skirt(pressed(cut_of("dress", "", 1, True)), 0.5, 1, rest, _NUMBERS)
    moves = _POSES[pose] @ np.linalg.inv(_REST)
    rings = _rings(_coat(outfit).hung(moves))
    # Rows of the two are not the same: down to a little over the coat's hem.
    under = skirt.hung(moves).positions[:-2].reshape(-1, 48, 3)[3:].astype(np.float64)[6:-3]
    assert not outside(ring_mesh(rings), under.reshape(-1, 3)).any()


def test_a_box_for_a_person_has_a_coat_that_is_not_hung() -> None:
    box = Box.model_validate({"kind": "box", "class": "person", "name": "a", "size": [0.5, 1.7, 0.35]})
    thing = Thing(box, "person", box.size_m, 3, box.parts(), told_by("man in a coat", "person"))
    made = FINISHERS["person"](thing) or ()
    assert [piece for piece in made if piece.stuff == "garment top"]
    assert all(piece.part is None and piece.drape is None for piece in made)


def test_in_a_scene_the_tails_of_who_walks_are_hung_at_every_frame() -> None:
    keys = [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 4, "position": [0, 0, 5]}]
    walker = {"kind": "mannequin", "class": "person", "name": "a", "pose": "walk", "coat": True,
              "interpolation": "linear", "keys": keys}  # fmt: skip
    compiled = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "one", "objects": [walker]}))
    made = FinishedScene(compiled, dealt=np.array([1]))
    one, other = (made.at(compiled.at(time_s)) for time_s in (1.0, 1.2))
    moved = [key for key, mesh in one.meshes.items() if other.meshes[key] is not mesh]
    (tails,) = moved
    assert other.meshes[tails].triangles is one.meshes[tails].triangles
    assert levels_of(other.meshes[tails]) is levels_of(one.meshes[tails])
    assert rest_of(other.meshes[tails]) is rest_of(one.meshes[tails])
