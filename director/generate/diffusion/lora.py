"""LoRAs: small changes of a model's weights, from their files, and how much each counts, at any time.

They are worked into the weights (W + w·s·B·A; Hu et al., 2021, "LoRA"), so that a frame costs what it costs
without. The weights as they were are kept: a LoRA at 0 is none, to the last bit, however often it was turned
up and down. diffusers' own conversions read the files, of its own format and of kohya's.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from diffusers.loaders.lora_pipeline import StableDiffusionLoraLoaderMixin, StableDiffusionXLLoraLoaderMixin
from diffusers.utils.state_dict_utils import (
    convert_state_dict_to_diffusers,
    convert_state_dict_to_peft,
    convert_unet_state_dict_to_peft,
)
from safetensors import SafetensorError, safe_open
from torch import Tensor

from director.errors import GeneratorError
from director.generate.diffusion.checkpoint import is_called_a_file
from director.generate.diffusion.downloads import LORA_FILE, cached
from director.generate.diffusion.parts import Parts
from director.generate.diffusion.preset import Source

__all__ = ["Lora", "Loras", "read_lora"]

_PARTS: Final = ("unet", "text_encoder", "text_encoder_2")
_METADATA: Final = "lora_adapter_metadata"
_SAFE: Final = ".safetensors"
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """Of one layer: `down` [rank, in, …], `up` [out, rank, …], and what their product is multiplied with."""

    down: Tensor
    up: Tensor
    scale: float

    def of(self, weight: Tensor) -> Tensor:
        """float32, in the shape of the layer's weight."""
        up, down = (side.to(weight.device, torch.float32) for side in (self.up, self.down))
        return (up.flatten(1) @ down.flatten(1)).view_as(weight) * self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Lora:
    """What a file changes: by the part of a model, and the layer in it."""

    changes: Mapping[tuple[str, str], _Change]


def read_lora(source: Source, parts: Parts) -> Lora:
    """From a file, a folder or the hub's cache. Raises GeneratorError, with the mend, for a file that is not
    here, is none, is no safetensors, or was made for another base."""
    file = _file_of(source)
    tensors, told = _read(file)
    if any("dora_scale" in key for key in tensors):
        raise _no_plain_one(file, "dora_scale")
    mixin: Any = StableDiffusionXLLoraLoaderMixin if parts.is_xl else StableDiffusionLoraLoaderMixin
    given = {"unet_config": parts.unet.config} if parts.is_xl else {}
    models = _models(parts)
    try:
        tensors, alphas = mixin.lora_state_dict(tensors, **given)
        own = {part: _within(part, model, tensors) for part, model in models.items()}
        own_alphas = {part: _within(part, model, alphas or {}) for part, model in models.items()}
    except (ValueError, KeyError, IndexError, RuntimeError) as error:
        words = " ".join(str(error).split())[:80]
        raise _other_base(file, f"its layers have other names ({words})") from error
    strays = sorted({key.split(".")[0] for key in tensors} - models.keys())
    if strays or not any(own.values()):
        raise _other_base(file, f"it changes {', '.join(strays) or 'nothing of it'}")
    changes: dict[tuple[str, str], _Change] = {}
    for part, model in models.items():
        layers = sorted({_layer(key) for key in own[part]})
        odd = sorted(own[part].keys() ^ {f"{layer}{side}" for layer in layers for side in (_DOWN, _UP)})
        if odd:
            raise _no_plain_one(file, f"{part}.{odd[0]}")
        found = {_layer(key.removesuffix(".alpha")): float(alpha) for key, alpha in own_alphas[part].items()}
        for layer in layers:
            down, up = own[part][f"{layer}{_DOWN}"], own[part][f"{layer}{_UP}"]
            rank = down.shape[0]
            alpha = found.get(layer, _told_alpha(told, part, layer, rank))
            change = _Change(down, up, alpha / rank)
            _check(file, model, part, layer, change)
            changes[part, layer] = change
    return Lora(changes)


