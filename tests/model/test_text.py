"""The trainer of the text model: a short run of it, the shipped files, and words it was never told."""

from pathlib import Path

import numpy as np
import pytest

import director.generate.embedded as embedded
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.text import TextUnderstanding, Understood
from director.scene.ade20k import CLASSES
from tools.text import train
from tools.text.parse import LexiconError, _scene_steps, object_concepts, scene_concepts
from tools.text.sample import class_material, sample_material, sample_scene_look

WEIGHTS = Path(embedded.__file__).parent / "weights" / "text"

# Words that stand nowhere in the lexicon, and one that looks as they should; all that were tried are here.
UNSEEN_SCENES = """
sullenness=gloomy snowiness=snow fogginess=fog joyousness=happy mournfulness=melancholy spookiness=eerie
rainstorms=rain sunniness=sunny frigidity=cold foliaged=lush dustiness=dust tempests=stormy cloudiness=cloudy
brightness=bright
dolor=melancholy balefulness=eerie serenade=romantic nightfalls=dusk
daybreaks=dawn woodlands=forest seashores=beach luminousness=glowing placidity=peaceful shadiness=dim
smokiness=smoke muddiness=murky bleakest=gloomy blustering=windy iciness=ice mellowness=warm frostiness=frost
beachfront=beach lakefront=ocean mountaintops=mountain nightspot=rave chophouse=restaurant alehouse=bar
blithe=happy
"""
UNSEEN_OBJECTS = """
auberge=house tepee=yurt wastebasket=bin parrakeet=bird pekinese=dog setter=dog filly=horse colt=horse
tomcat=cat oriole=bird linnet=bird thrush=bird
iguanodon=dinosaur diplodocus=dinosaur sapling=tree petunia=flower settle=bench coracle=boat
yawl=boat charabanc=bus omnibus=bus organdy=lace bombazine=cloth feldspar=granite
porphyry=basalt wolfram=metal tarnishing=tarnished abrasion=worn shabbiness=shabby grubbiness=dirty
rustiness=rust dirtiness=dirty glossiness=glossy shininess=glossy leathern=leather friary=church manse=house
barbican=castle
"""
UNSEEN_PEOPLE = """
airwoman=aviator activewear=tracksuit prelate=priest abbess=priest fusilier=soldier dragoon=soldier
redingote=coat
"""

ORDINARY = """
committee percent algebra software quarterly senator contract lawyer parliament statistics election revenue
grammar theorem tournament champion ministry department shareholder pronoun tuesday verdict lawsuit
"""


def test_the_lexicon_is_rich_and_every_line_can_be_read() -> None:
    assert len(scene_concepts()) >= 350
    assert len(object_concepts()) >= 450


def test_the_shipped_lexicon_is_the_written_one(tmp_path: Path) -> None:
    train.compile_lexicon(tmp_path)
    is_written = (tmp_path / "lexicon.json").read_bytes() == (WEIGHTS / "lexicon.json").read_bytes()
    assert is_written, "run python -m tools.text.train"
    # Only what is missing is shown: it would take minutes to compare two sets of so many.
    missing = set(train.lexicon_phrases()) - set((WEIGHTS / "words.txt").read_text("utf-8").splitlines())
    assert not missing


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


def test_unseen_words_look_like_their_synonyms() -> None:
    text = TextUnderstanding.load(WEIGHTS)
    known = {word for concept in (*scene_concepts(), *object_concepts()) for word in concept.words}

    def material(word: str) -> Understood:
        # Words for somebody say nothing of a box.
        return text.material(word, "person" if word in people else "box")

    people = set(UNSEEN_PEOPLE.replace("=", " ").split())
    for pairs, read, least in (
        (UNSEEN_SCENES, text.scene, 0.85),
        (UNSEEN_OBJECTS + UNSEEN_PEOPLE, material, 0.75),
    ):
        plain, nearer = read("").values, {}
        for word, meant in (pair.split("=") for pair in pairs.split()):
            assert word not in known, word
            got, goal = read(word).values, read(meant).values
            away, all_the_way = float(np.linalg.norm(got - goal)), float(np.linalg.norm(plain - goal))
            nearer[word] = away < 0.7 * all_the_way
        assert np.mean(list(nearer.values())) >= least, [
            word for word, is_near in nearer.items() if not is_near
        ]


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
