"""Finished streets: whole meshes inside their boxes, and panes where the shader lays its mask."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.scene.document import Scene
from director.scene.finish import (
    Finish,
    cloth_roofs,
    facade,
    ground,
    lamps_outside,
    openings,
    signs,
    street,
    structures,
    walls,
)
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.scene.proxy import Proxy

FINISHERS: dict[str, Finish] = {
    name: finish
    for module in (cloth_roofs, facade, ground, lamps_outside, openings, signs, street, structures, walls)
    for name, finish in module.FINISHERS.items()
}
WINDOW = {"x": -2.0, "y": 0.9, "width": 1.1, "height": 1.3}
DOORWAY = {"x": 1.0, "y": 0.0, "width": 1.0, "height": 2.1}

# kind, class, fields, the most triangles it may have
THINGS: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("box", "building", {"size": [7, 10.5, 9]}, 21_000),
    ("box", "building", {"size": [5.5, 3.2, 0.6]}, 6_000),
    ("box", "building", {"size": [12.2, 0.28, 7.6]}, 2_000),
    ("box", "building", {"size": [14.5, 0.35, 0.9]}, 2_000),
    ("box", "house", {"size": [5, 3.4, 6]}, 8_000),
    ("box", "skyscraper", {"size": [22, 60, 16]}, 30_000),
    ("box", "hovel", {"size": [4, 2.6, 3]}, 6_000),
    ("box", "booth", {"size": [2, 2.4, 2]}, 6_000),
    ("cone", "house", {"size": [7, 2, 8], "sides": 4}, 2_000),
    ("cone", "tower", {"size": [4, 6, 4]}, 4_000),
    ("ramp", "house", {"size": [5, 2, 4]}, 1_000),
    ("cylinder", "tower", {"size": [6, 14, 6]}, 8_000),
    ("wall", "wall", {"size": [8, 2.8, 0.2], "openings": [WINDOW, DOORWAY]}, 4_000),
    ("wall", "building", {"size": [14, 12, 0.6], "openings": [WINDOW, DOORWAY]}, 4_000),
    ("box", "wall", {"size": [6, 9, 8]}, 3_000),
    ("box", "wall", {"size": [6, 1.2, 0.3]}, 2_000),
    ("box", "windowpane", {"size": [0.1, 1.4, 1.8]}, 1_000),
    ("box", "windowpane", {"size": [1.6, 0.5, 2.2], "round_m": 0.12}, 2_000),
    ("array", "windowpane", {"size": [1, 1.6, 0.06], "counts": [4, 3, 1], "spacing": [3.2, 3.1, 1]}, 6_000),
    ("box", "door", {"size": [0.12, 2.1, 1]}, 1_500),
    ("box", "door", {"size": [2.2, 2.5, 0.12]}, 1_500),
    ("box", "screen door", {"size": [2, 2.1, 0.08]}, 1_500),
    ("box", "signboard", {"size": [0.8, 1.5, 0.12]}, 2_000),
    ("box", "signboard", {"size": [0.14, 0.6, 2.2], "light": {"strength": 1.0}}, 2_500),
    ("box", "painting", {"size": [1.1, 0.7, 0.06]}, 2_500),
    ("box", "mirror", {"size": [0.6, 0.9, 0.05]}, 1_000),
    ("box", "poster", {"size": [0.6, 0.9, 0.02]}, 2_500),
    ("box", "bulletin board", {"size": [1.2, 0.8, 0.05]}, 1_000),
    ("cylinder", "pole", {"size": [0.1, 4, 0.1]}, 1_500),
    ("cylinder", "column", {"size": [0.6, 4, 0.6]}, 3_000),
    ("box", "column", {"size": [0.5, 3, 0.5]}, 1_000),
    ("sphere", "streetlight", {"size": [0.36, 0.36, 0.36]}, 1_500),
    ("cone", "streetlight", {"size": [0.55, 0.3, 0.55], "top_share": 0.2}, 1_500),
    ("sphere", "light", {"size": [0.42, 0.5, 0.42]}, 2_000),
    ("sphere", "light", {"size": [0.24, 0.18, 0.1]}, 2_000),
    ("box", "light", {"size": [1.2, 0.1, 0.3]}, 500),
    ("sphere", "sconce", {"size": [0.28, 0.34, 0.28]}, 1_500),
    ("box", "traffic light", {"size": [0.35, 0.95, 0.3]}, 4_000),
    ("cylinder", "ashcan", {"size": [0.5, 1, 0.5]}, 2_500),
    ("box", "ashcan", {"size": [1.9, 1.1, 1]}, 3_500),
    ("cylinder", "barrel", {"size": [0.6, 0.9, 0.6]}, 4_000),
    ("box", "box", {"size": [0.7, 0.7, 0.7]}, 2_000),
    ("box", "case", {"size": [0.7, 1.5, 0.5], "round_m": 0.1}, 4_000),
    ("box", "case", {"size": [0.7, 0.45, 0.2]}, 6_000),
    ("box", "bag", {"size": [0.34, 0.46, 0.2]}, 3_000),
    ("sphere", "bag", {"size": [0.6, 0.5, 0.6]}, 1_500),
    ("box", "bench", {"size": [1.6, 0.08, 0.45]}, 500),
    ("box", "bench", {"size": [1.8, 0.9, 0.6]}, 1_000),
    ("box", "awning", {"size": [1.2, 0.12, 2.4]}, 2_000),
    ("box", "canopy", {"size": [10, 0.5, 5.6], "round_m": 0.08}, 2_500),
    ("cone", "tent", {"size": [4, 3, 4]}, 4_000),
    ("plane", "road", {"size": [8, 300]}, 6_000),
    ("box", "sidewalk", {"size": [1.5, 0.14, 90]}, 9_000),
    ("plane", "path", {"size": [1.5, 12]}, 2_000),
    ("plane", "water", {"size": [40, 40]}, 13_000),
    ("box", "railing", {"size": [0.8, 0.9, 2]}, 2_000),
    ("box", "bannister", {"size": [4, 1, 0.25]}, 4_000),
    ("box", "fence", {"size": [6, 1.6, 0.1]}, 3_000),
    ("stairs", "stairs", {"size": [1.4, 1.8, 2.6]}, 1_500),
    ("stairs", "stairs", {"size": [0.6, 3.02, 3.6], "steps": 12, "tread_m": 0.04}, 2_000),
    ("box", "bridge", {"size": [20, 4, 4]}, 4_000),
    ("box", "pier", {"size": [3, 0.6, 20]}, 3_000),
    ("cylinder", "fountain", {"size": [3, 0.6, 3]}, 4_000),
    ("box", "stage", {"size": [10, 0.8, 6]}, 3_000),
)
# Classes with sheets that lie on something: paint, cracks, the top of water.
_OPEN = {"road", "sidewalk", "path", "water", "fountain"}
_NAMES = [f"{kind} {name} {i}" for i, (kind, name, _, _) in enumerate(THINGS)]


def proxy_of(kind: str, class_name: str, fields: dict[str, Any]) -> Proxy:
    scene = {
        "schema_version": 1,
        "name": "street",
        "objects": [{"kind": kind, "class": class_name, "name": "it", **fields}],
    }
    return Scene.model_validate(scene).objects[0]


def thing_of(kind: str, class_name: str, fields: dict[str, Any], seed: int) -> Thing:
    proxy = proxy_of(kind, class_name, fields)
    return Thing(proxy, class_name, proxy.size_m, seed, proxy.parts())


def made(thing: Thing) -> list[Piece]:
    return list(FINISHERS[thing.class_name](thing) or [])


def is_closed(mesh: Mesh) -> bool:
    """Whether every edge is walked as often one way as the other, places that meet counting as one."""
    _, welded = np.unique(np.round(mesh.positions, 4) + np.float32(0), axis=0, return_inverse=True)
    triangles = welded.reshape(-1)[mesh.triangles].astype(np.int64)
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = edges[edges[:, 0] != edges[:, 1]]
    count = len(mesh.positions)
    along, against = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
    return np.array_equal(np.sort(along), np.sort(against))


@pytest.mark.parametrize(("kind", "class_name", "fields", "most"), THINGS, ids=_NAMES)
def test_things_are_whole_and_stay_in_their_boxes(
    kind: str, class_name: str, fields: dict[str, Any], most: int
) -> None:
    for seed in (1, 2, 6):
        thing = thing_of(kind, class_name, fields, seed)
        pieces = made(thing)
        assert pieces
        wide, high, deep = thing.size_m
        # The glass of a vehicle is a skin with openings, which stands on its body.
        is_cabin = class_name == "windowpane" and {piece.stuff for piece in pieces} == {"glass", "dark trim"}
        low, top = np.array([-wide / 2, 0, -deep / 2]), np.array([wide / 2, high, deep / 2])
        for piece in pieces:
            mesh = piece.mesh
            assert np.isfinite(mesh.positions).all()
            assert np.isfinite(mesh.normals).all()
            assert mesh.triangles.max() < len(mesh.positions)
            assert (mesh.positions > low - 0.3).all(), piece.stuff
            assert (mesh.positions < top + 0.3).all(), piece.stuff
            if class_name not in _OPEN and not is_cabin:
                assert is_closed(mesh), piece.stuff
        assert sum(len(piece.mesh.triangles) for piece in pieces) <= most
        # What is blocked is filled: the finished thing reaches every side of its box.
        corners = np.concatenate([piece.mesh.positions for piece in pieces])
        slack = 0.12 * np.array(thing.size_m) + 0.03
        assert (corners.min(axis=0) < low + slack).all()
        assert (corners.max(axis=0) > top - slack).all()


@pytest.mark.parametrize(("kind", "class_name", "fields", "most"), THINGS[::5], ids=_NAMES[::5])
def test_a_seed_makes_the_same_thing_again(
    kind: str, class_name: str, fields: dict[str, Any], most: int
) -> None:
    one, two = (made(thing_of(kind, class_name, fields, 11)) for _ in range(2))
    assert [piece.stuff for piece in one] == [piece.stuff for piece in two]
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.mesh.positions, b.mesh.positions)


def pane_mask(p: NDArray[Any], extent: tuple[float, float]) -> NDArray[np.bool_]:
    """`panes` of shaders/structure.glsl without its bars and its filter: bool[n] of places [n, 2]."""
    bay = np.array([extent[i] / max(round(extent[i] / size), 1) for i, size in enumerate((1.9, 3.0))])
    q = p / bay - np.floor(p / bay)
    inside: NDArray[np.bool_] = (q[:, 0] > 0.22) & (q[:, 0] < 0.78) & (q[:, 1] > 0.28) & (q[:, 1] < 0.80)
    return inside


def first_hit(pieces: list[Piece], origins: NDArray[Any], toward: NDArray[Any]) -> list[tuple[str, float]]:
    """What rays along an axis meet first: a stuff and how far."""
    axis = int(np.argmax(np.abs(toward)))
    others = [i for i in range(3) if i != axis]
    found = []
    for origin in origins:
        best, nearest = "", np.inf
        for piece in pieces:
            corner = piece.mesh.positions[piece.mesh.triangles].astype(np.float64)
            a, b, c = (corner[:, k][:, others] - origin[others] for k in range(3))
            areas = np.stack([u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] for u, v in ((b, c), (c, a), (a, b))])
            hit = ((areas >= 0).all(axis=0) | (areas <= 0).all(axis=0)) & (np.abs(areas.sum(axis=0)) > 1e-9)
            if not hit.any():
                continue
            share = areas[:, hit] / areas[:, hit].sum(axis=0)
            depth = (share * corner[hit][:, :, axis].T).sum(axis=0)
            far = (depth - origin[axis]) * toward[axis]
            if far.min() < nearest:
                best, nearest = piece.stuff, float(far.min())
        found.append((best, nearest))
    return found


@pytest.mark.parametrize("size", [(7.0, 10.5, 9.0), (5.0, 3.4, 6.0), (8.3, 13.0, 4.1), (7.0, 7.5, 9.0)])
def test_panes_lie_where_the_shader_lays_them(size: tuple[float, float, float]) -> None:
    random = np.random.default_rng(5)
    behind_mask = 0
    for seed in range(4):
        pieces = made(thing_of("box", "building", {"size": list(size)}, seed))
        for along_x, sign in ((True, 1.0), (False, -1.0)):
            extent = (size[0] if along_x else size[2], size[1])
            reach = (size[2] if along_x else size[0]) / 2
            flat = random.uniform((0, 0), extent, (60, 2))
            u, far = flat[:, 0] - extent[0] / 2, np.full(60, sign * (reach + 2.0))
            origins = np.stack([u, flat[:, 1], far] if along_x else [far, flat[:, 1], u], 1)
            toward = np.array([0, 0, -sign]) if along_x else np.array([-sign, 0, 0])
            for (stuff, depth), inside in zip(
                first_hit(pieces, origins, toward), pane_mask(flat, extent), strict=True
            ):
                if stuff == "pane":
                    assert inside
                    assert 2.05 < depth < 2.25
                    behind_mask += 1
                elif stuff == "own":
                    # Nothing but the wall itself, and it stands in no opening.
                    assert not inside or depth < 2.0
    assert behind_mask > 80


def test_far_more_windows_cost_little_more() -> None:
    few = sum(len(p.mesh.triangles) for p in made(thing_of("box", "skyscraper", {"size": [10, 30, 10]}, 1)))
    many = sum(len(p.mesh.triangles) for p in made(thing_of("box", "skyscraper", {"size": [40, 120, 30]}, 1)))
    assert many < 14 * few
    assert many < 60_000


def test_what_is_too_small_or_strange_is_kept() -> None:
    wires = {"size": [0.03, 0.03, 320], "counts": [4, 1, 1], "spacing": [0.62, 1, 1]}
    assert made(thing_of("array", "pole", wires, 1)) == []
    assert made(thing_of("cylinder", "pole", {"size": [0.03, 5, 0.03]}, 1)) == []
    assert made(thing_of("sphere", "building", {"size": [4, 4, 4]}, 1)) == []
    assert made(thing_of("array", "road", {"size": [0.16, 0.02, 3.2], "counts": [1, 1, 60]}, 1)) == []


def test_openings_of_a_wall_stay_open() -> None:
    fields = {"size": [8, 2.8, 0.2], "openings": [WINDOW, DOORWAY]}
    pieces = made(thing_of("wall", "wall", fields, 3))
    through = np.array([[1.0, 1.2, 2.0], [-2.2, 1.2, 2.0]])
    assert [stuff for stuff, _ in first_hit(pieces, through, np.array([0, 0, -1.0]))] == ["", ""]
