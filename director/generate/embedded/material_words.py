"""From what an object prompt mentions to a vector over look.MATERIAL.

It starts from what an object of the class is when nothing is said. Then, whatever their order in the
text: what it is (a taxi), what it is made of (brass), its patterns, its colours, its finish and wear.
A colour word colours the thing it stands before; the first one named goes to the first colour, the next
to the second. After "with", things named are details: their colours go to the second colour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.colour_words import mixed, toned
from director.generate.embedded.concepts import LUMA, Concept, Step, apply_steps
from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT
from director.generate.embedded.mentions import Borrow, Mention, Reader
from director.generate.embedded.text_senses import FIGURE, lies_on, over, sensed, specific

__all__ = ["MaterialWords", "clean_surface"]

Look = NDArray[np.float32]
Colour = NDArray[np.float32]

NEUTRAL: Final = np.array([MATERIAL_DEFAULT[name] for name in MATERIAL], np.float32)
_AT: Final = {name: index for index, name in enumerate(MATERIAL)}
_FIRST, _SECOND = slice(0, 3), slice(3, 6)
# How much of its own colour sand, stone or grass keeps under a colour word.
_NATURAL_SHARE: Final = 0.4
# What has another colour than its own by paint alone.
_PAINTED_METALS: Final = frozenset(("metal", "steel", "iron", "corrugated iron", "aluminium", "cast iron"))
# How much of a pattern a coat of paint leaves.
_UNDER_PAINT: Final = {"planks": 0.35, "metal": 0.35}
# What a named material is laid on.
_CLEAN: Final = dict.fromkeys(
    ("brick", "planks", "tiles", "weave", "stripes", "veins", "leaves", "metal", "emission"), 0.0
) | {"blotches": 0.1, "grain": 0.1, "gloss": 0.15}
_AMOUNTS: Final = frozenset(
    _AT[name]
    for name in (*_CLEAN, "windows", "lit", "wear")
)  # fmt: skip
_HAIR: Final[tuple[tuple[float, str], ...]] = (
    (0.0, "141210"), (0.3, "5c3c24"), (0.42, "984820"), (0.68, "e0c080"), (0.85, "94969a"), (1.0, "f2f2f0"),
)  # fmt: skip
# Parts and arrangements: the blocking shows them, the material is said by the words beside them.
_PART_WORDS: Final = """
cornice sill ledge bracket strut post posts band rail rails rod bars beam panel panels slope arrow star
cover top base side front back edge corner leg legs arm arms handle knob stem row rows stack stacked bound
open closed folded pattern slab block lid shaft mount insulator insulators still
standing sitting walking hanging hull cross feet
"""
_PARTS: Final = frozenset(_PART_WORDS.split())
# What can be of another material than the rest: "grey felt, oak legs".
_PARTS_APART: Final = frozenset(
    ("leg", "legs", "arm", "arms", "base", "top", "feet", "handle", "knob", "lid", "rim", "back", "side")
)
# "with" and these make what follows a detail; the others only keep a second thing from being the thing.
_DETAIL: Final = frozenset(("with", "inside", "over"))
_OTHER_THING: Final = frozenset(
    ("of", "behind", "under", "near", "like", "beside", "between", "by", "for", "from", "on", "against")
)
_WORN: Final = frozenset(("in", "wearing", "wears", "dressed"))
# Side by side with another of its family, a word for the whole family adds nothing: "oak wood".
_FAMILIES: Final = frozenset(("wood", "metal", "stone", "cloth", "plastic", "glass"))
# What lies on another material all over: "rusted steel".
_SKINS: Final = frozenset(("rust", "verdigris", "ice", "moss", "frosted glass"))
# Anybody at all: a goth girl is dressed as a goth.
_ANYBODY: Final = frozenset(("person", "girl", "young man", "old man"))
# Metals that are colours where no metal can be: on what grows and, beside another colour, on cloth.
_COLOURS_TOO: Final = frozenset(("gold", "silver", "copper", "bronze", "brass", "rust"))
_GROWING: Final = frozenset(("tree", "plant", "flower", "grass", "field", "palm"))
_OF_CLOTH: Final = frozenset(
    ("person", "apparel", "curtain", "blanket", "pillow", "cushion", "rug", "towel", "flag", "awning", "tent",
     "sofa", "armchair", "ottoman", "bed", "canopy")
)  # fmt: skip
# Stone is laid in courses where one builds with it, and in slabs where one walks on it.
_STONES: Final = frozenset(("stone", "sandstone", "limestone", "granite", "slate", "basalt", "tuff", "flint"))
_BUILT: Final = frozenset(
    ("wall", "building", "house", "tower", "bridge", "fireplace", "hovel", "skyscraper")
)
_TRODDEN: Final = frozenset(("floor", "path", "sidewalk", "road", "stairs", "stairway", "step", "runway"))
_COURSES: Final = {"brick": 0.4}
_SLABS: Final = {"tiles": 0.5}
# "A bowl of apples" is apples.
_HOLDERS: Final = frozenset(("plate", "hill"))


def clean_surface(material: Look, *, keeps_windows: bool) -> Look:
    """A material without pattern, as a new one is laid on; `keeps_windows` for a facade."""
    result = material.copy()
    for name, value in _CLEAN.items():
        result[_AT[name]] = value
    if not keeps_windows:
        result[_AT["windows"]] = result[_AT["lit"]] = 0.0
        result[_AT["wear"]] = MATERIAL_DEFAULT["wear"]
    return result


@dataclass(slots=True)
class _Said:
    """A prompt sorted into what the steps need."""

    kinds: list[Mention] = field(default_factory=list)
    garments: list[tuple[Mention, list[Mention]]] = field(default_factory=list)  # each with its stuffs
    materials: list[Mention] = field(default_factory=list)
    features: list[Mention] = field(default_factory=list)
    colours: dict[str, tuple[Colour, float]] = field(default_factory=dict)
    tones: list[str] = field(default_factory=list)


class MaterialWords:
    """Reads object prompts."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        colours: Iterable[Concept],
        classes: Mapping[str, tuple[Step, ...]],
        borrow: Borrow,
    ) -> None:
        self._reader = Reader(concepts, colours, borrow=borrow, silent=_PARTS)
        start = clean_surface(NEUTRAL, keeps_windows=False)
        self._defaults = {name: apply_steps(start, steps, NEUTRAL) for name, steps in classes.items()}

    def default(self, class_name: str) -> Look:
        """float32[len(MATERIAL)]: what an object of the class is; an unknown class is plain grey."""
        return self._defaults.get(class_name, NEUTRAL).copy()

    def understand(self, prompt: str, class_name: str) -> tuple[Look, list[Mention]]:
        """float32[len(MATERIAL)] and what was mentioned."""
        mentions = self._reader.read(prompt)
        mentions = sensed(mentions, class_name, self._reader.known)
        mentions = _with_metals_as_colours(mentions, class_name)
        said = _sorted(mentions, is_person=class_name == "person")
        material = self.default(class_name)
        # Whoever wears a red shirt does not wear red trousers.
        keeps_second = class_name == "person" and bool(said.garments)
        for mention in specific(_specific(said.kinds), class_name, self._reader.known):
            material = _shaped(clean_surface(material, keeps_windows=False), mention)
            keeps_second = keeps_second or _target(mention) == "own2"
        for garment, stuffs in said.garments:
            material = _worn(material, garment, stuffs)
        for number, mention in enumerate(said.materials):
            base = clean_surface(material, keeps_windows=True)
            after = _laid(_shaped(base, mention), mention, material, class_name)
            if number and _name(said.materials[number - 1]) in _SKINS:
                material = over(after, material)
            else:
                # Two materials share the thing: "glass and steel".
                material = after if number == 0 else np.asarray((material + after) / 2, np.float32)
            keeps_second = keeps_second or _target(mention) == "own2"
        for mention in said.features:
            material = _stepped(material, mention, finish=False)
        is_paint = all(_name(mention) in _PAINTED_METALS for mention in said.materials)
        if "first" in said.colours and is_paint and not said.kinds:
            material = _painted(material, said.colours["first"][1])
        if said.materials and _is_natural(material):
            said.colours = {
                slot: (mixed(colour, material[_FIRST], _NATURAL_SHARE), amount) if slot == "first" else held
                for slot, held in said.colours.items()
                for colour, amount in (held,)
            }
        if material[_AT["emission"]] >= _SHINES and any(_glows(mention) for mention in said.features):
            said.colours = {slot: (_as_light(c), a) for slot, (c, a) in said.colours.items()}
        material = _coloured(material, said.colours, keeps_second=keeps_second)
        for tone in said.tones:
            for where in (_FIRST, _SECOND):
                material[where] = toned(material[where], tone)
        for mention in said.features:
            material = _stepped(material, mention, finish=True)
        return material, mentions


