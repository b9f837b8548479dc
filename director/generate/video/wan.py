"""Wan's VACE models: a clip under its depth, going on from the frames that are known.

VACE reads a film and a mask: where the mask is 0 the film is the picture and stays, where it is 1 the film is
a control and the picture is made (arXiv:2503.07598, section 3). So known frames go in as they are, the others
as depth. The denoising is diffusers' own `WanVACEPipeline`.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from diffusers import (
    AutoencoderKLWan,
    FlowMatchEulerDiscreteScheduler,
    UniPCMultistepScheduler,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from diffusers.utils import logging as diffusers_logging
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from transformers import AutoTokenizer, UMT5EncoderModel
from transformers.utils import logging as transformers_logging

from director.conditioning.control import control_depth
from director.errors import GeneratorError
from director.generate.protocol import Progress
from director.generate.reference_picture import reference_picture
from director.generate.video.preset import GRAIN, VideoPreset
from director.types import Conditioning, Direction

__all__ = ["Wan", "load_wan"]

_SCHEDULERS: Final[dict[str, Any]] = {
    "FlowMatchEulerDiscreteScheduler": FlowMatchEulerDiscreteScheduler,
    "UniPCMultistepScheduler": UniPCMultistepScheduler,
}
_Pipeline: Any = WanVACEPipeline
_TOKENS: Final = 512
_KEPT_PROMPTS: Final = 16

Picture = NDArray[np.uint8]


class Wan:
    """A loaded model. Used by one thread at a time."""

    def __init__(self, pipeline: Any, chosen: VideoPreset, device: torch.device) -> None:
        self._pipeline = pipeline
        self._chosen = chosen
        self._device = device
        self._words: OrderedDict[str, Tensor] = OrderedDict()
        pipeline.set_progress_bar_config(disable=True)

    def clip(
        self, asked: Sequence[Conditioning], known: Sequence[Picture], progress: Progress
    ) -> list[Picture]:
        """uint8[h, w, 3] for each conditioning after the `known` ones. Raises GeneratorError."""
        count = len(asked)
        # The last frame is asked for again until the model's frames are whole.
        frames = 1 + -(-(count - 1) // GRAIN) * GRAIN
        controls = [_depth(one) for one in asked]
        film = [*known, *controls[len(known) :]]
        film += [film[-1]] * (frames - count)
        height, width = film[0].shape[:2]
        made_here = np.ones((height, width), np.uint8) * 255
        mask = [Image.fromarray(made_here * 0 if i < len(known) else made_here) for i in range(frames)]
        first = asked[len(known)]
        direction = first.direction
        steps = self._chosen.steps

        def tell(pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            progress((step + 1) / steps, f"step {step + 1} of {steps}")
            return tensors

        guides = self._chosen.guidance > 1
        try:
            made = self._pipeline(
                prompt_embeds=self._embedded(_said(direction, first)),
                negative_prompt_embeds=self._embedded(self._chosen.negative) if guides else None,
                video=[Image.fromarray(picture) for picture in film],
                mask=mask,
                reference_images=_references(direction),
                conditioning_scale=self._chosen.weight,
                height=height,
                width=width,
                num_frames=frames,
                num_inference_steps=steps,
                guidance_scale=self._chosen.guidance,
                generator=torch.Generator().manual_seed(_seed(direction.seed, first.tick.index)),
                output_type="np",
                callback_on_step_end=tell,
            ).frames[0]
        except torch.cuda.OutOfMemoryError as error:
            raise GeneratorError(
                f"{frames} frames of {width} × {height} do not fit the card's memory",
                subject=f"generator {self._chosen.name}",
                mend='a smaller --size, or fewer "frames" in the model\'s director.json',
            ) from error
        pictures = np.asarray(np.round(np.clip(made, 0, 1) * 255), np.uint8)
        return [np.ascontiguousarray(picture) for picture in pictures[len(known) : count]]

    def digest(self) -> str:
        """A hash of all weights: what a take stores of the model."""
        found = hashlib.sha256()
        for model in (self._pipeline.transformer, self._pipeline.vae, self._pipeline.text_encoder):
            for name, value in sorted(model.state_dict().items(), key=lambda item: str(item[0])):
                found.update(name.encode())
                raw = value.detach().cpu().contiguous().flatten().view(torch.uint8)
                found.update(raw.numpy().data)
        return found.hexdigest()

    @property
    def dtype(self) -> torch.dtype:
        """What it is denoised in."""
        found: torch.dtype = self._pipeline.transformer.dtype
        return found

    @torch.no_grad()
    def _embedded(self, prompt: str) -> Tensor:
        """[1, tokens, width]: the encoder's words, and zeros after them, as the model was taught."""
        if prompt not in self._words:
            read = self._pipeline.tokenizer(
                [prompt],
                padding="max_length",
                max_length=_TOKENS,
                truncation=True,
                add_special_tokens=True,
                return_attention_mask=True,
                return_tensors="pt",
            )
            encoder = self._pipeline.text_encoder
            words = encoder(
                read.input_ids.to(encoder.device), read.attention_mask.to(encoder.device)
            ).last_hidden_state
            length = int(read.attention_mask.sum())
            padded = torch.zeros_like(words)
            padded[:, :length] = words[:, :length]
            self._words[prompt] = padded.to(self._device, self.dtype)
            while len(self._words) > _KEPT_PROMPTS:
                self._words.popitem(last=False)
        self._words.move_to_end(prompt)
        return self._words[prompt]


