"""From noise, words, controls and what was there before to latents: the loop over a few timesteps.

What is drawn anew and what is kept goes by pixel. A pixel of strength s joins the loop where diffusers'
img2img of that strength begins; until then its latent is the picture before, with as much noise as the
timestep has (Levin and Fried, 2023, "Differential Diffusion"). So one strength everywhere is img2img, and an
uncovered place starts from nothing while a wall beside it goes on from where it was.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from director.generate.diffusion.attention import NOTHING, Heard, HeardTogether, Reference, listen
from director.generate.diffusion.compiled import compiled
from director.generate.diffusion.guidance import Residual, guided
from director.generate.diffusion.noise import turned
from director.generate.diffusion.parts import Parts, vae_factor
from director.generate.diffusion.prediction import predict
from director.generate.diffusion.preset import Guide
from director.generate.diffusion.regions import Regions
from director.generate.diffusion.words import Embedding

__all__ = ["Control", "Stream", "StreamSettings"]


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """`steps` over all timesteps, of which img2img takes the last; `guidance` of 1 needs no second pass of
    the U-Net for the negative prompt, and `guide` tells which steps need one above 1. `delta` moderates
    residual guidance. `compiled` runs what torch.compile makes of the models: then shapes are to stay."""

    steps: int = 2
    guidance: float = 1.0
    guide: Guide = "full"
    delta: float = 1.0
    compiled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A control picture [1, 3, h, w], 0..1, of the ControlNet of that name, and how much it counts."""

    name: str
    picture: Tensor
    weight: float = 1.0


