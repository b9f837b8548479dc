"""diffusers' own pipelines about the parts of a tiny model: what our stream is held against."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    StableDiffusionControlNetImg2ImgPipeline,
    StableDiffusionXLControlNetImg2ImgPipeline,
)
from diffusers.models.controlnets.multicontrolnet import MultiControlNetModel

from director.generate.diffusion.load import load_parts
from director.generate.diffusion.preset import preset
from tests.model.tiny_diffusion import CONTROLS

__all__ = ["HEIGHT", "WEIGHTS", "WIDTH", "inputs", "latents_of", "parts_of", "pipeline_of"]

HEIGHT, WIDTH = 32, 48
WEIGHTS = {"depth": 0.9, "segmentation": 0.6}


def parts_of(folder: Path, scheduler: str = "own", **changes: Any) -> Any:
    """Loaded as the backend loads them, in float32."""
    chosen = preset(str(folder)).model_copy(update={"scheduler": scheduler, **changes})
    return load_parts(chosen, torch.device("cpu"), torch.float32, lambda share, words: None)


def pipeline_of(parts: Any) -> Any:
    """ControlNet img2img with the same modules."""
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


def inputs() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """A picture to start from, and one a control: [1, 3, HEIGHT, WIDTH], 0..1."""
    random = torch.Generator().manual_seed(11)
    picture = torch.rand(1, 3, HEIGHT, WIDTH, generator=random)
    controls = {name: torch.rand(1, 3, HEIGHT, WIDTH, generator=random) for name in CONTROLS}
    return picture, controls


def latents_of(
    pipeline: Any,
    prompts: Sequence[str],
    steps: int,
    strength: float,
    guidance: float,
    **more: Any,
) -> torch.Tensor:
    """What a pipeline draws from the inputs, by the prompt and the negative one, from noise of seed 5."""
    picture, controls = inputs()
    drawn: torch.Tensor = pipeline(
        prompt=prompts[0],
        negative_prompt=prompts[1],
        image=picture,
        control_image=[controls[name] for name in CONTROLS],
        controlnet_conditioning_scale=[WEIGHTS[name] for name in CONTROLS],
        height=HEIGHT,
        width=WIDTH,
        num_inference_steps=steps,
        strength=strength,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(5),
        output_type="latent",
        **more,
    ).images
    return drawn
