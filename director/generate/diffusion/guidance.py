"""Guidance away from a negative prompt, and what stands in for its second pass of the U-Net.

With ε_c predicted by the prompt, and ε_n by the negative one, guidance γ is ε_n + γ (ε_c − ε_n) (Ho and
Salimans, 2022): twice the work, each step. Residual guidance (Kodaira et al., 2023, "StreamDiffusion",
arXiv:2312.12491, R-CFG) takes in the place of ε_n the noise that lies between the latents x_i of a step,
which hold a_i of a picture and s_i of noise, and a picture x_0 that is to be left behind:

    ε_n' = δ (x_i − a_i x_0) / s_i

Self-negative: x_0 is what went in, and no second pass is needed at all. Onetime-negative: the first step
predicts ε_n in earnest, and x_0 is where that points to, (x_i − s_i ε_n) / a_i; later steps need no second
pass.
"""

from typing import Any

import torch
from torch import Tensor

from director.errors import GeneratorError

__all__ = ["Residual", "guided"]


def guided(said: Tensor, without: Tensor, guidance: float) -> Tensor:
    """What is predicted, led away from what would be predicted `without`; beyond what is said, above 1."""
    led: Tensor = without + guidance * (said - without)
    return led


class Residual:
    """How much of a picture and of noise the latents of each step hold, by the scheduler's own account."""

    def __init__(self, scheduler: Any, timesteps: Tensor, delta: float) -> None:
        """Raises GeneratorError for a model that predicts something other than noise."""
        predicts = scheduler.config.get("prediction_type", "epsilon")
        if predicts != "epsilon":
            raise GeneratorError(
                f"needs a model that predicts noise, this one's scheduler says {predicts}",
                subject="residual guidance",
                mend="set guide to full",
            )
        self._delta = delta
        one, none = torch.ones(1, device=timesteps.device), torch.zeros(1, device=timesteps.device)
        steps = range(len(timesteps))
        self._of_picture = [scheduler.add_noise(one, none, timesteps[i : i + 1]) for i in steps]
        self._of_noise = [scheduler.add_noise(none, one, timesteps[i : i + 1]) for i in steps]

    def noise(self, latents: Tensor, picture: Tensor, step: int) -> Tensor:
        """ε_n': between the latents of a step and a picture."""
        between: Tensor = (latents - self._of_picture[step] * picture) / self._of_noise[step]
        moderated: Tensor = (self._delta * between).to(latents.dtype)
        return moderated

    def picture(self, latents: Tensor, noise: Tensor, step: int) -> Tensor:
        """x_0: where predicted noise points to, from the latents of a step."""
        found: Tensor = (latents - self._of_noise[step] * noise) / self._of_picture[step]
        return found.to(latents.dtype)

    def moderated(self, noise: Tensor) -> Tensor:
        """δ ε_n of a step that has predicted it."""
        return self._delta * noise
