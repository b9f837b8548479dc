"""The parent's end of one generator process: starts it, sends it work, reads its answers, ends it."""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from director.generate.child import serve
from director.generate.messages import Answer, Drawn, Request, Stop
from director.generate.protocol import GeneratorSettings
from director.generate.shared_memory import OwnedBlock
from director.types import Conditioning, SceneObject

__all__ = ["Memory", "Worker", "WorkerDied"]

_T = TypeVar("_T")
_LISTEN_S = 0.5
"""How long a process may take to stop by itself: more than it needs to free a generator."""


# Room for what is told once an object or a piece rather than once a pixel, as many as ids tell apart.
_TABLES = 0xFFFF * 16 * 4


class WorkerDied(Exception):
    """The process ended without being told to. Only between a worker and its runner."""


class Memory:
    """The two blocks that a runner shares with its worker, whichever worker lives just now. Raises OSError
    where there is no room for them."""

    def __init__(self, width: int, height: int) -> None:
        self.maps = OwnedBlock(width * height * 64 + _TABLES)
        try:
            self.picture = OwnedBlock(width * height * 3)
        except OSError:
            self.maps.close()
            raise

    def close(self) -> None:
        """Unlink both."""
        self.maps.close()
        self.picture.close()


class Worker:
    """One life of the generator's process. Used by one thread only, except for `kill`. Raises OSError where
    no process can be begun."""

    def __init__(self, name: str, settings: GeneratorSettings, memory: Memory) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self.connection: Connection[Request | Stop, Answer] = ours
        self._memory = memory
        self._objects: tuple[SceneObject, ...] | None = None
        self._process = context.Process(
            target=serve, args=(theirs, name, settings), name=f"generator {name}", daemon=True
        )
        try:
            self._process.start()
        except OSError:
            ours.close()
            raise
        finally:
            # Closed here, the pipe ends when the process does, however it dies.
            theirs.close()

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid

    def ask(self, conditioning: Conditioning, epoch: int) -> None:
        """Send a conditioning to be drawn; the one before must have been answered. Raises WorkerDied."""
        layout = self._memory.maps.write(conditioning.maps)
        objects = None if conditioning.objects is self._objects else conditioning.objects
        request = Request(
            epoch=epoch,
            maps_block=self._memory.maps.name,
            layout=layout,
            picture_block=self._memory.picture.name,
            tick=conditioning.tick,
            view=conditioning.view,
            direction=conditioning.direction,
            objects=objects,
            sun_direction=conditioning.sun_direction,
            lamps=conditioning.lamps,
        )
        self._talk(lambda: self.connection.send(request))
        self._objects = conditioning.objects

    def has_answered(self, seconds: float | None) -> bool:
        """Wait for a message of the process, so long at the most. Raises WorkerDied."""
        return self._talk(lambda: self.connection.poll(seconds))

    def answer(self) -> Answer:
        """The next message of the process. Raises WorkerDied."""
        return self._talk(self.connection.recv)

    def image(self, drawn: Drawn) -> NDArray[np.uint8]:
        """uint8[h, w, 3]: the picture of an answer."""
        if drawn.spill is None:
            return self._memory.picture.read(drawn.shape)
        # It came through the pipe for once; the next of its size will find room.
        self._memory.picture.grow(len(drawn.spill))
        return np.frombuffer(drawn.spill, np.uint8).reshape(drawn.shape).copy()

    def epitaph(self) -> str:
        """How the process ended, in words, once it has."""
        self._process.join(_LISTEN_S)
        code = self._process.exitcode
        if code is not None and code < 0:
            try:
                return f"its process was ended by {signal.Signals(-code).name}"
            except ValueError:
                return f"its process was ended by signal {-code}"
        return f"its process ended with status {code}"

    def stop(self) -> None:
        """End the process: by asking, then by terminating, then by killing it. Idempotent."""
        if self._process.is_alive():
            with contextlib.suppress(WorkerDied):
                self._talk(lambda: self.connection.send(Stop()))
            self._process.join(_LISTEN_S)
        for end in (self._process.terminate, self._process.kill):
            if self._process.is_alive():
                end()
                self._process.join(_LISTEN_S)
        self.connection.close()

    def kill(self) -> None:
        """End the process at once; from any thread."""
        self._process.kill()

    def _talk(self, words: Callable[[], _T]) -> _T:
        try:
            return words()
        except (EOFError, OSError) as error:
            raise WorkerDied from error
