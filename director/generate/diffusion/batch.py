"""Stream batching: as many pictures in the making as there are steps, each a step further than the next, and
one pass of the U-Net for all of them (Kodaira et al., 2023, "StreamDiffusion").

A card that one small picture does not fill draws n steps in little more than the time of one. The price is
lag: what comes out answers what went in n − 1 pictures ago, and says so.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch
from torch import Tensor

from director.generate.diffusion.attention import NOTHING, Heard, HeardTogether
from director.generate.diffusion.noise import turned
from director.generate.diffusion.stream import Control, Stream
from director.generate.diffusion.words import Embedding

__all__ = ["Asked", "StreamBatch"]

_Tag = TypeVar("_Tag")


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Generic[_Tag]):
    """What a picture is drawn from, as `Stream.latents` has it, and a `tag` that comes out with it."""

    tag: _Tag
    noise: Tensor
    words: Embedding
    controls: tuple[Control, ...] = ()
    initial: Tensor | None = None
    strength: Tensor | float = 1.0
    heard: Heard = NOTHING

    @property
    def shape(self) -> tuple[object, ...]:
        """What those that are predicted together have in common."""
        return (
            self.noise.shape,
            self.words.tokens.shape,
            self.words.own_length,
            tuple((one.name, one.picture.shape, one.weight) for one in self.controls),
            self.heard.masks is None,
            tuple(one.tokens.shape for one in self.heard.references),
        )


@dataclass(slots=True, eq=False)
class _Job(Generic[_Tag]):
    asked: Asked[_Tag]
    known: Tensor
    joins: Tensor | int
    latents: Tensor
    left_behind: Tensor

    def latest(self, place: int, kept: Tensor) -> Tensor:
        """Latents as they are, and `kept` where they have not joined before a place."""
        if isinstance(self.joins, int):
            return kept if self.joins >= place else self.latents
        return torch.where(self.joins >= place, kept, self.latents)

    def may_join_at(self, place: int) -> bool:
        """Whether any latent joins there or later, as far as can be told without waiting for a card."""
        return not isinstance(self.joins, int) or self.joins >= place


class StreamBatch(Generic[_Tag]):
    """Draws with a stream whose settings say how many steps there are."""

    def __init__(self, stream: Stream, negative: Embedding | None = None) -> None:
        self._stream = stream
        self._negative = negative
        self._jobs: deque[_Job[_Tag]] = deque()
        self._timesteps = stream.timesteps

    @property
    def lag(self) -> int:
        """How many pictures ago that was asked which comes out."""
        return self._stream.settings.steps - 1

    def reset(self) -> None:
        """Drop what is in the making."""
        self._jobs.clear()

    @torch.inference_mode()
    def push(self, asked: Asked[_Tag]) -> tuple[_Tag, Tensor]:
        """Take in one and give the tag and the latents [1, 4, h, w] of the oldest. After a reset the first is
        drawn to its end at once, and comes out until the next one is done: there is always a picture. So it
        is where another size, other controls or other weights of them are asked for."""
        if self._jobs and self._jobs[-1].asked.shape != asked.shape:
            self.reset()
        if not self._jobs:
            for _ in range(self.lag):
                self._jobs.append(self._begun(asked))
                self._step()
        self._jobs.append(self._begun(asked))
        self._step()
        done = self._jobs.popleft()
        return done.asked.tag, done.latest(self._stream.settings.steps, done.known)

    def _begun(self, asked: Asked[_Tag]) -> _Job[_Tag]:
        parts = self._stream.parts
        noise = asked.noise.to(parts.device, parts.dtype)
        known = torch.zeros_like(noise) if asked.initial is None else asked.initial.to(noise)
        strength = 1.0 if asked.initial is None else asked.strength
        by_pixel = isinstance(strength, Tensor)
        joins = self._stream.joins(noise, strength) if by_pixel else self._stream.joins_at(float(strength))
        return _Job(asked, known, joins, noise, known)

    def _step(self) -> None:
        """One step of everything in the making: the newest is at the first timestep."""
        jobs = list(self._jobs)
        places = [len(jobs) - 1 - i for i in range(len(jobs))]
        schedulers = [self._stream.scheduler_at(place) for place in places]
        seen = []
        for job, place, scheduler in zip(jobs, places, schedulers, strict=True):
            timestep = self._timesteps[place : place + 1]
            if job.may_join_at(place):
                kept = scheduler.add_noise(job.known, job.asked.noise.to(job.known), timestep)
                job.latents = kept if place == 0 else job.latest(place, kept)
            seen.append(scheduler.scale_model_input(job.latents, timestep[0]))
        guides = self._stream.guides(self._negative)
        again = 0
        if guides:
            # The newest is the last.
            again = sum(self._stream.passes_again(place == 0) for place in places)
        said, without = self._stream.predicted(
            torch.cat(seen),
            self._timesteps[places],
            _together([job.asked.words for job in jobs]),
            _controls([job.asked.controls for job in jobs]),
            self._negative,
            again,
            HeardTogether([job.asked.heard for job in jobs]),
        )
        alone = len(jobs) - again
        for i, (job, place, scheduler) in enumerate(zip(jobs, places, schedulers, strict=True)):
            one = said[i : i + 1]
            if guides:
                own = None if without is None or i < alone else without[i - alone : i - alone + 1]
                one, job.left_behind = self._stream.led(one, own, job.latents, job.left_behind, place)
            stepped = scheduler.step(one, self._timesteps[place], job.latents)
            job.latents = stepped.prev_sample
            if hasattr(stepped, "denoised") and place + 1 < len(self._timesteps):
                anew = turned(job.asked.noise.to(job.known), place + 1)
                following = self._timesteps[place + 1 : place + 2]
                job.latents = scheduler.add_noise(stepped.denoised, anew, following)


def _together(words: Sequence[Embedding]) -> Embedding:
    pooled = [one.pooled for one in words if one.pooled is not None]
    tokens = torch.cat([one.tokens for one in words])
    return Embedding(tokens, torch.cat(pooled) if pooled else None, words[0].own_length)


def _controls(each: Sequence[tuple[Control, ...]]) -> list[Control]:
    first = each[0]
    return [
        Control(control.name, torch.cat([controls[i].picture for controls in each]), control.weight)
        for i, control in enumerate(first)
    ]
