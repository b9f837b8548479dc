"""Attention that heeds what is said of single places: masks over words, and reference pictures.

What it heeds comes with each call and is kept nowhere, so that any number of streams share one model.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["NOTHING", "DirectedAttention", "Heard", "HeardTogether", "Reference", "listen"]


Shares = Mapping[int, Tensor]
"""By the number of pixels that an attention has: [1, pixels, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Reference pictures that are heard together: their `tokens` [1, n, width], those of no picture, which
    guidance leads away from, and how much they count at each place."""

    tokens: Tensor
    without: Tensor
    shares: Shares


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What attentions heed in a picture: `masks` [2, 1, pixels, tokens] to be added to logits, by pixels, the
    first for a negative prompt, which hears nothing but itself; and reference pictures."""

    masks: Mapping[int, Tensor] | None = None
    references: Sequence[Reference] = ()

    def by(self, count: int, again: int) -> dict[str, Any] | None:
        """What is given to a U-Net that listens, as its `cross_attention_kwargs`: for so many latents, and
        before them the negative prompt's. Masks are for a single picture."""
        said: dict[str, Any] = {}
        if self.masks is not None:
            assert count == 1
            said["masks"] = {pixels: mask[1 - again :] for pixels, mask in self.masks.items()}
        if self.references:
            said["pictures"] = tuple(
                (torch.cat([one.without] * again + [one.tokens] * count), one.shares)
                for one in self.references
            )
        return said or None


NOTHING = Heard()


@dataclass(frozen=True, slots=True, eq=False)
class HeardTogether:
    """What attentions heed in pictures that are predicted at a time: each its own, of equal shapes."""

    each: Sequence[Heard]

    def by(self, count: int, again: int) -> dict[str, Any] | None:
        """As `Heard.by`, the negative prompt before each of the last `again`."""
        assert count == len(self.each)
        rows = [(one, False) for one in self.each[count - again :]] + [(one, True) for one in self.each]
        said: dict[str, Any] = {}
        first = self.each[0]
        if first.masks is not None:
            said["masks"] = {
                pixels: torch.cat([one.masks[pixels][int(own) :][:1] for one, own in rows if one.masks])
                for pixels in first.masks
            }
        if first.references:
            said["pictures"] = tuple(_referred(rows, i) for i in range(len(first.references)))
        return said or None


def _referred(rows: Sequence[tuple[Heard, bool]], index: int) -> tuple[Tensor, Shares]:
    all_ = [(one.references[index], own) for one, own in rows]
    tokens = torch.cat([one.tokens if own else one.without for one, own in all_])
    return tokens, {
        pixels: torch.cat([one.shares[pixels] for one, _ in all_]) for pixels in all_[0][0].shares
    }


class DirectedAttention(nn.Module):
    """Attention as diffusers' own; besides, a cross-attention adds `masks`, by its number of pixels, to its
    logits, and what it finds in reference pictures (Ye et al., 2023, "IP-Adapter": keys and values of their
    own, of which this holds the weights where the model has an adapter)."""

    def __init__(self, to_k_ip: nn.Module | None = None, to_v_ip: nn.Module | None = None) -> None:
        super().__init__()
        self.to_k_ip = to_k_ip
        self.to_v_ip = to_v_ip

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
        masks: Mapping[int, Tensor] | None = None,
        pictures: Sequence[tuple[Tensor, Shares]] = (),
    ) -> Tensor:
        batch, pixels, _ = hidden_states.shape
        is_cross = encoder_hidden_states is not None
        source = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        if attn.norm_cross and is_cross:
            source = attn.norm_encoder_hidden_states(source)
        query = _by_head(attn.to_q(hidden_states), attn.heads)
        key, value = (_by_head(to(source), attn.heads) for to in (attn.to_k, attn.to_v))
        mask = masks[pixels] if masks and is_cross else None
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, pixels, -1).to(query.dtype)
        if is_cross and self.to_k_ip is not None and self.to_v_ip is not None:
            for tokens, shares in pictures:
                key, value = (_by_head(to(tokens), attn.heads) for to in (self.to_k_ip, self.to_v_ip))
                found = functional.scaled_dot_product_attention(query, key, value)
                found = found.transpose(1, 2).reshape(batch, pixels, -1).to(query.dtype)
                attended = attended + shares[pixels] * found
        out: Tensor = attn.to_out[1](attn.to_out[0](attended)) / attn.rescale_output_factor
        return out


# diffusers asks for it at every call, and working it out takes longer than the attention of a small picture.
setattr(DirectedAttention.__call__, "__signature__", inspect.signature(DirectedAttention.__call__))  # noqa: B010


def listen(unet: Any) -> None:
    """Let the attentions of a U-Net be directed; those that are stay as they are."""
    if all(isinstance(one, DirectedAttention) for one in unet.attn_processors.values()):
        return
    unet.set_attn_processor({name: DirectedAttention() for name in unet.attn_processors})


def _by_head(of: Tensor, heads: int) -> Tensor:
    """[b, heads, n, width of a head] from [b, n, width]."""
    return of.view(len(of), -1, heads, of.shape[-1] // heads).transpose(1, 2)
