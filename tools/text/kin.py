"""What WordNet knows of words that the lexicon lacks: synonyms, kinds of known things, derived words.

A relation leads from an unlisted word to a listed one ("schooner" is a kind of "sailing ship"). How far each
sort of relation is to be trusted is measured on the lexicon's own words: the share for which it leads to a
concept that looks the same. Sorts that are hardly ever right are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.concepts import NAMED, Concept
from director.generate.embedded.phrases import spelled
from tools.text.wordnet import WordNet

__all__ = ["Kin", "kin_of"]

_LEAST_TRUST: Final = 0.42
_FEWEST: Final = 12
_SENSES: Final = 3
_HIGHEST: Final = 5
# A thing is what it is a kind of, whatever colour the lexicon gave either: at least so sure, by height.
_THINGS: Final = frozenset(("animal", "plant", "artifact", "person", "substance", "food", "object"))
_THING_TRUST: Final = {"1": 0.8, "2": 0.74, "3": 0.7}
# Kinds so wide that they say nothing of a look, and words whose sense here is another one.
_WIDE_WORDS: Final = """
object whole thing artifact article instrumentality device structure container covering equipment system
unit implement instrument conveyance transport facility construction way commodity substance matter part
piece portion section block case cover board bar frame sheet strip rod support plate surface area
location region place group people person individual organism being worker form shape figure line point
side edge body mass collection set state condition quality change act action event time period go move
make have be take give put good bad big small light high low fast full open close hard soft new old work
position decoration furnishing vehicle creature plant food material fabric garment clothing building
"""
_TOO_WIDE: Final = frozenset(_WIDE_WORDS.split())


@dataclass(frozen=True)
class Kin:
    """A listed phrase that an unlisted word is related to, and the trust 0..1 in its looking the same."""

    phrase: str
    trust: float


def kin_of(
    net: WordNet,
    concepts: Sequence[Concept],
    alike: NDArray[np.bool_],
    words: Sequence[str],
    *,
    are_things: bool,
) -> tuple[dict[str, Kin], dict[str, float]]:
    """The kin of each of `words` that has any, found without the word's own entry; and the trust by sort.

    `alike` bool[concepts, concepts]: which look the same; `are_things`: the concepts are of objects.
    """
    owner = {
        spelled(word): number
        for number, concept in reversed(list(enumerate(concepts)))
        if concept.target != NAMED
        for word in concept.words
    }
    right: dict[str, list[bool]] = defaultdict(list)
    for word, number in owner.items():
        if " " not in word:
            for sort, phrase in _first_of_each(_related(net, word, owner)):
                right[sort].append(bool(alike[number, owner[phrase]]))
    trust = {sort: float(np.mean(hits)) for sort, hits in right.items() if len(hits) >= _FEWEST}
    if are_things:
        for sort in [f"kind {height} {field} 0 0" for height in _THING_TRUST for field in _THINGS]:
            trust[sort] = max(trust.get(sort, 0.0), _THING_TRUST[sort.split()[1]])
    found: dict[str, Kin] = {}
    for word in words:
        kin = [
            Kin(phrase, round(trust[sort], 2))
            for sort, phrase in _first_of_each(_related(net, word, owner))
            if trust.get(sort, 0.0) >= _LEAST_TRUST
        ]
        if kin:
            found[word] = max(kin, key=lambda candidate: candidate.trust)
    return found, trust


def _first_of_each(related: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    first: dict[str, str] = {}
    for sort, phrase in related:
        first.setdefault(sort, phrase)
    return list(first.items())


def _related(net: WordNet, word: str, owner: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Sorts of relation and listed phrases, nearest first: synonyms, derived words, similar ones, kinds."""
    for rank, name in enumerate(net.senses.get(word, ())[:_SENSES]):
        synset = net.synsets[name]
        if synset.is_name:
            continue
        for lemma in synset.words:
            yield from _listed(net, word, lemma, name, f"same {rank}", owner)
        for source, target, number in synset.derived:
            if source == word:
                lemma = net.synsets[target].words[number]
                yield from _listed(net, word, lemma, target, f"derived {rank}", owner)
        for other in synset.similar:
            for lemma in net.synsets[other].words:
                yield from _listed(net, word, lemma, other, f"similar {rank}", owner)
        kinds: tuple[str, ...] = synset.kinds
        for height in range(1, _HIGHEST + 1):
            for kind in kinds:
                for lemma in net.synsets[kind].words:
                    sort = f"kind {min(height, 3)} {synset.field.partition('.')[2]} {rank}"
                    yield from _listed(net, word, lemma, kind, sort, owner)
            kinds = tuple(dict.fromkeys(above for kind in kinds for above in net.synsets[kind].kinds))


def _listed(
    net: WordNet, word: str, lemma: str, sense: str, sort: str, owner: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    phrase = spelled(lemma)
    if phrase == word or phrase in _TOO_WIDE or phrase not in owner or phrase.rstrip("s") == word.rstrip("s"):
        return
    # A phrase is known in its commonest sense: "suit" is no lawsuit.
    place = net.senses.get(lemma, []).index(sense) if sense in net.senses.get(lemma, []) else 9
    if place < _SENSES:
        yield f"{sort} {min(place, 2)}", phrase
