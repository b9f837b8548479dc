"""Unknown words borrow from known ones near in meaning.

A table holds a vector for some twenty thousand English words and for every phrase of the lexicon (see
weights/text/README.md). For each domain a small trained model turns a word's vector into a share for
every concept and one for "none of them": cosine similarity to all phrases of a concept in a learnt
metric, and a gate that says whether the word speaks of looks at all.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from director.errors import GeneratorError
from director.generate.embedded.concepts import Concept
from director.generate.embedded.mentions import Borrow
from director.generate.embedded.phrases import spelled

__all__ = ["TABLE_FILE", "WORDS_FILE", "Nearness", "concept_shares"]

Vectors = NDArray[np.float32]

WORDS_FILE: Final = "words.txt"
TABLE_FILE: Final = "text.safetensors"
_NEIGHBOURS: Final = 3


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
        keys: list[Vectors] = []
        owners: list[int] = []
        for number, concept in enumerate(concepts):
            for word in concept.words:
                vector = self.vector(spelled(word))
                if vector is not None:
                    keys.append(vector)
                    owners.append(number)
        parameters = {
            name.removeprefix(f"{domain}."): np.asarray(tensor, np.float32)
            for name, tensor in self._tensors.items()
            if name.startswith(f"{domain}.")
        }
        known = _projected(np.stack(keys), parameters["metric"])
        owner = np.array(owners)

        def borrow(word: str) -> tuple[tuple[Concept, float], ...] | None:
            vector = self.vector(word)
            if vector is None:
                return None
            shares = concept_shares(vector, known, owner, len(concepts), parameters)
            trust = float(1.0 - shares[-1])
            if trust < float(parameters["threshold"][0]):
                return ()
            best = np.argsort(-shares[:-1])[:_NEIGHBOURS]
            total = float(shares[best].sum())
            return tuple(
                (concepts[i], trust * float(shares[i]) / total) for i in best if shares[i] > 0.1 * total
            )

        return borrow


def _projected(vectors: Vectors, metric: Vectors) -> Vectors:
    turned = vectors @ metric
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-6), np.float32)


def concept_shares(
    vector: Vectors, known: Vectors, owner: NDArray[np.int64], count: int, parameters: dict[str, Vectors]
) -> Vectors:
    """float32[count + 1], summing to 1: how much a word is each concept; the last is none of them.

    `known` float32[k, m] are the phrases in the metric, `owner` int[k] their concepts.
    """
    near = known @ _projected(vector, parameters["metric"])
    scores = np.full(count, -1.0, np.float32)
    np.maximum.at(scores, owner, near)
    hidden = np.maximum(vector @ parameters["gate_in"] + parameters["gate_bias"], 0.0)
    none = float((hidden @ parameters["gate_out"])[0] + parameters["none"][0])
    logits = np.append(scores * np.exp(parameters["sharpness"][0]), np.float32(none))
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), np.float32)
