"""Measure what becomes of unseen words: `python -m tools.text.leave_one_out`.

A fifth of the lexicon's single words is taken out (of the phrases and of the training of the metric), then
read as prompts are: relations of WordNet that do not use their own entries, and nearness. About a minute.
"""

import argparse
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from director.generate.embedded.concepts import NAMED
from director.generate.embedded.nearness import Nearness
from director.generate.embedded.phrases import spelled
from tools.text.kin import kin_of
from tools.text.metric import Domain, fitted, looks_alike
from tools.text.parse import object_concepts, scene_concepts
from tools.text.train import ROOT, WEIGHTS, read_table
from tools.text.wordnet import WordNet, wordnet_folder

_WORD = re.compile(r"[a-z]{3,}")


def measured(name: str, *, cache: Path, seed: int, steps: int) -> str:
    """A line of figures for a domain, "scene" or "object"."""
    concepts = scene_concepts() if name == "scene" else object_concepts()
    words, vectors = read_table(WEIGHTS)
    domain = Domain.of(name, concepts, words, vectors)
    parameters, figures = fitted(domain, steps=steps, seed=seed, held_out=0.2)
    rng = np.random.default_rng(seed)
    is_test = (rng.random(len(domain.queries)) < 0.2) & domain.is_word
    phrases = [
        (phrase, number)
        for number, concept in enumerate(concepts)
        if concept.target != NAMED
        for phrase in dict.fromkeys(map(spelled, concept.words))
        if phrase in domain.phrases
    ]
    tests = {phrase: number for (phrase, number), out in zip(phrases, is_test, strict=True) if out}
    alike = looks_alike(name, concepts)
    net = WordNet(wordnet_folder(cache))
    kin, _ = kin_of(net, concepts, alike, list(tests), are_things=name == "object")
    left = [
        replace(concept, words=tuple(w for w in map(spelled, concept.words) if w not in tests) or ("-",))
        for concept in concepts
    ]
    tensors = {f"{name}.{key}": value for key, value in parameters.items()}
    tensors[f"{name}.threshold"] = np.array([figures.threshold], np.float32)
    related = {word: (found.phrase, found.trust) for word, found in kin.items()}
    borrow = Nearness(words, {**tensors, "vectors": vectors}, {name: related}).borrower(name, left)
    place = {id(concept): number for number, concept in enumerate(left)}
    read = [(number, borrow(word)) for word, number in tests.items() if _WORD.fullmatch(word)]
    understood = [(number, place[id(near[0][0])]) for number, near in read if near]
    right = float(np.mean([alike[meant, got] for meant, got in understood]))
    share = len(understood) / len(read)
    return (
        f"{name}: {len(read)} words left out; understood {share:.2f}, of these right {right:.2f}; "
        f"by nearness alone: {figures.line()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "text")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=120)
    given = parser.parse_args()
    for name in ("scene", "object"):
        print(measured(name, cache=given.cache, seed=given.seed, steps=given.steps), flush=True)


if __name__ == "__main__":
    main()
