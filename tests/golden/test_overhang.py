"""What a finished thing shows beyond its blocking goes with it: a wall, and a post that moves before it."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.composite.carry import Moment
from director.composite.display import Display
from director.composite.overhang import moved
from director.math3d import look_rotation
from director.scene.finish.finished import FINISHED, PIECES
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, SceneObject, Tick

WIDTH, HEIGHT = 64, 36
WALL_M, POST_M = 5.0, 2.0
GREEN, RED, BLUE = (20, 200, 40), (200, 30, 20), (30, 40, 210)
VIEW = view_of(CameraState((0.0, 0.0, 0.0), look_rotation((0, 0, -1))), WIDTH / HEIGHT, 0.1, 100.0, None)
BLOCKED, FINISHED_POST = slice(20, 28), slice(16, 32)
LEFT, RIGHT = slice(16, 20), slice(28, 32)


@pytest.fixture
def display(gl: moderngl.Context) -> Iterator[Display]:
    made = Display(gl, WIDTH, HEIGHT)
    yield made
    made.release()


def moved_on(columns: int) -> Moment:
    """The post, so many columns to the right of where it was generated."""
    a_metre = float(VIEW.clip_from_view[0, 0] * WIDTH / 2 / POST_M)
    poses = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    poses[1, 0, 3] = columns / a_metre
    return Moment(VIEW, poses)


def maps(post: slice) -> tuple[NDArray[np.float32], NDArray[np.uint16]]:
    depth = np.full((HEIGHT, WIDTH), WALL_M, np.float32)
    ids = np.ones((HEIGHT, WIDTH), np.uint16)
    depth[:, post], ids[:, post] = POST_M, 2
    return depth, ids


def frame(finished: bool = True) -> GeneratedFrame:
    """The wall green; the post, red where it was blocked and blue where it is more."""
    image = np.tile(np.array(GREEN, np.uint8), (HEIGHT, WIDTH, 1))
    image[:, FINISHED_POST] = BLUE
    image[:, BLOCKED] = RED
    depth, ids = maps(BLOCKED)
    made_of: dict[str, Any] = {"depth": depth, "object": ids}
    if finished:
        # Pieces count otherwise than objects do.
        depth, ids = maps(FINISHED_POST)
        made_of |= {FINISHED + "depth": depth, FINISHED + "object": 3 - ids}
        made_of[PIECES] = np.array([[2, 0, 1], [1, 0, 1]], np.int32)
    things = tuple(
        SceneObject(id_, name, "wall", "", (0.5, 0.5, 0.5), (1.0, 1.0, 1.0))
        for id_, name in ((1, "wall"), (2, "post"))
    )
    conditioning = Conditioning(Tick(0, 0.0, 0.0), VIEW, made_of, Direction(), things, (0.0, 1.0, 0.0))
    return GeneratedFrame(image, conditioning, 0.0)


def passes(gl: moderngl.Context, columns: int, before: slice | None = None) -> dict[str, moderngl.Texture]:
    """Of the post so many columns on; `before` says where something else stands in front of all."""
    depth, ids = maps(slice(BLOCKED.start + columns, BLOCKED.stop + columns))
    if before is not None:
        depth[:, before], ids[:, before] = 1.0, 1
    base = np.full((HEIGHT, WIDTH, 4), 120, np.uint8)
    size = (WIDTH, HEIGHT)
    return {
        "depth": gl.texture(size, 1, depth.tobytes(), dtype="f4"),
        "object": gl.texture(size, 1, ids.tobytes(), dtype="u2", alignment=1),
        "base": gl.texture(size, 4, base.tobytes()),
    }


def is_blue(display: Display, columns: slice, by: int = 0) -> NDArray[np.bool_]:
    """bool[n]: of some columns, so many further on, those that are blue from top to bottom."""
    read = display.read()[:, columns.start + by : columns.stop + by].astype(int)
    return np.asarray((read[..., 2] > 150).all(0) & (read[..., 1] < 100).all(0))


def test_it_goes_with_its_thing_and_stays_behind_nowhere(gl: moderngl.Context, display: Display) -> None:
    display.draw(frame(), passes(gl, 10), moved_on(10), moved_on(0))
    assert is_blue(display, LEFT, 10).all()
    assert is_blue(display, RIGHT, 10).all()
    assert not is_blue(display, LEFT).any()
    # The wall's own colour stands where it hung.
    left = display.read()[:, LEFT].astype(int)
    assert (left[..., 1] > left[..., 2] + 60).all()


def test_without_maps_of_what_is_finished_it_stays_on_the_wall(
    gl: moderngl.Context, display: Display
) -> None:
    display.draw(frame(finished=False), passes(gl, 10), moved_on(10), moved_on(0))
    # All but the pixel beside the silhouette.
    assert is_blue(display, LEFT)[:3].all()
    assert not is_blue(display, RIGHT, 10).any()


def test_what_stands_before_it_hides_it(gl: moderngl.Context, display: Display) -> None:
    hidden = slice(38, 42)
    display.draw(frame(), passes(gl, 10, hidden), moved_on(10), moved_on(0))
    assert not is_blue(display, hidden).any()
    assert is_blue(display, LEFT, 10).all()


def test_a_picture_of_now_is_shown_as_it_was_generated(gl: moderngl.Context, display: Display) -> None:
    made, now = frame(), moved_on(0)
    display.draw(frame(), passes(gl, 10), moved_on(10), now, 0.0)
    display.draw(made, passes(gl, 0), now, now, 0.0)
    np.testing.assert_array_equal(display.read(), made.image)


def test_what_was_before_keeps_nothing_of_it(gl: moderngl.Context, display: Display) -> None:
    """The stabiliser fills the wall from before: there it was blue, too, but not the wall."""
    made, start = frame(), moved_on(0)
    display.draw(made, passes(gl, 0), start, start, 0.5)
    for columns in (2, 6, 12):
        display.draw(made, passes(gl, columns), moved_on(columns), start, 0.5)
        assert is_blue(display, RIGHT, columns).all()
    assert not is_blue(display, slice(16, 20)).any()
    assert not is_blue(display, slice(20, 26)).any()


def test_it_grows_with_its_thing_that_comes_nearer(gl: moderngl.Context, display: Display) -> None:
    nearer = moved_on(0)
    nearer.world_from_object[1, 2, 3] = POST_M / 2
    display.draw(frame(), passes(gl, 0), nearer, moved_on(0))
    middle = WIDTH // 2
    # Twice as far from the middle and twice as wide, without a gap: what is to the right leaves the picture's
    # middle, and what is to the left too.
    twice = slice(middle + 2 * (LEFT.start - middle) + 1, middle + 2 * (LEFT.stop - middle) - 1)
    assert is_blue(display, twice).all()


def test_moved_tells_who_stands_otherwise_or_is_there_only_once() -> None:
    assert moved(moved_on(0), moved_on(0)).tolist() == []
    assert moved(moved_on(0), moved_on(3)).tolist() == [2]
    alone = Moment(VIEW, moved_on(0).world_from_object[:1])
    assert moved(alone, moved_on(0)).tolist() == [2]
    assert moved(moved_on(0), alone).tolist() == [2]
