"""The human figure: proportions, joints without gaps, and a walk whose feet stand still."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.scene.compile import CompiledScene
from director.scene.figure_body import BODY_PARTS, JOINTS, PARENTS, body_mesh, part_mesh_name
from director.scene.figure_pose import STRIDE, posed, walking
from director.scene.load import parse_scene
from director.scene.proxies import proxy_kinds

PARTS = list(BODY_PARTS)
STILL = ["stand", "sit", "point", "lean", "walk"]


def vertices(part: str, matrices: Any, build: float = 0.5) -> Any:
    matrix = matrices[PARTS.index(part)]
    return body_mesh(part_mesh_name(part), build).positions @ matrix[:3, :3].T + matrix[:3, 3]


def test_is_seven_and_a_half_heads_tall() -> None:
    standing = posed("stand")
    head = vertices("head", standing)
    assert head[:, 1].max() == pytest.approx(1, abs=0.01)
    assert 1 / (head[:, 1].max() - head[:, 1].min()) == pytest.approx(7.5, abs=0.15)
    feet = np.concatenate([vertices(f"foot_{side}", standing) for side in "lr"])
    assert feet[:, 1].min() == pytest.approx(0, abs=1e-4)
    # The legs are half of it, the fingers reach the middle of the thighs, shoulders are two heads wide.
    assert JOINTS["hip_l"][1] == pytest.approx(0.5, abs=0.03)
    assert 0.34 < vertices("hand_l", standing)[:, 1].min() < 0.42
    arms = np.concatenate([vertices(f"upper_arm_{side}", standing) for side in "lr"])
    assert np.ptp(arms[:, 0]) == pytest.approx(2 / 7.5, abs=0.04)


def test_is_symmetrical_and_faces_forward() -> None:
    standing = posed("stand")
    for part in ("hand", "foot", "calf", "upper_arm"):
        left, right = vertices(f"{part}_l", standing), vertices(f"{part}_r", standing)
        assert left[:, 0].mean() == pytest.approx(-right[:, 0].mean(), abs=1e-6)
        assert left[:, 0].mean() > 0
    assert vertices("foot_l", standing)[:, 2].max() > 0.09


def wraps(part: str, point: Any, matrices: Any, build: float) -> float:
    """How often a part's skin winds round a point: 1 inside, 0 outside (van Oosterom & Strackee 1983)."""
    triangles = body_mesh(part_mesh_name(part), build).triangles
    a, b, c = (vertices(part, matrices, build)[triangles] - point).transpose(1, 0, 2)
    la, lb, lc = (np.linalg.norm(side, axis=1) for side in (a, b, c))
    above = (a * np.cross(b, c)).sum(axis=1)
    below = la * lb * lc + (a * b).sum(1) * lc + (b * c).sum(1) * la + (c * a).sum(1) * lb
    return float(np.arctan2(above, below).sum() / (2 * np.pi))


