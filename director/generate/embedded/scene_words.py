"""From what a scene prompt mentions to a vector over look.SCENE.

Order: the layers of the lexicon (worlds, places, eras, seasons, hours, weather, light, moods, films,
styles), and within a layer as written; later ones build on or override earlier ones. Colour words come
last and colour what they stand before.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.concepts import LUMA, Concept, Step, apply_steps
from director.generate.embedded.look import SCENE, SCENE_DEFAULT
from director.generate.embedded.mentions import Borrow, Mention, Reader

__all__ = ["SceneWords"]

Look = NDArray[np.float32]

NEUTRAL: Final = np.array([SCENE_DEFAULT[name] for name in SCENE], np.float32)
# Amounts of something that can be absent: "no fog" takes them to nothing.
_AMOUNTS: Final = frozenset(
    SCENE.index(name)
    for name in (
        "clouds", "stars", "fog_density", "wet", "snow", "place_amount", "lamps", "glow", "age", "ink",
        "flat",
        "brush", "paper",
    )
)  # fmt: skip
_CLOCK: Final = re.compile(r"\b(\d{1,2})(?::[0-5]\d|\.[0-5]\d(?=\s*[ap]m))(?:\s*([ap]m)\b)?", re.IGNORECASE)
_HOURS: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight"
_PAST: Final = re.compile(
    rf"\b(?:a )?(?:quarter|half|five|ten|twenty|twenty-five) (?:past|to)(?= (?:{_HOURS})\b)", re.IGNORECASE
)
_SUN: Final = SCENE.index("sun_strength")
_SKY: Final = SCENE.index("sky_strength")
# A place that gets less of the sky than this is a room.
_INDOORS: Final = 0.42
_EXPOSURE: Final = SCENE.index("exposure")
# How bright a coloured sun is at least, in its brightest channel.
_LIGHT: Final = 0.85
# What a noun lets a colour before it colour: colour parameter → how far.
_HOUR: Final = {"sun": 0.7, "zenith": 0.6, "horizon": 0.85, "fog": 0.5}
_GLOW: Final = {"sun": 0.8, "fog": 0.35, "horizon": 0.3}
_WORLD: Final = {"fog": 0.45, "horizon": 0.4, "zenith": 0.25, "sun": 0.25}
_TARGETS: Final[dict[str, tuple[dict[str, float], float]]] = {
    # noun: (colour parameters and how far, how far the grade's tints follow)
    "sky": ({"zenith": 0.9, "horizon": 0.85, "fog": 0.4}, 0.0),
    "horizon": ({"horizon": 0.95, "fog": 0.3}, 0.0),
    "cloud": ({"horizon": 0.8, "zenith": 0.3, "sun": 0.5, "fog": 0.3}, 0.0),
    "fog": ({"fog": 0.95, "horizon": 0.55}, 0.0),
    "air": ({"fog": 0.85, "horizon": 0.5}, 0.1),
    "light": (_GLOW, 0.6),
    "sun": ({"sun": 0.9, "horizon": 0.4}, 0.25),
    "hour": (_HOUR, 0.2),
    "shadow": ({}, 0.0),
    "ground": ({"place": 0.9}, 0.0),
    "world": (_WORLD, 0.5),
    "high": ({}, 0.5),
    "grade": ({}, 0.65),
}
_NOUNS: Final[dict[str, str]] = {
    "sky": "sky", "skies": "sky", "heavens": "sky", "horizon": "horizon", "clouds": "cloud", "cloud": "cloud",
    "fog": "fog", "mist": "fog", "haze": "fog", "smoke": "fog", "steam": "fog", "vapour": "fog",
    "dust": "fog",
    "air": "air", "light": "light", "lighting": "light", "lights": "light", "glow": "light", "lamps": "light",
    "lamp": "light", "neon": "light", "spotlight": "light", "sun": "sun", "sunlight": "sun", "moon": "sun",
    "moonlight": "sun", "shadow": "shadow", "shadows": "shadow", "ground": "ground", "sand": "ground",
    "earth": "ground", "soil": "ground", "grass": "ground", "rock": "ground", "rocks": "ground",
    "leaves": "ground", "foliage": "ground", "vegetation": "ground", "floor": "ground", "water": "ground",
    "world": "world", "tint": "grade", "hue": "grade", "hues": "grade", "filter": "grade", "cast": "grade",
    "wash": "grade", "grade": "grade", "grading": "grade", "gel": "grade", "gels": "grade",
    "blacks": "shadow", "highlights": "high", "highlight": "high", "windows": "light", "star": "sun",
    "suns": "sun", "moons": "sun",
}  # fmt: skip
# Who and what is in the picture says nothing of its light, and "old" is said of them.
_UNSEEN: Final = frozenset(
    ("old", "older", "car", "cars", "people", "crowd", "crowds", "man", "woman", "girl", "boy", "children",
     "dog", "dogs", "cat", "cats", "horse", "horses", "bird", "birds", "table", "chair", "window")
)  # fmt: skip
_LAYER_TARGETS: Final = {
    "1": "ground", "3": "ground", "4": "hour", "5": "fog", "6": "light",
}  # fmt: skip


class SceneWords:
    """Reads scene prompts."""

    def __init__(self, concepts: Iterable[Concept], colours: Iterable[Concept], borrow: Borrow) -> None:
        self._reader = Reader(
            concepts,
            colours,
            borrow=borrow,
            silent=frozenset((*_NOUNS, *_UNSEEN)),
            # In a scene these are lights and moods of their own.
            tones_weigh=True,
            without_tones=frozenset(("neon", "electric", "fluorescent", "smoky", "dusty", "washed", "dirty")),
        )

    def understand(self, prompt: str) -> tuple[Look, list[Mention]]:
        """float32[len(SCENE)] and what was mentioned."""
        mentions = _with_their_colours(self._reader.read(_told_plainly(prompt)))
        said = [m for m in mentions if m.kind == "concept" and m.concept is not None]
        look = NEUTRAL.copy()
        inside = _inside(said)
        for mention in sorted(said, key=lambda m: m.concept.layer if m.concept else ""):
            look = _applied(look, mention)
            if inside is not None and mention.concept is not None and mention.concept.layer[:1] == "4":
                look = _shut_in(look, inside)
        coloured = [m for m in mentions if m.kind == "colour" and m.colour is not None]
        if len(coloured) == 2 and {m.target for m in coloured} in ({"world"}, {"light"}):
            look = _two_toned(look, coloured)
        else:
            for mention in coloured:
                look = _coloured(look, mention)
        return look, mentions


def _inside(said: list[Mention]) -> Look | None:
    """The look of the room that is spoken of: the darkest place without a sky of its own; None outdoors."""
    places = [m for m in said if m.concept is not None and m.concept.layer[:1] == "1" and not m.is_negated]
    rooms = [m for m in places if m.concept is not None and any(_shuts_out(step) for step in m.concept.steps)]
    looks = [apply_steps(NEUTRAL, m.concept.steps, NEUTRAL) for m in rooms if m.concept is not None]
    return min(looks, key=lambda look: float(look[_SKY]), default=None)


def _shuts_out(step: Step) -> bool:
    return step.operation == "set" and step.indices == (_SKY,) and step.values[0] < _INDOORS


def _shut_in(look: Look, inside: Look) -> Look:
    """An hour in a room: no more of it than its windows let in, and no stars."""
    result = look.copy()
    for index in (_SUN, _SKY):
        result[index] = min(look[index], inside[index])
    result[SCENE.index("stars")] = 0.0
    return result


def _applied(look: Look, mention: Mention) -> Look:
    assert mention.concept is not None
    if mention.is_negated:
        return _absent(look, mention.concept)
    if not mention.borrowed:
        return apply_steps(look, mention.concept.steps, NEUTRAL, mention.strength)
    # A borrowed word lies between its neighbours.
    result = look.copy()
    for concept, share in mention.borrowed:
        result += np.float32(share) * (apply_steps(look, concept.steps, NEUTRAL) - look)
    return result


def _absent(look: Look, concept: Concept) -> Look:
    """Without the concept: the first amount it adds, which is what it is about, is taken away."""
    result = look.copy()
    for step in concept.steps:
        if len(step.indices) != 1 or step.operation == "most":
            continue
        index = step.indices[0]
        if step.values[0] > (0.0 if step.operation == "add" else NEUTRAL[index]):
            if index in _AMOUNTS:
                result[index] = 0.0
                break
            if index == _SUN:
                result[index] = min(float(result[index]), 0.08)
                break
    return result


def _with_their_colours(mentions: list[Mention]) -> list[Mention]:
    """Tie each colour to the noun after it; a colour before a word not understood goes with that word."""
    result: list[Mention] = []
    for number, mention in enumerate(mentions):
        if mention.kind != "colour":
            result.append(mention)
            continue
        after = _next(mentions, number)
        before = _described(mentions, number)
        if before is not None:
            result.append(replace(mention, target=_NOUNS[before.text]))
            continue
        if (after is not None and (after.kind == "unknown" or after.borrowed)) or (
            after is None and _belongs_to_unknown(mentions, number)
        ):
            result.append(Mention("unknown", mention.text, trust=0.0))
        else:
            result.append(replace(mention, target="world" if after is None else _target_of(after)))
    return result


def _next(mentions: list[Mention], number: int) -> Mention | None:
    """What a colour stands before: a noun, or another colour's noun ("pink and blue sky"); None: nothing."""
    for mention in mentions[number + 1 :]:
        if mention.kind == "break":
            return None
        if mention.kind == "link" and mention.text not in ("and", "or"):
            return None
        if mention.kind == "silent" and mention.text in _NOUNS:
            return mention
        if mention.kind == "concept" and mention.concept is not None and mention.concept.layer[:1] == "4":
            # "Lemon yellow evening light" is yellow light in the evening.
            following = next(iter(mentions[mentions.index(mention) + 1 :]), None)
            return following if following is not None and following.text in _NOUNS else mention
        if mention.kind in ("concept", "unknown"):
            return mention
    return None


