"""What a prompt tells of a thing's shape: what is written on it; of people who they are and what they wear.

Colours, materials and light are read by generators (generate/embedded/text.py); this is what must be built.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from director.scene.finish.writing import sign_traits, without_writing, writing_in

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
        "coat": "coat coats overcoat trenchcoat greatcoat topcoat duffel ulster",
    }
)
# What is worn below the waist in the place of trousers: garment → the words for it, and what each tells more.
_LOWER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dress": "dress dresses frock frocks sundress minidress:mini pinafore",
        "gown": "gown gowns ballgown",
        "robe": "robe robes bathrobe nightgown nightdress nightie nightshirt kimono kimonos yukata cassock"
        " kaftan caftan toga abaya hanbok sari saree habit",
        "skirt": "skirt skirts miniskirt:mini miniskirts:mini maxiskirt:long petticoat sarong:long",
        "kilt": "kilt kilts",
        "shorts": "shorts bermudas hotpants:mini trunks:mini",
        "trousers": "trousers pants jeans leggings slacks chinos breeches tights dungarees overalls jumpsuit",
    }
)
_LENGTHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mini": "mini short micro",
        "knee": "knee knee-length",
        "midi": "midi calf-length mid-length tea-length",
        "long": "long maxi floor-length ankle-length full-length sweeping flowing trailing",
    }
)
# Who wears what without a word said of it.
_WEARERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gown": "bride brides",
        "robe": "monk monks nun nuns geisha geishas wizard wizards",
    }
)
_LOWER_OF: Final = {
    word.partition(":")[0]: (garment, word.partition(":")[2])
    for garment, words in _LOWER.items()
    for word in words.split()
}
_LENGTH_OF: Final = {word: length for length, words in _LENGTHS.items() for word in words.split()}
_WEARER_OF: Final = {word: garment for garment, words in _WEARERS.items() for word in words.split()}
# What words before a dress or a gown make of it.
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(["evening", "ball", "prom", "wedding", "bridal"], "gown"),
        **dict.fromkeys(["dressing", "night", "academic", "graduation", "choir"], "robe"),
        **dict.fromkeys(["hospital", "surgical", "surgeon", "cocktail"], "dress"),
        "highland": "kilt",
    }
)
# "Dress shirt", "dress shoes": of these it only says what kind they are.
_NO_DRESS: Final = frozenset(["shirt", "shoes", "uniform", "uniforms", "whites", "suit", "code", "coat"])
_NO_DRESS_AFTER: Final = frozenset(("fancy", "morning", "battle", "full"))
# Between a garment and what is said of it none of these stands: "long hair and a dress".
_APART: Final = frozenset(
    ("and", "with", "in", "over", "under", "hair", "haired", "sleeves", "sleeved", "boots", "socks")
)
# Words that tell of nothing else: "short" may be said of the man.
_TELLS_OF_PEOPLE: Final = frozenset(
    (*_LOWER_OF, *_WEARER_OF, *(w for w in _LENGTH_OF if "-" in w), "mini", "midi", "maxi")
)
_TRAIT_OF: Final = {word: trait for trait, words in _TRAITS.items() for word in words.split()}
_WITHOUT: Final = re.compile(r"\b(?:no|not|without)\s+(?:an?\s+)?[a-z-]+")
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Told:
    """`writing` is to be read on it (writing.py). `traits` of people: woman, man, beard, shaven, spectacles,
    bald, hat, cap, beanie, tie, scarf, suit, what is worn above the waist (garments.py), and, where it is
    not trousers, what below: dress, gown, robe, skirt, kilt or shorts, with its length where one is named:
    mini, knee, midi, long (skirts.py). Of signs: neon, panel, dark (writing.py)."""

    writing: str = ""
    traits: frozenset[str] = frozenset()


NOTHING: Final = Told()
_SIGNS: Final = frozenset({"signboard", "trade name"})


def tells_of_shape(word: str, class_name: str) -> bool:
    """Whether a word of a prompt is heard here, whether or not it says anything of colour or material."""
    return class_name == "person" and (word in _TRAIT_OF or word in _TELLS_OF_PEOPLE)


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
        traits |= _worn_below(said, "man" in traits)
    elif class_name in _SIGNS:
        traits = sign_traits(prompt)
    return Told(writing_in(prompt), traits)


def _worn_below(said: str, is_man: bool) -> frozenset[str]:
    """The garment that stands in the place of trousers, if one does, and its length."""
    found: dict[str, str] = {}
    wearer = None
    for clause in re.split(r"[,;.:]", said):
        words = _WORD.findall(clause)
        for i, word in enumerate(words):
            wearer = wearer or _WEARER_OF.get(word)
            if word not in _LOWER_OF:
                continue
            garment, length = _LOWER_OF[word]
            if garment in ("dress", "gown"):
                if i + 1 < len(words) and words[i + 1] in _NO_DRESS:
                    continue
                before = words[i - 1] if i else ""
                if before in _NO_DRESS_AFTER or (before == "evening" and is_man):
                    continue
                garment = _KINDS.get(before, garment)
            found.setdefault(garment, length or _length_before(words[:i]))
    # A dress over jeans is a dress still; a bride in jeans wears jeans.
    for garment in _LOWER:
        if garment in found:
            return frozenset() if garment == "trousers" else frozenset({garment, found[garment]} - {""})
    return frozenset() if wearer is None else frozenset({wearer})


def _length_before(words: list[str]) -> str:
    for word in words[:-4:-1]:
        if word in _LENGTH_OF:
            return _LENGTH_OF[word]
        if word in _APART or word in _TRAIT_OF:
            return ""
    return ""
