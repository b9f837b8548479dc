"""Reflections: metals have their own colour, glass is grey, and what is dull is left alone to the bit."""

import numpy as np
import pytest
import torch
from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere, atmosphere, linear_from_srgb
from director.generate.embedded.features import FACING, FEATURES, HALF_FOURTH, LIT, MIRRORED_UP
from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from director.generate.embedded.pieces import PIECE
from director.generate.embedded.shine import less_scattered, scattered_less, with_shine

_HEIGHT, _WIDTH = 32, 48
# Of the left half and of the right half of the picture.
_LEFT, _RIGHT = np.s_[..., : _WIDTH // 2], np.s_[..., _WIDTH // 2 :]
_GOLD = (0.9, 0.6, 0.2)


def _row(**said: float) -> Tensor:
    values = [*{**MATERIAL_DEFAULT, **said}.values()]
    return torch.tensor([*values, *[0.0] * (PIECE - len(MATERIAL))], dtype=torch.float32)


def _air(**said: float) -> Atmosphere:
    return atmosphere(torch.tensor([[*{**SCENE_DEFAULT, **said}.values()]], dtype=torch.float32))


def _halves(left: float, right: float) -> Tensor:
    plane = torch.full((1, _HEIGHT, _WIDTH), left)
    plane[_RIGHT] = right
    return plane


def _colour(*channels: float) -> Tensor:
    return torch.tensor(channels)[None, :, None, None].expand(1, 3, _HEIGHT, _WIDTH).contiguous()


def _found(
    rows: Tensor,
    colour: Tensor,
    light: Tensor,
    facing: float = 1.0,
    up: float = 1.0,
    half: float = 0.0,
    sun: float = 0.0,
    open_share: float = 1.0,
    clear: float = 1.0,
    pane: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Colours and light with what shines, of a picture whose left half is of the first row and its right half
    of the second."""
    features = torch.zeros(1, _HEIGHT, _WIDTH, FEATURES)
    features[..., FACING], features[..., MIRRORED_UP], features[..., HALF_FOURTH] = facing, up, half
    ids = _halves(0, 1).to(torch.int64)
    lit = torch.zeros(1, LIT, _HEIGHT, _WIDTH)
    lit[:, 0], lit[:, 1] = sun, open_share
    glass = _halves(0.0, 0.0) if pane is None else pane
    return (
        less_scattered(colour, scattered_less(rows)[ids], glass),
        with_shine(light, colour, rows[None], ids, glass, features, lit, _halves(clear, clear), _air()),
    )


_DULL = _row(gloss=0.4)
_MIRROR = _row(metal=1.0, gloss=1.0)


def test_where_nothing_shines_there_is_nothing_to_do() -> None:
    colour, light = _colour(*_GOLD), torch.full((1, 3, _HEIGHT, _WIDTH), 0.7)
    less, added = _found(torch.stack([_row(gloss=0.1), _row(gloss=0.44, metal=0.04)]), colour, light, sun=1.0)
    assert torch.equal(less, colour)
    assert added is light


def test_dull_surfaces_are_untouched_to_the_bit() -> None:
    random = torch.Generator().manual_seed(5)
    colour = torch.rand(1, 3, _HEIGHT, _WIDTH, generator=random)
    light = torch.rand(1, 3, _HEIGHT, _WIDTH, generator=random) * 4
    less, added = _found(torch.stack([_DULL, _MIRROR]), colour, light, sun=1.0, half=1.0)
    assert torch.equal(less[_LEFT], colour[_LEFT])
    assert torch.equal(added[_LEFT], light[_LEFT])
    assert (less[_RIGHT] < colour[_RIGHT]).all()
    assert (added[_RIGHT] > light[_RIGHT]).all()


def test_a_mirror_that_faces_the_sky_shows_it_and_scatters_nothing() -> None:
    light = torch.full((1, 3, _HEIGHT, _WIDTH), 0.7)
    less, added = _found(torch.stack([_DULL, _MIRROR]), _colour(1.0, 1.0, 1.0), light)
    first = SCENE.index("zenith_red")
    zenith = linear_from_srgb(torch.tensor([*SCENE_DEFAULT.values()][first : first + 3]))
    expected = (0.7 + 1.15 * zenith)[None, :, None, None].expand_as(added[_RIGHT])
    torch.testing.assert_close(added[_RIGHT], expected)
    torch.testing.assert_close(less[_RIGHT], torch.full_like(less[_RIGHT], 0.05))


def test_a_mirror_indoors_shows_what_is_about_it() -> None:
    light = _colour(0.2, 0.5, 0.9)
    _, added = _found(torch.stack([_DULL, _MIRROR]), _colour(1.0, 1.0, 1.0), light, up=0.0, open_share=0.0)
    shown = (added - light)[_RIGHT]
    # Nearly as bright, and of the same colour.
    torch.testing.assert_close(shown / light[_RIGHT], (shown / light[_RIGHT]).mean().expand_as(shown))
    assert 0.8 < float((shown / light[_RIGHT]).mean()) < 1.15


def test_metal_reflects_in_its_own_colour_and_glass_in_none() -> None:
    light = torch.full((1, 3, _HEIGHT, _WIDTH), 0.5)
    white, gold = _colour(1.0, 1.0, 1.0), _colour(*_GOLD)
    polished = torch.stack([_row(gloss=0.9), _row(metal=1.0, gloss=0.9)])
    plain, tinted = (_found(polished, colour, light)[1] - light for colour in (white, gold))
    torch.testing.assert_close(tinted[_LEFT], plain[_LEFT])
    share = (tinted / plain)[_RIGHT].mean((0, 2, 3))
    torch.testing.assert_close(share, torch.tensor(_GOLD), atol=0.01, rtol=0)
    # Lacquer keeps its colour beneath the shine, gold has none beneath.
    less, _ = _found(polished, gold, light)
    assert torch.equal(less[_LEFT], gold[_LEFT])


def test_a_pane_is_glass_whatever_it_lies_in() -> None:
    light = torch.full((1, 3, _HEIGHT, _WIDTH), 0.5)
    rows = torch.stack([_DULL, _DULL])
    pane = _halves(0.0, 1.0)
    less, added = _found(rows, _colour(*_GOLD), light, pane=pane)
    assert torch.equal(added[_LEFT], light[_LEFT])
    assert torch.equal(less, _colour(*_GOLD))
    straight = (added - light)[_RIGHT]
    # A few per cent seen straight on, most of it along the glass.
    grazing = (_found(rows, _colour(*_GOLD), light, pane=pane, facing=0.03)[1] - light)[_RIGHT]
    assert (straight > 0).all()
    assert float(grazing.mean()) > 8 * float(straight.mean())
    # In a tower of steel as well.
    steel = torch.stack([_MIRROR, _MIRROR])
    less, added = _found(steel, _colour(*_GOLD), light, pane=pane)
    assert torch.equal(less[_RIGHT], _colour(*_GOLD)[_RIGHT])
    torch.testing.assert_close((added - light)[_RIGHT], straight)


def test_the_sun_glints_where_it_is_mirrored_and_shines() -> None:
    light = torch.zeros(1, 3, _HEIGHT, _WIDTH)
    rows = torch.stack([_row(gloss=0.8), _row(metal=1.0, gloss=0.8)])
    white = _colour(1.0, 1.0, 1.0)
    sums = {
        (half, sun): float(_found(rows, white, light, half=half, sun=sun)[1].sum())
        for half in (0.2, 1.0)
        for sun in (0.0, 1.0)
    }
    assert sums[1.0, 1.0] > 1.5 * sums[1.0, 0.0]
    assert sums[0.2, 1.0] < 1.01 * sums[0.2, 0.0]
    assert sums[1.0, 0.0] == sums[0.2, 0.0]


def test_in_thick_fog_nothing_is_added() -> None:
    light = torch.full((1, 3, _HEIGHT, _WIDTH), 0.5)
    _, added = _found(
        torch.stack([_DULL, _MIRROR]), _colour(1.0, 1.0, 1.0), light, clear=0.0, sun=1.0, half=1.0
    )
    assert torch.equal(added, light)


def test_a_batch_is_each_of_its_pictures() -> None:
    looks = torch.tensor([[*SCENE_DEFAULT.values()]] * 2, dtype=torch.float32)
    looks[1, SCENE.index("zenith_red")] = 1.0
    rows = torch.stack([torch.stack([_DULL, _MIRROR]), torch.stack([_row(metal=0.6, gloss=0.7), _DULL])])
    ids = _halves(0, 1).to(torch.int64).repeat(2, 1, 1)
    random = torch.Generator().manual_seed(8)
    features = torch.rand(2, _HEIGHT, _WIDTH, FEATURES, generator=random)
    light, colour = (torch.rand(2, 3, _HEIGHT, _WIDTH, generator=random) for _ in range(2))
    planes = torch.rand(4, 2, _HEIGHT, _WIDTH, generator=random)

    def drawn(pick: slice) -> tuple[Tensor, Tensor]:
        count = pick.stop - pick.start
        numbered = ids[:count] + 2 * torch.arange(count)[:, None, None]
        lit = torch.zeros(count, LIT, _HEIGHT, _WIDTH)
        lit[:, 0], lit[:, 1] = planes[1, pick], planes[2, pick]
        pane, air = torch.zeros(count, _HEIGHT, _WIDTH), atmosphere(looks[pick])
        metal = scattered_less(rows[pick]).flatten()[numbered]
        facts = rows[pick], numbered, pane, features[pick], lit, planes[3, pick], air
        return less_scattered(colour[pick], metal, pane), with_shine(light[pick], colour[pick], *facts)

    together, apart = drawn(slice(0, 2)), (drawn(slice(0, 1)), drawn(slice(1, 2)))
    for k in range(2):
        torch.testing.assert_close(together[k], torch.cat([apart[0][k], apart[1][k]]))
    assert (together[1] >= light).all()


@pytest.mark.parametrize("gloss", [0.0, 0.5, 1.0])
def test_reflections_of_any_metal_are_finite(gloss: float) -> None:
    light = torch.full((1, 3, _HEIGHT, _WIDTH), 50.0)
    rows = torch.stack([_row(metal=0.2, gloss=gloss), _row(metal=1.0, gloss=gloss)])
    for half in (0.0, 1.0):
        _, added = _found(rows, _colour(*_GOLD), light, half=half, sun=1.0, facing=0.0, up=-1.0)
        assert torch.isfinite(added).all()
        assert (added >= light).all()
