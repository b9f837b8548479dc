"""What a word means on the thing it is said of: a frozen lake is a frozen lake, a lemon on a plate no colour.

Words name something else on some classes than on others. Where the lexicon knows the word together with
the noun of the class ("bare tree", "rusty door", "salmon food"), that is what is meant.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.concepts import Concept
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.mentions import Mention

__all__ = ["FIGURE", "lies_on", "over", "sensed", "specific"]

# The target of what only somebody can be: "roman" is a senator, but no road.
FIGURE: Final = "figure"
_VEHICLES: Final = ("car", "van", "truck", "bus", "minibike", "bicycle", "airplane")
# What grows, lives or is eaten, and how the lexicon writes its kinds where their names are colours too.
_NATURAL: Final[dict[str, tuple[str, ...]]] = {
    "food": ("{} food", "{} fruit", "{}s", "{}es"),
    "plate": ("{} food", "{} fruit"),
    "animal": ("{} animal", "{} bird", "{} fish"),
    "flower": ("{} flower", "{}s"),
    "plant": ("{} plant", "{} flower"),
    "field": ("{} field", "{} flower", "{} fields"),
    "tree": ("{} tree",),
    "bottle": ("{} drink",),
    "glass": ("{} drink",),
    "vase": ("{} stone",),
    "sculpture": ("{} stone",),
    **dict.fromkeys(_VEHICLES, ("{} paint",)),
}
# Nouns of a class, where they are others than its name.
_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "grass": ("lawn", "grass"),
    "windowpane": ("window", "windowpane"),
    "food": (),
    "person": (),
    "wall": (),
    "floor": (),
    "building": ("building", "house"),
    "skyscraper": ("skyscraper", "tower"),
    "stairs": ("stairs", "steps"),
    "stairway": ("stairs", "steps"),
    "dirt track": ("road", "track"),
    "path": ("path", "road"),
    "earth": ("ground", "earth"),
    "land": ("ground", "land"),
    "refrigerator": ("fridge",),
    "signboard": ("sign",),
    "trade name": ("sign",),
    "television receiver": ("tv",),
    "sculpture": ("statue", "sculpture"),
    "plaything": ("toy",),
    "bathtub": ("bath", "bathtub"),
    "chest of drawers": ("cabinet",),
    "wardrobe": ("wardrobe", "cabinet"),
    "cabinet": ("cabinet", "cupboard"),
    "minibike": ("scooter", "motorbike"),
    "airplane": ("plane",),
    "pot": ("pot",),
}
# What is another thing when it is frozen, dry or covered; what is made is the same thing in another state.
_CHANGING: Final = frozenset(
    ("grass", "lake", "mountain", "river", "sea", "swimming pool", "tree", "waterfall")
)
# On these, somebody is meant where somebody is named.
_FIGURES: Final = frozenset(("person", "apparel", "painting", "poster", "plaything"))
_PICTURES: Final = frozenset(("painting", "poster"))
# Parts that take the second colour, by class; on others these words are things of their own.
_OF_HOUSES: Final = frozenset(
    (
        "shutter",
        "shutters",
        "door",
        "doors",
        "roof",
        "window frames",
        "frames",
        "chimney",
        "awning",
        "awnings",
    )
)
_PARTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("house", "building", "hovel", "skyscraper", "tower"), _OF_HOUSES),
    **dict.fromkeys(
        ("car", "van", "truck", "bus"),
        frozenset(("roof", "wheels", "wheel", "interior", "seats", "hood", "bonnet", "flames", "hubcaps")),
    ),
    **dict.fromkeys(("ship", "boat"), frozenset(("sail", "sails", "funnel", "funnels", "deck", "hull"))),
    **dict.fromkeys(("bed", "sofa", "armchair"), frozenset(("pillow", "pillows", "cushion", "cushions"))),
    "book": frozenset(("lettering", "letters", "title", "spine")),
    "lamp": frozenset(("base", "stand", "foot")),
}
_PART: Final = Concept(("part",), "feature", (), "second")
_LAID: Final = frozenset(
    ("covered", "strewn", "coated", "carpeted", "caked", "draped", "wrapped", "clad", "encrusted", "lined")
)
# What shows through rust, moss and ice.
_RELIEF: Final = tuple(
    MATERIAL.index(name)
    for name in ("brick", "planks", "tiles", "weave", "stripes", "veins", "windows", "lit")
)
# Kinds that are whole classes of their own, and only say of another thing where it stands.
_CLASS_NOUNS: Final = frozenset(
    ("house", "farmhouse", "building", "church", "castle", "factory", "school", "hospital", "hotel", "garden",
     "farm", "pub", "kitchen", "library", "station", "beach", "street", "road", "forest")
)  # fmt: skip
# What gives light, where "blazing red" is how bright it burns.
_LAMPS: Final = frozenset(
    ("lamp", "light", "chandelier", "sconce", "streetlight", "traffic light", "trade name", "signboard",
     "screen", "monitor", "crt screen", "television receiver", "computer", "fireplace")
)  # fmt: skip
# Times and styles by which a building is named; what else is of them is said by its class.
_STYLES: Final = frozenset(
    ("art deco", "deco", "art nouveau", "victorian", "georgian", "gothic", "tudor", "medieval", "baroque",
     "edwardian", "moroccan", "greek", "spanish", "swedish", "japanese house", "brutalist")
)  # fmt: skip
_BUILT: Final = frozenset(("house", "building", "hovel", "skyscraper", "tower", "bridge", "wall", "hill"))
# Before a colour these say how vivid it is, not that it burns.
_VIVID: Final = frozenset(("blazing", "flaming", "fiery", "burning", "glowing", "shining", "flashing"))
_ENDS: Final = frozenset(("break", "link"))
# How far a word is believed that is known only together with the noun of its class.
_TRUST: Final = 0.9


def sensed(mentions: list[Mention], class_name: str, known: Callable[[str], Concept | None]) -> list[Mention]:
    """The mentions, each as what it means on an object of the class; `known` gives a phrase's concept."""
    if class_name not in _FIGURES:
        mentions = [_nobody(mention) for mention in mentions]
    parts = _PARTS.get(class_name, frozenset())
    mentions = [
        replace(mention, kind="concept", concept=_PART, borrowed=())
        if mention.text in parts and _has_whole(mentions[:at], parts)
        else mention
        for at, mention in enumerate(mentions)
    ]
    if class_name == "person" and any(_is_somebody(mention) for mention in mentions):
        # A fireman in full gear is no machine.
        mentions = [_unlisted(m) if _is_kind(m) and not _is_somebody(m) else m for m in mentions]
    if class_name not in _BUILT:
        mentions = [_unlisted(m) if m.text in _STYLES and m.concept else m for m in mentions]
    mentions = [
        m
        for at, m in enumerate(mentions)
        if m.text not in _VIVID or class_name in _LAMPS or not _colours(mentions[at + 1 : at + 2])
    ]
    if class_name in _PICTURES:
        mentions = [m for at, m in enumerate(mentions) if not _shows(m, mentions[at + 1 :], class_name)]
    has_kind = any(_is_kind(mention) and not mention.borrowed for mention in mentions)
    result: list[Mention] = []
    for at, mention in enumerate(mentions):
        after = mentions[at + 1] if at + 1 < len(mentions) else None
        is_last = after is None or after.kind in _ENDS or (after.kind == "colour" and class_name in _CHANGING)
        concept = None
        if is_last and not has_kind and result and mention.kind == "unknown":
            # "Toxic waste", said of a barrel.
            concept = _compound(f"{result[-1].text} {mention.text}", class_name, known)
            if concept is not None:
                result.pop()
        if concept is None and (is_last or class_name == "person") and not mention.is_negated:
            concept = _meant(mention, class_name, known, is_free=not has_kind, is_last=is_last)
        if concept is None:
            result.append(mention)
        else:
            has_kind = has_kind or concept.layer == "kind"
            strength = 1.0 if mention.borrowed else mention.strength
            meant = replace(mention, kind="concept", concept=concept, colour=None, strength=strength)
            result.append(replace(meant, trust=max(mention.trust, _TRUST), borrowed=()))
    return result


