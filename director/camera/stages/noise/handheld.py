"""Handheld: the unrest of a camera that somebody holds. It is SYNTHESISED, not recorded (`recorded` is).

No recording of a real camera went into it. Each of the six channels is a sum of bands of noise at the
frequencies at which bodies and vehicles are known to move:
- breathing near 0.3 Hz, and the sway of a standing body about 1 Hz and below;
- steps: near 2 Hz walking, near 2.8 Hz running, mostly up and down;
- physiological tremor of the hands, 8 to 12 Hz, small (J. H. McAuley, C. D. Marsden, "Physiological and
  pathological tremors and rhythmic central motor control", Brain 123, 2000);
- a vehicle's body on its springs at 1 to 2 Hz and its wheels' hop at 10 to 15 Hz (T. D. Gillespie,
  *Fundamentals of Vehicle Dynamics*, SAE 1992).
The amounts are chosen by eye, not measured. A band is a sum of sines of random phases and of frequencies
spread over it, the spectral representation of a Gaussian process (M. Shinozuka, G. Deodatis, Applied
Mechanics Reviews 44, 1991): seeded, a function of time alone, with zero mean and a known spread.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from director.camera.stage import Noise
from director.errors import UsageError
from director.math3d import quaternion_from_euler
from director.types import Correction, Vector

__all__ = ["EXAMPLE", "SHAKES", "Band", "Handheld"]

_SINES = 16


@dataclass(frozen=True, slots=True)
class Band:
    """Noise between two frequencies: its spread (standard deviation) in millimetres right, up and back,
    and in degrees of pan, tilt and roll."""

    low_hz: float
    high_hz: float
    position_mm: Vector
    turn_deg: Vector


SHAKES: MappingProxyType[str, tuple[Band, ...]] = MappingProxyType(
    {
        # A tripod on a floor that people walk on.
        "tripod": (
            Band(0.2, 0.5, (0.1, 0.05, 0.1), (0.008, 0.008, 0.002)),
            Band(4.0, 7.0, (0.02, 0.03, 0.02), (0.003, 0.004, 0.001)),
        ),
        # On a shoulder, standing.
        "shoulder": (
            Band(0.25, 0.35, (1.0, 3.0, 1.5), (0.10, 0.22, 0.05)),
            Band(0.7, 1.3, (3.0, 1.5, 2.5), (0.18, 0.14, 0.10)),
            Band(8.0, 12.0, (0.06, 0.06, 0.05), (0.015, 0.018, 0.010)),
        ),
        # Carried at a run: steps, the sway of the trunk at half their rate, the jolt of each foot.
        "run": (
            Band(1.3, 1.5, (18.0, 4.0, 6.0), (0.9, 0.3, 0.9)),
            Band(2.6, 3.0, (5.0, 28.0, 9.0), (0.4, 1.0, 0.4)),
            Band(8.0, 12.0, (0.8, 1.2, 0.8), (0.10, 0.12, 0.08)),
        ),
        # Mounted in or on a vehicle on a road.
        "vehicle": (
            Band(1.0, 2.0, (4.0, 9.0, 2.0), (0.08, 0.25, 0.20)),
            Band(10.0, 15.0, (0.4, 0.9, 0.3), (0.03, 0.06, 0.03)),
        ),
    }
)
"""Bands of shake by name."""


@dataclass(frozen=True, slots=True)
class Handheld(Noise):
    """Shake of a kind in SHAKES. `amount` multiplies its size, `frequency_gain` its speed; another seed is
    another operator. Raises UsageError for a shake that there is not."""

    shake: str = "shoulder"
    amount: float = 1.0
    frequency_gain: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.shake not in SHAKES:
            raise UsageError(
                f"no shake is called {self.shake!r}",
                subject="handheld",
                mend=f"there are: {', '.join(SHAKES)}",
            )

    def correction_at(self, time_s: float) -> Correction:
        omega, phase, sizes = _sines(SHAKES[self.shake], self.seed)
        waves = np.sin(omega * (self.frequency_gain * time_s) + phase)
        x, y, z, pan, tilt, roll = (self.amount * float(value) for value in (sizes * waves).sum(axis=1))
        return Correction((x, y, z), quaternion_from_euler(pan, tilt, roll))


@lru_cache(maxsize=64)
def _sines(
    bands: tuple[Band, ...], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Angular frequencies, phases and sizes of the sines, float64[6, n] each; sizes in metres and radians."""
    random = np.random.Generator(np.random.PCG64(seed))
    omega, phase, sizes = [], [], []
    for band in bands:
        # One in each slice of the band, at a place of its own: evenly spread, but never in step again.
        slices = (np.arange(_SINES) + random.random((6, _SINES))) / _SINES
        omega.append(math.tau * (band.low_hz + (band.high_hz - band.low_hz) * slices))
        phase.append(math.tau * random.random((6, _SINES)))
        spread = np.array([*np.array(band.position_mm) / 1000, *np.radians(band.turn_deg)])
        # A sine of size a has the variance a² / 2.
        sizes.append(np.repeat(spread[:, None] * math.sqrt(2 / _SINES), _SINES, axis=1))
    return np.hstack(omega), np.hstack(phase), np.hstack(sizes)


EXAMPLE = Handheld()
