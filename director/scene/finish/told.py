"""What a prompt tells of a thing's shape: what is written on it; of people who they are and what they wear.

Colours, materials and light are read by generators (generate/embedded/text.py); this is what must be built.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from director.scene.finish.writing import without_writing, writing_in

__all__ = ["NOTHING", "Told", "tells_of_shape", "told_by"]

_TRAITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "woman": "woman women girl lady actress waitress mother grandmother wife queen princess she her bride"
        " sister daughter aunt female heroine hostess businesswoman policewoman",
        "man": "man men boy guy gentleman father grandfather husband king he his groom brother son uncle male"
        " fellow lad businessman policeman fisherman cowboy",
        "beard": "beard bearded",
        "shaven": "shaven clean-shaven beardless",
        "spectacles": "spectacles glasses bespectacled",
        "bald": "bald",
        "hat": "hat fedora trilby",
        "cap": "cap",
        "beanie": "beanie",
        "tie": "tie necktie",
        "scarf": "scarf",
        "suit": "suit tuxedo",
        "jacket": "jacket blazer anorak raincoat parka",
        "shirt": "shirt blouse",
        "tee": "tee t-shirt tshirt",
        "jumper": "jumper sweater pullover cardigan knitwear",
        "hoodie": "hoodie sweatshirt",
    }
)
_TRAIT_OF: Final = {word: trait for trait, words in _TRAITS.items() for word in words.split()}
_WITHOUT: Final = re.compile(r"\b(?:no|not|without)\s+(?:an?\s+)?[a-z-]+")
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Told:
    """`writing` is to be read on it (writing.py). `traits` of people: woman, man, beard, shaven, spectacles,
    bald, hat, cap, beanie, tie, scarf, suit, and what is worn above the waist (garments.py)."""

    writing: str = ""
    traits: frozenset[str] = frozenset()


NOTHING: Final = Told()


def tells_of_shape(word: str, class_name: str) -> bool:
    """Whether a word of a prompt is heard here, whether or not it says anything of colour or material."""
    return class_name == "person" and word in _TRAIT_OF


@lru_cache(4096)
def told_by(prompt: str, class_name: str) -> Told:
    """What a prompt tells of a thing of an ADE20K class."""
    if not prompt:
        return NOTHING
    traits: frozenset[str] = frozenset()
    if class_name == "person":
        said = _WITHOUT.sub(" ", without_writing(prompt).lower())
        traits = frozenset(_TRAIT_OF[word] for word in _WORD.findall(said) if word in _TRAIT_OF)
        if {"woman", "man"} <= traits:
            # "A woman in a man's coat": the first one is who it is.
            first = next(t for w in _WORD.findall(said) if (t := _TRAIT_OF.get(w)) in ("woman", "man"))
            traits -= {"woman", "man"} - {first}
    return Told(writing_in(prompt), traits)
