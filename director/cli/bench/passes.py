"""Milliseconds a tick of the G-buffer: scene, draw, and reading it back, by number of proxies and size."""

import json
import math
from itertools import product
from pathlib import Path

from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.generate.protocol import Progress
from director.math3d import look_rotation
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.passes.gbuffer import TARGETS
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import parse_scene
from director.types import CameraState, Direction, Tick

__all__ = ["SUITE"]

_COUNTS = (50, 1_000, 20_000)
_SIZES = ((512, 288), (1280, 720))
_CASE_S = 1.5
_FEWEST, _MOST = 8, 200


def _run(generator: str, progress: Progress) -> Figures:
    cases = list(product(_COUNTS, _SIZES, (False, True)))
    found: dict[str, dict[str, float]] = {}
    context = headless_context()
    try:
        scenes = {count: CompiledScene(_scene(count)) for count in _COUNTS}
        for index, (count, (width, height), reads) in enumerate(cases):
            name = f"{count} proxies, {width}x{height}{', readback' if reads else ''}"
            progress(index / len(cases), f"passes: {name}")
            maps = frozenset(TARGETS) if reads else frozenset[str]()
            conditioner = Conditioner(context, scenes[count], width, height, maps, shown=frozenset(TARGETS))
            times: list[float] = []
            end_s = now_s() + _CASE_S
            while len(times) < _MOST and (len(times) < _FEWEST or now_s() < end_s):
                tick = Tick(len(times), len(times) / 60, 1 / 60)
                start_s = now_s()
                conditioner.draw(tick, _camera(tick.time_s, count), Direction())
                conditioner.take()
                # Without it, software OpenGL only notes down what it is to draw.
                context.finish()
                times.append((now_s() - start_s) * 1000)
            conditioner.release()
            # The first tick compiles and uploads.
            found[name] = {**spread("tick", "ms", times[1:], (50, 99)), "ticks": len(times) - 1}
    finally:
        context.release()
    return found


def _scene(count: int) -> Scene:
    side = math.ceil(math.sqrt(count))
    boxes = [
        {
            "kind": "box",
            "name": f"box {i}",
            "class": "box",
            "colour": "#a08060",
            "position": [(i % side - side / 2) * 2.0, 0.0, (i // side - side / 2) * 2.0],
            "size": [1.0, 1.0 + i % 3, 1.0],
        }
        for i in range(count)
    ]
    raw = {"schema_version": 1, "name": "bench", "near_m": 0.5, "far_m": 2000.0, "objects": boxes}
    return parse_scene(json.dumps(raw), file="bench", folder=Path())


def _camera(time_s: float, count: int) -> CameraState:
    reach = math.sqrt(count) * 2.0
    angle = 0.2 * time_s
    position = (reach * math.sin(angle), reach * 0.6 + 2.0, reach * math.cos(angle))
    toward = (-position[0], -position[1], -position[2])
    return CameraState(position, look_rotation(toward))


SUITE = Suite("ms a tick of the G-buffer at 50, 1,000 and 20,000 proxies", _run)
