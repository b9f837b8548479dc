"""The network's layers as a CPU takes them best: weights laid out once, and what follows from the scene alone
put into them. The sums are those of network.Network.says, of a batch of one, in another order."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.compiled.build import Kernels
from director.generate.embedded.fused import Convolution, Product
from director.generate.embedded.network import Block, Network

__all__ = ["Layers", "Told"]

_SPREAD = 16
"""Pixels that the U-Net's end tells of at once, four by four."""


class _Directed:
    """A block for one scene: its scale is part of the second convolution's weights, its shift of what that
    adds."""

    def __init__(self, block: Block, first: Convolution, scene: Tensor, cut: bool = False) -> None:
        """`first` is the block's first convolution, which is the same in every scene; `scene`
        float32[1, width]; `cut`: below zero, on the way out."""
        scale, shift = block.scene(scene).chunk(2, 1)
        second = block.second
        dtype, weight = second.weight.dtype, second.weight.float()
        self._first = first
        self._second = Convolution((weight * (1.0 + scale[:, :, None, None])).to(dtype), None, 1, 1, cut)
        self._weight, self._bias, self._shift = weight, second.bias, shift
        self._dtype, self._shifted = dtype, torch.empty(0)

    def __call__(self, x: Tensor) -> Tensor:
        if self._shifted.shape != x.shape:
            self._shifted = self._of_shift(*x.shape[2:])
        return self._second(self._first(x), x + self._shifted)

    def _of_shift(self, height: int, width: int) -> Tensor:
        """[1, c, h, w]: what the second convolution makes of the shift. It is the same at all pixels but at
        borders, where some of its neighbours are none."""
        few = self._shift[:, :, None, None].expand(-1, -1, min(height, 3), min(width, 3))
        bias = None if self._bias is None else self._bias.float()
        made = functional.conv2d(few, self._weight, bias, padding=1).to(self._dtype)
        down, across = (torch.arange(size).clamp(max=1) for size in (height, width))
        down[-1], across[-1] = min(height, 3) - 1, min(width, 3) - 1
        return made[:, :, down][:, :, :, across].contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the layers are told that no pixel has a part in: scale and shift of objects, float32[1, n, width],
    and the U-Net's blocks in the order in which they come."""

    scale: Tensor
    shift: Tensor
    down_a: _Directed
    down_b: tuple[_Directed, ...]
    middle: tuple[_Directed, ...]
    up_b: _Directed
    up_a: _Directed


class Layers:
    """Of a network that has its convolutions in the type of the pictures, on a CPU."""

    def __init__(self, network: Network, kernels: Kernels) -> None:
        self._network, self._kernels = network, kernels
        self._look_up = Product(network.look_up.weight.flatten(1), None)
        self._near = Product.of(network.near, cut=True)
        self._stem = Convolution.of(network.stem)
        self._to_b, self._to_c = Convolution.of(network.to_b), Convolution.of(network.to_c)
        self._from_b, self._from_c = Convolution.of(network.from_b), Convolution.of(network.from_c)
        self._firsts = {
            block: Convolution.of(block.first, cut=True)
            for block in network.modules()
            if isinstance(block, Block)
        }
        pixel, _ = network.widths
        self._meet = Product(network.meet.weight.flatten(1)[:, :pixel], None)
        self._around = _spread_and_met(network)
        self._detail = Convolution.of(network.detail, cut=True)

    def told(self, rows: Tensor, look: Tensor, sun: Tensor) -> Told:
        """As network.Network.tells has it, made up for `says`."""
        network = self._network
        scale, shift, scene = network.tells(rows, look, sun)
        bias = network.look_up.bias

        def directed(block: Block, cut: bool = False) -> _Directed:
            return _Directed(block, self._firsts[block], scene, cut)

        return Told(
            scale,
            shift if bias is None else shift + scale * bias.float(),
            directed(network.down_a),
            tuple(directed(block) for block in _blocks(network.down_b)),
            tuple(directed(block) for block in _blocks(network.middle)),
            directed(network.up_b),
            directed(network.up_a, cut=True),
        )

    def says(
        self, features: Tensor, ids: Tensor, told: Told, history: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """[SAYS, h · w] without the head's bias, and `steady`, as network.Network.says; features
        [1, h, w, c], ids int32[1, h, w]."""
        height, width = ids.shape[1:]
        kernels = self._kernels

        def picture(pixels: Tensor) -> Tensor:
            return pixels.view(1, height, width, -1).permute(0, 3, 1, 2)

        pixels = kernels.modulated(self._look_up(features.flatten(0, 2)), ids, told.scale, told.shift)
        pixels = self._near(pixels)
        a = self._surroundings(picture(pixels), told, history)
        around = self._around(a.permute(0, 2, 3, 1).flatten(0, 2))
        x = picture(kernels.met(self._meet(pixels), around, width))
        x = kernels.added(x, self._detail(x))
        steady = None if history is None else self._network.steadied(a, history)
        return self._network.said(x), steady

    def _surroundings(self, x: Tensor, told: Told, history: Tensor | None) -> Tensor:
        """The U-Net's end, [1, a, h / 4, w / 4]."""
        start = self._stem(x)
        if history is not None:
            start = start + self._network.remembered(history)
        a = told.down_a(start)
        b = self._to_b(functional.relu(a))
        for block in told.down_b:
            b = block(b)
        c = self._to_c(functional.relu(b))
        for block in told.middle:
            c = block(c)
        b = told.up_b(b + _doubled(self._from_c(c)))
        return told.up_a(a + _doubled(self._from_b(b)))


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def _blocks(blocks: torch.nn.ModuleList) -> list[Block]:
    return [block for block in blocks if isinstance(block, Block)]


def _spread_and_met(network: Network) -> Product:
    """What the pixels are told of what is about them and what the layer behind makes of it, as one product:
    nothing but sums is between the two. From [n, a] to [n, 16 · late]."""
    _, late = network.widths
    dtype = network.spread.weight.dtype
    told = network.meet.weight.flatten(1)[:, network.widths[0] :].float()
    up = told.shape[1]
    # As pixel_shuffle counts: a channel's sixteen pixels lie together.
    spread = network.spread.weight.float().view(up, _SPREAD, -1)
    weight = torch.einsum("lu,usa->sla", told, spread).flatten(0, 1)
    bias = (
        torch.zeros(_SPREAD, late)
        if network.meet.bias is None
        else network.meet.bias.float().repeat(_SPREAD, 1)
    )
    if network.spread.bias is not None:
        bias = bias + network.spread.bias.float().view(up, _SPREAD).t() @ told.t()
    return Product(weight.to(dtype), bias.flatten().to(dtype))