def _sorted(mentions: list[Mention], *, is_person: bool) -> _Said:
    said = _Said()
    pending: list[tuple[Colour, float]] = []
    is_detail = is_other = False
    is_worn = is_person
    before: Mention | None = None
    for mention in mentions:
        if _adds_nothing(said, before, mention):
            continue
        if _belongs_to_a_part(said, before, mention):
            # Chrome bumpers make no chrome car.
            colour = _first_colour(said.materials.pop().concept)
            pending += [(colour, 1.0)] if colour is not None else []
        earlier, before = before, mention
        if mention.kind == "link":
            if mention.text != "and":
                _settle(said, pending, is_detail=is_detail, is_worn=is_worn and not _covers(said))
            if mention.text == "of" and said.kinds and _name(said.kinds[-1]) in _HOLDERS:
                said.kinds.pop()
            is_detail = is_detail or mention.text in _DETAIL
            is_other = is_other or mention.text in _OTHER_THING
            if mention.text in _WORN or mention.text in ("made", "covered"):
                is_detail = is_other = False
            if lies_on(earlier) and mention.text in ("with", "in"):
                is_detail = False
        elif mention.kind == "break":
            _settle(said, pending, is_detail=is_detail, is_worn=is_worn and not _covers(said))
            is_detail = is_other = False
        elif mention.kind == "colour" and mention.colour is not None:
            if not mention.is_negated:
                pending.append((mention.colour, min(mention.strength, 1.0)))
            if {"neon", "fluorescent"}.intersection((*mention.tones, *mention.text.split())):
                said.features.append(Mention("concept", "neon", concept=_NEON))
        elif mention.kind == "tone":
            said.tones += mention.tones
        elif mention.kind == "unknown" and is_detail:
            pending.clear()
        elif mention.concept is not None:
            _sort_concept(said, pending, mention, earlier, is_detail=is_detail, is_other=is_other)
    _settle(said, pending, is_detail=is_detail, is_worn=is_worn and not _covers(said))
    return said


