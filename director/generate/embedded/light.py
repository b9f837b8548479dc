"""What the network says of every pixel, made into light: known things, weighed.

    light out = colour · (sun + sky + lamps) · clear air + shine + haze + sky + glow + free colour

Each weight is what a plain renderer would take, times the exponential of what the network says (shading.py);
what only some pixels have is added here. Everything lies plane by plane, [b, c, h, w]: on a CPU that is
several times as fast as pixel by pixel. Formulas and constants are those of shaders/teacher.
"""

from torch import Tensor

from director.generate.embedded.atmosphere import atmosphere
from director.generate.embedded.clouds import with_clouds
from director.generate.embedded.features import FACING, MIRRORED_UP, UP
from director.generate.embedded.halo import with_halo
from director.generate.embedded.people import dressed
from director.generate.embedded.shading import PERSON, SAYS, object_rows, shaded
from director.generate.embedded.shine import with_shine
from director.generate.embedded.style import styled

__all__ = ["SAYS", "clothed_where_people_are", "light_from", "with_mirror"]


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
    air = atmosphere(look)
    lit = lit.permute(0, 3, 1, 2)
    up, facing, mirrored_up = (features[..., at].float() for at in (UP, FACING, MIRRORED_UP))
    own = _planes(ids, object_rows(rows, look))
    facts = lit, structure, own, air, look, mirror, shelter
    found = shaded(said, up, facing, mirrored_up, *facts, clothed_where_people_are)
    light = with_shine(found.light, found.colour, rows, ids, found.pane, features, lit, found.clear, air)
    light = with_mirror(light, found.mirrored, mirror)
    light = with_clouds(light, structure, lit, found.hidden, look, air)
    return styled(with_halo(light, look), structure, lit[:, 7], look)


def with_mirror(light: Tensor, share: Tensor | None, mirror: Tensor | None) -> Tensor:
    """Light [1, 3, h, w] with the pixels that `mirror` int64[1, h, w] names added by their share [1, h, w];
    as it is where nothing is mirrored."""
    if share is None or mirror is None:
        return light
    at = ((mirror >= 0) & (share > 0.01)).flatten().nonzero().squeeze(1)
    pixels = light.reshape(3, -1)
    seen = pixels[:, mirror.flatten()[at]] * share.flatten()[at]
    return pixels.index_add(1, at, seen).view(light.shape)


def _planes(ids: Tensor, table: Tensor) -> Tensor:
    """[b, c, h, w] from rows [b, n, c] numbered through the batch."""
    planes = table.flatten(0, 1).t().contiguous().index_select(1, ids.flatten())
    return planes.view(-1, *ids.shape).transpose(0, 1)


def clothed_where_people_are(colour: Tensor, second: Tensor, own: Tensor, structure: Tensor) -> Tensor:
    """Colours [b, 3, h, w] with people in their clothes and skins, by planes [b, OBJECT, h, w]."""
    at = (own[:, PERSON].flatten() > 0.5).nonzero().squeeze(1)
    if not len(at):
        return colour

    def pixels(planes: Tensor) -> Tensor:
        return planes.transpose(0, 1).flatten(1)[:, at].t()

    worn = dressed(pixels(colour), pixels(second), pixels(own[:, PERSON + 1 :]), structure.flatten(0, 2)[at])
    flat = colour.transpose(0, 1).flatten(1).index_copy(1, at, worn.t())
    return flat.view(3, *own[:, 0].shape).transpose(0, 1)
