"""Cut a prompt into words and find the longest known phrase at each place.

Matching forgives plurals, hyphens, American spelling, accents and words run together ("moon light").
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = ["BREAK", "Phrasebook", "Token", "plainer", "spelled", "tokens"]

BREAK: Final = ","
_LONGEST: Final = 8
_PIECE: Final = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\d+%|[a-z0-9]+(?:'[a-z]+)?|[,;.:/|()!?\n]|-")
_SPELLINGS: Final[dict[str, str]] = {
    "gray": "grey", "grays": "grey", "grayish": "greyish", "color": "colour", "colors": "colours",
    "colored": "coloured", "colorful": "colourful", "coloring": "colouring", "multicolored": "multicoloured",
    "discolored": "discoloured", "watercolor": "watercolour", "watercolors": "watercolour",
    "technicolour": "technicolor", "center": "centre", "theater": "theatre", "harbor": "harbour",
    "armor": "armour", "armored": "armoured", "aluminum": "aluminium", "fiber": "fibre", "mold": "mould",
    "neighborhood": "neighbourhood", "plow": "plough", "vapor": "vapour", "woolen": "woollen",
    "jewelry": "jewellery", "pajamas": "pyjamas", "sulfur": "sulphur", "paneled": "panelled",
    "smoldering": "smouldering", "somber": "sombre", "luster": "lustre", "gray's": "grey",
    "cozy": "cosy", "grayscale": "greyscale", "checkered": "chequered", "favorite": "favourite",
}  # fmt: skip

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, normal spelling; `joined` says that a hyphen ties it to the word before."""

    text: str
    joined: bool = False


def tokens(text: str) -> list[Token]:
    """The words of a text; commas, full stops and the like become one BREAK."""
    plain = (
        unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'")).encode("ascii", "ignore").decode()
    )
    plain = plain.replace("b&w", "black and white").replace("&", " and ").replace("+", " and ")
    found: list[Token] = []
    joined = False
    for piece in _PIECE.findall(plain):
        if piece == "-":
            joined = bool(found)
        elif piece[0].isalnum() or piece[0] == "#":
            word = piece.removesuffix("'s")
            found.append(Token(_SPELLINGS.get(word, word), joined))
            joined = False
        else:
            found.append(Token(BREAK))
            joined = False
    return found


def spelled(phrase: str) -> str:
    """A phrase as tokens would write it, words parted by one blank."""
    return " ".join(token.text for token in tokens(phrase) if token.text != BREAK)


class Phrasebook(Generic[Meaning]):
    """Phrases and what they mean; `find` gives the longest one that starts at a token."""

    def __init__(self, entries: Iterator[tuple[str, Meaning]], apart: frozenset[str] = frozenset()) -> None:
        """Phrases are as `spelled` writes them; `apart`: words that are never run together with the next
        (a green house is no greenhouse)."""
        self._apart = apart
        self._phrases: dict[str, Meaning] = {}
        for phrase, meaning in entries:
            self._phrases.setdefault(phrase, meaning)
        self._run_together: dict[str, Meaning] = {}
        for phrase, meaning in self._phrases.items():
            self._run_together.setdefault(phrase.replace(" ", ""), meaning)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._phrases

    def __iter__(self) -> Iterator[str]:
        return iter(self._phrases)

    def finds(self, word: str) -> bool:
        """Whether one word, or a plainer form of it, is known."""
        return self._lookup([word]) is not None

    def get(self, phrase: str) -> Meaning | None:
        """What exactly this phrase means."""
        return self._phrases.get(phrase)

    def find(self, words: list[Token], start: int) -> tuple[Meaning, int] | None:
        """The meaning of the longest phrase from `start` on, and how many tokens it takes."""
        end = start
        while end < len(words) and end - start < _LONGEST and words[end].text != BREAK:
            end += 1
        for stop in range(end, start, -1):
            texts = [word.text for word in words[start:stop]]
            meaning = self._lookup(texts)
            if meaning is not None:
                return meaning, stop - start
        return None

    def _lookup(self, texts: list[str]) -> Meaning | None:
        meaning = self._phrases.get(" ".join(texts))
        if meaning is not None:
            return meaning
        for last in _stems(texts[-1]):
            meaning = self._phrases.get(" ".join([*texts[:-1], last]))
            if meaning is not None:
                return meaning
        # "moon light" is moonlight, but "a light" is not alight and a green house no greenhouse.
        if len(texts) > 1 and (min(map(len, texts)) < 3 or self._apart.intersection(texts[:-1])):
            return None
        return self._run_together.get("".join(texts))


_LONG_ENDINGS: Final = (
    "covered",
    "proof",
    "esque",
    "tastic",
    "style",
    "ness",
    "like",
    "worn",
    "ful",
    "ous",
    "ity",
    "ic",
)


def plainer(word: str) -> Iterator[tuple[str, bool]]:
    """What an unlisted word is made of, and whether it says that this is absent: unpainted, rustless."""
    for prefix in ("un", "non"):
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            rest = word[len(prefix) :]
            yield rest, True
            yield from ((stem, True) for stem in _stems(rest))
    if word.endswith("less") and len(word) > 7:
        yield word[:-4], True
    for ending in _LONG_ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            stem = word[: -len(ending)]
            yield from ((form, False) for form in (stem, f"{stem}e", f"{stem}y"))
            if stem.endswith("i"):
                yield f"{stem[:-1]}y", False


_ENDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ies", ("y",)),
    ("ves", ("f", "fe")),
    ("es", ("", "e")),
    ("s", ("",)),
    ("like", ("",)),
    ("esque", ("", "e")),
    ("ish", ("", "e")),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("y", ("", "e")),
    ("ly", ("",)),
    ("en", ("",)),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("est", ("", "e")),
)  # fmt: skip


def _stems(word: str) -> Iterator[str]:
    """Plainer forms of a word, the likeliest first; American spellings among them."""
    for american, british in (("iz", "is"), ("yz", "ys"), ("or", "our")):
        if american in word[2:]:
            yield word[:2] + word[2:].replace(american, british)
    for ending, replacements in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            for replacement in replacements:
                yield stem + replacement
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
