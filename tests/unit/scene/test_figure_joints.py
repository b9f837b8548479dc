"""Joints turned by hand: over the pose, within limits, and refused by name where they are not there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.figure_body import BODY_PARTS, JOINTS, PARENTS
from director.scene.figure_joints import JOINT_LIMITS_DEG, Joints, overlaid, turned_joints
from director.scene.figure_pose import part_numbers, posed, walking

Document = dict[str, Any]
Parse = Callable[[Document], Scene]


def turns_of(**joints: Any) -> Any:
    return turned_joints(Joints.model_validate(joints))


def test_every_joint_has_limits_that_mirror() -> None:
    assert JOINT_LIMITS_DEG.keys() == JOINTS.keys()
    for joint in JOINTS:
        if joint.endswith("_l"):
            left, right = JOINT_LIMITS_DEG[joint], JOINT_LIMITS_DEG[joint[:-1] + "r"]
            assert left[1] == right[1]
            for axis in (0, 2):
                assert right[axis] == (-left[axis][1], -left[axis][0])


def test_nothing_turned_is_the_pose_itself() -> None:
    assert turns_of() == ()
    np.testing.assert_array_equal(overlaid(posed("sit"), ()), posed("sit"))
    zero = turns_of(**dict.fromkeys(JOINTS, (0, 0, 0)))
    np.testing.assert_allclose(overlaid(walking(0.3, 1.0), zero), walking(0.3, 1.0), atol=2e-3)


def test_a_turned_shoulder_takes_the_arm_and_nothing_else() -> None:
    before = posed("stand")
    after = overlaid(before, turns_of(shoulder_l=(0, -90, 0)))
    arm = set(part_numbers("shoulder_l").tolist())
    others = [i for i in range(len(BODY_PARTS)) if i not in arm]
    np.testing.assert_array_equal(after[others], before[others])
    wrist, shoulder = (after[part_numbers(joint)[0], :3, 3] for joint in ("wrist_l", "shoulder_l"))
    # A quarter turn forwards: the hand is ahead, level with the shoulder.
    assert wrist[2] - shoulder[2] > 0.28
    assert wrist[1] == pytest.approx(shoulder[1], abs=0.06)


def test_turns_go_from_the_pelvis_outwards_in_whatever_order_they_are_written() -> None:
    one = turns_of(elbow_l=(0, -50, 0), shoulder_l=(0, -60, 20), pelvis=(40, 0, 0))
    other = turns_of(pelvis=(40, 0, 0), shoulder_l=(0, -60, 20), elbow_l=(0, -50, 0))
    assert one == other
    np.testing.assert_array_equal(overlaid(posed("stand"), one), overlaid(posed("stand"), other))


def within(joint: str) -> Any:
    return st.tuples(*(st.floats(low, high) for low, high in JOINT_LIMITS_DEG[joint]))


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional={joint: within(joint) for joint in JOINTS}))
def test_bones_keep_their_length_and_hinges_their_way(joints: dict[str, Any]) -> None:
    matrices = overlaid(posed("stand"), turns_of(**joints))
    for joint, parent in PARENTS.items():
        if joint.startswith("waist"):
            continue
        length = np.linalg.norm(np.subtract(JOINTS[joint], JOINTS[parent]))
        own, above = (matrices[part_numbers(name)[0], :3, 3] for name in (joint, parent))
        assert np.linalg.norm(own - above) == pytest.approx(length, abs=1e-9)
    for side in "lr":
        for upper, lower, way in (("shoulder", "elbow", -1), ("hip", "knee", 1)):
            name = f"{lower}_{side}"
            if name in joints and joints[name][0] == joints[name][2] == 0:
                a, b = (matrices[part_numbers(f"{joint}_{side}")[0], :3, :3] for joint in (upper, lower))
                between = a.T @ b
                assert -0.051 <= way * np.arctan2(between[2, 1], between[1, 1]) <= 2.701


def test_a_knee_never_bends_forwards() -> None:
    straight = overlaid(posed("stand"), turns_of(knee_l=(0, -120, 0)))
    hip, knee, ankle = (straight[part_numbers(f"{joint}_l")[0], :3, 3] for joint in ("hip", "knee", "ankle"))
    assert np.linalg.norm(hip - ankle) == pytest.approx(
        np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle), abs=1e-3
    )
    bent = overlaid(posed("stand"), turns_of(knee_l=(0, 90, 0)))
    assert bent[part_numbers("ankle_l")[0], 2, 3] < -0.2


def person(**fields: Any) -> Document:
    return {"kind": "mannequin", "name": "anna", "class": "person", **fields}


@pytest.mark.parametrize(
    ("joints", "told"),
    [
        ({"elbo_l": [0, 0, 0]}, "there is no joint 'elbo_l'; did you mean elbow_l"),
        ({"tail": [0, 0, 0]}, "there is no joint 'tail'"),
        ({"knee_l": [0, 170, 0]}, "a pitch of 170 degrees is more than knee_l turns: -150 to 150"),
        ({"head": [60, 0, 0]}, "a yaw of 60 degrees"),
        ({"shoulder_r": [0, 0, 120]}, "a roll of 120 degrees"),
    ],
)
def test_says_which_joint_is_wrong(document: Document, parse: Parse, joints: Any, told: str) -> None:
    document["objects"].append(person(joints=joints))
    with pytest.raises(SceneError, match=told) as caught:
        parse(document)
    assert caught.value.field == "objects[4].joints"


def test_a_joint_needs_three_numbers(document: Document, parse: Parse) -> None:
    document["objects"].append(person(joints={"head": [1, 2]}))
    with pytest.raises(SceneError) as caught:
        parse(document)
    assert str(caught.value.field).startswith("objects[4].joints.head")
