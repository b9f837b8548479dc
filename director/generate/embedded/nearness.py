"""Unknown words borrow from known ones near in meaning.

A table holds a vector for some fifty thousand English words and phrases (see weights/text/README.md). For
each domain a small trained model turns a word's vector into a share for every concept (a softmax over the
cosine to all known phrases in a learnt metric) and a trust: the probability that the nearest is right. Beside
it stands what WordNet says: that an unlisted word is a synonym of a listed one, derived from it, or a kind
of it, with the share in which that sort of relation is right.
"""

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from director.errors import GeneratorError
from director.generate.embedded.concepts import NAMED, Concept

__all__ = ["KIN_FILE", "TABLE_FILE", "WORDS_FILE", "Borrower", "Nearness", "concept_shares"]

Vectors = NDArray[np.float32]

WORDS_FILE: Final = "words.txt"
TABLE_FILE: Final = "text.safetensors"
KIN_FILE: Final = "kin.json"
_NEIGHBOURS: Final = 3
_LEAST_SHARE: Final = 0.25
_REMEMBERED: Final = 4096
# A relation and the vector's own trust must agree to this mean; a word without vector counts as so sure.
_LEAST_TRUST: Final = 0.5
_NO_VECTOR: Final = 0.4
# Relations of this trust need no agreement.
_SURE: Final = 0.7


class Nearness:
    """The table of words, the trained metric and gate of each domain, and WordNet's kin of rare words."""

    def __init__(
        self,
        words: Sequence[str],
        tensors: dict[str, NDArray[np.generic]],
        kin: dict[str, dict[str, tuple[str, float]]],
    ) -> None:
        """`words[i]` belongs to row i of tensors["vectors"], int8[n, d]; the rest is named by domain.

        `kin`: for each domain a known phrase that a word is related to, and the trust in that sort of
        relation.
        """
        self._kin = kin
        self._rows = {word: row for row, word in enumerate(words)}
        self._vectors = tensors["vectors"]
        self._tensors = tensors

    @classmethod
    def load(cls, folder: Path) -> "Nearness":
        """From the folder of the weights; raises GeneratorError if a file is missing or broken."""
        try:
            words = (folder / WORDS_FILE).read_text("utf-8").splitlines()
            tensors = safetensors.numpy.load_file(folder / TABLE_FILE)
            kin = json.loads((folder / KIN_FILE).read_text("utf-8"))
        except (OSError, ValueError, SafetensorError) as error:
            raise GeneratorError(
                f"cannot read the text model: {error}",
                subject=str(folder),
                mend="install the package again, or run python -m tools.text.train",
            ) from error
        return cls(words, tensors, kin)

    def vector(self, word: str) -> Vectors | None:
        """float32[d], unit length; None for a word outside the table."""
        row = self._rows.get(word)
        if row is None:
            return None
        vector = self._vectors[row].astype(np.float32)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)

    def borrower(self, domain: str, concepts: Sequence[Concept]) -> "Borrower":
        """What unknown words of a domain ("scene" or "object") borrow from its `concepts`."""
        found = [
            (row, number)
            for number, concept in enumerate(concepts)
            if concept.target != NAMED
            for word in concept.words
            if (row := self._rows.get(word)) is not None
        ]
        rows = np.array([row for row, _ in found])
        owner = np.array([number for _, number in found])
        parameters = {
            name.removeprefix(f"{domain}."): np.asarray(tensor, np.float32)
            for name, tensor in self._tensors.items()
            if name.startswith(f"{domain}.")
        }
        # Cosines do not mind the scale of the bytes.
        known = _projected(self._vectors[rows].astype(np.float32), parameters["metric"])
        return Borrower(self, concepts, known, owner, parameters, self._kin[domain])


class Borrower:
    """From an unknown word to its neighbours among the concepts of a domain, and how far each is trusted."""

    def __init__(
        self,
        table: Nearness,
        concepts: Sequence[Concept],
        known: Vectors,
        owner: NDArray[np.int64],
        parameters: dict[str, Vectors],
        kin: dict[str, tuple[str, float]],
    ) -> None:
        """`known` float32[k, m]: phrases in the metric; `owner` int[k]: their concepts."""
        self._table = table
        self._concepts = concepts
        self._known, self._owner = known, owner
        self._parameters = parameters
        self._kin = kin
        self._by_word = {word: concept for concept in reversed(concepts) for word in concept.words}
        self._near = lru_cache(_REMEMBERED)(self._searched)

    def __call__(self, word: str) -> tuple[tuple[Concept, float], ...] | None:
        """Concepts with trusts that sum to at most 1; none: not understood; None: no word of the table."""
        return self._near(word)

    def related(self, word: str) -> tuple[Concept, float] | None:
        """What WordNet surely relates an unlisted word to, and the trust in it."""
        phrase, trust = self._kin.get(word, ("", 0.0))
        concept = self._by_word.get(phrase)
        return (concept, trust) if concept is not None and trust >= _SURE else None

    def _searched(self, word: str) -> tuple[tuple[Concept, float], ...] | None:
        if (sure := self.related(word)) is not None:
            return (sure,)
        vector = self._table.vector(word)
        phrase, relation = self._kin.get(word, ("", 0.0))
        related = self._by_word.get(phrase)
        if vector is None:
            mean = 0.5 * (relation + _NO_VECTOR)
            return ((related, mean),) if related is not None and mean >= _LEAST_TRUST else None
        shares, trust = concept_shares(
            vector, self._known, self._owner, len(self._concepts), self._parameters
        )
        if related is not None and relation >= trust and 0.5 * (relation + trust) >= _LEAST_TRUST:
            return ((related, relation),)
        if trust < float(self._parameters["threshold"][0]):
            return ()
        best = np.argsort(-shares)[:_NEIGHBOURS]
        best = best[shares[best] > _LEAST_SHARE * shares[best[0]]]
        total = float(shares[best].sum())
        return tuple((self._concepts[i], trust * float(shares[i]) / total) for i in best)


def _projected(vectors: Vectors, metric: Vectors) -> Vectors:
    turned = vectors @ metric
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-6), np.float32)


def concept_shares(
    vector: Vectors, known: Vectors, owner: NDArray[np.int64], count: int, parameters: dict[str, Vectors]
) -> tuple[Vectors, float]:
    """float32[count], summing to 1: how much a word is each concept; and the trust 0..1 that the first is
    right.

    `known` float32[k, m] are the phrases in the metric, `owner` int[k] their concepts.
    """
    near = known @ _projected(vector, parameters["metric"])
    weights = np.exp((near - near.max()) * parameters["sharpness"][0])
    shares = np.bincount(owner, weights / weights.sum(), count).astype(np.float32)
    hidden = np.maximum(vector @ parameters["gate_in"] + parameters["gate_bias"], 0.0)
    nearest, best = float(near.max()), float(shares.max())
    facts = np.array([nearest, best, nearest * best, 1.0], np.float32) @ parameters["gate_facts"]
    logit = float(hidden @ parameters["gate_out"]) + float(facts)
    return shares, 1.0 / (1.0 + math.exp(-logit))
