"""Prompts do the expected things, by meaning; what is not known changes nothing and is reported."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import director.generate.embedded as embedded
from director.errors import GeneratorError
from director.generate.embedded.colour_words import oklab
from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from director.generate.embedded.text import TextUnderstanding
from director.scene.ade20k import CLASSES

WEIGHTS = Path(embedded.__file__).parent / "weights" / "text"


@pytest.fixture(scope="module")
def text() -> TextUnderstanding:
    return TextUnderstanding.load(WEIGHTS)


class Look:
    """A look or material by the names of its parameters."""

    def __init__(self, values: NDArray[np.float32], names: tuple[str, ...]) -> None:
        self._values = dict(zip(names, values.tolist(), strict=True))

    def __getitem__(self, name: str) -> float:
        return float(self._values[name])

    def colour(self, name: str) -> NDArray[np.float32]:
        return np.array([self[f"{name}_{channel}"] for channel in ("red", "green", "blue")], np.float32)

    def brightness(self, name: str) -> float:
        return float(oklab(self.colour(name))[0])


def scene(text: TextUnderstanding, prompt: str) -> Look:
    return Look(text.scene(prompt).values, SCENE)


def material(text: TextUnderstanding, prompt: str, class_name: str) -> Look:
    return Look(text.material(prompt, class_name).values, MATERIAL)


def apart(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """How far two colours are apart to the eye, Oklab (0.02 is just visible)."""
    return float(np.linalg.norm(oklab(first) - oklab(second)))


def hexed(text: str) -> NDArray[np.float32]:
    return np.array([int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def test_nothing_said_is_the_default(text: TextUnderstanding) -> None:
    understood = text.scene("")
    assert understood.values.tolist() == pytest.approx(list(SCENE_DEFAULT.values()))
    assert understood.confidence == 1.0
    assert understood.not_understood == ()
    assert text.material("  ", "no such class").values.tolist() == pytest.approx(
        list(MATERIAL_DEFAULT.values())
    )


def test_values_are_in_range_and_cannot_be_written(text: TextUnderstanding) -> None:
    for understood in (
        text.scene("extremely foggy very dark night"),
        text.material("very very shiny", "car"),
    ):
        assert understood.values.dtype == np.float32
        assert understood.values.min() >= 0.0
        assert understood.values.max() <= 1.0
        assert not understood.values.flags.writeable


def test_hours_order_the_light(text: TextUnderstanding) -> None:
    noon, golden, dusk, night, midnight = (
        scene(text, prompt) for prompt in ("noon", "golden hour", "dusk", "night", "midnight")
    )
    strengths = [look["sun_strength"] for look in (noon, golden, dusk, night, midnight)]
    assert strengths == sorted(strengths, reverse=True)
    assert noon.brightness("zenith") > dusk.brightness("zenith") > midnight.brightness("zenith")
    assert night["lamps"] > 0.7 > 0.2 > noon["lamps"]
    assert golden["sun_red"] > golden["sun_green"] + 0.2 > golden["sun_blue"] + 0.4


def test_weather(text: TextUnderstanding) -> None:
    assert scene(text, "snowy")["snow"] > 0.8
    assert scene(text, "pouring rain")["wet"] > 0.9
    assert scene(text, "dense fog")["fog_density"] > 0.6 > 0.3 > scene(text, "clear day")["fog_density"]
    assert scene(text, "overcast")["sun_strength"] < 0.15
    assert scene(text, "slightly foggy")["fog_density"] < scene(text, "very foggy")["fog_density"] - 0.2


def test_weather_keeps_the_hour(text: TextUnderstanding) -> None:
    for prompt in ("rainy night", "night, rain", "a night of heavy rain"):
        look = scene(text, prompt)
        assert look["wet"] > 0.85
        assert look["sun_strength"] < 0.05
        assert look.brightness("zenith") < 0.3
    assert scene(text, "rain").brightness("zenith") > 0.5


def test_a_neon_street(text: TextUnderstanding) -> None:
    look = scene(text, "rainy neon street at night")
    assert look["wet"] > 0.85
    assert look["lamps"] > 0.9
    assert look["glow"] > 0.7
    assert look["saturation"] > 0.55
    assert look["zenith_blue"] > look["zenith_green"]
    assert text.scene("rainy neon street at night").confidence == 1.0


def test_styles_and_film_stocks(text: TextUnderstanding) -> None:
    noir, pencil, comic, oil, wash = (
        scene(text, prompt)
        for prompt in ("film noir", "pencil sketch", "comic book", "oil painting", "watercolour")
    )
    assert noir["saturation"] == 0.0
    assert noir["contrast"] > 0.75
    assert pencil["paper"] > 0.9
    assert pencil["ink"] > 0.6
    assert pencil["saturation"] == 0.0
    assert comic["flat"] > 0.6 < comic["ink"]
    assert oil["brush"] > 0.7 > 0.2 > oil["paper"]
    assert wash["paper"] > 0.5
    assert scene(text, "technicolor")["saturation"] > 0.75
    assert scene(text, "sepia photograph")["age"] > 0.5


def test_places_lie_on_the_ground(text: TextUnderstanding) -> None:
    desert = scene(text, "desert")
    assert desert["place_amount"] > 0.6
    assert desert["place_red"] > desert["place_green"] > desert["place_blue"]
    forest = scene(text, "a forest in summer")
    assert forest["place_green"] > max(forest["place_red"], forest["place_blue"])


def test_colour_words_colour_what_they_stand_before(text: TextUnderstanding) -> None:
    look = scene(text, "a red desert under a green sky")
    assert look["place_red"] > 2 * look["place_green"]
    assert look["zenith_green"] > 1.5 * max(look["zenith_red"], look["zenith_blue"])
    assert scene(text, "blue fog")["fog_blue"] > scene(text, "fog")["fog_blue"] - 0.2 > 0.3
    assert scene(text, "green light")["light_green"] > scene(text, "green light")["light_red"] + 0.1


def test_not_takes_away_only_what_it_names(text: TextUnderstanding) -> None:
    look, plain = scene(text, "dawn without fog"), scene(text, "dawn")
    assert look["fog_density"] == 0.0
    assert look["lamps"] == plain["lamps"]
    assert material(text, "brick house with no windows", "building")["windows"] == 0.0


def test_unknown_words_change_nothing_and_are_reported(text: TextUnderstanding) -> None:
    plain, odd = text.scene("golden hour"), text.scene("golden hour, xqzzt committee")
    assert odd.values.tolist() == plain.values.tolist()
    assert odd.not_understood == ("xqzzt", "committee")
    assert odd.confidence < 0.5 < plain.confidence
    car = text.material("blue car frobnicated", "car")
    assert car.not_understood == ("frobnicated",)
    assert car.values.tolist() == text.material("blue car", "car").values.tolist()


def test_a_colour_of_something_unknown_does_not_tint_the_world(text: TextUnderstanding) -> None:
    understood = text.scene("dusk, a committee in red")
    assert understood.values.tolist() == text.scene("dusk").values.tolist()
    assert understood.not_understood == ("committee", "red")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # CSS and common swatches, not the lexicon's own values
        ("red", "d01c1c"), ("crimson", "b01030"), ("orange", "f58020"), ("yellow", "f5d020"), ("green",
        "2e8b3a"),
        ("olive", "6b6b2a"), ("teal", "008080"), ("turquoise", "40c8c0"), ("sky blue", "7cbcec"),
        ("blue", "2450c0"), ("navy", "101c50"), ("purple", "783098"), ("magenta", "d01890"), ("pink",
        "f0a0b8"),
        ("brown", "6b4526"), ("beige", "dcc8a4"), ("white", "f5f5f5"), ("grey", "858585"), ("black",
        "141414"),
        ("dark green", "123f24"), ("pale blue", "b0d4ee"), ("dark red", "7a1410"), ("light yellow", "faeea6"),
        ("maroon", "701428"), ("mint", "a8e6c4"), ("lavender", "b9aae2"), ("#12a4f0", "12a4f0"),
    ],
)  # fmt: skip
def test_colour_words_are_that_colour(text: TextUnderstanding, word: str, expected: str) -> None:
    for prompt, class_name in ((word, "wall"), (f"a {word} sofa", "sofa"), (f"sofa in {word}", "sofa")):
        assert apart(material(text, prompt, class_name).colour("first"), hexed(expected)) < 0.06, prompt


def test_a_colour_leans_what_is_natural_and_dyes_what_is_made(text: TextUnderstanding) -> None:
    red, sand = hexed("c8201e"), material(text, "sand", "earth").colour("first")
    red_sand = material(text, "red sand", "earth").colour("first")
    assert apart(red_sand, red) > 0.08
    assert apart(red_sand, sand) > 0.08
    assert apart(material(text, "red corduroy", "sofa").colour("first"), red) < 0.06


def test_tones_and_mixtures(text: TextUnderstanding) -> None:
    plain, dark, pale, vivid = (
        material(text, f"{tone} purple wall", "wall") for tone in ("", "dark", "pale", "vivid")
    )
    assert dark.brightness("first") < plain.brightness("first") - 0.1 < pale.brightness("first") - 0.3
    chroma = [float(np.linalg.norm(oklab(look.colour("first"))[1:])) for look in (pale, plain, vivid)]
    assert chroma == sorted(chroma)
    mixed = material(text, "blue-green wall", "wall").colour("first")
    assert mixed[1] > mixed[0] + 0.2 < mixed[2]


def test_two_colours(text: TextUnderstanding) -> None:
    awning = material(text, "red and white striped awning", "awning")
    assert apart(awning.colour("first"), hexed("c8201e")) < 0.05
    assert apart(awning.colour("second"), hexed("f4f4f2")) < 0.05
    assert awning["stripes"] > 0.8
    car = material(text, "white car with red stripes", "car")
    assert apart(car.colour("first"), hexed("f4f4f2")) < 0.05
    assert apart(car.colour("second"), hexed("c8201e")) < 0.05


def test_kinds_and_materials(text: TextUnderstanding) -> None:
    facade = material(text, "brick facade with lit windows", "building")
    assert min(facade["brick"], facade["windows"]) > 0.8
    assert facade["lit"] > 0.6
    assert facade["first_red"] > facade["first_blue"] + 0.2
    taxi = material(text, "taxi", "car")
    assert taxi["first_red"] > 0.85
    assert taxi["first_blue"] < 0.3
    statue = material(text, "gold statue", "person")
    assert statue["metal"] > 0.9
    assert statue["weave"] == 0.0
    assert material(text, "oak table", "table")["planks"] > 0.7
    assert material(text, "white marble floor", "floor")["veins"] > 0.7
    assert material(text, "neon sign", "signboard")["emission"] > 0.8
    assert material(text, "rusty car", "car")["wear"] > 0.7 > 0.2 > material(text, "", "car")["wear"]
    assert material(text, "wet asphalt", "road")["gloss"] > 0.7


def test_people_are_dressed_above_and_below(text: TextUnderstanding) -> None:
    both = material(text, "woman in a red dress", "person")
    assert apart(both.colour("first"), hexed("c8201e")) < 0.05
    assert both["second_red"] > 2 * both["second_green"]
    shirt, plain = material(text, "man in a red shirt", "person"), material(text, "man", "person")
    assert apart(shirt.colour("first"), hexed("c8201e")) < 0.05
    assert shirt.colour("second").tolist() == plain.colour("second").tolist()
    rider = material(text, "man in a black leather jacket and blue jeans, blonde hair, pale skin", "person")
    assert rider.brightness("first") < 0.3
    assert rider["second_blue"] > rider["second_red"] + 0.15
    assert rider["hair"] == pytest.approx(0.68)
    assert rider["skin"] < 0.15


def test_every_class_has_a_default(text: TextUnderstanding) -> None:
    defaults = np.stack([text.material("", name).values for name in CLASSES])
    grey = np.array(list(MATERIAL_DEFAULT.values()), np.float32)
    assert (np.abs(defaults - grey).max(axis=1) > 0.1).all()
    assert material(text, "", "building")["windows"] > 0.7
    assert material(text, "", "person")["weave"] > 0.4
    assert material(text, "", "tree")["leaves"] > 0.8
    assert material(text, "", "road")["grain"] > 0.6


def test_prompts_are_mutually_distant(text: TextUnderstanding) -> None:
    scenes = (
        "golden hour", "rainy neon street at night", "film noir", "snowy morning", "dense fog", "watercolour",
        "desert at noon", "comic book", "blue hour", "mars", "underwater", "pencil sketch",
    )  # fmt: skip
    materials = (
        "dark green velvet", "gold", "red brick", "white marble", "rusty iron", "oak planks",
        "pale blue plaster",
        "black leather", "ivy", "neon pink sign", "glass", "checkered tiles", "snow", "lit windows",
        "tweed", "jeans",
    )  # fmt: skip
    for vectors in (
        np.stack([text.scene(prompt).values for prompt in scenes]),
        np.stack([text.material(prompt, "box").values for prompt in materials]),
    ):
        distance = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
        assert distance[~np.eye(len(vectors), dtype=bool)].min() > 0.45


def test_spelling_and_spacing_are_forgiven(text: TextUnderstanding) -> None:
    for variant, plain in (
        ("Water-Colour", "watercolor"), ("foggy mornings", "foggy morning"), ("moon light", "moonlight"),
        ("a BLIZARD", "blizzard"), ("gray day", "grey day"),
    ):  # fmt: skip
        assert text.scene(variant).not_understood == (), variant
        assert np.abs(text.scene(variant).values - text.scene(plain).values).max() < 0.3, variant


def test_same_words_same_values(text: TextUnderstanding) -> None:
    again = TextUnderstanding.load(WEIGHTS)
    for prompt in ("glacial umbrella at dusk", "vampire zombie, teal and orange"):
        assert again.scene(prompt).values.tobytes() == text.scene(prompt).values.tobytes()


def test_missing_and_broken_weights_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"lexicon\.json"):
        TextUnderstanding.load(tmp_path)
    (tmp_path / "lexicon.json").write_text(json.dumps({"scene": [], "object": [], "classes": {}}))
    with pytest.raises(GeneratorError, match="text model"):
        TextUnderstanding.load(tmp_path)
