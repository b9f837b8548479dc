"""People and vehicles as the teacher draws them: whole, in their boxes, on their joints, on the ground."""

from typing import Any

import numpy as np
import pytest

from director.scene.figure_body import BODY_PARTS
from director.scene.finish import car, craft, cycles, figure, lorry
from director.scene.finish.head import BROW, EYE, MOUTH, face_of, head_pieces
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.scene.proxies.box import PROXY as BOX
from director.scene.proxies.cylinder import PROXY as CYLINDER
from director.scene.proxies.mannequin import Mannequin
from director.scene.proxies.sphere import PROXY as SPHERE
from director.scene.proxy import Proxy

FAMILIES = {
    **figure.FINISHERS, **car.FINISHERS, **lorry.FINISHERS, **cycles.FINISHERS, **craft.FINISHERS
}  # fmt: skip
SOLIDS: dict[str, type[Proxy]] = {"box": BOX, "cylinder": CYLINDER, "sphere": SPHERE}


def person(seed: int = 1, **fields: Any) -> tuple[Thing, list[Piece]]:
    proxy = Mannequin.model_validate({"kind": "mannequin", "class": "person", "name": "a", **fields})
    thing = Thing(proxy, "person", proxy.size_m, seed, proxy.parts())
    return thing, pieces_of(thing)


def solid(class_name: str, size: tuple[float, float, float], seed: int = 1, kind: str = "box") -> list[Piece]:
    proxy = SOLIDS[kind].model_validate({"kind": kind, "class": class_name, "name": "a", "size": list(size)})
    return pieces_of(Thing(proxy, class_name, proxy.size_m, seed, proxy.parts()))


def pieces_of(thing: Thing) -> list[Piece]:
    return list(FAMILIES[thing.class_name](thing) or ())


def extent(pieces: list[Piece]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    points = np.concatenate([piece.mesh.positions for piece in pieces])
    return points.min(axis=0), points.max(axis=0)


def triangles(pieces: list[Piece]) -> int:
    return sum(len(piece.mesh.triangles) for piece in pieces)


def check_whole(mesh: Mesh) -> None:
    assert np.isfinite(mesh.positions).all()
    assert np.isfinite(mesh.normals).all()
    assert mesh.triangles.max() < len(mesh.positions)
    lengths = np.linalg.norm(mesh.normals[np.unique(mesh.triangles)], axis=1)
    np.testing.assert_allclose(lengths, 1, atol=2e-3)


def open_edges(mesh: Mesh) -> int:
    """How many edges have not as many faces on one side as on the other, vertices in one place being one."""
    _, same = np.unique(mesh.positions.round(6), axis=0, return_inverse=True)
    corners = same[mesh.triangles.astype(np.int64)]
    corners = corners[(corners != np.roll(corners, 1, axis=1)).all(axis=1)]
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    forwards = edges[:, 0] < edges[:, 1]
    _, which = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True)
    return int(np.count_nonzero(np.bincount(which, np.where(forwards, 1, -1))))


PEOPLE = [
    {"hair_style": "short"},
    {"hair_style": "long", "coat": True, "build": 0.1},
    {"hair_style": "none", "build": 1.0, "height_m": 1.1},
    {"pose": "walk", "hair_style": "long"},
    {"pose": "sit", "coat": True},
    {"pose": "point", "build": 0.9},
]


@pytest.mark.parametrize("fields", PEOPLE)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_person_is_whole_and_stays_by_the_mannequin(fields: dict[str, Any], seed: int) -> None:
    thing, pieces = person(seed, **fields)
    for piece in pieces:
        check_whole(piece.mesh)
        assert open_edges(piece.mesh) == 0, piece.stuff
        assert piece.part is not None
        assert 0 <= piece.part < len(thing.parts)
    low, high = extent(pieces)
    size = np.array(thing.size_m)
    assert low[1] == pytest.approx(0, abs=0.004 * size[1])
    assert 0.985 * size[1] < high[1] < 1.03 * size[1]
    margin = 0.03 * size[1]
    assert (high[[0, 2]] < size[[0, 2]] / 2 + margin).all()
    assert (low[[0, 2]] > -size[[0, 2]] / 2 - margin).all()
    assert triangles(pieces) <= 18_500


def test_every_limb_carries_what_is_worn_on_it() -> None:
    thing, pieces = person(5, hair_style="long", coat=True)
    worn = [part for part in BODY_PARTS if part != "hair"]
    assert [part.mesh_key.split("/")[1] for part in thing.parts] == [
        part.removesuffix("_l").removesuffix("_r") for part in worn
    ]
    carried = {worn[piece.part or 0] for piece in pieces}
    # The waist is covered by what hangs from the chest.
    assert carried == set(worn) - {"waist"}
    # Left pieces lie on the left.
    for side, sign in (("l", 1), ("r", -1)):
        mine = [p for p in pieces if worn[p.part or 0] in (f"hand_{side}", f"foot_{side}", f"forearm_{side}")]
        assert all((sign * piece.mesh.centre[0]) > 0 for piece in mine)


def test_a_person_is_the_same_for_the_same_seed_and_differs_by_seed() -> None:
    _, one = person(7)
    _, again = person(7)
    for a, b in zip(one, again, strict=True):
        np.testing.assert_array_equal(a.mesh.positions, b.mesh.positions)
    assert len({triangles(person(seed)[1]) for seed in range(8)}) > 3