def _with_metals_as_colours(mentions: list[Mention], class_name: str) -> list[Mention]:
    """Copper leaves are of no copper, and a sari in scarlet and gold is no metal."""
    if class_name not in _GROWING and class_name not in _OF_CLOTH:
        return mentions
    result = []
    for at, mention in enumerate(mentions):
        beside = {m.kind for m in (*mentions[max(at - 2, 0) : at], *mentions[at + 1 : at + 3])}
        is_colour = mention.concept is not None and (
            mention.concept.name in _COLOURS_TOO
            and mention.concept.name == mention.text
            and (class_name in _GROWING or "colour" in beside)
        )
        colour = _first_colour(mention.concept) if is_colour else None
        is_plain = colour is None or mention.is_negated
        result.append(mention if is_plain else replace(mention, kind="colour", concept=None, colour=colour))
    return result


def _laid(after: Look, mention: Mention, before: Look, class_name: str) -> Look:
    """Stone in its courses or slabs, and in those that the thing had: a castle of stone is still built."""
    if _name(mention) not in _STONES or mention.is_negated:
        return after
    result = after.copy()
    pattern = _COURSES if class_name in _BUILT else _SLABS if class_name in _TRODDEN else {}
    for name in ("brick", "tiles"):
        least = max(pattern.get(name, 0.0), float(before[_AT[name]]) if pattern else 0.0)
        result[_AT[name]] = max(float(result[_AT[name]]), least)
    return result


def _glows(mention: Mention) -> bool:
    steps = mention.concept.steps if mention.concept is not None else ()
    return any(_AT["emission"] in step.indices for step in steps)


def _as_light(colour: Colour) -> Colour:
    """The colour of a light: as bright as can be, and paler than paint."""
    brightest = max(float(colour.max()), 0.05)
    return np.asarray(colour / brightest + _PALER * (1.0 - colour / brightest), np.float32)


def _covers(said: _Said) -> bool:
    """Whether a garment is named: grey hair leaves all the clothes to the colour that follows."""
    return any(_target(garment) in ("first", "second", "both") for garment, _ in said.garments)


def _name(mention: Mention) -> str:
    return mention.concept.name if mention.concept is not None else ""


def _specific(kinds: list[Mention]) -> list[Mention]:
    """Without "girl" and the like if it is also said what kind of person."""
    named = [mention for mention in kinds if _name(mention) not in _ANYBODY]
    return named or kinds


def _adds_nothing(said: _Said, before: Mention | None, mention: Mention) -> bool:
    """Whether a material only repeats or widens the one right before it; a wider one before it gives way."""
    if before is None or before.concept is None or mention.concept is None:
        return False
    if before.concept.layer != "material" or mention.concept.layer != "material":
        return False
    if _name(before) == _name(mention) or _name(mention) in _FAMILIES:
        return True
    if _name(before) in _FAMILIES and said.materials:
        said.materials.pop()
    return False


