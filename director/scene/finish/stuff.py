"""What finished pieces can be made of, by name.

What each name means for colour and pattern is a generator's to say: generate/embedded/stuffs.py.
"""

from typing import Final

__all__ = ["STUFF_NAMES", "stuff_index"]

# The order is kept: generators are trained with these numbers.
STUFF_NAMES: Final[tuple[str, ...]] = (
    "own",
    "own plain",
    "own second",
    "light trim",
    "dark trim",
    "glass",
    "pane",
    "rubber",
    "chrome",
    "steel",
    "headlamp",
    "tail lamp",
    "wood",
    "bark",
    "leaf",
    "leaf shade",
    "soil",
    "stone",
    "water",
    "paint white",
    "paint yellow",
    "linen",
    "paper",
    "cover red",
    "cover blue",
    "cover green",
    "cover ochre",
    "brass",
    "skin",
    "hair",
    "garment top",
    "garment legs",
    "screen",
    "lamp",
    "flower",
    "roof",
    "iron",
    "neon",
    "tar",
    "gloss paint",
    "amber lamp",
    "green lamp",
    "eye white",
    "iris",
    "lips",
    "ember",
    "porcelain",
    "upholstery",
    "mirror",
    "painted flesh",
    "enamel",
)
_PLACE: Final = {name: i for i, name in enumerate(STUFF_NAMES)}


def stuff_index(name: str) -> int:
    """The place of a stuff in STUFF_NAMES. Raises KeyError for one there is not."""
    return _PLACE[name]
