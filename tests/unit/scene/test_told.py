"""What prompts tell of shapes: what is written on signs, who people are and what they wear."""

import numpy as np
import pytest

from director.scene.finish.making import pieces_of
from director.scene.finish.stuff import STUFF_NAMES, stuff_index
from director.scene.finish.told import Told, told_by
from director.scene.finish.variants import VARIANTS
from director.scene.finish.writing import MOST_LETTERS, sign_traits, without_writing, writing_in
from director.scene.proxies.box import Box
from director.scene.proxies.mannequin import Mannequin


def _sign(prompt: str, size: tuple[float, float, float] = (3.0, 0.8, 0.2)) -> Box:
    return Box.model_validate(
        {"kind": "box", "name": "sign", "class": "signboard", "prompt": prompt, "size": size}
    )


@pytest.mark.parametrize(
    ("prompt", "said", "left"),
    [
        ('neon sign "Hotel"', "HOTEL", "neon sign"),
        ("neon sign “Joe’s  bar”, old", "JOE'S BAR", "neon sign , old"),
        ("neon sign", "", "neon sign"),
        ('a "', "", 'a "'),
        ('"日本 7"', "7", ""),
        (f'"{"A" * 99}"', "A" * MOST_LETTERS, ""),
    ],
)
def test_what_is_quoted_is_written_and_not_understood(prompt: str, said: str, left: str) -> None:
    assert writing_in(prompt) == said
    assert without_writing(prompt) == left


@pytest.mark.parametrize(
    ("prompt", "way"),
    [
        ('glowing pink neon sign "HOTEL"', "neon"),
        ("a yellow lightbox", "panel"),
        ("glowing yellow shop sign", "panel"),
        ("yellow diamond road sign", "dark"),
        ("white sign", ""),
        ("dead neon sign", ""),
        ('sign "NEON"', ""),
    ],
)
def test_how_a_sign_is_written_follows_the_words(prompt: str, way: str) -> None:
    assert sign_traits(prompt) == ({way} if way else set())


def _letters(prompt: str, size: tuple[float, float, float], told: Told | None = None) -> np.ndarray:
    """Where the writing's vertices lie: those of paint."""
    made = pieces_of(_sign(prompt, size), _sign(prompt, size).parts(), 0, told)
    inks = {stuff_index(name) for name in ("paint white", "paint yellow", "dark trim")}
    return np.concatenate([one.mesh.positions for one in made if one.stuff in inks])


def test_a_sign_carries_its_words_within_its_board() -> None:
    for size in ((3.0, 0.8, 0.2), (0.9, 2.6, 0.2), (2.0, 1.6, 0.2)):
        at = _letters('sign "OPEN ALL NIGHT"', size)
        assert np.abs(at[:, 0]).max() < size[0] / 2
        assert 0 < at[:, 1].min() < at[:, 1].max() < size[1]


def test_other_words_are_other_meshes_and_the_same_words_the_same() -> None:
    plain, bar, motel = (_sign(prompt) for prompt in ("sign", 'sign "BAR"', 'sign "MOTEL"'))
    made = [pieces_of(sign, sign.parts(), 0) for sign in (plain, bar, motel, bar)]
    assert made[1] is made[3]
    size = (3.0, 0.8, 0.2)
    lettered = [_letters(prompt, size).tobytes() for prompt in ("sign", 'sign "BAR"', 'sign "MOTEL"')]
    assert len(set(lettered)) == 3
    # What is said of it while directing stands instead of what the scene says.
    assert _letters("sign", size, Told("BAR")).tobytes() == lettered[1]
    assert _letters('sign "BAR"', size, Told()).tobytes() == lettered[0]


@pytest.mark.parametrize(
    ("prompt", "traits"),
    [
        ("a bearded man in a blue jacket", {"man", "beard", "jacket"}),
        ("a woman in a man's raincoat", {"woman", "jacket"}),
        ("Businessman, grey suit and tie, no hat", {"man", "suit", "tie"}),
        ("clean-shaven boy without a scarf", {"man", "shaven"}),
        ("a girl with glasses", {"woman", "spectacles"}),
        ("", set()),
    ],
)
def test_who_somebody_is_follows_the_words(prompt: str, traits: set[str]) -> None:
    assert told_by(prompt, "person").traits == traits
    assert not told_by(prompt, "statue").traits


def _figure(traits: set[str], variant: int) -> dict[str, int]:
    """Triangles of each stuff of a short-haired figure."""
    figure = Mannequin.model_validate({"kind": "mannequin", "name": "one", "class": "person"})
    made = pieces_of(figure, figure.parts(), variant, Told(traits=frozenset(traits)))
    counts: dict[str, int] = {}
    for one in made:
        name = STUFF_NAMES[one.stuff]
        counts[name] = counts.get(name, 0) + len(one.mesh.triangles)
    return counts


def test_people_are_built_as_they_are_told() -> None:
    for variant in range(VARIANTS):
        plain, bearded = _figure({"man", "shaven"}, variant), _figure({"man", "beard"}, variant)
        assert bearded["hair"] > plain["hair"]
        assert _figure({"woman"}, variant)["hair"] <= _figure({"man", "beard"}, variant)["hair"]
        assert _figure({"man", "bald", "shaven"}, variant).get("hair", 0) < plain["hair"]
        # A hoodie and a shirt are cut otherwise, in every variant.
        assert _figure({"hoodie"}, variant) != _figure({"shirt"}, variant)
