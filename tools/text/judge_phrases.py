"""Judges the text understanding by phrases it has never seen: tools/text/held_out/phrases.json.

    python -m tools.text.judge_phrases --failures
    python -m tools.text.judge_phrases --list tools/text/development/phrases.json
    python -m tools.text.judge_phrases --read-by tools/text/held_out/second_reader.json

The second judges another list in the same format, such as the one the text may be mended by. The third judges
a person's reading of the same prompts in place of the text's: how far two who know the language agree.

A phrase's *intended look* is the neutral look with the phrase's own parameters laid over it; for an object
the neutral look is what its class is without a prompt. A phrase passes if what is predicted for it is
nearer to its intended look than to that of any other phrase of its list. So that an object's class cannot
give the answer away, the other phrases' parameters are laid over the class of the phrase being judged.

Near is a weighted mean of squared differences, each difference first divided by the parameter's spread
(standard deviation over all intended looks), so that none counts more for its range. Parameters that the
judged phrase names weigh 1, all others OTHERS. Looks closer than ALIKE are one look: to be taken for the
other is no failure.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.look import MATERIAL, SCENE, SCENE_DEFAULT
from director.generate.embedded.text import TextUnderstanding, Understood
from director.scene.ade20k import class_index

__all__ = [
    "ALIKE", "PHRASES", "Phrase", "Reader", "Understanding", "Verdict", "alike", "distances", "intended",
    "judge_objects", "judge_scenes", "main", "read_phrases", "spread_of",
]  # fmt: skip

PHRASES: Final = Path(__file__).parent / "held_out" / "phrases.json"
OTHERS: Final = 0.25
ALIKE: Final = 0.1  # a third of a spread, root mean square
# A parameter that hardly any phrase names would else outweigh all others.
LEAST_SPREAD: Final = 0.05

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a director types, for the scene or (with an ADE20K class) for an object, and what is meant.

    `look`: names of look.SCENE or look.MATERIAL → 0..1, those only that the phrase is about.
    """

    prompt: str
    class_name: str | None
    look: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one phrase was understood: `taken_for` is the phrase whose intended look is nearest."""

    phrase: Phrase
    taken_for: Phrase
    passed: bool
    not_understood: tuple[str, ...]


class Understanding(Protocol):
    """What is judged; text.TextUnderstanding is one."""

    def scene(self, prompt: str) -> Understood: ...

    def material(self, prompt: str, class_name: str) -> Understood: ...


class Reader:
    """A person's reading of prompts, from another list of the same: what they wrote is what they heard."""

    def __init__(self, file: Path, text: Understanding) -> None:
        """`text` tells what a class is without a prompt. Raises KeyError later for a prompt not read."""
        scenes, objects = read_phrases(file)
        self._read = {(phrase.prompt, phrase.class_name): phrase for phrase in (*scenes, *objects)}
        self._text = text

    def scene(self, prompt: str) -> Understood:
        """The look that was written for a scene prompt."""
        return self._heard(prompt, None, SCENE, np.array(list(SCENE_DEFAULT.values())))

    def material(self, prompt: str, class_name: str) -> Understood:
        """The material that was written for an object prompt; without a prompt, the class's own."""
        plain = self._text.material("", class_name)
        if not prompt:
            return plain
        return self._heard(prompt, class_name, MATERIAL, plain.values.astype(np.float64))

    def _heard(self, prompt: str, class_name: str | None, names: Sequence[str], neutral: Rows) -> Understood:
        look = intended([self._read[prompt, class_name]], names, neutral)[0]
        return Understood(look.astype(np.float32), 1.0, ())


def read_phrases(file: Path = PHRASES) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """The scene phrases and the object phrases. Raises ValueError for one that could not be judged."""
    raw = json.loads(file.read_text("utf-8"))
    scenes = tuple(_phrase(entry, None, SCENE) for entry in raw["scenes"])
    return scenes, tuple(_phrase(entry, entry["class"], MATERIAL) for entry in raw["objects"])


def _phrase(entry: Mapping[str, object], class_name: str | None, names: Sequence[str]) -> Phrase:
    prompt, look = entry["prompt"], entry["look"]
    if not isinstance(prompt, str) or not prompt.strip():
        raise ValueError(f"not a prompt: {prompt!r}")
    if class_name is not None:
        class_index(class_name)
    if not isinstance(look, dict) or not look:
        raise ValueError(f"{prompt!r} names no parameter")
    for name, value in look.items():
        if name not in names:
            raise ValueError(f"{prompt!r}: there is no parameter {name!r}")
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError(f"{prompt!r}: {name} is {value!r}, not a number in 0..1")
    return Phrase(prompt, class_name, look)


def intended(phrases: Sequence[Phrase], names: Sequence[str], neutral: Rows) -> Rows:
    """float64[len(phrases), len(names)]: `neutral` (one row, or one a phrase) with each look laid over it."""
    looks = np.array(np.broadcast_to(neutral, (len(phrases), len(names))))
    for row, phrase in zip(looks, phrases, strict=True):
        for name, value in phrase.look.items():
            row[names.index(name)] = value
    return looks


def spread_of(looks: Rows) -> Rows:
    """The standard deviation of every column, at least LEAST_SPREAD."""
    spread: Rows = np.maximum(looks.std(axis=0), LEAST_SPREAD)
    return spread


