"""Reference pictures through an IP-Adapter (Ye et al., 2023): what a picture shows, as tokens that attention
hears beside the words', over the whole scene or only where an object is seen.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPVisionModelWithProjection

from director.errors import GeneratorError
from director.generate.diffusion.attention import DirectedAttention, Reference, Shares
from director.generate.diffusion.checkpoint import is_called_a_file
from director.generate.diffusion.downloads import cached
from director.generate.diffusion.kept import Kept
from director.generate.diffusion.preset import ReferenceChoice, Source
from director.generate.reference_picture import reference_picture

__all__ = ["Adapter", "References", "read_adapter", "shares_of"]

_KEPT: Final = 32
_SAFE: Final = ".safetensors"
# What CLIP's pictures are normalised by (Radford et al., 2021).
_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
_DEVIATION: Final = (0.26862954, 0.26130258, 0.27577711)

_Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """The image encoder, and the projection of what it says to tokens; keys and values of the tokens are with
    the U-Net's attentions. `hears_patches` of one that reads what is said of every patch of a picture."""

    encoder: Any
    projection: Any
    hears_patches: bool
    device: torch.device
    dtype: torch.dtype

    @torch.inference_mode()
    def tokens(self, path: str) -> tuple[Tensor, Tensor]:
        """[1, n, width] of a picture, and of none. Raises GeneratorError for a file that is no picture."""
        pixels = _pixels(path, int(self.encoder.config.image_size)).to(self.device, self.dtype)
        if self.hears_patches:
            seen, nothing = (
                self.encoder(each, output_hidden_states=True).hidden_states[-2]
                for each in (pixels, torch.zeros_like(pixels))
            )
        else:
            seen = self.encoder(pixels).image_embeds
            nothing = torch.zeros_like(seen)
        return self.projection(seen), self.projection(nothing)


class References:
    """The reference pictures of an adapter, with a memory of those that were asked for last."""

    def __init__(self, adapter: Adapter) -> None:
        self._kept: Kept[_Key, tuple[Tensor, Tensor]] = Kept(lambda key: adapter.tokens(key[0]), _KEPT)

    def ask(self, paths: Iterable[str]) -> bool:
        """Whether all of them are there without waiting; those that are not are begun in the background."""
        return self._kept.ask(_key(path) for path in paths)

    def heard(self, paths: Sequence[str], shares: Shares) -> Reference:
        """Pictures that are heard together, at each place so much."""
        found = [self._kept[_key(path)] for path in paths]
        return Reference(
            torch.cat([seen for seen, _ in found], 1), torch.cat([nothing for _, nothing in found], 1), shares
        )

    def close(self) -> None:
        """Wait for what is being encoded, and begin nothing that is not."""
        self._kept.close()


