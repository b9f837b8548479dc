"""What a prompt says, word by word: known concepts, colours, how strongly, and what is not understood."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.colour_words import TONES, hex_colour, mixed, toned
from director.generate.embedded.concepts import Concept
from director.generate.embedded.phrases import BREAK, Phrasebook, Token, tokens

__all__ = ["Borrow", "Mention", "Reader", "confidence", "not_understood"]

# An unknown word → concepts near in meaning, each with its share (in all 0..1); none: not understood.
# None says that it is no word at all as far as is known.
Borrow = Callable[[str], tuple[tuple[Concept, float], ...] | None]

# A slip of the finger is mended in words of this many letters, and believed this far.
_SHORTEST_MENDED: Final = 5
_MENDED: Final = 0.9
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

_STRENGTHS: Final[dict[str, float]] = {
    "very": 1.25, "extremely": 1.4, "super": 1.25, "really": 1.2, "so": 1.1, "incredibly": 1.4, "ultra": 1.4,
    "highly": 1.25, "totally": 1.2, "completely": 1.2, "deeply": 1.25, "heavily": 1.3, "strongly": 1.25,
    "intensely": 1.3, "heavy": 1.2, "thick": 1.2, "dense": 1.2, "strong": 1.2, "extreme": 1.3, "more": 1.15,
    "deep": 1.1, "total": 1.2, "utterly": 1.3, "slightly": 0.45, "slight": 0.45, "bit": 0.5, "little": 0.5,
    "touch": 0.4, "hint": 0.35, "somewhat": 0.6, "subtle": 0.45, "subtly": 0.45, "mildly": 0.5, "mild": 0.5,
    "faint": 0.4, "faintly": 0.4, "lightly": 0.5, "partially": 0.6, "partly": 0.6, "light": 0.55, "thin": 0.5,
    "less": 0.4, "rather": 0.85, "fairly": 0.85, "quite": 1.0, "almost": 0.8, "half": 0.6, "few": 0.5,
}  # fmt: skip
_NEGATIONS: Final = frozenset(("no", "not", "without", "never", "non", "minus", "isn't", "nor", "neither"))
# Words that tie others together: a grammar may look at them.
_LINK_WORDS: Final = """
and or with in of on at by from for like near behind under over beside between inside made covered wearing
wears dressed into against below above before after among through across around along
"""
_LINKS: Final = frozenset(_LINK_WORDS.split())
# Words that are understood and change nothing.
_SILENT_WORDS: Final = """
a an the to as is are was were be been being it its this that these those there here his her their my our
your some any all each every up down out onto during while when where which who what scene scenes shot shots
view image images frame look looks looking style styled styles mood atmosphere atmospheric feel feeling vibe
vibes tones tone palette time set setting background lit coloured colour colours hued tinted type kind kinds
piece pair material texture surface finish finished has have having i we you he she they very much many lots
lot plenty also just only but then than both one two three several full filled shade shades version sort
something thing things place period era century tall big large huge small tiny short long wide narrow low
high giant enormous little round square rectangular curved
"""
_SILENT: Final = frozenset(_SILENT_WORDS.split())
_SEPARATE: Final = frozenset(("black", "white"))


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing said. `kind`: concept, colour, link, break, silent or unknown.

    `trust` is 1 for a known word and less for one borrowed from neighbours in meaning; those are in
    `borrowed`, each with its share of the trust. `target` is what a colour colours, once it is known.
    """

    kind: str
    text: str
    concept: Concept | None = None
    colour: NDArray[np.float32] | None = None
    strength: float = 1.0
    trust: float = 1.0
    is_negated: bool = False
    tones: tuple[str, ...] = ()
    borrowed: tuple[tuple[Concept, float], ...] = ()
    target: str = ""


