"""Our stream against diffusers' own pipelines, at settings where the two must agree."""

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    StableDiffusionControlNetImg2ImgPipeline,
    StableDiffusionXLControlNetImg2ImgPipeline,
)
from diffusers.models.controlnets.multicontrolnet import MultiControlNetModel

from director.generate.diffusion.load import load_parts
from director.generate.diffusion.preset import preset
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from tests.model.tiny_diffusion import CONTROLS, save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_HEIGHT, _WIDTH = 32, 48
_WEIGHTS = {"depth": 0.9, "segmentation": 0.6}
_PROMPT, _NEGATIVE = "golden hour", "fog"


@pytest.fixture(scope="module", params=["sd", "xl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp(request.param), is_xl=request.param == "xl")


def _parts(folder: Path, scheduler: str) -> Any:
    chosen = preset(str(folder)).model_copy(update={"scheduler": scheduler})
    return load_parts(chosen, torch.device("cpu"), torch.float32, lambda share, words: None)


def _pipeline(parts: Any) -> Any:
    nets = MultiControlNetModel([parts.controls[name] for name in CONTROLS])
    shared = {"vae": parts.vae, "unet": parts.unet, "controlnet": nets, "scheduler": parts.scheduler}
    if parts.is_xl:
        kind: Any = StableDiffusionXLControlNetImg2ImgPipeline
        made: Any = kind(
            **shared,
            tokenizer=parts.tokenizers[0],
            tokenizer_2=parts.tokenizers[1],
            text_encoder=parts.text_encoders[0],
            text_encoder_2=parts.text_encoders[1],
            force_zeros_for_empty_prompt=False,
            add_watermarker=False,
        )
    else:
        kind = StableDiffusionControlNetImg2ImgPipeline
        made = kind(
            **shared,
            tokenizer=parts.tokenizers[0],
            text_encoder=parts.text_encoders[0],
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    made.set_progress_bar_config(disable=True)
    return made


def _inputs() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    random = torch.Generator().manual_seed(11)
    picture = torch.rand(1, 3, _HEIGHT, _WIDTH, generator=random)
    controls = {name: torch.rand(1, 3, _HEIGHT, _WIDTH, generator=random) for name in CONTROLS}
    return picture, controls


# Between steps LCM and TCD add noise: ours sticks to surfaces, theirs does not.
@pytest.mark.parametrize(
    ("scheduler", "steps", "strength", "guidance"),
    [
        ("ddim", 1, 1.0, 1.0),
        ("ddim", 4, 0.5, 1.0),
        ("ddim", 3, 1.0, 3.0),
        ("euler", 4, 0.5, 1.0),
        ("euler", 2, 1.0, 3.0),
        ("lcm", 1, 1.0, 1.0),
        ("tcd", 1, 1.0, 2.0),
    ],
)
def test_a_stream_is_the_pipeline_of_diffusers(
    folder: Path, scheduler: str, steps: int, strength: float, guidance: float
) -> None:
    parts = _parts(folder, scheduler)
    picture, controls = _inputs()
    pipeline = _pipeline(parts)
    theirs = pipeline(
        prompt=_PROMPT,
        negative_prompt=_NEGATIVE,
        image=picture,
        control_image=[controls[name] for name in CONTROLS],
        controlnet_conditioning_scale=[_WEIGHTS[name] for name in CONTROLS],
        height=_HEIGHT,
        width=_WIDTH,
        num_inference_steps=steps,
        strength=strength,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(5),
        output_type="latent",
    ).images
    words = Words(parts)
    with torch.inference_mode():
        initial = parts.vae.encode(picture * 2 - 1).latents * parts.vae.config.scaling_factor
    ours = Stream(parts, StreamSettings(steps, guidance)).latents(
        torch.randn(initial.shape, generator=torch.Generator().manual_seed(5)),
        words.embedding(_PROMPT),
        [Control(name, controls[name], _WEIGHTS[name]) for name in CONTROLS],
        initial,
        strength,
        words.embedding(_NEGATIVE),
    )
    assert theirs.shape == ours.shape
    assert float((theirs - ours).abs().max()) < 1e-4
    assert float(ours.std()) > 0.05
