"""WordNet, at training time only: what a word means in a sentence, and what it is a kind of.

WordNet 3.0, Princeton University (the WordNet licence: free for any purpose with its notice kept),
https://wordnet.princeton.edu; read from Debian's package wordnet-base, which is only unpacked.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Synset", "WordNet", "wordnet_folder"]

_PACKAGE: Final = "wordnet-base"
_DATA: Final = Path("usr") / "share" / "wordnet"
_PARTS: Final = {"noun": "n", "adj": "a", "verb": "v", "adv": "r"}
_PART: Final = {"n": "n", "a": "a", "s": "a", "v": "v", "r": "r"}
# Lexicographer files 0..44 (lexnames(5WN)): which part of the world a meaning belongs to.
FIELDS: Final = (
    "adj.all", "adj.pert", "adv.all", "noun.tops", "noun.act", "noun.animal", "noun.artifact",
    "noun.attribute", "noun.body", "noun.cognition", "noun.communication", "noun.event", "noun.feeling",
    "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object", "noun.person",
    "noun.phenomenon", "noun.plant", "noun.possession", "noun.process", "noun.quantity", "noun.relation",
    "noun.shape", "noun.state", "noun.substance", "noun.time", "verb.body", "verb.change", "verb.cognition",
    "verb.communication", "verb.competition", "verb.consumption", "verb.contact", "verb.creation",
    "verb.emotion", "verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative",
    "verb.weather", "adj.ppl",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning: its words, its field (see FIELDS), what it is a kind of and what is similar (ids), words
    derived from each of its words, its gloss, and whether it is one single thing with a name (a town)."""

    words: tuple[str, ...]
    field: str
    kinds: tuple[str, ...]
    similar: tuple[str, ...]
    derived: tuple[tuple[str, str, int], ...]
    gloss: str
    is_name: bool


def wordnet_folder(cache: Path) -> Path:
    """The folder of WordNet's files; fetched with apt-get into `cache` the first time (6 MB)."""
    folder = cache / "wordnet"
    if not (folder / _DATA / "data.noun").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"fetching {_PACKAGE} into {folder}", flush=True)
        subprocess.run(["apt-get", "download", "--quiet", _PACKAGE], check=True, cwd=folder)
        package = next(folder.glob(f"{_PACKAGE}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", package.name, "."], check=True, cwd=folder)
    return folder / _DATA


class WordNet:
    """Meanings by id ("n00001740") and the ids of every word, most frequent sense of each part first."""

    def __init__(self, folder: Path) -> None:
        self.synsets: dict[str, Synset] = {}
        self.senses: dict[str, list[str]] = {}
        # word → how often any sense of it was met in the tagged corpus, by number of senses met
        self.met: dict[str, int] = {}
        for part in _PARTS:
            self._read_data(
                folder / f"data.{part}", "a" if part == "adj" else "r" if part == "adv" else part[0]
            )
        for part in _PARTS:
            self._read_index(
                folder / f"index.{part}", "a" if part == "adj" else "r" if part == "adv" else part[0]
            )

    def _read_data(self, file: Path, part: str) -> None:
        for line in file.read_text("utf-8").splitlines():
            if line.startswith(" "):
                continue
            left, _, gloss = line.partition(" | ")
            fields = left.split()
            count = int(fields[3], 16)
            words = tuple(fields[4 + 2 * i].split("(")[0].replace("_", " ").lower() for i in range(count))
            at = 4 + 2 * count
            pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
            kinds = tuple(part + p[1] for p in pointers if p[0] == "@")
            similar = tuple(part + p[1] for p in pointers if p[0] == "&")
            # the word that it is derived from, and where the derived one stands: synset and number
            derived = tuple(
                (words[int(p[3][:2], 16) - 1], _PART[p[2]] + p[1], int(p[3][2:], 16) - 1)
                for p in pointers
                if p[0] == "+"
            )
            is_name = any(p[0] == "@i" for p in pointers)
            field = FIELDS[int(fields[1])]
            self.synsets[part + fields[0]] = Synset(
                words, field, kinds, similar, derived, gloss.strip(), is_name
            )

    def _read_index(self, file: Path, part: str) -> None:
        for line in file.read_text("utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            word = fields[0].replace("_", " ")
            senses = int(fields[2])
            self.senses.setdefault(word, []).extend(part + offset for offset in fields[-senses:])
            self.met[word] = self.met.get(word, 0) + int(fields[-senses - 1])

    def gloss(self, word: str) -> str:
        """What a word means, in the first 160 letters of its senses, nouns first; "" if it is not there or
        names somebody."""
        senses = [self.synsets[name] for name in self.senses.get(word, [])]
        return "; ".join(sense.gloss.split('; "')[0] for sense in senses if not sense.is_name)[:160]