class Reader:
    """Reads prompts with the concepts of one domain and the colour words."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        colours: Iterable[Concept],
        *,
        borrow: Borrow,
        silent: frozenset[str] = frozenset(),
        without_tones: frozenset[str] = frozenset(),
        tones_weigh: bool = False,
    ) -> None:
        """`without_tones`: words that are no tones here; `tones_weigh`: "light" and "deep" before something
        other than a colour say how much of it, not how light."""
        apart = frozenset(TONES) | {word for concept in colours for word in concept.words}
        self._book = Phrasebook(((word, c) for c in concepts for word in c.words), apart)
        self._colours = Phrasebook(((word, c) for c in colours for word in c.words), apart)
        self._tones = frozenset(TONES) - without_tones
        self._silent = _SILENT | silent
        self._borrow = borrow
        self._tones_weigh = tones_weigh

    def read(self, prompt: str) -> list[Mention]:
        """Everything a prompt mentions, in its order."""
        words = tokens(prompt)
        found: list[Mention] = []
        strength, is_negated = 1.0, False
        at = 0
        while at < len(words):
            mention, taken = self._at(words, at)
            at += taken
            if mention.kind == "strength":
                strength *= _STRENGTHS[mention.text]
                continue
            if mention.kind == "negation":
                is_negated = True
                continue
            if mention.kind in ("concept", "colour"):
                mention = replace(mention, strength=mention.strength * strength, is_negated=is_negated)
            if mention.kind in ("concept", "colour", "unknown", "break"):
                strength, is_negated = 1.0, False
            if not self._merged(found, mention):
                found.append(mention)
        return found

    def _at(self, words: list[Token], at: int) -> tuple[Mention, int]:
        word = words[at].text
        if word == BREAK:
            return Mention("break", word), 1
        if word.startswith("#"):
            return Mention("colour", word, colour=hex_colour(word)), 1
        known = self._book.find(words, at)
        colour = self._colours.find(words, at)
        toned_colour = self._toned_colour(words, at)
        # The longest reading wins; a toned colour counts its tones.
        if toned_colour is not None and toned_colour[1] > max(
            known[1] if known else 0, colour[1] if colour else 0
        ):
            return toned_colour
        if colour is not None and (known is None or colour[1] > known[1]):
            return self._colour_mention(words, at, colour)
        if known is not None:
            if self._is_strength(words, at, known[1]):
                return Mention("strength", word), 1
            text = _text(words, at, known[1])
            if _is_coloured(words, at + known[1]) and (tint := concept_colour(known[0])) is not None:
                return Mention("colour", text, colour=tint), known[1] + 1
            return Mention("concept", text, concept=known[0]), known[1]
        return self._unlisted(words, at)

    def _unlisted(self, words: list[Token], at: int) -> tuple[Mention, int]:
        word = words[at].text
        if word in _NEGATIONS:
            return Mention("negation", word), 1
        before_known = at + 1 < len(words) and self._book.find(words, at + 1) is not None
        if word in self._tones and before_known and not (self._tones_weigh and word in _STRENGTHS):
            following, taken = self._at(words, at + 1)
            return replace(following, tones=(word, *following.tones)), taken + 1
        if word in _STRENGTHS and (before_known or word not in self._silent):
            return Mention("strength", word), 1
        if word in _LINKS:
            return Mention("link", word), 1
        if word in self._silent or word.isdigit():
            return Mention("silent", word), 1
        if word in self._tones:
            return Mention("tone", word, tones=(word,)), 1
        near = self._borrow(word)
        if near is None:
            return self._misspelled(word), 1
        if not near:
            return Mention("unknown", word, trust=0.0), 1
        trust = sum(share for _, share in near)
        return Mention("concept", word, concept=near[0][0], strength=trust, trust=trust, borrowed=near), 1

    def _misspelled(self, word: str) -> Mention:
        """A word of no dictionary, one letter away from a known one, is that one."""
        if len(word) >= _SHORTEST_MENDED:
            for candidate in _one_letter_away(word):
                concept = self._book.get(candidate)
                if concept is not None:
                    return Mention("concept", word, concept=concept, trust=_MENDED)
                colour = self._colours.get(candidate)
                if colour is not None:
                    return Mention("colour", word, colour=concept_colour(colour), trust=_MENDED)
        return Mention("unknown", word, trust=0.0)

    def _is_strength(self, words: list[Token], at: int, taken: int) -> bool:
        """ "Light" before something known is how much of it, not a lamp."""
        return (
            taken == 1
            and words[at].text in _STRENGTHS
            and at + 1 < len(words)
            and (self._book.find(words, at + 1) is not None)
        )

    def _toned_colour(self, words: list[Token], at: int) -> tuple[Mention, int] | None:
        end = at
        while end < len(words) and words[end].text in self._tones:
            end += 1
        if end == at or end >= len(words):
            return None
        colour = self._colours.find(words, end)
        if colour is None:
            return None
        mention, taken = self._colour_mention(words, end, colour)
        assert mention.colour is not None
        value = mention.colour
        for word in words[at:end]:
            value = toned(value, word.text)
        names = tuple(word.text for word in words[at:end])
        total = end - at + taken
        return Mention("colour", _text(words, at, total), colour=value, tones=names), total

    @staticmethod
    def _colour_mention(words: list[Token], at: int, found: tuple[Concept, int]) -> tuple[Mention, int]:
        taken = found[1] + (1 if _is_coloured(words, at + found[1]) else 0)
        return Mention("colour", _text(words, at, found[1]), colour=concept_colour(found[0])), taken

    @staticmethod
    def _merged(found: list[Mention], mention: Mention) -> bool:
        """Two colour words side by side are one colour (blue-green); black and white stay themselves."""
        if not found or mention.kind != "colour" or found[-1].kind != "colour":
            return False
        last = found[-1]
        if last.colour is None or mention.colour is None or _SEPARATE & {last.text, mention.text}:
            return False
        amount = 0.75 if last.text.endswith("ish") else 0.55
        text = f"{last.text} {mention.text}"
        found[-1] = replace(last, text=text, colour=mixed(last.colour, mention.colour, amount))
        return True


def _one_letter_away(word: str) -> Iterator[str]:
    """One letter swapped, lost, added or wrong; the first one is hardly ever mistyped."""
    parts = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1)
    yield from (a + b[1:] for a, b in parts if b)
    yield from (a + c + b for a, b in parts for c in _LETTERS)
    yield from (a + c + b[1:] for a, b in parts if b for c in _LETTERS)


def concept_colour(concept: Concept) -> NDArray[np.float32] | None:
    """The first colour an object concept sets, float32[3] sRGB; None if it sets none."""
    for step in concept.steps:
        if step.operation == "set" and len(step.indices) == 3:
            return np.array(step.values, np.float32)
    return None


def confidence(mentions: Iterable[Mention]) -> float:
    """0..1: how much of what was said is understood; 1 if nothing was said."""
    trusts = [m.trust for m in mentions if m.kind in ("concept", "colour", "unknown", "tone")]
    return float(np.mean(trusts)) if trusts else 1.0


def not_understood(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Words that changed nothing because they are not known, each once, in their order."""
    return tuple(dict.fromkeys(m.text for m in mentions if m.kind == "unknown"))


def _text(words: list[Token], at: int, count: int) -> str:
    return " ".join(word.text for word in words[at : at + count])


def _is_coloured(words: list[Token], at: int) -> bool:
    return at < len(words) and words[at].text in ("coloured", "colour", "hued", "tinted")
