"""What the network says of every pixel, made into light: known things, weighed.

    light out = colour · (sun + sky + lamps + bounce) · clear air + haze + sky + glow + free colour

Each weight is what a plain renderer would take, times the exponential of what the network says. The colour
is mixed from the palette, of the surface as the network has turned it. Everything here lies plane by plane,
[b, c, h, w]: on a CPU that is several times as fast as pixel by pixel.
"""

from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import atmosphere, linear_from_srgb
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.painter.features import Lit, Sight
from director.generate.embedded.painter.palette import GROUPS, HAIR, OWN, SKIN
from director.generate.embedded.painter.places import planes
from director.generate.embedded.patterns import Patterns, surface_rows
from director.generate.embedded.people import complexion, dressed
from director.generate.embedded.style import styled
from director.generate.embedded.weather import SNOW_COLOUR, puddles, snow_cover

__all__ = ["SAYS", "Said", "Surfaces", "completed", "shaded"]

_SPLIT: Final = {
    "mix": 1,
    "place": 1,
    "weights": 9,
    "through": 1,
    "free": 3,
    "bounce": 3,
    "normal": 3,
    "groups": len(GROUPS),
    "line": 1,
    "trust": 1,
}
SAYS: Final = sum(_SPLIT.values())


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the network says, plane by plane, [b, _, h, w]: how the object's two colours mix and how much of
    the place lies on it; the weights of lights and of things seen; how much of what lies behind shows
    `through`; a free colour, bounced light, how the surface is turned, substances, where lines are drawn, and
    how far to `trust` the pages. Numbers on whole scales, before any exponential or sigmoid."""

    mix: Tensor
    place: Tensor
    weights: Tensor
    through: Tensor
    free: Tensor
    bounce: Tensor
    normal: Tensor
    groups: Tensor
    line: Tensor
    trust: Tensor

    @classmethod
    def of(cls, planes: Tensor) -> "Said":
        """From all the planes [b, SAYS, h, w]."""
        return cls(*planes.split(list(_SPLIT.values()), 1))  # type: ignore[no-untyped-call]

    def with_pages(self, told: Tensor) -> "Said":
        """With what the pages told [b, atlas.TOLD, h, w] laid over, as far as they are trusted."""
        trust = torch.sigmoid(self.trust)
        substances, through = told[:, :-1], told[:, -1:]
        return replace(
            self,
            groups=torch.addcmul(self.groups, substances, trust),
            through=torch.addcmul(self.through, through - substances.amax(1, keepdim=True), trust),
        )

    @staticmethod
    def start() -> Tensor:
        """float32[SAYS]: what to say while nothing has been learnt: all is the object's own, nothing shows
        through, no lines."""
        said = torch.zeros(SAYS)
        at = Said.of(torch.arange(SAYS)[None])
        said[at.groups[0, OWN]] = 3.0
        said[at.through[0]] = -4.0
        said[at.line[0]] = -2.0
        return said


_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """Each pixel by itself: `light` float32[b, 3, h, w], how much of what lies behind shows `through`
    float32[b, h, w], where lines would be drawn, likewise, and how much a wet floor mirrors, or None where
    all is dry."""

    light: Tensor
    through: Tensor
    line: Tensor
    mirrored: Tensor | None


def shaded(
    said: Said,
    sight: Sight,
    palette: Tensor,
    rows: Tensor,
    look: Tensor,
    sun: Tensor,
    mirror: Tensor | None = None,
    shelter: Tensor | None = None,
) -> Surfaces:
    """What each pixel sends, from what the network says; `palette` float32[len(GROUPS), 5] has of each
    group the shares of the object's two colours and the rest of its colour, linear; rows float32[b, n, ROW],
    look float32[b, len(SCENE)], sun float32[b, 3]; mirror as mirror.py has it, for a batch of one; shelter
    uint8[b, h, w] keeps weather off."""
    batch, _, height, width = said.groups.shape
    air = atmosphere(look)
    lit, structure, ids = sight.lit, sight.structure, sight.ids
    sky = lit.sky
    hidden = 1.0 - torch.exp(-air.haze * lit.distance)
    clear = 1.0 - hidden * (1.0 - sky)
    on_sun, up = _turned(said.normal, lit, sun)
    weights = torch.exp(said.weights.clamp(-8.0, 4.0)).float()

    colours = torch.cat([rows[..., _SECOND : _SECOND + 3], rows[..., _FIRST : _FIRST + 3]], -1)
    second, first = planes(linear_from_srgb(colours), ids).transpose(0, 1).chunk(2, 1)
    found = Patterns(structure, planes(surface_rows(rows, look), ids).transpose(0, 1))
    # The network shifts the mixture on a scale on which the ends are out of reach.
    share = torch.sigmoid(said.mix[:, 0].float() + 9.0 * found.first - 4.5)
    own = torch.lerp(second, first, share[:, None]) * (found.shade * (1.0 - 0.95 * found.pane))[:, None]
    groups = torch.exp(said.groups.clamp(-9.0, 9.0)).float()
    own, extra = _with_people(own, second, groups, ids, rows, structure)
    mixing = torch.cat([palette, torch.ones_like(palette[:, :1])], 1).t()
    parts = (mixing @ groups.flatten(2)).view(batch, 6, height, width)
    colour = torch.addcmul(parts[:, 2:5], own, groups[:, OWN : OWN + 1])
    colour = colour.addcmul(first, parts[:, :1]).addcmul(second, parts[:, 1:2])
    if extra is not None:
        colour = colour + extra
    colour = colour / parts[:, 5:]
    colour = torch.lerp(
        colour, air.place, (found.place * torch.sigmoid(said.place[:, 0].float() - 0.5))[:, None]
    )

    faces_up = lit.normal[1]
    water = puddles(faces_up, structure, look, shelter)
    zenith, horizon = lit.sky_up + 0.01, sky - lit.sky_up + 0.01
    mirrored = None
    if water is not None:
        grazing = (1.0 - lit.facing.clamp(0.0, 1.0)).square().square()
        mirrored = water * (0.10 + 0.9 * grazing) * clear
        high = lit.mirrored_up.clamp(0.0, 1.0).sqrt()
        mirrored_sky = mirrored if mirror is None else mirrored * (mirror < 0)
        zenith, horizon = zenith + mirrored_sky * high, horizon + mirrored_sky * (1.0 - high)
        colour = colour * (1.0 - 0.7 * water)[:, None]
    snow = snow_cover(faces_up, structure, look, shelter)
    if snow is not None:
        white = colour.new_tensor(SNOW_COLOUR)[:, None, None]
        colour = torch.lerp(colour, white, (snow * (1.0 - sky))[:, None])

    plain = torch.stack(
        [
            (on_sun * lit.sun + 0.01) * clear,
            (lit.open_share * (0.5 + 0.5 * up) + 0.03) * clear,
            hidden + 0.002,
            zenith,
            horizon,
            torch.full_like(up, 0.004),
            found.pane * found.lit * air.rooms * clear + 0.005,
        ],
        1,
    )
    known = (plain * weights[:, :7]).view(batch, 7, height * width)
    falling = (air.lights.transpose(1, 2) @ known[:, :2]).view(batch, 3, height, width)
    seen = (air.seen.transpose(1, 2) @ known[:, 2:]).view(batch, 3, height, width)
    falling = falling + lit.lamps * (clear * air.lamps * weights[:, 7])[:, None]
    about = 0.2 * air.lights[:, 0].mean(-1) + 0.5 * air.lights[:, 1].mean(-1) + 0.1 * air.lamps[:, 0, 0]
    bounce = torch.exp(said.bounce.clamp(-6.0, 4.0)).float()
    falling = falling + bounce * (0.03 * about[:, None, None] * clear)[:, None]
    glow = (0.01 + found.glow * clear) * weights[:, 8]
    free = 0.01 * said.free.float()
    light = torch.addcmul(seen, colour, falling) + first * glow[:, None] + free
    return Surfaces(
        light,
        torch.sigmoid(said.through[:, 0].float()),
        torch.sigmoid(said.line[:, 0].float()),
        mirrored,
    )


def completed(
    surfaces: Surfaces,
    behind: Tensor,
    sky: Tensor,
    structure: Tensor,
    look: Tensor,
    mirror: Tensor | None = None,
    whole: Tensor | None = None,
) -> Tensor:
    """Light float32[b, 3, h, w]: with what mirrors and what shows through, drawn as the look has it.

    `behind` (behind.widened) is of the size of the surfaces, sky that of features.Lit; `mirror` counts the
    pixels of `whole`, the light [1, 3, h', w'] of the whole picture that the surfaces are some rows of."""
    light = surfaces.light
    if surfaces.mirrored is not None and mirror is not None and whole is not None:
        light = _with_mirror(light, surfaces.mirrored, mirror, whole)
    light = torch.lerp(light, behind, surfaces.through[:, None])
    return styled(light, structure, sky, look, surfaces.line)


def _turned(said: Tensor, lit: Lit, sun: Tensor) -> tuple[Tensor, Tensor]:
    """How the turned surface faces the sun, at least 0, and upwards."""
    x, y, z = (plane + said[:, k].float() for k, plane in enumerate(lit.normal))
    inverse = torch.rsqrt(x * x + y * y + z * z + 1e-4)
    sun_x, sun_y, sun_z = sun[:, :, None, None].unbind(1)
    return ((x * sun_x + y * sun_y + z * sun_z) * inverse).clamp_min(0.0), y * inverse


def _with_mirror(light: Tensor, share: Tensor, mirror: Tensor, whole: Tensor) -> Tensor:
    """Light [1, 3, h, w] with pixels of `whole`, named by `mirror` int64[1, h, w], added by their share."""
    at = ((mirror >= 0) & (share > 0.01)).flatten().nonzero().squeeze(1)
    seen = whole.reshape(3, -1)[:, mirror.flatten()[at]] * share.flatten()[at]
    return light.reshape(3, -1).index_add(1, at, seen).view(light.shape)


def _with_people(
    own: Tensor, second: Tensor, groups: Tensor, ids: Tensor, rows: Tensor, structure: Tensor
) -> tuple[Tensor, Tensor | None]:
    """Own colours [b, 3, h, w] with people in their clothes, and what skin and hair add beside."""
    flat = ids.flatten()
    at = (rows[..., -1].flatten() > 0.5)[flat].nonzero().squeeze(1)
    if not len(at):
        return own, None
    complexions = complexion(rows).flatten(0, 1)[flat[at]]

    def picked(planes: Tensor) -> Tensor:
        return planes.transpose(0, 1).reshape(planes.shape[1], -1)[:, at].t()

    pixels = own.transpose(0, 1).reshape(3, -1)
    worn = dressed(picked(own), picked(second), complexions, structure.flatten(0, 2)[at])
    own = pixels.index_copy(1, at, worn.t()).view(3, *ids.shape).transpose(0, 1)
    bare = picked(groups[:, SKIN : SKIN + 1]) * complexions[:, :3]
    bare = bare + picked(groups[:, HAIR : HAIR + 1]) * complexions[:, 3:]
    extra = torch.zeros_like(pixels).index_copy(1, at, bare.t())
    return own, extra.view(3, *ids.shape).transpose(0, 1)
