"""Random sets as directors block them: towns, rooms, country, shows.

Every set is a scene document like those a director writes, made from a seed alone. None of the shipped
sets, nor anything measured from them, is in here. The kinds are in set_town, set_rooms, set_country and
set_shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from director.scene.document import Scene
from tools.teacher.set_country import COUNTRY
from tools.teacher.set_pieces import Face, Point, SetBuilder
from tools.teacher.set_rooms import ROOMS
from tools.teacher.set_shows import SHOWS
from tools.teacher.set_town import TOWN

__all__ = ["KINDS", "RandomSet", "random_set"]

KINDS: Final[Mapping[str, Callable[[SetBuilder], None]]] = {**TOWN, **ROOMS, **COUNTRY, **SHOWS}
# Every kind comes once in a round of seeds; these come more often.
_AGAIN: Final = ("street", "street", "street", "living room", "landscape", "road", "single", "stage")


@dataclass(frozen=True, slots=True)
class RandomSet:
    """A set, and what a camera may do in it: `eyes` and `targets` are points in metres where it may stand
    and look; `faces` are those of its people, `details` what is worth a picture of its own."""

    kind: str
    scene: Scene
    eyes: tuple[Point, ...]
    targets: tuple[Point, ...]
    faces: tuple[Face, ...] = ()
    details: tuple[tuple[Point, float], ...] = ()


def random_set(seed: int) -> RandomSet:
    """The set of this seed: the same for the same seed, always. Each round of seeds has every kind."""
    rounds = [*KINDS, *_AGAIN]
    order = np.random.default_rng([seed // len(rounds), 3]).permutation(len(rounds))
    kind = rounds[order[seed % len(rounds)]]
    builder = SetBuilder(np.random.default_rng([seed, 7]))
    KINDS[kind](builder)
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": f"set-{seed}",
            "near_m": 0.2,
            "far_m": 400.0,
            "sun": {
                "azimuth_deg": builder.between(-180, 180),
                "elevation_deg": builder.between(5, 30) if builder.chance(0.5) else builder.between(20, 70),
            },
            "objects": builder.objects,
        }
    )
    return RandomSet(
        kind,
        scene,
        tuple(builder.eyes),
        tuple(builder.targets),
        tuple(builder.faces),
        tuple(builder.details),
    )
