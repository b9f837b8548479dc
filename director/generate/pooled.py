"""Runs a generator in several processes at once, for offline work.

Where a picture follows from its conditioning alone, the next ones need not wait for it: each process draws
whole pictures with its share of the cores, which is more in a second than all cores on one picture after
another. The passes are drawn meanwhile, by the caller.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from director.errors import GeneratorError
from director.generate.messages import Drawn, Fell, Loaded, Loading, Refused
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, Progress
from director.generate.worker import Memory, Worker, WorkerDied
from director.types import Conditioning, GeneratedFrame

__all__ = ["PooledRunner"]

_ATTEMPTS = 2


class _Place:
    """Where one process at a time draws."""

    def __init__(self, name: str, settings: GeneratorSettings, size: tuple[int, int]) -> None:
        self._made_of = name, settings
        self._memory = Memory(*size)
        self.worker = Worker(name, settings, self._memory)

    def loaded(self, progress: Progress) -> GeneratorIdentity:
        """Wait for it to load. Raises GeneratorError where it cannot, WorkerDied where it dies of it."""
        while True:
            match self.worker.answer():
                case Loading(share, words):
                    progress(share, words)
                case Loaded(identity):
                    return identity
                case Refused(error):
                    raise error
                case Fell(reason):
                    raise GeneratorError(f"fell while it loaded: {reason}", subject=f"generator {self.name}")
                case Drawn():
                    continue

    def drawn(self, conditioning: Conditioning) -> GeneratedFrame:
        """One picture. Raises what the generator raises, and WorkerDied."""
        self.worker.ask(conditioning, 0)
        while True:
            match self.worker.answer():
                case Drawn() as drawn:
                    image = self.worker.image(drawn)
                    return GeneratedFrame(image, conditioning, drawn.seconds, drawn.not_understood)
                case Refused(error):
                    raise error
                case Fell(reason):
                    raise GeneratorError(f"fell: {reason}", subject=f"generator {self.name}")
                case Loading() | Loaded():
                    continue

    def begin_again(self) -> None:
        """Another process in the place of one that died."""
        self.worker.stop()
        self.worker = Worker(*self._made_of, self._memory)
        self.loaded(lambda share, words: None)

    @property
    def name(self) -> str:
        """The generator's."""
        return self._made_of[0]

    def close(self) -> None:
        """End the process and free its memory."""
        self.worker.stop()
        self._memory.close()


class PooledRunner:
    """Nothing is dropped, and the same conditionings give the same pictures, whichever process draws them.
    A process that dies is replaced once for a picture, which is then drawn anew."""

    def __init__(
        self,
        name: str,
        settings: GeneratorSettings,
        count: int,
        size: tuple[int, int],
        progress: Progress,
    ) -> None:
        """Starts `count` processes, one where they would share a graphics card, and waits until they have
        loaded; `size` (width, height) is what memory is set aside for. Raises GeneratorError, and UsageError
        for an unknown name."""
        self._places: list[_Place] = []
        self._closed = False
        try:
            for _ in range(count):
                self._places.append(_Place(name, settings, size))
            self.identity = _first_loaded(self._places[0], progress)
            if self.identity.device != "cpu":
                while len(self._places) > 1:
                    self._places.pop().close()
            for place in self._places[1:]:
                _first_loaded(place, lambda share, words: None)
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
        return tuple(place.worker.pid for place in self._places)

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
                    ended = place.worker.epitaph()
            raise _died(place.name, ended)
        finally:
            self._free.put(place)

    def _end(self) -> None:
        for place in self._places:
            place.close()


def _first_loaded(place: _Place, progress: Progress) -> GeneratorIdentity:
    try:
        return place.loaded(progress)
    except WorkerDied as death:
        raise _died(place.name, place.worker.epitaph()) from death


def _died(name: str, ended: str) -> GeneratorError:
    return GeneratorError(
        f"cannot go on: {ended}",
        subject=f"generator {name}",
        mend="see whether memory ran out: each process takes half a gigabyte",
    )
