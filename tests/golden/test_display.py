"""The picture and the window's views of it, on software OpenGL."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.composite.display import PASS_VIEWS, VIEWS, Display
from director.composite.generated import Moment
from director.composite.rectangle import Rectangle, fitted
from director.math3d import quaternion_from_euler
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, Tick, View

WIDTH, HEIGHT = 64, 36
NEAR_FAR = (0.5, 100.0)
NO_OBJECTS = np.zeros((0, 4, 4), np.float32)


@pytest.fixture
def display(gl: moderngl.Context) -> Iterator[Display]:
    made = Display(gl, WIDTH, HEIGHT)
    yield made
    made.release()


def view_at(x_m: float = 0.0, yaw: float = 0.0) -> View:
    camera = CameraState((x_m, 0.0, 0.0), quaternion_from_euler(yaw, 0.0, 0.0))
    return view_of(camera, WIDTH / HEIGHT, *NEAR_FAR, None)


def frame(image: NDArray[np.uint8], view: View, **maps: NDArray[Any]) -> GeneratedFrame:
    conditioning = Conditioning(Tick(0, 0.0, 0.0), view, maps, Direction(), (), (0.0, 1.0, 0.0))
    return GeneratedFrame(image, conditioning, 0.0)


def wall(gl: moderngl.Context, depth_m: float, colour: tuple[int, int, int]) -> dict[str, moderngl.Texture]:
    """G-buffer textures of a wall (id 1) across the whole picture."""
    size = (WIDTH, HEIGHT)
    depth = np.full((HEIGHT, WIDTH), depth_m, np.float32)
    # Brick 200, planks 100, tiles 50, open to half, no line.
    bank = np.tile(np.array([200 | 100 << 8 | 50 << 16, 0, 128 << 24, 0], np.uint32), (HEIGHT, WIDTH, 1))
    base = np.tile(np.array([*colour, 255], np.uint8), (HEIGHT, WIDTH, 1))
    return {
        "depth": gl.texture(size, 1, depth.tobytes(), dtype="f4"),
        "object": gl.texture(size, 1, np.ones((HEIGHT, WIDTH), np.uint16).tobytes(), dtype="u2", alignment=1),
        "normal": gl.texture(size, 4, np.full((HEIGHT, WIDTH, 4), 1, np.float16).tobytes(), dtype="f2"),
        "motion": gl.texture(size, 2, np.full((HEIGHT, WIDTH, 2), 0.02, np.float16).tobytes(), dtype="f2"),
        "anchor": gl.texture(size, 4, np.full((HEIGHT, WIDTH, 4), 0.5, np.float32).tobytes(), dtype="f4"),
        "base": gl.texture(size, 4, base.tobytes()),
        "shadow": gl.texture(size, 1, bytes(WIDTH * HEIGHT), alignment=1),
        "noise": gl.texture(size, 4, np.zeros((HEIGHT, WIDTH, 4), np.float16).tobytes(), dtype="f2"),
        "lamplight": gl.texture(size, 4, np.full((HEIGHT, WIDTH, 4), 0.5, np.float16).tobytes(), dtype="f2"),
        "structure": gl.texture(size, 4, bank.tobytes(), dtype="u4", alignment=1),
    }


def ramp() -> NDArray[np.uint8]:
    """Each column and each row has a colour of its own."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[..., 0] = np.arange(WIDTH) * 4
    image[..., 1] = (np.arange(HEIGHT) * 7)[:, None]
    return image


def shown(
    gl: moderngl.Context, display: Display, size: tuple[int, int], *arguments: Any
) -> NDArray[np.uint8]:
    target = gl.simple_framebuffer(size)
    display.show(target, size, *arguments)
    raw = target.read(components=3, alignment=1)
    gl.detect_framebuffer(0).use()
    target.release()
    # A window's rows run upwards.
    return np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 3)[::-1]


def test_without_a_frame_the_picture_is_the_proxy(gl: moderngl.Context, display: Display) -> None:
    display.draw(None, wall(gl, 5.0, (10, 20, 30)))
    assert (display.read() == (10, 20, 30)).all()


def test_a_frame_of_the_picture_s_size_is_shown_bit_for_bit(gl: moderngl.Context, display: Display) -> None:
    view = view_at()
    moment = Moment(view, NO_OBJECTS)
    display.draw(frame(ramp(), view), wall(gl, 5.0, (0, 0, 0)), moment, moment)
    assert (display.read() == ramp()).all()
    window = shown(gl, display, (WIDTH, HEIGHT), "generated", 0.5, wall(gl, 5.0, (0, 0, 0)), NEAR_FAR)
    assert (window == ramp()).all()