def _weights(named: Sequence[Mapping[str, float]], names: Sequence[str]) -> Rows:
    """1 for the parameters that any of `named` names, OTHERS for the rest."""
    return np.array([1.0 if any(name in look for look in named) else OTHERS for name in names])


def distances(row: Rows, looks: Rows, weights: Rows, spread: Rows) -> Rows:
    """float64[len(looks)]: how far a look is from each of others; see the module."""
    squares = ((looks - row) / spread) ** 2
    # The type of numpy's average is Any.
    far: Rows = np.average(squares, axis=1, weights=weights)
    return far


def alike(phrases: Sequence[Phrase], looks: Rows, at: int, names: Sequence[str], spread: Rows) -> list[int]:
    """The places of the other phrases whose looks are one with that of phrase `at`.

    What either of a pair names weighs full here, so that few are one.
    """
    mine = phrases[at].look
    return [
        i
        for i, other in enumerate(phrases)
        if i != at
        and distances(looks[at], looks[i : i + 1], _weights([mine, other.look], names), spread)[0] < ALIKE
    ]


def judge_scenes(phrases: Sequence[Phrase], text: Understanding) -> list[Verdict]:
    """One verdict a phrase, in order."""
    looks = intended(phrases, SCENE, np.array(list(SCENE_DEFAULT.values())))
    spread = spread_of(looks)
    return _judge(phrases, SCENE, lambda at: looks, spread, [text.scene(p.prompt) for p in phrases])


def judge_objects(phrases: Sequence[Phrase], text: Understanding) -> list[Verdict]:
    """One verdict a phrase, in order. Each phrase must have a class."""
    classes = [phrase.class_name or "" for phrase in phrases]
    neutral = np.array([text.material("", name).values for name in classes], np.float64)
    spread = spread_of(intended(phrases, MATERIAL, neutral))
    said = [text.material(p.prompt, name) for p, name in zip(phrases, classes, strict=True)]
    return _judge(phrases, MATERIAL, lambda at: intended(phrases, MATERIAL, neutral[at]), spread, said)


def _judge(
    phrases: Sequence[Phrase],
    names: Sequence[str],
    looks_beside: Callable[[int], Rows],
    spread: Rows,
    said: Sequence[Understood],
) -> list[Verdict]:
    verdicts = []
    for at, (phrase, understood) in enumerate(zip(phrases, said, strict=True)):
        looks = looks_beside(at)
        row = understood.values.astype(np.float64)
        far = distances(row, looks, _weights([phrase.look], names), spread)
        # A tie is no pass: a prediction as near to another phrase's look has not told the two apart.
        rivals = set(np.flatnonzero(far <= far[at]).tolist()) - {at}
        passed = not rivals or rivals <= set(alike(phrases, looks, at, names, spread))
        nearest = at if not rivals else min(rivals, key=far.__getitem__)
        verdicts.append(Verdict(phrase, phrases[nearest], passed, understood.not_understood))
    return verdicts


def _share(verdicts: Sequence[Verdict]) -> float:
    return sum(verdict.passed for verdict in verdicts) / len(verdicts)


def _line(verdict: Verdict) -> str:
    def said(phrase: Phrase) -> str:
        return phrase.prompt if phrase.class_name is None else f"{phrase.class_name}: {phrase.prompt}"

    words = f"  (not understood: {', '.join(verdict.not_understood)})" if verdict.not_understood else ""
    return f"  {said(verdict.phrase)}  →  {said(verdict.taken_for)}{words}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the shares that pass, and on demand the phrases that do not."""
    parser = argparse.ArgumentParser(prog="python -m tools.text.judge_phrases", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "text", help="folder of the text's weights")
    parser.add_argument("--list", type=Path, default=PHRASES, help="file of phrases to judge by")
    parser.add_argument("--read-by", type=Path, help="judge a person's reading, a list of the same prompts")
    parser.add_argument("--failures", action="store_true", help="print the phrases taken for another")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    chosen = parser.parse_args(arguments)
    text: Understanding = TextUnderstanding.load(chosen.weights)
    if chosen.read_by is not None:
        text = Reader(chosen.read_by, text)
    scenes, objects = read_phrases(chosen.list)
    judged = {"scenes": judge_scenes(scenes, text), "objects": judge_objects(objects, text)}
    judged["together"] = [*judged["scenes"], *judged["objects"]]
    failures = [verdict for verdict in judged["together"] if not verdict.passed]
    if chosen.json:
        result: dict[str, object] = {
            name: {"phrases": len(verdicts), "passed": round(_share(verdicts), 4)}
            for name, verdicts in judged.items()
        }
        if chosen.failures:
            result["failures"] = [
                {
                    "prompt": verdict.phrase.prompt,
                    "class": verdict.phrase.class_name,
                    "taken_for": verdict.taken_for.prompt,
                    "not_understood": list(verdict.not_understood),
                }
                for verdict in failures
            ]
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for name, verdicts in judged.items():
        print(f"{name:9} {sum(v.passed for v in verdicts):4} of {len(verdicts)}  {_share(verdicts):6.1%}")
    if chosen.failures:
        print("\n".join(_line(verdict) for verdict in failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
