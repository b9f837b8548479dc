"""What every pixel has of light: what the network says of it, and what its surface makes of that.

Dense formulas, the same for every pixel, without a look aside at its neighbours: so they can be run on
tensors or, once, on symbols for a kernel (compiled/). Planes are [b, h, w] or [b, c, h, w].
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere, linear_from_srgb
from director.generate.embedded.grime import dirty, dusty
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.patterns import SURFACE, Patterns, surface_rows
from director.generate.embedded.people import complexion
from director.generate.embedded.shine import less_scattered, scattered_less
from director.generate.embedded.tones import LUMA, luminance
from director.generate.embedded.weather import SNOW_COLOUR, dryness, puddles, snow_cover

__all__ = ["OBJECT", "PERSON", "SAYS", "Shaded", "object_rows", "shaded"]

SAYS: Final = 2 + 2 + 5 + 1 + 1 + 3
"""What the network says of a pixel: two mixtures, and the weights of two lights, five things seen, lamps,
the object's own glow and a free colour."""
_COLOURS: Final = 6
_METAL: Final = _COLOURS + SURFACE
PERSON: Final = _METAL + 1
"""Where in an object's numbers it is told whether it is clothed by its place; skin and hair come after it."""
OBJECT: Final = PERSON + 1 + 6
"""Numbers an object that `shaded` needs at each of its pixels."""

_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")


@dataclass(frozen=True, slots=True, eq=False)
class Shaded:
    """Of every pixel: light [b, 3, h, w], the surface's colour [b, 3, h, w], how much of what is mirrored in
    standing water it takes (None where all is dry), how much of it air lets through and how much it hides,
    and its share of glass, [b, h, w] each."""

    light: Tensor
    colour: Tensor
    mirrored: Tensor | None
    clear: Tensor
    hidden: Tensor
    pane: Tensor


def object_rows(rows: Tensor, look: Tensor) -> Tensor:
    """float32[b, n, OBJECT] from rows [b, n, PIECE] and looks [b, len(SCENE)]."""
    colours = torch.cat([rows[..., _SECOND : _SECOND + 3], rows[..., _FIRST : _FIRST + 3]], -1)
    return torch.cat(
        [
            linear_from_srgb(colours),
            surface_rows(rows, look),
            scattered_less(rows)[..., None],
            rows[..., -2, None],
            complexion(rows),
        ],
        -1,
    )


def shaded(
    said: Tensor,
    faces_up: Tensor,
    facing: Tensor,
    mirrored_up: Tensor,
    lit: Tensor,
    structure: Tensor,
    own: Tensor,
    air: Atmosphere,
    look: Tensor,
    mirror: Tensor | None,
    shelter: Tensor | None,
    clothed: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor],
) -> Shaded:
    """From said [b, SAYS, h, w]; how a surface faces up and the camera, and how high a ray goes that it
    mirrors; lit planes [b, LIT, h, w]; structure [b, h, w, 16], 0..255; own [b, OBJECT, h, w] as of
    `object_rows`; mirror (< 0: nothing) and shelter (0..255). `clothed` gives colours of people, from
    colours, second colours, own and structure."""
    batch, _, height, width = said.shape
    sun, open_share, distance, up = lit[:, 0], lit[:, 1], lit[:, 2], lit[:, 3]
    sky = lit[:, 7]
    hidden = 1.0 - torch.exp(-air.haze * distance)
    clear = 1.0 - hidden * (1.0 - sky)
    second, first = own[:, :3], own[:, 3:_COLOURS]
    found = Patterns(structure, own[:, _COLOURS:_METAL])

    water = puddles(faces_up, structure, look, shelter)
    zenith, horizon = up + 0.01, sky - up + 0.01
    mirrored = None
    if water is not None:
        grazing = (1.0 - facing.clamp(0.0, 1.0)).square().square()
        mirrored = water * (0.10 + 0.9 * grazing) * clear
        high = mirrored_up.clamp(0.0, 1.0).sqrt()
        mirrored_sky = mirrored if mirror is None else torch.where(mirror < 0, mirrored, 0.0)
        zenith, horizon = zenith + mirrored_sky * high, horizon + mirrored_sky * (1.0 - high)
    plain = torch.stack(
        [
            sun + 0.01,
            open_share + 0.03,
            hidden + 0.002,
            zenith,
            horizon,
            torch.full_like(up, 0.004),
            found.pane * found.lit * air.rooms * clear + 0.005,
        ],
        1,
    )
    weights = torch.exp(said[:, 2:].clamp(-8.0, 4.0))
    known = (plain * weights[:, :7]).reshape(batch, 7, height * width)
    falling = (air.lights.transpose(1, 2) @ known[:, :2]).reshape(batch, 3, height, width)
    seen = (air.seen.transpose(1, 2) @ known[:, 2:]).reshape(batch, 3, height, width)
    falling = falling + _lamplight(lit[:, 4:7], air) * weights[:, 7, None]
    # The network has learnt of some of the fill.
    falling = falling + air.fill * (0.035 + 0.06 * open_share)[:, None]
    falling = _adapted(falling, air) * clear[:, None]

    # The network shifts the mixture on a scale on which the ends are out of reach.
    share = torch.sigmoid(said[:, 0] + 9.0 * found.first - 4.5)
    colour = torch.lerp(second, first, share[:, None]) * (found.shade * (1.0 - 0.95 * found.pane))[:, None]
    colour = clothed(colour * found.tint, second, own, structure)
    colour = dirty(colour, structure, found.wear)
    # What the network says of it makes more or less of the place.
    strewn = found.place * (2.0 * torch.sigmoid(said[:, 1])).clamp_max(1.4) * (1.0 - found.pane) * (1.0 - sky)
    colour = dusty(colour, structure, faces_up, strewn.clamp_max(1.0), air.place)
    if water is not None:
        colour = colour * (1.0 - 0.7 * water)[:, None]
    if shelter is not None:
        colour = colour * dryness(faces_up, structure, look, shelter)[:, None]
    snow = snow_cover(faces_up, structure, look, shelter)
    if snow is not None:
        white = colour.new_tensor(SNOW_COLOUR)[:, None, None]
        colour = torch.lerp(colour, white, (snow * (1.0 - sky))[:, None])
    colour = colour * (1.0 - 0.6 * found.glow)[:, None]
    glare = first * air.glare
    glare = glare / (1.0 + 0.16 * luminance(glare))
    glow = (0.01 + found.glow * clear) * weights[:, 8]
    diffuse = less_scattered(colour, own[:, _METAL], found.pane) * falling
    light = diffuse + seen + glare * glow[:, None] + 0.01 * weights[:, 9:]
    return Shaded(light, colour, mirrored, clear, hidden, found.pane)


def _lamplight(given: Tensor, air: Atmosphere) -> Tensor:
    """Lamps near by do not burn out what they stand by."""
    given = given * air.lamps[:, None]
    return given / (1.0 + 0.10 * luminance(given))


def _adapted(falling: Tensor, air: Atmosphere) -> Tensor:
    """What falls on surfaces as an eye, or a lit film set, has it: shade is brighter than the sums say."""
    sun, sky = (air.lights * falling.new_tensor(LUMA)).sum(-1).unbind(1)
    reference = (0.95 * sky + 0.20 * sun).clamp_min(0.50)[:, None, None, None]
    level = luminance(falling).clamp_min(1e-3) / reference
    logarithm = torch.log(level)
    lifted = torch.where(level < 1.0, (-0.45 * logarithm).clamp_max(1.386), -0.28 * logarithm)
    return falling * torch.exp(lifted)
