"""Every pose of the family: what it touches, nothing in the floor, and limbs that keep their length."""

import itertools
from typing import Any

import numpy as np
import pytest

from director.scene.figure_body import BODY_PARTS, JOINTS, body_mesh, part_mesh_name
from director.scene.figure_pose import RUN_STRIDE, part_numbers, posed, running, turned_to, with_legs
from director.scene.figure_rig import Setting
from director.scene.poses import pose_kind, pose_names
from director.scene.proxies import proxy_kinds

PARTS = list(BODY_PARTS)
# A coat is cloth: its stiff skirt is no part of a body that lies on it.
BODY = [part for part in PARTS if part != "coat"]
WANTED = {
    "stand", "walk", "run", "sit", "crouch", "point", "lie", "lie-side", "fight", "lean", "drive", "carry",
    "wave",
}  # fmt: skip


def at(joint: str, matrices: Any) -> Any:
    return matrices[part_numbers(joint)[0], :3, 3]


def vertices(part: str, matrices: Any, build: float = 0.5) -> Any:
    matrix = matrices[PARTS.index(part)]
    return body_mesh(part_mesh_name(part), build).positions @ matrix[:3, :3].T + matrix[:3, 3]


def palm(side: str, matrices: Any) -> Any:
    return vertices(f"hand_{side}", matrices).mean(axis=0)


def test_the_family_has_them_and_proxies_take_them() -> None:
    assert set(pose_names()) >= WANTED
    for name in pose_names():
        raw = {"kind": "mannequin", "name": "it", "class": "person", "pose": name}
        assert proxy_kinds()["mannequin"].model_validate(raw).parts()


