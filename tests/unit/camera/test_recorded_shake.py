"""Recorded shake: a loop that closes, and is laid over the camera as it was filmed."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from director.camera.angles import angles_from_orientation
from director.camera.shakes import SHAKE_NAMES, shake_named
from director.camera.stages.noise.handheld import SHAKES, Handheld
from director.camera.stages.noise.recorded import RECORDED, Recorded
from director.errors import UsageError
from director.types import Correction
from tools.recorded_shakes import shake_of

RATE = 240


def channels(shake: Recorded, seconds: float) -> NDArray[np.float64]:
    """float64[n, 6]: x, y, z in metres; the quaternion's vector."""
    corrections = [shake.correction_at(i / RATE) for i in range(int(seconds * RATE))]
    return np.array([(*c.position, *c.orientation[:3]) for c in corrections])


@pytest.mark.parametrize("name", RECORDED)
def test_it_goes_round_without_a_jump_and_about_where_the_camera_is(name: str) -> None:
    values = channels(Recorded(name), 40.0)
    spread = values.std(axis=0)
    assert spread[3:].min() > 1e-4, "every axis turns"
    assert (np.abs(values.mean(axis=0)) < 0.25 * spread + 1e-4).all()
    # Neither where the loop begins anew nor from one recorded frame to the next: at ten times the
    # recording's rate no step is much larger than the largest that lie beside it.
    steps = np.abs(np.diff(values, axis=0))
    largest = np.maximum(steps[:-2], steps[2:])
    assert (steps[1:-1] <= 2.5 * largest + 0.02 * spread + 1e-9).all()


def test_the_same_time_has_the_same_value_and_another_seed_another() -> None:
    shake = Recorded("walk", seed=5)
    there = [shake.correction_at(t) for t in (3.0, 0.1, 800.0)]
    assert [Recorded("walk", seed=5).correction_at(t) for t in (3.0, 0.1, 800.0)] == there
    assert Recorded("walk", seed=6).correction_at(3.0) != there[0]
    assert Recorded("walk", frequency_gain=2.0, seed=0).correction_at(1.0) == Recorded("walk").correction_at(
        2.0
    )
    assert Recorded("walk", amount=0.0).correction_at(1.0) == Correction()
    x, y, z = Recorded("walk").correction_at(1.0).position
    assert Recorded("walk", amount=2.0).correction_at(1.0).position == pytest.approx((2 * x, 2 * y, 2 * z))


def test_kinds_differ_in_size_and_names_find_them() -> None:
    size = {name: channels(Recorded(name), 20.0)[:, 3:].std() for name in RECORDED}
    assert size["held still"] < 0.5 * size["close-up"]
    assert size["close-up"] < 0.5 * size["handycam run"]
    assert set(SHAKE_NAMES) == {*RECORDED, *SHAKES}
    assert len(SHAKE_NAMES) == len(RECORDED) + len(SHAKES)
    assert shake_named("walk", 0.5) == Recorded("walk", 0.5)
    assert shake_named("run") == Handheld("run")
    with pytest.raises(UsageError, match="dizzy"):
        Recorded("dizzy")


def test_blender_s_angles_become_ours() -> None:
    # Two frames and the first again; about their mean, the turns keep their difference.
    euler = np.array([(0.02, -0.05, 0.03), (0.0, 0.0, 0.0)])
    keys = {
        ("rotation_euler", axis): [(0, euler[0, axis]), (1, euler[1, axis]), (2, euler[0, axis])]
        for axis in range(3)
    }
    made = shake_of(keys)
    assert made.shape == (2, 6)
    turned = Rotation.from_euler("xyz", euler[0])
    x, y, z, w = turned.as_quat()
    angles = angles_from_orientation((float(x), float(y), float(z), float(w)))
    np.testing.assert_allclose(made[0, 3:] - made[1, 3:], angles, atol=1e-9)
    assert math.isclose(made[:, 3:].sum(), 0.0, abs_tol=1e-12)
