"""The steps from maps to a picture (embedded/steps.py) with kernels, on a CPU."""

from dataclasses import dataclass

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere, atmosphere
from director.generate.embedded.compiled.build import Kernels
from director.generate.embedded.compiled.layers import Layers
from director.generate.embedded.compiled.layers import Told as LayersTold
from director.generate.embedded.halo import halo
from director.generate.embedded.light import with_mirror
from director.generate.embedded.network import Network
from director.generate.embedded.shading import object_rows
from director.generate.embedded.shine import shining
from director.generate.embedded.steps import Given
from director.generate.embedded.style import styled

__all__ = ["KernelSteps"]


class KernelSteps:
    """In float32 or bfloat16."""

    compiled = True

    def __init__(self, network: Network, dtype: torch.dtype, kernels: Kernels) -> None:
        """`network` has its convolutions in `dtype`."""
        self._network, self._dtype, self._kernels = network, dtype, kernels
        self._layers = Layers(network, kernels)
        self._last_told: _Told | None = None

    @property
    def by(self) -> str:
        return f"{torch.__version__} with Numba {self._kernels.version}"

    def prepare(self) -> None:
        with torch.inference_mode():
            self._kernels.prepare(self._dtype, *self._network.widths)

    def features(self, given: Given) -> tuple[Tensor, Tensor]:
        maps = given.depth, given.normal, given.shadow, given.lamplight, given.structure
        return self._kernels.pixels(*maps, given.looking.rays[None], given.sun, self._dtype, given.size)

    def says(self, given: Given, features: Tensor) -> tuple[Tensor, Tensor | None]:
        return self._layers.says(features, given.ids, self._told(given).layers, given.history)

    def mirrored(self, given: Given) -> Tensor | None:
        height, width = given.size
        depth, up, structure = (
            tensor[0, :height, :width] for tensor in (given.depth, given.normal[..., 1], given.structure)
        )
        looking = given.looking
        view = looking.rays, looking.camera, looking.clip_from_world
        _, *full = given.depth.shape
        return self._kernels.mirrored(depth, up, *view, structure, (full[0], full[1]))

    def light(
        self, given: Given, features: Tensor, lit: Tensor, said: Tensor, mirror: Tensor | None
    ) -> Tensor:
        told, look = self._told(given), given.look
        surfaces = features, lit, given.structure, given.ids, told.own
        weather = told.air, look, mirror, given.shelter
        found = self._kernels.shaded(said, self._network.head_bias, *surfaces, *weather)
        light = self._kernels.shone(found, features, lit, given.ids, told.shining, told.air)
        light = with_mirror(light, found.mirrored, mirror)
        light = self._kernels.clouded(light, given.structure, lit, found.hidden, look, told.air)
        added = halo(light, look)
        if added is not None:
            light = self._kernels.enlarged_onto(light, added)
        return styled(light, given.structure, lit[..., 7], look)

    def graded(self, light: Tensor, matrix: Tensor, table: Tensor, bend: float) -> Tensor:
        return self._kernels.graded(light, matrix, table, bend)

    def smooth(self, picture: Tensor, structure: Tensor) -> Tensor:
        return self._kernels.smooth(picture, structure)

    def _told(self, given: Given) -> "_Told":
        """Worked out anew only where rows, look or sun are others than a picture ago."""
        asked = torch.cat([tensor.flatten() for tensor in (given.rows, given.look, given.sun)])
        if self._last_told is None or not torch.equal(self._last_told.asked, asked):
            self._last_told = _Told(
                asked,
                self._layers.told(given.rows, given.look, given.sun),
                atmosphere(given.look),
                object_rows(given.rows, given.look),
                shining(given.rows),
            )
        return self._last_told


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What kernels are told that no pixel has a part in, and what it was asked of."""

    asked: Tensor
    layers: LayersTold
    air: Atmosphere
    own: Tensor
    shining: Tensor
