"""Prompts as embeddings: worked out once each, kept, and blended where a change takes its time."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import torch
from torch import Tensor

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

    def with_regions(self, others: Sequence["Embedding"]) -> "Embedding":
        """With the tokens of the regions' prompts behind its own."""
        tokens = torch.cat([self.tokens, *(other.tokens for other in others)], 1)
        return Embedding(tokens, self.pooled, self.tokens.shape[1])


class Words:
    """The text encoders of a model, with a memory of the prompts that were asked for last."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: OrderedDict[str, Embedding] = OrderedDict()
        self._making: dict[str, Future[Embedding]] = {}
        self._worker: ThreadPoolExecutor | None = None
        # Tokenizers are for one thread at a time.
        self._encoding = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def knows(self, prompt: str) -> bool:
        """Whether it is there without waiting."""
        return prompt in self._known

    def embedding(self, prompt: str) -> Embedding:
        """Of a prompt, as diffusers' pipelines encode it."""
        if prompt in self._known:
            self._known.move_to_end(prompt)
            return self._known[prompt]
        begun = self._making.pop(prompt, None)
        made = self._encoded(prompt) if begun is None else begun.result()
        self._keep(prompt, made)
        return made

    def ask(self, prompts: Iterable[str]) -> bool:
        """Whether all of them are there without waiting. Those that are not are begun in the background, one
        after another, and are there at a later call. Raises what encoding one of them raised."""
        for prompt in [prompt for prompt, begun in self._making.items() if begun.done()]:
            self._keep(prompt, self._making.pop(prompt).result())
        missing = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._known]
        # Whoever types changes their mind faster than prompts can be encoded.
        for prompt in [prompt for prompt in self._making if prompt not in missing]:
            if self._making[prompt].cancel():
                del self._making[prompt]
        for prompt in missing:
            if prompt not in self._making:
                if self._worker is None:
                    # A thread has its own number of threads, and that number has its own last bits.
                    threads = torch.get_num_threads()
                    self._worker = ThreadPoolExecutor(1, "words", torch.set_num_threads, (threads,))
                self._making[prompt] = self._worker.submit(self._encoded, prompt)
        return not missing

    def close(self) -> None:
        """Wait for what is being encoded, and begin nothing that is not."""
        if self._worker is not None:
            self._worker.shutdown(cancel_futures=True)
            self._worker = None
        self._making.clear()

    def _keep(self, prompt: str, made: Embedding) -> None:
        self._known[prompt] = made
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    @torch.inference_mode()
    def _encoded(self, prompt: str) -> Embedding:
        parts = self._parts
        with self._encoding:
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