def specific(kinds: list[Mention], class_name: str, known: Callable[[str], Concept | None]) -> list[Mention]:
    """Of several kinds those that say most: a Victorian mansion is Victorian, a farmhouse table no house."""
    if len(kinds) < 2:
        return kinds
    own = known(class_name)
    strange = [mention for mention in kinds if mention.text in _CLASS_NOUNS and mention.text != class_name]
    named = [m for m in kinds if m.concept is not own and (m not in strange or m is kinds[-1])]
    return named or kinds


def lies_on(mention: Mention | None) -> bool:
    """Whether what follows lies all over the thing: "strewn with leaves"."""
    return mention is not None and mention.text in _LAID


def over(material: NDArray[np.float32], skin: NDArray[np.float32]) -> NDArray[np.float32]:
    """A material under rust, moss or ice: its relief, and all else as the skin has it."""
    result = skin.copy()
    for index in _RELIEF:
        result[index] = max(float(skin[index]), float(material[index]))
    metal = MATERIAL.index("metal")
    result[metal] = (skin[metal] + material[metal]) / 2
    return result


def _nobody(mention: Mention) -> Mention:
    """A word for somebody, said of a thing: not understood."""
    concept = mention.concept
    if concept is None or (concept.target != FIGURE and concept.layer != "trait"):
        return mention
    return _unlisted(mention)


