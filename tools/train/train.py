"""Trains the embedded generator on a data set.

    python -m tools.train.train --data runs/data --out runs/train --minutes 45

Checkpoints every few minutes, goes on where it stopped, shows progress and draws sheets of held-out views
(teacher above, network below). The learning rate follows the time that was given, so that the end of the
time is the end of the training however fast the machine is. With `--workers` several processes of one
thread each share the work and average their gradients: on a busy CPU that wastes less than threads do.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.multiprocessing.spawn import spawn
from torch.nn import functional

from director.clock import now_s
from director.generate.embedded.allocator import keep_memory
from director.generate.embedded.grade import grade
from director.generate.embedded.history import steadied
from director.generate.embedded.model import EmbeddedModel, save_generator
from director.generate.embedded.network import Drawn
from director.passes.context import headless_context
from tools.train.baseline import Trial
from tools.train.losses import chroma, detail, plain_loss, psnr, ssim
from tools.train.screen import pane
from tools.train.shards import Batch, Shards

__all__ = ["Settings", "main", "picture_of", "train", "worn"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; `steps` of 0 means that only the time decides."""

    data: Path
    out: Path
    minutes: float = 45.0
    steps: int = 0
    batch: int = 4
    rate: float = 2e-3
    workers: int = 1
    device: str = "cpu"
    seed: int = 0
    report_minutes: float = 4.0
    start: Path | None = None
    trial: bool = False
    screen: bool = False


_HISTORY_SHARE = 0.6
_LOOK_EVERY_S = 10.0
_WEIGHTS = "diffusion_pytorch_model.safetensors"


def picture_of(drawn: Drawn, batch: Batch, history: Tensor | None = None) -> Tensor:
    """float32[b, 3, h, w], sRGB: the network's light, graded, and steadied by a history."""
    picture = grade(drawn.light.float(), batch.look)
    if history is None or drawn.steady is None:
        return picture
    return steadied(picture, history, drawn.steady)


def worn(history: Tensor, random: np.random.Generator) -> Tensor:
    """A history as a generator would have it from itself: off in colour, blotched, with holes. Some have
    none at all."""
    batch, _, height, width = history.shape
    off = torch.from_numpy(random.normal(0.0, 0.04, (batch, 3, 1, 1)).astype(np.float32))
    blots = torch.from_numpy(random.normal(0.0, 0.05, (batch, 3, 6, 8)).astype(np.float32))
    noise = functional.interpolate(blots, (height, width), mode="bilinear") + off
    holes = torch.from_numpy((random.random((batch, 1, 6, 8)) > 0.1).astype(np.float32))
    holes = functional.interpolate(holes, (height, width), mode="nearest")
    kept = torch.from_numpy((random.random((batch, 1, 1, 1)) < _HISTORY_SHARE).astype(np.float32))
    colour = (history[:, :3] + noise.to(history.device)).clamp(0.0, 1.0)
    return torch.cat([colour, history[:, 3:] * (holes * kept).to(history.device)], 1)


