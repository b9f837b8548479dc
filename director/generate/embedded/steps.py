"""The steps from maps to a picture, as torch takes them; compiled/steps.py takes the same with kernels."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from director.generate.embedded.features import pixel_features
from director.generate.embedded.inputs import MULTIPLE
from director.generate.embedded.light import light_from
from director.generate.embedded.mirror import mirrored_pixels
from director.generate.embedded.network import Network
from director.generate.embedded.silhouettes import smooth_silhouettes

__all__ = ["Given", "Looking", "Steps", "TorchSteps", "padded"]


@dataclass(frozen=True, slots=True, eq=False)
class Looking:
    """How the scene is looked at: `rays` float32[3, 3] (inputs.view_rays), the camera's place float32[3] and
    clip_from_world float32[4, 4]."""

    rays: Tensor
    camera: Tensor
    clip_from_world: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a picture of `size` (height, width) is drawn from: maps of a batch of one, as types.Conditioning
    has them, padded to the network's multiple; ids int32[1, h, w] from 0 for the sky, rows
    float32[1, n, PIECE], look float32[1, len(SCENE)] and sun float32[1, 3]; shelter and history (network.py)
    where there are any."""

    size: tuple[int, int]
    depth: Tensor
    normal: Tensor
    shadow: Tensor
    lamplight: Tensor
    structure: Tensor
    ids: Tensor
    rows: Tensor
    look: Tensor
    sun: Tensor
    looking: Looking
    shelter: Tensor | None
    history: Tensor | None


class Steps(Protocol):
    """One after the other; what `says` gives is for `light` of the same steps alone."""

    @property
    def by(self) -> str:
        """What they are computed with, and of which versions."""
        ...

    @property
    def compiled(self) -> bool:
        """By kernels."""
        ...

    def prepare(self) -> None:
        """What takes long and is done once."""

    def features(self, given: Given) -> tuple[Tensor, Tensor]:
        """As features.pixel_features."""
        ...

    def says(self, given: Given, features: Tensor) -> tuple[Tensor, Tensor | None]:
        """What light is made of, and Drawn's `steady`."""
        ...

    def mirrored(self, given: Given) -> Tensor | None:
        """int64[1, h, w]: the index of the pixel that a wet floor mirrors there, or −1; None where no floor
        is in sight."""
        ...

    def light(
        self, given: Given, features: Tensor, lit: Tensor, said: Tensor, mirror: Tensor | None
    ) -> Tensor:
        """float32[1, 3, h, w]."""
        ...

    def graded(self, light: Tensor, matrix: Tensor, table: Tensor, bend: float) -> Tensor:
        """uint8[h, w, 3] of light [3, h, w], by a matrix float32[3, 3] and a table uint8[3 · steps] in which
        light x is found at x / (x + bend)."""
        ...

    def smooth(self, picture: Tensor, structure: Tensor) -> Tensor:
        """As silhouettes.smooth_silhouettes, of one picture uint8[1, h, w, 3]."""
        ...


class TorchSteps:
    """On any device, in any type."""

    compiled = False

    def __init__(self, network: Network, dtype: torch.dtype) -> None:
        """`network` has its convolutions in `dtype`."""
        self._network, self._dtype = network, dtype

    @property
    def by(self) -> str:
        # A plain str: torch's version is a class of its own; unpickled in the viewport it would import torch.
        return str(torch.__version__)

    def prepare(self) -> None:
        return

    def features(self, given: Given) -> tuple[Tensor, Tensor]:
        maps = given.depth, given.normal, given.shadow, given.lamplight, given.structure
        return pixel_features(*maps, given.looking.rays[None], given.sun, self._dtype, given.size)

    def says(self, given: Given, features: Tensor) -> tuple[Tensor, Tensor | None]:
        return self._network.says(features, given.ids, given.rows, given.look, given.sun, given.history)

    def mirrored(self, given: Given) -> Tensor | None:
        height, width = given.size
        depth, up, structure = (
            tensor[0, :height, :width] for tensor in (given.depth, given.normal[..., 1], given.structure)
        )
        looking = given.looking
        mirror = mirrored_pixels(depth, up, looking.rays, looking.camera, looking.clip_from_world, structure)
        if mirror is None:
            return None
        # Indices count the pixels of the padded picture.
        beyond = torch.div(mirror, width, rounding_mode="floor") * (given.depth.shape[2] - width)
        return padded(torch.where(mirror >= 0, mirror + beyond, -1)[None])

    def light(
        self, given: Given, features: Tensor, lit: Tensor, said: Tensor, mirror: Tensor | None
    ) -> Tensor:
        scene = given.rows, given.look, mirror, given.shelter
        return light_from(said, features, lit, given.structure, given.ids, *scene)

    def graded(self, light: Tensor, matrix: Tensor, table: Tensor, bend: float) -> Tensor:
        steps = len(table) // 3
        exposed = (matrix @ light.reshape(3, -1)).clamp_(0.0, 1e4)
        place = exposed.div_(exposed + bend).mul_(steps - 1).round_().to(torch.int32)
        channel = torch.arange(3, dtype=torch.int32, device=light.device)[:, None] * steps
        picture = table.index_select(0, place.add_(channel).flatten())
        return picture.view(light.shape).permute(1, 2, 0).contiguous()

    def smooth(self, picture: Tensor, structure: Tensor) -> Tensor:
        return smooth_silhouettes(picture, structure)


def padded(tensor: Tensor) -> Tensor:
    """[1, h, w, …] with its last row and column repeated up to the network's multiple."""
    for axis in (1, 2):
        size = tensor.shape[axis]
        full = -(-size // MULTIPLE) * MULTIPLE
        if full != size:
            index = torch.arange(full, device=tensor.device).clamp_max(size - 1)
            tensor = tensor.index_select(axis, index)
    return tensor