def _is_kind(mention: Mention) -> bool:
    return mention.concept is not None and mention.concept.layer == "kind"


def _is_somebody(mention: Mention) -> bool:
    return mention.concept is not None and mention.concept.target == FIGURE and _is_kind(mention)


def _has_whole(before: list[Mention], parts: frozenset[str]) -> bool:
    """Whether what a part is part of was spoken of: else the part is the thing."""
    return any(m.kind in _ENDS or (_is_kind(m) and m.text not in parts) for m in before)


def _shows(mention: Mention, after: list[Mention], class_name: str) -> bool:
    """Whether a word only says that it is a picture, of what follows: that has the colours."""
    is_picture = mention.concept is not None and mention.concept.words[0] == class_name
    return is_picture and any(_is_kind(m) or m.kind == "colour" for m in after)


def _unlisted(mention: Mention) -> Mention:
    return Mention("unknown", mention.text, trust=0.0)


def _colours(mentions: list[Mention]) -> bool:
    return any(mention.kind == "colour" for mention in mentions)


def _meant(
    mention: Mention,
    class_name: str,
    known: Callable[[str], Concept | None],
    *,
    is_free: bool,
    is_last: bool,
) -> Concept | None:
    """`is_free`: no kind of thing is named beside it."""
    if mention.kind == "colour" and mention.tones:
        return None
    layer = mention.concept.layer if mention.concept is not None else ""
    is_paint = layer == "material" and class_name in (*_VEHICLES, "tree")
    forms: list[str] = []
    is_other = layer == "kind" and class_name == "animal"
    if is_other or ((is_free or is_paint) and (mention.kind in ("colour", "unknown") or layer == "material")):
        forms += [form.format(mention.text) for form in _NATURAL.get(class_name, ())]
    if class_name == "person" and (layer == "feature" or (layer == "material" and is_last)):
        forms.append(f"{mention.text} look")
    is_unlisted = mention.kind == "unknown" or (is_free and bool(mention.borrowed))
    if is_unlisted or (is_free and layer in ("feature", "material") and class_name in _CHANGING):
        return _first(forms, known) or _compound(mention.text, class_name, known)
    return _first(forms, known)


def _compound(text: str, class_name: str, known: Callable[[str], Concept | None]) -> Concept | None:
    return _first([f"{text} {noun}" for noun in _NOUNS.get(class_name, (class_name,))], known)


def _first(phrases: list[str], known: Callable[[str], Concept | None]) -> Concept | None:
    return next((concept for phrase in phrases if (concept := known(phrase)) is not None), None)
