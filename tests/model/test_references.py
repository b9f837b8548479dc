"""Reference pictures: heard as diffusers hears them, over the scene or an object; refused elsewhere."""

import shutil
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.image_processor import IPAdapterMaskProcessor
from PIL import Image
from safetensors.torch import load_file, save_file

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.diffusion.attention import DirectedAttention
from director.generate.diffusion.downloads import needs
from director.generate.diffusion.load import digest
from director.generate.diffusion.preset import ReferenceChoice, Source, preset, preset_names
from director.generate.diffusion.references import References, read_adapter, shares_of
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from director.generate.protocol import GeneratorSettings
from director.types import Direction
from tests.model.asked import shown
from tests.model.tiny_adapter import save_adapter, save_picture
from tests.model.tiny_diffusion import CONTROLS, save_tiny
from tests.model.tiny_pipelines import HEIGHT, WEIGHTS, WIDTH, inputs, latents_of, parts_of, pipeline_of

pytestmark = pytest.mark.usefixtures("one_thread")

_PROMPTS = ("golden hour", "fog")
_LATENT = (HEIGHT // 2, WIDTH // 2)


@pytest.fixture(scope="module", params=["sd", "xl"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp(request.param), is_xl=request.param == "xl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp("one"))


def _saved(place: Path, is_xl: bool = False) -> Path:
    made = save_tiny(place / "tiny", is_xl=is_xl)
    plain = preset(str(made))
    assert plain.reference is None
    save_adapter(made, parts_of(made).unet)
    for seed in range(3):
        save_picture(place / f"{seed}.png", seed)
    return made


def _ours(parts: Any, masked: list[tuple[list[str], Any, float]], guidance: float) -> torch.Tensor:
    picture, controls = inputs()
    words, references = Words(parts), References(parts.adapter)
    with torch.inference_mode():
        initial = parts.vae.encode(picture * 2 - 1).latents * parts.vae.config.scaling_factor
    heard = [
        references.heard(paths, shares_of(mask, _LATENT, 2, weight, parts.device, parts.dtype))
        for paths, mask, weight in masked
    ]
    return Stream(parts, StreamSettings(2, guidance)).latents(
        torch.randn(initial.shape, generator=torch.Generator().manual_seed(5)),
        words.embedding(_PROMPTS[0]),
        [Control(name, controls[name], WEIGHTS[name]) for name in CONTROLS],
        initial,
        1.0,
        words.embedding(_PROMPTS[1]),
        references=heard,
    )


def _pipeline(both: Path) -> Any:
    pipeline = pipeline_of(parts_of(both, "ddim", reference=None))
    pipeline.load_ip_adapter(
        str(both), subfolder="", weight_name="ip_adapter.safetensors", image_encoder_folder="image_encoder"
    )
    return pipeline


@pytest.mark.parametrize("guidance", [1.0, 2.5])
def test_pictures_over_the_whole_are_heard_as_diffusers_hears_them(both: Path, guidance: float) -> None:
    paths = [str(both.parent / f"{seed}.png") for seed in range(2)]
    pipeline = _pipeline(both)
    pipeline.set_ip_adapter_scale(0.7)
    pictures = [[Image.open(path) for path in paths]]
    theirs = latents_of(pipeline, _PROMPTS, 2, 1.0, guidance, ip_adapter_image=pictures)
    parts = parts_of(both, "ddim")
    whole = torch.ones(HEIGHT, WIDTH)
    ours = _ours(parts, [(paths, whole, 0.7)], guidance)
    assert float((ours - theirs).abs().max()) < 1e-4
    without = _ours(parts, [], guidance)
    assert float((ours - without).abs().max()) > 1e-3
    assert torch.equal(_ours(parts, [(paths, whole, 0.0)], guidance), without)
    # And nothing is left of an adapter where it is not spoken to.
    assert torch.equal(without, _ours_without(both, guidance))


def _ours_without(both: Path, guidance: float) -> torch.Tensor:
    parts = parts_of(both, "ddim", reference=None)
    assert parts.adapter is None
    with_adapter = parts_of(both, "ddim")
    return _ours(replace(parts, adapter=with_adapter.adapter), [], guidance)


def test_a_plus_adapter_hears_every_patch(folder: Path, tmp_path: Path) -> None:
    plus = tmp_path / "tiny"
    shutil.copytree(folder, plus)
    save_adapter(plus, parts_of(plus, reference=None).unet, hears_patches=True)
    path = str(folder.parent / "0.png")
    pipeline = _pipeline(plus)
    pipeline.set_ip_adapter_scale(0.7)
    theirs = latents_of(pipeline, _PROMPTS, 2, 1.0, 2.5, ip_adapter_image=[Image.open(path)])
    parts = parts_of(plus, "ddim")
    assert parts.adapter.hears_patches
    assert float((_ours(parts, [([path], torch.ones(HEIGHT, WIDTH), 0.7)], 2.5) - theirs).abs().max()) < 1e-4


def test_pictures_of_regions_are_heard_as_diffusers_hears_them(both: Path) -> None:
    paths = [str(both.parent / f"{seed}.png") for seed in range(2)]
    masks = torch.zeros(2, HEIGHT, WIDTH)
    masks[0, :, : WIDTH // 3] = 1
    masks[1, HEIGHT // 2 :, WIDTH // 2 :] = 1
    pipeline = _pipeline(both)
    pipeline.set_ip_adapter_scale([[0.9, 0.4]])
    processor: Any = IPAdapterMaskProcessor()
    theirs = latents_of(
        pipeline,
        _PROMPTS,
        2,
        1.0,
        2.0,
        ip_adapter_image=[[Image.open(path) for path in paths]],
        cross_attention_kwargs={
            "ip_adapter_masks": [
                processor.preprocess(masks[:, None], HEIGHT, WIDTH).reshape(1, 2, HEIGHT, WIDTH)
            ]
        },
    )
    ours = _ours(parts_of(both, "ddim"), [([paths[0]], masks[0], 0.9), ([paths[1]], masks[1], 0.4)], 2.0)
    assert float((ours - theirs).abs().max()) < 1e-4


def _loaded(folder: Path, **options: float | str) -> Any:
    made = generator(str(folder))(GeneratorSettings(threads=1, options={"history": "none", **options}))
    made.load(lambda share, words: None)
    return made


def test_a_scene_and_its_objects_have_pictures_of_their_own(folder: Path) -> None:
    asked, paths = shown(), [str(folder.parent / f"{seed}.png") for seed in range(3)]
    plain = Direction("golden hour", seed=1)

    def drawn(made: Any, **said: Any) -> Any:
        return made.generate(replace(asked, direction=replace(plain, **said))).image.astype(int)

    made = _loaded(folder)
    none = drawn(made)
    first, second = (drawn(made, references=(path,)) for path in paths[:2])
    assert not np.array_equal(first, none)
    assert not np.array_equal(first, second)
    assert not np.array_equal(drawn(made, references=tuple(paths[:2])), first)
    assert np.array_equal(drawn(made, references=(paths[0],), look={"reference": 0.0}), none)
    assert np.array_equal(drawn(made, references=(paths[0],), strengths={0: 0.0}), none)
    # On the way from one to the other: ends on its ends.
    leaving = replace(plain, references=(paths[0],))
    assert np.array_equal(drawn(made, references=(paths[1],), leaving=leaving, arrived=1.0), second)
    half = drawn(made, references=(paths[1],), leaving=leaving, arrived=0.5)
    assert not np.array_equal(half, first)
    assert not np.array_equal(half, second)
    same = drawn(made, references=(paths[0],), leaving=leaving, arrived=0.3)
    assert np.abs(same - first).max() <= 1
    boxed = _loaded(folder, references=f"box={paths[0]}")
    changed = np.abs(drawn(boxed) - none).mean(-1)
    inside = asked.maps["object"] == 2
    assert changed[inside].mean() > 2 * changed[:, 30:].mean()
    assert np.array_equal(drawn(boxed, strengths={2: 0.0}), none)
    # Its own picture takes the place of the scene's there.
    both = np.abs(drawn(boxed, references=(paths[1],)) - second).mean(-1)
    assert both[inside].mean() > 2 * both[:, 30:].mean()
    stray = _loaded(folder, references=f"car={paths[0]}").generate(replace(asked, direction=plain))
    assert np.array_equal(stray.image, none)
    assert stray.not_understood == ("reference of car",)


def test_live_a_picture_is_heard_when_it_is_encoded(folder: Path) -> None:
    asked, path = shown(), str(folder.parent / "0.png")
    new = replace(asked, direction=replace(asked.direction, references=(path,)))
    live = _loaded(folder, live=1)
    before, after = live.generate(asked).image, _loaded(folder).generate(new).image
    begun, may_go_on = Event(), Event()

    def wait(*_: object) -> None:
        begun.set()
        assert may_go_on.wait(60)

    handle = live._parts.adapter.encoder.register_forward_pre_hook(wait)
    try:
        assert np.array_equal(live.generate(new).image, before)
        assert begun.wait(60)
        assert np.array_equal(live.generate(new).image, before)
    finally:
        may_go_on.set()
        handle.remove()
    live.reset()
    assert np.array_equal(live.generate(new).image, after)
    live.close()


def test_where_there_is_no_adapter_pictures_are_refused(folder: Path, tmp_path: Path) -> None:
    asked, path = shown(), str(folder.parent / "0.png")
    bare = save_tiny(tmp_path / "bare")
    referring = replace(asked, direction=replace(asked.direction, references=(path,)))
    with pytest.raises(GeneratorError, match="has no IP-Adapter: its base cannot hear") as caught:
        _loaded(bare).generate(referring)
    assert "sd15-lcm" in str(caught.value)
    with pytest.raises(GeneratorError, match="has no IP-Adapter"):
        _loaded(bare, references=f"box={path}")
    (folder / "director.json").write_text('{"reference": {"by_default": false}}', encoding="utf-8")
    try:
        with pytest.raises(GeneratorError, match="has not loaded its IP-Adapter"):
            _loaded(folder).generate(referring)
    finally:
        (folder / "director.json").unlink()
    with pytest.raises(UsageError, match="not OBJECT=PATH"):
        _loaded(folder, references="rust.png")
    with pytest.raises(GeneratorError, match="no such reference picture"):
        _loaded(folder).generate(replace(asked, direction=replace(asked.direction, references=("gone.png",))))
    words = tmp_path / "words.png"
    words.write_text("no picture", encoding="utf-8")
    with pytest.raises(GeneratorError, match="cannot be read as a reference picture"):
        _loaded(folder).generate(replace(asked, direction=replace(asked.direction, references=(str(words),))))


def test_an_adapter_of_another_base_or_kind_is_refused(folder: Path, tmp_path: Path) -> None:
    parts = parts_of(folder, reference=None)

    def read(file: Path, encoder: Path = folder / "image_encoder") -> None:
        choice = ReferenceChoice(source=Source(id=str(file)), encoder=Source(id=str(encoder)))
        read_adapter(choice, parts.unet, parts.device, parts.dtype)

    own = folder / "ip_adapter.safetensors"
    other = parts_of(save_tiny(tmp_path / "xl", is_xl=True))
    with pytest.raises(GeneratorError, match=r"another base: keys of .* are \(16, 32\) there"):
        read(save_adapter(tmp_path, other.unet, encoder_beside=False))
    pickled = tmp_path / "ip_adapter.bin"
    torch.save({}, pickled)
    with pytest.raises(GeneratorError, match="no safetensors"):
        read(pickled)
    faces = tmp_path / "faces.safetensors"
    kept = {key: value for key, value in load_file(own).items() if not key.startswith("image_proj")}
    save_file({**kept, "image_proj.proj.0.weight": torch.zeros(2, 2)}, faces)
    with pytest.raises(GeneratorError, match="reads faces"):
        read(faces)
    with pytest.raises(GeneratorError, match="is not there"):
        read(tmp_path / "gone.safetensors")
    shutil.copytree(folder / "image_encoder", tmp_path / "encoder")
    (tmp_path / "encoder" / "model.safetensors").unlink()
    with pytest.raises(GeneratorError, match=r"image encoder .* cannot be loaded"):
        read(own, tmp_path / "encoder")
    # What was refused has changed nothing.
    assert not any(isinstance(one, DirectedAttention) for one in parts.unet.attn_processors.values())


def test_a_take_tells_which_adapter_it_was(folder: Path) -> None:
    assert digest(parts_of(folder)) != digest(parts_of(folder, reference=None))


def test_presets_name_an_adapter_where_one_is_published() -> None:
    for name in preset_names():
        chosen = preset(name)
        # None was found for SD 2.
        has_one = chosen.architecture is not None and chosen.architecture.cross_attention_width != 1024
        assert (chosen.reference is not None) == has_one
        assert chosen.adapter is None
        if has_one:
            taken = preset(f"{name}+reference")
            assert taken.adapter is not None
            roles = {need.role: need for need in needs(taken)}
            assert roles["IP-Adapter"].probes[0].endswith(".safetensors")
            assert "models/image_encoder/config.json" in roles["image encoder"].probes
        else:
            with pytest.raises(UsageError, match="has no 'reference'"):
                preset(f"{name}+reference")