def _belongs_to_a_part(said: _Said, before: Mention | None, mention: Mention) -> bool:
    """Whether the material right before is that of a part which takes the second colour: "brass studs"."""
    if before is None or before.concept is None or not said.materials or said.materials[-1] is not before:
        return False
    if mention.text in _PARTS_APART:
        return len(said.materials) > 1
    concept = mention.concept
    return concept is not None and concept.layer == "feature" and concept.target == "second"


def _sort_concept(
    said: _Said,
    pending: list[tuple[Colour, float]],
    mention: Mention,
    before: Mention | None,
    *,
    is_detail: bool,
    is_other: bool,
) -> None:
    concept = mention.concept
    assert concept is not None
    if concept.layer == "kind":
        if said.kinds and (is_detail or is_other) and not mention.is_negated:
            _give(said, pending, "second" if is_detail else "none")
            return
        said.kinds.append(mention)
        _give(said, pending, concept.target if concept.target == "second" else "first")
    elif concept.layer in ("garment", "trait"):
        stuffs, said.materials = said.materials, []
        if len(said.kinds) > 1 and before is said.kinds[-1]:
            said.kinds.pop()  # dinosaur pyjamas make no dinosaur
        if concept.target == "hair" and stuffs and (colour := _first_colour(stuffs[-1].concept)) is not None:
            pending.append((colour, 1.0))  # hair of silver is silver in colour only
        if concept.target in ("first", "second", "both"):
            said.garments.append((mention, stuffs))
        elif concept.target != "hair":
            said.garments.append((mention, []))
            said.materials = stuffs if concept.target == FIGURE else []
        _give(said, pending, "none" if concept.target == FIGURE else concept.target)
    elif concept.layer == "material":
        if not is_detail:
            said.materials.append(mention)
    elif concept.layer == "colour":  # borrowed from a neighbour in meaning
        if (colour := _first_colour(concept)) is not None:
            pending.append((colour, mention.strength))
    else:
        said.features.append(mention)
        if concept.target == "second" and len(pending) > 1:
            _give(said, pending, "first")
        elif concept.target:
            _give(said, pending, concept.target)


def _give(said: _Said, pending: list[tuple[Colour, float]], slot: str) -> None:
    """The colours named so far belong to this part; a second one goes to the second colour."""
    if pending and slot != "none":
        if slot == "first" and len(pending) > 1:
            said.colours.setdefault("second", pending[1])
        said.colours.setdefault(slot, pending[0])
    pending.clear()


def _settle(said: _Said, pending: list[tuple[Colour, float]], *, is_detail: bool, is_worn: bool) -> None:
    """Colours with no noun after them."""
    if not pending:
        return
    has_first = "first" in said.colours or "both" in said.colours
    if is_detail and (has_first or said.kinds or said.materials):
        slot = "second"
    elif len(pending) == 1 and any(_target(named) == "second" for named in said.kinds + said.materials):
        slot = "second"  # gingham is white and of its colour
    elif is_worn and len(pending) == 1 and not has_first:
        slot = "both"
    elif has_first:
        slot = "second"
    else:
        slot = "first"
    _give(said, pending, slot)


def _shaped(material: Look, mention: Mention) -> Look:
    """A kind or a material with its tones; borrowed ones only as far as they are trusted."""
    concept = mention.concept
    assert concept is not None
    if mention.is_negated:
        return material
    result = apply_steps(material, concept.steps, NEUTRAL, min(mention.strength, 1.0))
    colours = [step for step in concept.steps if len(step.indices) == 3]
    if len(colours) == 1 and concept.layer == "material":
        result[_SECOND] = mixed(result[_FIRST], np.zeros(3, np.float32), 0.18)
    for tone in mention.tones:
        for where in (_FIRST, _SECOND):
            result[where] = toned(result[where], tone)
    return result


def _worn(material: Look, garment: Mention, stuffs: list[Mention]) -> Look:
    """A garment and what it is made of; it changes the colours of the part of the body that it covers."""
    concept = garment.concept
    assert concept is not None
    if garment.is_negated:
        return material
    slots = {"first": (_FIRST,), "second": (_SECOND,), "both": (_FIRST, _SECOND)}.get(concept.target, ())
    result = apply_steps(material, concept.steps, NEUTRAL, min(garment.strength, 1.0))
    for stuff in stuffs:
        assert stuff.concept is not None
        made = _shaped(clean_surface(result, keeps_windows=False), stuff)
        coloured = made.copy()
        coloured[: _SECOND.stop] = result[: _SECOND.stop]
        if _first_colour(stuff.concept) is not None:
            for where in slots:
                coloured[where] = made[_FIRST]
        # Trousers alone do not decide what the whole figure is made of.
        share = np.float32(0.4 if concept.target == "second" else 1.0)
        coloured[_SECOND.stop :] = result[_SECOND.stop :] + share * (coloured - result)[_SECOND.stop :]
        coloured[[_AT["wear"], _AT["skin"], _AT["hair"]]] = result[[_AT["wear"], _AT["skin"], _AT["hair"]]]
        result = coloured
    for tone in garment.tones:
        for where in slots:
            result[where] = toned(result[where], tone)
    return result


