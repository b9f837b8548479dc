"""The diffusion backend on tiny real models: controls are heard, words kept, what is wrong refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
import torch

from director.direction.evaluate import direction_at
from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.diffusion.controls import control_picture
from director.generate.diffusion.load import check_architecture, check_memory, load_parts
from director.generate.diffusion.preset import Preset, preset, preset_names
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words, between
from director.generate.protocol import Generator, GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick
from tests.model.tiny_diffusion import CONTROLS, save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_SIZE = (96, 54)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


def _silent(share: float, words: str) -> None:
    pass


def _parts(folder: Path, **changes: Any) -> Any:
    chosen = preset(str(folder)).model_copy(update=changes)
    return load_parts(chosen, torch.device("cpu"), torch.float32, _silent)


def _loaded(folder: Path, **options: float | str) -> Generator:
    made = generator(str(folder))(GeneratorSettings(threads=1, options=options))
    made.load(_silent)
    return made


def _asked(
    gl: moderngl.Context, times_s: list[float], prompt: str = "golden hour", move: str = "dolly-in"
) -> list[Conditioning]:
    compiled = CompiledScene(load_scene("living_room"))
    maps = generator("diffusion").maps
    conditioner = Conditioner(gl, compiled, *_SIZE, maps)
    made = []
    for index, time_s in enumerate(times_s):
        direction = direction_at(prompt, {}, compiled.objects, 3, time_s)
        camera = compiled.move(move).camera_at(time_s, compiled.locate)
        conditioner.draw(Tick(index, time_s, 1 / 24 if index else 0.0), camera, direction)
        taken = conditioner.take()
        assert taken is not None
        made.append(taken)
    conditioner.release()
    return made


def test_every_control_is_heard_and_a_weight_of_nothing_is_no_control(folder: Path) -> None:
    parts = _parts(folder)
    stream, words = Stream(parts, StreamSettings(2)), Words(parts)
    random = torch.Generator().manual_seed(1)
    noise = torch.randn(1, 4, 16, 24, generator=random)
    pictures = {name: torch.rand(1, 3, 32, 48, generator=random) for name in CONTROLS}

    def drawn(weights: dict[str, float], changed: str = "") -> torch.Tensor:
        controls = [
            Control(name, 1 - pictures[name] if name == changed else pictures[name], weight)
            for name, weight in weights.items()
        ]
        return stream.latents(noise, words.embedding("fog"), controls)

    both = drawn({"depth": 1.0, "segmentation": 0.8})
    for name in CONTROLS:
        assert float((drawn({"depth": 1.0, "segmentation": 0.8}, name) - both).abs().max()) > 1e-3
    assert torch.equal(drawn({"depth": 0.0, "segmentation": 0.0}), drawn({}))
    assert torch.equal(drawn({"depth": 1.0, "segmentation": 0.0}), drawn({"depth": 1.0}))


def test_each_pass_reaches_the_picture(gl: moderngl.Context, folder: Path) -> None:
    backend = _loaded(folder, history="none")
    asked = _asked(gl, [1.0])[0]
    whole = backend.generate(asked).image.astype(int)
    for name in ("depth", "object", "latent-noise"):
        turned = asked.maps[name][:, ::-1].copy()
        other = replace(asked, maps={**asked.maps, name: turned})
        assert np.abs(backend.generate(other).image - whole).max() > 0, name
    again = backend.generate(replace(asked, direction=replace(asked.direction, prompt="thick fog")))
    assert np.abs(again.image - whole).max() > 0


def test_control_pictures_out_of_range_are_refused(gl: moderngl.Context) -> None:
    asked = _asked(gl, [1.0])[0]
    broken = asked.maps["normal"].copy()
    broken[0, 0] = np.nan
    with pytest.raises(GeneratorError, match="normal"):
        control_picture("normal", replace(asked, maps={**asked.maps, "normal": broken}))
    small = asked.maps["normal"][:20]
    with pytest.raises(GeneratorError, match="96×20"):
        control_picture("normal", replace(asked, maps={**asked.maps, "normal": small}))
    strays = asked.maps["object"].copy()
    strays[0, 0] = 9999
    with pytest.raises(GeneratorError, match="9999"):
        control_picture("segmentation", replace(asked, maps={**asked.maps, "object": strays}))
    with pytest.raises(GeneratorError, match="no control 'scribble'"):
        control_picture("scribble", asked)
    with pytest.raises(GeneratorError, match="lacks depth"):
        control_picture("depth", replace(asked, maps={}))


def test_words_are_encoded_once_and_blends_end_on_their_ends(folder: Path) -> None:
    words = Words(_parts(folder))
    first, second = words.embedding("golden hour"), words.embedding("thick fog")
    assert words.embedding("golden hour") is first
    assert words.knows("thick fog")
    assert not words.knows("snow")
    assert between(first, second, 0.0) is first
    assert between(first, second, 1.0) is second
    half = between(first, second, 0.5).tokens
    lengths = half.norm(dim=-1)
    mean = (first.tokens.norm(dim=-1) + second.tokens.norm(dim=-1)) / 2
    # Along the circle a blend is as long as its ends, where a straight one is shorter.
    assert float((lengths - mean).abs().max()) < 1e-4
    near = between(first, second, 1e-4).tokens
    assert float((near - first.tokens).abs().max()) < 1e-2
    for number in range(80):
        words.embedding(f"fog {number}")
    assert len(words) == 64


def test_a_change_that_takes_its_time_begins_and_ends_on_its_ends(gl: moderngl.Context, folder: Path) -> None:
    backend = _loaded(folder, history="none")
    asked = _asked(gl, [1.0])[0]
    old, new = Direction("golden hour"), Direction("thick fog")
    ends = [backend.generate(replace(asked, direction=end)).image for end in (old, new)]
    for arrived, end in ((0.0, ends[0]), (1.0, ends[1])):
        there = replace(new, leaving=old, arrived=arrived)
        assert np.array_equal(backend.generate(replace(asked, direction=there)).image, end)


def test_a_still_scene_settles_and_a_moving_one_is_carried(gl: moderngl.Context, folder: Path) -> None:
    moving = _asked(gl, [1.0 + index / 24 for index in range(4)])
    carried = _loaded(folder, steps=4, strength=0.5)
    alone = _loaded(folder, steps=4, history="none")
    first = carried.generate(moving[0]).image
    assert np.array_equal(first, alone.generate(moving[0]).image)
    # With a history the next picture is another than without, and deterministic.
    second = carried.generate(moving[1]).image
    assert not np.array_equal(second, alone.generate(moving[1]).image)
    carried.reset()
    assert np.array_equal(carried.generate(moving[0]).image, first)
    assert np.array_equal(carried.generate(moving[1]).image, second)
    carried.reset()
    assert np.array_equal(carried.generate(moving[1]).image, alone.generate(moving[1]).image)


def test_strength_goes_by_pixel(folder: Path) -> None:
    parts = _parts(folder)
    stream, words = Stream(parts, StreamSettings(4)), Words(parts)
    random = torch.Generator().manual_seed(2)
    noise, known = (torch.randn(1, 4, 16, 24, generator=random) for _ in range(2))
    strength = torch.zeros(1, 1, 16, 24)
    strength[..., 12:] = 1.0
    made = stream.latents(noise, words.embedding(""), [], known, strength)
    assert torch.equal(made[..., :12], known[..., :12])
    assert float((made[..., 12:] - known[..., 12:]).abs().mean()) > 0.1
    assert torch.equal(stream.latents(noise, words.embedding(""), [], known, 0.0), known)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("steps", 0, "steps"), ("strength", "much", "not a number"), ("noise", "pink", "anchored")],
)
def test_options_that_cannot_be_are_refused(folder: Path, option: str, value: float | str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        generator(str(folder))(GeneratorSettings(options={option: value}))


def test_a_diffusion_generator_needs_a_model() -> None:
    with pytest.raises(UsageError, match="names no model"):
        generator("diffusion")(GeneratorSettings())
    with pytest.raises(UsageError, match="path of a diffusion model"):
        generator("no/such/folder")


def test_a_controlnet_of_another_base_is_refused(folder: Path, tmp_path: Path) -> None:
    other = save_tiny(tmp_path / "other", is_xl=True)
    mixed = preset(str(folder))
    controls = {**mixed.controls, "depth": preset(str(other)).controls["depth"]}
    chosen = mixed.model_copy(update={"controls": controls})
    with pytest.raises(GeneratorError, match="was made for another base") as caught:
        load_parts(chosen, torch.device("cpu"), torch.float32, _silent)
    assert "ControlNet of depth" in str(caught.value)


def test_pickled_weights_are_not_loaded(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "pickled"
    shutil.copytree(folder, copy)
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(GeneratorError, match="safetensors"):
        _parts(copy)


def test_a_folder_that_lacks_a_part_says_which(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "partly"
    shutil.copytree(folder, copy)
    shutil.rmtree(copy / "vae")
    with pytest.raises(GeneratorError, match="partly/vae"):
        _parts(copy)


def test_a_preset_in_a_folder_is_read_and_its_mistakes_are_told(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "own"
    shutil.copytree(folder, copy)
    (copy / "director.json").write_text(json.dumps({"steps": 3, "scheduler": "lcm"}), encoding="utf-8")
    assert preset(str(copy)).steps == 3
    (copy / "director.json").write_text(json.dumps({"steps": 300}), encoding="utf-8")
    with pytest.raises(GeneratorError, match="steps"):
        preset(str(copy))
    (copy / "director.json").write_text("{", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"director\.json"):
        preset(str(copy))


# Channels, layers and the width of text, as each model's configuration is published.
@pytest.mark.parametrize(
    ("name", "channels", "text"),
    [
        ("sd-turbo", (320, 640, 1280, 1280), 1024),
        ("lcm-dreamshaper", (320, 640, 1280, 1280), 768),
        ("sdxl-turbo", (320, 640, 1280), 2048),
    ],
)
def test_presets_have_their_published_architecture(name: str, channels: tuple[int, ...], text: int) -> None:
    chosen = preset(name)
    assert chosen.architecture is not None
    assert chosen.architecture.unet_channels == channels
    assert chosen.architecture.cross_attention_width == text
    assert chosen.controls["depth"].weight > 0
    assert name in preset_names()


def test_another_architecture_than_a_presets_is_refused(folder: Path) -> None:
    parts = _parts(folder)
    chosen: Preset = preset("sd-turbo")
    with pytest.raises(GeneratorError, match="1024"):
        check_architecture(parts.unet, chosen)


def test_what_is_not_on_this_machine_is_said_at_once_with_its_size() -> None:
    backend = generator("sd-turbo")(GeneratorSettings())
    with pytest.raises(GeneratorError, match="director models fetch sd-turbo") as caught:
        backend.load(_silent)
    assert "3.9 GB" in str(caught.value)


def test_a_card_too_small_is_told_what_fits() -> None:
    check_memory(preset("sdxl-turbo"), 24.0)
    with pytest.raises(GeneratorError, match="sd-turbo") as caught:
        check_memory(preset("sdxl-turbo"), 8.0)
    assert "8.0 GB are free" in str(caught.value)
    with pytest.raises(GeneratorError, match="take embedded"):
        check_memory(preset("sd-turbo"), 2.0)
