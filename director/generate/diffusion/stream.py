"""From noise, words, controls and what was there before to latents: the loop over a few timesteps.

What is drawn anew and what is kept goes by pixel. A pixel of strength s joins the loop where diffusers'
img2img of that strength begins; until then its latent is the picture before, with as much noise as the
timestep has (Levin and Fried, 2023, "Differential Diffusion"). So one strength everywhere is img2img, and an
uncovered place starts from nothing while a wall beside it goes on from where it was.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from director.generate.diffusion.noise import turned
from director.generate.diffusion.parts import Parts, vae_factor
from director.generate.diffusion.regions import Heard, Regions, hear_regions
from director.generate.diffusion.words import Embedding

__all__ = ["Control", "Stream", "StreamSettings"]


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """`steps` over all timesteps, of which img2img takes the last; `guidance` of 1 needs no second pass of
    the U-Net for the negative prompt."""

    steps: int = 2
    guidance: float = 1.0


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
    _heard: Heard = field(init=False)
    _ready: Any = field(init=False)

    def __post_init__(self) -> None:
        self._heard = hear_regions(self.parts.unet)
        self._ready = copy(self.parts.scheduler)
        self._ready.set_timesteps(self.settings.steps, device=self.parts.device)
        self.timesteps = self._ready.timesteps

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
        self.hear(regions, negative)
        if first >= len(timesteps):
            return known
        scheduler = self.scheduler_at(first)
        latents = scheduler.add_noise(known, noise, timesteps[first : first + 1])
        for i in range(first, len(timesteps)):
            if joins is not None and i > first and bool((joins > i - 1).any()):
                kept = scheduler.add_noise(known, noise, timesteps[i : i + 1])
                latents = torch.where(joins >= i, kept, latents)
            seen = scheduler.scale_model_input(latents, timesteps[i])
            said = self.predicted(seen, timesteps[i], words, controls, negative)
            stepped = scheduler.step(said, timesteps[i], latents)
            latents = stepped.prev_sample
            # Consistency models go to the end and back again: with noise of ours, not of their own.
            if hasattr(stepped, "denoised") and i + 1 < len(timesteps):
                again = turned(noise, i + 1 - first)
                latents = scheduler.add_noise(stepped.denoised, again, timesteps[i + 1 : i + 2])
        return latents if joins is None else torch.where(joins >= len(timesteps), known, latents)

    def hear(self, regions: Regions | None, negative: Embedding | None) -> None:
        """Hear the prompts of these regions from now on, or none."""
        parts = self.parts
        self._heard.masks = None
        if regions is not None:
            levels = len(parts.unet.config.block_out_channels)
            self._heard.masks = regions.masks(levels, self._guides(negative), parts.device, parts.dtype)

    def _guides(self, negative: Embedding | None) -> bool:
        # A model that reads its guidance as a number has no need of a second pass.
        reads = self.parts.unet.config.time_cond_proj_dim is not None
        return self.settings.guidance > 1.0 and negative is not None and not reads

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
        negative: Embedding | None,
    ) -> Tensor:
        """What the U-Net predicts of latents [b, 4, h, w], scaled as their schedulers want it, guided away
        from the negative prompt where guidance is above 1. A timestep for all, or one each."""
        count = len(seen)
        guides = self._guides(negative)
        tokens, scene = words.tokens, words.tokens[:, : words.length]
        if guides:
            assert negative is not None
            seen = torch.cat([seen, seen])
            timestep = timestep.repeat(2) if timestep.ndim else timestep
            # As long as the others; what lies behind is masked.
            copies = tokens.shape[1] // negative.tokens.shape[1]
            tokens = torch.cat([negative.tokens.repeat(count, copies, 1), tokens])
            scene = torch.cat([negative.tokens.expand(count, -1, -1), scene])
        added = self._added_for(seen, count, words, negative if guides else None)
        down, middle = self._controlled(seen, timestep, scene, controls, added)
        said: Tensor = self.parts.unet(
            seen,
            timestep,
            encoder_hidden_states=tokens,
            timestep_cond=self._guidance_embedding(len(seen)),
            added_cond_kwargs=added,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
            return_dict=False,
        )[0]
        if not guides:
            return said
        without, with_words = said.chunk(2)
        return without + self.settings.guidance * (with_words - without)

    def _controlled(
        self,
        seen: Tensor,
        timestep: Tensor,
        tokens: Tensor,
        controls: Sequence[Control],
        added: Mapping[str, Tensor] | None,
    ) -> tuple[list[Tensor] | None, Tensor | None]:
        """What the ControlNets add to the U-Net, summed; None where none counts."""
        down: list[Tensor] | None = None
        middle: Tensor | None = None
        for control in controls:
            if control.weight == 0.0:
                continue
            picture = control.picture.to(self.parts.device, self.parts.dtype)
            if len(seen) > len(picture):
                picture = picture.repeat(len(seen) // len(picture), 1, 1, 1)
            rests, rest = self.parts.controls[control.name](
                seen,
                timestep,
                encoder_hidden_states=tokens,
                controlnet_cond=picture,
                conditioning_scale=control.weight,
                added_cond_kwargs=added,
                return_dict=False,
            )
            down = list(rests) if down is None else [a + b for a, b in zip(down, rests, strict=True)]
            middle = rest if middle is None else middle + rest
        return down, middle

    def _added_for(
        self, seen: Tensor, count: int, words: Embedding, negative: Embedding | None
    ) -> dict[str, Tensor] | None:
        """What SDXL reads besides tokens: pooled text, and the sizes of a picture that was never cropped."""
        if not self.parts.is_xl:
            return None
        assert words.pooled is not None
        height, width = (vae_factor(self.parts.vae) * side for side in seen.shape[-2:])
        ids = torch.tensor([[height, width, 0, 0, height, width]], dtype=self.parts.dtype)
        ids = ids.to(self.parts.device).expand(len(seen), -1)
        pooled = words.pooled
        if negative is not None:
            assert negative.pooled is not None
            pooled = torch.cat([negative.pooled.expand(count, -1), pooled])
        return {"text_embeds": pooled, "time_ids": ids}

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
