"""Trains the tiny latent diffusion model: first its autoencoder, then U-Net, ControlNets and words together.

    python -m tools.train.latent.train --data runs/latent/pictures --out runs/latent --minutes 40

Saves a folder as diffusers lays out a pipeline. Checkpoints now and then; the same command goes on where it
stopped. The rate follows the time that was given.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from director.clock import now_s
from tools.train.latent import parts
from tools.train.latent.prompts import PROMPTS

__all__ = ["main"]

_BATCH: Final = 8
_CROPS: Final = 16
_CROP: Final = 64
# Parts of pictures: a convolution learns as much of four different parts as of one whole, in less time.
_PART: Final = (128, 80)
_CHECKPOINT_MINUTES: Final = 4.0
# A share of the pictures is learnt without words, and some without one of the controls, so that guidance and
# live weights mean something.
_WORDLESS: Final = 0.12
_UNCONTROLLED: Final = 0.05


class _Views:
    """All views there are by now, in memory; held-out ones are the last twentieth of each shard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: list[Path] = []
        self._shards: list[dict[str, NDArray[Any]]] = []
        self._vae: Any = None
        self._latents: dict[int, Tensor] = {}
        self.look_again()

    def look_again(self) -> None:
        """Load what has been rendered since."""
        for file in sorted(self.folder.glob("views-*.npz")):
            if file not in self._files:
                self._files.append(file)
                with np.load(file) as arrays:
                    self._shards.append({name: arrays[name] for name in arrays})

    def encode_with(self, vae: Any) -> None:
        """From now on `random` gives latents too: made once a picture, since a step would take a third longer
        with them."""
        self._vae = vae

    def __len__(self) -> int:
        return sum(len(shard["prompts"]) for shard in self._shards)

    def random(self, random: np.random.Generator, count: int) -> dict[str, Any]:
        """Pictures float32[n, 3, h, w] −1..1, controls float32[n, 3, h, w] 0..1 each, numbers of prompts, and
        latents float32[n, 4, h / 4, w / 4] as they are diffused, if `encode_with` was told how."""
        found: dict[str, list[Any]] = {"picture": [], "depth": [], "segmentation": [], "prompt": []}
        latents: list[Tensor] = []
        for _ in range(count):
            number = int(random.integers(len(self._shards)))
            shard = self._shards[number]
            train = max(1, int(len(shard["prompts"]) * 0.95))
            view, look = int(random.integers(train)), int(random.integers(shard["pictures"].shape[1]))
            flips = random.random() < 0.5
            flip = slice(None, None, -1) if flips else slice(None)
            if self._vae is not None:
                latents.append(self._encoded(number)[view, look, int(flips)])
            found["picture"].append(shard["pictures"][view, look][:, flip])
            found["depth"].append(np.repeat(shard["depth"][view][:, flip, None], 3, -1))
            found["segmentation"].append(shard["segmentation"][view][:, flip])
            found["prompt"].append(int(shard["prompts"][view, look]))
        planes = {
            name: torch.from_numpy(np.stack(found[name])).permute(0, 3, 1, 2).float() / 255
            for name in ("picture", *parts.CONTROLS)
        }
        planes["picture"] = planes["picture"] * 2 - 1
        if latents:
            planes["latents"] = torch.stack(latents)
        return {**planes, "prompt": found["prompt"]}

    @torch.no_grad()
    def _encoded(self, number: int) -> Tensor:
        # [view, look, whether it is mirrored, …]: latents of a mirrored picture are not mirrored latents.
        if number not in self._latents:
            pictures = torch.from_numpy(self._shards[number]["pictures"]).permute(0, 1, 4, 2, 3)
            both: Any = torch.stack([pictures, pictures.flip(-1)], 2)
            made = [
                self._vae.encode(part.float() / 127.5 - 1).latents * self._vae.config.scaling_factor
                for part in both.flatten(0, 2).split(8)
            ]
            whole: Any = torch.cat(made)
            self._latents[number] = whole.unflatten(0, both.shape[:3])
        return self._latents[number]


def _unlike(a: Tensor, b: Tensor) -> Tensor:
    """How unlike two pictures are: pixel by pixel, in their edges, and in the colours of whole latents."""
    wide = (functional.avg_pool2d(a, 4) - functional.avg_pool2d(b, 4)).abs().mean()
    across = (a.diff(dim=-1) - b.diff(dim=-1)).abs().mean()
    down = (a.diff(dim=-2) - b.diff(dim=-2)).abs().mean()
    return (a - b).abs().mean() + across + down + wide


def _shares(minutes: float, spent_s: float) -> float:
    return min(1.0, spent_s / (60 * minutes))


