"""Loads the parts of a preset: from folders, or from the hub's cache; `downloads` is what asks the hub."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    DDIMScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
    TCDScheduler,
    UNet2DConditionModel,
)
from diffusers.utils import logging as diffusers_logging
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer
from transformers.utils import logging as transformers_logging

from director.errors import GeneratorError
from director.generate.diffusion.checkpoint import is_checkpoint, read_checkpoint
from director.generate.diffusion.controls import CONTROL_MAPS
from director.generate.diffusion.downloads import cached, needs
from director.generate.diffusion.lora import Loras, read_lora
from director.generate.diffusion.parts import Parts
from director.generate.diffusion.preset import Architecture, Preset, Source, preset, preset_names
from director.generate.diffusion.references import read_adapter
from director.generate.protocol import Progress

__all__ = ["check_architecture", "check_memory", "digest", "load_parts"]

_SCHEDULERS: Final[dict[str, Any]] = {
    "lcm": LCMScheduler,
    "euler": EulerDiscreteScheduler,
    "tcd": TCDScheduler,
    "ddim": DDIMScheduler,
    "DDIMScheduler": DDIMScheduler,
    "EulerDiscreteScheduler": EulerDiscreteScheduler,
    "LCMScheduler": LCMScheduler,
    "TCDScheduler": TCDScheduler,
}
"""By a preset's word, and by the name that a folder gives its own."""


def load_parts(chosen: Preset, device: torch.device, dtype: torch.dtype, progress: Progress) -> Parts:
    """Everything a stream of this preset is made of. Raises GeneratorError with the mend."""
    # Progress is told by ours; what they warn of is nothing a user could mend.
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    diffusers_logging.disable_progress_bar()
    diffusers_logging.set_verbosity_error()
    strays = [name for name in chosen.taken if name not in CONTROL_MAPS]
    if strays:
        raise GeneratorError(
            f"there is no control {strays[0]!r} to draw",
            subject=f"generator {chosen.name}",
            mend=f"name the ControlNet by what it reads: {', '.join(CONTROL_MAPS)}",
        )
    if chosen.base.settings is None and is_checkpoint(Path(chosen.base.id).expanduser()):
        raise GeneratorError(
            "is of no kind that there are settings for",
            subject=chosen.base.id,
            mend="put a folder of its name beside it, with the settings and tokenizer of its base",
        )
    _check_here(chosen)
    if device.type == "cuda":
        check_memory(chosen, torch.cuda.mem_get_info(device)[0] / 2**30)
    whole = None
    if chosen.base.settings is not None:
        progress(0.05, "loading the checkpoint")
        whole = read_checkpoint(Path(chosen.base.id).expanduser(), _settings(chosen), dtype)
    base = chosen.base
    waiting: list[tuple[str, Callable[[], Any]]] = [
        ("U-Net", lambda: whole.unet if whole else _model(UNet2DConditionModel, base, "unet", dtype)),
        (
            "autoencoder",
            lambda: whole.vae if whole and not chosen.vae else _autoencoder(chosen, dtype),
        ),
        *(
            (f"ControlNet of {name}", lambda choice=choice: _model(ControlNetModel, choice.source, "", dtype))
            for name, choice in chosen.taken.items()
        ),
    ]
    loaded: list[Any] = []
    for i, (words, load) in enumerate(waiting):
        progress(0.1 + 0.7 * i / len(waiting), f"loading {words}")
        loaded.append(load())
    unet, vae, *controls = loaded
    check_architecture(unet, chosen)
    for name, control in zip(chosen.taken, controls, strict=True):
        _check_control(name, control, unet, chosen)
    progress(0.85, "loading words")
    tokenizers, encoders = (whole.tokenizers, whole.text_encoders) if whole else _words(base, unet, dtype)
    for model in (unet, vae, *controls, *encoders):
        model.eval().requires_grad_(False).to(device)
    for model in (unet, vae, *controls):
        model.to(memory_format=torch.channels_last)
    parts = Parts(
        unet,
        vae,
        dict(zip(chosen.taken, controls, strict=True)),
        tokenizers,
        encoders,
        _scheduler(chosen),
        device,
        dtype,
    )
    if chosen.adapter is not None:
        progress(0.9, "loading the IP-Adapter")
        parts = replace(parts, adapter=read_adapter(chosen.adapter, unet, device, dtype))
    if chosen.loras:
        progress(0.95, "loading LoRAs")
        read = {name: read_lora(choice.source, parts) for name, choice in chosen.loras.items()}
        parts = replace(parts, loras=Loras(parts, read))
    return parts


