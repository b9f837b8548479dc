"""From what was understood of every object to the rows of numbers that the network and its teacher read."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, SCENE
from director.types import Lamp, SceneObject

__all__ = ["ROW", "material_rows"]

ROW = len(MATERIAL) + 1
"""Numbers an object: its material, and 1 for a person."""

_FIRST = slice(MATERIAL.index("first_red"), MATERIAL.index("first_blue") + 1)
_SECOND = slice(MATERIAL.index("second_red"), MATERIAL.index("second_blue") + 1)
_EMISSION = MATERIAL.index("emission")
_PLACE = slice(SCENE.index("place_red"), SCENE.index("place_blue") + 1)
_PLACE_AMOUNT = SCENE.index("place_amount")
# What carries a lamp is seen to glow, and a place colours what nobody named, by so much.
_LAMP_EMISSION = 0.8
_PLACE_SHARE = 0.4
# Sand, ash and moss lie on the ground above all; a season or a biome colours what grows there.
_GROUND_SHARE, _GREEN_SHARE = 0.85, 0.6
_GROUND = frozenset(
    ("earth", "sand", "road", "floor", "path", "dirt track", "sidewalk", "land", "runway", "rock", "mountain")
)
_GREEN = frozenset(("grass", "tree", "plant", "field", "hill", "palm", "flower"))
_LEAVES, _GRAIN, _LIT = (MATERIAL.index(name) for name in ("leaves", "grain", "lit"))
_LAMPS = SCENE.index("lamps")
# At this brightness of the lamps as many windows are lit as the class says; by day fewer, at night more.
_USUAL_LAMPS, _MOST_LIT = 0.4, 0.75


def material_rows(
    objects: Sequence[SceneObject],
    materials: Sequence[NDArray[np.float32]],
    named: Sequence[bool],
    lamps: Sequence[Lamp],
    look: NDArray[np.float32],
) -> NDArray[np.float32]:
    """float32[objects, ROW]: one row an object, in order.

    `materials` are float32[len(MATERIAL)] each; `named` tells which objects have a prompt of their own:
    the others take on some of the place's colour (the ground most of it), their windows are lit as the
    scene's lamps are, and those that carry a lamp have its light.
    """
    rows = np.zeros((len(objects), ROW), np.float32)
    place, amount = look[_PLACE], float(look[_PLACE_AMOUNT])
    # Where nothing green lies on the ground (a desert, ash, snow), grass is bare ground.
    bareness = float(np.clip(8.0 * (max(place[0], place[2]) - place[1]), 0.0, 1.0)) * amount
    carried: Mapping[int, Lamp] = {lamp.object_id: lamp for lamp in lamps}
    for row, item, material, is_named in zip(rows, objects, materials, named, strict=True):
        row[:-1] = material
        person = item.class_name == "person"
        row[-1] = person
        lamp = carried.get(item.id)
        if lamp is not None and lamp.strength > 0:
            row[_EMISSION] = max(row[_EMISSION], _LAMP_EMISSION)
            if not is_named:
                row[_FIRST] = np.asarray(lamp.colour, np.float32) ** np.float32(1 / 2.2)
        elif not is_named and not person:
            share = amount * _share(item.class_name)
            for colour in (_FIRST, _SECOND):
                row[colour] += share * (place - row[colour])
            if item.class_name in ("grass", "field"):
                row[_LEAVES] *= 1.0 - 0.8 * bareness
                row[_GRAIN] += 0.6 * bareness * (1.0 - row[_GRAIN])
            row[_LIT] = min(float(row[_LIT]) * float(look[_LAMPS]) / _USUAL_LAMPS, max(_MOST_LIT, row[_LIT]))
    return rows


def _share(class_name: str) -> float:
    if class_name in _GROUND:
        return _GROUND_SHARE
    return _GREEN_SHARE if class_name in _GREEN else _PLACE_SHARE
