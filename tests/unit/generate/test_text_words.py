"""The parts under the text understanding: steps, phrases, colours."""

import numpy as np
import pytest

from director.generate.embedded.colour_words import hex_colour, mixed, oklab, srgb, toned
from director.generate.embedded.concepts import Step, apply_steps
from director.generate.embedded.phrases import BREAK, Phrasebook, tokens


def test_tokens() -> None:
    assert [t.text for t in tokens("The Café's GRAY b&w sky, #FF8800!")] == [
        "the", "cafe", "grey", "black", "and", "white", "sky", BREAK, "#ff8800", BREAK,
    ]  # fmt: skip
    assert [t.joined for t in tokens("blue-green")] == [False, True]


def test_the_longest_phrase_wins() -> None:
    book = Phrasebook(
        iter([("blue", 1), ("blue hour", 2), ("moonlight", 3), ("greenhouse", 4)]), frozenset({"green"})
    )
    assert book.find(tokens("blue hours"), 0) == (2, 2)
    assert book.find(tokens("blue, hour"), 0) == (1, 1)
    assert book.find(tokens("moon light"), 0) == (3, 2)
    assert book.find(tokens("green house"), 0) is None


@pytest.mark.parametrize(
    ("operation", "before", "value", "after"),
    [
        ("set", 0.2, 0.8, 0.8), ("add", 0.2, -0.5, 0.0), ("least", 0.2, 0.1, 0.2), ("most", 0.2, 0.1, 0.1),
        ("scale", 0.2, 0.5, 0.1), ("like", 0.25, 0.4, 0.2),
    ],
)  # fmt: skip
def test_operations(operation: str, before: float, value: float, after: float) -> None:
    neutral = np.array([0.5], np.float32)
    look = apply_steps(np.array([before], np.float32), [Step(operation, (0,), (value,))], neutral)
    assert float(look[0]) == pytest.approx(after)


def test_strength_goes_part_of_the_way() -> None:
    neutral = np.array([0.5], np.float32)
    look = apply_steps(neutral, [Step("set", (0,), (0.9,))], neutral, 0.5)
    assert float(look[0]) == pytest.approx(0.7)


def test_in_proportion_a_dark_sky_stays_dark() -> None:
    neutral, night = np.full(3, 0.6, np.float32), np.full(3, 0.06, np.float32)
    grey = [Step("like", (0, 1, 2), (0.5, 0.5, 0.5))]
    assert apply_steps(neutral, grey, neutral).tolist() == pytest.approx([0.5] * 3)
    assert apply_steps(night, grey, neutral).max() < 0.12


def test_oklab_there_and_back() -> None:
    for colour in np.random.default_rng(0).random((20, 3)).astype(np.float32):
        assert srgb(oklab(colour)) == pytest.approx(colour, abs=1e-5)
    assert oklab(np.ones(3, np.float32)) == pytest.approx([1.0, 0.0, 0.0], abs=1e-4)


def test_tones() -> None:
    red = hex_colour("#c00")
    assert oklab(toned(red, "dark"))[0] < oklab(red)[0] < oklab(toned(red, "pale"))[0]
    assert mixed(red, red, 0.3) == pytest.approx(red, abs=1e-5)
