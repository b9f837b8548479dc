"""Turning something towards a point of the world, whatever it hangs from and whenever."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from director.app.desk.keying import facing_edit
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.types import Vector

_PLACES = st.tuples(st.floats(-9, 9), st.floats(-2, 2), st.floats(-9, 9))


def scene_of(**fields: Any) -> Scene:
    figure = {"kind": "mannequin", "name": "anna", "class": "person", "position": [1, 0, 2], **fields}
    cart = {"name": "cart", "position": [-2, 0.3, 1], "rotation_deg": [70, 0, 0]}
    return Scene.model_validate(
        {"schema_version": 1, "name": "yard", "prompt": "", "groups": [cart], "objects": [figure]}
    )


def check_faces(scene: Scene, point: Vector, time_s: float) -> None:
    (x, _, z), heading = CompiledScene(scene).locate("anna", time_s)
    wanted = math.atan2(point[0] - x, point[2] - z)
    assert abs(math.remainder(heading - wanted, 2 * math.pi)) < math.radians(0.06)


@given(point=_PLACES.filter(lambda it: math.hypot(it[0] - 1, it[2] - 2) > 0.1))
def test_it_faces_the_point_and_keeps_its_other_turns(point: Vector) -> None:
    turned = facing_edit(scene_of(rotation_deg=[15, 5, 3]), "anna", point, 0.0)
    scene = turned.apply(scene_of(rotation_deg=[15, 5, 3]))
    assert scene.objects[0].rotation_deg[1:] == (5, 3)
    upright = scene_of()
    check_faces(facing_edit(upright, "anna", point, 0.0).apply(upright), point, 0.0)


@given(point=st.tuples(st.floats(4, 9), st.floats(-2, 2), st.floats(4, 9)))
def test_what_hangs_on_a_turned_group_faces_it_as_well(point: Vector) -> None:
    scene = scene_of(parent="cart")
    check_faces(facing_edit(scene, "anna", point, 0.0).apply(scene), point, 0.0)


def test_at_a_key_that_key_alone_is_turned() -> None:
    keys = [
        {"time_s": 0, "position": [0, 0, 0], "rotation_deg": [0, 0, 0]},
        {"time_s": 2, "position": [3, 0, 0], "rotation_deg": [0, 0, 0]},
    ]
    scene = scene_of(keys=keys)
    after = facing_edit(scene, "anna", (9.0, 0.0, 0.0), 2.0).apply(scene)
    check_faces(after, (9.0, 0.0, 0.0), 2.0)
    assert after.objects[0].keys[0] == scene.objects[0].keys[0]
