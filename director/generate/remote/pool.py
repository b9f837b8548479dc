"""Several workers of a cluster draw at once, for offline work.

One thread of the pool, the dispatcher, does all that is to be done when a picture comes, a worker is ready or
one dies. Ray's own threads only bring it the news.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from director.clock import now_s
from director.errors import DirectorError, GeneratorError
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, Progress
from director.generate.remote.cluster import Cluster, check_installed, check_versions
from director.generate.remote.drawer import Loaded, Picture, Refused
from director.generate.remote.patience import DRAWING, LOADING
from director.generate.watchdog import Patience, Watch
from director.types import Conditioning, GeneratedFrame

__all__ = ["RemotePool", "WorkerLost"]

_DEPTH = 2
"""So many pictures a worker has to do: the next one is there when it has finished one."""
_ATTEMPTS = 3
_DEATHS = 3
"""So often in a row may a worker die without having drawn anything."""
_STEP_S = 0.5


class WorkerLost(Exception):
    """The worker that a picture was given to has died, and its history with it. Only between a pool and who
    asks for pictures in order."""


@dataclass(slots=True, eq=False)
class _Asked:
    conditioning: Conditioning
    future: "Future[GeneratedFrame]"
    place: int | None
    shot: int
    attempts: int = 0


@dataclass(slots=True, eq=False)
class _Place:
    """Where one worker at a time draws; `life` counts them. `watch` is over one that has a place."""

    number: int
    handle: Any = None
    life: int = 0
    is_ready: bool = False
    is_given_up: bool = False
    host: str = ""
    pid: int | None = None
    deaths: int = 0
    watch: Watch | None = None
    under_way: list[_Asked] = field(default_factory=list)

    def owes(self) -> None:
        """The first of what is under way is what it works at."""
        assert self.watch is not None
        if self.under_way:
            maps = self.under_way[0].conditioning.maps
            self.watch.asks(sorted((name, found.shape) for name, found in maps.items()))


class RemotePool:
    """Nothing is dropped, and the same conditionings give the same pictures, whichever worker draws them. A
    worker that dies, or is silent for longer than `loading` and `drawing` allow and is then ended, is
    replaced, and what it had to draw is drawn by another."""

    def __init__(
        self,
        cluster: Cluster,
        name: str,
        settings: GeneratorSettings,
        progress: Progress,
        most: int | None = None,
        tell: Callable[[str], None] | None = None,
        loading: Patience = LOADING,
        drawing: Patience = DRAWING,
    ) -> None:
        """Starts a worker for each place that the cluster has, `most` at the most, and waits until one has
        loaded; the others join in when they have. `tell` hears, from another thread, of those that die.
        Raises GeneratorError."""
        self._cluster, self._name, self._settings = cluster, name, settings
        self._sizes = cluster.places(settings, most)
        self._tell = tell
        self._loading, self._drawing = loading, drawing
        self._places = [_Place(number) for number in range(self._sizes.count)]
        self._waiting: deque[_Asked] = deque()
        self._news: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._identity: GeneratorIdentity | None = None
        self._change = threading.Condition()
        self._failure: DirectorError | None = None
        self._why = ""
        self._closed = False
        self.deaths = 0
        """How many workers have died."""
        self._dispatcher = threading.Thread(target=self._run, name=f"pool of {name}", daemon=True)
        self._dispatcher.start()
        try:
            self._news.put(self._start_all)
            while self._identity is None:
                progress(0.0, f"loading {name} on {cluster}, {self._sizes.count} workers")
                self.wait_for_worker(_STEP_S)
        except BaseException:
            self.close()
            raise

    @property
    def identity(self) -> GeneratorIdentity:
        """What makes the pictures: the same in every worker."""
        assert self._identity is not None
        return self._identity

    @property
    def count(self) -> int:
        """How many workers there are to be."""
        return len(self._places)

    @property
    def ready(self) -> tuple[int, ...]:
        """Numbers of the workers that can draw just now."""
        return tuple(place.number for place in self._places if place.is_ready)

    @property
    def pids(self) -> tuple[int | None, ...]:
        """Process ids of the workers, each on its machine; None of one that is not ready."""
        return tuple(place.pid if place.is_ready else None for place in self._places)

    @property
    def abreast(self) -> int:
        """How many pictures are in the making at once, and so how many to begin before the first is there."""
        return _DEPTH * len(self._places)

    def begin(self, conditioning: Conditioning) -> "Future[GeneratedFrame]":
        """Begin a picture that follows from its conditioning alone, on any worker. What the generator
        raises, the future raises. Not after `close`."""
        return self._begin(_Asked(conditioning, Future(), None, 0))

    def begin_in_order(self, conditioning: Conditioning, worker: int, shot: int) -> "Future[GeneratedFrame]":
        """Begin a picture that builds upon the one before of the same `shot`, a number that is this run's of
        pictures alone. The future raises WorkerLost where the worker has died since."""
        return self._begin(_Asked(conditioning, Future(), worker, shot))

    def wait_for_worker(self, seconds: float) -> None:
        """Wait until one is ready, so long at the most. Raises GeneratorError where none will be."""
        with self._change:
            self._change.wait_for(lambda: self.ready or self._failure is not None, seconds)
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """End the workers; what has not been drawn is dropped. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._news.put(None)
        self._dispatcher.join()
        for asked in self._waiting:
            asked.future.cancel()
        for place in self._places:
            for asked in place.under_way:
                asked.future.cancel()
            if place.handle is not None:
                self._cluster.end(place.handle)
            place.is_ready = False

    def _begin(self, asked: _Asked) -> "Future[GeneratedFrame]":
        assert not self._closed, "closed"
        if self._failure is not None:
            asked.future.set_exception(self._failure)
        else:
            self._news.put(lambda: self._waiting.append(asked))
        return asked.future

    def _start_all(self) -> None:
        for place in self._places:
            self._start(place)

    def _start(self, place: _Place) -> None:
        """Raises GeneratorError where no worker can be begun."""
        place.life += 1
        place.is_ready = False
        place.handle = place.watch = None
        try:
            place.handle = self._cluster.worker(self._sizes)
            self._hear(place, place.handle.versions.remote(), self._met)
        except self._cluster.losses as error:
            self._cluster.check()
            raise _broke(self._name, f"no worker can be begun: {_last_words('', error)}") from error

    def _hear(self, place: _Place, reference: Any, then: "Callable[[_Place, Future[Any]], None]") -> None:
        """Call `then` in the dispatcher, unless the worker has died by then and another is in its place."""
        life = place.life

        def act(future: "Future[Any]") -> None:
            if place.life == life and not place.is_given_up:
                then(place, future)

        reference.future().add_done_callback(lambda future: self._news.put(lambda: act(future)))

    # What follows runs in the dispatcher.

    def _run(self) -> None:
        try:
            self._dispatch()
        except BaseException as error:
            # A mistake in the program, which Python's thread hook reports: nobody is to wait for it.
            self._fail(_broke(self._name, f"its pool broke: {type(error).__name__}: {error}"))
            self._let_fail(self._failure)
            raise

    def _dispatch(self) -> None:
        while True:
            begin_s = now_s()
            try:
                act = self._news.get(timeout=self._step_s)
            except Empty:
                act = _nothing
            if act is None:
                return
            for place in self._places:
                if place.watch is not None:
                    place.watch.waits(now_s() - begin_s)
            try:
                act()
                self._end_hung()
                self._hand_out()
            except DirectorError as error:
                self._fail(error)
            if self._failure is not None:
                self._let_fail(self._failure)

    @property
    def _step_s(self) -> float | None:
        """How long to wait for news before workers are looked after; None, for ever, while none owes any."""
        steps = [place.watch.step_s for place in self._places if place.watch is not None]
        return min((step for step in steps if step is not None), default=None)

    def _end_hung(self) -> None:
        for place in self._places:
            if place.watch is not None and place.watch.verdict:
                verdict = place.watch.verdict
                self._cluster.end(place.handle)
                self._lose(place, WorkerLost(verdict))

    def _met(self, place: _Place, future: "Future[Any]") -> None:
        if (error := future.exception()) is not None:
            self._lose(place, error)
            return
        check_versions(future.result())
        place.watch = Watch(self._loading)
        try:
            asked = place.handle.load.remote(self._name, self._settings)
        except self._cluster.losses as loss:
            self._lose(place, loss)
        else:
            self._hear(place, asked, self._has_loaded)

    def _has_loaded(self, place: _Place, future: "Future[Any]") -> None:
        if (error := future.exception()) is not None:
            self._lose(place, error)
            return
        match future.result():
            case Refused(refusal):
                raise refusal
            case Loaded(identity, host, pid):
                if self._identity is None:
                    self._identity = identity
                elif identity != self._identity:
                    raise GeneratorError(
                        f"{identity} on {host} is not {self._identity}, as elsewhere",
                        subject=str(self._cluster),
                        mend="the same weights, versions and cards on every machine",
                    )
                place.watch = Watch(self._drawing)
                place.watch.is_answered()
                with self._change:
                    place.host, place.pid, place.is_ready = host, pid, True
                    self._change.notify_all()

    def _hand_out(self) -> None:
        kept: deque[_Asked] = deque()
        try:
            while self._waiting:
                asked = self._waiting.popleft()
                place = self._free() if asked.place is None else self._places[asked.place]
                if place is None:
                    kept.append(asked)
                elif not place.is_ready:
                    _set_exception(asked.future, WorkerLost())
                else:
                    self._hand_to(place, asked)
        finally:
            # Also where this ends early: somebody waits for each of them.
            self._waiting.extendleft(reversed(kept))

    def _hand_to(self, place: _Place, asked: _Asked) -> None:
        place.under_way.append(asked)
        try:
            reference = place.handle.draw.remote(asked.conditioning, asked.shot)
        except self._cluster.losses as error:
            self._lose(place, error)
            return
        if len(place.under_way) == 1:
            place.owes()
        self._hear(place, reference, lambda at, future: self._drawn(at, asked, future))

    def _free(self) -> _Place | None:
        ready = [place for place in self._places if place.is_ready and len(place.under_way) < _DEPTH]
        return min(ready, key=lambda place: len(place.under_way), default=None)

    def _drawn(self, place: _Place, asked: _Asked, future: "Future[Any]") -> None:
        error = future.exception()
        if error is not None and not _is_own(error):
            self._lose(place, error)
            return
        assert place.watch is not None
        place.under_way.remove(asked)
        place.deaths = 0
        place.watch.is_answered(None if error is not None else getattr(future.result(), "seconds", None))
        place.owes()
        if error is not None:
            _set_exception(asked.future, _fell(self._name, place.host, error))
            return
        match future.result():
            case Refused(refusal):
                _set_exception(asked.future, refusal)
            case Picture(image, seconds, not_understood):
                # Copied: what Ray hands over lies in its store for as long as anybody looks at it.
                frame = GeneratedFrame(image.copy(), asked.conditioning, seconds, not_understood)
                _set_result(asked.future, frame)

    def _lose(self, place: _Place, error: BaseException) -> None:
        """A worker has died, or cannot be begun."""
        # First of all: whoever hears of it is not to give it more.
        place.is_ready = False
        place.watch = None
        check_installed(error)
        self.deaths += 1
        self._why = _last_words(place.host, error)
        lost, place.under_way = place.under_way, []
        for asked in lost:
            asked.attempts += 1
            if asked.place is not None:
                _set_exception(asked.future, WorkerLost())
            elif asked.attempts >= _ATTEMPTS:
                problem = f"{asked.attempts} workers died over one picture, the last so: {self._why}"
                _set_exception(asked.future, _broke(self._name, problem))
        self._waiting.extendleft(
            asked for asked in reversed(lost) if asked.place is None and asked.attempts < _ATTEMPTS
        )
        place.deaths += 1
        self._cluster.check()
        if self._tell is not None:
            self._tell(f"a worker has died, and what it had to draw is drawn again; {self._why}")
        if place.deaths < _DEATHS:
            self._start(place)
            return
        place.is_given_up, place.handle = True, None
        if all(other.is_given_up for other in self._places):
            raise _broke(self._name, f"no worker lives for long: {self._why}")

    def _fail(self, error: DirectorError) -> None:
        for place in self._places:
            place.is_given_up, place.is_ready, place.watch = True, False, None
        with self._change:
            self._failure = error
            self._change.notify_all()

    def _let_fail(self, error: DirectorError | None) -> None:
        assert error is not None
        for place in self._places:
            self._waiting.extend(place.under_way)
            place.under_way = []
        while self._waiting:
            _set_exception(self._waiting.popleft().future, error)


