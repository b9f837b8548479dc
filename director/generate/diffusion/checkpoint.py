"""Models of one file, with the original names of Stable Diffusion's layers: U-Net, autoencoder, words.

Such a file has neither settings nor a tokenizer: those come from a folder of diffusers' beside it, or from
the hub's cache, so that nothing is asked of a network. The head of a file tells which family it is of; only
that is read here until it is loaded.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from director.errors import GeneratorError, UsageError

__all__ = ["Checkpoint", "checkpoint_width", "is_called_a_file", "is_checkpoint", "read_checkpoint"]

_SAFE: Final = ".safetensors"
_UNSAFE: Final = (".ckpt", ".pt", ".pth", ".bin")
_UNET, _VAE = "model.diffusion_model.", "first_stage_model."
_WORDS: Final = ("cond_stage_model.", "conditioner.")
_CALLED: Final[Mapping[str | tuple[str, ...], str]] = {
    _UNET: "U-Net",
    _VAE: "autoencoder",
    _WORDS: "text encoder",
}
_MOST_HEAD: Final = 100 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """diffusers' and transformers' own objects."""

    unet: Any
    vae: Any
    tokenizers: tuple[Any, ...]
    text_encoders: tuple[Any, ...]


def is_called_a_file(path: Path) -> bool:
    """Whether a name ends as files of weights do, there or not: ids of the hub may have dots too."""
    return path.suffix.lower() in (_SAFE, *_UNSAFE)


def is_checkpoint(path: Path) -> bool:
    """Whether a path is a file of weights. Raises UsageError for one of a kind that can hold programs."""
    if path.suffix in _UNSAFE and path.is_file():
        raise UsageError(
            "is no safetensors, and other files can hold programs",
            subject=str(path),
            mend="only safetensors are loaded: take one, or convert it where you trust it",
        )
    return path.suffix == _SAFE and path.is_file()


def checkpoint_width(path: Path) -> int:
    """How wide the text is that its U-Net reads: what tells SD 1.5, 2 and XL apart. Raises GeneratorError for
    a file that cannot be read, or has no U-Net of theirs in it."""
    for name, shape in _shapes(path).items():
        if name.startswith(_UNET) and name.endswith("attn2.to_k.weight"):
            return shape[-1]
    raise GeneratorError(
        "has no U-Net of Stable Diffusion's in it",
        subject=str(path),
        mend="name a whole checkpoint; a LoRA goes with a model: lora=FILE",
    )


def read_checkpoint(path: Path, settings: Path, dtype: Any) -> Checkpoint:
    """With the settings and tokenizers of a folder of diffusers'. Raises GeneratorError."""
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
    from diffusers.loaders.single_file_utils import SingleFileComponentError

    try:
        is_xl = "text_encoder_2" in json.loads((settings / "model_index.json").read_text("utf-8"))
        kind: Any = StableDiffusionXLPipeline if is_xl else StableDiffusionPipeline
        left_out = {} if is_xl else {"safety_checker": None, "requires_safety_checker": False}
        made = kind.from_single_file(
            str(path),
            config=str(settings),
            local_files_only=True,
            torch_dtype=dtype,
            feature_extractor=None,
            **left_out,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SingleFileComponentError) as error:
        raise GeneratorError(
            f"cannot be loaded: {' '.join(str(error).split())[:200]}",
            subject=str(path),
            mend=f"is it a model of the kind that {settings} has the settings of?",
        ) from error
    places = ("", "_2") if is_xl else ("",)
    tokenizers = tuple(getattr(made, f"tokenizer{place}") for place in places)
    encoders = tuple(getattr(made, f"text_encoder{place}") for place in places)
    _check_whole(path, {_UNET: (made.unet,), _VAE: (made.vae,), _WORDS: encoders})
    return Checkpoint(made.unet, made.vae, tokenizers, encoders)


def _check_whole(path: Path, models: Mapping[str | tuple[str, ...], tuple[Any, ...]]) -> None:
    """Raises GeneratorError where a file has fewer numbers than the models that were made of it: what is
    missing would be random."""
    shapes = _shapes(path)
    for prefix, made in models.items():
        there = sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(prefix))
        needed = sum(weights.numel() for model in made for weights in model.parameters())
        if there < needed:
            raise GeneratorError(
                f"lacks {needed - there} of {needed} numbers of its {_CALLED[prefix]}",
                subject=str(path),
                mend="download it again, or name a whole checkpoint",
            )


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Of all tensors, by name: from the head of the file (github.com/huggingface/safetensors, "Format")."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= _MOST_HEAD:
                raise ValueError("its head has no length")
            head = json.loads(file.read(length))
            return {name: tuple(told["shape"]) for name, told in head.items() if name != "__metadata__"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GeneratorError(
            f"cannot be read: {error}", subject=str(path), mend="download it again, or name another"
        ) from error