def _settings(chosen: Preset) -> Path:
    """The folder of the settings of a model of one file."""
    said = str(chosen.base.settings)
    folder = Path(said).expanduser()
    if folder.is_dir():
        return folder
    index = cached(Source(id=said), "model_index.json")
    if index is None:
        raise GeneratorError(
            "its settings and words are not on this machine",
            subject=said,
            mend=f"director models fetch {chosen.base.id}",
        )
    return index.parent


def _check_here(chosen: Preset) -> None:
    missing = [
        need for need in needs(chosen) if not Path(need.source.id).expanduser().exists() and not need.is_here
    ]
    if missing:
        size = sum(need.source.gigabytes for need in missing)
        names = ", ".join(need.source.id for need in missing)
        raise GeneratorError(
            f"{names} not on this machine ({size:.1f} GB)",
            subject=f"generator {chosen.name}",
            mend=f"director models fetch {chosen.name}",
        )


def check_memory(chosen: Preset, free_gb: float) -> None:
    """Raises GeneratorError where a card has less memory free than a preset takes, naming what fits."""
    if chosen.memory_gb <= free_gb:
        return
    others = [preset(name) for name in preset_names()]
    fitting = [other.name for other in others if other.memory_gb <= free_gb]
    raise GeneratorError(
        f"takes about {chosen.memory_gb:g} GB of the card's memory, {free_gb:.1f} GB are free",
        subject=f"generator {chosen.name}",
        mend=f"close other programs, or take {' or '.join([*fitting, 'embedded'])}",
    )


def check_architecture(unet: Any, chosen: Preset) -> None:
    """Raises GeneratorError where a U-Net is not the one that a preset tells of."""
    said = chosen.architecture
    if said is None:
        return
    config = unet.config
    width = config.cross_attention_dim
    found = Architecture(
        unet_channels=tuple(config.block_out_channels),
        layers_per_block=int(config.layers_per_block),
        cross_attention_width=int(width if isinstance(width, int) else width[0]),
        latent_channels=int(config.in_channels),
        prediction=said.prediction,
    )
    if found != said:
        raise GeneratorError(
            f"has {found.unet_channels}, text {found.cross_attention_width}, where {chosen.name} has"
            f" {said.unet_channels}, text {said.cross_attention_width}",
            subject=chosen.base.id,
            mend="name the model that the preset is for, or the folder alone",
        )


def _check_control(name: str, control: Any, unet: Any, chosen: Preset) -> None:
    ours, theirs = unet.config.cross_attention_dim, control.config.cross_attention_dim
    if ours != theirs or tuple(unet.config.block_out_channels) != tuple(control.config.block_out_channels):
        raise GeneratorError(
            f"was made for another base: text {theirs}, channels {tuple(control.config.block_out_channels)};"
            f" {chosen.base.id} has text {ours}, channels {tuple(unet.config.block_out_channels)}",
            subject=f"ControlNet of {name} ({chosen.controls[name].source.id})",
            mend="name one for this base",
        )


def _model(kind: Any, source: Source, subfolder: str, dtype: torch.dtype) -> Any:
    return _opened(
        source.id,
        subfolder,
        lambda: kind.from_pretrained(
            source.id,
            subfolder=subfolder or None,
            variant=source.variant,
            revision=source.revision,
            torch_dtype=dtype,
            use_safetensors=True,
            # What is not here is fetched by a command of its own, with progress.
            local_files_only=True,
            # The other way needs a package more, and only saves memory while loading.
            low_cpu_mem_usage=False,
        ),
    )


def _autoencoder(chosen: Preset, dtype: torch.dtype) -> Any:
    if chosen.vae is not None:
        return _model(AutoencoderTiny, chosen.vae, "", dtype)
    kind = _opened(
        chosen.base.id,
        "vae",
        lambda: AutoencoderKL.load_config(
            chosen.base.id, subfolder="vae", revision=chosen.base.revision, local_files_only=True
        ),
    )
    tiny = kind.get("_class_name") == "AutoencoderTiny"
    return _model(AutoencoderTiny if tiny else AutoencoderKL, chosen.base, "vae", dtype)


