"""A scene, a camera move and a generator, brought together to draw frame after frame without a window."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import TracebackType
from typing import Self

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.camera.moves import Move
from director.composite.display import Display
from director.composite.generated import Moment
from director.direction.evaluate import direction_at
from director.errors import SceneError
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.types import CameraState, Direction, GeneratedFrame, Tick

__all__ = ["Request", "Stage", "StagedFrame", "cores"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn. `move` of None is the scene's first, `prompt` of None the scene's own.
    `object_prompts` go by object name. Width and height are those of the picture."""

    scene: Scene
    move: str | None = None
    width: int = 512
    height: int = 288
    fps: Fraction = Fraction(24)
    prompt: str | None = None
    object_prompts: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    generator: str = "embedded"
    settings: GeneratorSettings = field(default_factory=GeneratorSettings)


@dataclass(frozen=True, slots=True, eq=False)
class StagedFrame:
    """One frame: the picture, uint8[h, w, 3] of the size asked for, and the generated one behind it."""

    picture: NDArray[np.uint8]
    generated: GeneratedFrame


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Stage:
    """Deterministic: the same request gives the same bytes for the same frames, drawn in order.

    Raises UsageError, SceneError, GraphicsError and GeneratorError while it is set up.
    """

    def __init__(self, request: Request, progress: Progress) -> None:
        self.compiled = CompiledScene(request.scene)
        self.move = _move(self.compiled, request.move)
        self._request = request
        self.direction(0.0)
        # Threads are pinned: sums over a picture depend on how it is shared out.
        settings = request.settings
        if settings.threads == 0:
            settings = replace(settings, threads=cores())
        self.settings = settings
        backend = generator(request.generator)(settings)
        self.map_size = backend.size_for(request.width, request.height)
        self.context = headless_context()
        maps = backend.maps
        if self.map_size != (request.width, request.height):
            # What a frame is enlarged along.
            maps |= {"depth", "object"}
        try:
            self._conditioner = Conditioner(self.context, self.compiled, *self.map_size, maps, ring=1)
            self.runner = InlineRunner(backend, progress)
        except BaseException:
            self.context.release()
            raise
        self._enlarger: _Enlarger | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.close()
        self.context.release()

    def direction(self, time_s: float) -> Direction:
        """What the director asks for at a time. Raises UsageError for an object that is not there."""
        request = self._request
        prompt = request.scene.prompt if request.prompt is None else request.prompt
        return direction_at(prompt, request.object_prompts, self.compiled.objects, request.seed, time_s)

    def tick(self, index: int) -> Tick:
        """Frame `index` of the film, from 0."""
        dt_s = 0.0 if index == 0 else float(1 / self._request.fps)
        return Tick(index, float(index / self._request.fps), dt_s)

    def camera(self, tick: Tick) -> CameraState:
        """The move's camera at a tick."""
        return self.move.camera_at(tick.time_s, self.compiled.locate)

    def frame(self, tick: Tick) -> StagedFrame:
        """Draw the passes of a tick, and one generation from them. Ticks must come in order."""
        self._conditioner.draw(tick, self.camera(tick), self.direction(tick.time_s))
        conditioning = self._conditioner.take()
        assert conditioning is not None
        self.runner.submit(conditioning)
        generated = self.runner.newest()
        assert generated is not None
        return StagedFrame(self._picture(generated, tick), generated)

    def precede(self, tick: Tick) -> None:
        """Draw the passes of the tick before the one that is wanted: motion is told against it."""
        self._conditioner.draw(tick, self.camera(tick), self.direction(tick.time_s))
        self._conditioner.take()

    def _picture(self, generated: GeneratedFrame, tick: Tick) -> NDArray[np.uint8]:
        request = self._request
        if generated.image.shape[:2] == (request.height, request.width):
            return np.ascontiguousarray(generated.image)
        if self._enlarger is None:
            self._enlarger = _Enlarger(self.context, self.compiled, request.width, request.height)
        return self._enlarger.picture(generated, tick, self.camera(tick), self._conditioner)


class _Enlarger:
    """Brings a generated frame to the size of the picture as the viewport does: guided by depth and
    object ids drawn at that size."""

    def __init__(self, context: moderngl.Context, compiled: CompiledScene, width: int, height: int) -> None:
        self._display = Display(context, width, height)
        self._conditioner = Conditioner(context, compiled, width, height, frozenset())

    def picture(
        self, generated: GeneratedFrame, tick: Tick, camera: CameraState, source: Conditioner
    ) -> NDArray[np.uint8]:
        """uint8[height, width, 3]."""
        self._conditioner.draw(tick, camera, generated.conditioning.direction)
        passes = self._conditioner.gbuffer.textures
        self._display.draw(generated, passes, _moment(self._conditioner), _moment(source))
        return self._display.read()


def _moment(conditioner: Conditioner) -> Moment:
    assert conditioner.view is not None
    assert conditioner.state is not None
    return Moment(conditioner.view, conditioner.state.world_from_object)


def _move(compiled: CompiledScene, name: str | None) -> Move:
    if name is not None:
        return compiled.move(name)
    if not compiled.scene.moves:
        raise SceneError(
            "has no camera move", file=compiled.scene.name, field="moves", mend="add one, such as a dolly-in"
        )
    return compiled.scene.moves[0]