def shares_of(
    mask: Tensor,
    latent: tuple[int, int],
    levels: int,
    weight: float,
    device: torch.device,
    dtype: torch.dtype,
) -> Shares:
    """How much a reference counts where `mask`, float32[h, w], is 1, for every resolution that a U-Net
    attends at, from (height, width) of the latents on; masks are scaled as diffusers scales them."""
    found = {}
    size = latent
    for _ in range(levels):
        scaled = functional.interpolate(mask[None, None], size, mode="bicubic")
        found[size[0] * size[1]] = (weight * scaled).flatten()[None, :, None].to(device, dtype)
        size = (-(-size[0] // 2), -(-size[1] // 2))
    return found


def read_adapter(choice: ReferenceChoice, unet: Any, device: torch.device, dtype: torch.dtype) -> Adapter:
    """Loads an adapter and its image encoder; the attentions of the U-Net get their keys and values. Raises
    GeneratorError, with the mend, for what is not here, of another kind, or of another base."""
    file = _file_of(choice.source)
    tensors = _read(file)
    projecting = {key.removeprefix("image_proj."): tensors[key] for key in tensors if "image_proj." in key}
    attending = {key.removeprefix("ip_adapter."): tensors[key] for key in tensors if "ip_adapter." in key}
    if "proj.weight" not in projecting and "latents" not in projecting:
        raise GeneratorError(
            "is of a kind that reads faces, or no IP-Adapter",
            subject=f"IP-Adapter {file}",
            mend="take a plain one, or a “plus” one",
        )
    attentions = _attentions(file, unet, attending)
    try:
        projection = unet._convert_ip_adapter_image_proj_to_diffusers(projecting, low_cpu_mem_usage=False)
    except (KeyError, RuntimeError) as error:
        raise _other_base(file, " ".join(str(error).split())[:120]) from error
    encoder = _encoder(choice.encoder, dtype)
    for model in (projection, encoder, *attentions.values()):
        model.eval().requires_grad_(False).to(device, dtype)
    unet.set_attn_processor(attentions)
    return Adapter(encoder, projection, "latents" in projecting, device, dtype)


def _attentions(file: Path, unet: Any, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """For all of the U-Net's, by name. An adapter numbers them: odd ones are cross-attentions."""
    made: dict[str, Any] = {}
    number = 1
    for name in unet.attn_processors:
        if not name.endswith("attn2.processor"):
            made[name] = DirectedAttention()
            continue
        layers: dict[str, nn.Module] = {}
        for side in ("to_k", "to_v"):
            weight = tensors.get(f"{number}.{side}_ip.weight")
            own = unet.get_submodule(f"{name.removesuffix('.processor')}.{side}").weight
            if weight is None or weight.shape != own.shape:
                theirs = "none" if weight is None else str(tuple(weight.shape))
                raise _other_base(file, f"keys of {name} are {theirs} there, {tuple(own.shape)} here")
            layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
            layer.weight = nn.Parameter(weight)
            layers[f"{side}_ip"] = layer
        made[name] = DirectedAttention(**layers)
        number += 2
    return made


def _other_base(file: Path, words: str) -> GeneratorError:
    return GeneratorError(
        f"was made for another base: {words}", subject=f"IP-Adapter {file}", mend="name one for this base"
    )


def _encoder(source: Source, dtype: torch.dtype) -> Any:
    folder = Path(source.id).expanduser()
    if not folder.is_dir():
        config = cached(source, f"{source.file or '.'}/config.json")
        if config is None:
            raise GeneratorError(
                "is not on this machine", subject=f"image encoder {source.id}", mend="fetch the preset"
            )
        folder = config.parent
    elif source.file is not None:
        folder = folder / source.file
    kind: Any = CLIPVisionModelWithProjection
    try:
        return kind.from_pretrained(
            folder, dtype=dtype, use_safetensors=True, variant=source.variant, local_files_only=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise GeneratorError(
            f"cannot be loaded: {' '.join(str(error).split())[:160]}",
            subject=f"image encoder {folder}",
            mend="give a folder that has its config.json and safetensors",
        ) from error


def _file_of(source: Source) -> Path:
    path = Path(source.id).expanduser()
    if path.is_dir() and source.file is not None:
        path = path / source.file
    if not path.exists() and not is_called_a_file(path):
        return _cached_file(source)
    if path.suffix != _SAFE or not path.is_file():
        said = "is not there" if path.suffix == _SAFE else "is no safetensors, and others can hold programs"
        raise GeneratorError(said, subject=f"IP-Adapter {path}", mend=f"give the path of a {_SAFE} file")
    return path


def _cached_file(source: Source) -> Path:
    found = cached(source, source.file or "")
    if found is None:
        raise GeneratorError(
            "is not on this machine", subject=f"IP-Adapter {source.id}", mend="fetch the preset"
        )
    return found


def _read(file: Path) -> dict[str, Tensor]:
    try:
        with safe_open(file, framework="pt") as opened:
            return {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise GeneratorError(
            f"cannot be read: {' '.join(str(error).split())[:120]}",
            subject=f"IP-Adapter {file}",
            mend="download it again, or name another",
        ) from error


def _key(path: str) -> _Key:
    """A picture is read again when its file has become another."""
    with suppress(OSError, ValueError):
        found = Path(path).stat()
        return (path, found.st_mtime_ns, found.st_size)
    return (path, 0, 0)


def _pixels(path: str, side: int) -> Tensor:
    """float32[1, 3, side, side]: the middle of a picture, as CLIP's are made."""
    picture = reference_picture(path)
    shorter = min(picture.size)
    width, height = (max(side, int(side * length / shorter)) for length in picture.size)
    resized = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - side) // 2, (height - side) // 2
    values = np.asarray(resized.crop((left, top, left + side, top + side)), np.float32) / 255
    values = (values - np.array(_MEAN, np.float32)) / np.array(_DEVIATION, np.float32)
    return torch.from_numpy(np.ascontiguousarray(values)).permute(2, 0, 1)[None]
