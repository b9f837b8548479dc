"""Prompts as embeddings: worked out once each, kept, and blended where a change takes its time."""

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from director.generate.diffusion.kept import Kept
from director.generate.diffusion.parts import Parts

__all__ = ["Embedding", "Words", "between", "slerp"]

_KEPT: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What a U-Net reads of a prompt: `tokens` [1, n, width], and of SDXL the `pooled` [1, width]. Those of
    further prompts, for regions, may lie behind the first `length`; 0 says that there are none."""

    tokens: Tensor
    pooled: Tensor | None = None
    own_length: int = 0

    @property
    def length(self) -> int:
        """Of the scene's prompt, in tokens."""
        return self.own_length or self.tokens.shape[1]

    def with_regions(self, others: Sequence["Embedding"], slots: int = 0) -> "Embedding":
        """With the tokens of the regions' prompts behind its own, and nothing where there are fewer prompts
        than `slots`."""
        rest = [torch.zeros_like(self.tokens)] * (slots - len(others))
        tokens = torch.cat([self.tokens, *(other.tokens for other in others), *rest], 1)
        return Embedding(tokens, self.pooled, self.tokens.shape[1])


class Words:
    """The text encoders of a model, with a memory of the prompts that were asked for last."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kept: Kept[str, Embedding] = Kept(self._encoded, _KEPT)

    def __len__(self) -> int:
        return len(self._kept)

    def knows(self, prompt: str) -> bool:
        """Whether it is there without waiting."""
        return prompt in self._kept

    def embedding(self, prompt: str) -> Embedding:
        """Of a prompt, as diffusers' pipelines encode it."""
        return self._kept[prompt]

    def ask(self, prompts: Iterable[str]) -> bool:
        """Whether all of them are there without waiting. Those that are not are begun in the background, one
        after another, and are there at a later call. Raises what encoding one of them raised."""
        return self._kept.ask(prompts)

    def changing(self) -> AbstractContextManager[None]:
        """While text encoders become others: nothing is encoded meanwhile, and all that was is forgotten."""
        return self._kept.changing()

    def close(self) -> None:
        """Wait for what is being encoded, and begin nothing that is not."""
        self._kept.close()

    @torch.inference_mode()
    def _encoded(self, prompt: str) -> Embedding:
        parts = self._parts
        encoded = [
            _encoded(tokenizer, encoder, prompt, parts)
            for tokenizer, encoder in zip(parts.tokenizers, parts.text_encoders, strict=True)
        ]
        tokens = torch.cat([tokens for tokens, _ in encoded], -1).to(parts.dtype)
        # SDXL's second encoder alone is pooled.
        pooled = encoded[-1][1]
        return Embedding(tokens, None if pooled is None else pooled.to(parts.dtype))


def _encoded(tokenizer: Any, encoder: Any, prompt: str, parts: Parts) -> tuple[Tensor, Tensor | None]:
    ids = tokenizer(
        prompt,
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids.to(parts.device)
    if parts.is_xl:
        said = encoder(ids, output_hidden_states=True)
        return said.hidden_states[-2], getattr(said, "text_embeds", None)
    mask = None
    return encoder(ids, attention_mask=mask)[0], None


def between(first: Embedding, second: Embedding, share: float) -> Embedding:
    """From one prompt to another: at 0 and 1 exactly the two."""
    if share <= 0.0:
        return first
    if share >= 1.0:
        return second
    pooled = None
    if first.pooled is not None and second.pooled is not None:
        pooled = slerp(first.pooled, second.pooled, share)
    return Embedding(slerp(first.tokens, second.tokens, share), pooled)


def slerp(first: Tensor, second: Tensor, share: float) -> Tensor:
    """Along the great circle between the vectors of the last axis, lengths going evenly (Shoemake, 1985);
    straight where they point almost the same way, or opposite ways."""
    a, b = first.float(), second.float()
    length_a, length_b = (v.norm(dim=-1, keepdim=True).clamp_min(1e-12) for v in (a, b))
    cosine = ((a / length_a) * (b / length_b)).sum(-1, keepdim=True).clamp(-1.0, 1.0)
    angle = torch.acos(cosine)
    sine = torch.sin(angle)
    turned = torch.sin((1.0 - share) * angle) / sine * (a / length_a)
    turned = turned + torch.sin(share * angle) / sine * (b / length_b)
    round_about = turned * (length_a + share * (length_b - length_a))
    straight = a + share * (b - a)
    return torch.where(sine.abs() < math.sin(1e-3), straight, round_about).to(first.dtype)
