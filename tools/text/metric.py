"""Train the metric by which an unknown word finds known ones, and the trust that it is given.

Each single word of the lexicon in turn plays the unknown word: its own key is hidden, and it must find its
concept by the concept's other phrases, or concepts whose look is alike. What is learnt is small: a metric
(neighbourhood components analysis: Goldberger, Roweis, Hinton, Salakhutdinov, 2004), and the probability
that what a word finds is right, from how near it is, how the neighbours agree, and what word it is. There,
ordinary words that say nothing of looks count as wrong whatever they find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from director.generate.embedded.concepts import NAMED, Concept, apply_steps
from director.generate.embedded.look import MATERIAL_DEFAULT, SCENE_DEFAULT
from director.generate.embedded.phrases import spelled

__all__ = ["Domain", "Figures", "fitted", "is_key", "looks_alike"]

_METRIC_SIZE: Final = 96
_GATE_SIZE: Final = 48
_BATCH: Final = 512
# How sharply nearer phrases outweigh farther ones.
_SHARPNESS: Final = 14.0
# Words in a phrase by which others may find its concept.
_LONGEST_KEY: Final = 2
# Two looks this far apart (root of summed squares) count as alike to a third.
_ALIKE: Final = 0.35
# Share of ordinary words that may pass for words of looks.
_FALSE_ALARMS: Final = 0.06


@dataclass(frozen=True)
class Figures:
    """On held-out words: the share whose nearest concept is their own or one looking the same; the share
    understood; among those the share of right ones, and of looks nearer the intended one than neutral is;
    and the share of ordinary words taken for words of looks, at the threshold on trust that gives it."""

    found: float
    nearer: float
    own: float
    understood: float
    false_alarms: float
    threshold: float

    def line(self) -> str:
        """For the log."""
        return (
            f"nearest concept right {self.found:.2f}; understood {self.understood:.2f}, of these right "
            f"{self.own:.2f}, look nearer than neutral {self.nearer:.2f}; ordinary words taken for looks "
            f"{self.false_alarms:.2f} (threshold {self.threshold:.2f})"
        )


def is_key(phrase: str) -> bool:
    """Whether unknown words may find a concept by this phrase of it; longer ones are idioms."""
    return phrase.count(" ") < _LONGEST_KEY


@dataclass(frozen=True)
class Domain:
    """Phrases of one domain: vectors float32[n, d], which are single words, the concept of each int[n],
    looks float32[c, p] as differences from neutral, vectors of ordinary words float32[m, d], and the phrases
    themselves."""

    queries: NDArray[np.float32]
    is_word: NDArray[np.bool_]
    owner: NDArray[np.int64]
    looks: NDArray[np.float32]
    ordinary: NDArray[np.float32]
    phrases: frozenset[str]

    @classmethod
    def of(
        cls, name: str, concepts: Sequence[Concept], words: Sequence[str], vectors: NDArray[np.int8]
    ) -> "Domain":
        """`name` is "scene" or "object"; `words[i]` has the vector in row i."""
        rows = {word: row for row, word in enumerate(words)}
        found = [
            (rows[phrase], number)
            for number, concept in enumerate(concepts)
            if concept.target != NAMED
            for phrase in dict.fromkeys(map(spelled, concept.words))
            if is_key(phrase)
        ]
        looks = _looks(name, concepts)
        used = {row for row, _ in found}
        # Single words of the vocabulary outside the lexicon; a few do speak of looks, most do not.
        others = [row for row, word in enumerate(words) if row not in used and " " not in word]
        unit = vectors.astype(np.float32)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        return cls(
            unit[[row for row, _ in found]],
            np.array([" " not in words[row] for row, _ in found]),
            np.array([number for _, number in found]),
            looks,
            unit[others],
            frozenset(words[row] for row, _ in found),
        )


def fitted(
    domain: Domain, *, steps: int, seed: int, held_out: float
) -> tuple[dict[str, NDArray[np.generic]], Figures]:
    """Train: the parameters that nearness.py reads, and the figures on the share held out (zeros if none)."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # small matrices, and the same bytes on every machine with this processor
    rng = np.random.default_rng(seed)
    is_test = (rng.random(len(domain.queries)) < held_out) & domain.is_word
    ordinary_is_test = rng.random(len(domain.ordinary)) < 0.2
    kept = np.flatnonzero(~is_test)
    keys, owner = torch.tensor(domain.queries[kept]), torch.tensor(domain.owner[kept])
    words = np.flatnonzero(domain.is_word[kept])
    likeness = _likeness(domain.looks)
    finder = _Finder(keys, owner, likeness)
    _train_metric(finder, words, steps, rng)
    gate = _Gate(keys.shape[1])
    ordinary = torch.tensor(domain.ordinary[~ordinary_is_test])
    _train_gate(gate, finder, words, ordinary, 4 * steps, rng)
    parameters: dict[str, NDArray[np.generic]] = {
        "metric": finder.metric.detach().numpy(),
        "sharpness": np.array([_SHARPNESS], np.float32),
        **{name: value.detach().numpy() for name, value in gate.named_parameters()},
    }
    if not is_test.any():
        return parameters, Figures(0, 0, 0, 0, 0, 0)
    with torch.inference_mode():
        tests = torch.tensor(domain.queries[is_test])
        shares, near = finder(tests, None)
        trust = gate(tests, shares, near).sigmoid().numpy()
        others = torch.tensor(domain.ordinary[ordinary_is_test])
        strange = gate(others, *finder(others, None)).sigmoid().numpy()
    return parameters, _figures(shares.numpy(), trust, strange, domain, domain.owner[is_test], likeness)


