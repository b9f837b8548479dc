"""Runs a generator in several processes at once, for offline work.

Where a picture follows from its conditioning alone, the next ones need not wait for it: each process draws
whole pictures with its share of the cores, which is more in a second than all cores on one picture after
another. The passes are drawn meanwhile, by the caller.
"""

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from director.clock import now_s
from director.errors import GeneratorError
from director.generate.messages import Answer, Drawn, Fell, Loaded, Loading, Refused
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, Progress
from director.generate.watchdog import Patience, Watch
from director.generate.worker import Memory, Worker, WorkerDied
from director.types import Conditioning, GeneratedFrame

__all__ = ["PooledRunner"]

_ATTEMPTS = 2


class _Place:
    """Where one process at a time draws. Raises GeneratorError where none can be begun."""

    def __init__(
        self, name: str, settings: GeneratorSettings, size: tuple[int, int], patience: Patience
    ) -> None:
        self._made_of = name, settings
        self._patience = patience
        self._watch = Watch(patience)
        self._is_loaded = False
        self._ended = ""
        with self._in_words():
            self._memory = Memory(*size)
        try:
            with self._in_words():
                self._worker = Worker(name, settings, self._memory)
        except BaseException:
            self._memory.close()
            raise

    def load(self, progress: Progress) -> GeneratorIdentity:
        """Wait for it to load. Raises GeneratorError where it cannot, WorkerDied where it dies of it."""
        while True:
            match self._answer():
                case Loading(share, words):
                    self._watch.hears()
                    progress(share, words)
                case Loaded(identity):
                    self._watch.is_answered()
                    self._is_loaded = True
                    return identity
                case Refused(error):
                    raise error
                case Fell(reason):
                    raise GeneratorError(f"fell while it loaded: {reason}", subject=f"generator {self.name}")
                case Drawn():
                    continue

    def drawn(self, conditioning: Conditioning) -> GeneratedFrame:
        """One picture, once it has loaded. Raises what the generator raises, and WorkerDied."""
        if not self._is_loaded:
            self.load(_unheard)
        with self._in_words():
            self._worker.ask(conditioning, 0)
        self._watch.asks(sorted((name, found.shape) for name, found in conditioning.maps.items()))
        while True:
            match self._answer():
                case Drawn() as drawn:
                    self._watch.is_answered(drawn.seconds)
                    with self._in_words():
                        image = self._worker.image(drawn)
                    return GeneratedFrame(image, conditioning, drawn.seconds, drawn.not_understood)
                case Refused(error):
                    self._watch.is_answered()
                    raise error
                case Fell(reason):
                    raise GeneratorError(f"fell: {reason}", subject=f"generator {self.name}")
                case Loading() | Loaded():
                    self._watch.hears()

    def begin_again(self) -> None:
        """Another process in the place of one that died. Raises GeneratorError."""
        self._worker.stop()
        self._is_loaded, self._ended = False, ""
        self._watch = Watch(self._patience)
        with self._in_words():
            self._worker = Worker(*self._made_of, self._memory)

    @property
    def name(self) -> str:
        """The generator's."""
        return self._made_of[0]

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._worker.pid

    def epitaph(self) -> str:
        """How the process ended, in words, once it has."""
        return self._ended or self._worker.epitaph()

    def close(self) -> None:
        """End the process and free its memory."""
        try:
            self._worker.stop()
        finally:
            self._memory.close()

    def _answer(self) -> Answer:
        """The next message. One that is silent for too long is ended, and has died."""
        while True:
            begin_s = now_s()
            if self._worker.has_answered(self._watch.step_s):
                return self._worker.answer()
            self._watch.waits(now_s() - begin_s)
            if self._watch.verdict:
                self._ended = self._watch.verdict
                self._worker.kill()
                raise WorkerDied

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """What the system refuses is told by what it was for."""
        try:
            yield
        except OSError as error:
            raise GeneratorError(
                f"no process for it: {error.strerror or error}",
                subject=f"generator {self.name}",
                mend="see whether memory, /dev/shm or the number of processes has run out",
            ) from error


class PooledRunner:
    """Nothing is dropped, and the same conditionings give the same pictures, whichever process draws them.
    A process that dies, or is silent for longer than `patience` allows and is then ended, is replaced once
    for a picture, which is then drawn anew."""

    def __init__(
        self,
        name: str,
        settings: GeneratorSettings,
        count: int,
        size: tuple[int, int],
        progress: Progress,
        patience: Patience | None = None,
    ) -> None:
        """Starts a process and waits until it has loaded; then, unless it draws on a graphics card, which
        they would share, more of them, `count` in all, that load while the first draws. `size` (width,
        height) is what memory is set aside for. Raises GeneratorError, and UsageError for an unknown name."""
        self._places: list[_Place] = []
        self._closed = False
        # Nobody sits before it, and a picture of many steps takes minutes on a single thread.
        patience = patience or Patience(silent_s=3600.0)
        try:
            self._places.append(_Place(name, settings, size, patience))
            try:
                self.identity = self._places[0].load(progress)
            except WorkerDied as death:
                raise _died(name, self._places[0].epitaph()) from death
            while self.identity.device == "cpu" and len(self._places) < count:
                self._places.append(_Place(name, settings, size, patience))
        except BaseException:
            self._end()
            raise
        self._free: SimpleQueue[_Place] = SimpleQueue()
        for place in self._places:
            self._free.put(place)
        self._pool = ThreadPoolExecutor(len(self._places), "picture")

    @property
    def abreast(self) -> int:
        """How many pictures are in the making at once."""
        return len(self._places)

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids."""
        return tuple(place.pid for place in self._places)

    def begin(self, conditioning: Conditioning) -> "Future[GeneratedFrame]":
        """Begin a picture. What the generator raises, the future raises. Not after `close`."""
        return self._pool.submit(self._drawn, conditioning)

    def close(self) -> None:
        """End the processes when what was begun is done; what has not begun is dropped. Idempotent."""
        if not self._closed:
            self._closed = True
            self._pool.shutdown(cancel_futures=True)
            self._end()

    def _drawn(self, conditioning: Conditioning) -> GeneratedFrame:
        place = self._free.get()
        try:
            ended = ""
            for attempt in range(_ATTEMPTS):
                try:
                    if attempt:
                        place.begin_again()
                    return place.drawn(conditioning)
                except WorkerDied:
                    ended = place.epitaph()
            raise _died(place.name, ended)
        finally:
            self._free.put(place)

    def _end(self) -> None:
        # Each of them, whatever befalls the others.
        with contextlib.ExitStack() as stack:
            for place in self._places:
                stack.callback(place.close)


def _unheard(share: float, words: str) -> None:
    """Nobody waits for this one alone."""


def _died(name: str, ended: str) -> GeneratorError:
    return GeneratorError(
        f"cannot go on: {ended}",
        subject=f"generator {name}",
        mend="see whether memory ran out: each process takes half a gigabyte",
    )