def test_a_moved_camera_moves_an_old_frame(gl: moderngl.Context, display: Display) -> None:
    depth_m = 5.0
    source = Moment(view_at(), np.eye(4, dtype=np.float32)[None])
    # The wall is 5 m away: a sideways move of so many metres is exactly eight pixels.
    metres = 8 * 2 / WIDTH * depth_m / source.view.clip_from_view[0, 0]
    now = Moment(view_at(metres), np.eye(4, dtype=np.float32)[None])
    maps: dict[str, NDArray[Any]] = {
        "depth": np.full((HEIGHT, WIDTH), depth_m, np.float32),
        "object": np.ones((HEIGHT, WIDTH), np.uint16),
    }
    display.draw(frame(ramp(), source.view, **maps), wall(gl, depth_m, (0, 0, 0)), now, source)
    assert np.abs(display.read()[:, :-8].astype(int) - ramp()[:, 8:]).max() <= 1


def test_a_moved_object_takes_its_picture_along(gl: moderngl.Context, display: Display) -> None:
    view = view_at()
    metres = 4 * 2 / WIDTH * 5.0 / view.clip_from_view[0, 0]
    then, here = np.eye(4, dtype=np.float32)[None], np.eye(4, dtype=np.float32)[None].copy()
    here[0, 0, 3] = metres
    maps: dict[str, NDArray[Any]] = {
        "depth": np.full((HEIGHT, WIDTH), 5.0, np.float32),
        "object": np.ones((HEIGHT, WIDTH), np.uint16),
    }
    now = Moment(view_at(), here)
    display.draw(frame(ramp(), view, **maps), wall(gl, 5.0, (0, 0, 0)), now, Moment(view, then))
    assert np.abs(display.read()[:, 4:].astype(int) - ramp()[:, :-4]).max() <= 1


def test_another_object_s_pixels_are_never_taken(gl: moderngl.Context, display: Display) -> None:
    # What was generated shows only object 2, in pure red; now object 1 is seen everywhere.
    red = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    red[..., 0] = 255
    view = view_at()
    maps: dict[str, NDArray[Any]] = {
        "depth": np.full((HEIGHT, WIDTH), 5.0, np.float32),
        "object": np.full((HEIGHT, WIDTH), 2, np.uint16),
    }
    still = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    now = Moment(view_at(yaw=0.01), still)
    display.draw(frame(red, view, **maps), wall(gl, 5.0, (0, 200, 0)), now, Moment(view, still))
    assert display.read()[..., 1].min() > 30


def test_a_small_frame_keeps_the_silhouettes_of_the_picture(gl: moderngl.Context, display: Display) -> None:
    # Half a picture of object 1, half sky, the edge at an odd column that the small frame cannot have.
    edge = 33
    ids = np.zeros((HEIGHT, WIDTH), np.uint16)
    ids[:, :edge] = 1
    depth = np.where(ids == 1, np.float32(5.0), np.float32(np.inf))
    passes = wall(gl, 5.0, (0, 0, 0))
    passes["object"].write(ids.tobytes(), alignment=1)
    passes["depth"].write(depth.tobytes())
    small_ids = np.ascontiguousarray(ids[1::2, 1::2])
    image = np.where(small_ids[..., None] == 1, np.uint8(250), np.uint8(5)).repeat(3, axis=2)
    maps: dict[str, NDArray[Any]] = {"depth": np.ascontiguousarray(depth[1::2, 1::2]), "object": small_ids}
    moment = Moment(view_at(), np.eye(4, dtype=np.float32)[None])
    display.draw(frame(image, moment.view, **maps), passes, moment, moment)
    assert (display.read()[:, :edge] == 250).all()
    assert (display.read()[:, edge:] == 5).all()


def test_wipe_and_blend_mix_picture_and_proxy(gl: moderngl.Context, display: Display) -> None:
    passes = wall(gl, 5.0, (0, 200, 0))
    red = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    red[..., 0] = 200
    display.draw(frame(red, view_at()), passes)
    wiped = shown(gl, display, (WIDTH, HEIGHT), "wipe", 0.25, passes, NEAR_FAR)
    assert (wiped[:, :14] == (200, 0, 0)).all()
    assert (wiped[:, 19:] == (0, 200, 0)).all()
    blended = shown(gl, display, (WIDTH, HEIGHT), "blend", 0.25, passes, NEAR_FAR)
    assert np.abs(blended.astype(int) - (150, 50, 0)).max() <= 1


