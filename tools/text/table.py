"""The table of word vectors: every word as the sentence encoder sees it alone and with its meaning beside it.

A rare word's own vector is vague (gloaming, tenebrous); with WordNet's gloss after it ("gloaming: the time
of day immediately following sunset") the encoder places it well. The two are put side by side and reduced.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.text.encoder import embedded, encoder_folder, vocabulary
from tools.text.wordnet import WordNet, wordnet_folder

__all__ = ["DIMENSIONS", "make_table", "rare_words"]

DIMENSIONS: Final = 128
# How much the meaning weighs beside the word alone.
_GLOSS_WEIGHT: Final = 1.2
_LONGEST: Final = 12
_FIELDS: Final = frozenset(
    f"noun.{field}" for field in ("artifact", "object", "phenomenon", "time", "feeling", "substance")
)


def rare_words(net: WordNet) -> list[str]:
    """Adjectives, and nouns for things, hours, weathers and feelings: single words of up to 12 letters."""
    found = []
    for word, senses in net.senses.items():
        if not (word.isascii() and word.isalpha() and 3 <= len(word) <= _LONGEST):
            continue
        kinds = [net.synsets[name] for name in senses]
        if any(kind.field.startswith("adj") for kind in kinds) or (
            kinds[0].field in _FIELDS and not kinds[0].is_name
        ):
            found.append(word)
    return found


def make_table(phrases: Sequence[str], cache: Path) -> tuple[list[str], NDArray[np.int8]]:
    """Words (`phrases` first) and int8[n, DIMENSIONS]: without their mean, PCA, each scaled to ±127."""
    model = encoder_folder(cache)
    net = WordNet(wordnet_folder(cache))
    words = list(dict.fromkeys([*phrases, *vocabulary(model), *rare_words(net)]))
    glosses = [net.gloss(word) for word in words]
    meanings = [f"{word}: {gloss}" if gloss else word for word, gloss in zip(words, glosses, strict=True)]
    known = _vectors([*words, *meanings], model, cache / "vectors.npz")
    alone = np.stack([known[word] for word in words])
    meant = np.stack([known[text] for text in meanings])
    vectors = np.hstack([alone - alone.mean(axis=0), _GLOSS_WEIGHT * (meant - meant.mean(axis=0))])
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    reduced = vectors @ axes[:, ::-1][:, :DIMENSIONS]
    reduced /= np.abs(reduced).max(axis=1, keepdims=True)
    return words, np.round(reduced * 127).astype(np.int8)


def _vectors(texts: Sequence[str], model: Path, kept: Path) -> dict[str, NDArray[np.float32]]:
    """float32[384] for each text; texts embedded before are read from the file `kept`."""
    known: dict[str, NDArray[np.float32]] = {}
    if kept.is_file():
        with np.load(kept) as stored:
            known = dict(zip(stored["words"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        print(f"embedding {len(missing)} texts", flush=True)
        known |= zip(missing, embedded(missing, model), strict=True)
        half = np.stack(list(known.values())).astype(np.float16)
        np.savez(kept, words=np.array(list(known)), vectors=half)
    return known
