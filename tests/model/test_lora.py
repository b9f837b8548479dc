"""LoRAs: as diffusers and PEFT put them in, turned up and down while it runs, refused where none fits."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.diffusion.load import digest
from director.generate.diffusion.lora import read_lora
from director.generate.diffusion.preset import LoraChoice, Source, preset
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from director.generate.protocol import GeneratorSettings
from director.types import Conditioning, Direction
from tests.model.asked import shown
from tests.model.tiny_diffusion import CONTROLS, save_tiny
from tests.model.tiny_loras import save_kohya, save_lora
from tests.model.tiny_pipelines import WEIGHTS, inputs, latents_of, parts_of, pipeline_of

pytestmark = pytest.mark.usefixtures("one_thread")

_PROMPTS = ("golden hour", "fog")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_lora(tmp_path_factory.mktemp("oil"), parts_of(folder), 1)


def _with(folder: Path, **loras: Path) -> Any:
    chosen = {name: LoraChoice(source=Source(id=str(path))) for name, path in loras.items()}
    return parts_of(folder, "ddim", loras=chosen)


def _ours(parts: Any) -> torch.Tensor:
    picture, controls = inputs()
    words = Words(parts)
    with torch.inference_mode():
        initial = parts.vae.encode(picture * 2 - 1).latents * parts.vae.config.scaling_factor
    return Stream(parts, StreamSettings(3, 2.0)).latents(
        torch.randn(initial.shape, generator=torch.Generator().manual_seed(5)),
        words.embedding(_PROMPTS[0]),
        [Control(name, controls[name], WEIGHTS[name]) for name in CONTROLS],
        initial,
        1.0,
        words.embedding(_PROMPTS[1]),
    )


@pytest.mark.parametrize("is_xl", [False, True])
def test_two_at_their_weights_are_what_diffusers_and_peft_make_of_them(tmp_path: Path, is_xl: bool) -> None:
    model = save_tiny(tmp_path / "tiny", is_xl=is_xl)
    plain = parts_of(model, "ddim")
    files = {
        "oil": save_lora(tmp_path / "a", plain, 1),
        "ink": save_lora(tmp_path / "b", plain, 2, alpha=2),
    }
    weights = {"oil": 0.7, "ink": -0.4}
    parts = _with(model, **files)
    before = _ours(parts)
    parts.loras.put_in(weights)
    ours = _ours(parts)
    pipeline = pipeline_of(plain)
    for name, path in files.items():
        pipeline.load_lora_weights(str(path), adapter_name=name)
    pipeline.set_adapters(list(weights), list(weights.values()))
    theirs = latents_of(pipeline, _PROMPTS, 3, 1.0, 2.0)
    assert float((theirs - ours).abs().max()) < 1e-4
    assert float((ours - before).abs().max()) > 1e-2


def test_kohyas_names_and_alphas_are_read(folder: Path, file: Path, tmp_path: Path) -> None:
    kohya = save_kohya(tmp_path / "kohya.safetensors", file, 5.0)
    made = []
    for path in (file, kohya):
        parts = _with(folder, oil=path)
        parts.loras.put_in({"oil": 1.0})
        made.append(_ours(parts))
    assert float((made[0] - made[1]).abs().max()) < 1e-6
    assert parts.loras.change_words


def test_at_nothing_there_is_none_and_the_way_there_leaves_nothing(folder: Path, file: Path) -> None:
    parts = _with(folder, oil=file)
    without = _ours(parts_of(folder, "ddim"))
    assert torch.equal(_ours(parts), without)
    parts.loras.put_in({"oil": 0.3})
    some = _ours(parts)
    parts.loras.put_in({"oil": 1.7})
    assert not torch.equal(_ours(parts), some)
    parts.loras.put_in({"oil": 0.3})
    assert torch.equal(_ours(parts), some)
    parts.loras.put_in({"oil": 0.0})
    assert torch.equal(_ours(parts), without)
    # A take's hash tells which files there are, not how far they are turned up.
    told = digest(parts)
    parts.loras.put_in({"oil": 1.0})
    assert digest(parts) == told
    assert told != digest(parts_of(folder, "ddim"))


def test_it_is_turned_up_while_it_runs(folder: Path, file: Path) -> None:
    asked = shown()
    made = generator(str(folder))(
        GeneratorSettings(threads=1, options={"lora": f"{file}:0", "history": "none"})
    )
    made.load(lambda share, words: None)

    def drawn(direction: Direction) -> Any:
        conditioning: Conditioning = replace(asked, direction=direction)
        return made.generate(conditioning)

    name = f"lora-{file.stem}"
    off, on = Direction("golden hour"), Direction("golden hour", look={name: 1.0})
    plain, whole = drawn(off).image, drawn(on).image
    assert not np.array_equal(plain, whole)
    half = drawn(Direction("golden hour", look={name: 0.5})).image
    assert np.array_equal(drawn(replace(on, leaving=off, arrived=0.5)).image, half)
    assert np.array_equal(drawn(off).image, plain)
    assert drawn(off).not_understood == ()
    stray = drawn(Direction("golden hour", look={"lora-ink": 1.0, "control-depth": 1.0, "exposure": 0.4}))
    assert stray.not_understood == ("lora-ink",)
    assert np.array_equal(stray.image, plain)
    made.close()


def test_a_preset_and_an_option_name_them(folder: Path, file: Path) -> None:
    told: Any = generator(str(folder))(GeneratorSettings(options={"lora": f"{file}:0.5, other/ink"}))
    loras = told.preset.loras
    assert {name: choice.weight for name, choice in loras.items()} == {file.stem: 0.5, "ink": 1.0}
    with pytest.raises(UsageError, match="lora: 7 is outside"):
        generator(str(folder))(GeneratorSettings(options={"lora": f"{file}:7"}))


def test_one_of_another_base_is_refused_in_a_line(folder: Path, file: Path, tmp_path: Path) -> None:
    other = parts_of(save_tiny(tmp_path / "xl", is_xl=True))
    parts = parts_of(folder)
    of_other = save_lora(tmp_path / "of xl", other, 3, words=False)
    with pytest.raises(GeneratorError, match="made for another base") as caught:
        read_lora(Source(id=str(of_other)), parts)
    assert "(3, 32) there" not in str(caught.value)
    assert ") there, (" in str(caught.value)
    assert "\n" not in str(caught.value)
    with_words = save_lora(tmp_path / "words too", other, 3)
    with pytest.raises(GeneratorError, match="another base"):
        read_lora(Source(id=str(with_words)), parts)
    foreign = tmp_path / "foreign.safetensors"
    save_file({"transformer.blocks.0.lora_A.weight": torch.ones(2, 4)}, foreign)
    with pytest.raises(GeneratorError, match="it changes transformer"):
        read_lora(Source(id=str(foreign)), parts)


def test_what_is_no_plain_safetensors_is_refused(folder: Path, file: Path, tmp_path: Path) -> None:
    parts = parts_of(folder)
    pickled = tmp_path / "oil.bin"
    torch.save(load_file(file), pickled)
    with pytest.raises(GeneratorError, match="only safetensors are loaded"):
        read_lora(Source(id=str(pickled)), parts)
    with pytest.raises(GeneratorError, match="is not there"):
        read_lora(Source(id=str(tmp_path / "gone.safetensors")), parts)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no header at all")
    with pytest.raises(GeneratorError, match="cannot be read"):
        read_lora(Source(id=str(broken)), parts)
    scaled = tmp_path / "dora.safetensors"
    some = load_file(file)
    layer = next(key for key in some if ".lora_A" in key).split(".lora_A")[0]
    save_file({**some, f"{layer}.lora_magnitude_vector": torch.ones(8)}, scaled)
    with pytest.raises(GeneratorError, match="a DoRA"):
        read_lora(Source(id=str(scaled)), parts)
    two = tmp_path / "two"
    two.mkdir()
    with pytest.raises(GeneratorError, match="has no safetensors"):
        read_lora(Source(id=str(two)), parts)
    for name in ("a", "b"):
        shutil.copy(file, two / f"{name}.safetensors")
    with pytest.raises(GeneratorError, match="has 2 files"):
        read_lora(Source(id=str(two)), parts)
    assert read_lora(Source(id=str(two), file="a.safetensors"), parts).changes
    with pytest.raises(GeneratorError, match="not on this machine"):
        read_lora(Source(id="team/oil"), parts)


def test_a_file_of_data_is_laid_over_what_it_extends(folder: Path, file: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "tiny")
    shutil.copy(file, tmp_path / "oil.safetensors")
    look = tmp_path / "look.json"
    look.write_text(
        '{"extends": "tiny", "steps": 3, "controls": {"segmentation": null},'
        ' "loras": {"oil": {"source": {"id": "oil.safetensors"}, "weight": 0.4}}}',
        encoding="utf-8",
    )
    chosen = preset(str(look))
    assert chosen.name == "look"
    assert chosen.steps == 3
    assert list(chosen.controls) == ["depth"]
    assert chosen.loras["oil"].source.id == str(tmp_path / "oil.safetensors")
    made = generator(str(look))(GeneratorSettings(threads=1))
    assert made.name == str(look)
    made.load(lambda share, words: None)
    assert made.generate(shown()).image.std() > 1
    look.write_text('{"extends": "sd-turbo", "steps": 4}', encoding="utf-8")
    assert preset(str(look)).base.id == "stabilityai/sd-turbo"
    (tmp_path / "second.json").write_text('{"extends": "look.json"}', encoding="utf-8")
    with pytest.raises(GeneratorError, match="not another file of data"):
        preset(str(tmp_path / "second.json"))
    look.write_text("[]", encoding="utf-8")
    with pytest.raises(GeneratorError, match="no object of data"):
        preset(str(look))
