"""Shots solved in a set: obstacles, inserts, points of view, suggestions."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from director.camera.setups.body import Blocking, Body, Box
from director.camera.setups.fit import projected
from director.camera.setups.obstacles import NO_OBSTACLES, Obstacles
from director.camera.setups.phrase import shot_from
from director.camera.setups.shot import Framing, Picture, Shot
from director.camera.setups.solve import hindrance, solve
from director.camera.setups.suggest import suggest
from director.camera.setups.things import INSERT_MARGIN
from director.errors import UsageError
from director.math3d import rotate
from director.types import Vector

Stand = Callable[..., Body]
CAR = Box("red car", (5.0, 0.0, 3.0), (1.8, 1.4, 4.2))
CUP = Box("cup", (0.2, 0.9, 0.9), (0.09, 0.12, 0.09))


def walls(*boxes: tuple[str, Vector, Vector]) -> Obstacles:
    """Upright boxes of (owner, centre, size)."""
    names, centres, sizes = zip(*boxes, strict=True)
    axes = np.tile(np.eye(3), (len(boxes), 1, 1))
    return Obstacles(tuple(names), np.array(centres), np.array(sizes) / 2, axes)


@pytest.fixture
def scene(stand: Stand) -> Blocking:
    anna = stand("anna", (-0.8, 0, 0), math.pi / 2)
    ben = stand("ben", (0.8, 0, 0), -math.pi / 2)
    return Blocking({"anna": anna, "ben": ben}, {"red car": CAR, "cup": CUP, "anna": CUP, "ben": CUP})


def with_walls(scene: Blocking, *boxes: tuple[str, Vector, Vector]) -> Blocking:
    return Blocking(scene.bodies, scene.boxes, walls(*boxes))


def test_a_wall_behind_the_camera_brings_it_nearer_with_a_shorter_lens(scene: Blocking) -> None:
    shot = Shot("single", ("anna",), "medium", side="front")
    free = solve(shot, scene)
    assert free.notes == ()
    x, y, z = free.camera.position
    # Its face is just before where the camera was.
    blocked = with_walls(scene, ("wall", (x, y, z), (0.4, 3.0, 3.0)))
    assert hindrance(free, shot, blocked) == "the camera would be in wall"
    moved = solve(shot, blocked)
    assert moved.camera.lens.focal_length_mm < free.camera.lens.focal_length_mm
    assert hindrance(moved, shot, blocked) is None
    assert "wall" in moved.notes[0]
    # The same direction, and the same cuts.
    assert rotate(moved.camera.orientation, (0, 0, -1))[0] == pytest.approx(-1, abs=0.05)


def test_a_lens_that_was_asked_for_is_kept_and_the_side_changed(scene: Blocking) -> None:
    shot = Shot("single", ("ben",), "close-up", side="three-quarter left", focal_length_mm=75.0)
    free = solve(shot, scene)
    middle = (np.asarray(free.camera.position) + scene.bodies["ben"].eyes) / 2
    post = (float(middle[0]), 1.5, float(middle[2]))
    blocked = with_walls(scene, ("post", post, (0.1, 3.0, 0.1)))
    moved = solve(shot, blocked)
    assert moved.camera.lens.focal_length_mm == 75.0
    assert moved.notes == ("post hides ben: taken from three-quarter right",)


def test_what_cannot_be_had_clear_is_told(scene: Blocking) -> None:
    boxed: list[tuple[str, Vector, Vector]] = [
        ("box", (-0.8 + 0.35 * x, 1.6, 0.35 * z), (0.04 if x else 0.8, 3.0, 0.8 if x else 0.04))
        for x, z in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    framing = solve(Shot("single", ("anna",), "medium"), with_walls(scene, *boxed))
    assert "everywhere else" in framing.notes[0]


def test_sight_lines_and_insides() -> None:
    wall = walls(("wall", (0, 1, 0), (4, 2, 0.2)), ("near", (0, 1, 1), (1, 2, 0.2)))
    assert wall.between((0, 1, 3), (0, 1, -3)) == "near"
    assert wall.between((0, 1, -3), (0, 1, 3)) == "wall"
    assert wall.between((0, 2.5, 3), (0, 2.5, -3)) is None
    assert wall.between((0, 1, 3), (0, 1, 2)) is None
    # What is looked at does not hide itself.
    assert wall.between((0, 1, -3), (0, 1, 0.05)) is None
    assert wall.holding((1.9, 1, 0.2), 0.0) is None
    assert wall.holding((1.9, 1, 0.2), 0.15) == "wall"
    assert NO_OBSTACLES.between((0, 0, 0), (1, 1, 1)) is None


@pytest.mark.parametrize("angle", [None, "eye level", "high angle", "low angle", "bird's eye", "worm's eye"])
@pytest.mark.parametrize("name", ["red car", "cup"])
def test_an_insert_holds_the_box_and_fills_the_picture(scene: Blocking, name: str, angle: str | None) -> None:
    framing = solve(Shot("insert", (name,), angle=angle), scene)
    camera, picture = framing.camera, Picture()
    tangents = picture.tangents(camera.lens.focal_length_mm)
    corners = list(scene.boxes[name].corners())
    seen = projected(corners, camera.position, camera.orientation, tangents)[:, :2]
    room = 1 - 2 * INSERT_MARGIN
    assert np.abs(seen).max() <= room + 1e-6
    spans = np.ptp(seen, axis=0) / (2 * room)
    assert spans.max() == pytest.approx(1, abs=1e-6)
    assert camera.position[1] > min(corner[1] for corner in corners)


def test_a_point_of_view_is_from_the_eyes_on_the_target(scene: Blocking) -> None:
    framing = solve(Shot("point of view", ("anna", "ben")), scene)
    camera = framing.camera
    assert math.dist(camera.position, scene.bodies["anna"].eyes) < 0.15
    way = np.subtract(scene.bodies["ben"].eyes, camera.position)
    assert rotate(camera.orientation, (0, 0, -1)) == pytest.approx(way / np.linalg.norm(way))
    assert camera.lens.focus_distance_m == pytest.approx(np.linalg.norm(way))
    ahead = solve(Shot("point of view", ("anna",)), scene).camera
    assert rotate(ahead.orientation, (0, 0, -1)) == pytest.approx((1, 0, 0), abs=0.02)
    away = solve(Shot("point of view", ("anna", "red car")), scene)
    assert away.notes == ()
    assert solve(Shot("point of view", ("ben", "red car")), scene).notes == ("ben does not look there",)


def test_shots_of_nobody_are_refused(scene: Blocking) -> None:
    with pytest.raises(UsageError, match="no 'carl'"):
        solve(Shot("single", ("carl",)), scene)
    with pytest.raises(UsageError, match="needs 2"):
        solve(Shot("over shoulder", ("anna",)), scene)


def finite(framing: Framing) -> bool:
    camera = framing.camera
    return bool(np.isfinite([*camera.position, *camera.orientation]).all())


def test_suggestions_cover_the_scene_and_read_back(scene: Blocking) -> None:
    found = suggest(scene)
    assert 8 <= len(found) <= 12
    assert len({made.phrase for made in found}) == len(found)
    assert len({made.framing.camera for made in found}) == len(found)
    assert found[0].name == "master"
    names = [made.name for made in found]
    assert {"two-shot", "over shoulder", "reverse", "single", "close-up", "insert"} <= set(names)
    for made in found:
        assert shot_from(made.phrase, scene.names) == made.shot
        assert solve(made.shot, scene).camera == made.framing.camera
        assert finite(made.framing)
        assert made.framing.camera.position[1] > 0
    assert found == suggest(scene)


def test_singles_keep_to_the_side_of_the_line(scene: Blocking) -> None:
    sides = [made.framing.camera.position[2] for made in suggest(scene) if made.name in ("single", "reverse")]
    assert len(sides) >= 3
    assert len({side > 0 for side in sides}) == 1


def test_suggestions_for_things_alone_and_for_nothing() -> None:
    things = Blocking({}, {"red car": CAR, "cup": CUP})
    found = suggest(things)
    assert 8 <= len(found) <= 12
    assert len({made.phrase for made in found}) == len(found)
    assert found[0].shot.subjects == ("red car",)
    assert len(suggest(Blocking({}, {"cup": CUP}))) >= 8
    assert suggest(Blocking({}, {})) == ()
