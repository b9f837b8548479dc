"""The trainer of the text model: a short run of it, the shipped files, and words it was never told."""

from pathlib import Path

import numpy as np
import pytest

import director.generate.embedded as embedded
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.text import TextUnderstanding
from director.scene.ade20k import CLASSES
from tools.text import train
from tools.text.parse import LexiconError, _scene_steps, object_concepts, scene_concepts
from tools.text.sample import class_material, sample_material, sample_scene_look

WEIGHTS = Path(embedded.__file__).parent / "weights" / "text"

# Words that stand nowhere in the lexicon → a known one that looks as they should.
HELD_OUT_SCENES = {
    "glacial": "glacier", "umbrella": "rain", "submarine": "underwater", "zombie": "eerie", "ghost": "eerie",
    "skiing": "snowy mountains", "avalanche": "blizzard", "burial": "graveyard", "astronaut": "space",
    "samurai": "samurai film", "punk": "cyberpunk", "canoeing": "river", "icicle": "ice",
    "moonbeam": "moonlight",
    "snowdrift": "snow", "raindrop": "rain", "necropolis": "graveyard",
    "thunderous": "thunderstorm", "crevasse": "glacier", "sunbeam": "sunny", "lightbulb": "bulb light",
}  # fmt: skip
HELD_OUT_OBJECTS = {
    "canoe": "boat", "stallion": "horse", "tractor": "jeep", "tavern": "house", "mansion": "house",
    "telephone": "phone box", "schooner": "sailing ship", "alpaca": "wool",
    "muslin": "cotton", "locker": "cabinet",
}  # fmt: skip

ORDINARY = """
committee percent algebra software quarterly senator contract lawyer parliament statistics election revenue
grammar theorem tournament champion ministry department shareholder pronoun tuesday verdict lawsuit
"""


def test_the_lexicon_is_rich_and_every_line_can_be_read() -> None:
    assert len(scene_concepts()) >= 350
    assert len(object_concepts()) >= 450


def test_the_shipped_lexicon_is_the_written_one(tmp_path: Path) -> None:
    train.compile_lexicon(tmp_path)
    assert (tmp_path / "lexicon.json").read_bytes() == (WEIGHTS / "lexicon.json").read_bytes(), (
        "run python -m tools.text.train"
    )
    assert set(train.lexicon_phrases()) <= set((WEIGHTS / "words.txt").read_text("utf-8").splitlines())


def test_what_ships_is_small() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 8e6


def test_a_short_training_run(tmp_path: Path) -> None:
    figures = train.train(tmp_path, steps=3, seed=1, cache=tmp_path / "none", table_from=WEIGHTS)
    assert all(0.0 < domain.nearer <= 1.0 for domain in figures.values())
    trained = TextUnderstanding.load(tmp_path)
    assert (
        trained.scene("golden hour").values.tolist()
        == TextUnderstanding.load(WEIGHTS).scene("golden hour").values.tolist()
    )


def test_held_out_words_look_like_their_meaning() -> None:
    text = TextUnderstanding.load(WEIGHTS)
    for concepts, held_out in ((scene_concepts(), HELD_OUT_SCENES), (object_concepts(), HELD_OUT_OBJECTS)):
        assert not {word for concept in concepts for word in concept.words} & set(held_out)
    nearer = []
    for word, meant in HELD_OUT_SCENES.items():
        got, goal, plain = (text.scene(prompt).values for prompt in (word, meant, ""))
        nearer.append(float(np.linalg.norm(got - goal)) < 0.85 * float(np.linalg.norm(plain - goal)))
    for word, meant in HELD_OUT_OBJECTS.items():
        got, goal, plain = (text.material(prompt, "box").values for prompt in (word, meant, ""))
        nearer.append(float(np.linalg.norm(got - goal)) < 0.85 * float(np.linalg.norm(plain - goal)))
    assert np.mean(nearer) >= 0.5, dict(zip((*HELD_OUT_SCENES, *HELD_OUT_OBJECTS), nearer, strict=True))


def test_ordinary_words_say_nothing_of_looks() -> None:
    text = TextUnderstanding.load(WEIGHTS)
    ordinary = ORDINARY.split()
    assert sum(bool(text.scene(word).not_understood) for word in ordinary) >= 0.85 * len(ordinary)
    assert sum(bool(text.material(word, "box").not_understood) for word in ordinary) >= 0.8 * len(ordinary)


def test_samples_cover_the_parameters() -> None:
    rng = np.random.default_rng(0)
    looks = np.stack([sample_scene_look(rng) for _ in range(400)])
    materials = np.stack([sample_material(rng, CLASSES[i % 150]) for i in range(600)])
    for samples, names in ((looks, SCENE), (materials, MATERIAL)):
        assert samples.shape[1] == len(names)
        assert samples.min() >= 0.0
        assert samples.max() <= 1.0
        spread = samples.max(axis=0) - samples.min(axis=0)
        assert spread.min() > 0.6, names[int(spread.argmin())]
    again = np.random.default_rng(0)
    assert np.array_equal(looks[0], sample_scene_look(again))


def test_samples_of_a_class_start_from_what_it_is() -> None:
    text = TextUnderstanding.load(WEIGHTS)
    for name in CLASSES:
        assert class_material(name).tolist() == pytest.approx(
            text.material("", name).values.tolist(), abs=1e-3
        ), name


def test_a_bad_line_names_file_and_line() -> None:
    with pytest.raises(LexiconError, match=r"x\.txt:3.*no parameter 'sogginess'"):
        _scene_steps("sogginess=1", "x.txt:3")
