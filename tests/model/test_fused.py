"""Layers in one go: what they give, and that machines without the kernels are spared them."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded import fused
from director.generate.embedded.fused import Convolution, Product, convolved


def _drawn(dtype: torch.dtype) -> tuple[nn.Conv2d, Tensor, Tensor]:
    torch.manual_seed(0)
    layer = nn.Conv2d(16, 24, 3, padding=1).to(dtype).requires_grad_(False)
    return layer, torch.randn(1, 16, 12, 20).to(dtype), torch.randn(1, 24, 12, 20).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("has_kernels", [True, False])
def test_a_layer_in_one_go_is_the_layer(
    dtype: torch.dtype, has_kernels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_kernels:
        monkeypatch.setattr(fused, "_is_fused", lambda dtype: False)
    layer, x, beside = _drawn(dtype)
    exact = layer.float()(x.float())
    layer.to(dtype)
    near = 1e-4 if dtype == torch.float32 else 0.04
    with torch.inference_mode():
        assert torch.allclose(convolved(layer, x).float(), functional.relu(exact), atol=near)
        whole = Convolution.of(layer, cut=True)(x, beside).float()
    assert torch.allclose(whole, functional.relu(exact + beside.float()), atol=near)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("has_kernels", [False, True])
def test_layers_in_one_go_and_in_steps(cut: bool, has_kernels: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "_is_fused", lambda dtype: has_kernels)
    random = torch.Generator().manual_seed(8)
    weight, bias = torch.randn(6, 5, 3, 3, generator=random), torch.randn(6, generator=random)
    layer = Convolution(weight, bias, 1, 1, cut)
    for size in ((7, 9), (4, 4)):
        x = torch.randn(1, 5, *size, generator=random)
        beside = torch.randn(1, 6, *size, generator=random)
        plain = functional.conv2d(x, weight, bias, padding=1)
        for added, expected in ((None, plain), (beside, plain + beside)):
            expected = torch.relu(expected) if cut else expected
            assert float((layer(x, added) - expected).abs().max()) < 1e-4
    pixels = torch.randn(11, 5, generator=random)
    for b in (bias, None):
        flat = functional.linear(pixels, weight[:, :, 0, 0], b)
        flat = torch.relu(flat) if cut else flat
        assert float((Product(weight[:, :, 0, 0], b, cut)(pixels) - flat).abs().max()) < 1e-5


def test_a_type_that_the_processor_lacks_takes_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lacking:
        _convolution_pointwise = torch.ops.mkldnn._convolution_pointwise
        _linear_pointwise = torch.ops.mkldnn._linear_pointwise
        _reorder_convolution_weight = torch.ops.mkldnn._reorder_convolution_weight

        @staticmethod
        def _is_mkldnn_bf16_supported() -> bool:
            return False

    monkeypatch.setattr(torch.ops, "mkldnn", Lacking)
    known = fused._is_fused.__wrapped__
    assert known(torch.float32) == torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    assert not known(torch.bfloat16)
    assert not known(torch.float16)
    for name in ("_linear_pointwise", "_reorder_convolution_weight"):
        partial = type("Partial", (Lacking,), {name: property()})()
        monkeypatch.setattr(torch.ops, "mkldnn", partial)
        assert not known(torch.float32)
    monkeypatch.setattr(torch.ops, "mkldnn", object())
    assert not known(torch.float32)