def _stepped(material: Look, mention: Mention, *, finish: bool) -> Look:
    """A feature: first its patterns and own colours, then (`finish`) what lies over all colours."""
    concept = mention.concept
    assert concept is not None
    if mention.is_negated:
        return material if finish else _absent(material, concept)
    chosen = [step for step in concept.steps if _is_finish(step) == finish]
    return apply_steps(material, chosen, NEUTRAL, mention.strength)


def _is_finish(step: Step) -> bool:
    return len(step.indices) == 3 and (step.operation == "scale" or 0.0 < step.weight < 1.0)


def _absent(material: Look, concept: Concept) -> Look:
    result = material.copy()
    for step in concept.steps:
        index = step.indices[0]
        if len(step.indices) == 1 and index in _AMOUNTS and step.operation in ("set", "least", "add"):
            result[index] = 0.0
    if result[_AT["windows"]] == 0.0:
        result[_AT["lit"]] = 0.0
    return result


def _is_natural(material: Look) -> bool:
    """Whether a colour word only leans the colour of this surface: red sand is no red paint."""
    loose = max(material[_AT["grain"]], material[_AT["leaves"]]) >= 0.5
    made = max(material[_AT["brick"]], material[_AT["tiles"]], material[_AT["weave"]]) >= 0.3
    return bool(loose and not made and material[_AT["gloss"]] < 0.2)


def _coloured(material: Look, colours: dict[str, tuple[Colour, float]], *, keeps_second: bool) -> Look:
    result = material.copy()
    if "both" in colours:
        colour, amount = colours["both"]
        result[_FIRST] = mixed(material[_FIRST], colour, amount)
        result[_SECOND] = mixed(material[_SECOND], colour * np.float32(0.85), amount)
    if "first" in colours:
        colour, amount = colours["first"]
        result[_FIRST] = mixed(material[_FIRST], colour, amount) if amount < 1.0 else colour
        if "second" not in colours and "both" not in colours and not keeps_second:
            result[_SECOND] = _shade(material, result[_FIRST])
    if "second" in colours:
        colour, amount = colours["second"]
        result[_SECOND] = mixed(material[_SECOND], colour, amount) if amount < 1.0 else colour
    if "hair" in colours:
        result[_AT["hair"]] = _hair(colours["hair"][0])
    return result


def _painted(material: Look, amount: float) -> Look:
    """Under a colour of its own, wood shows less grain and metal shines less like metal."""
    result = material.copy()
    for name, kept in _UNDER_PAINT.items():
        result[_AT[name]] *= np.float32(1.0 - amount * (1.0 - kept))
    return result


def _shade(material: Look, colour: Colour) -> Colour:
    """The second colour of a newly coloured material: most of the way to as much darker as it was; a
    contrasting one stays."""
    before = float(material[_FIRST] @ LUMA), float(material[_SECOND] @ LUMA)
    ratio = (before[1] + 0.02) / (before[0] + 0.02)
    if ratio < 0.3 or ratio > 1.7:
        return material[_SECOND].copy()
    darker = np.clip(colour * np.float32(np.clip(ratio, 0.6, 1.2)), 0.0, 1.0)
    return np.asarray(darker + np.float32(0.4) * (material[_SECOND] - darker), np.float32)


def _hair(colour: Colour) -> float:
    swatches = [np.frombuffer(bytes.fromhex(swatch), np.uint8) / 255.0 for _, swatch in _HAIR]
    distances = [float(np.abs(swatch - colour).sum()) for swatch in swatches]
    return _HAIR[int(np.argmin(distances))][0]


def _first_colour(concept: Concept | None) -> Colour | None:
    if concept is None:
        return None
    return next((np.array(step.values, np.float32) for step in concept.steps if len(step.indices) == 3), None)


def _target(mention: Mention) -> str:
    return mention.concept.target if mention.concept is not None else ""


# From how much glow on a colour is that of a light, and how much paler a light is.
_SHINES: Final = 0.3
_PALER: Final = np.float32(0.2)
_NEON: Final = Concept(("neon",), "feature", (Step("least", (_AT["emission"],), (0.85,)),))