def _rate(top: float, step: int, share: float) -> float:
    return top * min(1.0, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * share)) * 0.98 + 0.02)


def _autocast() -> Any:
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


def _steps(
    name: str, minutes: float, views: _Views, spent_s: float, first: int
) -> Iterator[tuple[int, float, float]]:
    """(step, share of the time spent, seconds spent), shown now and then."""
    shown, step = now_s(), first
    while _shares(minutes, spent_s) < 1:
        started = now_s()
        yield step, _shares(minutes, spent_s), spent_s
        spent_s += now_s() - started
        step += 1
        if now_s() - shown > 20:
            shown = now_s()
            views.look_again()
            left = minutes - spent_s / 60
            print(f"{name}: step {step}, {len(views)} views, {left:.1f} min left", flush=True)


def _train_autoencoder(views: _Views, out: Path, minutes: float) -> None:
    torch.manual_seed(0)
    model = parts.autoencoder()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-5)
    random = np.random.default_rng(1)
    error = 0.0
    for step, share, _ in _steps("autoencoder", minutes, views, 0.0, 0):
        for group in optimiser.param_groups:
            group["lr"] = _rate(1.5e-3, step, share)
        picture = _cropped(views.random(random, _CROPS)["picture"], random)
        with _autocast():
            latents = model.encode(picture).latents
            made = model.decode(latents).sample
        loss: Any = _unlike(made.float(), picture)
        # Small and centred: what is diffused should look like noise does.
        loss = loss + 1e-3 * latents.float().square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        error = 0.98 * error + 0.02 * float((made.detach().float() - picture).abs().mean())
    with torch.no_grad():
        latents = model.encode(views.random(random, 48)["picture"]).latents
        model.register_to_config(scaling_factor=float(1 / latents.std()))
    print(f"autoencoder: error {error / 2 * 255:.1f} of 255, scaling {model.config.scaling_factor:.3f}")
    model.save_pretrained(out / "vae")


