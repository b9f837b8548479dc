"""Generates on many workers what depends on a history, before the renders that it is for compose it.

Pictures that build upon each other stay together, in order, on one worker: a stretch of a take from one cut
to the next. Stretches of all takes of a command are drawn at a time, and what comes is kept where the render
looks for it. A stretch whose worker dies is drawn anew from its beginning, for its history has died too; the
others go on.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

import moderngl

from director.errors import GeneratorError
from director.generate.remote.pool import RemotePool, WorkerLost
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.take.kept_pictures import KeptPictures
from director.take.replay import Wanted
from director.types import GeneratedFrame, View

__all__ = ["Ahead", "Source", "Stretch"]

_DEPTH = 2
"""Pictures of a stretch that are asked for at a time: the next one is there when one is finished."""
_ATTEMPTS = 3
_STEP_S = 0.5


@dataclass(slots=True, eq=False)
class Source:
    """A take's scene, the pictures wanted of it, and the maps that they are generated from."""

    compiled: CompiledScene
    wanted: Sequence[Wanted]
    maps: frozenset[str]
    conditioners: dict[tuple[int, int], Conditioner] = field(default_factory=dict)

    def conditioner(self, context: moderngl.Context, size: tuple[int, int]) -> Conditioner:
        """The one of a size."""
        if size not in self.conditioners:
            self.conditioners[size] = Conditioner(context, self.compiled, *size, self.maps, ring=1)
        return self.conditioners[size]

    def release(self) -> None:
        """Free what OpenGL holds."""
        for conditioner in self.conditioners.values():
            conditioner.release()


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Pictures `begin` to `end` (which is not one of them) of a source, the first without a history, to be
    kept by their numbers."""

    source: Source
    begin: int
    end: int
    kept: KeptPictures

    def __len__(self) -> int:
        return self.end - self.begin

    @property
    def is_kept(self) -> bool:
        """Whether all of it is there."""
        return all(self.kept.has(number) for number in range(self.begin, self.end))


@dataclass(slots=True, eq=False)
class _Run:
    """A stretch on its worker. `state` and `view` are those drawn last: motion is told against them."""

    stretch: Stretch
    worker: int
    shot: int
    next: int
    attempts: int
    state: SceneState | None = None
    view: View | None = None
    asked: "deque[tuple[int, Future[GeneratedFrame]]]" = field(default_factory=deque)


class Ahead:
    """Draws stretches on a pool. `heard` is told how many pictures have come, as often as one has."""

    def __init__(self, context: moderngl.Context, pool: RemotePool, heard: Callable[[int], None]) -> None:
        self._context, self._pool, self._heard = context, pool, heard
        self._shots = 0
        self._come = 0

    def draw(self, stretches: Sequence[Stretch]) -> None:
        """Draw and keep them all. Raises GeneratorError and RecordingError; what has come is kept."""
        # The longest first: the last one to be finished is then a short one.
        ordered = sorted(stretches, key=len, reverse=True)
        waiting: deque[tuple[Stretch, int]] = deque((one, 0) for one in ordered)
        running: list[_Run] = []
        while waiting or running:
            taken = {run.worker for run in running}
            for worker in self._pool.ready:
                if waiting and worker not in taken:
                    running.append(self._begun(*waiting.popleft(), worker))
            is_busy = False
            for run in list(running):
                try:
                    is_busy |= self._go_on(run)
                except WorkerLost:
                    running.remove(run)
                    waiting.appendleft((run.stretch, _once_more(run)))
                    is_busy = True
                else:
                    if run.next == run.stretch.end and not run.asked:
                        running.remove(run)
            if not is_busy and (waiting or running):
                self._wait([run.asked[0][1] for run in running if run.asked])

    def _begun(self, stretch: Stretch, attempts: int, worker: int) -> _Run:
        self._shots += 1
        run = _Run(stretch, worker, self._shots, stretch.begin, attempts)
        if stretch.begin:
            # Its first picture is another's second: objects have moved since the one before, unless at a cut.
            before = stretch.source.wanted[stretch.begin - 1]
            conditioner = stretch.source.conditioner(self._context, before.size)
            conditioner.cut()
            conditioner.draw(before.tick, before.camera, before.direction)
            conditioner.drain()
            run.state, run.view = conditioner.state, conditioner.view
        return run

    def _go_on(self, run: _Run) -> bool:
        """Take what has come and ask for the next; False if there was nothing to do."""
        is_busy = False
        while run.asked and run.asked[0][1].done():
            number, future = run.asked.popleft()
            frame = future.result()
            run.stretch.kept.save(number, frame.image, frame.not_understood)
            self._come += 1
            self._heard(self._come)
            is_busy = True
        if run.next < run.stretch.end and len(run.asked) < _DEPTH:
            source, number = run.stretch.source, run.next
            one = source.wanted[number]
            conditioner = source.conditioner(self._context, one.size)
            conditioner.state, conditioner.view = run.state, run.view
            conditioner.draw(one.tick, one.camera, one.direction)
            run.state, run.view = conditioner.state, conditioner.view
            (conditioning,) = conditioner.drain()
            run.asked.append((number, self._pool.begin_in_order(conditioning, run.worker, run.shot)))
            run.next += 1
            is_busy = True
        return is_busy

    def _wait(self, futures: "Sequence[Future[GeneratedFrame]]") -> None:
        if futures:
            wait(futures, _STEP_S, FIRST_COMPLETED)
        else:
            self._pool.wait_for_worker(_STEP_S)
        self._heard(self._come)


def _once_more(run: _Run) -> int:
    attempts = run.attempts + 1
    if attempts >= _ATTEMPTS:
        raise GeneratorError(
            f"{attempts} workers died over pictures {run.stretch.begin} to {run.stretch.end - 1}",
            mend="see whether memory ran out; the same command goes on with what has come",
        )
    return attempts