def test_side_by_side_shows_both_unstretched(gl: moderngl.Context, display: Display) -> None:
    passes = wall(gl, 5.0, (0, 200, 0))
    display.draw(frame(np.full((HEIGHT, WIDTH, 3), 90, np.uint8), view_at()), passes)
    both = shown(gl, display, (2 * WIDTH + 4, 80), "side-by-side", 0.5, passes, NEAR_FAR)
    top = (80 - HEIGHT) // 2
    assert (both[top : top + HEIGHT, :WIDTH] == 90).all()
    assert (both[top : top + HEIGHT, WIDTH + 4 :] == (0, 200, 0)).all()
    assert both[: top - 1].max() < 20


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_shown_in_any_window(gl: moderngl.Context, display: Display, view: str) -> None:
    passes = wall(gl, 5.0, (50, 200, 90))
    display.set_palette([(0, 0, 0), (120, 130, 140)])
    display.draw(None, passes)
    picture = shown(gl, display, (201, 77), view, 0.5, passes, NEAR_FAR)
    expected = fitted(Rectangle(0, 0, 201, 77), WIDTH / HEIGHT)
    middle = picture[38, int(expected.left + expected.width / 4)]
    values = {
        "depth": [((1 / 5 - 1 / 100) / (1 / 0.5 - 1 / 100)) ** 0.5 * 255] * 3,
        "segmentation": [120, 130, 140],
        "normal": [255, 255, 255],
        "anchor": [127.5, 127.5, 127.5],
        "shadow": [0, 0, 0],
        "noise": [127.5, 127.5, 127.5],
        "lamplight": [(1.055 * (0.8 * 1.0125 / 1.8) ** (1 / 2.4) - 0.055) * 255] * 3,
        "structure": np.array([84.15, 119.85, 158.1]) * (0.35 + 0.75 * 200 / 255) * (0.25 + 0.75 * 128 / 255),
    }
    if view in ("motion", "object"):
        assert middle.max() > 200
        assert middle.min() < (30 if view == "motion" else 120)
    else:
        assert np.abs(middle.astype(float) - values.get(view, [50, 200, 90])).max() <= 1
    assert set(values) | {"motion", "object"} == set(PASS_VIEWS)


def test_ids_are_told_apart_at_a_glance(gl: moderngl.Context, display: Display) -> None:
    passes = wall(gl, 5.0, (0, 0, 0))
    ids = np.tile(np.arange(WIDTH, dtype=np.uint16), (HEIGHT, 1))
    passes["object"].write(ids.tobytes(), alignment=1)
    seen = shown(gl, display, (WIDTH, HEIGHT), "object", 0.5, passes, NEAR_FAR)[HEIGHT // 2].astype(int)
    assert (seen[0] == 0).all()
    assert seen[1:].max(axis=1).min() > 120
    assert len(np.unique(seen, axis=0)) == WIDTH
    # Parts of a thing have ids that follow each other.
    assert np.abs(seen[2:] - seen[1:-1]).max(axis=1).min() > 60


def test_lamplight_is_toned_not_clipped(gl: moderngl.Context, display: Display) -> None:
    passes = wall(gl, 5.0, (0, 0, 0))
    levels = np.linspace(0, 4, WIDTH, dtype=np.float16)
    passes["lamplight"].write(np.repeat(np.tile(levels, (HEIGHT, 1))[..., None], 4, axis=2).tobytes())
    seen = shown(gl, display, (WIDTH, HEIGHT), "lamplight", 0.5, passes, NEAR_FAR)[HEIGHT // 2, :, 0]
    assert (np.diff(seen.astype(int)) >= 0).all()
    assert seen[0] == 0
    assert seen[-1] < 250


def test_letterboxing_keeps_the_aspect_and_the_middle() -> None:
    place = fitted(Rectangle(0, 0, 1000, 1000), 2.0)
    assert (place.left, place.top, place.width, place.height) == (0, 250, 1000, 500)
    assert fitted(Rectangle(10, 0, 400, 100), 1.0) == Rectangle(160, 0, 100, 100)
    assert place.holds(500, 500)
    assert not place.holds(500, 100)
