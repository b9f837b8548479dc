"""Read the hand-written lexicon: `words | synonyms : what they set`, one meaning a line.

Scenes (lexicon/scene/N_layer.txt), tokens after the colon:
    name=VALUE      sets a scalar (sky, clouds, stars, wet, snow, lamps, glow, exposure, contrast, …)
    name=HEX/VALUE  sets a colour and its amount (sun, fog, place); either half may be missing: =HEX, =/VALUE
    name=HEX        sets a colour (zenith, horizon, shadow, light)
  and instead of `=`: `~` as if the look so far were neutral (keeps proportion), `+` and `-` shift,
  `>` at least, `<` at most, `*` times. `@W` at the end goes only that far.

Objects (lexicon/object/*.txt), tokens: `HEX+HEX` or `HEX` (first and second colour; `-` leaves one),
    name=VALUE and the other signs for every other parameter, `own2` (a colour word leaves the second
    colour alone), `on=first|second|both|hair|none` (what a colour word before it colours),
    `tone=V` (times, both colours), `wash=HEX/AMOUNT` (both colours towards), `mix=V` (how far its
    colours go), `&name` (everything of another entry).
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from director.generate.embedded.concepts import NAMED, Concept, Step
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.text_senses import FIGURE

__all__ = ["FOLDER", "LexiconError", "class_materials", "object_concepts", "scene_concepts"]

FOLDER: Final = Path(__file__).parent / "lexicon"
_SIGNS: Final = {"=": "set", "~": "like", "+": "add", "-": "add", ">": "least", "<": "most", "*": "scale"}
_TOKEN: Final = re.compile(r"([a-z_]+)([=~+\-><*])(.*)")
_HEX: Final = re.compile(r"[0-9a-f]{6}")
# Names that stand for a colour's three parameters, and the amount written after a slash.
_SCENE_COLOURS: Final = ("sun", "zenith", "horizon", "fog", "place", "shadow", "light")
_SCENE_AMOUNTS: Final = {
    "sun": "sun_strength", "fog": "fog_density", "place": "place_amount", "sky": "sky_strength"
}  # fmt: skip
_KINDS: Final = {
    "colours": "colour", "named_colours": "colour", "materials": "material", "features": "feature",
    "kinds": "kind", "people": "person",
}  # fmt: skip


class LexiconError(ValueError):
    """A line of the lexicon that cannot be read; names file and line."""


def scene_concepts() -> tuple[Concept, ...]:
    """All scene concepts in the order of their layers."""
    return tuple(_scene())


def object_concepts() -> tuple[Concept, ...]:
    """All object concepts: colours, materials, features, kinds, people, and classes not among these."""
    concepts, by_word = _objects()
    classes = class_materials().items()
    return (*concepts, *(Concept((name,), "kind", steps) for name, steps in classes if name not in by_word))


@cache
def class_materials() -> dict[str, tuple[Step, ...]]:
    """ADE20K class → the steps from a clean material to its default."""
    found: dict[str, tuple[Step, ...]] = {}
    entries = _objects()[1]
    for place, words, tokens in _lines(FOLDER / "object" / "classes.txt"):
        steps: list[Step] = []
        for token in _with_spaces(tokens):
            if token.startswith("&"):
                if token[1:] not in entries:
                    raise LexiconError(f"{place}: no entry {token[1:]!r}")
                steps += entries[token[1:]].steps
            else:
                steps += _object_steps([token], place)
        found[words[0]] = tuple(steps)
    return found


@cache
def _scene() -> tuple[Concept, ...]:
    concepts: list[Concept] = []
    seen: dict[str, str] = {}
    for file in sorted((FOLDER / "scene").glob("*.txt")):
        for place, words, tokens in _lines(file):
            _once(words, seen, place)
            steps = [step for token in tokens.split() for step in _scene_steps(token, place)]
            concepts.append(Concept(words, file.stem, tuple(steps)))
    return tuple(concepts)


@cache
def _objects() -> tuple[tuple[Concept, ...], dict[str, Concept]]:
    """All object concepts in order, and each word's concept."""
    concepts: list[Concept] = []
    by_word: dict[str, Concept] = {}
    seen: dict[str, str] = {}
    for stem, kind in _KINDS.items():
        for place, words, tokens in _lines(FOLDER / "object" / f"{stem}.txt"):
            _once(words, seen, place)
            parts = tokens.split()
            target = next((part[3:] for part in parts if part.startswith("on=")), "")
            layer = _person_layer(parts) if kind == "person" else kind
            steps = _object_steps([part for part in parts if not part.startswith("on=")], place)
            if "own2" in parts or stem == "named_colours":
                target = "own2" if "own2" in parts else NAMED
            elif kind == "person" and not target:
                target = FIGURE
            concept = Concept(words, layer, tuple(steps), target)
            concepts.append(concept)
            by_word.update(dict.fromkeys(words, concept))
    return tuple(concepts), by_word


