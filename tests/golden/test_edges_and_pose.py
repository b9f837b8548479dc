"""Outlines against what depth, ids and normals say pixel by pixel; bodies against where their joints are."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.passes.conditioner import Conditioner
from director.scene.figure_skeleton import LIMB_COLOURS, POINT_COLOURS, POINTS, skeletons
from director.types import Conditioning, Direction, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera, random_set
from tests.golden.figures import with_figure

_SIZE = (160, 90)
_FLOOR = Thing("box", (0, -0.4, 0), (24, 0.4, 24), colour=(0.5, 0.5, 0.5))
_STEP, _CREASE, _LEVEL = 0.08, 0.766, 0.02


def _shot(gl: Any, subject: Any, place: Any, maps: set[str]) -> Conditioning:
    conditioner = Conditioner(gl, subject, *_SIZE, frozenset(maps))
    conditioner.draw(Tick(0, 0.0, 0.0), place, Direction())
    taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def _expected_edges(maps: Any) -> NDArray[np.bool_]:
    """By the definition, neighbour by neighbour."""
    ids, normal = maps["object"], maps["normal"].astype(np.float64)
    inverse = np.where(np.isinf(maps["depth"]), 0, 1 / maps["depth"].astype(np.float64))
    height, width = ids.shape
    found = np.zeros(ids.shape, np.bool_)

    def bend(y: int, x: int, dy: int, dx: int) -> float:
        if not (dy <= y < height - dy and dx <= x < width - dx):
            return 0.0
        return float(abs(inverse[y - dy, x - dx] - 2 * inverse[y, x] + inverse[y + dy, x + dx]))

    for y in range(height):
        for x in range(width):
            for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                v, u = y + dy, x + dx
                if ids[y, x] == 0 or not (0 <= v < height and 0 <= u < width):
                    continue
                own, other = inverse[y, x], inverse[v, u]
                is_level = abs(own - other) <= _LEVEL * max(own, other)
                if not (dy + dx > 0 if is_level else own > other):
                    continue
                limit = _STEP * min(own, other)
                step = min(bend(y, x, abs(dy), abs(dx)), bend(v, u, abs(dy), abs(dx))) > limit
                if ids[v, u] != ids[y, x] or step or normal[y, x] @ normal[v, u] < _CREASE:
                    found[y, x] = True
    return found


def test_edges_are_where_ids_depth_and_normals_have_them(gl: Any) -> None:
    shot = _shot(
        gl, random_set(7), camera((0.3, 1.7, 8.0), 0.1, -0.1), {"edges", "depth", "object", "normal"}
    )
    edges, expected = shot.maps["edges"], _expected_edges(shot.maps)
    assert set(np.unique(edges)) == {0, 255}
    # What lies right at a limit may fall either way in the shader's single precision.
    assert ((edges == 255) != expected).mean() < 0.002
    assert 0.02 < expected.mean() < 0.4


def test_a_crease_and_a_step_within_one_object_are_edges_and_a_plane_has_none(gl: Any) -> None:
    box = TestSet([Thing("box", (0, 0, 0), (2, 2, 2), yaw=0.7)])
    shot = _shot(gl, box, camera((0, 1.0, 6.0)), {"edges", "object"})
    across = shot.maps["edges"][45]
    inside = np.flatnonzero(shot.maps["object"][45])
    # Its two sides, and the upright edge between them.
    assert (across > 0).sum() == 3
    assert across[inside[0]]
    assert across[inside[-1]]
    floor = _shot(gl, TestSet([_FLOOR]), camera((0, 1.6, 6.0), pitch=-0.9), {"edges", "object"})
    assert (floor.maps["object"] == 1).all()
    assert not floor.maps["edges"].any()


def _palette(picture: NDArray[np.uint8]) -> set[tuple[int, ...]]:
    return {tuple(int(part) for part in colour) for colour in np.unique(picture.reshape(-1, 3), axis=0)}


def _coloured(picture: NDArray[np.uint8], point: str) -> NDArray[np.intp]:
    """Rows and columns of the pixels of a joint's colour."""
    return np.argwhere((picture == POINT_COLOURS[POINTS.index(point)]).all(-1))


