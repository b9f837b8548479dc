"""Train the metric by which an unknown word finds known ones, and the gate that turns others away.

Each phrase of the lexicon in turn plays the unknown word: its own key is hidden, and it must find its
concept by the concept's other phrases, or concepts whose look is alike. Ordinary words that say nothing
of looks must find none. What is learnt is small: a metric, two temperatures, a gate of 32 units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from director.generate.embedded.concepts import Concept, apply_steps
from director.generate.embedded.look import MATERIAL_DEFAULT, SCENE_DEFAULT
from director.generate.embedded.phrases import spelled

__all__ = ["Domain", "Figures", "fitted"]

_METRIC_SIZE: Final = 96
_GATE_SIZE: Final = 32
# Two looks this far apart (root of summed squares) count as alike to a third.
_ALIKE: Final = 0.35
# Share of ordinary words that may pass for words of looks.
_FALSE_ALARMS: Final = 0.1


@dataclass(frozen=True)
class Figures:
    """On held-out words: the share whose look is nearer the intended one than the neutral look is, that
    finds its own concept (or one looking the same), that is understood at all; and the share of ordinary
    words wrongly taken for words of looks, at the threshold on trust that gives it."""

    nearer: float
    own: float
    understood: float
    false_alarms: float
    threshold: float

    def line(self) -> str:
        """For the log."""
        return (
            f"own concept {self.own:.2f}, look nearer than neutral {self.nearer:.2f}, "
            f"understood {self.understood:.2f}, ordinary words taken for looks {self.false_alarms:.2f} "
            f"(threshold {self.threshold:.2f})"
        )


@dataclass(frozen=True)
class Domain:
    """Phrases of one domain: vectors float32[n, d], the concept of each int[n], looks float32[c, p] as
    differences from neutral, and vectors of ordinary words float32[m, d]."""

    queries: NDArray[np.float32]
    owner: NDArray[np.int64]
    looks: NDArray[np.float32]
    ordinary: NDArray[np.float32]

    @classmethod
    def of(
        cls, name: str, concepts: Sequence[Concept], words: Sequence[str], vectors: NDArray[np.int8]
    ) -> "Domain":
        """`name` is "scene" or "object"; `words[i]` has the vector in row i."""
        rows = {word: row for row, word in enumerate(words)}
        neutral = np.array(
            list((SCENE_DEFAULT if name == "scene" else MATERIAL_DEFAULT).values()), np.float32
        )
        found = [(rows[spelled(w)], number) for number, c in enumerate(concepts) for w in c.words]
        looks = np.stack([apply_steps(neutral, c.steps, neutral) - neutral for c in concepts])
        used = {row for row, _ in found}
        # Single words of the vocabulary outside the lexicon; a few do speak of looks, most do not.
        others = [row for row, word in enumerate(words) if row not in used and " " not in word]
        unit = vectors.astype(np.float32)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        return cls(
            unit[[row for row, _ in found]], np.array([number for _, number in found]), looks, unit[others]
        )


class _Model(torch.nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.metric = torch.nn.Parameter(
            torch.eye(size)[:, :_METRIC_SIZE] + 0.02 * torch.randn(size, _METRIC_SIZE)
        )
        self.sharpness = torch.nn.Parameter(torch.tensor([2.5]))
        self.gate_in = torch.nn.Parameter(0.3 * torch.randn(size, _GATE_SIZE))
        self.gate_bias = torch.nn.Parameter(torch.zeros(_GATE_SIZE))
        self.gate_out = torch.nn.Parameter(0.3 * torch.randn(_GATE_SIZE, 1))
        self.none = torch.nn.Parameter(torch.tensor([6.0]))

    def forward(
        self,
        queries: torch.Tensor,
        keys: torch.Tensor,
        owner: torch.Tensor,
        count: int,
        hidden: torch.Tensor | None,
    ) -> torch.Tensor:
        """Logits [n, count + 1]; `hidden` bool[n, k] marks the keys a query may not see."""
        unit = torch.nn.functional.normalize
        near = unit(queries @ self.metric, dim=1) @ unit(keys @ self.metric, dim=1).T
        if hidden is not None:
            near = near.masked_fill(hidden, -1.0)
        scores = torch.full((len(queries), count), -1.0)
        scores = scores.scatter_reduce(1, owner.expand(len(queries), -1), near, "amax")
        gate = torch.relu(queries @ self.gate_in + self.gate_bias) @ self.gate_out + self.none
        return torch.cat([scores * self.sharpness.exp(), gate], dim=1)


def fitted(
    domain: Domain, *, steps: int, seed: int, held_out: float
) -> tuple[dict[str, NDArray[np.generic]], Figures]:
    """Train: the parameters that nearness.py reads, and the figures on the share held out (zeros if none)."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # small matrices, and the same bytes on every machine with this processor
    rng = np.random.default_rng(seed)
    is_test = rng.random(len(domain.queries)) < held_out
    ordinary_is_test = rng.random(len(domain.ordinary)) < 0.2
    count = len(domain.looks)
    queries, owner = torch.tensor(domain.queries), torch.tensor(domain.owner)
    train_rows = torch.tensor(np.flatnonzero(~is_test))
    keys, key_owner = queries[train_rows], owner[train_rows]
    likeness = _likeness(domain.looks)
    targets = _targets(likeness, key_owner, owner)[train_rows]
    ordinary = torch.tensor(domain.ordinary[~ordinary_is_test])
    own_key = torch.eye(len(keys), dtype=torch.bool)
    model = _Model(queries.shape[1])
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    nothing = torch.zeros(len(keys), count + 1)
    nothing[:, :count] = 0.03 / count
    nothing[:, count] = 0.97
    for step in range(steps):
        noisy = keys + 0.03 * torch.randn_like(keys)
        picked = ordinary[torch.tensor(rng.integers(len(ordinary), size=len(keys)))]
        known = model(noisy, keys, key_owner, count, own_key)
        unknown = model(picked, keys, key_owner, count, None)
        loss = _cross_entropy(known, targets) + 0.7 * _cross_entropy(unknown, nothing)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            print(f"  step {step}: loss {loss.item():.3f}", flush=True)
    parameters: dict[str, NDArray[np.generic]] = {
        name: value.detach().numpy().astype(np.float32) for name, value in model.named_parameters()
    }
    if not is_test.any():
        return parameters, Figures(0, 0, 0, 0, 0)
    with torch.inference_mode():
        shares = model(queries[torch.tensor(is_test)], keys, key_owner, count, None).softmax(1).numpy()
        strange = model(
            torch.tensor(domain.ordinary[ordinary_is_test]), keys, key_owner, count, None
        ).softmax(1)
    return parameters, _figures(shares, 1.0 - strange[:, -1].numpy(), domain, domain.owner[is_test], likeness)