@dataclass(eq=False)
class Stream:
    """The loop, over the parts of one model. Deterministic: noise is an argument."""

    parts: Parts
    settings: StreamSettings
    timesteps: Tensor = field(init=False)
    """[steps]: all that there are, the noisiest first."""
    residual: Residual | None = field(init=False)
    """Where guidance is residual."""
    _ready: Any = field(init=False)
    _predict: Any = field(init=False)

    def __post_init__(self) -> None:
        listen(self.parts.unet)
        self._predict = compiled(predict, self.parts.device) if self.settings.compiled else predict
        self._ready = copy(self.parts.scheduler)
        self._ready.set_timesteps(self.settings.steps, device=self.parts.device)
        self.timesteps = self._ready.timesteps
        self.residual = None
        if self.settings.guide != "full" and self.settings.guidance > 1.0:
            self.residual = Residual(self._ready, self.timesteps, self.settings.delta)

    def scheduler_at(self, step: int) -> Any:
        """A scheduler that is about to do this step. Its tables are worked out once for all: a scheduler
        counts its own steps, and so a copy of it is as good as new."""
        scheduler = copy(self._ready)
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(step)
        return scheduler

    @torch.inference_mode()
    def latents(
        self,
        noise: Tensor,
        words: Embedding,
        controls: Sequence[Control] = (),
        initial: Tensor | None = None,
        strength: Tensor | float = 1.0,
        negative: Embedding | None = None,
        regions: Regions | None = None,
        references: Sequence[Reference] = (),
    ) -> Tensor:
        """[1, 4, h, w], from unit Gaussian `noise` of that shape.

        With `regions` the tokens of `words` are the scene's and, behind them, each region's (`with_regions`).
        `initial` latents are what a `strength` below 1 keeps of: a number, or [1, 1, h, w].
        """
        parts, timesteps = self.parts, self.timesteps
        noise = noise.to(parts.device, parts.dtype)
        known = torch.zeros_like(noise) if initial is None else initial.to(parts.device, parts.dtype)
        # Pixels of one strength all join at once.
        joins = None
        first = self.joins_at(1.0 if initial is None or isinstance(strength, Tensor) else strength)
        if initial is not None and isinstance(strength, Tensor):
            joins = self.joins(noise, strength)
            first = int(joins.min())
        guides = self.guides(negative)
        heard = self.heard(regions, references)
        if first >= len(timesteps):
            return known
        scheduler = self.scheduler_at(first)
        latents = scheduler.add_noise(known, noise, timesteps[first : first + 1])
        left_behind = known
        for i in range(first, len(timesteps)):
            if joins is not None and i > first and bool((joins > i - 1).any()):
                kept = scheduler.add_noise(known, noise, timesteps[i : i + 1])
                latents = torch.where(joins >= i, kept, latents)
            seen = scheduler.scale_model_input(latents, timesteps[i])
            again = int(guides and self.passes_again(i == first))
            said, without = self.predicted(seen, timesteps[i], words, controls, negative, again, heard)
            if guides:
                said, left_behind = self.led(said, without, latents, left_behind, i)
            stepped = scheduler.step(said, timesteps[i], latents)
            latents = stepped.prev_sample
            # Consistency models go to the end and back again: with noise of ours, not of their own.
            if hasattr(stepped, "denoised") and i + 1 < len(timesteps):
                anew = turned(noise, i + 1 - first)
                latents = scheduler.add_noise(stepped.denoised, anew, timesteps[i + 1 : i + 2])
        return latents if joins is None else torch.where(joins >= len(timesteps), known, latents)

    def guides(self, negative: Embedding | None) -> bool:
        """Whether anything is led away from a negative prompt."""
        # A model that reads its guidance as a number has no need of it.
        reads = self.parts.unet.config.time_cond_proj_dim is not None
        knows = negative is not None or self.settings.guide == "self"
        return self.settings.guidance > 1.0 and knows and not reads

    def passes_again(self, is_first: bool) -> bool:
        """Whether a step that guides takes a second pass, for the negative prompt."""
        return self.residual is None or (self.settings.guide == "onetime" and is_first)

    def led(
        self, said: Tensor, without: Tensor | None, latents: Tensor, left_behind: Tensor, step: int
    ) -> tuple[Tensor, Tensor]:
        """What is predicted at a step, guided, and the picture that later steps are to leave behind."""
        if self.residual is None:
            assert without is not None
        elif without is None:
            without = self.residual.noise(latents, left_behind, step)
        else:
            left_behind = self.residual.picture(latents, without, step)
            without = self.residual.moderated(without)
        return guided(said, without, self.settings.guidance), left_behind

    def heard(self, regions: Regions | None, references: Sequence[Reference]) -> Heard:
        """What the attentions of the model are to heed."""
        return Heard(None if regions is None else self._masks(regions), references)

    def _masks(self, regions: Regions) -> dict[int, Tensor]:
        parts = self.parts
        return regions.masks(len(parts.unet.config.block_out_channels), parts.device, parts.dtype)

    def joins_at(self, strength: float) -> int:
        """The step at which latents of a strength join; by diffusers' rule for img2img."""
        steps = self.settings.steps
        return steps - min(max(int(strength * steps + 1e-4), 0), steps)

    def joins(self, noise: Tensor, strength: Tensor | float) -> Tensor:
        """The step at which each latent joins, int[1, 1, h, w]."""
        if not isinstance(strength, Tensor):
            shape = (1, 1, *noise.shape[-2:])
            return torch.full(shape, self.joins_at(strength), dtype=torch.int32, device=noise.device)
        taken = (strength.to(noise.device) * self.settings.steps + 1e-4).int().clamp(0, self.settings.steps)
        return self.settings.steps - taken

    def predicted(
        self,
        seen: Tensor,
        timestep: Tensor,
        words: Embedding,
        controls: Sequence[Control],
        negative: Embedding | None = None,
        again: int = 0,
        heard: Heard | HeardTogether = NOTHING,
    ) -> tuple[Tensor, Tensor | None]:
        """What the U-Net predicts of latents [b, 4, h, w], scaled as their schedulers want it, and of the
        last `again` of them what it predicts by the negative prompt. A timestep for all, or one each."""
        count = len(seen)
        tokens, scene, pooled = words.tokens, words.tokens[:, : words.length], words.pooled
        if again:
            assert negative is not None
            seen = torch.cat([seen[-again:], seen])
            timestep = torch.cat([timestep[-again:], timestep]) if timestep.ndim else timestep
            # As long as the others; what lies behind is masked.
            copies = tokens.shape[1] // negative.tokens.shape[1]
            tokens = torch.cat([negative.tokens.repeat(again, copies, 1), tokens])
            scene = torch.cat([negative.tokens.expand(again, -1, -1), scene])
            if pooled is not None and negative.pooled is not None:
                pooled = torch.cat([negative.pooled.expand(again, -1), pooled])
        # A ControlNet that counts for nothing is not asked, where that does not ask for another graph.
        asked = [one for one in controls if one.weight != 0.0 or self.settings.compiled]
        said = self._predict(
            self.parts.unet,
            [self.parts.controls[control.name] for control in asked],
            # Always the same in memory: what is compiled would be compiled again for another way.
            seen.contiguous(memory_format=torch.channels_last),
            timestep,
            tokens,
            scene,
            [self._for_each(control.picture, count, again) for control in asked],
            [torch.full((), control.weight, device=seen.device) for control in asked],
            self._added(seen, pooled),
            self._guidance_embedding(len(seen)),
            heard.by(count, again),
        )
        return said[again:], said[:again] if again else None

    def _for_each(self, picture: Tensor, count: int, again: int) -> Tensor:
        """A control picture for each of the latents, those that are predicted again first."""
        picture = picture.to(self.parts.device, self.parts.dtype)
        if len(picture) == 1:
            return picture.expand(count + again, -1, -1, -1)
        return torch.cat([picture[-again:], picture]) if again else picture

    def _added(self, seen: Tensor, pooled: Tensor | None) -> dict[str, Tensor] | None:
        """What SDXL reads besides tokens: pooled text, and the sizes of a picture that was never cropped."""
        if not self.parts.is_xl:
            return None
        assert pooled is not None
        height, width = (vae_factor(self.parts.vae) * side for side in seen.shape[-2:])
        ids = torch.tensor([[height, width, 0, 0, height, width]], dtype=self.parts.dtype)
        return {"text_embeds": pooled, "time_ids": ids.to(self.parts.device).expand(len(seen), -1)}

    def _guidance_embedding(self, count: int) -> Tensor | None:
        """For a model that was distilled with its guidance as an input (Luo et al., 2023, LCM): sinusoids of
        1000 (guidance − 1), as transformers have them of positions."""
        width: Any = self.parts.unet.config.time_cond_proj_dim
        if width is None:
            return None
        half = width // 2
        rates = torch.exp(torch.arange(half) * -(torch.log(torch.tensor(10000.0)) / (half - 1)))
        angles = (self.settings.guidance - 1.0) * 1000.0 * rates
        embedded = torch.cat([angles.sin(), angles.cos()])[None].expand(count, -1)
        return embedded.to(self.parts.device, self.parts.dtype)
