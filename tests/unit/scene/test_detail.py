"""Levels of detail: coarser lists of the same vertices that never stray; tiles that lose nothing."""

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from director.scene import shapes
from director.scene.detail import levels_of, tiles
from director.scene.finish.forms import merged, moved
from director.scene.finish.thing import Thing
from director.scene.finish.tree import FINISHERS as TREES
from director.scene.mesh import Mesh
from director.scene.proxies.box import PROXY as BOX
from director.scene.solid import is_solid

_DIAGONAL = 3**0.5


def _terrain(across_m: float, cells: int) -> Mesh:
    """A square of gentle hills, centred on its base: a sheet, not solid."""
    along = np.linspace(-across_m / 2, across_m / 2, cells + 1)
    x, z = np.meshgrid(along, along, indexing="ij")
    y = 0.8 * np.sin(x / 5) * np.cos(z / 7)
    normals = np.stack([-np.cos(x / 5) * np.cos(z / 7) / 6.25, np.ones_like(x), np.sin(x / 5) * 0.1], -1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    first = np.arange(cells * (cells + 1)).reshape(cells, cells + 1)[:, :-1].ravel()
    quads = np.stack([first, first + 1, first + cells + 2, first + cells + 1], 1)
    return Mesh(
        np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        np.concatenate([quads[:, :3], quads[:, [0, 2, 3]]]).astype(np.uint32),
    )


def _ball() -> Mesh:
    return moved(shapes.sphere(), np.diag([0.6, 0.9, 0.6, 1.0]))


def _trees() -> Mesh:
    """Leaves and twigs: thin things of many sizes, nothing closed."""
    proxy = BOX.model_validate({"kind": "box", "class": "tree", "name": "a", "size": [3.0, 5.0, 3.0]})
    pieces = TREES["tree"](Thing(proxy, "tree", proxy.size_m, 1, proxy.parts()))
    assert pieces
    return merged([piece.mesh for piece in pieces])


_MESHES: Mapping[str, Callable[[], Mesh]] = {
    "ball": _ball,
    "trees": _trees,
    "terrain": lambda: _terrain(40.0, 60),
}


@pytest.fixture(scope="module", params=sorted(_MESHES))
def mesh(request: pytest.FixtureRequest) -> Mesh:
    return _MESHES[request.param]()


def test_the_first_level_is_the_mesh_itself(mesh: Mesh) -> None:
    first, *coarser = levels_of(mesh)
    assert first.cell_m == 0
    np.testing.assert_array_equal(first.triangles, mesh.triangles)
    assert coarser
    assert levels_of(mesh) is levels_of(mesh)


def test_each_level_is_coarser_than_the_one_before(mesh: Mesh) -> None:
    levels = levels_of(mesh)
    for before, after in pairwise(levels):
        assert after.cell_m > before.cell_m
        assert len(after.triangles) <= 0.75 * len(before.triangles)
    assert len(levels[-1].triangles) < 0.1 * len(levels[0].triangles)


def test_no_triangle_of_a_level_is_a_line_or_drawn_twice(mesh: Mesh) -> None:
    for level in levels_of(mesh)[1:]:
        assert level.triangles.dtype == np.uint32
        corners = mesh.positions[level.triangles]
        for k in range(3):
            apart = np.linalg.norm(corners[:, k] - corners[:, k - 1], axis=1)
            assert apart.min() > 0
        lowest = level.triangles.argmin(1)[:, None]
        turned = np.concatenate(
            [np.take_along_axis(level.triangles, (lowest + k) % 3, 1) for k in range(3)], axis=1
        )
        assert len(np.unique(turned, axis=0)) == len(turned)


def test_what_stands_for_a_corner_is_no_farther_than_a_cells_diagonal(mesh: Mesh) -> None:
    levels = levels_of(mesh)
    for before, after in pairwise(levels):
        # Each triangle is one of the level before whose corners, in that order, were put elsewhere.
        was, now = mesh.positions[before.triangles], mesh.positions[after.triangles]
        farthest = np.array([_nearest(was, corners) for corners in now[:: max(1, len(now) // 400)]])
        assert farthest.max() <= _DIAGONAL * after.cell_m * (1 + 1e-5)


def _nearest(triangles: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    """How far the farthest corner of float32[3, 3] is from its own one, for the best of the triangles."""
    apart = np.linalg.norm(triangles - corners, axis=-1).max(axis=1)
    return float(apart.min())


def test_faces_that_look_away_from_each_other_are_not_joined() -> None:
    board = moved(shapes.box(), np.diag([1.0, 0.001, 1.0, 1.0]))
    boards = merged([moved(board, _at(0, 0.02 * i, 0)) for i in range(12)])
    for level in levels_of(boards):
        if level.cell_m > 0.3 or not len(level.triangles):
            continue
        corners = boards.positions[level.triangles].astype(np.float64)
        facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        own = boards.normals[level.triangles].mean(1)
        # However thin the boards are, what is left of them looks the way it did.
        assert (np.einsum("ij,ij->i", facing, own) > 0).all()


def test_of_what_is_smaller_than_a_cell_nothing_is_left() -> None:
    small = np.diag([0.01, 0.01, 0.01, 1.0])
    crumbs = merged([moved(shapes.box(), _at(0.3 + 5.0 * i, 0.3, 0.3) @ small) for i in range(9)])
    *_, last = levels_of(crumbs)
    assert last.cell_m <= 0.07
    assert len(last.triangles) == 0


def test_a_mesh_of_few_triangles_has_no_other_level() -> None:
    assert len(levels_of(shapes.box())) == 1


def test_a_mesh_far_from_its_origin_has_levels_as_well() -> None:
    ball = _ball()
    aside = moved(ball, _at(-412.3, 80.0, 1500.0))
    counts = [[len(level.triangles) for level in levels_of(one)] for one in (ball, aside)]
    assert len(counts[0]) == len(counts[1])
    # Cells lie otherwise over it.
    np.testing.assert_allclose(counts[1], counts[0], rtol=0.35, atol=30)


@pytest.mark.parametrize("is_solid_one", [False, True])
def test_tiles_hold_every_triangle_once_and_are_as_solid_as_their_mesh(is_solid_one: bool) -> None:
    mesh = _terrain(90.0, 80)
    if is_solid_one:
        mesh = _closed(merged([mesh, mesh]))
    assert is_solid(mesh) == is_solid_one
    made = tiles(mesh)
    assert len(made) > 4
    assert [is_solid(tile) for tile in made] == [is_solid_one] * len(made)
    together = np.concatenate([_drawn(tile) for tile in made])
    np.testing.assert_array_equal(_in_order(together), _in_order(_drawn(mesh)))
    for tile in made:
        # Nothing is carried that is not drawn, and each is well smaller than the whole.
        assert len(np.unique(tile.triangles)) == len(tile.positions)
        assert np.ptp(tile.positions, axis=0).max() < 0.5 * np.ptp(mesh.positions, axis=0).max()


@pytest.mark.parametrize("mesh", [_terrain(12.0, 80), _terrain(90.0, 20)], ids=["small", "coarse"])
def test_what_is_small_or_coarse_stays_whole(mesh: Mesh) -> None:
    (only,) = tiles(mesh)
    assert only is mesh


def _at(x: float, y: float, z: float) -> NDArray[np.float64]:
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def _drawn(mesh: Mesh) -> NDArray[np.float32]:
    """float32[t, 18]: positions and normals of each triangle's corners."""
    corners = np.concatenate([mesh.positions, mesh.normals], 1)[mesh.triangles]
    return corners.reshape(len(mesh.triangles), -1)


def _in_order(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return rows[np.lexsort(rows.T[::-1])]


def _closed(sheets: Mesh) -> Mesh:
    """A solid of two equal sheets, one upon the other: the lower is turned over, put lower and joined."""
    half = len(sheets.positions) // 2
    positions = sheets.positions.copy()
    positions[half:, 1] -= 5
    triangles = sheets.triangles.copy()
    lower = (triangles >= half).all(1)
    triangles[lower] = triangles[lower][:, ::-1]
    # The rim: edges of the upper sheet that only one of its triangles has.
    upper = triangles[~lower].astype(np.int64)
    edges = np.concatenate([upper[:, [0, 1]], upper[:, [1, 2]], upper[:, [2, 0]]])
    there = {(int(a), int(b)) for a, b in edges}
    rim = np.array([(a, b) for a, b in there if (b, a) not in there])
    a, b = rim.T
    sides = np.concatenate([np.stack([b, a, a + half], 1), np.stack([b, a + half, b + half], 1)])
    return Mesh(positions, sheets.normals, np.concatenate([triangles, sides]).astype(np.uint32))
