"""Milliseconds a frame of a generator, and its share of what this machine's matrix products reach."""

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.protocol import Generator, GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take.drawing import cores
from director.types import Conditioning, Tick

__all__ = ["SUITE"]

_SCENE = "night_alley"
_SIZES = ((256, 144), (512, 288))
_CASE_S = 5.0
_FEWEST, _MOST = 6, 100
# Large enough to fill the machine, small enough for two cores.
_MATMUL_SIZE = {"cuda": 8192}
_MATMUL_SIZE_ELSEWHERE = 1536
_MATMUL_TRIALS = 24


@runtime_checkable
class _Staged(Protocol):
    """A generator that tells the seconds that each stage of its last picture took."""

    spent: Mapping[str, float]


@runtime_checkable
class _Compiled(Protocol):
    """A generator that tells whether it computes with kernels compiled for the processor."""

    @property
    def compiled(self) -> bool: ...


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    backend = generator(name)(GeneratorSettings(threads=cores()))
    backend.load(lambda share, words: progress(0.3 * share, f"generator: {words}"))
    try:
        for index, (width, height) in enumerate(_SIZES):
            progress(0.3 + 0.25 * index, f"generator: {name} at {width}x{height}")
            asked = _conditionings(backend, width, height)
            case = f"{name}, {width}x{height}"
            found[case] = _figures(backend, asked)
        compiled = isinstance(backend, _Compiled) and backend.compiled
    finally:
        backend.close()
    if compiled:
        progress(0.8, f"generator: {name} without kernels")
        plain = generator(name)(GeneratorSettings(threads=cores(), options={"compiled": 0}))
        plain.load(lambda share, words: None)
        try:
            figures = _figures(plain, asked)
        finally:
            plain.close()
        figures["frames_of_kernels"] = round(figures["frame_p50_ms"] / found[case]["frame_p50_ms"], 3)
        found[f"{case}, without kernels"] = figures
    return found


def _figures(backend: Generator, asked: Sequence[Conditioning]) -> dict[str, float]:
    for conditioning in asked[:2]:
        backend.generate(conditioning)
    times: list[float] = []
    end_s = now_s() + _CASE_S
    stages: dict[str, list[float]] = {}
    while len(times) < _MOST and (len(times) < _FEWEST or now_s() < end_s):
        start_s = now_s()
        backend.generate(asked[len(times) % len(asked)])
        times.append(now_s() - start_s)
        if isinstance(backend, _Staged):
            for stage, seconds in backend.spent.items():
                stages.setdefault(stage, []).append(seconds)
    figures = spread("frame", "ms", [time * 1000 for time in times], (50, 99))
    figures["frames_per_s"] = round(len(times) / sum(times), 3)
    for stage, spent in stages.items():
        figures[f"{stage}_ms"] = round(1000 * sorted(spent)[len(spent) // 2], 3)
    identity = backend.identity
    flops = _flops(backend, asked[0]) if identity.torch else 0.0
    if flops > 0:
        peak = _matmul_peak(identity.device, identity.dtype)
        figures["gflop_per_frame"] = round(flops / 1e9, 3)
        figures["matmul_peak_gflop_per_s"] = round(peak / 1e9, 3)
        figures["share_of_matmul_peak"] = round(flops / (figures["frame_p50_ms"] / 1000) / peak, 4)
    return figures


def _conditionings(backend: Generator, width: int, height: int) -> list[Conditioning]:
    """Two seconds of a move, at the size the generator wants for this picture."""
    compiled = CompiledScene(load_scene(_SCENE))
    move = compiled.scene.moves[0]
    context = headless_context()
    try:
        conditioner = Conditioner(context, compiled, *backend.size_for(width, height), backend.maps)
        made: list[Conditioning] = []
        for index in range(12):
            tick = Tick(index, index / 6, 1 / 6)
            direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, tick.time_s)
            conditioner.draw(tick, move.camera_at(tick.time_s, compiled.locate), direction)
            made.extend(conditioner.drain())
        return made
    finally:
        context.release()


def _flops(backend: Generator, conditioning: Conditioning) -> float:
    """Of one frame, as torch counts them; 0 where it sees none of them."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    # Layers in one go (embedded/fused.py) are none of those that torch can count.
    names = "_convolution_pointwise", "_linear_pointwise"
    fused = [getattr(torch.ops.mkldnn, name, None) for name in names]
    known = {operator: _fused_flops for operator in fused if operator is not None}
    counter: Any = FlopCounterMode(display=False, custom_mapping=known)
    counting: AbstractContextManager[Any] = counter
    with counting:
        backend.generate(conditioning)
    return float(counter.get_total_flops())


def _fused_flops(*shapes: Any, out_shape: Sequence[int], **_: Any) -> int:
    """Of a layer by the shapes of what it is given: picture, weights and bias; where something is added, that
    comes before the weights."""
    _picture, second, third, *_rest = shapes
    weights = third if third is not None and len(third) == len(second) else second
    return 2 * math.prod(out_shape) * math.prod(int(size) for size in weights[1:])


def _matmul_peak(device: str, dtype: str) -> float:
    """Operations a second of the best of a few square products, in the generator's dtype, on its device."""
    import torch

    kind = getattr(torch, dtype)
    size = _MATMUL_SIZE.get(torch.device(device).type, _MATMUL_SIZE_ELSEWHERE)
    left = torch.ones(size, size, dtype=kind, device=device)
    best_s = float("inf")
    with torch.inference_mode():
        for _ in range(_MATMUL_TRIALS):
            start_s = now_s()
            product = left @ left
            # Reading one number waits for a GPU to have finished.
            product[0, 0].item()
            best_s = min(best_s, now_s() - start_s)
    return 2.0 * size**3 / best_s


SUITE = Suite("ms a frame of a generator, and its share of the machine's matmul peak", _run)
