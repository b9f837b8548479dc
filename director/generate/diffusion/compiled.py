"""torch.compile for what a frame spends its time in, and a word now and then while it compiles.

On a card what is compiled is recorded as CUDA graphs too ("reduce-overhead"): one launch in the place of some
thousand. A graph reads the same memory each time, and numbers in it do not change: so weights and timesteps
are tensors all through, and shapes stay. That part has not been run: where it was written there is no card.
"""

import shutil
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

import torch
from torch import Tensor

from director.clock import now_s
from director.errors import GeneratorError
from director.generate.protocol import Progress

__all__ = ["Telling", "check_compiler", "compiled"]

_Work = TypeVar("_Work", bound=Callable[..., Tensor])
_EACH_S = 5.0


def check_compiler(device: torch.device) -> None:
    """Raises GeneratorError where there is nothing to compile with."""
    if device.type == "cpu" and not any(shutil.which(name) for name in ("g++", "clang++", "c++", "cl")):
        raise GeneratorError(
            "there is no C++ compiler on this machine, which compiling for processors needs",
            subject="compile",
            mend="install g++ or clang++, or leave compile out",
        )
    if device.type not in ("cpu", "cuda"):
        raise GeneratorError(
            f"what is compiled runs on CUDA and on processors, not on {device.type}",
            subject="compile",
            mend="leave compile out",
        )


def compiled(work: _Work, device: torch.device) -> _Work:
    """A function of tensors to one tensor, compiled when it is first called, once for each shape."""
    on_card = device.type == "cuda"
    made: Any = torch.compile(work, dynamic=False, mode="reduce-overhead" if on_card else None)
    if not on_card:
        return made  # type: ignore[no-any-return]

    def run(*arguments: Any) -> Tensor:
        # What a graph gives is overwritten by its next run: each run begins anew, and its result is copied.
        torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]
        said: Tensor = made(*arguments).clone()
        return said

    return run  # type: ignore[return-value]


class Telling:
    """While something takes minutes that says nothing itself: every few seconds a word, so that nobody takes
    it for hung."""

    def __init__(self, progress: Progress, words: str, each_s: float = _EACH_S) -> None:
        self._progress, self._words, self._each_s = progress, words, each_s
        self._is_done = Event()
        self._thread = Thread(target=self._tell, name="telling", daemon=True)
        self._begun_s = now_s()

    def __enter__(self) -> "Telling":
        self._begun_s = now_s()
        self._progress(0.0, self._words)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_done.set()
        self._thread.join()
        self._progress(1.0, "")

    def _tell(self) -> None:
        while not self._is_done.wait(self._each_s):
            spent_s = now_s() - self._begun_s
            try:
                # Nobody knows how long it takes: half of what is left, each minute.
                self._progress(1.0 - 0.5 ** (spent_s / 60), f"{self._words}, {spent_s:.0f} s")
            except OSError:
                # Whoever listened has gone; the work itself will find out when it answers.
                return
