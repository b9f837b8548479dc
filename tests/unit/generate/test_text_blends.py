"""Prompts with several looks, shares and degrees; how sure a reading is; what the scene brings to objects."""

from pathlib import Path

import numpy as np
import pytest

import director.generate.embedded as embedded
from director.generate.embedded.blends import readings
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.materials import material_rows
from director.generate.embedded.text import TextUnderstanding
from director.types import SceneObject

WEIGHTS = Path(embedded.__file__).parent / "weights" / "text"


@pytest.fixture(scope="module")
def text() -> TextUnderstanding:
    return TextUnderstanding.load(WEIGHTS)


def value(text: TextUnderstanding, prompt: str, name: str) -> float:
    return float(text.scene(prompt).values[SCENE.index(name)])


def test_readings() -> None:
    assert readings("dawn") == [("dawn", 1.0)]
    assert readings("dawn | storm") == [("dawn", 0.5), ("storm", 0.5)]
    assert readings("dawn : 3 | storm : 1") == [("dawn", 0.75), ("storm", 0.25)]
    assert ["".join(part.split()) for part, _ in readings("paris, day turning into night, rain")] == [
        "paris,day,rain", "paris,night,rain",
    ]  # fmt: skip
    assert [part for part, _ in readings("halfway between noon and dusk")] == ["noon", "dusk"]


def test_a_blend_lies_between(text: TextUnderstanding) -> None:
    clear, rain = value(text, "clear noon", "wet"), value(text, "rain", "wet")
    assert clear < value(text, "clear noon | rain", "wet") < rain
    first, second = text.scene("noon"), text.scene("midnight")
    mostly = text.blend([(first, 3.0), (second, 1.0)])
    assert np.linalg.norm(mostly.values - first.values) < np.linalg.norm(mostly.values - second.values)
    assert text.blend([(first, 1.0), (second, 0.0)]) is first
    with pytest.raises(ValueError, match="share above 0"):
        text.blend([(first, 0.0)])


def test_colours_are_blended_as_the_eye_sees_them(text: TextUnderstanding) -> None:
    half = text.material("blue | yellow", "wall").values[:3]
    assert half[1] > 0.45  # a straight mixture of these two is a duller grey
    assert half.max() - half.min() < 0.45


def test_degrees_are_ordered(text: TextUnderstanding) -> None:
    degrees = ("barely foggy", "slightly foggy", "foggy", "extremely foggy")
    densities = [value(text, prompt, "fog_density") for prompt in degrees]
    assert densities == sorted(densities)
    assert densities[0] < 0.35 < 0.6 < densities[-1]
    shares = [value(text, f"{percent}% snow", "snow") for percent in (10, 40, 80, 100)]
    assert shares == sorted(shares)
    assert shares[0] < 0.15
    assert value(text, "snow at 40%", "snow") == pytest.approx(value(text, "40% snow", "snow"))


@pytest.mark.parametrize(
    "prompt",
    ["night without fog", "night, no fog", "fog-free night", "night, no rain or fog", "night devoid of fog"],
)
def test_negations(text: TextUnderstanding, prompt: str) -> None:
    assert value(text, prompt, "fog_density") < 0.02
    assert value(text, prompt, "sun_strength") < 0.1


def test_a_reading_says_how_sure_it_is(text: TextUnderstanding) -> None:
    known, guessed, lost = text.scene("rain"), text.scene("mournfulness"), text.scene("zxqv")
    assert known.confidence == 1.0 > guessed.confidence > 0.4 > lost.confidence == 0.0
    (heard,) = guessed.heard
    assert (heard.text, heard.meaning) == ("mournfulness", "melancholy")
    assert heard.confidence == pytest.approx(guessed.confidence)
    assert lost.not_understood == ("zxqv",)


def test_names_and_function_words_change_nothing(text: TextUnderstanding) -> None:
    plain = text.scene("dusk").values
    for prompt in ("dusk for Nigel", "it is now dusk and so on", "Brenda Pzat at dusk", "dusk, please"):
        assert text.scene(prompt).values.tolist() == plain.tolist(), prompt
    assert "nigel" in text.scene("dusk for Nigel").not_understood


def unnamed(class_name: str) -> SceneObject:
    grey, size = (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)
    return SceneObject(1, class_name, class_name, prompt="", colour=grey, size_m=size)


def test_a_place_moves_what_nobody_named(text: TextUnderstanding) -> None:
    grass = text.material("", "grass").values
    item = unnamed("grass")
    desert, meadow = text.scene("desert").values, text.scene("meadow").values
    (sandy,) = material_rows([item], [grass], [False], [], desert)
    (green,) = material_rows([item], [grass], [False], [], meadow)
    (named,) = material_rows([item], [grass], [True], [], desert)
    red, leaves = MATERIAL.index("first_red"), MATERIAL.index("leaves")
    assert sandy[red] > green[red] + 0.1
    assert sandy[leaves] < 0.6 * green[leaves]
    assert named[:-1].tolist() == grass.tolist()


def test_windows_nobody_named_are_lit_as_the_lamps_are(text: TextUnderstanding) -> None:
    house, lit = text.material("", "building").values, MATERIAL.index("lit")
    at = [
        float(material_rows([unnamed("building")], [house], [False], [], text.scene(prompt).values)[0][lit])
        for prompt in ("noon", "dusk", "night", "power cut")
    ]
    assert at[3] < 0.01 < at[0] < at[1] < at[2] < 0.8
