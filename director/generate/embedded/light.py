"""What the network says of every pixel, made into light: known things, weighed.

    light out = colour · (sun + sky + lamps) · clear air + shine + haze + sky + glow + free colour

Each weight is what a plain renderer would take, times the exponential of what the network says. Everything
here lies plane by plane, [b, c, h, w]: on a CPU that is several times as fast as pixel by pixel. Formulas
and constants are those of shaders/teacher.
"""

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere, atmosphere, linear_from_srgb
from director.generate.embedded.clouds import with_clouds
from director.generate.embedded.features import FACING, MIRRORED_UP, UP
from director.generate.embedded.grime import dirty, dusty
from director.generate.embedded.halo import with_halo
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.patterns import Patterns, surface_rows
from director.generate.embedded.people import complexion, dressed
from director.generate.embedded.shine import Shine
from director.generate.embedded.style import styled
from director.generate.embedded.tones import LUMA, luminance
from director.generate.embedded.weather import SNOW_COLOUR, dryness, puddles, snow_cover

__all__ = ["SAYS", "light_from"]

SAYS = 2 + 2 + 5 + 1 + 1 + 3
"""What the network says of a pixel: two mixtures, and the weights of two lights, five things seen, lamps,
the object's own glow and a free colour."""

_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")


def light_from(
    said: Tensor,
    features: Tensor,
    lit: Tensor,
    structure: Tensor,
    ids: Tensor,
    rows: Tensor,
    look: Tensor,
    mirror: Tensor | None = None,
    shelter: Tensor | None = None,
) -> Tensor:
    """Light float32[b, 3, h, w] from said float32[b, SAYS, h, w]; the rest as Network.forward has it, save
    that `ids` are numbered through the whole batch, and shelter uint8[b, h, w] keeps weather off."""
    batch, _, height, width = said.shape
    air = atmosphere(look)
    lit = lit.permute(0, 3, 1, 2)
    sun, open_share, distance, up = lit[:, 0], lit[:, 1], lit[:, 2], lit[:, 3]
    sky = lit[:, 7]
    hidden = 1.0 - torch.exp(-air.haze * distance)
    clear = 1.0 - hidden * (1.0 - sky)
    colours = torch.cat([rows[..., _SECOND : _SECOND + 3], rows[..., _FIRST : _FIRST + 3]], -1)
    second, first = _planes(ids, linear_from_srgb(colours)).chunk(2, 1)
    found = Patterns(structure, _planes(ids, surface_rows(rows, look)))

    faces_up = features[..., UP].float()
    water = puddles(faces_up, structure, look, shelter)
    zenith, horizon = up + 0.01, sky - up + 0.01
    mirrored = None
    if water is not None:
        grazing = (1.0 - features[..., FACING].float().clamp(0.0, 1.0)).square().square()
        mirrored = water * (0.10 + 0.9 * grazing) * clear
        high = features[..., MIRRORED_UP].float().clamp(0.0, 1.0).sqrt()
        mirrored_sky = mirrored if mirror is None else mirrored * (mirror < 0)
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
    known = (plain * weights[:, :7]).view(batch, 7, height * width)
    falling = (air.lights.transpose(1, 2) @ known[:, :2]).view(batch, 3, height, width)
    seen = (air.seen.transpose(1, 2) @ known[:, 2:]).view(batch, 3, height, width)
    falling = falling + _lamplight(lit[:, 4:7], air) * weights[:, 7, None]
    # The network has learnt of some of the fill.
    falling = falling + air.fill * (0.035 + 0.06 * open_share)[:, None]
    falling = _adapted(falling, air) * clear[:, None]

    # The network shifts the mixture on a scale on which the ends are out of reach.
    share = torch.sigmoid(said[:, 0] + 9.0 * found.first - 4.5)
    colour = torch.lerp(second, first, share[:, None]) * (found.shade * (1.0 - 0.95 * found.pane))[:, None]
    colour = _with_people(colour * found.tint, second, ids, rows, structure)
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
    shine = Shine.of(rows, ids, found.pane, features, sun, open_share, clear, air)
    diffuse = colour * falling if shine is None else shine.less(colour) * falling
    light = diffuse + seen + glare * glow[:, None] + 0.01 * weights[:, 9:]
    if shine is not None:
        light = shine.added(light, colour)
    if mirrored is not None and mirror is not None:
        light = _with_mirror(light, mirrored, mirror)
    light = with_clouds(light, structure, lit, hidden, look, air)
    return styled(with_halo(light, look), structure, sky, look)


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


def _with_mirror(light: Tensor, share: Tensor, mirror: Tensor) -> Tensor:
    """Light [1, 3, h, w] with the pixels that `mirror` int64[1, h, w] names added by their share."""
    at = ((mirror >= 0) & (share > 0.01)).flatten().nonzero().squeeze(1)
    pixels = light.reshape(3, -1)
    seen = pixels[:, mirror.flatten()[at]] * share.flatten()[at]
    return pixels.index_add(1, at, seen).view(light.shape)


def _planes(ids: Tensor, table: Tensor) -> Tensor:
    """[b, c, h, w] from rows [b, n, c] numbered through the batch."""
    planes = table.flatten(0, 1).t().contiguous().index_select(1, ids.flatten())
    return planes.view(-1, *ids.shape).transpose(0, 1)


def _with_people(colour: Tensor, second: Tensor, ids: Tensor, rows: Tensor, structure: Tensor) -> Tensor:
    """Colours [b, 3, h, w] with people in their clothes and skins."""
    flat = ids.flatten()
    at = (rows[..., -2].flatten() > 0.5)[flat].nonzero().squeeze(1)
    if not len(at):
        return colour
    pixels = colour.transpose(0, 1).reshape(3, -1)
    worn = dressed(
        pixels[:, at].t(),
        second.transpose(0, 1).reshape(3, -1)[:, at].t(),
        complexion(rows).flatten(0, 1)[flat[at]],
        structure.flatten(0, 2)[at],
    )
    return pixels.index_copy(1, at, worn.t()).view(3, *ids.shape).transpose(0, 1)