class _Finder(torch.nn.Module):
    """Words to shares of concepts: a softmax over all keys, summed over those of a concept."""

    def __init__(self, keys: torch.Tensor, owner: torch.Tensor, likeness: torch.Tensor) -> None:
        super().__init__()
        size = keys.shape[1]
        self.metric = torch.nn.Parameter(torch.eye(size)[:, :_METRIC_SIZE])
        self.keys, self.owner, self.likeness = keys, owner, likeness

    def forward(
        self, queries: torch.Tensor, hidden: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Shares [n, concepts] and the nearest key's cosine [n]; `hidden` int[n]: a key each may not see."""
        unit = torch.nn.functional.normalize
        near = unit(queries @ self.metric, dim=1) @ unit(self.keys @ self.metric, dim=1).T
        if hidden is not None:
            near = near.scatter(1, hidden[:, None], -1.0)
        weights = (near * _SHARPNESS).softmax(1)
        shares = torch.zeros(len(queries), len(self.likeness)).index_add(1, self.owner, weights)
        return shares, near.amax(1)


def _train_metric(finder: _Finder, words: NDArray[np.int64], steps: int, rng: np.random.Generator) -> None:
    optimiser = torch.optim.Adam(finder.parameters(), lr=1.5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    first = finder.metric.detach().clone()
    for step in range(steps):
        picked = torch.tensor(rng.choice(words, _BATCH))
        noisy = finder.keys[picked] + 0.015 * torch.randn(_BATCH, finder.keys.shape[1])
        shares, _ = finder(noisy, picked)
        right = (shares * finder.likeness[finder.owner[picked]]).sum(1)
        # Words that nothing can explain (names) must not bend the metric: the loss is bounded.
        loss = -(right + 0.02).log().mean() + 20.0 * (finder.metric - first).square().mean()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"  metric, step {step}: loss {loss.item():.3f}", flush=True)


class _Gate(torch.nn.Module):
    """The logit that what a word finds is right."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.gate_in = torch.nn.Parameter(0.3 * torch.randn(size, _GATE_SIZE))
        self.gate_bias = torch.nn.Parameter(torch.zeros(_GATE_SIZE))
        self.gate_out = torch.nn.Parameter(0.1 * torch.randn(_GATE_SIZE))
        # nearness, the best concept's share, both, and a constant
        self.gate_facts = torch.nn.Parameter(torch.tensor([6.0, 2.0, 0.0, -5.0]))

    def forward(self, queries: torch.Tensor, shares: torch.Tensor, near: torch.Tensor) -> torch.Tensor:
        best = shares.amax(1)
        facts = torch.stack([near, best, near * best, torch.ones_like(near)], 1)
        hidden = torch.relu(queries @ self.gate_in + self.gate_bias)
        return hidden @ self.gate_out + facts @ self.gate_facts


def _train_gate(
    gate: _Gate,
    finder: _Finder,
    words: NDArray[np.int64],
    ordinary: torch.Tensor,
    steps: int,
    rng: np.random.Generator,
) -> None:
    with torch.inference_mode():
        known = [finder(finder.keys[rows], rows) for rows in _pieces(torch.tensor(words))]
        strange = [finder(rows, None) for rows in _pieces(ordinary)]
    queries = torch.cat([finder.keys[torch.tensor(words)], ordinary])
    shares = torch.cat([found[0] for found in (*known, *strange)])
    near = torch.cat([found[1] for found in (*known, *strange)])
    own = finder.owner[torch.tensor(words)]
    count = len(words)
    right = torch.zeros(len(queries))
    right[:count] = (shares[:count].argmax(1)[:, None] == torch.arange(shares.shape[1])).float().mul(
        (finder.likeness[own] > 0.5).float()
    ).sum(1)  # fmt: skip
    optimiser = torch.optim.AdamW(gate.parameters(), lr=3e-3, weight_decay=0.1)
    for step in range(steps):
        rows = np.concatenate([rng.integers(count, size=512), rng.integers(count, len(queries), size=512)])
        picked = torch.tensor(rows)
        noisy = queries[picked] + 0.03 * torch.randn(len(rows), queries.shape[1])
        logits = gate(noisy, shares[picked], near[picked])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, right[picked])
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        if step % 200 == 0 or step == steps - 1:
            print(f"  gate, step {step}: loss {loss.item():.3f}", flush=True)


def _pieces(rows: torch.Tensor) -> list[torch.Tensor]:
    return [rows[start : start + 1024] for start in range(0, len(rows), 1024)]


def looks_alike(name: str, concepts: Sequence[Concept]) -> NDArray[np.bool_]:
    """bool[c, c]: which concepts of a domain ("scene" or "object") look the same."""
    return np.asarray(_likeness(_looks(name, concepts)).numpy() > 0.5)


def _looks(name: str, concepts: Sequence[Concept]) -> NDArray[np.float32]:
    neutral = np.array(list((SCENE_DEFAULT if name == "scene" else MATERIAL_DEFAULT).values()), np.float32)
    return np.stack([apply_steps(neutral, concept.steps, neutral) - neutral for concept in concepts])


def _likeness(looks: NDArray[np.float32]) -> torch.Tensor:
    values = torch.tensor(looks)
    return torch.exp(-(torch.cdist(values, values) ** 2) / (2 * _ALIKE**2))


def _figures(
    shares: NDArray[np.float32],
    trust: NDArray[np.float32],
    strange: NDArray[np.float32],
    domain: Domain,
    owner: NDArray[np.int64],
    likeness: torch.Tensor,
) -> Figures:
    threshold = float(np.quantile(strange, 1.0 - _FALSE_ALARMS))
    is_understood = trust >= threshold
    best = shares.argmax(1)
    own = likeness.numpy()[best, owner] > 0.5
    meant = domain.looks[owner]
    got = domain.looks[best] * trust[:, None]
    nearer = np.linalg.norm(got - meant, axis=1) < 0.9 * np.linalg.norm(meant, axis=1)
    return Figures(
        found=float(own.mean()),
        nearer=float(nearer[is_understood].mean()),
        own=float(own[is_understood].mean()),
        understood=float(is_understood.mean()),
        false_alarms=float((strange >= threshold).mean()),
        threshold=threshold,
    )
