"""What a finished thing can be made of, as the network tells it: a small palette of substances.

Finished things have parts that no prompt speaks of: the panes of a house, the tyres of a car. At every
pixel the network chooses among these, so that their colours need not be learnt picture by picture, and the
parts that are the object's own keep exactly the colours and patterns that the words asked for.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["GROUPS", "HAIR", "OWN", "SKIN", "Group"]


@dataclass(frozen=True, slots=True)
class Group:
    """A substance: `first` and `second` are shares of the object's own two colours, the rest of the colour
    is `colour`, sRGB."""

    name: str
    colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
    first: float = 0.0
    second: float = 0.0


# The order is kept: weights are trained for it.
GROUPS: Final[tuple[Group, ...]] = (
    Group("own"),  # both colours with their patterns, by formula
    Group("own plain", first=1.0),
    Group("own second", second=1.0),
    Group("light", colour=(0.90, 0.88, 0.83), first=0.3),
    Group("dark", colour=(0.07, 0.07, 0.075), first=0.15),
    Group("glass", colour=(0.03, 0.04, 0.05)),
    Group("metal", colour=(0.55, 0.56, 0.58)),
    Group("wood", colour=(0.36, 0.25, 0.16), first=0.2),
    Group("mineral", colour=(0.45, 0.42, 0.38), first=0.3),
    Group("red", colour=(0.62, 0.08, 0.06)),
    Group("yellow", colour=(0.78, 0.57, 0.18)),
    Group("blue", colour=(0.12, 0.20, 0.36)),
    Group("green", colour=(0.11, 0.27, 0.15)),
    Group("lamp", colour=(1.0, 0.92, 0.80)),
    Group("skin"),  # of people, in the complexion that their row tells
    Group("hair"),
)
_AT: Final = {group.name: i for i, group in enumerate(GROUPS)}
OWN: Final = _AT["own"]
SKIN: Final = _AT["skin"]
HAIR: Final = _AT["hair"]
