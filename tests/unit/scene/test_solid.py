"""Whether a mesh is closed: only then may its far side be left out."""

from collections.abc import Callable

import numpy as np
import pytest

from director.scene import shapes
from director.scene.finish.forms import merged, moved
from director.scene.mesh import Mesh
from director.scene.solid import call_solid, is_solid


def _without(mesh: Mesh, triangle: int) -> Mesh:
    return Mesh(mesh.positions, mesh.normals, np.delete(mesh.triangles, triangle, axis=0))


def _inside_out(mesh: Mesh) -> Mesh:
    return Mesh(mesh.positions, -mesh.normals, np.ascontiguousarray(mesh.triangles[:, ::-1]))


_SHAPES: tuple[Callable[[], Mesh], ...] = (
    shapes.box,
    shapes.ramp,
    shapes.cylinder,
    shapes.cone,
    shapes.sphere,
    lambda: shapes.rounded_box((1.0, 0.4, 2.0), 0.1),
)


@pytest.mark.parametrize("shape", _SHAPES)
def test_closed_shapes_are_solid_until_a_face_is_missing(shape: Callable[[], Mesh]) -> None:
    mesh = shape()
    assert is_solid(mesh)
    areas = np.linalg.norm(
        np.cross(
            mesh.positions[mesh.triangles[:, 1]] - mesh.positions[mesh.triangles[:, 0]],
            mesh.positions[mesh.triangles[:, 2]] - mesh.positions[mesh.triangles[:, 0]],
        ),
        axis=1,
    )
    assert not is_solid(_without(mesh, int(areas.argmax())))
    assert not is_solid(_inside_out(mesh))


def test_one_face_turned_over_is_a_hole() -> None:
    mesh = shapes.box()
    triangles = mesh.triangles.copy()
    triangles[3] = triangles[3, ::-1]
    assert not is_solid(Mesh(mesh.positions, mesh.normals, triangles))


def test_a_sheet_is_not_solid_and_neither_is_nothing() -> None:
    assert not is_solid(shapes.plane())
    plane = shapes.plane()
    assert not is_solid(Mesh(plane.positions, plane.normals, np.zeros((0, 3), np.uint32)))


def test_two_sided_cards_hold_nothing() -> None:
    # A leaf: the same face from before and from behind. Its edges match, and yet there is no inside.
    plane = shapes.plane()
    both = merged([plane, _inside_out(plane)])
    assert not is_solid(both)


def test_solids_together_are_solid_and_with_a_sheet_are_not() -> None:
    aside = np.eye(4)
    aside[:3, 3] = 3, 0, 0
    two = [shapes.box(), moved(shapes.sphere(), aside)]
    assert is_solid(merged(two))
    assert not is_solid(merged([*two, shapes.plane()]))


def test_where_it_lies_and_how_it_is_turned_change_nothing() -> None:
    matrix = np.eye(4)
    matrix[:3, :3] = np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]]) * 2.5
    matrix[:3, 3] = -7.3, 2.0, 11.1
    assert is_solid(moved(shapes.cylinder(), matrix))
    # A mirror keeps faces outwards.
    assert is_solid(moved(shapes.cylinder(), matrix @ np.diag([-1.0, 1.0, 1.0, 1.0])))


def test_what_is_told_is_believed_of_that_mesh_alone() -> None:
    told, same = shapes.plane(), shapes.plane()
    told = Mesh(told.positions, told.normals, told.triangles)
    call_solid(told)
    assert is_solid(told)
    assert not is_solid(Mesh(same.positions, same.normals, same.triangles))
