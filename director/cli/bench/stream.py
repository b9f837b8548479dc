"""The diffusion stream: frames a second, where their time goes, and how far they are from what this machine
could do at best; and, on request, StreamDiffusion on the same modules in the same run.

Weights are random: they take as long as trained ones. The floor is the operations of a frame, as torch counts
them, at the speed of the faster of a large matrix product and a large convolution.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from director.cli.bench import Beside, Figures, Suite, spread
from director.cli.bench._peer import STOOD_IN, side_by_side, timed
from director.cli.bench._prompt_change import prompt_changes
from director.clock import now_s
from director.direction.evaluate import direction_at
from director.generate.backends.diffusion import Diffusion
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take.drawing import cores
from director.types import Conditioning, Tick

__all__ = ["SUITE"]

_SCENE = "living_room"
_SMALL: dict[str, int] = {"tiny": 64, "mid": 256}
_REAL: dict[str, int] = {"sd-1.5": 512, "sd-2.1": 512, "sdxl": 512}
# Of float32 it would take 20 GB.
_FOR_CARDS = frozenset({"sdxl"})
_STEPS = (1, 2)
_AROUND = 6
# Of a stream slower than this a frame takes so long that few changes must do.
_CHANGES, _FEW_CHANGES, _SLOW_MS = 20, 3, 2000
_PEAK_TRIALS = 8
_MATMUL_SIZE = {"cuda": 8192}
_MATMUL_SIZE_ELSEWHERE = 1536


def _run(name: str, progress: Progress) -> Figures:
    return _run_beside(name, progress, Beside())


def _run_beside(_: str, progress: Progress, beside: Beside) -> Figures:
    # As in a generator's own process: beside the thread that reads words, threads must sleep while they wait.
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    import torch

    from director.generate.diffusion.architectures import MID, PUBLISHED, TINY

    torch.set_num_threads(cores())
    on_card = torch.cuda.is_available()
    device = torch.device("cuda" if on_card else "cpu")
    sizes = dict(_SMALL)
    if on_card or beside.real:
        sizes |= {name: side for name, side in _REAL.items() if on_card or name not in _FOR_CARDS}
    dtype = torch.float16 if on_card else torch.float32
    found: dict[str, Mapping[str, float]] = {}
    peaks = _peaks(device, dtype)
    for index, (name, side) in enumerate(sizes.items()):
        built = {"tiny": TINY, "mid": MID, **PUBLISHED}[name]
        for steps in _STEPS:
            progress(index / len(sizes), f"stream: {name} at {side}x{side}, {steps} steps")
            case = f"{name}, {side}x{side}, {steps} steps"
            found[case] = _figures(_Case(built, side, steps, device, dtype), peaks)
            if beside.peer is not None and "addition_embed_type" not in built.unet:
                parts = _Case(built, side, steps, device, dtype).parts("lcm", ())
                modes = (True, False) if steps > 1 else (True,)
                for batched in modes:
                    said = f"{case}{', batched' if batched and steps > 1 else ''}"
                    found[f"{said}, no controls, beside StreamDiffusion ({STOOD_IN})"] = side_by_side(
                        beside.peer, parts, side, steps, batched
                    )
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    built: Any
    side: int
    steps: int
    device: Any
    dtype: Any

    def parts(self, scheduler: str, controls: Sequence[str]) -> Any:
        from director.generate.diffusion.architectures import random_parts

        return random_parts(self.built, controls, scheduler, self.device, self.dtype)

    def backend(self, live: bool = False) -> Diffusion:
        # One step leaves nothing of a history, and two carry on where there is one.
        strength = 1.0 if self.steps == 1 else 0.5
        options: dict[str, float | str] = {"model": "sd-turbo", "steps": self.steps}
        return Diffusion(GeneratorSettings(options={**options, "strength": strength, "live": int(live)}))


def _figures(case: _Case, peaks: Mapping[str, float]) -> dict[str, float]:
    import torch

    backend = case.backend()
    parts = case.parts("euler", tuple(backend.preset.taken))
    backend.stream_with(parts, "random")
    asked = _conditionings(backend, case.side)
    times = timed(lambda index: backend.generate(asked[index % len(asked)]))
    figures = spread("frame", "ms", [1000 * time for time in times], (50, 99))
    p50_ms = figures["frame_p50_ms"]
    figures["frame_p99_over_p50"] = round(figures["frame_p99_ms"] / p50_ms, 3)
    figures["frames_per_s"] = round(len(times) / sum(times), 3)
    wait: Callable[[], object] = torch.cuda.synchronize if case.device.type == "cuda" else lambda: None
    stages: dict[str, list[float]] = {}
    backend.waits = True
    for conditioning in asked[: _AROUND // 2]:
        with _listened(parts, wait) as spent:
            backend.generate(conditioning)
        for stage, seconds in {**backend.spent, **spent}.items():
            stages.setdefault(stage, []).append(1000 * seconds)
    backend.waits = False
    figures |= {f"{stage}_ms": round(median(spent), 3) for stage, spent in stages.items()}
    flops = _flops(lambda: backend.generate(asked[_AROUND // 2]))
    floor_ms = 1000 * flops / max(peaks.values())
    figures |= {"gflop_per_frame": round(flops / 1e9, 3), "floor_ms": round(floor_ms, 3)}
    figures |= {f"{name}_peak_gflop_per_s": round(peak / 1e9, 1) for name, peak in peaks.items()}
    figures["time_over_floor"] = round(p50_ms / floor_ms, 3)
    for live in (False, True):
        changing = case.backend(live)
        changing.stream_with(parts, "random")
        said = "prompt_change" if live else "prompt_change_waited_for"
        changes = _CHANGES if p50_ms < _SLOW_MS else _FEW_CHANGES
        figures |= prompt_changes(changing, asked, said, changes)
        changing.close()
    backend.close()
    return figures


@contextmanager
def _listened(parts: Any, wait: Callable[[], object]) -> Iterator[dict[str, float]]:
    """Seconds in the U-Net and in the ControlNets."""
    spent = {"controlnets": 0.0, "unet": 0.0}
    models = [("unet", parts.unet), *(("controlnets", net) for net in parts.controls.values())]

    def heard(name: str, sign: float) -> Callable[..., None]:
        def hear(*_: object) -> None:
            wait()
            spent[name] += sign * now_s()

        return hear

    handles = [model.register_forward_pre_hook(heard(name, -1.0)) for name, model in models]
    handles += [model.register_forward_hook(heard(name, 1.0)) for name, model in models]
    try:
        yield spent
    finally:
        for handle in handles:
            handle.remove()


def _conditionings(backend: Diffusion, side: int) -> list[Conditioning]:
    compiled = CompiledScene(load_scene(_SCENE))
    move = compiled.scene.moves[0]
    context = headless_context()
    try:
        conditioner = Conditioner(context, compiled, side, side, backend.maps)
        made: list[Conditioning] = []
        for index in range(12):
            tick = Tick(index, index / 6, 1 / 6)
            direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, tick.time_s)
            conditioner.draw(tick, move.camera_at(tick.time_s, compiled.locate), direction)
            made.extend(conditioner.drain())
        return made
    finally:
        context.release()


def _flops(work: Callable[[], object]) -> float:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    # Attention on processors is none of those that torch can count.
    known = {torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention_flops}
    counter: Any = FlopCounterMode(display=False, custom_mapping=known)
    with counter:
        work()
    return float(counter.get_total_flops())


def _attention_flops(
    query: Sequence[int],
    key: Sequence[int],
    value: Sequence[int],
    *_: object,
    out_shape: object,
    **__: object,
) -> int:
    """Of two products: of queries and keys, and of what they make with values."""
    return 2 * math.prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


def _peaks(device: Any, dtype: Any) -> dict[str, float]:
    """Operations a second of the best of a few large products, and of a few large convolutions."""
    import torch
    from torch.nn import functional

    size = _MATMUL_SIZE.get(device.type, _MATMUL_SIZE_ELSEWHERE)
    left = torch.ones(size, size, dtype=dtype, device=device)
    made = {"dtype": dtype, "device": device}
    planes = torch.ones(4, 320, 64, 64, **made).to(memory_format=torch.channels_last)
    kernel = torch.ones(320, 320, 3, 3, **made).to(memory_format=torch.channels_last)
    found: dict[str, float] = {}
    works: dict[str, Callable[[], Any]] = {
        "matmul": lambda: left @ left,
        "convolution": lambda: functional.conv2d(planes, kernel, padding=1),
    }
    for name, work in works.items():
        best_s = float("inf")
        with torch.inference_mode():
            for _ in range(_PEAK_TRIALS):
                start_s = now_s()
                # Reading one number waits for a card to have finished.
                work().flatten()[0].item()
                best_s = min(best_s, now_s() - start_s)
        found[name] = _flops(work) / best_s
    return found


SUITE = Suite(
    "frames a second of the diffusion stream on random weights, where they go, and the floor",
    _run,
    is_long=True,
    run_beside=_run_beside,
)