class Loras:
    """The LoRAs of a model by name, and how much of each is in its weights just now: at first nothing."""

    def __init__(self, parts: Parts, loras: Mapping[str, Lora]) -> None:
        self._models = _models(parts)
        self._loras = dict(sorted(loras.items()))
        self._weights = dict.fromkeys(self._loras, 0.0)
        self._plain: dict[tuple[str, str], Tensor] = {}
        for key in {key for lora in self._loras.values() for key in lora.changes}:
            self._plain[key] = self._weight(key).detach().clone()

    @property
    def names(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(self._loras)

    @property
    def change_words(self) -> bool:
        """Whether any changes a text encoder."""
        return any(part != "unet" for part, _ in self._plain)

    def needs(self, weights: Mapping[str, float]) -> bool:
        """Whether `put_in` would change anything."""
        return any(weights[name] != now for name, now in self._weights.items())

    @torch.no_grad()
    def put_in(self, weights: Mapping[str, float]) -> None:
        """So much of each, by name, from now on. What comes of it does not depend on what was before."""
        changed = {name for name, now in self._weights.items() if weights[name] != now}
        for key, plain in self._plain.items():
            heard = [name for name, lora in self._loras.items() if key in lora.changes]
            if changed.isdisjoint(heard):
                continue
            turned_up = [name for name in heard if weights[name] != 0.0]
            made = plain
            if turned_up:
                made = plain.float()
                for name in turned_up:
                    made = made + weights[name] * self._loras[name].changes[key].of(plain)
            # In place: a graph recorded on a card goes on reading the same memory.
            self._weight(key).copy_(made)
        self._weights = {name: weights[name] for name in self._weights}

    def plain(self, part: str, name: str, value: Tensor) -> Tensor:
        """A weight of a part, by its full name, as it is without any."""
        return self._plain.get((part, name.removesuffix(".weight")), value)

    def tensors(self) -> list[tuple[str, Tensor]]:
        """All that they consist of, always in the same order."""
        return [
            (f"{part}.{layer} {change.scale}", side)
            for lora in self._loras.values()
            for (part, layer), change in sorted(lora.changes.items(), key=lambda item: item[0])
            for side in (change.down, change.up)
        ]

    def _weight(self, key: tuple[str, str]) -> Tensor:
        part, layer = key
        weight: Tensor = self._models[part].get_submodule(layer).weight
        return weight


def _models(parts: Parts) -> dict[str, Any]:
    # The pairs end with the text encoders that there are.
    return dict(zip(_PARTS, (parts.unet, *parts.text_encoders), strict=False))


def _within(part: str, model: Any, tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Of one part, named as the layers of its model are, with _DOWN and _UP behind."""
    own = {
        key.removeprefix(f"{part}."): value for key, value in tensors.items() if key.startswith(f"{part}.")
    }
    if own and not any(".lora_A" in key for key in own):
        if part == "unet":
            own = convert_unet_state_dict_to_peft(own)  # type: ignore[no-untyped-call]
        else:
            own = convert_state_dict_to_peft(convert_state_dict_to_diffusers(own))  # type: ignore[no-untyped-call]
    if part != "unet" and not hasattr(model, "text_model"):
        # Older transformers had all of it one level deeper.
        own = {key.removeprefix("text_model."): value for key, value in own.items()}
    return own


def _layer(key: str) -> str:
    return re.split(r"\.lora_", key)[0]


def _told_alpha(told: Mapping[str, Any], part: str, layer: str, rank: int) -> float:
    """What a file's own notes say of a layer's alpha; without any, as much as its rank."""
    pattern = told.get(f"{part}.alpha_pattern") or {}
    found = [alpha for name, alpha in pattern.items() if re.match(rf"(.*\.)?({name})$", layer)]
    alpha = float(found[0] if found else told.get(f"{part}.lora_alpha", rank))
    # Rank-stabilised ones are divided by the root of their rank.
    return alpha * rank**0.5 if told.get(f"{part}.use_rslora") else alpha


def _check(file: Path, model: Any, part: str, layer: str, change: _Change) -> None:
    try:
        weight = model.get_submodule(layer).weight
    except AttributeError as error:
        raise _other_base(file, f"there is no {part}.{layer} here") from error
    theirs = (change.up.shape[0], *change.down.shape[1:])
    if theirs != tuple(weight.shape):
        raise _other_base(file, f"{part}.{layer} is {theirs} there, {tuple(weight.shape)} here")


def _no_plain_one(file: Path, key: str) -> GeneratorError:
    return GeneratorError(
        f"has {key} beside what a LoRA has, or lacks it (a DoRA, or another kind)",
        subject=f"LoRA {file}",
        mend="take a plain LoRA",
    )


def _other_base(file: Path, words: str) -> GeneratorError:
    return GeneratorError(
        f"was made for another base: {words}", subject=f"LoRA {file}", mend="name one for this base"
    )


def _file_of(source: Source) -> Path:
    path = Path(source.id).expanduser()
    if path.is_dir():
        named = path / (source.file or LORA_FILE)
        found = [named] if named.is_file() else sorted(path.glob(f"*{_SAFE}"))
        if len(found) != 1:
            said = "has no safetensors" if not found else f"has {len(found)} files of safetensors"
            raise GeneratorError(said, subject=f"LoRA {path}", mend="name the file itself")
        return found[0]
    if path.is_file() or is_called_a_file(path):
        if path.suffix != _SAFE:
            raise GeneratorError(
                "is no safetensors, and other files can hold programs",
                subject=f"LoRA {path}",
                mend="only safetensors are loaded: take one, or convert it where you trust it",
            )
        if not path.is_file():
            raise GeneratorError("is not there", subject=f"LoRA {path}", mend="check its path")
        return path
    found_there = cached(source, source.file or LORA_FILE)
    if found_there is None:
        raise GeneratorError(
            f"{source.file or LORA_FILE} is not on this machine",
            subject=f"LoRA {source.id}",
            mend="give the path of its file, or put it into a preset and fetch that",
        )
    return found_there


def _read(file: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Its tensors, and what it tells of them."""
    try:
        with safe_open(file, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
            told = json.loads((opened.metadata() or {}).get(_METADATA, "{}"))
    except (SafetensorError, OSError, ValueError) as error:
        raise GeneratorError(
            f"cannot be read: {' '.join(str(error).split())[:120]}",
            subject=f"LoRA {file}",
            mend="download it again, or name another",
        ) from error
    return tensors, told
