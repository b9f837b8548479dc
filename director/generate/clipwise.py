"""Generators that draw whole clips: better pictures that hold together, long after they were asked for.

What they draw is for renders, where time does not matter. Nothing here imports torch.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from director.generate.protocol import Progress
from director.types import Conditioning, Direction

__all__ = ["Clip", "ClipShape", "Clipwise", "plan_clips", "said_by"]


@dataclass(frozen=True, slots=True)
class ClipShape:
    """The most frames of a clip, and how many of those before it a clip is shown, so that it goes on from
    them. Both are one more than a multiple of `grain`, the frames that the model takes together."""

    frames: int
    overlap: int
    grain: int

    def __post_init__(self) -> None:
        """Raises ValueError where no clip could be of this shape."""
        whole = all((number - 1) % self.grain == 0 for number in (self.frames, self.overlap))
        if not (whole and 0 < self.overlap < self.frames):
            raise ValueError(f"no clip has this shape: {self}")


@runtime_checkable
class Clipwise(Protocol):
    """A generator of clips. Its `generate` draws a single picture as a clip of one frame."""

    @property
    def clip(self) -> ClipShape:
        """Known before `load`."""

    def generate_clip(
        self, asked: Sequence[Conditioning], known: Sequence[NDArray[np.uint8]], progress: Progress
    ) -> list[NDArray[np.uint8]]:
        """The pictures uint8[h, w, 3] of a clip, one for each conditioning after the `known`, which are those
        of the first ones. Deterministic. Raises GeneratorError."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames `first` … `end` − 1 of a shot, of which the first `known` are there already."""

    first: int
    end: int
    known: int


def plan_clips(begins: Sequence[bool], said: Sequence[Hashable], shape: ClipShape) -> list[Clip]:
    """Clips that cover every frame once, in order. None goes over a cut (a frame that `begins`), where
    nothing is known; nor over a change of what is `said`, since a clip has one direction, but there it goes
    on from the frames before."""
    clips: list[Clip] = []
    start = 0
    while start < len(begins):
        run = next((i for i in range(start, -1, -1) if begins[i]), 0)
        most = shape.overlap if start - run >= shape.overlap else _grained(start - run, shape.grain)
        end = start + 1
        while (
            end < len(begins)
            and end - (start - most) < shape.frames
            and not begins[end]
            and said[end] == said[start]
        ):
            end += 1
        clips.append(Clip(start - most, end, most))
        start = end
    return clips


def _grained(frames: int, grain: int) -> int:
    """The most of these frames that are one more than a multiple of the grain; 0 of none."""
    return 0 if frames < 1 else frames - (frames - 1) % grain


def said_by(direction: Direction) -> Hashable:
    """What of a direction a clip has one of. A change that takes its time is one change, when it begins."""
    return (
        direction.prompt,
        tuple(sorted(direction.object_prompts.items())),
        direction.references,
        direction.seed,
    )
