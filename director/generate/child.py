"""The generator's own process: the only place of the live program where torch is imported.

It holds no lock that anyone else waits for and owns no shared memory, so it may be killed at any moment.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from multiprocessing.connection import Connection
from types import TracebackType

import numpy as np

from director.errors import DirectorError
from director.generate import generator
from director.generate.mailbox import MOST_BEHIND
from director.generate.messages import Answer, Drawn, Fell, Loaded, Loading, Refused, Request, Stop
from director.generate.protocol import Generator, GeneratorLost, GeneratorSettings, Telling
from director.generate.shared_memory import SeenBlock
from director.types import Conditioning, SceneObject

__all__ = ["serve"]


def serve(connection: "Connection[Answer, Request | Stop]", name: str, settings: GeneratorSettings) -> None:
    """Load the generator and answer requests until told to stop, or until the parent is gone."""
    # Ctrl-C in a terminal reaches every process in it; when to end is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    # The viewport draws on the same cores, on software OpenGL with all of them: OpenMP's threads must sleep
    # while they wait, not spin (measured: 9.7 pictures a second beside it instead of 2.9).
    os.environ["GOMP_SPINCOUNT"] = "0"
    try:
        with _LastWords(connection):
            _serve(connection, name, settings)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        # The parent has gone, and with it everyone who wanted pictures.
        return
    except GeneratorLost:
        # Its last words have said so.
        return


def _serve(connection: "Connection[Answer, Request | Stop]", name: str, settings: GeneratorSettings) -> None:
    try:
        backend = generator(name)(settings)
        backend.load(lambda share, words: connection.send(Loading(share, words)))
    except DirectorError as error:
        connection.send(Refused(error))
        return
    connection.send(Loaded(backend.identity))
    try:
        _answer_requests(connection, backend)
    finally:
        backend.close()


def _answer_requests(connection: "Connection[Answer, Request | Stop]", backend: Generator) -> None:
    maps, picture = SeenBlock(), SeenBlock()
    objects: tuple[SceneObject, ...] = ()
    epoch: int | None = None
    recent: deque[Conditioning] = deque(maxlen=MOST_BEHIND + 1)
    while isinstance(request := connection.recv(), Request):
        if epoch is not None and request.epoch != epoch:
            backend.reset()
            recent.clear()
        epoch = request.epoch
        objects = objects if request.objects is None else request.objects
        maps.attach(request.maps_block)
        picture.attach(request.picture_block)
        conditioning = Conditioning(
            tick=request.tick,
            view=request.view,
            maps=maps.read(request.layout),
            direction=request.direction,
            objects=objects,
            sun_direction=request.sun_direction,
            lamps=request.lamps,
        )
        recent.append(conditioning)
        try:
            frame = backend.generate(conditioning)
        except DirectorError as error:
            connection.send(Refused(error))
            continue
        image = np.ascontiguousarray(frame.image, np.uint8)
        spill = None if picture.write(image) else image.tobytes()
        behind = next(i for i, one in enumerate(reversed(recent)) if one is frame.conditioning)
        words = backend.words if isinstance(backend, Telling) else ""
        drawn = Drawn(
            image.shape, spill, frame.seconds, frame.not_understood, behind, words, heard=frame.heard
        )
        connection.send(drawn)
    maps.close()
    picture.close()


class _LastWords:
    """Tells the parent what ends this process, and lets it end."""

    def __init__(self, connection: "Connection[Answer, Request | Stop]") -> None:
        self._connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, (EOFError, BrokenPipeError, ConnectionResetError)):
            name = "" if isinstance(error, GeneratorLost) else f"{type(error).__name__}: "
            self._connection.send(Fell(f"{name}{error}"))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # Whatever is being computed now, nobody is left to see it.
        os._exit(1)