def test_the_face_has_its_features_where_the_network_paints_them() -> None:
    for seed, soft in ((1, False), (2, True), (3, False)):
        found = {stuff: mesh for mesh, stuff in head_pieces(face_of(seed, 0.5, soft), seed, soft)}
        left_iris = found["iris"].positions[found["iris"].positions[:, 0] > 0]
        np.testing.assert_allclose(left_iris[:, :2].mean(axis=0), EYE, atol=0.0012)
        brow = found["hair"].positions[found["hair"].positions[:, 0] > 0]
        np.testing.assert_allclose(np.median(brow[:, 1]), BROW[1], atol=0.002)
        lips = found["lips"].positions
        assert abs(float(np.median(lips[:, 1])) - MOUTH) < 0.002
        # The nose leads the face, the eyes lie behind brow and lip.
        skin = found["skin"].positions
        nose = skin[skin[:, 2].argmax()]
        assert abs(nose[0]) < 0.003
        assert 0.040 < nose[1] < 0.050
        assert found["eye white"].positions[:, 2].max() < float(lips[:, 2].max())


def test_a_plain_solid_of_a_person_becomes_a_standing_one() -> None:
    for kind in ("box", "cylinder"):
        pieces = solid("person", (0.5, 1.7, 0.35), 3, kind)
        low, high = extent(pieces)
        assert low[1] == pytest.approx(0, abs=0.01)
        assert high[1] == pytest.approx(1.7, abs=0.06)
        assert {"skin", "hair", "garment top", "garment legs"} <= {piece.stuff for piece in pieces}
        assert all(piece.part is None for piece in pieces)
    assert solid("person", (3.0, 1.0, 3.0)) == []


VEHICLES = [
    ("car", (1.8, 1.45, 4.4), 10_000),
    ("car", (1.7, 1.7, 4.0), 10_000),
    ("car", (1.82, 0.62, 4.5), 10_000),
    ("car", (1.56, 0.62, 2.1), 10_000),
    ("car", (1.7, 0.18, 1.3), 10_000),
    ("car", (1.78, 0.14, 4.62), 10_000),
    ("van", (2.0, 2.2, 5.2), 10_000),
    ("bus", (2.5, 3.0, 10.5), 15_000),
    ("truck", (2.4, 3.2, 7.5), 12_000),
    ("truck", (2.4, 2.3, 5.0), 10_000),
    ("truck", (2.3, 2.2, 2.0), 10_000),
    ("truck", (1.9, 0.55, 5.0), 10_000),
    ("bicycle", (0.5, 1.0, 1.7), 6_000),
    ("minibike", (0.6, 1.1, 1.9), 7_000),
    ("boat", (1.6, 0.8, 4.0), 7_000),
    ("boat", (2.4, 1.3, 8.0), 7_000),
    ("boat", (1.2, 1.1, 1.8), 7_000),
    ("ship", (7.0, 7.0, 26.0), 9_000),
    ("airplane", (30.0, 10.0, 33.0), 7_000),
]


@pytest.mark.parametrize(("class_name", "size", "most"), VEHICLES)
def test_a_vehicle_fills_its_box(class_name: str, size: tuple[float, float, float], most: int) -> None:
    for seed in (1, 2):
        pieces = solid(class_name, size, seed)
        assert pieces
        for piece in pieces:
            check_whole(piece.mesh)
        low, high = extent(pieces)
        # Mirrors, bumpers and lamps stand out, by centimetres.
        margin = np.array([0.32, 0.25, 0.18]) if size[2] > 1.5 else np.full(3, 0.1)
        box = np.array(size)
        assert (high - low >= 0.88 * box - 0.02).all(), (class_name, low, high)
        assert (high <= np.array([0.5, 1, 0.5]) * box + margin).all()
        assert (low >= np.array([-0.5, 0, -0.5]) * box - margin).all()
        assert triangles(pieces) <= most


@pytest.mark.parametrize("class_name", ["car", "bus", "truck", "bicycle", "minibike"])
def test_wheels_stand_on_the_ground(class_name: str) -> None:
    size = {"car": (1.8, 1.45, 4.4), "bus": (2.5, 3.0, 10.5), "truck": (2.4, 3.2, 7.5)}.get(
        class_name, (0.6, 1.1, 1.9)
    )
    tyres = [piece for piece in solid(class_name, size, 2) if piece.stuff == "rubber"]
    low, high = extent(tyres)
    assert low[1] == pytest.approx(0, abs=0.02)
    assert high[2] > 0.15 * size[2]
    assert low[2] < -0.15 * size[2]


def test_a_box_that_is_wider_than_deep_is_a_vehicle_lying_across() -> None:
    along, across = solid("car", (1.8, 1.45, 4.4)), solid("car", (4.4, 1.45, 1.8))
    (low, high), (low_, high_) = extent(along), extent(across)
    np.testing.assert_allclose(high_[0] - low_[0], high[2] - low[2], atol=1e-4)
    np.testing.assert_allclose(high_[2] - low_[2], high[0] - low[0], atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "size", "axis"), [("sphere", (0.25, 0.66, 0.66), 0), ("cylinder", (0.66, 0.24, 0.66), 1)]
)
def test_a_disc_is_a_wheel_about_its_thin_axis(
    kind: str, size: tuple[float, float, float], axis: int
) -> None:
    for class_name in ("car", "truck"):
        pieces = solid(class_name, size, 1, kind)
        assert "rubber" in {piece.stuff for piece in pieces}
        low, high = extent(pieces)
        np.testing.assert_allclose(high - low, size, atol=0.012)
        assert int(np.argmin(high - low)) == axis


def test_the_same_car_is_made_again_and_another_for_another_seed() -> None:
    one, again = solid("car", (1.8, 1.45, 4.4), 4), solid("car", (1.8, 1.45, 4.4), 4)
    for a, b in zip(one, again, strict=True):
        np.testing.assert_array_equal(a.mesh.positions, b.mesh.positions)
    assert len({triangles(solid("car", (1.8, 1.45, 4.4), seed)) for seed in range(8)}) > 2
