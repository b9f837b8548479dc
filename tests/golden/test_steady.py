"""The stabiliser, and gaps filled with what was generated before: walls and planes, on software OpenGL."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.composite.answer import object_colours
from director.composite.carry import Moment
from director.composite.display import Display
from director.math3d import look_rotation
from director.meters.colour import unit_range
from director.meters.detail import high_energy
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, SceneObject, Tick, View

WIDTH, HEIGHT = 64, 36
WALL_M = 5.0
STILL = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
GREEN, RED, BLUE = (20, 200, 40), (200, 30, 20), (30, 40, 210)


@pytest.fixture
def display(gl: moderngl.Context) -> Iterator[Display]:
    made = Display(gl, WIDTH, HEIGHT)
    yield made
    made.release()


def view_at(x_m: float = 0.0) -> View:
    camera = CameraState((x_m, 0.0, 0.0), look_rotation((0, 0, -1)))
    return view_of(camera, WIDTH / HEIGHT, 0.1, 100.0, None)


def columns_per_metre() -> float:
    return float(view_at().clip_from_view[0, 0] * WIDTH / 2 / WALL_M)


def flat(colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.tile(np.array(colour, np.uint8), (HEIGHT, WIDTH, 1))


def maps(post: slice | None = None) -> dict[str, NDArray[Any]]:
    """A wall (id 1), and before it a post (id 2) in some columns."""
    depth = np.full((HEIGHT, WIDTH), WALL_M, np.float32)
    ids = np.ones((HEIGHT, WIDTH), np.uint16)
    if post is not None:
        depth[:, post] = 2.0
        ids[:, post] = 2
    return {"depth": depth, "object": ids}


def frame(image: NDArray[np.uint8], view: View, made_of: dict[str, NDArray[Any]]) -> GeneratedFrame:
    things = tuple(
        SceneObject(id_, name, "wall", "", (0.5, 0.5, 0.5), (1.0, 1.0, 1.0))
        for id_, name in ((1, "wall"), (2, "post"))
    )
    conditioning = Conditioning(Tick(0, 0.0, 0.0), view, made_of, Direction(), things, (0.0, 1.0, 0.0))
    return GeneratedFrame(image, conditioning, 0.0)


def passes(gl: moderngl.Context, made_of: dict[str, NDArray[Any]]) -> dict[str, moderngl.Texture]:
    size = (WIDTH, HEIGHT)
    base = np.tile(np.array([120, 120, 120, 255], np.uint8), (HEIGHT, WIDTH, 1))
    return {
        "depth": gl.texture(size, 1, made_of["depth"].tobytes(), dtype="f4"),
        "object": gl.texture(size, 1, made_of["object"].tobytes(), dtype="u2", alignment=1),
        "base": gl.texture(size, 4, base.tobytes()),
    }


def test_what_a_newer_picture_hides_is_filled_from_the_one_before(
    gl: moderngl.Context, display: Display
) -> None:
    bare, hidden = maps(), maps(slice(20, 40))
    view = view_at()
    now = Moment(view, STILL)
    display.draw(frame(flat(GREEN), view, bare), passes(gl, bare), now, now, 0.0)
    # The newest picture has the post where the bare wall is seen now, as where somebody has walked on.
    late = flat(RED)
    late[:, :20] = late[:, 40:] = BLUE
    moved = np.copy(STILL)
    moved[1, 0, 3] = 9.0
    display.draw(frame(late, view, hidden), passes(gl, bare), Moment(view, moved), now, 0.0)
    shown = display.read()
    np.testing.assert_allclose(shown[:, 24:36].reshape(-1, 3), np.tile(GREEN, (HEIGHT * 12, 1)), atol=2)
    np.testing.assert_allclose(shown[:, :18].reshape(-1, 3), np.tile(BLUE, (HEIGHT * 18, 1)), atol=2)
    display.cut()
    display.draw(frame(late, view, hidden), passes(gl, bare), Moment(view, moved), now, 0.0)
    # After a cut there is no before: the wall's own colour of elsewhere in the picture, never the post's.
    np.testing.assert_allclose(display.read()[:, 24:36].reshape(-1, 3).mean(0), BLUE, atol=12)


def test_boiling_is_calmed_and_at_rest_the_picture_is_exact(gl: moderngl.Context, display: Display) -> None:
    made_of, view = maps(), view_at()
    now, textures = Moment(view, STILL), passes(gl, maps())
    random = np.random.default_rng(7)
    grain = [random.integers(90, 166, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(12)]
    raw, calm = [], []
    for picture in grain:
        display.draw(frame(picture, view, made_of), textures, now, now, 0.6)
        raw.append(picture.astype(np.float32))
        calm.append(display.read().astype(np.float32))
    boil = np.abs(np.diff(np.stack(raw[4:]), axis=0)).mean()
    assert np.abs(np.diff(np.stack(calm[4:]), axis=0)).mean() < 0.6 * boil
    assert abs(np.stack(calm).mean() - np.stack(raw).mean()) < 1.0
    display.draw(frame(grain[-1], view, made_of), textures, now, now, 0.0)
    assert (display.read() == grain[-1]).all()


def test_it_is_kept_along_a_moving_camera(gl: moderngl.Context, display: Display) -> None:
    """Stripes generated once and carried on stay where the wall is, and as strong."""
    step_px = 1.5
    step_m = step_px / columns_per_metre()
    stripes = flat((60, 60, 60))
    stripes[:, ::8] = stripes[:, 1::8] = stripes[:, 2::8] = stripes[:, 3::8] = 200
    made_of, first = maps(), Moment(view_at(), STILL)
    answer = frame(stripes, view_at(), made_of)
    for tick in range(9):
        now = Moment(view_at(tick * step_m), STILL)
        display.draw(answer, passes(gl, made_of), now, first, 0.5)
    shown = display.read().astype(np.float32)[..., 0]
    carried = np.roll(stripes[..., 0].astype(np.float32), -round(8 * step_px), 1)
    inner = np.s_[:, 8 : WIDTH - 16]
    assert np.abs(shown[inner] - carried[inner]).mean() < 12
    assert shown[inner].std() > 0.85 * carried[inner].std()


def test_calmed_detail_is_as_fine_as_it_was(gl: moderngl.Context, display: Display) -> None:
    """A pattern that wavers by fractions of a pixel: averaged it is softer, and shown it is not; and nothing
    goes far beyond what was generated."""
    made_of, view = maps(), view_at()
    now, textures = Moment(view, STILL), passes(gl, maps())
    at = np.arange(WIDTH, dtype=np.float32)
    raw, calm = [], []
    for tick in range(10):
        wave = 128 + 60 * np.sin(2 * np.pi * (at + 0.5 * (tick % 2)) / 4.3)
        picture = np.repeat(np.tile(wave.astype(np.uint8), (HEIGHT, 1))[..., None], 3, 2)
        display.draw(frame(picture, view, made_of), textures, now, now, 0.5)
        raw.append(high_energy(unit_range(picture)).mean())
        calm.append(high_energy(unit_range(display.read())).mean())
    assert 0.85 < np.mean(calm[4:]) / np.mean(raw[4:]) < 1.1
    step = flat((60, 60, 60))
    step[:, 32:] = 180
    for _ in range(3):
        display.draw(frame(step, view, made_of), textures, now, now, 0.9)
    shown = display.read().astype(int)
    assert 60 - 0.15 * 120 - 1 <= shown.min() < 60
    assert 180 < shown.max() <= 180 + 0.15 * 120 + 1
    # Away from the step nothing changes.
    assert (shown[:, :30] == 60).all()
    assert (shown[:, 34:] == 180).all()


def test_a_cut_shows_nothing_of_what_was(gl: moderngl.Context, display: Display) -> None:
    made_of, view = maps(), view_at()
    now, textures = Moment(view, STILL), passes(gl, maps())
    display.draw(frame(flat(RED), view, made_of), textures, now, now, 0.9)
    noisy = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    display.cut()
    display.draw(frame(noisy, view, made_of), textures, now, now, 0.9)
    assert (display.read() == noisy).all()


def test_objects_have_their_mean_colours_and_others_the_picture_s_grade() -> None:
    made_of = maps(slice(20, 40))
    image = flat(BLUE)
    image[:, 20:40] = RED
    table = object_colours(frame(image, view_at(), made_of)).reshape(-1, 4)
    np.testing.assert_allclose(table[1, :3] * 255, BLUE, atol=1)
    np.testing.assert_allclose(table[2, :3] * 255, RED, atol=1)
    assert table[1, 3] > 0
    bare = object_colours(frame(flat(BLUE), view_at(), maps())).reshape(-1, 4)
    assert bare[2, 3] == 0
    # Bluer than red, but not without any red.
    assert bare[2, 2] > 1.5 * bare[2, 0] > 0
