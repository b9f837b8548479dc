"""Runs a generator in the caller's own thread: one generation for each submit, in order."""

import os
from concurrent.futures import Future

from director.generate.pace import Pace
from director.generate.protocol import Generator, GeneratorIdentity, Progress, RunnerState
from director.types import Conditioning, GeneratedFrame

__all__ = ["InlineRunner"]


def _silent(share: float, words: str) -> None:
    pass


class InlineRunner:
    """The runner of offline work: `submit` generates before it returns, nothing is ever dropped, and the
    same conditionings give the same pictures. Errors of the generator are raised where they happen.

    Loads the generator; raises GeneratorError when that fails.
    """

    def __init__(self, generator: Generator, progress: Progress = _silent) -> None:
        self._generator = generator
        self._newest: GeneratedFrame | None = None
        self._generated = 0
        self._pace = Pace()
        self._closed = False
        try:
            generator.load(progress)
        except BaseException:
            # Half loaded it may hold a worker on another machine.
            generator.close()
            raise

    abreast = 1
    """How many pictures are in the making at once."""

    def begin(self, conditioning: Conditioning) -> "Future[GeneratedFrame]":
        """As a pool of processes has it, but the picture is drawn before this returns, and what the
        generator raises is raised here. Not after `close`."""
        self.submit(conditioning)
        assert self._newest is not None, "closed"
        done: Future[GeneratedFrame] = Future()
        done.set_result(self._newest)
        return done

    def submit(self, conditioning: Conditioning) -> None:
        """Generate now. Raises what the generator raises; does nothing once closed."""
        if self._closed:
            return
        self._newest = None
        self._newest = self._generator.generate(conditioning)
        self._generated += 1
        self._pace.count()

    def newest(self) -> GeneratedFrame | None:
        """The picture of the last submit, None after `flush`."""
        return self._newest

    def flush(self) -> None:
        """Forget the last picture and the generator's history."""
        self._newest = None
        if not self._closed:
            self._generator.reset()

    @property
    def state(self) -> RunnerState:
        """Running until it is closed."""
        return RunnerState(
            phase="closed" if self._closed else "running",
            progress=1.0,
            message="",
            generated=self._generated,
            dropped=0,
            restarts=0,
            generated_fps=self._pace.per_second,
            pid=os.getpid(),
        )

    @property
    def identity(self) -> GeneratorIdentity | None:
        """What makes the pictures."""
        return self._generator.identity

    def close(self) -> None:
        """Free what the generator holds."""
        if not self._closed:
            self._closed = True
            self._generator.close()