def _described(mentions: list[Mention], number: int) -> Mention | None:
    """The noun that a colour follows, when none follows the colour: "the sky was red", "shadows in blue"."""
    after = mentions[number + 1] if number + 1 < len(mentions) else None
    if after is not None and after.kind not in ("break", "link"):
        return None
    for mention in reversed(mentions[:number]):
        if mention.text in _NOUNS:
            return mention
        if mention.kind != "silent" and mention.text not in ("in", "with", "by"):
            return None
    return None


def _belongs_to_unknown(mentions: list[Mention], number: int) -> bool:
    """ "A woman in red" colours the woman, of whom a scene look knows nothing."""
    before = [m for m in mentions[:number] if m.kind != "silent"]
    return (
        len(before) >= 2
        and before[-1].kind == "link"
        and before[-1].text in ("in", "with", "wearing", "dressed")
        and before[-2].kind == "unknown"
    )


def _target_of(mention: Mention) -> str:
    if mention.text in _NOUNS:
        return _NOUNS[mention.text]
    last = mention.text.split()[-1]
    if last in _NOUNS:
        return _NOUNS[last]
    layer = mention.concept.layer[:1] if mention.concept is not None else ""
    return _LAYER_TARGETS.get(layer, "world")


def _coloured(look: Look, mention: Mention) -> Look:
    assert mention.colour is not None
    colour = mention.colour
    target = mention.target
    amount = min(mention.strength, 1.0)
    steps: list[Step] = []
    colours, tint = _TARGETS[target]
    for name, weight in colours.items():
        values = _as_seen(name, colour)
        steps.append(Step("set" if target != "air" else "like", _channels(name), values, weight * amount))
    lean = _lean(colour)
    if float(colour.max() - colour.min()) > 0.3:
        steps.append(Step("add", (SCENE.index("saturation"),), (0.05 * amount,)))
    if target == "shadow":
        steps.append(Step("set", _channels("shadow"), _tint(lean, 0.45), amount))
    if tint:
        steps.append(Step("set", _channels("light"), _tint(lean, 0.45), tint * amount))
        if target != "high":
            share = 1.0 if target == "grade" else 0.6
            steps.append(Step("set", _channels("shadow"), _tint(lean, 0.35), share * tint * amount))
    if target in ("fog", "air"):
        steps.append(Step("least", (SCENE.index("fog_density"),), (0.3,)))
    if target == "ground":
        steps.append(Step("least", (SCENE.index("place_amount"),), (0.6,)))
    if target == "light":
        steps.append(Step("least", (SCENE.index("glow"),), (0.4,)))
    if target == "world":
        steps += _grey_world(colour, amount)
    return apply_steps(look, steps, NEUTRAL)


