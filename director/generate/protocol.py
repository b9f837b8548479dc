"""What a generator is, and what runs one. Nothing here imports torch.

A generator is one file in `generate/backends/` that defines `BACKEND`, a `Generator` class. Importing
that file must be cheap; torch is imported in `load`, which only a runner calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from director.types import Conditioning, GeneratedFrame

__all__ = [
    "AnySize",
    "Generator",
    "GeneratorIdentity",
    "GeneratorLost",
    "GeneratorSettings",
    "Independent",
    "Progress",
    "Runner",
    "RunnerState",
    "Telling",
]

Progress = Callable[[float, str], None]
"""Called with a share 0..1 and a few words while something long runs."""


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """How a generator is to run. `device` and `dtype` are torch's names, or "auto"; `threads` of 0 takes
    every core. `options` belong to the generator; unknown ones are refused."""

    device: str = "auto"
    dtype: str = "auto"
    threads: int = 0
    options: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GeneratorIdentity:
    """What a take stores so that it can be made again: enough to give the same bytes, or to say why not."""

    name: str
    weights_sha256: str
    device: str
    dtype: str
    threads: int
    torch: str
    """Its version; and that of what compiles formulas for it, if anything does."""


class GeneratorLost(Exception):
    """What draws has gone, and is not in this process: it is to end, and another to begin in its place. Only
    between a generator and what runs it in a process of its own."""


class Generator(Protocol):
    """Draws one picture from one conditioning. Used by one thread at a time.

    `name` is what `--generator` takes, `summary` a line for lists; `maps` are the conditioning maps that
    it reads.
    """

    name: str
    summary: str
    maps: frozenset[str]

    def __init__(self, settings: GeneratorSettings) -> None: ...

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) that it wants to draw at for a picture of this size; not larger than it."""

    def load(self, progress: Progress) -> None:
        """Load weights and warm up. Raises GeneratorError with the mend.

        What takes minutes calls `progress` now and then, also later from `generate`, if the first picture of
        a size is long in the making: a process that says nothing at all is taken for hung in the end.
        """

    @property
    def identity(self) -> GeneratorIdentity:
        """What made the pictures; only after `load`."""

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """Draw one picture. Deterministic: state is only what was generated since `reset`."""

    def reset(self) -> None:
        """Forget history: a cut, or another scene."""

    def close(self) -> None:
        """Free what `load` took."""


@runtime_checkable
class Independent(Protocol):
    """A generator that may be loaded once a core, so that several pictures are drawn at a time."""

    @property
    def independent(self) -> bool:
        """Whether, as it is set, a picture follows from its conditioning alone; known before `load`."""


@runtime_checkable
class AnySize(Protocol):
    """A generator that draws at any size, where `size_for` says what it is quick at."""

    @property
    def any_size(self) -> bool:
        """Whether, as it is set, what has come to rest may be drawn at the size of the display."""


@runtime_checkable
class Telling(Protocol):
    """A generator that has something to tell beside its pictures, for the HUD."""

    @property
    def words(self) -> str:
        """A few words, as of the last picture."""


@dataclass(frozen=True, slots=True)
class RunnerState:
    """What a runner is doing, for the HUD. `phase` is one of "loading", "running", "restarting", "failed",
    "closed"; `progress` 0..1 and `message` go with it. Counts are since the runner was made. `finished_s` is
    when the last picture came, by the clock, where the runner does not make its caller wait for it."""

    phase: str
    progress: float
    message: str
    generated: int
    dropped: int
    restarts: int
    generated_fps: float
    pid: int | None
    finished_s: float | None = None


class Runner(Protocol):
    """Feeds a generator without ever making the caller wait: `submit` replaces whatever was waiting
    (newest wins), `newest` gives the last finished picture. Live, inline and remote runners are alike."""

    def submit(self, conditioning: Conditioning) -> None:
        """Offer a conditioning. Never blocks in a live runner; the caller must not change the arrays."""

    def newest(self) -> GeneratedFrame | None:
        """The newest finished picture of what was submitted since `flush`, or None."""

    def flush(self) -> None:
        """A cut or a new scene: drop what waits, what is under way and what is finished; reset history."""

    @property
    def state(self) -> RunnerState: ...

    @property
    def identity(self) -> GeneratorIdentity | None:
        """None until the generator has loaded."""

    def close(self) -> None:
        """Stop; idempotent."""