def _person_layer(parts: list[str]) -> str:
    if any(part.startswith("on=") for part in parts):
        return "garment"
    return "trait" if all(part.startswith(("hair", "skin")) for part in parts) else "kind"


def _lines(file: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for number, raw in enumerate(file.read_text("utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        place = f"{file.name}:{number}"
        head, colon, tokens = line.partition(" : ")
        if not colon:
            raise LexiconError(f"{place}: no ' : '")
        words = tuple(" ".join(word.split()) for word in head.split("|"))
        if not all(words):
            raise LexiconError(f"{place}: an empty word")
        yield place, words, tokens.strip()


def _once(words: tuple[str, ...], seen: dict[str, str], place: str) -> None:
    for word in words:
        if word in seen:
            raise LexiconError(f"{place}: {word!r} is already at {seen[word]}")
        seen[word] = place


def _with_spaces(tokens: str) -> list[str]:
    """Tokens, where `&name` may hold blanks: it reaches up to the next token with a sign."""
    found: list[str] = []
    for part in tokens.split():
        if found and found[-1].startswith("&") and not _TOKEN.fullmatch(part):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _scene_steps(token: str, place: str) -> list[Step]:
    name, operation, sign, body, weight = _split(token, place)
    colour, _, amount = body.partition("/")
    if name not in _SCENE_COLOURS or (not _HEX.fullmatch(colour) and "/" not in body):
        colour, amount = "", body.lstrip("/")
    steps: list[Step] = []
    if colour:
        indices = tuple(_index(SCENE, f"{name}_{channel}", place) for channel in ("red", "green", "blue"))
        toward = operation if operation in ("set", "like") else "set"
        steps.append(Step(toward, indices, _colour(colour, place), weight))
    if amount:
        index = _index(SCENE, _SCENE_AMOUNTS.get(name, name), place)
        steps.append(Step(operation, (index,), (sign * _number(amount, place),), weight))
    return steps


def _object_steps(tokens: list[str], place: str) -> list[Step]:
    mix = next((_number(token[4:], place) for token in tokens if token.startswith("mix=")), 1.0)
    first, second = (0, 1, 2), (3, 4, 5)
    steps: list[Step] = []
    for token in tokens:
        if token == "own2" or token.startswith("mix="):
            continue
        left, plus, right = token.partition("+")
        if _HEX.fullmatch(left) or (left == "-" and plus):
            if left != "-":
                steps.append(Step("set", first, _colour(left, place), mix))
            if plus and right != "-":
                steps.append(Step("set", second, _colour(right, place), mix))
            continue
        name, operation, sign, body, weight = _split(token, place)
        if name == "tone":
            shade = (_number(body, place),) * 3
            steps += [Step("scale", first, shade), Step("scale", second, shade)]
        elif name == "wash":
            colour, _, amount = body.partition("/")
            wash = _colour(colour, place)
            steps += [Step("set", where, wash, _number(amount, place)) for where in (first, second)]
        else:
            index = _index(MATERIAL, name, place)
            steps.append(Step(operation, (index,), (sign * _number(body, place),), weight))
    return steps


def _split(token: str, place: str) -> tuple[str, str, float, str, float]:
    match = _TOKEN.fullmatch(token)
    if not match:
        raise LexiconError(f"{place}: cannot read {token!r}")
    name, sign, rest = match.groups()
    body, _, weight = rest.partition("@")
    return name, _SIGNS[sign], -1.0 if sign == "-" else 1.0, body, _number(weight, place) if weight else 1.0


def _colour(text: str, place: str) -> tuple[float, float, float]:
    if not _HEX.fullmatch(text):
        raise LexiconError(f"{place}: {text!r} is not a colour rrggbb")
    red, green, blue = bytes.fromhex(text)
    return red / 255, green / 255, blue / 255


def _number(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise LexiconError(f"{place}: {text!r} is not a number") from None


def _index(names: tuple[str, ...], name: str, place: str) -> int:
    if name not in names:
        raise LexiconError(f"{place}: no parameter {name!r}")
    return names.index(name)
