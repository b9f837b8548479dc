"""Convolutions that add and cut off below zero on the way out, where oneDNN does it in one go.

Without a gradient to keep, a layer's sum and its ReLU cost as much as a small layer: on a CPU each is a pass
over the whole picture. torch has the fused kernels (its compiler uses them); elsewhere the same is done in
steps.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["convolved"]

_HAS_ONEDNN = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]


def convolved(layer: nn.Conv2d, x: Tensor, beside: Tensor | None = None) -> Tensor:
    """relu(layer(x) + beside)."""
    same = x.device.type == "cpu" and x.dtype == layer.weight.dtype
    if _HAS_ONEDNN and same and not torch.is_grad_enabled():
        numbers = (layer.padding, layer.stride, layer.dilation)
        lists = [[int(value) for value in number] for number in numbers]
        operator = torch.ops.mkldnn._convolution_pointwise
        if beside is None:
            made = operator(x, layer.weight, layer.bias, *lists, layer.groups, "relu", [], "")
        else:
            made = operator.binary(
                x, beside, layer.weight, layer.bias, *lists, layer.groups, "add", 1.0, "relu", [], ""
            )
        return torch.as_tensor(made)
    out = layer(x)
    return functional.relu(out if beside is None else out + beside, inplace=True)
