"""The halo: what is bright spreads, what is dark stays, and no light is taken away."""

import pytest
import torch
from torch import Tensor

from director.generate.embedded.halo import with_halo
from director.generate.embedded.look import SCENE, SCENE_DEFAULT

_SIDE = 64


def _look(*glow: float) -> Tensor:
    look = torch.tensor([list(SCENE_DEFAULT.values())] * len(glow), dtype=torch.float32)
    look[:, SCENE.index("glow")] = torch.tensor(glow)
    return look


def _spot(bright: float = 60.0, ground: float = 0.0) -> Tensor:
    light = torch.full((1, 3, _SIDE, _SIDE), ground)
    light[:, :, 28:36, 28:36] = bright
    return light


def test_a_bright_spot_spreads_and_fades_with_distance() -> None:
    light = _spot()
    found = with_halo(light, _look(0.7))
    added = (found - light)[0].mean(0)
    assert (added >= 0).all()
    beside = [float(added[32, 32 + away]) for away in (6, 10, 18, 28)]
    assert beside == sorted(beside, reverse=True)
    assert beside[0] > 0.5
    assert beside[2] > 0.01
    # Up and down as to the sides, and to the left as to the right.
    torch.testing.assert_close(added.t(), added)
    torch.testing.assert_close(found.flip(-1), with_halo(light.flip(-1), _look(0.7)))
    torch.testing.assert_close(found.flip(-2), with_halo(light.flip(-2), _look(0.7)))


def test_a_coloured_spot_has_a_halo_of_its_colour() -> None:
    light = _spot() * torch.tensor([1.0, 0.5, 0.1])[:, None, None]
    added = (with_halo(light, _look(0.7)) - light)[0, :, 31, 40]
    torch.testing.assert_close(added / added[0], torch.tensor([1.0, 0.5, 0.1]))


def test_more_glow_is_more_halo() -> None:
    light = _spot()
    sums = [float((with_halo(light, _look(glow)) - light).sum()) for glow in (0.1, 0.3, 0.6, 1.0)]
    assert sums == sorted(sums)
    # By its square, nearly: the even veil is in proportion.
    assert 3 < sums[2] / sums[1] < 4.5


def test_nothing_is_taken_away_and_nothing_is_negative() -> None:
    light = torch.rand(2, 3, 48, 80, generator=torch.Generator().manual_seed(3)) ** 8 * 20
    found = with_halo(light, _look(0.4, 1.0))
    assert torch.isfinite(found).all()
    assert (found >= light).all()


@pytest.mark.parametrize("glow", [0.0, 0.019])
def test_without_glow_the_picture_is_the_very_same(glow: float) -> None:
    light = _spot()
    assert with_halo(light, _look(glow)) is light


def test_a_dark_picture_is_unchanged_but_for_an_even_veil() -> None:
    black = torch.zeros(1, 3, _SIDE, _SIDE)
    assert torch.equal(with_halo(black, _look(1.0)), black)
    dim = torch.full((1, 3, _SIDE, _SIDE), 0.1)
    torch.testing.assert_close(with_halo(dim, _look(1.0)), dim * 1.06)


def test_each_picture_of_a_batch_has_its_own_glow() -> None:
    light = torch.cat([_spot(), _spot()])
    found = with_halo(light, _look(0.0, 0.8))
    assert torch.equal(found[0], light[0])
    torch.testing.assert_close(found[1:], with_halo(_spot(), _look(0.8)))


@pytest.mark.parametrize("size", [(16, 16), (16, 512), (48, 80), (288, 512)])
def test_any_size_in_sixteenths_will_do(size: tuple[int, int]) -> None:
    light = torch.full((1, 3, *size), 2.0)
    found = with_halo(light, _look(0.5))
    assert found.shape == light.shape
    # Even light stays even up to the borders.
    torch.testing.assert_close(found, found[:, :, :1, :1].expand_as(found))
