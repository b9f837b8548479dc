"""Draws pictures again from what a take stored of them: tick, camera, direction and size, in order.

A picture that was kept is not generated anew. Where the generator's pictures depend on those before, only
those before the last cut that nothing after it lacks are taken from what was kept: it must remember the rest.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

import moderngl

from director.composite.generated import Moment
from director.errors import RecordingError, UsageError
from director.generate import generator
from director.generate.clipwise import Clipwise
from director.generate.inline import InlineRunner
from director.generate.pooled import PooledRunner
from director.generate.protocol import (
    Generator,
    GeneratorIdentity,
    GeneratorSettings,
    Independent,
    Progress,
)
from director.generate.remote.pool import RemotePool
from director.generate.remote.workers import Workers
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.clips import draw_clips
from director.take.finish import moment_of
from director.take.kept_pictures import KeptPictures
from director.take.stage import cores
from director.take.wanted import Wanted
from director.types import Conditioning, GeneratedFrame

__all__ = ["Drawing", "Drawn", "Replay", "Wanted", "drawing_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A generated picture, the moment that its passes showed, and whether it was kept from before."""

    frame: GeneratedFrame
    source: Moment
    was_kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """How a generator is to draw a take, settled before it is loaded. `backend` is not loaded; `settings` are
    its own, with the threads pinned. `map_size` (width, height) is what it draws at, `maps` what is read back
    for it. Where it `is_independent` a picture follows from its conditioning alone."""

    name: str
    backend: Generator
    settings: GeneratorSettings
    map_size: tuple[int, int]
    maps: frozenset[str]
    is_independent: bool


def drawing_of(name: str, settings: GeneratorSettings, size: tuple[int, int]) -> Drawing:
    """For pictures of (width, height). Raises UsageError."""
    backend = generator(name)(settings)
    is_independent = isinstance(backend, Independent) and backend.independent
    if settings.threads == 0:
        # Threads are pinned: sums over a picture depend on how it is shared out.
        settings = replace(settings, threads=1 if is_independent else cores())
        backend = generator(name)(settings)
    maps = backend.maps | {"depth", "object"}
    return Drawing(name, backend, settings, backend.size_for(*size), maps, is_independent)


class Replay:
    """A loaded generator and the passes it reads. Raises UsageError and GeneratorError."""

    def __init__(
        self,
        context: moderngl.Context,
        compiled: CompiledScene,
        size: tuple[int, int],
        name: str,
        settings: GeneratorSettings,
        progress: Progress,
        processes: int = 1,
        workers: Workers | None = None,
    ) -> None:
        """`size` is the picture's; a generator that can is run in so many `processes`, or by `workers`, which
        draw what has no history here, and the rest beforehand (see `ahead`)."""
        drawing = drawing_of(name, settings, size)
        self.settings = drawing.settings
        self.map_size = drawing.map_size
        self.is_independent = drawing.is_independent
        self._maps = drawing.maps
        self._context = context
        self._compiled = compiled
        self._conditioners: dict[tuple[int, int], Conditioner] = {}
        self._before: Conditioner | None = None
        self._owns_runner = workers is None
        self._clipwise = drawing.backend if isinstance(drawing.backend, Clipwise) else None
        self._progress = progress
        # Found kept, and yet new: drawn in clips just before.
        self._in_clips: frozenset[int] = frozenset()
        if self._clipwise is not None and workers is not None:
            raise UsageError(
                f"{name} draws whole clips, each upon the one before",
                subject="--ray",
                mend="leave it out: one machine renders them",
            )
        self.runner: InlineRunner | PooledRunner | RemotePool
        if workers is not None:
            self.runner = workers.pool(name, self.settings, progress)
        elif self.is_independent and processes > 1:
            self.runner = PooledRunner(name, self.settings, processes, self.map_size, progress)
        else:
            self.runner = InlineRunner(drawing.backend, progress)

    @property
    def identity(self) -> GeneratorIdentity:
        """What makes the pictures."""
        assert self.runner.identity is not None
        return self.runner.identity

    def pictures(self, wanted: Sequence[Wanted], kept: KeptPictures) -> Iterator[Drawn]:
        """The pictures in order; passes are drawn while pictures before them are in the making. New ones are
        kept as they come. Raises GeneratorError and RecordingError."""
        if self._clipwise is not None:
            self._in_clips = draw_clips(
                self._clipwise, wanted, lambda number: self._drawn(wanted[number]), kept, self._progress
            )
        reused = self._reused(wanted, kept)
        most = self.runner.abreast + 1 if self.runner.abreast > 1 else 1
        begun: deque[_Begun] = deque()
        for number, one in enumerate(wanted):
            begun.append(self._begin(number, one, kept if number < reused else None))
            if len(begun) >= most:
                yield _finished(begun.popleft(), kept)
        while begun:
            yield _finished(begun.popleft(), kept)

    def close(self) -> None:
        """Let the generator and the passes go. Workers stay their owner's."""
        if self._owns_runner:
            self.runner.close()
        for conditioner in self._conditioners.values():
            conditioner.release()

    def _drawn(self, one: Wanted) -> Conditioning:
        conditioner = self._conditioner(one.size)
        conditioner.draw(one.tick, one.camera, one.direction)
        self._before = conditioner
        conditioning = conditioner.take()
        assert conditioning is not None
        return conditioning

    def _reused(self, wanted: Sequence[Wanted], kept: KeptPictures) -> int:
        if self.is_independent:
            return len(wanted)
        missing = next((n for n in range(len(wanted)) if kept.load(n) is None), len(wanted))
        while 0 < missing < len(wanted) and not wanted[missing].begins:
            missing -= 1
        return missing

    def _begin(self, number: int, one: Wanted, kept: KeptPictures | None) -> "_Begun":
        conditioning = self._drawn(one)
        source = moment_of(self._conditioner(one.size))
        found = None if kept is None else kept.load(number)
        if found is not None and found[0].shape[:2] == (one.size[1], one.size[0]):
            done: Future[GeneratedFrame] = Future()
            done.set_result(GeneratedFrame(found[0], conditioning, 0.0, found[1]))
            return _Begun(number, source, done, was_kept=True, is_new=number in self._in_clips)
        if one.begins and number and isinstance(self.runner, InlineRunner):
            self.runner.flush()
        if isinstance(self.runner, RemotePool) and not self.is_independent:
            raise RecordingError(
                f"picture {number} is not where the workers' pictures were kept",
                mend="give the command again",
            )
        return _Begun(number, source, self._generate(conditioning), was_kept=False)

    def _generate(self, conditioning: Conditioning) -> "Future[GeneratedFrame]":
        return self.runner.begin(conditioning)

    def _conditioner(self, size: tuple[int, int]) -> Conditioner:
        if size not in self._conditioners:
            self._conditioners[size] = Conditioner(self._context, self._compiled, *size, self._maps, ring=1)
        found = self._conditioners[size]
        if self._before is not None:
            # Motion is told against what was drawn last, at whichever size.
            found.state, found.view = self._before.state, self._before.view
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    number: int
    source: Moment
    generated: "Future[GeneratedFrame]"
    was_kept: bool
    is_new: bool = False


def _finished(begun: _Begun, kept: KeptPictures) -> Drawn:
    frame = begun.generated.result()
    if not begun.was_kept:
        kept.save(begun.number, frame.image, frame.not_understood)
    return Drawn(frame, begun.source, begun.was_kept and not begun.is_new)
