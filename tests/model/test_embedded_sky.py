"""Clouds, discs and stars, and what lies on surfaces: by formula, where it belongs and nowhere else."""

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import atmosphere
from director.generate.embedded.clouds import with_clouds
from director.generate.embedded.features import LIT
from director.generate.embedded.grime import dirty, dusty
from director.generate.embedded.look import SCENE, SCENE_DEFAULT

_SIZE = (48, 64)


def _look(**named: float) -> Tensor:
    values = {**SCENE_DEFAULT, **named}
    return torch.tensor([[values[name] for name in SCENE]])


def _sky(sun_at: tuple[int, int] = (24, 32)) -> tuple[Tensor, Tensor, Tensor]:
    """A structure map with a ramp of cloud noise, planes of what is lit, ground below row 40, and no haze."""
    torch.manual_seed(3)
    height, width = _SIZE
    structure = torch.zeros(1, height, width, 16, dtype=torch.uint8)
    structure[..., 5] = torch.linspace(60, 255, width).to(torch.uint8)
    lit = torch.zeros(1, LIT, height, width)
    lit[:, 3, :40], lit[:, 7, :40] = 0.5, 1.0
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    lit[0, 8] = 1.0 - 1e-5 * ((rows - sun_at[0]) ** 2 + (columns - sun_at[1]) ** 2)
    return structure, lit, torch.zeros(1, height, width)


def _drawn(structure: Tensor, lit: Tensor, hidden: Tensor, look: Tensor) -> Tensor:
    light = torch.full((1, 3, *_SIZE), 0.2)
    return with_clouds(light, structure, lit, hidden, look, atmosphere(look))


def test_clouds_come_with_the_look_and_stay_in_the_sky() -> None:
    clear = _drawn(*_sky(), _look(clouds=0.0, stars=0.0, sun_strength=0.0))
    cloudy = _drawn(*_sky(), _look(clouds=0.7, stars=0.0, sun_strength=0.0))
    assert torch.equal(clear[:, :, 40:], torch.full((1, 3, 8, 64), 0.2))
    assert torch.equal(cloudy[:, :, 40:], clear[:, :, 40:])
    changed = (cloudy - clear)[:, :, :40].abs().sum(1)
    # More noise, more cloud.
    assert float(changed[..., :8].max()) < 1e-4 < float(changed[..., -8:].mean())


def test_the_disc_stands_where_the_sun_is_and_clouds_and_haze_hide_it() -> None:
    structure, lit, hidden = _sky((10, 8))
    look = _look(clouds=0.0, stars=0.0, sun_strength=0.8, sky_strength=0.8)
    bright = _drawn(structure, lit, hidden, look)[0].sum(0)
    assert divmod(int(bright[:40].argmax()), 64) == (10, 8)
    misty = _drawn(structure, lit, torch.full_like(hidden, 0.9), look)[0].sum(0)
    assert float(misty[10, 8]) < 0.25 * float(bright[10, 8])
    structure[..., 5] = 255
    covered = _drawn(structure, lit, hidden, _look(clouds=1.0, stars=0.0, sun_strength=0.8, sky_strength=0.8))
    assert float(covered[0, :, 10, 8].sum()) < 0.5 * float(bright[10, 8])


def test_stars_shine_as_far_as_the_look_has_them() -> None:
    structure, lit, hidden = _sky((200, 200))
    structure[:, 5, 5, 8] = 255
    dark = {"clouds": 0.0, "sun_strength": 0.0, "sky_strength": 0.05}
    with_stars, without = (_drawn(structure, lit, hidden, _look(stars=s, **dark)) for s in (1.0, 0.0))
    gain = (with_stars - without)[0].sum(0)
    assert float(gain[5, 5]) > 1.0
    gain[5, 5] = 0.0
    assert float(gain.abs().max()) < 1e-6


def test_dust_lies_on_what_faces_up_and_gathers_in_stains() -> None:
    structure = torch.full((1, 4, 256, 16), 128, dtype=torch.uint8)
    structure[..., 5] = torch.arange(256).to(torch.uint8)
    colour, place = torch.zeros(1, 3, 4, 256), torch.tensor([0.6, 0.4, 0.2])[None, :, None, None]
    amount = torch.full((1, 4, 256), 0.5)
    flat = dusty(colour, structure, torch.ones(1, 4, 256), amount, place)
    upright = dusty(colour, structure, torch.zeros(1, 4, 256), amount, place)
    assert float(flat.sum()) > float(upright.sum()) > 0
    stains = flat[0, 0, 0]
    assert bool((stains.diff() >= -1e-6).all())
    assert float(stains[0]) < float(stains[-1])
    assert torch.equal(dusty(colour, structure, torch.ones(1, 4, 256), amount * 0, place), colour)


def test_dirt_keeps_to_hollows_of_what_is_worn() -> None:
    structure = torch.full((1, 4, 4, 16), 255, dtype=torch.uint8)
    structure[..., 5], structure[..., 14] = 100, 0
    hollow = structure.clone()
    hollow[..., 11] = 60
    colour, worn = torch.ones(1, 3, 4, 4), torch.ones(1, 4, 4)
    assert float(dirty(colour, hollow, worn).mean()) < float(dirty(colour, structure, worn).mean()) <= 1.0
    assert torch.equal(dirty(colour, hollow, worn * 0), colour)
