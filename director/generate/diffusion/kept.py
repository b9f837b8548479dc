"""What takes long to work out, kept, and worked out in the background where nobody is to wait for it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

import torch

__all__ = ["Kept"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(Generic[_Key, _Value]):
    """Values by key: the `most` that were asked for last. One at a time is made."""

    def __init__(self, make: Callable[[_Key], _Value], most: int) -> None:
        self._make = make
        self._most = most
        self._known: OrderedDict[_Key, _Value] = OrderedDict()
        self._making: dict[_Key, Future[_Value]] = {}
        self._worker: ThreadPoolExecutor | None = None
        # Tokenizers, and encoders that are being changed, are for one thread at a time.
        self._one_at_a_time = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, key: _Key) -> bool:
        return key in self._known

    def __getitem__(self, key: _Key) -> _Value:
        """Made now where it is not there. Raises what making it raises."""
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        begun = self._making.pop(key, None)
        made = self._made(key) if begun is None else begun.result()
        self._keep(key, made)
        return made

    def ask(self, keys: Iterable[_Key]) -> bool:
        """Whether all of them are there without waiting. Those that are not are begun in the background, one
        after another, and are there at a later call. Raises what making one of them raised."""
        for key in [key for key, begun in self._making.items() if begun.done()]:
            self._keep(key, self._making.pop(key).result())
        missing = [key for key in dict.fromkeys(keys) if key not in self._known]
        # Whoever types changes their mind faster than prompts can be encoded.
        for key in [key for key in self._making if key not in missing]:
            if self._making[key].cancel():
                del self._making[key]
        for key in missing:
            if key not in self._making:
                if self._worker is None:
                    # A thread has its own number of threads, and that number has its own last bits.
                    threads = torch.get_num_threads()
                    self._worker = ThreadPoolExecutor(1, "encoding", torch.set_num_threads, (threads,))
                self._making[key] = self._worker.submit(self._made, key)
        return not missing

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While what makes them becomes another: nothing is made meanwhile, and all that was is forgotten."""
        for begun in self._making.values():
            begun.cancel()
        self._making.clear()
        self._known.clear()
        with self._one_at_a_time:
            yield

    def close(self) -> None:
        """Wait for what is being made, and begin nothing that is not."""
        if self._worker is not None:
            self._worker.shutdown(cancel_futures=True)
            self._worker = None
        self._making.clear()

    def _made(self, key: _Key) -> _Value:
        with self._one_at_a_time:
            return self._make(key)

    def _keep(self, key: _Key, made: _Value) -> None:
        self._known[key] = made
        while len(self._known) > self._most:
            self._known.popitem(last=False)
