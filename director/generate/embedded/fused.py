"""Layers that add and cut off below zero on the way out, where oneDNN does it in one go.

Without a gradient to keep, a layer's sum and its ReLU cost as much as a small layer: on a CPU each is a pass
over the whole picture. torch has the fused kernels, for its compiler: they are no public part of it, and they
refuse types that the processor lacks. Elsewhere the same is done in steps.
"""

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Convolution", "Product", "convolved"]


@lru_cache
def _is_fused(dtype: torch.dtype) -> bool:
    """Whether this machine's torch has the fused kernels for a type."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    known = torch.ops.mkldnn
    if not hasattr(getattr(known, "_convolution_pointwise", None), "binary"):
        return False
    if not hasattr(known, "_linear_pointwise") or not hasattr(known, "_reorder_convolution_weight"):
        return False
    if dtype == torch.float32:
        return True
    asked = {torch.bfloat16: "_is_mkldnn_bf16_supported", torch.float16: "_is_mkldnn_fp16_supported"}
    supported = getattr(known, asked.get(dtype, ""), None)
    return supported is not None and bool(supported())


def convolved(layer: nn.Conv2d, x: Tensor) -> Tensor:
    """relu(layer(x))."""
    same = x.device.type == "cpu" and x.dtype == layer.weight.dtype
    if same and not torch.is_grad_enabled() and _is_fused(x.dtype):
        return _in_one_go(x, None, layer.weight, layer.bias, layer.stride[0], int(layer.padding[0]), True)
    return functional.relu(layer(x), inplace=True)


class Convolution:
    """relu(conv(x) + beside), the sum and the ReLU where they are asked for; for a CPU, without gradients.

    The weights are laid out once, as oneDNN takes them for pictures of a size; a plain layer does so with
    every picture, which takes a third of the time of a small one.
    """

    def __init__(
        self, weight: Tensor, bias: Tensor | None, stride: int = 1, padding: int = 0, cut: bool = False
    ) -> None:
        self._weight = weight.contiguous(memory_format=torch.channels_last)
        self._bias = bias
        self._stride, self._padding, self._cut = stride, padding, cut
        self._laid: tuple[torch.Size, Tensor] | None = None

    @classmethod
    def of(cls, layer: nn.Conv2d, cut: bool = False) -> "Convolution":
        """A layer with the same stride and padding along both axes."""
        return cls(layer.weight, layer.bias, layer.stride[0], int(layer.padding[0]), cut)

    def __call__(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """Of [1, c, h, w]; `beside` is of the shape of what comes out."""
        if not _is_fused(x.dtype):
            made = functional.conv2d(x, self._weight, self._bias, self._stride, self._padding)
            made = made if beside is None else made + beside
            return functional.relu(made, inplace=True) if self._cut else made
        if self._laid is None or self._laid[0] != x.shape:
            self._laid = x.shape, _laid_out(self._weight, x, self._stride, self._padding)
        return _in_one_go(x, beside, self._laid[1], self._bias, self._stride, self._padding, self._cut)


class Product:
    """relu(x @ weight.T + bias) of pixels [n, in], the ReLU where it is asked for: half the price of the same
    as a convolution."""

    def __init__(self, weight: Tensor, bias: Tensor | None, cut: bool = False) -> None:
        """Weight [out, in]."""
        self._weight, self._bias, self._cut = weight.contiguous(), bias, cut

    @classmethod
    def of(cls, layer: nn.Conv2d, cut: bool = False) -> "Product":
        """Of a 1×1 convolution."""
        return cls(layer.weight.flatten(1), layer.bias, cut)

    def __call__(self, x: Tensor) -> Tensor:
        if self._bias is None and not self._cut:
            # Without anything to fuse the plain product is the quicker one.
            return x @ self._weight.t()
        if _is_fused(x.dtype):
            kind = "relu" if self._cut else "none"
            return torch.as_tensor(
                torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, kind, [], "")
            )
        made = functional.linear(x, self._weight, self._bias)
        return functional.relu(made, inplace=True) if self._cut else made


def _laid_out(weight: Tensor, x: Tensor, stride: int, padding: int) -> Tensor:
    both = [padding] * 2, [stride] * 2, [1, 1]
    return torch.as_tensor(torch.ops.mkldnn._reorder_convolution_weight(weight, *both, 1, list(x.shape)))


def _in_one_go(
    x: Tensor,
    beside: Tensor | None,
    weight: Tensor,
    bias: Tensor | None,
    stride: int,
    padding: int,
    cut: bool,
) -> Tensor:
    lists = [padding] * 2, [stride] * 2, [1, 1]
    operator = torch.ops.mkldnn._convolution_pointwise
    # With channels first the kernel takes steps of its own, which halves cannot.
    x = x.contiguous(memory_format=torch.channels_last)
    if beside is None:
        made = operator(x, weight, bias, *lists, 1, "relu" if cut else "none", [], "")
    else:
        kind = "relu" if cut else None
        made = operator.binary(x, beside, weight, bias, *lists, 1, "add", 1.0, kind, [], "")
    return torch.as_tensor(made)
