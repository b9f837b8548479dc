"""Convolutions that add and cut off below zero on the way out, where oneDNN does it in one go.

Without a gradient to keep, a layer's sum and its ReLU cost as much as a small layer: on a CPU each is a pass
over the whole picture. torch has the fused kernels, for its compiler: they are no public part of it, and they
refuse types that the processor lacks. Elsewhere the same is done in steps.
"""

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["convolved"]


@lru_cache
def _is_fused(dtype: torch.dtype) -> bool:
    """Whether this machine's torch has the fused kernels for a type."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    known = torch.ops.mkldnn
    if not hasattr(getattr(known, "_convolution_pointwise", None), "binary"):
        return False
    if dtype == torch.float32:
        return True
    asked = {torch.bfloat16: "_is_mkldnn_bf16_supported", torch.float16: "_is_mkldnn_fp16_supported"}
    supported = getattr(known, asked.get(dtype, ""), None)
    return supported is not None and bool(supported())


def convolved(layer: nn.Conv2d, x: Tensor, beside: Tensor | None = None) -> Tensor:
    """relu(layer(x) + beside)."""
    same = x.device.type == "cpu" and x.dtype == layer.weight.dtype
    if same and not torch.is_grad_enabled() and _is_fused(x.dtype):
        numbers = (layer.padding, layer.stride, layer.dilation)
        lists = [[int(value) for value in number] for number in numbers]
        operator = torch.ops.mkldnn._convolution_pointwise
        # With channels first the kernel takes steps of its own, which halves cannot.
        x = x.contiguous(memory_format=torch.channels_last)
        if beside is None:
            made = operator(x, layer.weight, layer.bias, *lists, layer.groups, "relu", [], "")
        else:
            made = operator.binary(
                x, beside, layer.weight, layer.bias, *lists, layer.groups, "add", 1.0, "relu", [], ""
            )
        return torch.as_tensor(made)
    out = layer(x)
    return functional.relu(out if beside is None else out + beside, inplace=True)