class _Run:
    def __init__(self, settings: Settings, rank: int) -> None:
        self.settings, self.rank = settings, rank
        torch.manual_seed(settings.seed)
        self.model: Any = _model(settings)
        if settings.start is not None:
            _take_over(self.model, load_file(settings.start / "network" / _WEIGHTS))
        self.average: Any = _model(settings).requires_grad_(False)
        self.average.load_state_dict(self.model.state_dict())
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=settings.rate, betas=(0.9, 0.98), weight_decay=1e-4
        )
        self.step, self.spent_s = 0, 0.0
        self.dtype = torch.bfloat16 if _has_bfloat16(settings.device) else torch.float32
        self.shards, self.held = _shards(settings, "train"), _shards(settings, "held")
        self.checkpoint = settings.out / "checkpoint.pt"
        if self.checkpoint.exists():
            self._resume()
        self.random = np.random.default_rng([settings.seed, rank, self.step])

    @property
    def progress(self) -> float:
        """0 at the start, 1 at the end."""
        by_time = self.spent_s / (60 * self.settings.minutes)
        by_steps = self.step / self.settings.steps if self.settings.steps else 0.0
        return min(1.0, max(by_time, by_steps))

    def one_step(self) -> float:
        rate = self.settings.rate * min(1.0, (self.step + 1) / 150)
        rate *= 0.5 * (1 + math.cos(math.pi * self.progress)) * 0.98 + 0.02
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        batch = self.shards.random(self.settings.batch, self.random, self.dtype)
        history = None if self.settings.screen else worn(batch.history, self.random)
        with torch.autocast(self.settings.device, self.dtype, enabled=self.dtype != torch.float32):
            drawn = self._drawn(self.model, batch, history)
        if isinstance(drawn, Drawn):
            value = plain_loss(picture_of(drawn, batch, history), batch.target)
        else:
            value = plain_loss(drawn, batch.target)
        self.optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        if self.settings.workers > 1:
            self._share_gradients()
        nn.utils.clip_grad_norm_(self.model.parameters(), 0.5)
        self.optimiser.step()
        self.step += 1
        keep = min(0.998, 1 - 1 / (1 + 0.2 * self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        return float(value.detach())

    def _drawn(self, model: Any, batch: Batch, history: Tensor | None = None) -> Drawn | Tensor:
        made: Drawn | Tensor = model(batch) if self.settings.trial else model(*batch.inputs, history)
        return made

    def _share_gradients(self) -> None:
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        flat /= self.settings.workers
        for g, part in zip(gradients, torch.split(flat, [g.numel() for g in gradients]), strict=True):
            g.copy_(part.view_as(g))

    def judge(self, count: int = 24) -> dict[str, float]:
        """Figures on held-out views, and a sheet of the first of them."""
        pictures, targets = [], []
        every = max(1, len(self.held) // count)
        for i in range(0, len(self.held), every):
            batch = self.held.batch([(i, i % self.held.looks)], self.dtype)
            with (
                torch.inference_mode(),
                torch.autocast(self.settings.device, self.dtype, enabled=self.dtype != torch.float32),
            ):
                drawn = self._drawn(self.average, batch)
            picture = picture_of(drawn, batch) if isinstance(drawn, Drawn) else drawn.clamp(0.0, 1.0)
            pictures.append(picture.cpu())
            targets.append(batch.target.cpu())
        a, b = torch.cat(pictures), torch.cat(targets)
        rows = []
        for i in range(0, min(len(a), 24) - 3, 4):
            rows += [torch.cat(list(b[i : i + 4]), -1), torch.cat(list(a[i : i + 4]), -1)]
        if rows:
            sheet = (torch.cat(rows, -2).permute(1, 2, 0) * 255 + 0.5).byte().numpy()
            Image.fromarray(sheet).save(self.settings.out / "held.png")
        each = [psnr(x[None], y[None]) for x, y in zip(a, b, strict=True)]
        return {
            "psnr": float(np.mean(each)),
            "ssim": float(ssim(a, b)),
            "chroma": chroma(a) / max(chroma(b), 1e-6),
            "detail": float(detail(a).square().mean() / detail(b).square().mean().clamp_min(1e-9)),
        }

    def save(self) -> None:
        """A checkpoint to go on from, and the averaged weights as the backend reads them."""
        part = self.checkpoint.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "spent_s": self.spent_s,
            },
            part,
        )
        part.replace(self.checkpoint)
        if not self.settings.trial:
            save_generator(self.average, self.settings.out / "weights")

    def _resume(self) -> None:
        kept = torch.load(self.checkpoint, map_location=self.settings.device, weights_only=True)
        self.model.load_state_dict(kept["model"])
        self.average.load_state_dict(kept["average"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.step, self.spent_s = int(kept["step"]), float(kept["spent_s"])


def _model(settings: Settings) -> nn.Module:
    made = Trial() if settings.trial else EmbeddedModel()
    # Module's own `to`: ModelMixin's is typed for less.
    return nn.Module.to(made, settings.device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _shards(settings: Settings, kind: str) -> Shards:
    if not settings.screen:
        return Shards(settings.data, kind, settings.device)
    plain = Shards(settings.data, kind, settings.device)
    context = headless_context()
    try:
        return Shards(settings.data, kind, settings.device, pane(context, plain.size))
    finally:
        context.release()


def _take_over(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Take over those weights that a model has, in their shapes; tell of the others."""
    own = model.state_dict()
    fits = {name for name, value in weights.items() if name in own and own[name].shape == value.shape}
    fitting = {name: weights[name].float() for name in fits}
    model.load_state_dict(fitting, strict=False)
    left = sorted(weights.keys() - fits)
    print(f"{len(fits)} of {len(own)} weights taken over; left: {', '.join(left) or 'none'}", flush=True)


def _has_bfloat16(device: str) -> bool:
    return device != "cpu" or torch.cpu._is_avx512_bf16_supported()


def train(settings: Settings, rank: int = 0) -> dict[str, float]:
    """Train until the time or the steps are spent; gives the last figures (of rank 0)."""
    settings.out.mkdir(parents=True, exist_ok=True)
    keep_memory()
    if settings.workers > 1:
        torch.set_num_threads(1)
    run = _Run(settings, rank)
    reported, shown, looked, mean = now_s(), now_s(), now_s(), 0.0
    figures: dict[str, float] = {}
    while run.progress < 1:
        started = now_s()
        value = run.one_step()
        run.spent_s += now_s() - started
        if settings.workers > 1:
            # Every process must stop at the same step, so they go by the first one's clock.
            clock = torch.tensor([run.spent_s])
            dist.broadcast(clock, 0)
            run.spent_s = float(clock)
        mean = value if mean == 0 else 0.98 * mean + 0.02 * value
        if rank == 0 and now_s() - shown > 20:
            shown = now_s()
            left = settings.minutes * (1 - run.progress)
            print(
                f"step {run.step}: loss {mean:.4f}, {len(run.shards)} views, {left:.1f} min left", flush=True
            )
        if now_s() - looked > _LOOK_EVERY_S:
            looked = now_s()
            run.shards.look_again()
        if now_s() - reported > 60 * settings.report_minutes:
            reported = now_s()
            if rank == 0:
                figures = run.judge()
                run.save()
                print(f"step {run.step}: held out {_line(figures)}", flush=True)
    if rank == 0:
        figures = run.judge()
        run.save()
        print(f"step {run.step}: held out {_line(figures)}, done", flush=True)
    return figures


def _line(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def _worker(rank: int, settings: Settings) -> None:
    store = settings.out / "meeting"
    dist.init_process_group(
        "gloo", init_method=f"file://{store.resolve()}", rank=rank, world_size=settings.workers
    )
    train(settings, rank)
    dist.destroy_process_group()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.train", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--out", type=Path, default=Path("runs/train"))
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=4, help="frames a step and worker")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--workers", type=int, default=1, help="processes of one thread, on a CPU")
    parser.add_argument("--report-minutes", type=float, default=4.0, help="between checkpoints")
    parser.add_argument("--trial", action="store_true", help="the network to measure against (baseline.py)")
    parser.add_argument(
        "--screen", action="store_true", help="patterns that stay on the screen, no history (screen.py)"
    )
    parser.add_argument("--start", type=Path, help="a folder of weights to begin with, as far as they fit")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    settings = Settings(**vars(parser.parse_args(arguments)))
    if settings.trial and settings.start:
        parser.exit(2, f"{parser.prog}: --start has weights of the generator, which --trial is not\n")
    if settings.workers > 1:
        settings.out.mkdir(parents=True, exist_ok=True)
        (settings.out / "meeting").unlink(missing_ok=True)
        spawn(_worker, (settings,), nprocs=settings.workers)  # type: ignore[no-untyped-call]
    else:
        train(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
