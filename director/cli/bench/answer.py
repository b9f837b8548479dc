"""How many displayed ticks pass until the picture answers the camera, over generators of any slowness.

The camera pans back and forth at changing speed. After each tick what is displayed is compared with what the
generator draws of that very tick, and of the ticks before: the one that it is nearest to is the tick that it
answers. The generator is slowed in ticks, not in seconds, so that the figures are the same on any machine.
"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from director.app.picture import LivePicture
from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import (
    Generator,
    GeneratorIdentity,
    GeneratorSettings,
    Progress,
    RunnerState,
)
from director.math3d import quaternion_from_euler
from director.passes.conditioner import Conditioner
from director.passes.context import describe, headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import CameraState, Conditioning, GeneratedFrame, Tick

__all__ = ["SUITE"]

_SCENE = "living_room"
_SIZE = (256, 144)
_RATES = (24, 12, 5, 2)
_TICKS_PER_S = 30
_TICKS = 120
_COMPARED = 6
"""The tick itself and those before that it is compared with."""
_TOLD_APART = 5.0
"""Of 255: a tick counts that differs by more from each of those before. A carried picture differs from a
generated one by 3 to 4 (aliasing, reflections): of ticks that are less apart than that, as where the camera
turns round, nothing can be told."""


class _Slowed:
    """A runner whose pictures come a number of ticks after they were asked for; the newest waits."""

    def __init__(self, backend: Generator, ticks: int) -> None:
        self._inline = InlineRunner(backend)
        self._ticks = ticks
        self._under_way: Conditioning | None = None
        self._waiting: Conditioning | None = None
        self._left = 0
        self._newest: GeneratedFrame | None = None
        self._counts = {"generated": 0, "dropped": 0}

    def submit(self, conditioning: Conditioning) -> None:
        self._counts["dropped"] += self._waiting is not None
        self._waiting = conditioning
        self._take_up()

    def pass_tick(self) -> None:
        """One more tick has gone by."""
        if self._under_way is None:
            return
        self._left -= 1
        if self._left <= 0:
            self._inline.submit(self._under_way)
            self._newest = self._inline.newest()
            self._counts["generated"] += 1
            self._under_way = None
            self._take_up()

    def _take_up(self) -> None:
        if self._under_way is None and self._waiting is not None:
            self._under_way, self._waiting, self._left = self._waiting, None, self._ticks

    def newest(self) -> GeneratedFrame | None:
        return self._newest

    def flush(self) -> None:
        self._under_way = self._waiting = self._newest = None
        self._inline.flush()

    @property
    def state(self) -> RunnerState:
        return RunnerState(
            "running", 1.0, "", self._counts["generated"], self._counts["dropped"], 0, 0.0, None
        )

    @property
    def identity(self) -> GeneratorIdentity | None:
        return self._inline.identity

    def close(self) -> None:
        self._inline.close()


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    context = headless_context()
    try:
        compiled = CompiledScene(load_scene(_SCENE))
        for index, rate in enumerate(_RATES):
            progress(index / len(_RATES), f"answer: {name} slowed to {rate} pictures a second")
            backend = generator(name)(GeneratorSettings())
            runner = _Slowed(backend, max(1, round(_TICKS_PER_S / rate)))
            direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
            software = describe(context).is_software
            maps, size = backend.maps, backend.size_for(*_SIZE)
            live = LivePicture(context, compiled, runner, maps, size, _SIZE, is_software=software)
            truth = Conditioner(context, compiled, *size, maps)
            drawn = InlineRunner(generator(name)(GeneratorSettings()))
            counted = _Counted()
            try:
                for tick in (Tick(i, 0.0, 1 / _TICKS_PER_S) for i in range(_TICKS)):
                    camera = _camera(compiled, tick.index)
                    started = now_s()
                    live.tick(tick, camera, direction, "generated")
                    context.finish()
                    spent_s = now_s() - started
                    shown = live.display.read()
                    runner.pass_tick()
                    truth.draw(tick, camera, direction)
                    drawn.submit(truth.drain()[-1])
                    newest = drawn.newest()
                    assert newest is not None
                    counted.add(shown, newest.image, spent_s, counts=live.frame is not None)
            finally:
                for closing in (runner, drawn):
                    closing.close()
                truth.release()
                live.release()
            found[f"{name}, {rate} pictures a second"] = counted.figures()
    finally:
        context.release()
    return found


def _camera(compiled: CompiledScene, index: int) -> CameraState:
    stands = compiled.scene.moves[0].camera_at(0.0, compiled.locate)
    time_s = index / _TICKS_PER_S
    yaw = 0.16 * math.sin(2.1 * time_s) + 0.05 * math.sin(5.7 * time_s + 1.0)
    return CameraState(stands.position, quaternion_from_euler(yaw, 0.0, 0.0), stands.lens, is_cut=index == 0)


class _Counted:
    """For each tick how many ticks old the answer is, and what the tick took."""

    def __init__(self) -> None:
        self._truths: deque[NDArray[np.int16]] = deque(maxlen=_COMPARED)
        self._answers: list[float] = []
        self._ticks_ms: list[float] = []

    def add(
        self, shown: NDArray[np.uint8], truth: NDArray[np.uint8], spent_s: float, *, counts: bool
    ) -> None:
        self._truths.append(truth.astype(np.int16))
        if not counts or len(self._truths) < _COMPARED:
            return
        now, *before = reversed(self._truths)
        if min(float(np.abs(now - one).mean()) for one in before) < _TOLD_APART:
            return
        errors = [float(np.abs(shown - one).mean()) for one in reversed(self._truths)]
        # 1: within the tick of the input itself.
        self._answers.append(1.0 + float(np.argmin(errors)))
        self._ticks_ms.append(spent_s * 1000)

    def figures(self) -> dict[str, float]:
        return {
            **spread("answer", "ticks", self._answers, (50, 95, 99)),
            "ticks_told_apart": float(len(self._answers)),
            **spread("tick", "ms", self._ticks_ms, (50, 99)),
        }


SUITE = Suite("displayed ticks until the camera is answered, with the generator slowed down", _run)
