"""The held-out phrases can be judged by, and the judge tells knowing from guessing."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from director.generate.embedded.text import Understood
from director.scene.ade20k import CLASSES
from tools.text.judge_phrases import (
    OTHERS,
    PHRASES,
    Phrase,
    Reader,
    alike,
    distances,
    intended,
    judge_objects,
    judge_scenes,
    read_phrases,
    spread_of,
)

SCENES, OBJECTS = read_phrases()
NEUTRAL_SCENE = np.array(list(SCENE_DEFAULT.values()))
NEUTRAL_MATERIAL = np.array(list(MATERIAL_DEFAULT.values()))


def neutral_of(class_name: str) -> NDArray[np.float64]:
    """A material of each class's own, so that a class default can be mistaken for a prompt's look."""
    return np.random.default_rng(CLASSES.index(class_name)).random(len(MATERIAL))


class Oracle:
    """Understands every phrase, give or take `error`; each phrase as the one `off` places further on."""

    def __init__(self, error: float = 0.0, off: int = 0) -> None:
        self._error = np.random.default_rng(7)
        self._size = error
        self._scenes = {p.prompt: q for p, q in zip(SCENES, _turned(SCENES, off), strict=True)}
        self._objects = {
            (p.prompt, p.class_name): q for p, q in zip(OBJECTS, _turned(OBJECTS, off), strict=True)
        }

    def _said(self, row: NDArray[np.float64]) -> Understood:
        return Understood((row + self._error.normal(0, self._size, len(row))).astype(np.float32), 1.0, ())

    def scene(self, prompt: str) -> Understood:
        return self._said(intended([self._scenes[prompt]], SCENE, NEUTRAL_SCENE)[0])

    def material(self, prompt: str, class_name: str) -> Understood:
        neutral = neutral_of(class_name)
        if not prompt:
            return Understood(neutral.astype(np.float32), 1.0, ())
        return self._said(intended([self._objects[prompt, class_name]], MATERIAL, neutral)[0])


class Deaf:
    """Understands nothing, and says so."""

    def scene(self, prompt: str) -> Understood:
        return Understood(NEUTRAL_SCENE.astype(np.float32), 0.0, (prompt,))

    def material(self, prompt: str, class_name: str) -> Understood:
        return Understood(neutral_of(class_name).astype(np.float32), 0.0, (prompt,))


def _turned(phrases: tuple[Phrase, ...], off: int) -> tuple[Phrase, ...]:
    return phrases[off:] + phrases[:off]


def test_there_are_enough_phrases_and_none_is_there_twice() -> None:
    # What names exist and what values they take, read_phrases has checked above.
    assert len(SCENES) >= 130
    assert len(OBJECTS) >= 130
    assert len({phrase.prompt.casefold() for phrase in SCENES}) == len(SCENES)
    assert len({(p.prompt.casefold(), p.class_name) for p in OBJECTS}) == len(OBJECTS)
    assert all(phrase.class_name in CLASSES for phrase in OBJECTS)
    assert len({phrase.class_name for phrase in OBJECTS}) >= 60
    assert all(3 <= len(phrase.look) <= 15 for phrase in (*SCENES, *OBJECTS))


@pytest.mark.parametrize("kind", ["scenes", "objects"])
def test_at_most_one_phrase_in_twenty_shares_its_look(kind: str) -> None:
    phrases, names, neutral = (
        (SCENES, SCENE, NEUTRAL_SCENE) if kind == "scenes" else (OBJECTS, MATERIAL, NEUTRAL_MATERIAL)
    )
    looks = intended(phrases, names, neutral)
    shared = [p.prompt for i, p in enumerate(phrases) if alike(phrases, looks, i, names, spread_of(looks))]
    assert len(shared) <= len(phrases) / 20, shared


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"prompt": "teal", "class": "sofa", "look": {"frist_red": 0.0}}, "no parameter 'frist_red'"),
        ({"prompt": "teal", "class": "sofa", "look": {"first_red": 1.2}}, "not a number in 0..1"),
        ({"prompt": "teal", "class": "sofa", "look": {}}, "names no parameter"),
        ({"prompt": " ", "class": "sofa", "look": {"first_red": 0.0}}, "not a prompt"),
        ({"prompt": "teal", "class": "settee", "look": {"first_red": 0.0}}, "not an ADE20K class"),
    ],
)
def test_a_phrase_that_could_not_be_judged_is_refused(
    tmp_path: Path, entry: dict[str, object], complaint: str
) -> None:
    file = tmp_path / "phrases.json"
    file.write_text(json.dumps({"scenes": [], "objects": [entry]}))
    with pytest.raises(ValueError, match=complaint):
        read_phrases(file)


def test_distance_counts_in_spreads_and_by_weight() -> None:
    looks = np.array([[0.1, 0.5], [0.5, 0.5], [0.1, 0.9]])
    far = distances(np.array([0.1, 0.5]), looks, np.array([1.0, OTHERS]), np.array([0.2, 0.4]))
    # 0.4 is two spreads of the first parameter and one of the second.
    assert far == pytest.approx([0.0, 4 * 1.0 / 1.25, 1 * 0.25 / 1.25])


def test_whoever_understands_all_passes_all() -> None:
    assert all(verdict.passed for verdict in judge_scenes(SCENES, Oracle()))
    assert all(verdict.passed for verdict in judge_objects(OBJECTS, Oracle()))


def test_a_small_disagreement_of_taste_is_no_failure() -> None:
    """Looks that passed only when met to the digit would judge their author, not the text."""
    verdicts = judge_scenes(SCENES, Oracle(error=0.02)) + judge_objects(OBJECTS, Oracle(error=0.05))
    assert sum(verdict.passed for verdict in verdicts) >= 0.95 * len(verdicts)


def test_whoever_hears_nothing_fails_nearly_all() -> None:
    verdicts = judge_scenes(SCENES, Deaf()) + judge_objects(OBJECTS, Deaf())
    assert sum(verdict.passed for verdict in verdicts) <= 0.03 * len(verdicts)
    assert verdicts[0].not_understood == (SCENES[0].prompt,)


def test_whoever_takes_each_phrase_for_another_fails_and_is_told_for_which() -> None:
    for verdicts in (judge_scenes(SCENES, Oracle(off=1)), judge_objects(OBJECTS, Oracle(off=1))):
        assert not any(verdict.passed for verdict in verdicts)
        taken_for = [verdict.taken_for for verdict in verdicts]
        assert taken_for == [verdict.phrase for verdict in verdicts[1:] + verdicts[:1]]


def test_two_phrases_of_one_look_may_be_taken_for_each_other() -> None:
    look = SCENES[0].look
    twins = (Phrase(SCENES[0].prompt, None, look), Phrase("its twin", None, look), *SCENES[1:])

    class Twin(Oracle):
        def scene(self, prompt: str) -> Understood:
            return super().scene(SCENES[0].prompt if prompt == "its twin" else prompt)

    verdicts = judge_scenes(twins, Twin())
    assert all(verdict.passed for verdict in verdicts)
    assert verdicts[1].taken_for.prompt == SCENES[0].prompt
    looks = intended(twins, SCENE, NEUTRAL_SCENE)
    assert alike(twins, looks, 0, SCENE, spread_of(looks)) == [1]


def test_a_second_reader_read_every_phrase_and_agrees_with_most() -> None:
    reader = Reader(PHRASES.with_name("second_reader.json"), Deaf())
    judged = [*judge_scenes(SCENES, reader), *judge_objects(OBJECTS, reader)]
    agreed = sum(verdict.passed for verdict in judged) / len(judged)
    assert 0.7 < agreed < 0.9


def test_a_reader_of_the_list_itself_passes_it_and_knows_no_other_phrase() -> None:
    reader = Reader(PHRASES, Deaf())
    assert all(verdict.passed for verdict in judge_scenes(SCENES, reader))
    with pytest.raises(KeyError):
        reader.scene("a phrase of no list")
