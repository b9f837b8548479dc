"""The share of the matmul peak: counted and timed on a network whose operations are known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from director.cli.bench import generator as bench
from director.generate.backends.proxy import Proxy
from director.generate.embedded.fused import Convolution, Product
from director.generate.protocol import GeneratorIdentity, GeneratorSettings
from director.types import Conditioning, Direction, GeneratedFrame, Tick, View

_CHANNELS, _SIDE = 32, 64


class _OneConvolution(Proxy):
    fused = False

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings)
        self._layer = torch.nn.Conv2d(_CHANNELS, _CHANNELS, 3, padding=1)

    @property
    def identity(self) -> GeneratorIdentity:
        return replace(super().identity, torch=torch.__version__, device="cpu", dtype="float32")

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        with torch.inference_mode():
            picture = torch.zeros(1, _CHANNELS, _SIDE, _SIDE)
            if self.fused:
                Convolution.of(self._layer, cut=True)(picture, picture)
            else:
                self._layer(picture)
        return super().generate(conditioning)


def _conditioning() -> Conditioning:
    eye = np.eye(4)
    maps: dict[str, Any] = {"base": np.zeros((_SIDE, _SIDE, 3), np.uint8)}
    return Conditioning(
        Tick(0, 0.0, 0.0), View(eye, eye, eye, 0.1, 10.0), maps, Direction(), (), (0.0, 1.0, 0.0)
    )


@pytest.mark.parametrize("fused", [False, True])
def test_operations_are_counted_and_set_against_the_peak(
    fused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_CASE_S", 0.2)
    monkeypatch.setattr(_OneConvolution, "fused", fused)
    figures = bench._figures(_OneConvolution(GeneratorSettings()), [_conditioning()])
    flops = 2 * _CHANNELS * _CHANNELS * 9 * _SIDE * _SIDE
    assert figures["gflop_per_frame"] == pytest.approx(flops / 1e9, abs=1e-3)
    assert figures["matmul_peak_gflop_per_s"] > 1
    reached = figures["gflop_per_frame"] / figures["frame_p50_ms"] * 1000
    expected = reached / figures["matmul_peak_gflop_per_s"]
    assert figures["share_of_matmul_peak"] == pytest.approx(expected, rel=0.05)


def test_products_in_one_go_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_CASE_S", 0.05)
    product = Product(torch.ones(7, 5), torch.ones(7), cut=True)

    class OneProduct(_OneConvolution):
        def generate(self, conditioning: Conditioning) -> GeneratedFrame:
            with torch.inference_mode():
                product(torch.zeros(11, 5))
            return Proxy.generate(self, conditioning)

    assert bench._flops(OneProduct(GeneratorSettings()), _conditioning()) == 2 * 11 * 5 * 7


def test_without_torch_there_is_no_such_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_CASE_S", 0.05)
    figures = bench._figures(Proxy(GeneratorSettings()), [_conditioning()])
    assert set(figures) == {"frame_p50_ms", "frame_p99_ms", "frames_per_s"}
