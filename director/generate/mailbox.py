"""One slot each way between the viewport's thread and a runner's: newest wins, and a flush is final."""

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.types import Conditioning, Direction, GeneratedFrame

__all__ = ["MOST_BEHIND", "Mailbox"]

MOST_BEHIND = 7
"""So many requests ago one may have been asked that an answer is of."""


class Mailbox:
    """One conditioning waits, one is under way, one picture is finished. Every conditioning is counted
    once: offered = generated + dropped + waiting + under way. No method blocks for longer than an
    assignment takes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = 0
        self._waiting: Conditioning | None = None
        self._under_way: tuple[int, Conditioning] | None = None
        self._newest: GeneratedFrame | None = None
        self._finished_s: float | None = None
        self._recent: deque[Conditioning] = deque(maxlen=MOST_BEHIND + 1)
        self._generated = 0
        self._dropped = 0

    @property
    def newest(self) -> GeneratedFrame | None:
        """The last finished picture since `flush`."""
        return self._newest

    @property
    def finished_s(self) -> float | None:
        """When the last picture was finished, by the clock; None before the first."""
        return self._finished_s

    @property
    def counts(self) -> tuple[int, int]:
        """How many were generated and dropped."""
        with self._lock:
            return self._generated, self._dropped

    def offer(self, conditioning: Conditioning) -> None:
        """Let this one wait, in the place of whichever waited."""
        with self._lock:
            self._dropped += self._waiting is not None
            self._waiting = conditioning

    def flush(self) -> None:
        """Begin a new epoch: nothing that was offered before comes out any more."""
        with self._lock:
            self._epoch += 1
            self._newest = None
            self._recent.clear()
            self._dropped += self._waiting is not None
            self._waiting = None

    def drop_waiting(self) -> None:
        """Nobody will take what waits."""
        with self._lock:
            self._dropped += self._waiting is not None
            self._waiting = None

    def take(self) -> tuple[int, Conditioning] | None:
        """The waiting one and its epoch, from now on under way; None while one is, or if none waits."""
        with self._lock:
            if self._under_way is not None or self._waiting is None:
                return None
            self._under_way = (self._epoch, self._waiting)
            self._recent.append(self._waiting)
            self._waiting = None
            return self._under_way

    def finish(
        self,
        image: NDArray[np.uint8],
        seconds: float,
        not_understood: tuple[str, ...],
        behind: int = 0,
        heard: Direction | None = None,
    ) -> bool:
        """The one under way brought this picture, of the one that was taken so many `behind` it, drawn by
        the direction that was `heard` if another; False if a flush has made it worthless."""
        with self._lock:
            assert self._under_way is not None
            epoch, conditioning = self._under_way
            self._under_way = None
            # Also of one that nobody wants any more: what was asked next has waited for it.
            self._finished_s = now_s()
            if epoch != self._epoch:
                self._dropped += 1
                return False
            if behind:
                conditioning = self._recent[-1 - behind]
            self._newest = GeneratedFrame(image, conditioning, seconds, not_understood, heard)
            self._generated += 1
            return True

    def refuse(self) -> None:
        """There will be no picture of the one under way."""
        with self._lock:
            self._dropped += self._under_way is not None
            self._under_way = None

    def put_back(self) -> None:
        """The one under way was lost: it waits again, unless a newer one does or a flush came."""
        with self._lock:
            if self._under_way is None:
                return
            epoch, conditioning = self._under_way
            self._under_way = None
            if epoch == self._epoch and self._waiting is None:
                self._waiting = conditioning
            else:
                self._dropped += 1
