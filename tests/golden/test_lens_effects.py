"""Depth of field and shutter blur of pictures whose answer is known, on software OpenGL."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.composite.depth_of_field import WIDEST_SHARE, radius_at_infinity_px
from director.composite.lens_effects import LensEffects, LensSettings
from director.composite.shutter_blur import LONGEST_SHARE
from director.types import Lens

WIDTH, HEIGHT = 320, 180
EDGE = 160
MIDDLE = HEIGHT // 2
FOCUS_M = 10.0
DEPTH_OF_FIELD = LensSettings(depth_of_field=True)
SHUTTER = LensSettings(shutter_angle_deg=180)
Picture = NDArray[np.uint8]


@pytest.fixture
def effects(gl: moderngl.Context) -> Iterator[LensEffects]:
    made = LensEffects(gl, WIDTH, HEIGHT)
    yield made
    made.release()


def blurring(radius_px: float) -> Lens:
    """A lens focused at 10 m that draws a point at infinity with this radius on the test's picture."""
    lens = Lens(focal_length_mm=75, focus_distance_m=FOCUS_M)
    stop = lens.f_number * radius_at_infinity_px(lens, WIDTH) / radius_px
    return replace(lens, f_number=stop)


def halves(left: float, right: float) -> NDArray[np.float32]:
    """float32[h, w] with an edge down the middle."""
    field = np.full((HEIGHT, WIDTH), left, np.float32)
    field[:, EDGE:] = right
    return field


def grey(levels: NDArray[Any]) -> Picture:
    return np.repeat(levels[..., None].astype(np.uint8), 3, axis=2)


def texture(gl: moderngl.Context, picture: Picture) -> moderngl.Texture:
    rgba = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    return gl.texture((WIDTH, HEIGHT), 4, rgba.tobytes(), alignment=1)


def passes(
    gl: moderngl.Context, depth: NDArray[Any], motion: NDArray[Any] | None = None
) -> dict[str, moderngl.Texture]:
    """G-buffer textures; motion in uv a tick."""
    moved = np.zeros((HEIGHT, WIDTH, 2)) if motion is None else motion
    size = (WIDTH, HEIGHT)
    return {
        "depth": gl.texture(size, 1, depth.astype(np.float32).tobytes(), dtype="f4"),
        "motion": gl.texture(size, 2, moved.astype(np.float16).tobytes(), dtype="f2"),
    }


def read(seen: moderngl.Texture) -> Picture:
    raw = np.frombuffer(seen.read(alignment=1), np.uint8).reshape(HEIGHT, WIDTH, 4)
    assert (raw[..., 3] == 255).all()
    return raw[..., :3]


def opened(levels: NDArray[Any]) -> NDArray[np.float64]:
    """Light as the effects mix it (shaders/linear_light.glsl)."""
    share = np.asarray(levels, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light: NDArray[np.float64] = linear / (1 - 0.55 * linear)
    return light


def share_of_right(row: NDArray[Any], left: int, right: int) -> NDArray[np.float64]:
    """How much of each pixel is light of the right side, 0..1."""
    first, last = opened(np.array([left, right]))
    return np.asarray((opened(row) - first) / (last - first))


def under_a_disc(radius: float) -> NDArray[np.float64]:
    """What an edge in the middle becomes under a disc: the share of the disc that lies beyond it."""
    s = np.clip((np.arange(WIDTH) + 0.5 - EDGE) / radius, -1, 1)
    return np.asarray(0.5 + (np.arcsin(s) + s * np.sqrt(1 - s * s)) / np.pi)


def noise() -> Picture:
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)


def test_switched_off_the_picture_is_the_very_same(gl: moderngl.Context, effects: LensEffects) -> None:
    picture = texture(gl, noise())
    drawn = passes(gl, halves(5, 20))
    assert effects.draw(picture, drawn, blurring(5), LensSettings()) is picture
    # A frame without one before it has no motion.
    assert effects.draw(picture, drawn, blurring(5), SHUTTER, 0.0) is picture
    assert effects.draw(picture, drawn, blurring(5), SHUTTER, float("inf")) is picture