@pytest.mark.parametrize("build", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("pose", STILL)
def test_no_gap_shows_at_a_joint(pose: str, build: float) -> None:
    """Every joint lies within both parts that meet there."""
    matrices = posed(pose, phase=0.2)
    carried = {
        joint: part for part, (joint, _) in BODY_PARTS.items() if part not in ("hair", "long hair", "coat")
    }
    for joint, parent in PARENTS.items():
        outer = carried[joint]
        at = matrices[PARTS.index(outer)][:3, 3]
        if joint == "head":
            # It turns about the top of the spine, below and behind the chin.
            at = at + matrices[PARTS.index("head")][:3, :3] @ [0, 0.018, 0]
        if joint.startswith("shoulder"):
            at = at * [0.88, 1, 1]  # at the very edge of the chest: the overlap is just within
        for part in (carried[parent], outer):
            assert wraps(part, at, matrices, build) > 0.5, f"{part} does not reach {joint}"


@pytest.mark.parametrize("pose", STILL)
def test_nothing_sinks_into_the_ground(pose: str) -> None:
    matrices = posed(pose)
    lowest = min(float(vertices(part, matrices)[:, 1].min()) for part in PARTS)
    assert lowest > -0.006


def test_build_makes_it_stouter_not_taller() -> None:
    standing = posed("stand")
    slim, heavy = vertices("waist", standing, 0.0), vertices("waist", standing, 1.0)
    assert np.ptp(heavy[:, 0]) > 1.4 * np.ptp(slim[:, 0])
    assert np.ptp(heavy[:, 1]) == pytest.approx(np.ptp(slim[:, 1]))


def test_sits_on_its_seat() -> None:
    for seat in (0.2, 0.26, 0.32):
        sitting = posed("sit", seat=seat)
        behind = vertices("hips", sitting)
        assert behind[:, 1].min() == pytest.approx(seat, abs=0.03)
        assert vertices("foot_l", sitting)[:, 1].min() == pytest.approx(0, abs=0.01)


def test_points_ahead() -> None:
    hand = vertices("hand_r", posed("point"))
    assert hand[:, 2].min() > 0.25
    assert 0.7 < hand[:, 1].mean() < 0.9


def test_feet_stand_still_while_they_carry() -> None:
    """The middle third of the stance is flat on the ground and moves with it exactly."""
    for side, ahead in (("l", 0.0), ("r", 0.5)):
        places = []
        for phase in np.linspace(0.15, 0.34, 20):
            foot = vertices(f"foot_{side}", walking(phase - ahead, 1.0))
            foot[:, 2] += phase * STRIDE
            places.append(foot)
            assert foot[:, 1].min() == pytest.approx(0, abs=2e-3)
        slide = np.ptp(np.array(places), axis=0)
        # A share of the height: 1.3 mm on a grown person over a fifth of a stride, which is 27 cm.
        assert slide[:, 2].max() < 0.0008


def test_one_foot_is_always_on_the_ground_and_never_in_it() -> None:
    for phase in np.linspace(0, 1, 60):
        matrices = walking(phase, 1.0)
        lows = [float(vertices(f"foot_{side}", matrices)[:, 1].min()) for side in "lr"]
        assert min(lows) == pytest.approx(0, abs=0.005)
    swing = [
        float(vertices("foot_l", walking(phase, 1.0))[:, 1].min()) for phase in np.linspace(0.65, 0.95, 20)
    ]
    assert max(swing) > 0.02


def test_the_walk_has_no_jumps() -> None:
    phases = np.linspace(-0.2, 2.2, 2401)
    path = np.array([walking(float(phase), 1.0)[:, :3, 3] for phase in phases])
    speed = np.linalg.norm(np.diff(path, axis=0), axis=2) / np.diff(phases)[:, None]
    # A foot in swing is the fastest: the stride in less than half of its time, and then some.
    assert speed.max() < 5 * STRIDE
    np.testing.assert_allclose(walking(0.25, 0.7), walking(1.25, 0.7), atol=1e-9)


def test_gait_fades_into_standing() -> None:
    np.testing.assert_allclose(walking(0.3, 0.0)[:, :3, 3], posed("stand")[:, :3, 3], atol=0.012)
    foot = PARTS.index("foot_l")
    lifted = [float(walking(0.75, gait)[foot, 1, 3]) for gait in (0.0, 0.25, 0.6, 1.0)]
    assert lifted == sorted(lifted)


def test_limbs_keep_their_length() -> None:
    for phase, gait in itertools.product(np.linspace(0, 1, 37), (0.3, 0.77, 1.0)):
        matrices = walking(float(phase), gait)
        scale = np.linalg.norm(matrices[:, :3, :3], axis=1)
        np.testing.assert_allclose(scale, 1, atol=2e-2)
        np.testing.assert_allclose(
            np.linalg.norm(
                matrices[PARTS.index("calf_l"), :3, 3] - matrices[PARTS.index("thigh_l"), :3, 3], axis=-1
            ),
            np.linalg.norm(np.subtract(JOINTS["knee_l"], JOINTS["hip_l"])),
            rtol=0.02,
        )


WAY: dict[str, Any] = {
    "interpolation": "linear",
    "keys": [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 10, "position": [0, 0, 14]}],
}
FIGURE: dict[str, Any] = {"kind": "mannequin", "class": "person", "pose": "walk", "height_m": 1.8}
WALKERS: dict[str, Any] = {
    "schema_version": 1,
    "name": "walk",
    "groups": [{"name": "lift", **WAY}],
    "objects": [{**FIGURE, "name": "own", **WAY}, {**FIGURE, "name": "carried", "parent": "lift"}],
}


def test_a_walker_in_a_scene_does_not_slide() -> None:
    scene = CompiledScene(parse_scene(json.dumps(WALKERS), file="walk", folder=Path()))
    times = np.linspace(3, 6, 181)
    feet = np.array([scene.at(float(time)).batches["mannequin/foot/0.5"].world_from_mesh for time in times])
    ids = scene.at(0).batches["mannequin/foot/0.5"].object_id
    for number in (1, 2):
        ankle = feet[:, ids == number][:, 0, :3, 3]
        step = np.diff(ankle[:, 2])
        flat = np.abs(np.diff(ankle[:, 1])) < 1e-4
        assert flat.sum() > 20
        # Where the foot is flat it stands; the body goes 23 mm a step of these times.
        assert np.median(np.abs(step[flat])) < 0.001
    # One that is carried along walks as one that goes by itself, and after the end both stand.
    np.testing.assert_allclose(feet[:, ids == 1], feet[:, ids == 2], atol=1e-5)
    after = scene.at(20.0).batches["mannequin/foot/0.5"].world_from_mesh
    assert np.ptp(after[:, 2, 3]) < 0.01


def test_dress_and_hair_are_parts() -> None:
    kind = proxy_kinds()["mannequin"]
    base = {"kind": "mannequin", "name": "it", "class": "person"}
    plain = kind.model_validate(base).parts()
    coat = kind.model_validate({**base, "coat": True, "hair_style": "long"}).parts()
    bald = kind.model_validate({**base, "hair_style": "none"}).parts()
    assert (len(coat), len(bald)) == (len(plain) + 1, len(plain) - 1)
    assert len({part.colour for part in plain}) == 5