def _told_plainly(prompt: str) -> str:
    """Times of the clock as words: 15:40 is 3 pm; a quarter past is no quarter of anything."""

    def hour(match: re.Match[str]) -> str:
        number = int(match.group(1))
        half = (match.group(2) or "").lower() or ("pm" if number >= 12 else "am")
        return f"{(number - 1) % 12 + 1} {half}" if number < 24 else match.group(0)

    return _CLOCK.sub(hour, _PAST.sub(" ", prompt))


def _two_toned(look: Look, colours: list[Mention]) -> Look:
    """Two colours and nothing that they colour, "mint and peach": the brighter one is that of the lights, the
    other one that of the shadows."""
    pair = [m.colour for m in sorted(colours, key=_lightness) if m.colour is not None]
    if any(float(colour.max() - colour.min()) > 0.12 for colour in pair):
        steps = [
            Step("set", _channels(name), _tint(_lean(colour), amount))
            for name, colour, amount in zip(("shadow", "light"), pair, (0.4, 0.4), strict=True)
        ]
        steps.append(Step("set", _channels("sun"), _as_seen("sun", pair[1]), 0.4))
        if float(pair[0].max()) < 0.2:
            # Something and black.
            steps.append(Step("set", _channels("shadow"), _tint(_lean(pair[1]) - 0.25, 0.5)))
            steps += [Step("set", (SCENE.index("contrast"),), (0.72,)), Step("scale", (_EXPOSURE,), (0.74,))]
        return apply_steps(look, steps, NEUTRAL)
    for mention in colours:
        look = _coloured(look, mention)
    return look