def _nothing() -> None:
    """There is no news."""


def _is_own(error: BaseException) -> bool:
    """Whether it is the generator's, and not its worker's end."""
    from ray.exceptions import RayTaskError

    return isinstance(error, RayTaskError)


def _fell(name: str, host: str, error: BaseException) -> GeneratorError:
    last = str(error).strip().splitlines()[-1:]
    return GeneratorError(f"fell on {host}: {' '.join(last)}", subject=f"generator {name}")


def _broke(name: str, problem: str) -> GeneratorError:
    return GeneratorError(
        problem, subject=f"generator {name}", mend="see whether memory ran out; pictures that came are kept"
    )


def _last_words(host: str, error: BaseException) -> str:
    # Ray tells a screenful, of which the sentence about the process says most.
    told = " ".join(str(error).split())
    _, found, rest = told.partition("Worker exit detail: ")
    words = (rest if found else told).split(". ")[0]
    return f"{host or 'a worker'}: {words[:160]}"


def _set_result(future: "Future[GeneratedFrame]", frame: GeneratedFrame) -> None:
    try:
        future.set_result(frame)
    except InvalidStateError:
        # Cancelled: whoever asked has gone.
        return


def _set_exception(future: "Future[GeneratedFrame]", error: BaseException) -> None:
    try:
        future.set_exception(error)
    except InvalidStateError:
        return