def _part(batch: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """The same part of pictures, controls and latents."""
    height, width = batch["picture"].shape[-2:]
    x, y = (
        int(random.integers((whole - part) // 4 + 1))
        for whole, part in zip((width, height), _PART, strict=True)
    )
    cut = dict(batch)
    for name, value in batch.items():
        if isinstance(value, Tensor):
            # Pixels a latent is across, and down.
            pixels = 1 if name == "latents" else 4
            rows, columns = (
                slice(at * pixels, at * pixels + size * pixels // 4)
                for at, size in ((y, _PART[1]), (x, _PART[0]))
            )
            cut[name] = value[..., rows, columns]
    return cut


def _cropped(pictures: Tensor, random: np.random.Generator) -> Tensor:
    height, width = pictures.shape[-2:]
    y, x = int(random.integers(height - _CROP + 1)), int(random.integers(width - _CROP + 1))
    return pictures[..., y : y + _CROP, x : x + _CROP].contiguous()


class _Diffusion(nn.Module):
    """U-Net, a ControlNet a control, and the text encoder: what is trained together."""

    def __init__(self, words: int, end: int) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.unet = parts.unet()
        self.controls = nn.ModuleDict({name: parts.controlnet(self.unet) for name in parts.CONTROLS})
        self.text: Any = parts.text_encoder(words, end)

    def forward(
        self, noisy: Tensor, timesteps: Tensor, tokens: Tensor, controls: dict[str, Tensor]
    ) -> Tensor:
        words = self.text(tokens)[0]
        down: list[Tensor] = []
        middle = noisy.new_zeros(())
        for name, control in self.controls.items():
            rests, rest = control(noisy, timesteps, words, controls[name], return_dict=False)
            down = [a + b for a, b in zip(down, rests, strict=True)] if down else list(rests)
            middle = middle + rest
        said: Tensor = self.unet(
            noisy,
            timesteps,
            words,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
        return said


def _train_diffusion(views: _Views, out: Path, minutes: float) -> None:
    vae = parts.saved_autoencoder(out / "vae")
    words = parts.tokenizer(out / "tokenizer")
    model: Any = _Diffusion(len(words), words.eos_token_id)
    model.to(memory_format=torch.channels_last)
    average: Any = _Diffusion(len(words), words.eos_token_id).requires_grad_(False)
    average.load_state_dict(model.state_dict())
    views.encode_with(vae)
    noise_schedule = parts.scheduler()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-4)
    tokens = words(
        ["", *PROMPTS], padding="max_length", max_length=words.model_max_length, return_tensors="pt"
    ).input_ids
    first, before_s = 0, 0.0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(kept["model"])
        average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"])
        first, before_s = kept["step"], kept["spent_s"]
    random = np.random.default_rng([2, first])
    torch.manual_seed(first)
    mean, saved, step = 0.0, now_s(), first
    for step, share, spent_s in _steps("diffusion", minutes, views, before_s, first):
        for group in optimiser.param_groups:
            group["lr"] = _rate(1.2e-3, step, share)
        batch = _part(views.random(random, _BATCH), random)
        latents = batch["latents"]
        noise = torch.randn_like(latents)
        # Oftener where there is more noise: few steps are taken, and the first decide what is where.
        timesteps = (torch.rand(_BATCH).sqrt() * noise_schedule.config.num_train_timesteps).long()
        chosen = torch.tensor([0 if random.random() < _WORDLESS else 1 + p for p in batch["prompt"]])
        controls = {name: batch[name] for name in parts.CONTROLS}
        for name in parts.CONTROLS:
            seen = torch.from_numpy(random.random((_BATCH, 1, 1, 1)) >= _UNCONTROLLED)
            controls[name] = controls[name] * seen
        noisy = noise_schedule.add_noise(latents, noise, timesteps).contiguous(
            memory_format=torch.channels_last
        )
        with _autocast():
            said = model(noisy, timesteps, tokens[chosen], controls)
        asked = noise_schedule.get_velocity(latents, noise, timesteps)
        loss: Any = functional.mse_loss(said.float(), asked)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        keep = min(0.998, 1 - 1 / (1 + 0.2 * step))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - keep)
        mean = float(loss.detach()) if mean == 0 else 0.98 * mean + 0.02 * float(loss.detach())
        if now_s() - saved > 60 * _CHECKPOINT_MINUTES:
            saved = now_s()
            _save_checkpoint(checkpoint, model, average, optimiser, step + 1, spent_s)
            _save(average, out)
            _sheet(average, vae, views, tokens, out / "sheet.png")
            print(f"diffusion: step {step}, loss {mean:.4f}, saved", flush=True)
    _save(average, out)
    _sheet(average, vae, views, tokens, out / "sheet.png")
    print(f"diffusion: step {step}, loss {mean:.4f}, done", flush=True)


def _save_checkpoint(
    path: Path, model: nn.Module, average: nn.Module, optimiser: Any, step: int, spent_s: float
) -> None:
    part = path.with_suffix(".part")
    torch.save(
        {
            "model": model.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "step": step,
            "spent_s": spent_s,
        },
        part,
    )
    part.replace(path)


def _save(model: Any, out: Path) -> None:
    """As diffusers lays out a pipeline with ControlNets beside it."""
    model.unet.save_pretrained(out / "unet")
    for name, control in model.controls.items():
        control.save_pretrained(out / f"controlnet_{name}")
    model.text.save_pretrained(out / "text_encoder")
    parts.scheduler().save_pretrained(out / "scheduler")
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "DDIMScheduler"],
    }
    (out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


@torch.no_grad()
def _sheet(model: Any, vae: Any, views: _Views, tokens: Tensor, path: Path) -> None:
    """Teacher above, four steps below, for eight views."""
    batch = views.random(np.random.default_rng(7), 8)
    schedule = parts.scheduler()
    schedule.set_timesteps(4)
    height, width = batch["picture"].shape[-2:]
    latents = torch.randn(8, 4, height // 4, width // 4, generator=torch.Generator().manual_seed(3))
    chosen = tokens[torch.tensor([1 + p for p in batch["prompt"]])]
    controls = {name: batch[name] for name in parts.CONTROLS}
    for timestep in schedule.timesteps:
        said = model(latents, timestep.expand(8), chosen, controls)
        latents = schedule.step(said, timestep, latents).prev_sample
    made = vae.decode(latents / vae.config.scaling_factor).sample.clamp(-1, 1)
    rows = []
    for first in (0, 4):
        rows += [torch.cat(list(planes[first : first + 4]), -1) for planes in (batch["picture"], made)]
    sheet = ((torch.cat(rows, -2).permute(1, 2, 0) * 0.5 + 0.5) * 255 + 0.5).byte().numpy()
    Image.fromarray(sheet).save(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tools.train.latent.train", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--data", type=Path, default=Path("runs/latent/pictures"))
    parser.add_argument("--out", type=Path, default=Path("runs/latent/model"))
    parser.add_argument("--autoencoder-minutes", type=float, default=6.0)
    parser.add_argument("--minutes", type=float, default=40.0, help="of the diffusion")
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    chosen.out.mkdir(parents=True, exist_ok=True)
    views = _Views(chosen.data)
    if not (chosen.out / "vae").is_dir():
        _train_autoencoder(views, chosen.out, chosen.autoencoder_minutes)
    _train_diffusion(views, chosen.out, chosen.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
