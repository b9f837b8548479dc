"""Unknown words borrow from known ones near in meaning.

A table holds a vector for some fifty thousand English words and phrases (see weights/text/README.md). For
each domain a small trained model turns a word's vector into a share for every concept (a softmax over the
cosine to all known phrases in a learnt metric) and a trust: the probability that the nearest is right.
"""

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
from director.generate.embedded.mentions import Borrow

__all__ = ["TABLE_FILE", "WORDS_FILE", "Nearness", "concept_shares"]

Vectors = NDArray[np.float32]

WORDS_FILE: Final = "words.txt"
TABLE_FILE: Final = "text.safetensors"
_NEIGHBOURS: Final = 3
_LEAST_SHARE: Final = 0.25
_REMEMBERED: Final = 4096


class Nearness:
    """The table of words, and the trained metric and gate of each domain."""

    def __init__(self, words: Sequence[str], tensors: dict[str, NDArray[np.generic]]) -> None:
        """`words[i]` belongs to row i of tensors["vectors"], int8[n, d]; the rest is named by domain."""
        self._rows = {word: row for row, word in enumerate(words)}
        self._vectors = tensors["vectors"]
        self._tensors = tensors

    @classmethod
    def load(cls, folder: Path) -> "Nearness":
        """From the folder of the weights; raises GeneratorError if a file is missing or broken."""
        try:
            words = (folder / WORDS_FILE).read_text("utf-8").splitlines()
            tensors = safetensors.numpy.load_file(folder / TABLE_FILE)
        except (OSError, SafetensorError) as error:
            raise GeneratorError(
                f"cannot read the text model: {error}",
                subject=str(folder),
                mend="install the package again, or run python -m tools.text.train",
            ) from error
        return cls(words, tensors)

    def vector(self, word: str) -> Vectors | None:
        """float32[d], unit length; None for a word outside the table."""
        row = self._rows.get(word)
        if row is None:
            return None
        vector = self._vectors[row].astype(np.float32)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)

    def borrower(self, domain: str, concepts: Sequence[Concept]) -> Borrow:
        """A function from an unknown word to its neighbours among `concepts` and how far each is trusted.

        Trusts sum to at most 1; no neighbours means that the word is not understood, None that the table
        does not hold it.
        """
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

        @lru_cache(_REMEMBERED)
        def borrow(word: str) -> tuple[tuple[Concept, float], ...] | None:
            vector = self.vector(word)
            if vector is None:
                return None
            shares, trust = concept_shares(vector, known, owner, len(concepts), parameters)
            if trust < float(parameters["threshold"][0]):
                return ()
            best = np.argsort(-shares)[:_NEIGHBOURS]
            best = best[shares[best] > _LEAST_SHARE * shares[best[0]]]
            total = float(shares[best].sum())
            return tuple((concepts[i], trust * float(shares[i]) / total) for i in best)

        return borrow


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