def _lightness(mention: Mention) -> float:
    return float(mention.colour @ LUMA) if mention.colour is not None else 0.0


def _as_seen(name: str, colour: NDArray[np.float32]) -> tuple[float, float, float]:
    """A colour as sun, sky or fog has it: a light is no darker than a light, the sky is paler at the
    horizon, and fog is greyer than paint."""
    brightest = float(colour.max())
    seen = colour
    if name == "sun" and 0.3 < brightest < _LIGHT:
        seen = colour * np.float32(_LIGHT / brightest)
    elif name == "zenith":
        seen = colour * np.float32(0.85)
    elif name == "horizon":
        seen = colour + np.float32(0.25 * brightest) * (1.0 - colour)
    elif name == "fog":
        seen = colour + np.float32(0.3) * (np.float32(0.4 + 0.35 * float(colour @ LUMA)) - colour)
    red, green, blue = (float(value) for value in np.clip(seen, 0.0, 1.0))
    return red, green, blue


def _lean(colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where a colour leans from grey of its brightness, -0.5..0.5; a full hue leans all the way."""
    lean = colour - np.float32((colour.max() + colour.min() + 2 * colour.mean()) / 4)
    most = float(np.abs(lean).max())
    return np.asarray(lean * (0.5 * min(most / 0.2, 1.0) / max(most, 1e-3)), np.float32)


def _grey_world(colour: NDArray[np.float32], amount: float) -> list[Step]:
    """Without a hue a colour word is a matter of the grade."""
    if float(colour.max() - colour.min()) > 0.1:
        return []
    exposure = 0.24 * (float(colour.mean()) - 0.5) * amount
    return [
        Step("add", (SCENE.index("exposure"),), (exposure,)),
        Step("scale", (SCENE.index("saturation"),), (1.0 - 0.5 * amount,)),
    ]


def _channels(name: str) -> tuple[int, int, int]:
    first = SCENE.index(f"{name}_red")
    return first, first + 1, first + 2


def _tint(lean: NDArray[np.float32], amount: float) -> tuple[float, float, float]:
    red, green, blue = (0.5 + amount * float(value) for value in lean)
    return red, green, blue
