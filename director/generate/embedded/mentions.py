"""What a prompt says, word by word: known concepts, colours, how strongly, and what is not understood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.colour_words import TONES, hex_colour, mixed, toned
from director.generate.embedded.concepts import Concept
from director.generate.embedded.degrees import LINKS, NEGATIONS, SILENT, STRENGTHS, share_of
from director.generate.embedded.misspelling import Misspelling
from director.generate.embedded.phrases import BREAK, Phrasebook, Token, plainer, tokens

__all__ = ["Borrow", "Mention", "Reader", "confidence", "not_understood"]


class Borrow(Protocol):
    """What an unknown word may borrow."""

    def __call__(self, word: str) -> tuple[tuple[Concept, float], ...] | None:
        """Concepts near in meaning, each with its share (in all 0..1); none: not understood; None: no word
        at all as far as is known."""

    def related(self, word: str) -> tuple[Concept, float] | None:
        """The concept that a dictionary surely relates it to, and the trust in that."""


# How far a word is believed that was mended, taken apart, or read from its parts.
_MENDED: Final = 0.9
# Halves of a compound are at least this long: "rustbrown", not "cartoon".
_SHORTEST_HALF: Final = 4
_LENDS_COLOUR: Final = frozenset(("coloured", "colour", "hued", "tinted", "tinged", "toned"))
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
        self._silent = SILENT | silent
        self._borrow = borrow
        self._tones_weigh = tones_weigh
        self._slips = Misspelling((*self._book, *self._colours))

    def read(self, prompt: str) -> list[Mention]:
        """Everything a prompt mentions, in its order."""
        words = self._divided(tokens(prompt))
        found: list[Mention] = []
        strength, is_negated = 1.0, False
        at = 0
        while at < len(words):
            mention, taken = self._at(words, at)
            at += taken
            if mention.kind == "strength":
                strength *= STRENGTHS[mention.text]
            elif mention.kind == "share":
                if _is_after(found, words, at):
                    found[-1] = replace(found[-1], strength=mention.strength)
                else:
                    strength *= mention.strength
            elif mention.kind == "negation":
                is_negated = True
            elif mention.text == "free" and words[at - 1].joined and found and found[-1].concept is not None:
                found[-1] = replace(found[-1], is_negated=True)  # smoke-free
            else:
                if mention.kind in ("concept", "colour"):
                    negated = mention.is_negated or is_negated
                    mention = replace(mention, strength=mention.strength * strength, is_negated=negated)
                if mention.kind in ("concept", "colour", "unknown", "break"):
                    # "No fog or rain" is without either.
                    goes_on = is_negated and at < len(words) and words[at].text in ("or", "nor")
                    strength, is_negated = 1.0, goes_on
                if not self._merged(found, mention):
                    found.append(mention)
        return found

    def known(self, phrase: str) -> Concept | None:
        """The concept of exactly this phrase."""
        return self._book.get(phrase)

    def _divided(self, words: list[Token]) -> list[Token]:
        """Compounds of two known words, in two: "rustbrown"; what is known whole stays whole."""
        result: list[Token] = []
        for word in words:
            halves = () if self._is_known(word.text) or self._borrow(word.text) else self._halves(word.text)
            result += [Token(half, word.joined or bool(number)) for number, half in enumerate(halves)] or [
                word
            ]
        return result

    def _halves(self, word: str) -> tuple[str, ...]:
        for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
            first, second = word[:cut], word[cut:]
            if self._means(first) and (self._means(second) or second in LINKS or second in self._silent):
                return first, second
        return ()

    def _means(self, word: str) -> bool:
        return word in self._book or word in self._colours

    def _is_known(self, word: str) -> bool:
        plain = not word.isalpha() or word in self._silent or word in LINKS or word in STRENGTHS
        return plain or self._book.finds(word) or self._colours.finds(word)

    def _at(self, words: list[Token], at: int) -> tuple[Mention, int]:
        word = words[at].text
        if word == BREAK:
            return Mention("break", word), 1
        if word.startswith("#"):
            return Mention("colour", word, colour=hex_colour(word)), 1
        if (share := share_of(word)) is not None:
            return Mention("share", word, strength=share), 1
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
            if known[1] == 1 and word not in self._book and (kin := self._borrow.related(word)) is not None:
                # A pansy is a flower, and no plainer form of "pans".
                return Mention("concept", word, concept=kin[0], strength=1.0, trust=kin[1]), 1
            text = _text(words, at, known[1])
            if _is_coloured(words, at + known[1]) and (tint := concept_colour(known[0])) is not None:
                return Mention("colour", text, colour=tint), known[1] + 1
            return Mention("concept", text, concept=known[0]), known[1]
        return self._unlisted(words, at)

    def _unlisted(self, words: list[Token], at: int) -> tuple[Mention, int]:
        word = words[at].text
        if word in NEGATIONS:
            return Mention("negation", word), 1
        before_known = at + 1 < len(words) and self._book.find(words, at + 1) is not None
        if word in self._tones and before_known and not (self._tones_weigh and word in STRENGTHS):
            following, taken = self._at(words, at + 1)
            return replace(following, tones=(word, *following.tones)), taken + 1
        if word in STRENGTHS and (before_known or word not in self._silent):
            return Mention("strength", word), 1
        if word in LINKS:
            return Mention("link", word), 1
        if word in self._silent or word.isdigit():
            return Mention("silent", word), 1
        if word in self._tones:
            return Mention("tone", word, tones=(word,)), 1
        near = self._borrow(word)
        if not near:
            mended = self._misspelled(word) if near is None else Mention("unknown", word, trust=0.0)
            return self._from_parts(word) or mended, 1
        trust = sum(share for _, share in near)
        return Mention("concept", word, concept=near[0][0], strength=trust, trust=trust, borrowed=near), 1

    def _from_parts(self, word: str) -> Mention | None:
        """Un-, non- and -less say that something known is absent; other endings that it is there."""
        for plain, is_negated in plainer(word):
            concept = self._book.get(plain)
            if concept is not None:
                return Mention("concept", word, concept=concept, trust=_MENDED, is_negated=is_negated)
        return None

    def _misspelled(self, word: str) -> Mention:
        """A word of no dictionary, a letter or two away from a known one, is that one."""
        candidate = self._slips.mended(word)
        if candidate is not None:
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
            and words[at].text in STRENGTHS
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
        known = self._book.find(words, end)
        if colour is None or (known is not None and known[1] > colour[1]):
            return None  # a dusty wine bottle is not of dusty wine
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
    return at < len(words) and words[at].text in _LENDS_COLOUR


def _is_after(found: list[Mention], words: list[Token], at: int) -> bool:
    """Whether a number of percent belongs to what stood before it: "fog 40%", "fog at 40%, night"."""
    while found and found[-1].kind == "link" and found[-1].text == "at":
        found.pop()
    before = bool(found) and found[-1].kind in ("concept", "colour")
    return before and (at >= len(words) or words[at].text in (BREAK, "and"))
