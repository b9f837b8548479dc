"""The words that shots are asked for with, and what each says."""

from collections.abc import Mapping
from types import MappingProxyType

from director.camera.setups.sizes import DUTCH_DEG, SIZES

__all__ = ["FILLERS", "VOCABULARY", "words_of"]

FILLERS = frozenset(
    (
        *(
            "a",
            "an",
            "the",
            "and",
            "then",
            "shot",
            "shots",
            "take",
            "taken",
            "angle",
            "camera",
            "lens",
            "view",
        ),
        *("of", "on", "onto", "in", "at", "by", "with", "to", "towards", "over", "from"),
    )
)
"""Words that a phrase may hold and that say nothing by themselves."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; hyphens, commas and slashes part words, apostrophes do not."""
    plain = "".join(
        letter if letter.isalnum() or letter == "." else "" if letter in "'’" else " "
        for letter in text.lower()
    )
    return tuple(word for word in (word.strip(".") for word in plain.split()) if word)


_MORE_SIZES: Mapping[str, str] = MappingProxyType(
    {
        "extreme wide": "extreme wide shot|extreme long|extreme long shot|ews|els|xls|establishing|"
        "establishing shot",
        "very wide": "very wide shot|very long|very long shot|vls",
        "wide": "wide shot|long|long shot|ls|master|master shot",
        "full": "full shot|full length|full body|head to toe",
        "medium full": "medium full shot|medium wide|medium wide shot|medium long|medium long shot|mws|mls",
        "cowboy": "cowboy shot|american|american shot|plan americain|three quarter shot",
        "medium": "medium shot|mid|mid shot|waist shot|waist up",
        "medium close-up": "medium close|mid close up|bust shot|chest up",
        "close-up": "close|closeup|tight|head shot|headshot|portrait",
        "big close-up": "tight close up|bcu|face|full face",
        "choker": "choker shot",
        "extreme close-up": "extreme close|eyes only|xcu|eyes",
    }
)
_ANGLES: Mapping[str, str] = MappingProxyType(
    {
        "eye level": "eye level|level|eye line|straight on",
        "high angle": "high angle|high|from above|looking down",
        "low angle": "low angle|low|from below|looking up",
        "bird's eye": "birds eye|bird eye|overhead|top down|top shot|straight down|gods eye",
        "worm's eye": "worms eye|worm eye|from the ground|ground level",
    }
)
_SIDES: Mapping[str, str] = MappingProxyType(
    {
        "front": "front|frontal|from the front|head on",
        "three-quarter left": "three quarter left|left three quarter|three quarters left|34 left|"
        "from the left|from left|left|three quarter|three quarters",
        "three-quarter right": "three quarter right|right three quarter|three quarters right|34 right|"
        "from the right|from right|right",
        "profile left": "profile left|left profile|profile|side|from the side|left side",
        "profile right": "profile right|right profile|right side",
        "back": "back|behind|from behind|from the back|rear",
    }
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "over shoulder": "over shoulder|over the shoulder|over the shoulder of|ots|os|oss|over shoulder shot|"
        "over the shoulder shot",
        "group": "two shot|2 shot|2s|twoshot|three shot|3 shot|3s|group|group shot|both|all",
        "insert": "insert|insert shot|detail|detail shot|ins|cutaway",
        "point of view": "point of view|pov|subjective|through the eyes|seen by",
    }
)
_SHOULDERS: Mapping[str, str] = MappingProxyType(
    {
        "left": "left shoulder|over left shoulder|over the left shoulder",
        "right": "right shoulder|over right shoulder|over the right shoulder",
    }
)
_DUTCH: Mapping[float, str] = MappingProxyType(
    {
        DUTCH_DEG: "dutch|canted|dutch angle|tilted|dutch left|canted left",
        -DUTCH_DEG: "dutch right|canted right",
    }
)


def _vocabulary() -> dict[tuple[str, ...], tuple[str, str | float]]:
    known: dict[tuple[str, ...], tuple[str, str | float]] = {}

    def learn(field: str, value: str | float, phrases: str) -> None:
        for phrase in phrases.split("|"):
            known[words_of(phrase)] = (field, value)

    for size in SIZES.values():
        learn("size", size.name, f"{size.name}|{size.abbreviation}|{_MORE_SIZES[size.name]}")
    for table, field in ((_ANGLES, "angle"), (_SIDES, "side"), (_KINDS, "kind"), (_SHOULDERS, "shoulder")):
        for value, phrases in table.items():
            learn(field, value, phrases)
    for degrees, phrases in _DUTCH.items():
        learn("dutch_deg", degrees, phrases)
    return known


VOCABULARY: Mapping[tuple[str, ...], tuple[str, str | float]] = MappingProxyType(_vocabulary())
"""Words → (field of `Shot`, value)."""