def test_joints_are_drawn_where_they_are_in_openposes_colours(gl: Any) -> None:
    subject = with_figure(TestSet([_FLOOR]), (0.0, 0.0, 0.0), pose="wave")
    place = camera((0.4, 1.1, 3.2))
    shot = _shot(gl, subject, place, {"pose"})
    picture, state = shot.maps["pose"], subject.at(0.0)
    found = skeletons(state, np.array([0.4, 1.1, 3.2]))
    assert list(found.ids) == [subject.id]
    clip = np.concatenate([found.points[0], np.ones((18, 1))], 1) @ shot.view.clip_from_world.T
    uv = clip[:, :2] / clip[:, 3:] * (0.5, -0.5) + 0.5
    drawn = [i for i in range(18) if found.facing[0, i] and len(_coloured(picture, POINTS[i]))]
    assert len(drawn) >= 15
    for i in drawn:
        middle = _coloured(picture, POINTS[i]).mean(0) + 0.5
        # Joints beside each other cover some of each other.
        assert np.abs(middle[::-1] - uv[i] * _SIZE).max() < 1.8, POINTS[i]
    allowed = {(0, 0, 0), *map(tuple, POINT_COLOURS.tolist()), *map(tuple, LIMB_COLOURS.tolist())}
    assert _palette(picture) <= allowed
    # It waves with its right hand: on the left of the picture, and higher than the other.
    right, left = _coloured(picture, "wrist_r").mean(0), _coloured(picture, "wrist_l").mean(0)
    assert right[1] < left[1]
    assert abs(right[0] - left[0]) > 3


@pytest.mark.parametrize(
    ("yaw", "seen", "unseen"),
    [
        (0.0, {"nose", "eye_r", "eye_l", "ear_r", "ear_l"}, set()),
        (math.pi, {"ear_r", "ear_l"}, {"nose", "eye_r", "eye_l"}),
        (math.pi / 2, {"eye_r", "ear_r"}, {"eye_l", "ear_l"}),
    ],
)
def test_a_face_shows_the_side_that_is_seen(yaw: float, seen: set[str], unseen: set[str]) -> None:
    subject = with_figure(TestSet([_FLOOR]), (0.0, 0.0, 0.0), yaw)
    found = skeletons(subject.at(0.0), np.array([0.0, 1.6, 4.0]))
    told = {name for name, facing in zip(POINTS, found.facing[0], strict=True) if facing}
    assert seen <= told
    assert not unseen & told


def test_what_another_object_hides_is_not_drawn(gl: Any) -> None:
    wall = Thing("box", (0, 0, 1.0), (3, 0.8, 0.1))
    place = camera((0.0, 1.1, 5.5))
    behind = _shot(gl, with_figure(TestSet([_FLOOR, wall]), (0, 0, 0)), place, {"pose"}).maps["pose"]
    before = _shot(gl, with_figure(TestSet([_FLOOR, wall]), (0, 0, 1.6)), place, {"pose"}).maps["pose"]
    assert not len(_coloured(behind, "knee_l"))
    assert len(_coloured(behind, "shoulder_l"))
    assert len(_coloured(before, "knee_l"))
    # Out of the picture there is nothing, and nothing goes wrong.
    away = _shot(gl, with_figure(TestSet([_FLOOR]), (0, 0, 9.0)), place, {"pose"}).maps["pose"]
    assert not away.any()
    alone = _shot(gl, TestSet([_FLOOR]), place, {"pose"}).maps["pose"]
    assert not alone.any()


def test_nearer_bodies_cover_farther_ones(gl: Any) -> None:
    subject = with_figure(with_figure(TestSet([_FLOOR]), (0.0, 0.0, -2.0)), (0.0, 0.0, 1.0))
    state = subject.at(0.0)
    place = camera((0.0, 1.2, 4.0))
    eye = np.array([0.0, 1.2, 4.0])
    assert list(skeletons(state, eye).ids) == [2, 3]
    shot = _shot(gl, subject, place, {"pose"})
    near = skeletons(state, eye).points[1]
    clip = np.append(near[POINTS.index("neck")], 1.0) @ shot.view.clip_from_world.T
    column, row = ((clip[:2] / clip[3] * (0.5, -0.5) + 0.5) * _SIZE).astype(int)
    assert tuple(shot.maps["pose"][row, column]) == tuple(POINT_COLOURS[POINTS.index("neck")])
