"""The embedded generator: every map and every word reach the picture; what is broken says so."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from director.errors import GeneratorError
from director.generate.backends.embedded import WEIGHTS, Embedded
from director.generate.embedded.features import pixel_features
from director.generate.embedded.grade import grade
from director.generate.embedded.inputs import as_seen, view_rays
from director.generate.embedded.look import SCENE, SCENE_DEFAULT
from director.generate.embedded.model import EmbeddedModel, OneStepScheduler
from director.generate.embedded.network import Drawn
from director.generate.embedded.pieces import piece_rows
from director.generate.embedded.runtime import Runtime
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.finish.finished import PIECES
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick

Picture = NDArray[np.uint8]

_SIZE = (192, 108)
_SCENE_PROMPTS = (
    "sunny day",
    "rainy neon street at night",
    "snowy dawn",
    "dense fog",
    "black and white film noir",
    "watercolour painting",
    "comic book",
)
_OBJECT_PROMPTS = (
    "red brick",
    "blue cloth",
    "green grass",
    "wooden planks",
    "white marble",
    "polished gold",
    "glowing pink neon",
    "black and white tiles",
)


@pytest.fixture(scope="module")
def made() -> Iterator[Embedded]:
    generator = Embedded(GeneratorSettings(threads=2))
    generator.load(lambda share, words: None)
    yield generator
    generator.close()


def _seen(
    gl: moderngl.Context,
    name: str,
    size: tuple[int, int] = _SIZE,
    seed: int = 0,
    beside: tuple[str, ...] = (),
) -> Conditioning:
    compiled = CompiledScene(load_scene(name))
    conditioner = Conditioner(gl, compiled, *size, Embedded.maps.union(beside))
    camera = compiled.scene.moves[0].camera_at(1.0, compiled.locate)
    conditioner.draw(Tick(0, 1.0, 0.0), camera, Direction("sunny day", seed=seed))
    found = conditioner.take()
    conditioner.release()
    assert found is not None
    return found


@pytest.fixture
def room(gl: moderngl.Context) -> Conditioning:
    return _seen(gl, "living_room")


def _drawn(made: Embedded, seen: Conditioning, **direction: object) -> Picture:
    asked = replace(seen.direction, **direction)  # type: ignore[arg-type]
    return made.generate(replace(seen, direction=asked)).image


def _owners(seen: Conditioning) -> NDArray[np.int32]:
    """int32[h, w]: the ids of the objects whose pieces are seen; sky 0."""
    owners: NDArray[np.int32] = np.append(np.int32(0), seen.maps[PIECES][:, 0])[seen.maps["finished-object"]]
    return owners


def _difference(a: Picture, b: Picture) -> NDArray[np.float64]:
    change: NDArray[np.float64] = np.abs(a.astype(np.float64) - b).mean(-1)
    return change


def test_it_tells_where_a_picture_spends_its_time(made: Embedded, room: Conditioning) -> None:
    frame = made.generate(room)
    assert len(made.spent) > 3
    assert all(seconds >= 0 for seconds in made.spent.values())
    # What is left over is between the stages.
    assert 0.5 * frame.seconds < sum(made.spent.values()) <= frame.seconds


@pytest.mark.parametrize("name", sorted(Embedded.maps))
def test_every_map_it_declares_reaches_the_picture(made: Embedded, room: Conditioning, name: str) -> None:
    values = room.maps[name].copy()
    half = values[: len(values) // 2]
    if name == PIECES:
        # Another's pieces, and as many.
        half[:] = values[::-1][: len(half)]
    elif name == "finished-object":
        half[:] = np.where(half == 0, 0, 1 + half[::-1] % len(room.maps[PIECES]))
    elif name == "finished-normal":
        half[:] = -half
    elif name == "finished-depth":
        half[np.isfinite(half)] += 40
    elif np.issubdtype(values.dtype, np.integer):
        half[:] = 255 - half
    else:
        half[:] = half + np.float16(0.8)
    changed = replace(room, maps={**room.maps, name: values})
    prompt = "snow" if name == "finished-shelter" else "hazy evening"
    assert _difference(_drawn(made, room, prompt=prompt), _drawn(made, changed, prompt=prompt)).mean() > 0.5


def test_snow_lies_in_the_open_and_not_under_a_roof(made: Embedded, room: Conditioning) -> None:
    prompts = ("deep snow", "heavy rain, puddles everywhere")
    level = (room.maps["finished-normal"][..., 1] > 0.95) & (room.maps["finished-object"] > 0)
    shelter = room.maps["finished-shelter"]
    outside = replace(room, maps={**room.maps, "finished-shelter": np.zeros_like(shelter)})
    assert shelter[level].mean() > 240
    for prompt in prompts:
        change = _difference(_drawn(made, room, prompt=prompt), _drawn(made, outside, prompt=prompt))
        assert change[level].mean() > 20


def test_scene_prompts_are_plainly_told_apart(made: Embedded, room: Conditioning) -> None:
    pictures = [_drawn(made, room, prompt=prompt) for prompt in _SCENE_PROMPTS]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert _difference(one, other).mean() > 8


def test_object_prompts_are_plainly_told_apart_and_stay_on_their_object(
    made: Embedded, room: Conditioning
) -> None:
    walls = [item.id for item in room.objects if item.class_name == "wall"]
    on_wall = np.isin(_owners(room), walls)
    assert on_wall.mean() > 0.1
    pictures = [_drawn(made, room, object_prompts=dict.fromkeys(walls, prompt)) for prompt in _OBJECT_PROMPTS]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            change = _difference(one, other)
            assert change[on_wall].mean() > 4
            # Light bounces and glows, so some of the change lies elsewhere; most of it must not.
            assert change[on_wall].mean() > 3 * change[~on_wall].mean()


def test_the_seed_changes_texture_and_variants_and_not_the_blocking(
    made: Embedded, gl: moderngl.Context
) -> None:
    one, other = (_seen(gl, "night_alley", seed=seed, beside=("depth",)) for seed in (0, 1))
    assert np.array_equal(one.maps["depth"], other.maps["depth"])
    assert 0.001 < (one.maps["finished-depth"] != other.maps["finished-depth"]).mean() < 0.5
    change = _difference(made.generate(one).image, made.generate(other).image)
    assert 0.2 < change.mean() < 30


def test_black_and_white_is_grey_to_the_last_bit(made: Embedded, room: Conditioning) -> None:
    neutral = {"saturation": 0.0, "age": 0.0}
    split = {f"{end}_{colour}": 0.5 for end in ("shadow", "light") for colour in ("red", "green", "blue")}
    picture = _drawn(made, room, look={**neutral, **split}).astype(int)
    assert np.ptp(picture, axis=-1).max() <= 1


def test_a_strength_of_nothing_is_the_look_of_no_prompt(made: Embedded, room: Conditioning) -> None:
    weak = _drawn(made, room, prompt="comic book", strengths={0: 0.0})
    assert np.array_equal(weak, _drawn(made, room, prompt=""))


def test_unknown_words_change_nothing_and_are_reported(made: Embedded, room: Conditioning) -> None:
    asked = replace(room.direction, prompt="sunny day qwzrtx")
    frame = made.generate(replace(room, direction=asked))
    assert "qwzrtx" in frame.not_understood
    assert np.array_equal(frame.image, _drawn(made, room, prompt="sunny day"))


@pytest.mark.parametrize("size", [(77, 43), (16, 16), (33, 100), (1, 1)])
def test_odd_sizes_are_drawn(made: Embedded, gl: moderngl.Context, size: tuple[int, int]) -> None:
    picture = made.generate(_seen(gl, "desert_road", size)).image
    assert picture.shape == (size[1], size[0], 3)


def test_large_pictures_are_drawn_at_a_size_it_holds() -> None:
    made = Embedded(GeneratorSettings())
    assert made.size_for(1280, 720) == (512, 288)
    assert made.size_for(640, 360) == (512, 288)
    assert made.size_for(500, 200) == (500, 200)
    assert made.size_for(288, 512) == (288, 512)


def _reference(path: Path, low: tuple[int, int, int], high: tuple[int, int, int]) -> str:
    ramp = np.linspace(np.array(low), np.array(high), 64)
    Image.fromarray(np.repeat(ramp[None], 48, 0).astype(np.uint8)).save(path)
    return str(path)


def test_a_reference_lends_its_palette_and_mood(made: Embedded, room: Conditioning, tmp_path: Path) -> None:
    cold = _reference(tmp_path / "cold.png", (5, 20, 60), (150, 190, 250))
    warm = _reference(tmp_path / "warm.png", (60, 20, 5), (250, 190, 120))
    dark = _reference(tmp_path / "dark.png", (0, 0, 0), (60, 60, 60))
    blue, red, low, plain = (
        _drawn(made, room, references=names).astype(float) for names in ((cold,), (warm,), (dark,), ())
    )

    def warmth(picture: NDArray[np.float64]) -> float:
        return float((picture[..., 0] - picture[..., 2]).mean())

    assert warmth(red) > warmth(plain) > warmth(blue)
    assert warmth(red) - warmth(blue) > 25
    assert low.mean() < plain.mean() - 15
    assert np.ptp(low, axis=-1).mean() < np.ptp(plain, axis=-1).mean()
    assert np.array_equal(
        _drawn(made, room, references=(cold,), strengths={0: 0.0}), _drawn(made, room, strengths={0: 0.0})
    )
    _reference(tmp_path / "cold.png", (61, 20, 5), (250, 190, 120))
    os.utime(cold, ns=(1, 1))  # another file, however coarse the clock
    assert warmth(_drawn(made, room, references=(cold,)).astype(float)) > warmth(plain)


@pytest.mark.parametrize("content", [None, b"no picture", b""])
def test_a_reference_that_cannot_be_read_is_named(
    made: Embedded, room: Conditioning, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "still.png"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(GeneratorError, match="reference") as caught:
        _drawn(made, room, references=(str(file),))
    assert str(file) in str(caught.value)
    assert "PNG" in caught.value.mend


def test_a_conditioning_that_lacks_a_map_is_refused(made: Embedded, room: Conditioning) -> None:
    maps = {name: values for name, values in room.maps.items() if name != "finished-shadow"}
    with pytest.raises(GeneratorError, match="finished-shadow"):
        made.generate(replace(room, maps=maps))


def test_before_load_it_says_so(room: Conditioning) -> None:
    made = Embedded(GeneratorSettings())
    with pytest.raises(GeneratorError, match="load"):
        made.generate(room)
    with pytest.raises(GeneratorError, match="load"):
        _ = made.identity


def test_missing_and_spoilt_weights_say_what_to_do(tmp_path: Path) -> None:
    def load(folder: Path) -> None:
        Embedded(GeneratorSettings(options={"weights": str(folder)})).load(lambda share, words: None)

    with pytest.raises(GeneratorError, match="weights") as caught:
        load(tmp_path / "nothing")
    assert "install" in caught.value.mend
    shutil.copytree(WEIGHTS, tmp_path / "spoilt")
    (file,) = (tmp_path / "spoilt").glob("network/*.safetensors")
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(GeneratorError, match=r"network.*weights"):
        load(tmp_path / "spoilt")


def test_loading_imports_no_diffusers() -> None:
    code = (
        "from director.generate.backends.embedded import Embedded\n"
        "from director.generate.protocol import GeneratorSettings\n"
        "Embedded(GeneratorSettings()).load(lambda share, words: None)\n"
        "import sys; print(sorted({'diffusers', 'transformers', 'torch._dynamo'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_weights_are_a_diffusers_model_that_draws_the_same(room: Conditioning) -> None:
    made = Embedded(GeneratorSettings(threads=2, dtype="float32"))
    made.load(lambda share, words: None)
    picture = made.generate(room).image
    assert made._interpreter is not None
    directed = made._interpreter.directed(room)
    model = EmbeddedModel.from_pretrained(WEIGHTS / "network", torch_dtype=torch.float32).eval()
    scheduler = OneStepScheduler.from_pretrained(WEIGHTS / "scheduler")
    scheduler.set_timesteps(1)
    drawn = replace(room, maps=as_seen(room.maps))
    light = _light_of(model, drawn, directed.look, piece_rows(directed.rows, room.maps[PIECES]))
    light = scheduler.step(light, int(scheduler.timesteps[0])).prev_sample
    look = torch.from_numpy(directed.look)[None]
    graded = grade(light, look).permute(0, 2, 3, 1).contiguous() * 255
    structure = torch.from_numpy(drawn.maps["structure"])[None]
    expected = smooth_silhouettes(graded, structure)[0].numpy()
    # The backend grades by table, and rounds.
    assert np.abs(picture - expected).max() < 1.6
    with pytest.raises(ValueError, match="one step"):
        scheduler.set_timesteps(2)


def _light_of(
    model: torch.nn.Module, seen: Conditioning, look: NDArray[np.float32], rows: NDArray[np.float32]
) -> torch.Tensor:
    height, width = seen.maps["depth"].shape
    sun = torch.tensor([seen.sun_direction], dtype=torch.float32)
    structure = torch.from_numpy(seen.maps["structure"])[None]
    features, lit = pixel_features(
        torch.from_numpy(seen.maps["depth"])[None],
        torch.from_numpy(seen.maps["normal"])[None].float(),
        torch.from_numpy(seen.maps["shadow"])[None],
        torch.from_numpy(seen.maps["lamplight"])[None].float(),
        structure,
        torch.from_numpy(view_rays(seen.view))[None],
        sun,
        torch.float32,
    )
    pad_y, pad_x = -height % 16, -width % 16
    ids = torch.from_numpy(seen.maps["object"].astype(np.int64))[None]
    index_y = torch.arange(height + pad_y).clamp_max(height - 1)
    index_x = torch.arange(width + pad_x).clamp_max(width - 1)
    with_sky = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), rows])
    with torch.inference_mode():
        drawn: Drawn = model(
            features[:, index_y][:, :, index_x],
            lit[:, index_y][:, :, index_x],
            structure[:, index_y][:, :, index_x],
            ids[:, index_y][:, :, index_x],
            torch.from_numpy(with_sky)[None],
            torch.from_numpy(look)[None],
            sun,
        )
    assert drawn.steady is None
    return drawn.light[:, :, :height, :width]


def test_the_table_of_the_grade_is_the_grade() -> None:
    random = np.random.default_rng(5)
    runtime = Runtime(WEIGHTS, "cpu", "float32", 2)
    light = torch.from_numpy(random.exponential(0.5, (3, 32, 32)).astype(np.float32))
    for _ in range(6):
        look = np.array(list(SCENE_DEFAULT.values()), np.float32)
        first = SCENE.index("exposure")
        look[first : first + 10] = random.random(10)
        exact = grade(light[None], torch.from_numpy(look)[None])[0].permute(1, 2, 0) * 255
        assert float((runtime._graded(light, look).float() - exact).abs().max()) < 1.6


def test_half_way_between_two_directions_lies_a_picture_between(made: Embedded, room: Conditioning) -> None:
    noon, night = replace(room.direction, prompt="sunny noon"), replace(room.direction, prompt="dark night")
    pictures = {
        arrived: made.generate(
            replace(room, direction=replace(night, leaving=noon, arrived=arrived))
        ).image.astype(np.float32)
        for arrived in (0.0, 0.02, 0.5, 1.0)
    }
    ends = [made.generate(replace(room, direction=one)).image.astype(np.float32) for one in (noon, night)]
    assert np.array_equal(pictures[0.0], ends[0])
    assert np.array_equal(pictures[1.0], ends[1])
    whole = np.abs(ends[1] - ends[0]).mean()
    # A small change of mind is a small change of picture.
    assert np.abs(pictures[0.02] - ends[0]).mean() < 0.1 * whole
    for end in ends:
        assert 0.1 * whole < np.abs(pictures[0.5] - end).mean() < 0.9 * whole
