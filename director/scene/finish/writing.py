"""What a prompt has written on a thing, the words between quotation marks, `neon sign "HOTEL"`; and how."""

import re
from typing import Final

from director.scene.finish.glyphs import GLYPHS

__all__ = ["MOST_LETTERS", "sign_traits", "without_writing", "writing_in"]

MOST_LETTERS: Final = 24
_QUOTED: Final = re.compile(r"[\"“”„«]([^\"“”„«»]*)[\"“”»]")
_WAYS: Final = {
    "neon": re.compile(r"\b(?:neon|glass tubes?)\b"),
    "panel": re.compile(
        r"\b(?:light[- ]?box(?:es)?|shop (?:sign|front)|back-?lit|panel|screen|display|billboard|led)\b"
    ),
    "dark": re.compile(r"\b(?:road|traffic|street|highway|warning|speed|limit)\b"),
}
_UNLIT: Final = re.compile(r"\b(?:no|not|without|unlit|dead|broken|switched off)\b")


def writing_in(prompt: str) -> str:
    """In capitals, at most MOST_LETTERS of them, without what there are no letters for; "" where nothing is
    quoted."""
    found = _QUOTED.search(prompt)
    if found is None:
        return ""
    said = " ".join(found.group(1).upper().replace("’", "'").split())
    return "".join(letter for letter in said if letter in GLYPHS)[:MOST_LETTERS].strip()


def without_writing(prompt: str) -> str:
    """The prompt's words but for those that are to be written."""
    return " ".join(_QUOTED.sub(" ", prompt).split()) if _QUOTED.search(prompt) else prompt


def sign_traits(prompt: str) -> frozenset[str]:
    """How a sign is said to be written: `neon`, in tubes; `panel`, on a pane lit from behind; `dark`, in dark
    paint, as road signs are. At most one: the first of these that the prompt speaks of. Colours say nothing
    of it: they are no matter of shape."""
    said = without_writing(prompt).lower()
    for way, words in _WAYS.items():
        if words.search(said) and (way == "dark" or not _UNLIT.search(said)):
            return frozenset((way,))
    return frozenset()
