"""StreamDiffusion (Kodaira et al., 2023) beside our stream: the same modules, frame by frame in turn.

Its code is imported from a checkout of its own. What it asks of CUDA, and of a pipeline of diffusers, is
stood in for here and nowhere else, and said in the name of what is measured.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.cli.bench import spread
from director.clock import now_s
from director.errors import UsageError

__all__ = ["STOOD_IN", "side_by_side", "timed"]

STOOD_IN = "its text pipeline, and off CUDA its events, stood in for"
_CASE_S = 5.0
_FEWEST, _MOST = 6, 200
_WARM_UP = 3


def timed(frame: Callable[[int], object]) -> list[float]:
    """Seconds of each of some seconds of frames, after a few to warm up; frames are counted from those."""
    for index in range(_WARM_UP):
        frame(index)
    times: list[float] = []
    end_s = now_s() + _CASE_S
    while len(times) < _MOST and (len(times) < _FEWEST or now_s() < end_s):
        start_s = now_s()
        frame(_WARM_UP + len(times))
        times.append(now_s() - start_s)
    return times


def side_by_side(path: Path, parts: Any, side: int, steps: int, batched: bool) -> dict[str, float]:
    """Frame by frame in turn: picture in, encoded, drawn anew, decoded, picture out."""
    import torch

    from director.generate.diffusion.batch import Asked, StreamBatch
    from director.generate.diffusion.noise import turned
    from director.generate.diffusion.parts import vae_factor
    from director.generate.diffusion.pictures import decoded, encoded
    from director.generate.diffusion.stream import Stream, StreamSettings
    from director.generate.diffusion.words import Words

    stream, words = Stream(parts, StreamSettings(steps)), Words(parts).embedding("golden hour")
    batch: StreamBatch[int] = StreamBatch(stream)
    seed = torch.Generator().manual_seed(1)
    factor = vae_factor(parts.vae)
    latent = side // factor
    noise = torch.randn(1, 4, latent, latent, generator=seed).to(parts.device, parts.dtype)
    pictures = [torch.rand(side, side, 3, generator=seed).numpy() for _ in range(4)]

    def ours(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        initial = encoded(picture, parts)
        if batched:
            _, latents = batch.push(Asked(0, noise, words, (), initial))
        else:
            latents = stream.latents(noise, words, (), initial)
        return np.ascontiguousarray(decoded(latents, parts, (side, side)).cpu().numpy())

    with _peer(path, parts.device.type) as kind:
        pipe = _Pipe(parts.device, factor, parts.scheduler, parts.unet, parts.vae, words.tokens)
        steps_at = list(range(steps))
        peer = kind(pipe, steps_at, parts.dtype, side, side, use_denoising_batch=batched, cfg_type="none")
        peer.prepare("golden hour", num_inference_steps=steps, guidance_scale=1.0)
        # The noise that ours adds, so that the pictures are the same.
        peer.init_noise = torch.cat([noise, turned(noise, 1)])[: len(peer.init_noise)]

        def theirs(picture: NDArray[np.float32]) -> NDArray[np.float32]:
            made = peer(torch.from_numpy(picture).permute(2, 0, 1)[None])[0]
            shown = (made.float() * 0.5 + 0.5).clamp(0.0, 1.0).permute(1, 2, 0)
            return np.ascontiguousarray(shown.cpu().numpy())

        spent: dict[str, list[float]] = {"ours": [], "theirs": []}
        apart: list[float] = []

        def both(index: int) -> None:
            made = []
            # Whoever goes second finds the caches warm.
            turns = [("ours", ours), ("theirs", theirs)][:: 1 if index % 2 else -1]
            for name, work in turns:
                start_s = now_s()
                made.append(work(pictures[index % len(pictures)]))
                spent[name].append(now_s() - start_s)
            apart.append(float(np.abs(made[0] - made[1]).max()))

        timed(both)
    figures: dict[str, float] = {}
    for name, times in spent.items():
        figures |= spread(name, "ms", [1000 * time for time in times[_WARM_UP:]], (50, 99))
    pairs = zip(spent["ours"][_WARM_UP:], spent["theirs"][_WARM_UP:], strict=True)
    # Of each pair, since what else this machine does comes and goes.
    figures["ours_over_theirs_frames_per_s"] = round(median(b / a for a, b in pairs), 3)
    figures["pictures_apart_255"] = round(255 * apart[-1], 3)
    return figures


@dataclass(frozen=True, slots=True)
class _Pipe:
    """What StreamDiffusion asks of a pipeline of diffusers; its prompt is encoded beforehand."""

    device: Any
    vae_scale_factor: int
    scheduler: Any
    unet: Any
    vae: Any
    tokens: Any
    text_encoder: None = None

    def encode_prompt(self, **_: object) -> tuple[Any, None]:
        return self.tokens, None


class _NoEvent:
    """Of a CUDA event, where there is none: nothing is to be waited for."""

    def __init__(self, enable_timing: bool = False) -> None:
        self.enable_timing = enable_timing

    def record(self) -> None:
        pass

    def elapsed_time(self, _: "_NoEvent") -> float:
        return 0.0


@contextmanager
def _peer(path: Path, device: str) -> Iterator[Any]:
    """Its class. Raises UsageError where the folder is no checkout, or cannot be imported here."""
    import torch

    source = path.expanduser() / "src"
    if not (source / "streamdiffusion" / "pipeline.py").is_file():
        raise UsageError(
            "has no src/streamdiffusion/pipeline.py",
            subject=str(path),
            mend="give the folder of a StreamDiffusion checkout",
        )
    cuda: Any = torch.cuda
    own = cuda.Event, cuda.synchronize
    sys.path.insert(0, str(source.resolve()))
    try:
        if device != "cuda":
            cuda.Event, cuda.synchronize = _NoEvent, lambda: None
        yield importlib.import_module("streamdiffusion").StreamDiffusion
    except ImportError as error:
        raise UsageError(
            f"cannot be imported: {error}",
            subject=str(path),
            mend="install what it needs, or another version",
        ) from error
    finally:
        cuda.Event, cuda.synchronize = own
        sys.path.remove(str(source.resolve()))
        for name in [name for name in sys.modules if name.split(".")[0] == "streamdiffusion"]:
            del sys.modules[name]
