"""Draws pictures again from what a take stored of them: tick, camera, direction and size, in order.

A picture that was kept is not generated anew. Where the generator's pictures depend on those before, only
those before the last cut that nothing after it lacks are taken from what was kept: it must remember the rest.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import moderngl

from director.composite.generated import Moment
from director.errors import RecordingError, UsageError
from director.generate.clipwise import Clipwise
from director.generate.inline import InlineRunner
from director.generate.pooled import PooledRunner
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, Progress
from director.generate.remote.pool import RemotePool
from director.generate.remote.workers import Workers
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.clips import draw_clips
from director.take.drawing import drawing_of
from director.take.finish import moment_of
from director.take.kept_pictures import KeptPictures
from director.take.wanted import Wanted
from director.types import Conditioning, GeneratedFrame

__all__ = ["Drawn", "Replay", "Wanted"]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A generated picture, the moment that its passes showed, and whether it was kept from before."""

    frame: GeneratedFrame
    source: Moment
    was_kept: bool


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
        self._last = -1
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
                self._clipwise, wanted, lambda number: self._drawn(wanted, number), kept, self._progress
            )
        reused = self._reused(wanted, kept)
        most = self.runner.abreast + 1 if self.runner.abreast > 1 else 1
        begun: deque[_Begun] = deque()
        for number in range(len(wanted)):
            begun.append(self._begin(wanted, number, kept if number < reused else None))
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

    def _drawn(self, wanted: Sequence[Wanted], number: int) -> Conditioning:
        """The passes of a picture, with motion as it is since the one before."""
        if number != self._last + 1:
            self._before = None
            for conditioner in self._conditioners.values():
                conditioner.cut()
            if number:
                self._passes(wanted[number - 1])
        self._last = number
        return self._passes(wanted[number])

    def _passes(self, one: Wanted) -> Conditioning:
        conditioner = self._conditioner(one.size)
        conditioner.draw(one.tick, one.camera, one.direction)
        self._before = conditioner
        conditioning = conditioner.take()
        assert conditioning is not None
        return conditioning

    def _reused(self, wanted: Sequence[Wanted], kept: KeptPictures) -> int:
        if self.is_independent:
            return len(wanted)
        missing = next((n for n in range(len(wanted)) if not kept.has(n)), len(wanted))
        while 0 < missing < len(wanted) and not wanted[missing].begins:
            missing -= 1
        return missing

    def _begin(self, wanted: Sequence[Wanted], number: int, kept: KeptPictures | None) -> "_Begun":
        one = wanted[number]
        conditioning = self._drawn(wanted, number)
        source = moment_of(self._conditioner(one.size))
        found = None if kept is None else kept.load(number)
        if found is not None and found[0].shape[:2] == (one.size[1], one.size[0]):
            done: Future[GeneratedFrame] = Future()
            done.set_result(GeneratedFrame(found[0], conditioning, 0.0, found[1]))
            return _Begun(number, source, done, was_kept=True, is_new=number in self._in_clips)
        if not self.is_independent and (kept is not None or isinstance(self.runner, RemotePool)):
            # Drawn now it would follow upon another history.
            raise RecordingError(
                f"picture {number} cannot be read from where it was kept", mend="give the command again"
            )
        if one.begins and number and isinstance(self.runner, InlineRunner):
            self.runner.flush()
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