@pytest.mark.parametrize("build", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("name", pose_names())
def test_stands_sits_or_lies_on_the_floor_and_never_in_it(name: str, build: float) -> None:
    for phase in np.linspace(0, 0.9, 10):
        matrices = posed(name, phase=float(phase), build=build)
        lowest = {part: float(vertices(part, matrices, build)[:, 1].min()) for part in BODY}
        assert min(lowest.values()) > -0.0057, min(lowest, key=lowest.__getitem__)  # 1 cm of 1.75 m
        if name != "run":
            assert min(lowest.values()) < 0.008


@pytest.mark.parametrize("name", pose_names())
def test_every_bone_keeps_its_length_and_no_part_is_stretched(name: str) -> None:
    matrices = posed(name)
    for upper, lower in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle")):
        for side in "lr":
            a, b = f"{upper}_{side}", f"{lower}_{side}"
            length = np.linalg.norm(np.subtract(JOINTS[a], JOINTS[b]))
            assert np.linalg.norm(at(a, matrices) - at(b, matrices)) == pytest.approx(length, rel=1e-6)
    turns = matrices[:, :3, :3]
    np.testing.assert_allclose(
        turns @ turns.transpose(0, 2, 1), np.tile(np.eye(3), (len(PARTS), 1, 1)), atol=1e-9
    )
    np.testing.assert_allclose(np.linalg.det(turns), 1, atol=1e-9)


@pytest.mark.parametrize("name", pose_names())
def test_elbows_and_knees_bend_the_way_they_can(name: str) -> None:
    matrices = posed(name)
    for side in "lr":
        for upper, lower, way in (("shoulder", "elbow", -1), ("hip", "knee", 1)):
            a, b = (matrices[part_numbers(f"{joint}_{side}")[0], :3, :3] for joint in (upper, lower))
            between = a.T @ b
            assert -0.06 < way * np.arctan2(between[2, 1], between[1, 1]) < 2.75, f"{lower}_{side}"


@pytest.mark.parametrize("name", ["stand", "carry", "drive", "lie"])
def test_left_and_right_are_alike_where_they_should_be(name: str) -> None:
    matrices = posed(name)
    for part in ("hand", "forearm", "upper_arm", "thigh", "calf", "foot"):
        left, right = vertices(f"{part}_l", matrices), vertices(f"{part}_r", matrices)
        np.testing.assert_allclose(left.min(axis=0)[1:], right.min(axis=0)[1:], atol=1e-6)
        assert left[:, 0].max() == pytest.approx(-right[:, 0].min(), abs=1e-6)


@pytest.mark.parametrize(("seat", "wheel"), [(0.15, 0.30), (0.26, 0.27), (0.26, 0.40), (0.3, 0.2)])
def test_drives_with_both_hands_on_the_wheel(seat: float, wheel: float) -> None:
    matrices = posed("drive", setting=Setting(seat=seat, wheel=wheel))
    assert vertices("hips", matrices)[:, 1].min() == pytest.approx(seat, abs=0.03)
    for side in "lr":
        hand = palm(side, matrices)
        # A rim of 37 cm across; a hand is 18 cm long.
        assert hand[2] == pytest.approx(wheel, abs=0.045)
        assert abs(hand[0]) == pytest.approx(0.105, abs=0.03)
        assert vertices(f"foot_{side}", matrices)[:, 1].min() == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize("hold", [0.1, 0.23, 0.35])
def test_carries_with_the_palms_on_the_box(hold: float) -> None:
    matrices = posed("carry", setting=Setting(hold=hold))
    for side, inner in (("l", np.min), ("r", np.max)):
        hand = vertices(f"hand_{side}", matrices)
        assert abs(inner(hand[:, 0])) == pytest.approx(hold / 2, abs=0.006)
        assert hand[:, 2].min() > 0.1
        assert 0.5 < hand[:, 1].mean() < 0.68


def test_fights_with_the_fists_before_the_chin() -> None:
    matrices = posed("fight")
    chin = at("head", matrices)
    for side in "lr":
        hand = palm(side, matrices)
        assert hand[2] > chin[2] + 0.05
        assert hand[1] == pytest.approx(chin[1], abs=0.1)
    assert at("ankle_l", matrices)[2] - at("ankle_r", matrices)[2] > 0.2


def test_crouches_low_and_lies_flat() -> None:
    assert at("pelvis", posed("crouch"))[1] < 0.3
    assert at("head", posed("crouch"))[1] < 0.65
    back, side = posed("lie"), posed("lie-side")
    for matrices in (back, side):
        assert max(float(vertices(part, matrices)[:, 1].max()) for part in BODY) < 0.35
        assert float(vertices("hips", matrices)[:, 1].min()) < 0.02
        assert at("pelvis", matrices)[[0, 2]] == pytest.approx([0, 0], abs=1e-9)
        assert at("head", matrices)[2] < -0.25
    face = part_numbers("head")[0]
    assert back[face, 1, 2] > 0.95  # up
    assert abs(side[face, 1, 2]) < 0.35  # level


def test_waves_to_and_fro_above_the_shoulder_and_comes_round() -> None:
    period_s = pose_kind("wave").period_s
    assert period_s is not None
    assert period_s > 0.7
    shares = np.linspace(0, 1, 49)
    hands = np.array([palm("r", turned_to("wave", Setting(), float(share))) for share in shares])
    assert hands[:, 1].min() > JOINTS["shoulder_r"][1] + 0.05
    assert 0.08 < np.ptp(hands[:, 0]) < 0.25
    np.testing.assert_allclose(hands[0], hands[-1], atol=1e-12)
    # A gentle rate: nowhere faster than 1.7 m/s for a grown person.
    assert np.linalg.norm(np.diff(hands, axis=0), axis=1).max() * 48 / period_s < 1.0
    still = np.array([at("wrist_l", turned_to("wave", Setting(), float(share))) for share in shares])
    assert np.ptp(still, axis=0).max() < 1e-12


def feet(phase: float, gait: float = 1.0) -> tuple[float, float]:
    matrices = running(phase, gait)
    left, right = (float(vertices(f"foot_{side}", matrices)[:, 1].min()) for side in "lr")
    return left, right


def test_a_run_has_two_flights_and_never_two_feet_down() -> None:
    lows = np.array([feet(float(phase)) for phase in np.linspace(0, 1, 200, endpoint=False)])
    down = lows < 0.004
    assert not down.all(axis=1).any()
    flying = ~down.any(axis=1)
    assert 0.2 < flying.mean() < 0.5
    starts = np.flatnonzero(flying & ~np.roll(flying, 1))
    assert len(starts) == 2
    assert lows.min() > -0.0057
    # The pelvis is highest in flight, lowest while one foot carries.
    height = np.array(
        [running(float(phase), 1.0)[0, 1, 3] for phase in np.linspace(0, 1, 200, endpoint=False)]
    )
    assert height[flying].mean() > height[~flying].mean() + 0.01


def test_a_runners_foot_stands_still_while_it_carries() -> None:
    for side, ahead in (("l", 0.0), ("r", 0.5)):
        places = []
        for phase in np.linspace(0.07, 0.17, 12):
            foot = vertices(f"foot_{side}", running(phase - ahead, 1.0))
            foot[:, 2] += phase * RUN_STRIDE
            places.append(foot)
        assert np.ptp(np.array(places), axis=0)[:, 2].max() < 0.002


def test_the_run_has_no_jumps_and_fades_into_standing() -> None:
    phases = np.linspace(-0.2, 1.2, 1401)
    way = np.array([running(float(phase), 1.0)[:, :3, 3] for phase in phases])
    speed = np.linalg.norm(np.diff(way, axis=0), axis=2) / np.diff(phases)[:, None]
    assert speed.max() < 4.5 * RUN_STRIDE
    np.testing.assert_allclose(running(0.3, 0.0)[:, :3, 3], posed("stand")[:, :3, 3], atol=1e-9)
    for phase, gait in itertools.product(np.linspace(0, 1, 25), (0.3, 0.77, 1.0)):
        lengths = np.linalg.norm(running(float(phase), gait)[:, :3, :3], axis=1)
        np.testing.assert_allclose(lengths, 1, atol=3e-2)


def test_what_it_carries_stays_level_on_walking_legs() -> None:
    carry = posed("carry")
    for phase in np.linspace(0, 1, 13):
        joined = with_legs(carry, running(float(phase), 0.6))
        left, right = palm("l", joined), palm("r", joined)
        np.testing.assert_allclose(left - right, palm("l", carry) - palm("r", carry), atol=1e-9)
        # No gap at the waist.
        waist = joined[part_numbers("pelvis")[0]]
        joint = waist[:3, :3] @ np.subtract(JOINTS["waist"], JOINTS["pelvis"]) + waist[:3, 3]
        np.testing.assert_allclose(at("waist", joined), joint, atol=2e-3)
