"""The trainer of the text model: a short run of it, the shipped files, and words it was never told."""

import json
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

# Words of the lexicon that are taken out of it, and must be understood as what they were all the same.
HELD_OUT_SCENES = [
    "gloaming",
    "eventide",
    "downpour",
    "drizzly",
    "sandstorm",
    "glacial",
    "lakeside",
    "cemetery",
    "seaside",
    "foggy",
    "misty",
    "snowfall",
    "blizzard",
    "moonlit",
    "candlelit",
    "haunted",
    "gloomy",
    "melancholic",
    "joyous",
    "tranquil",
    "festive",
    "romantic",
    "nostalgic",
    "dystopian",
    "jungle",
    "swampy",
    "alpine",
    "vineyard",
    "courtroom",
    "laboratory",
    "cathedral",
    "nightclub",
    "medieval",
    "victorian",
    "autumnal",
    "wintry",
    "thunderous",
    "overcast",
    "scorching",
    "dusty",
    "smoky",
    "watercolours",
    "charcoal",
    "comics",
    "etching",
    "impressionistic",
    "kitchens",
    "harbour",
]
HELD_OUT_OBJECTS = [
    "schooner",
    "galleon",
    "canoe",
    "stallion",
    "terrier",
    "cottage",
    "mansion",
    "skyscrapers",
    "warehouse",
    "velveteen",
    "corduroys",
    "tweedy",
    "burlap",
    "calico",
    "mahogany",
    "teak",
    "oak",
    "limestone",
    "granite",
    "sandstone",
    "slate",
    "cobblestones",
    "gravel",
    "rusted",
    "corroded",
    "shiny",
    "polished",
    "cracked",
    "dusty",
    "weathered",
    "mossy",
    "ruined",
    "gilded",
    "copper",
    "bronze",
    "porcelain",
    "terracotta",
    "marbled",
    "leather",
    "suede",
    "policeman",
    "astronaut",
    "fireman",
    "nun",
    "monk",
    "wizard",
    "knight",
    "ballerina",
    "raincoat",
    "overcoat",
    "cardigan",
    "kimono",
    "lorry",
    "tram",
]

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
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 12e6


def test_a_short_training_run(tmp_path: Path) -> None:
    figures = train.train(tmp_path, steps=3, seed=1, cache=tmp_path / "none", table_from=WEIGHTS)
    assert all(0.0 < domain.nearer <= 1.0 for domain in figures.values())
    trained = TextUnderstanding.load(tmp_path)
    assert (
        trained.scene("golden hour").values.tolist()
        == TextUnderstanding.load(WEIGHTS).scene("golden hour").values.tolist()
    )


def without(words: list[str], tmp_path: Path) -> TextUnderstanding:
    """The shipped text model, with these words taken out of its lexicon."""
    raw = json.loads((WEIGHTS / "lexicon.json").read_text("utf-8"))
    for concept in (*raw["scene"], *raw["object"]):
        concept["words"] = [word for word in concept["words"] if word not in words] or ["no such word"]
    (tmp_path / "lexicon.json").write_text(json.dumps(raw), "utf-8")
    for name in ("words.txt", "text.safetensors"):
        (tmp_path / name).symlink_to(WEIGHTS / name)
    return TextUnderstanding.load(tmp_path)


def test_synonyms_taken_out_of_the_lexicon_are_understood_all_the_same(tmp_path: Path) -> None:
    whole = TextUnderstanding.load(WEIGHTS)
    partly = without([*HELD_OUT_SCENES, *HELD_OUT_OBJECTS], tmp_path)
    for known, unseen, words in (
        (whole.scene, partly.scene, HELD_OUT_SCENES),
        (
            lambda word: whole.material(word, "box"),
            lambda word: partly.material(word, "box"),
            HELD_OUT_OBJECTS,
        ),
    ):
        intended = np.stack([known(word).values for word in words])
        plain = known("").values
        nearer, nearest = [], []
        for number, word in enumerate(words):
            got = unseen(word).values
            away = np.linalg.norm(intended - got, axis=1)
            nearer.append(away[number] < 0.7 * float(np.linalg.norm(plain - intended[number])))
            nearest.append(away[number] <= away.min() + 0.35)
        assert np.mean(nearer) >= 0.6, [w for w, is_near in zip(words, nearer, strict=True) if not is_near]
        assert np.mean(nearest) >= 0.6, [w for w, is_near in zip(words, nearest, strict=True) if not is_near]


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
