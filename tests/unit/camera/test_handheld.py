"""Synthesised shake: a function of time, with the spectrum that it says it has."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.stages.noise.handheld import SHAKES, Handheld
from director.errors import UsageError
from director.types import Correction

RATE = 64
SECONDS = 200


def channels(shake: Handheld) -> NDArray[np.float64]:
    """float64[n, 6]: x, y, z in metres; twice the quaternion's vector, radians for turns this small."""
    corrections = [shake.correction_at(i / RATE) for i in range(SECONDS * RATE)]
    return np.array([(*c.position, *(2 * q for q in c.orientation[:3])) for c in corrections])


@pytest.fixture(scope="module", params=sorted(SHAKES))
def shaken(request: pytest.FixtureRequest) -> tuple[str, NDArray[np.float64]]:
    return request.param, channels(Handheld(request.param, seed=3))


def test_the_same_time_has_the_same_value() -> None:
    shake = Handheld("run", seed=5)
    there = [shake.correction_at(t) for t in (3.0, 0.1, 800.0)]
    assert [Handheld("run", seed=5).correction_at(t) for t in (3.0, 0.1, 800.0)] == there
    assert Handheld("run", seed=6).correction_at(3.0) != there[0]


def test_zero_mean_and_the_spread_that_is_said(shaken: tuple[str, NDArray[np.float64]]) -> None:
    name, values = shaken
    bands = SHAKES[name]
    millimetres = np.sqrt(sum(np.square(band.position_mm) for band in bands))
    degrees = np.sqrt(sum(np.square(band.turn_deg) for band in bands))
    spread = values.std(axis=0)
    assert (np.abs(values.mean(axis=0)) < 0.05 * spread).all()
    np.testing.assert_allclose(spread[:3], millimetres / 1000, rtol=0.1)
    # The quaternion's x is tilt, its y pan, its z roll.
    np.testing.assert_allclose(spread[[4, 3, 5]], np.radians(degrees), rtol=0.1)


def test_the_spectrum_has_its_bands_and_nothing_else(shaken: tuple[str, NDArray[np.float64]]) -> None:
    name, values = shaken
    window = np.hanning(len(values))[:, None]
    power = np.square(np.abs(np.fft.rfft(values * window, axis=0)))
    frequency = np.fft.rfftfreq(len(values), 1 / RATE)
    within = np.zeros(len(frequency), bool)
    near = np.zeros(len(frequency), bool)
    for band in SHAKES[name]:
        within |= (frequency > band.low_hz - 0.03) & (frequency < band.high_hz + 0.03)
        near |= (frequency > 0.85 * band.low_hz) & (frequency < 1.15 * band.high_hz)
    floor = power[~near].mean(axis=0)
    for band in SHAKES[name]:
        inside = (frequency > band.low_hz) & (frequency < band.high_hz)
        assert (power[inside].mean(axis=0) > 20 * floor).all(), f"a peak in {band}"
    assert (power[within].sum(axis=0) > 0.98 * power.sum(axis=0)).all()


def test_a_shoulder_breathes_sways_and_trembles() -> None:
    assert [(band.low_hz + band.high_hz) / 2 for band in SHAKES["shoulder"]] == pytest.approx(
        [0.3, 1.0, 10.0]
    )
    sizes = [max(band.turn_deg) for band in SHAKES["shoulder"]]
    assert sizes[2] < 0.2 * min(sizes[:2]), "tremor is small"


def test_amount_and_speed() -> None:
    plain, double = Handheld("vehicle"), Handheld("vehicle", amount=2.0, frequency_gain=0.5)
    for time_s in (0.3, 7.7):
        once, twice = plain.correction_at(time_s), double.correction_at(2 * time_s)
        assert twice.position == pytest.approx([2 * x for x in once.position])
    with pytest.raises(UsageError, match="no shake is called 'dizzy'"):
        Handheld("dizzy")
    none = Handheld("run", amount=0.0).correction_at(1.0)
    assert none == Correction()


def test_kinds_differ_in_size() -> None:
    def size(name: str) -> float:
        shake = Handheld(name, seed=1)
        return math.fsum(math.hypot(*shake.correction_at(i / 7).position) for i in range(400)) / 400

    assert size("tripod") < 0.1 * size("shoulder")
    assert size("shoulder") < 0.5 * size("run")