def _likeness(looks: NDArray[np.float32]) -> torch.Tensor:
    values = torch.tensor(looks)
    return torch.exp(-(torch.cdist(values, values) ** 2) / (2 * _ALIKE**2))


def _targets(likeness: torch.Tensor, key_owner: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
    """float[n, c + 1]: a phrase's own concept if it has other keys, concepts that look alike, else none."""
    keys_of = torch.bincount(key_owner, minlength=len(likeness))
    targets = likeness[owner].clone()
    alone = keys_of[owner] < 2
    targets[torch.arange(len(owner))[alone], owner[alone]] = 0.0
    targets[targets < 0.2] = 0.0
    none = torch.clamp(1.0 - targets.sum(1, keepdim=True), min=0.0) * 0.3
    targets = torch.cat([targets, none], dim=1)
    return targets / targets.sum(1, keepdim=True).clamp(min=1e-6)


def _cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return -(targets * logits.log_softmax(1)).sum(1).mean()


def _figures(
    shares: NDArray[np.float32],
    strange: NDArray[np.float32],
    domain: Domain,
    owner: NDArray[np.int64],
    likeness: torch.Tensor,
) -> Figures:
    threshold = float(np.quantile(strange, 1.0 - _FALSE_ALARMS))
    trust = 1.0 - shares[:, -1]
    is_understood = trust >= threshold
    best = shares[:, :-1].argmax(1)
    own = likeness.numpy()[best, owner] > 0.5
    meant = domain.looks[owner]
    got = domain.looks[best] * trust[:, None]
    nearer = np.linalg.norm(got - meant, axis=1) < 0.9 * np.linalg.norm(meant, axis=1)
    return Figures(
        nearer=float((nearer & is_understood).mean()),
        own=float((own & is_understood).mean()),
        understood=float(is_understood.mean()),
        false_alarms=float((strange >= threshold).mean()),
        threshold=threshold,
    )