def _words(base: Source, unet: Any, dtype: torch.dtype) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    tokenizer = _tokenizer(base, "tokenizer")
    encoder = _encoder(CLIPTextModel, base, "text_encoder", dtype)
    if unet.config.addition_embed_type != "text_time":
        return (tokenizer,), (encoder,)
    return (tokenizer, _tokenizer(base, "tokenizer_2")), (
        encoder,
        _encoder(CLIPTextModelWithProjection, base, "text_encoder_2", dtype),
    )


def _tokenizer(base: Source, subfolder: str) -> Any:
    return _opened(
        base.id,
        subfolder,
        lambda: CLIPTokenizer.from_pretrained(
            base.id, subfolder=subfolder, revision=base.revision or "main", local_files_only=True
        ),
    )


def _encoder(kind: Any, base: Source, subfolder: str, dtype: torch.dtype) -> Any:
    return _opened(
        base.id,
        subfolder,
        lambda: kind.from_pretrained(
            base.id,
            subfolder=subfolder,
            dtype=dtype,
            use_safetensors=True,
            variant=base.variant,
            revision=base.revision,
            local_files_only=True,
        ),
    )


def _scheduler(chosen: Preset) -> Any:
    config = _opened(
        chosen.base.id,
        "scheduler",
        lambda: DDIMScheduler.load_config(
            _settings(chosen) if chosen.base.settings else chosen.base.id,
            subfolder="scheduler",
            revision=chosen.base.revision,
            local_files_only=True,
        ),
    )
    name = config["_class_name"] if chosen.scheduler == "own" else chosen.scheduler
    if name not in _SCHEDULERS:
        raise GeneratorError(
            f"its scheduler, {name}, is not one that a stream can step",
            subject=chosen.base.id,
            mend='set "scheduler" to lcm, euler, tcd or ddim in director.json',
        )
    return _SCHEDULERS[name].from_config(config)


def _opened(source: str, subfolder: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        where = f"{source}/{subfolder}" if subfolder else source
        raise GeneratorError(_problem(error), subject=where, mend=_mend(error, source)) from error


def _problem(error: Exception) -> str:
    words = " ".join(str(error).split())
    if "safetensors" in words and ("no file" in words or "not find" in words):
        return "has no safetensors"
    return f"cannot be loaded: {words[:200]}"


def _mend(error: Exception, source: str) -> str:
    words = str(error)
    if "gated" in words or "401" in words or "403" in words:
        return "accept its licence on the hub and log in with: hf auth login"
    if "safetensors" in words:
        return "only safetensors are loaded: give a folder that has them"
    if Path(source).expanduser().is_dir():
        return "save the model again, or name another folder"
    return "download it first, or check its id and the network"


def digest(parts: Parts) -> str:
    """A hash of all weights, LoRAs as they are in their files: what a take stores of the model."""
    found = hashlib.sha256()

    def add(name: str, value: torch.Tensor) -> None:
        found.update(name.encode())
        raw = value.detach().cpu().contiguous().flatten().view(torch.uint8)
        found.update(raw.numpy().data)

    texts = {f"text_encoder{'' if i == 0 else f'_{i + 1}'}": one for i, one in enumerate(parts.text_encoders)}
    models = {"unet": parts.unet, "vae": parts.vae}
    models |= {f"control {name}": control for name, control in parts.controls.items()}
    if parts.adapter is not None:
        texts |= {"image encoder": parts.adapter.encoder, "image projection": parts.adapter.projection}
    for part, model in (models | texts).items():
        for name, value in _sorted(model.state_dict().items()):
            add(name, value if parts.loras is None else parts.loras.plain(part, name, value))
    for name, value in [] if parts.loras is None else parts.loras.tensors():
        add(name, value)
    return found.hexdigest()


def _sorted(items: Iterable[tuple[str, torch.Tensor]]) -> list[tuple[str, torch.Tensor]]:
    return sorted(items, key=lambda item: item[0])
