"""Models of one file are the models that they were made of; halves of precision, and variants of files."""

import json
import shutil
from pathlib import Path
from typing import Any

import huggingface_hub.constants as hub
import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.diffusion.downloads import needs
from director.generate.diffusion.load import load_parts
from director.generate.diffusion.preset import preset
from director.generate.protocol import GeneratorSettings
from tests.model.asked import shown
from tests.model.tiny_checkpoint import save_checkpoint
from tests.model.tiny_diffusion import save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("models"))


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)


def _picture(name: str, **options: float | str) -> Any:
    made = generator(name)(GeneratorSettings(threads=1, options={"history": "none", **options}))
    made.load(lambda share, words: None)
    picture = made.generate(shown()).image.astype(int)
    made.close()
    return picture


@pytest.mark.usefixtures("no_hub")
def test_a_file_draws_what_its_folder_draws(file: Path) -> None:
    from_file, from_folder = _picture(str(file)), _picture(str(file.with_suffix("")))
    assert np.array_equal(from_file, from_folder)
    assert from_file.std() > 1
    parts = load_parts(preset(str(file)), torch.device("cpu"), torch.float32, lambda share, words: None)
    whole = load_parts(
        preset(str(file.with_suffix(""))), torch.device("cpu"), torch.float32, lambda share, words: None
    )
    for one, other in ((parts.unet, whole.unet), (parts.vae, whole.vae)):
        theirs = other.state_dict()
        assert all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


def _of_width(folder: Path, width: int) -> Path:
    """A file whose head alone says what it is."""
    made = folder / f"width {width}.safetensors"
    layer = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    save_file({layer: torch.zeros(4, width)}, made)
    return made


@pytest.mark.usefixtures("no_hub")
@pytest.mark.parametrize(
    ("width", "kind", "settings"),
    [
        (768, "sd15-lcm", "stable-diffusion-v1-5/stable-diffusion-v1-5"),
        (1024, "sd-turbo", "stabilityai/sd-turbo"),
        (2048, "sdxl-turbo", "stabilityai/sdxl-turbo"),
    ],
)
def test_a_file_alone_takes_what_there_is_for_its_kind(
    tmp_path: Path, width: int, kind: str, settings: str
) -> None:
    made = _of_width(tmp_path, width)
    chosen, usual = preset(str(made)), preset(kind)
    assert chosen.name == f"width {width}"
    assert chosen.base.settings == settings
    assert chosen.controls == usual.controls
    assert (chosen.scheduler, chosen.steps, chosen.loras) == (usual.scheduler, usual.steps, usual.loras)
    roles = [need.role for need in needs(chosen)]
    assert "settings and words" in roles
    with pytest.raises(GeneratorError, match="not on this machine") as caught:
        generator(str(made))(GeneratorSettings()).load(lambda share, words: None)
    assert settings in str(caught.value)
    assert "director models fetch" in str(caught.value)
    look = tmp_path / "look.json"
    look.write_text(json.dumps({"extends": kind, "base": {"id": made.name}}), encoding="utf-8")
    assert preset(str(look)).base.settings == settings


def test_what_is_no_checkpoint_or_no_safetensors_is_refused(file: Path, tmp_path: Path) -> None:
    pickled = tmp_path / "tiny.ckpt"
    torch.save({}, pickled)
    with pytest.raises(UsageError, match="only safetensors are loaded"):
        generator(str(pickled))
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"\xff" * 40)
    with pytest.raises(GeneratorError, match="cannot be read"):
        generator(str(broken))
    lora = tmp_path / "lora.safetensors"
    save_file({"unet.x.lora_A.weight": torch.zeros(1, 1)}, lora)
    with pytest.raises(GeneratorError, match="lora=FILE"):
        generator(str(lora))
    unknown = _of_width(tmp_path, 16)
    with pytest.raises(GeneratorError, match="no kind that there are settings for"):
        generator(str(unknown))(GeneratorSettings()).load(lambda share, words: None)
    shutil.copytree(file.with_suffix(""), tmp_path / "partly")
    partly = tmp_path / "partly.safetensors"
    for missing, said in (
        ("first_stage", "cannot be loaded"),
        ("model.diffusion_model.middle", "cannot be loaded|lacks .* U-Net"),
        ("cond_stage_model.transformer.text_model.encoder.layers.1", "lacks .* text encoder"),
    ):
        some = {key: value for key, value in load_file(file).items() if not key.startswith(missing)}
        save_file(some, partly)
        with pytest.raises(GeneratorError, match=rf"partly\.safetensors: ({said})"):
            generator(str(partly))(GeneratorSettings()).load(lambda share, words: None)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_nearly_the_same_picture(file: Path, dtype: str) -> None:
    folder = str(file.with_suffix(""))
    whole, half = _picture(folder), _picture(folder, dtype=dtype)
    assert not np.array_equal(whole, half)
    # bfloat16 has eight bits of a number.
    assert np.abs(whole - half).mean() < (1.0 if dtype == "float16" else 5.0)
    made = generator(folder)(GeneratorSettings(options={"dtype": dtype}))
    made.load(lambda share, words: None)
    assert made.identity.dtype == dtype
    with pytest.raises(UsageError, match="one of auto, float32"):
        generator(folder)(GeneratorSettings(options={"dtype": "int8"}))


def test_a_variant_is_loaded_where_it_is_named(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "tiny")
    plain = _picture(str(folder))
    loader: Any = UNet2DConditionModel
    unet = loader.from_pretrained(folder / "unet")
    with torch.no_grad():
        unet.conv_in.weight.mul_(1.5)
    unet.save_pretrained(folder / "unet", variant="fp16")
    text = folder / "text_encoder"
    shutil.copy(text / "model.safetensors", text / "model.fp16.safetensors")
    vae = folder / "vae"
    weights = "diffusion_pytorch_model"
    shutil.copy(vae / f"{weights}.safetensors", vae / f"{weights}.fp16.safetensors")
    assert np.array_equal(_picture(str(folder)), plain)
    assert not np.array_equal(_picture(str(folder), variant="fp16"), plain)
    with pytest.raises(GeneratorError, match="tiny/unet"):
        _picture(str(folder), variant="bf16")
