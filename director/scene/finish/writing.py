"""What a prompt has written on a thing: the words between quotation marks, `neon sign "HOTEL"`."""

import re
from typing import Final

from director.scene.finish.glyphs import GLYPHS

__all__ = ["MOST_LETTERS", "without_writing", "writing_in"]

MOST_LETTERS: Final = 24
_QUOTED: Final = re.compile(r"[\"“”„«]([^\"“”„«»]*)[\"“”»]")


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
