"""A scene, a camera move and a generator, brought together to draw frame after frame without a window."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from director.camera.moves import Move
from director.composite.generated import Moment
from director.composite.kernels import prepare
from director.direction.evaluate import direction_at
from director.direction.holds import held_ids
from director.errors import SceneError
from director.generate.inline import InlineRunner
from director.generate.pooled import PooledRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.passes.kernels import drawn_by_kernels
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.take.drawing import drawing_of
from director.take.finish import Finish, LensRequest, moment_of
from director.types import CameraState, Direction, GeneratedFrame, Tick

__all__ = ["Request", "Stage", "StagedFrame"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn. `move` of None is the scene's first, `prompt` of None the scene's own.
    `object_prompts` and `strengths` (1 as directed, 0 the proxy) go by object name. Width and height are
    those of the picture. `stabiliser`, 0..1, is the share of each frame that is kept in the next, along exact
    motion. Surfaces of what `holds` names (as held_ids has it) stay as they were first generated."""

    scene: Scene
    move: str | None = None
    width: int = 512
    height: int = 288
    fps: Fraction = Fraction(24)
    prompt: str | None = None
    object_prompts: Mapping[str, str] = field(default_factory=dict)
    strengths: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    generator: str = "embedded"
    settings: GeneratorSettings = field(default_factory=GeneratorSettings)
    lens: LensRequest = field(default_factory=LensRequest)
    stabiliser: float = 0.0
    holds: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StagedFrame:
    """One frame: the picture, uint8[h, w, 3] of the size asked for, and the generated one behind it."""

    picture: NDArray[np.uint8]
    generated: GeneratedFrame


class Stage:
    """Deterministic: the same request gives the same bytes for the same frames, drawn in order.

    Raises UsageError, SceneError, GraphicsError and GeneratorError while it is set up.
    """

    def __init__(self, request: Request, progress: Progress, processes: int = 1) -> None:
        """`processes` may draw at a time, if the generator's pictures follow from their conditionings alone:
        the bytes are the same with any number."""
        self.compiled = CompiledScene(request.scene)
        self.move = _move(self.compiled, request.move)
        self._request = request
        self.direction(0.0)
        self.camera(self.tick(0))
        drawing = drawing_of(request.generator, request.settings, (request.width, request.height))
        self.settings = drawing.settings
        self.map_size = drawing.map_size
        self.context = headless_context()
        maps = drawing.backend.maps
        if self.map_size != (request.width, request.height) or request.holds:
            # What a frame is enlarged and carried along.
            maps = drawing.maps
        try:
            if drawn_by_kernels(self.context):
                prepare(lambda words: progress(0.0, words))
            self._conditioner = Conditioner(self.context, self.compiled, *self.map_size, maps, ring=1)
            self.runner: InlineRunner | PooledRunner
            if drawing.is_independent and processes > 1:
                self.runner = PooledRunner(
                    drawing.name, drawing.settings, processes, drawing.map_size, progress
                )
            else:
                self.runner = InlineRunner(drawing.backend, progress)
        except BaseException:
            self.context.release()
            raise
        self._finish: Finish | None = None

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
        direction = direction_at(
            prompt, request.object_prompts, self.compiled.objects, request.seed, time_s, request.strengths
        )
        return replace(direction, locks=held_ids(request.holds, self.compiled.objects))

    def tick(self, index: int) -> Tick:
        """Frame `index` of the film, from 0."""
        dt_s = 0.0 if index == 0 else float(1 / self._request.fps)
        return Tick(index, float(index / self._request.fps), dt_s)

    def camera(self, tick: Tick) -> CameraState:
        """The move's camera at a tick, its lens set as asked. Raises UsageError where it cannot be."""
        camera = self.move.camera_at(tick.time_s, self.compiled.locate)
        return replace(camera, lens=self._request.lens.on(camera.lens))

    def frame(self, tick: Tick) -> StagedFrame:
        """Draw the passes of a tick, and one generation from them. Ticks must come in order."""
        return self._finished(self._begin(tick))

    def frames(self, ticks: Iterable[Tick]) -> Iterator[StagedFrame]:
        """The frames of ticks, in order; passes are drawn while pictures before them are in the making."""
        # One more than are in the making waits, so that none of them has to.
        most = self.runner.abreast + 1 if self.runner.abreast > 1 else 1
        begun: deque[_Begun] = deque()
        for tick in ticks:
            begun.append(self._begin(tick))
            if len(begun) >= most:
                yield self._finished(begun.popleft())
        while begun:
            yield self._finished(begun.popleft())

    def _begin(self, tick: Tick) -> "_Begun":
        camera = self.camera(tick)
        self._conditioner.draw(tick, camera, self.direction(tick.time_s))
        conditioning = self._conditioner.take()
        assert conditioning is not None
        return _Begun(tick, camera, moment_of(self._conditioner), self.runner.begin(conditioning))

    def _finished(self, begun: "_Begun") -> StagedFrame:
        generated = begun.generated.result()
        return StagedFrame(self._picture(generated, begun), generated)

    def restage(self, request: Request) -> None:
        """Go on with another scene, move, prompt or seed, as if it were the first. Size, frame rate and
        generator stay as they are. Raises UsageError and SceneError, and is then as it was."""
        compiled = CompiledScene(request.scene)
        move = _move(compiled, request.move)
        direction_at("", request.object_prompts, compiled.objects, request.seed, 0.0, request.strengths)
        held_ids(request.holds, compiled.objects)
        self.compiled, self.move, self._request = compiled, move, request
        self._conditioner.reset_scene(compiled)
        if self._finish is not None:
            self._finish.release()
            self._finish = None
        if isinstance(self.runner, InlineRunner):
            self.runner.flush()

    def precede(self, tick: Tick) -> None:
        """Draw the passes of the tick before the one that is wanted: motion is told against it."""
        camera, direction = self.camera(tick), self.direction(tick.time_s)
        self._conditioner.draw(tick, camera, direction)
        self._conditioner.take()
        if self._request.lens.settings.is_on:
            self._finishing().precede(tick, camera, direction)

    def _picture(self, generated: GeneratedFrame, begun: "_Begun") -> NDArray[np.uint8]:
        request = self._request
        whole = generated.image.shape[:2] == (request.height, request.width)
        is_plain = not request.lens.settings.is_on and not request.stabiliser and not request.holds
        if whole and is_plain:
            return np.ascontiguousarray(generated.image)
        finish = self._finishing()
        if begun.tick.dt_s == 0 and "motion" in request.lens.settings.passes:
            # Nothing was before the first frame. A streak has no direction: the frame after it tells as well.
            dt_s = float(1 / request.fps)
            after = Tick(begun.tick.index + 1, begun.tick.time_s + dt_s, dt_s)
            finish.precede(after, self.camera(after), self.direction(after.time_s))
        return finish.picture(generated, begun.tick, begun.camera, begun.moment)

    def _finishing(self) -> Finish:
        if self._finish is None:
            request = self._request
            self._finish = Finish(
                self.context,
                self.compiled,
                request.width,
                request.height,
                request.lens.settings,
                request.stabiliser,
            )
        return self._finish


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """A frame in the making: its tick and camera, what the passes showed, and the picture to come."""

    tick: Tick
    camera: CameraState
    moment: Moment
    generated: "Future[GeneratedFrame]"


def _move(compiled: CompiledScene, name: str | None) -> Move:
    if name is not None:
        return compiled.move(name)
    if not compiled.scene.moves:
        raise SceneError(
            "has no camera move", file=compiled.scene.name, field="moves", mend="add one, such as a dolly-in"
        )
    return compiled.scene.moves[0]