def test_what_is_in_focus_keeps_its_bytes_and_what_lies_beyond_does_not(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    picture = noise()
    seen = read(
        effects.draw(texture(gl, picture), passes(gl, halves(FOCUS_M, np.inf)), blurring(6), DEPTH_OF_FIELD)
    )
    assert (seen[:, :EDGE] == picture[:, :EDGE]).all()
    inside = seen[20:-20, EDGE + 10 : -20].astype(float)
    # Of independent pixels a disc of radius 6 leaves a tenth of the spread.
    assert inside.std() < 0.2 * picture.std()


@pytest.mark.parametrize("radius", [2.0, 4.0, 8.0])
def test_an_edge_out_of_focus_spreads_over_the_disc_of_its_point(
    gl: moderngl.Context, effects: LensEffects, radius: float
) -> None:
    far = np.full((HEIGHT, WIDTH), np.inf)
    seen = read(
        effects.draw(texture(gl, grey(halves(20, 180))), passes(gl, far), blurring(radius), DEPTH_OF_FIELD)
    )
    spread = share_of_right(seen[MIDDLE, :, 1], 20, 180)
    assert np.abs(spread - under_a_disc(radius)).max() < 0.07
    assert (seen == seen[MIDDLE]).all(axis=(1, 2)).sum() > HEIGHT - 4


def test_a_disc_is_half_as_wide_where_the_thin_lens_says_so(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    # Twice as far as the focus: half of infinity's radius.
    twice = np.full((HEIGHT, WIDTH), 2 * FOCUS_M)
    seen = read(
        effects.draw(texture(gl, grey(halves(20, 180))), passes(gl, twice), blurring(8), DEPTH_OF_FIELD)
    )
    assert np.abs(share_of_right(seen[MIDDLE, :, 1], 20, 180) - under_a_disc(4.0)).max() < 0.07


def test_a_sharp_foreground_does_not_bleed_into_what_is_blurred_behind_it(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    for behind in (25.0, np.inf):
        seen = read(
            effects.draw(
                texture(gl, grey(halves(255, 12))),
                passes(gl, halves(FOCUS_M, behind)),
                blurring(8),
                DEPTH_OF_FIELD,
            )
        )
        assert (seen[:, :EDGE] == 255).all()
        assert np.abs(seen[:, EDGE:].astype(int) - 12).max() <= 1


def test_what_is_blurred_a_little_spreads_a_little_over_what_is_blurred_a_lot(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    # A bright tower at 12 m has a radius of 1.5 pixels, the dark sky behind it 9.
    seen = read(
        effects.draw(
            texture(gl, grey(halves(250, 12))), passes(gl, halves(12.0, np.inf)), blurring(9), DEPTH_OF_FIELD
        )
    )
    spread = share_of_right(seen[MIDDLE, :, 1], 250, 12)
    assert (spread[EDGE + 5 :] > 0.98).all()
    assert (spread[: EDGE - 4] < 0.02).all()
    assert 0.3 < spread[EDGE - 1 : EDGE + 1].mean() < 0.8


def test_a_blurred_foreground_spreads_over_what_is_sharp_behind_it(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    # Half the focus distance has infinity's radius, before the focus.
    seen = read(
        effects.draw(
            texture(gl, grey(halves(20, 180))),
            passes(gl, halves(FOCUS_M / 2, FOCUS_M)),
            blurring(6),
            DEPTH_OF_FIELD,
        )
    )
    spread = share_of_right(seen[MIDDLE, :, 1], 20, 180)
    assert np.abs(spread - under_a_disc(6.0)).max() < 0.1
    assert (np.diff(spread) > -0.02).all()
    assert (seen[:, EDGE + 10 :] == 180).all()


def test_a_lamp_out_of_focus_is_a_round_even_disc_that_stays_bright(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[MIDDLE - 1 : MIDDLE + 2, EDGE - 1 : EDGE + 2] = 255
    radius = 7.0
    far = np.full((HEIGHT, WIDTH), np.inf)
    seen = read(effects.draw(texture(gl, picture), passes(gl, far), blurring(radius), DEPTH_OF_FIELD))
    light = opened(seen[..., 0])
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot(x - EDGE, y - MIDDLE)
    assert light[away > radius + 4].max() == 0
    inside = light[away < radius - 2]
    assert inside.std() < 0.3 * inside.mean()
    across, down = (light * (x - EDGE) ** 2).sum(), (light * (y - MIDDLE) ** 2).sum()
    assert across == pytest.approx(down, rel=0.1)
    # Light is kept, and is brighter than paper's would be.
    assert light.sum() == pytest.approx(opened(picture[..., 0]).sum(), rel=0.15)
    assert light.sum() > 1.8 * 9


def test_discs_are_bounded(gl: moderngl.Context, effects: LensEffects) -> None:
    widest = WIDEST_SHARE * HEIGHT
    far = np.full((HEIGHT, WIDTH), np.inf)
    seen = read(
        effects.draw(texture(gl, grey(halves(20, 180))), passes(gl, far), blurring(500), DEPTH_OF_FIELD)
    )
    spread = share_of_right(seen[MIDDLE, :, 1], 20, 180)
    assert np.abs(spread - under_a_disc(widest)).max() < 0.07


def test_focus_on_what_touches_the_lens_is_no_error(gl: moderngl.Context, effects: LensEffects) -> None:
    lens = Lens(focal_length_mm=50, focus_distance_m=0.01)
    seen = effects.draw(texture(gl, noise()), passes(gl, halves(1, np.inf)), lens, DEPTH_OF_FIELD)
    assert read(seen).std() < 30


def test_one_even_colour_stays_as_it_is_however_deep_and_moved(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    chance = np.random.default_rng(1)
    depth = np.exp(chance.uniform(0, 5, (HEIGHT, WIDTH)))
    depth[chance.random((HEIGHT, WIDTH)) < 0.1] = np.inf
    motion = chance.uniform(-0.05, 0.05, (HEIGHT, WIDTH, 2))
    picture = np.tile(np.array([200, 90, 15], np.uint8), (HEIGHT, WIDTH, 1))
    both = LensSettings(depth_of_field=True, shutter_angle_deg=180)
    seen = read(effects.draw(texture(gl, picture), passes(gl, depth, motion), blurring(8), both))
    assert np.abs(seen.astype(int) - picture).max() <= 1


def box_moving(pixels: float) -> tuple[Picture, NDArray[Any], NDArray[Any]]:
    """A dark box 5 m away that moved so many pixels to the right, before a still wall at 20 m."""
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[60:120, 100:200] = True
    motion = np.zeros((HEIGHT, WIDTH, 2))
    motion[inside, 0] = pixels / WIDTH
    return grey(np.where(inside, 20, 180)), np.where(inside, 5.0, 20.0), motion


@pytest.mark.parametrize(
    ("moved", "angle", "frame_share", "streak"),
    [(16, 180, 1.0, 8), (16, 360, 1.0, 16), (16, 90, 1.0, 4), (8, 180, 2.0, 8), (-16, 180, 1.0, 8)],
)
def test_a_box_moving_over_a_wall_fades_along_the_way_it_went_while_the_shutter_was_open(
    gl: moderngl.Context,
    effects: LensEffects,
    moved: float,
    angle: float,
    frame_share: float,
    streak: float,
) -> None:
    picture, depth, motion = box_moving(moved)
    settings = LensSettings(shutter_angle_deg=angle)
    seen = read(effects.draw(texture(gl, picture), passes(gl, depth, motion), Lens(), settings, frame_share))
    covered = 1 - share_of_right(seen[MIDDLE, :, 1], 20, 180)
    # Centred on now: half a streak before and after each edge, in a straight line.
    x = np.arange(WIDTH) + 0.5
    expected = np.clip((x - 100) / streak + 0.5, 0, 1) * np.clip((200 - x) / streak + 0.5, 0, 1)
    assert np.abs(covered - expected).max() < 0.13
    # All in all it covers as much as it did.
    assert covered.sum() == pytest.approx(100, rel=0.02)
    # It went sideways: above and below it nothing happened.
    assert (seen[:60] == picture[:60]).all()
    assert (seen[120:] == picture[120:]).all()


def test_a_still_foreground_stays_sharp_before_a_wall_that_goes_by(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    picture = noise()
    picture[60:120, 100:200] = 255
    depth = np.where((picture == 255).all(axis=2), 5.0, 20.0)
    motion = np.zeros((HEIGHT, WIDTH, 2))
    motion[depth == 20.0, 0] = 24 / WIDTH
    dark = picture.copy()
    dark[depth == 20.0] //= 8
    seen = read(effects.draw(texture(gl, dark), passes(gl, depth, motion), Lens(), SHUTTER))
    assert (seen[60:120, 100:200] == 255).all()
    # And none of it gets into the streaks of the wall.
    assert seen[depth == 20.0].max() < 32
    assert seen[10:50].std() < 0.6 * dark[10:50].std()


def test_a_turning_camera_blurs_the_sky_too(gl: moderngl.Context, effects: LensEffects) -> None:
    motion = np.zeros((HEIGHT, WIDTH, 2))
    motion[..., 1] = 20 / HEIGHT
    stripes = np.zeros((HEIGHT, WIDTH))
    stripes[::10] = 200
    sky = np.full((HEIGHT, WIDTH), np.inf)
    seen = read(effects.draw(texture(gl, grey(stripes)), passes(gl, sky, motion), Lens(), SHUTTER))
    # Ten pixels hold exactly one stripe, wherever they begin.
    light = opened(seen[20:-20, 20:-20, 0])
    assert light.mean() == pytest.approx(float(opened(np.array(200))) / 10, rel=0.05)
    assert light.std() < 0.2 * light.mean()


def test_a_picture_in_which_nothing_moves_keeps_its_bytes(gl: moderngl.Context, effects: LensEffects) -> None:
    picture = noise()
    seen = read(effects.draw(texture(gl, picture), passes(gl, halves(3, 30)), Lens(), SHUTTER))
    assert (seen == picture).all()


def test_streaks_are_bounded_and_what_was_behind_the_camera_has_none(
    gl: moderngl.Context, effects: LensEffects
) -> None:
    picture, depth, motion = box_moving(300)
    seen = read(effects.draw(texture(gl, picture), passes(gl, depth, motion), Lens(), SHUTTER))
    reach = int(LONGEST_SHARE * HEIGHT) + 2
    assert (seen[:, : 100 - reach] == picture[:, : 100 - reach]).all()
    assert (seen[MIDDLE, 100 - reach + 8 : 100] != picture[MIDDLE, 100 - reach + 8 : 100]).any()
    motion[motion > 0] = 8.0
    seen = read(effects.draw(texture(gl, picture), passes(gl, depth, motion), Lens(), SHUTTER))
    assert (seen == picture).all()


def test_the_same_picture_twice_gives_the_same_bytes(gl: moderngl.Context) -> None:
    chance = np.random.default_rng(7)
    depth = np.exp(chance.uniform(0, 4, (HEIGHT, WIDTH)))
    motion = chance.uniform(-0.2, 0.2, (HEIGHT, WIDTH, 2))
    both = LensSettings(depth_of_field=True, shutter_angle_deg=180)
    found = []
    for _ in range(2):
        effects = LensEffects(gl, WIDTH, HEIGHT)
        found.append(read(effects.draw(texture(gl, noise()), passes(gl, depth, motion), blurring(7), both)))
        effects.release()
    assert (found[0] == found[1]).all()


def test_what_cannot_be_drawn_is_said(gl: moderngl.Context, effects: LensEffects) -> None:
    drawn = passes(gl, halves(5, 20))
    small = gl.texture((64, 36), 4)
    with pytest.raises(ValueError, match="size of the picture"):
        effects.draw(small, drawn, Lens(), DEPTH_OF_FIELD)
    with pytest.raises(ValueError, match="size of the picture"):
        effects.draw(texture(gl, noise()), {"depth": small}, Lens(), DEPTH_OF_FIELD)
    with pytest.raises(KeyError, match="motion"):
        effects.draw(texture(gl, noise()), {"depth": drawn["depth"]}, Lens(), SHUTTER)
    for angle in (-1.0, 361.0, float("nan")):
        with pytest.raises(ValueError, match="shutter angle"):
            LensSettings(shutter_angle_deg=angle)
    assert LensSettings().passes == frozenset()
    assert DEPTH_OF_FIELD.passes == {"depth"}
    assert SHUTTER.passes == {"depth", "motion"}
