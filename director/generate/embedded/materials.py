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


def material_rows(
    objects: Sequence[SceneObject],
    materials: Sequence[NDArray[np.float32]],
    named: Sequence[bool],
    lamps: Sequence[Lamp],
    look: NDArray[np.float32],
) -> NDArray[np.float32]:
    """float32[objects, ROW]: one row an object, in order.

    `materials` are float32[len(MATERIAL)] each; `named` tells which objects have a prompt of their own:
    the others take on some of the place's colour, and those that carry a lamp its light.
    """
    rows = np.zeros((len(objects), ROW), np.float32)
    place, amount = look[_PLACE], float(look[_PLACE_AMOUNT]) * _PLACE_SHARE
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
            for colour in (_FIRST, _SECOND):
                row[colour] += amount * (place - row[colour])
    return rows
