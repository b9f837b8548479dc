"""Slips of the finger: known words one letter away, or two in long words."""

from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["Misspelling"]

# A slip is mended in words of this many letters, two slips in longer ones.
_SHORTEST: Final = 5
_LONG: Final = 8
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Misspelling:
    """Finds the known word that a word of no dictionary was meant to be."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    def mended(self, word: str) -> str | None:
        """The known word nearest to `word`; None if it is short or near to none."""
        if len(word) < _SHORTEST or not word.isalpha():
            return None
        for candidate in _one_letter_away(word):
            if candidate in self._words:
                return candidate
        if len(word) < _LONG:
            return None
        start, lengths = word[:2], range(len(word) - 2, len(word) + 3)
        near = [c for c in self._words if c.startswith(start) and len(c) in lengths and " " not in c]
        distances = [(_distance(word, c), c) for c in near if len(set(word) ^ set(c)) <= 3]
        return min((found for found in distances if found[0] <= 2), default=(0, None))[1]


def _one_letter_away(word: str) -> Iterator[str]:
    """One letter swapped, lost, added or wrong; the first one is hardly ever mistyped."""
    parts = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1)
    yield from (a + b[1:] for a, b in parts if b)
    yield from (a + c + b for a, b in parts for c in _LETTERS)
    yield from (a + c + b[1:] for a, b in parts if b for c in _LETTERS)


def _distance(first: str, second: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        left, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (letter != other))
    return row[-1]