def load_wan(chosen: VideoPreset, device: torch.device, dtype: torch.dtype, progress: Progress) -> Wan:
    """Raises GeneratorError with the mend. On a card the text encoder, which is larger than all the rest and
    read once a direction, stays in the machine's memory."""
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    diffusers_logging.disable_progress_bar()
    diffusers_logging.set_verbosity_error()
    _check_here(chosen)
    if device.type == "cuda":
        free_gb = torch.cuda.mem_get_info(device)[0] / 2**30
        if chosen.memory_gb > free_gb:
            raise GeneratorError(
                f"takes about {chosen.memory_gb:g} GB of the card's memory, {free_gb:.1f} GB are free",
                subject=f"generator {chosen.name}",
                mend="close other programs, or render with sd-turbo or embedded",
            )
    source = chosen.base.id
    progress(0.05, "loading words")
    tokenizer = _opened(
        source,
        "tokenizer",
        lambda: AutoTokenizer.from_pretrained(
            source, subfolder="tokenizer", local_files_only=True, trust_remote_code=False
        ),
    )
    encoder = _model(UMT5EncoderModel, source, "text_encoder", dtype)
    progress(0.5, "loading the autoencoder")
    # It was taught in whole precision, and loses colours in less.
    vae = _model(AutoencoderKLWan, source, "vae", torch.float32)
    progress(0.6, "loading the transformer")
    transformer = _model(WanVACETransformer3DModel, source, "transformer", dtype)
    progress(0.9, "loading its scheduler")
    scheduler = _scheduler(source)
    for model in (encoder, vae, transformer):
        model.eval().requires_grad_(False)
    vae.to(device)
    transformer.to(device)
    pipeline = _Pipeline(
        tokenizer=tokenizer, text_encoder=encoder, vae=vae, scheduler=scheduler, transformer=transformer
    )
    return Wan(pipeline, chosen, device)


def _depth(asked: Conditioning) -> Picture:
    near = control_depth(asked.maps["depth"], asked.view.near_m, asked.view.far_m)
    grey = np.asarray(np.round(near * 255), np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def _said(direction: Direction, asked: Conditioning) -> str:
    """The scene's prompt, then what is said of objects that are seen: a clip has one text."""
    seen = np.unique(asked.maps["object"])
    parts = [direction.prompt]
    for item in asked.objects:
        prompt = direction.object_prompts.get(item.id, "")
        if prompt and item.id in seen and prompt not in parts:
            parts.append(prompt)
    return ". ".join(part for part in parts if part)


def _references(direction: Direction) -> list[Image.Image] | None:
    pictures = [reference_picture(path) for path in direction.references]
    return pictures or None


def _seed(seed: int, tick: int) -> int:
    """Another for each clip: the same noise in all would show."""
    return int.from_bytes(hashlib.sha256(f"{seed} {tick}".encode()).digest()[:7], "big")


def _check_here(chosen: VideoPreset) -> None:
    from huggingface_hub import try_to_load_from_cache

    source = chosen.base.id
    if Path(source).expanduser().is_dir():
        return
    if not isinstance(try_to_load_from_cache(source, "transformer/config.json"), str):
        raise GeneratorError(
            f"{source} is not on this machine ({chosen.base.gigabytes:.1f} GB)",
            subject=f"generator {chosen.name}",
            mend=f"director models fetch {chosen.name}",
        )


def _model(kind: Any, source: str, subfolder: str, dtype: torch.dtype) -> Any:
    name = "dtype" if issubclass(kind, UMT5EncoderModel) else "torch_dtype"
    return _opened(
        source,
        subfolder,
        lambda: kind.from_pretrained(
            source, subfolder=subfolder, use_safetensors=True, local_files_only=True, **{name: dtype}
        ),
    )


def _scheduler(source: str) -> Any:
    config = _opened(
        source,
        "scheduler",
        lambda: UniPCMultistepScheduler.load_config(source, subfolder="scheduler", local_files_only=True),
    )
    name = config["_class_name"]
    if name not in _SCHEDULERS:
        raise GeneratorError(
            f"its scheduler, {name}, is not one for flows", subject=source, mend=f"save it with {_SCHEDULERS}"
        )
    return _SCHEDULERS[name].from_config(config)


def _opened(source: str, subfolder: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        words = " ".join(str(error).split())
        raise GeneratorError(
            f"cannot be loaded: {words[:200]}",
            subject=f"{source}/{subfolder}",
            mend="only safetensors of a WanVACEPipeline are loaded: save or download the model again",
        ) from error
