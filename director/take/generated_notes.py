"""What a live take's track tells of its generated pictures, so that each can be made, and proved, again."""

import hashlib
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from director.take.track import GeneratedFrom, TrackLine
from director.types import CameraState, Direction, GeneratedFrame, Tick

__all__ = ["GeneratedNotes"]

# A generator that answers later than this many ticks is not told of; nor is one that never does.
_MOST_TICKS = 2000
_MOST_PICTURES = 16


class GeneratedNotes:
    """Told of every tick and of every picture as it arrives, for a picture may be asked for long before a
    take begins, and be shown in it. Hashes are worked out in a thread of their own, beside the drawing."""

    def __init__(self, *, has_history: bool) -> None:
        """`has_history` says that a generated picture depends on the one generated before."""
        self._has_history = has_history
        self._asked: OrderedDict[int, GeneratedFrom] = OrderedDict()
        self._arrived: OrderedDict[int, _Arrived] = OrderedDict()
        self._newest: int | None = None
        self._first: int | None = None
        self._told: int | None = None
        self._thread = ThreadPoolExecutor(1, "picture hash")

    def tick(self, tick: Tick, camera: CameraState, direction: Direction) -> None:
        """What a picture may be asked for from."""
        if camera.is_cut:
            self._asked.clear()
            self._arrived.clear()
            self._newest = None
        self._asked[tick.index] = GeneratedFrom(tick, camera, direction)
        if len(self._asked) > _MOST_TICKS:
            self._asked.popitem(last=False)

    def arrives(self, frame: GeneratedFrame | None, *, is_recorded: bool) -> None:
        """The newest generated picture, whether it is shown yet or not; the same again costs nothing."""
        if frame is None:
            return
        index = frame.conditioning.tick.index
        if index in self._arrived:
            return
        history = self._newest if self._has_history else None
        self._newest = index
        self._arrived[index] = _Arrived(frame, self._asked.get(index), history)
        for old in [old for old in self._asked if old < index]:
            del self._asked[old]
        if is_recorded:
            self._arrived[index].hash_in(self._thread)
        if len(self._arrived) > _MOST_PICTURES:
            self._arrived.popitem(last=False)

    def begin(self) -> None:
        """A take begins with the next line."""
        self._first = self._told = None

    def line(self, line: TrackLine) -> TrackLine:
        """The line of a tick, with what is to be told of its picture: its hash where it is shown first, and
        what it was asked for from, if that was before the take or is not what was heard."""
        if self._first is None:
            self._first = line.tick.index
        index = line.generated_tick
        arrived = None if index is None else self._arrived.get(index)
        if arrived is None or index is None:
            return line
        line = replace(line, history=arrived.history)
        if index == self._told:
            return line
        self._told = index
        source = arrived.source
        if source is not None and arrived.heard is not None:
            source = replace(source, direction=arrived.heard)
        elif index >= self._first:
            # The track tells it already.
            source = None
        return replace(line, picture_sha256=arrived.hash_in(self._thread).result(), generated_from=source)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()


class _Arrived:
    def __init__(self, frame: GeneratedFrame, source: GeneratedFrom | None, history: int | None) -> None:
        self.source, self.history, self.heard = source, history, frame.heard
        self._image = frame.image
        self._hash: Future[str] | None = None

    def hash_in(self, thread: ThreadPoolExecutor) -> "Future[str]":
        if self._hash is None:
            self._hash = thread.submit(lambda: hashlib.sha256(self._image.tobytes()).hexdigest())
        return self._hash
