"""One pass of a U-Net and of its ControlNets, as a function of tensors and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

__all__ = ["predict"]


def predict(
    unet: Any,
    nets: Sequence[Any],
    seen: Tensor,
    timestep: Tensor,
    tokens: Tensor,
    scene: Tensor,
    pictures: Sequence[Tensor],
    weights: Sequence[Tensor],
    added: Mapping[str, Tensor] | None,
    condition: Tensor | None,
    heeded: Mapping[str, Any] | None,
) -> Tensor:
    """What the U-Net predicts of latents [b, 4, h, w].

    `nets` read the tokens of the `scene` alone and a picture [b, 3, h, w] each, and count by their weights,
    which are tensors of no dimension; the U-Net reads `tokens`. `added` is SDXL's, `condition` of a model
    that reads its guidance; `heeded` is for attentions that listen.
    """
    down: list[Tensor] | None = None
    middle: Tensor | None = None
    for net, picture, weight in zip(nets, pictures, weights, strict=True):
        rests, rest = net(
            seen,
            timestep,
            encoder_hidden_states=scene,
            controlnet_cond=picture,
            conditioning_scale=weight,
            added_cond_kwargs=added,
            return_dict=False,
        )
        down = list(rests) if down is None else [a + b for a, b in zip(down, rests, strict=True)]
        middle = rest if middle is None else middle + rest
    said: Tensor = unet(
        seen,
        timestep,
        encoder_hidden_states=tokens,
        timestep_cond=condition,
        cross_attention_kwargs=heeded,
        added_cond_kwargs=added,
        down_block_additional_residuals=down,
        mid_block_additional_residual=middle,
        return_dict=False,
    )[0]
    return said
