"""Anchored noise at latent resolution: unit Gaussian, nearly white, and it goes with its surface."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import stats

from director.generate.diffusion.noise import blended, latent_noise, turned
from director.passes.conditioner import Conditioner
from director.types import Direction, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera

_FACTOR = 8
_SIZE = (512, 288)
_FLOOR = Thing("box", (0, -0.4, 0), (400, 0.4, 400), colour=(0.5, 0.5, 0.5))


def _noise(gl: Any, position: tuple[float, float, float], tilt_rad: float, seed: int = 0) -> torch.Tensor:
    conditioner = Conditioner(gl, TestSet([_FLOOR]), *_SIZE, frozenset({"latent-noise"}))
    conditioner.draw(Tick(0, 0.0, 0.0), camera(position, 0.0, tilt_rad), Direction(seed=seed))
    taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return latent_noise(torch.from_numpy(taken.maps["latent-noise"].astype(np.float32)), _FACTOR)


def _sparse(noise: torch.Tensor) -> NDArray[np.float32]:
    return np.asarray(noise[0, :, ::3, ::3].flatten().numpy(), np.float32)


# Straight down, and up to sixty degrees from it.
@pytest.mark.parametrize("obliquity_deg", [0.0, 35.0, 60.0])
@pytest.mark.parametrize("height_m", [2.0, 7.3])
def test_it_is_unit_gaussian_and_nearly_white(gl: Any, obliquity_deg: float, height_m: float) -> None:
    noise = _noise(gl, (0.3, height_m, 0.2), math.radians(obliquity_deg - 90.0), seed=5)
    values = noise.flatten().numpy()
    assert abs(values.mean()) < 0.02
    assert abs(values.var() - 1.0) < 0.02
    assert abs(stats.kurtosis(values)) < 0.25
    assert stats.kstest(_sparse(noise), "norm").pvalue > 1e-3
    planes = noise[0].numpy()
    across = np.mean([np.corrcoef(p[:, 1:].ravel(), p[:, :-1].ravel())[0, 1] for p in planes])
    down = np.mean([np.corrcoef(p[1:].ravel(), p[:-1].ravel())[0, 1] for p in planes])
    assert abs(across) < 0.1
    assert abs(down) < 0.1


def test_it_goes_with_its_surface_by_less_than_a_latent(gl: Any) -> None:
    # Straight down a pixel is this many metres wide; the picture moves by one pixel a tick.
    before = _noise(gl, (0.0, 4.0, 0.0), -math.pi / 2)
    height, width = before.shape[-2:]
    step_m = 24.89 / 32.0 * 4.0 / _SIZE[0]
    one = _noise(gl, (step_m, 4.0, 0.0), -math.pi / 2)
    latent = _noise(gl, (_FACTOR * step_m, 4.0, 0.0), -math.pi / 2)
    near = np.corrcoef(before.flatten().numpy(), one.flatten().numpy())[0, 1]
    assert near > 0.7
    # After a whole latent the same noise lies one column on.
    moved = np.corrcoef(before[..., 1:].flatten().numpy(), latent[..., :-1].flatten().numpy())[0, 1]
    assert moved > 0.9
    stayed = np.corrcoef(before.flatten().numpy(), latent.flatten().numpy())[0, 1]
    assert abs(stayed) < 0.1
    assert (height, width) == (36, 64)


def test_another_seed_is_other_noise(gl: Any) -> None:
    first, second = (_noise(gl, (0.0, 4.0, 0.0), -1.2, seed) for seed in (1, 2))
    assert abs(np.corrcoef(first.flatten().numpy(), second.flatten().numpy())[0, 1]) < 0.05


def test_sizes_that_are_no_multiple_are_made_up() -> None:
    noise = torch.randn(30, 45, 4, generator=torch.Generator().manual_seed(1))
    assert latent_noise(noise, 8).shape == (1, 4, 4, 6)


def test_blends_of_two_are_unit_all_the_way_and_end_on_them() -> None:
    random = torch.Generator().manual_seed(2)
    first, second = (torch.randn(1, 4, 90, 160, generator=random) for _ in range(2))
    for share in (0.0, 0.25, 0.5, 0.9, 1.0):
        assert abs(float(blended(first, second, share).var()) - 1.0) < 0.02
    assert torch.equal(blended(first, second, 0.0), first)
    assert torch.equal(blended(first, second, 1.0), second)


def test_the_noise_of_a_later_step_is_not_that_of_the_first() -> None:
    noise = torch.randn(1, 4, 60, 60, generator=torch.Generator().manual_seed(3))
    again = turned(noise, 1)
    assert abs(float((noise * again).mean())) < 0.03
    assert abs(float(again.var()) - 1.0) < 0.03
    assert torch.equal(noise.sort(dim=1).values, (-again).sort(dim=1).values)
