"""The stream suite, cut short: its figures are there and of sense; a peer runs from its folder, untouched."""

import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from director.cli.bench import _peer, _prompt_change, stream, suite
from director.errors import UsageError
from director.generate.diffusion.architectures import TINY
from director.types import Conditioning
from tests.model.asked import shown

pytestmark = pytest.mark.usefixtures("one_thread")

_STEPS = 2
# What a peer of this interface may be: it calls what the real one calls, and draws nothing.
_PEER = """
import torch


class StreamDiffusion:
    def __init__(self, pipe, t_index_list, torch_dtype, width, height, use_denoising_batch, cfg_type):
        self.pipe, self.steps, self.size = pipe, len(t_index_list), (height, width)

    def prepare(self, prompt, num_inference_steps, guidance_scale):
        self.tokens, _ = self.pipe.encode_prompt(prompt=prompt)
        latent = [side // self.pipe.vae_scale_factor for side in self.size]
        self.init_noise = torch.zeros(self.steps, 4, *latent)

    def __call__(self, picture):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        assert picture.shape == (1, 3, *self.size)
        assert self.init_noise.std() > 0.5
        end.record()
        torch.cuda.synchronize()
        return picture * 2 - 1 + start.elapsed_time(end)
"""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_peer, "_CASE_S", 0.0)
    monkeypatch.setattr(_peer, "_FEWEST", 2)
    monkeypatch.setattr(stream, "_AROUND", 2)
    monkeypatch.setattr(stream, "_CHANGES", 2)
    monkeypatch.setattr(stream, "_MATMUL_SIZE_ELSEWHERE", 64)


def _case() -> Any:
    return stream._Case(TINY, 32, _STEPS, torch.device("cpu"), torch.float32)


def test_a_case_tells_where_its_time_goes_and_how_far_the_floor_is() -> None:
    figures = stream._figures(_case(), {"matmul": 2e9, "convolution": 1e9})
    stages = {
        "controls_ms",
        "words_ms",
        "history_ms",
        "copying_ms",
        "denoising_ms",
        "decoding_ms",
        "unet_ms",
        "controlnets_ms",
    }
    told = {"frames_per_s", "frame_p50_ms", "frame_p99_ms"}
    for change in ("prompt_change", "prompt_change_quiet", "prompt_change_waited_for"):
        told |= {f"{change}_{figure}" for figure in ("p50_ms", "p99_ms", "worst_ms", "worst_over_median")}
    assert stages | told <= figures.keys()
    assert figures["frame_p99_over_p50"] >= 1
    # The floor is at the faster of the peaks.
    assert figures["floor_ms"] == pytest.approx(figures["gflop_per_frame"] / 2 * 1000, rel=0.01)
    assert figures["time_over_floor"] == pytest.approx(
        figures["frame_p50_ms"] / figures["floor_ms"], rel=0.05
    )
    assert figures["unet_ms"] > 0
    assert figures["controlnets_ms"] > 0


class _Timed:
    """A stream that takes its time by the clock of a test: more where it hears a new prompt, and later on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        self.heard: list[str] = []
        monkeypatch.setattr(_prompt_change, "now_s", lambda: self.now_s)

    def generate(self, conditioning: Conditioning) -> None:
        prompt = conditioning.direction.prompt
        is_new = bool(self.heard) and prompt != self.heard[-1]
        self.heard.append(prompt)
        # The machine slows down meanwhile, which is no fault of a change's.
        self.now_s += (0.1 + 0.001 * len(self.heard)) * (1.4 if is_new else 1.0)


def test_frames_about_a_change_are_compared_with_the_quiet_ones_beside_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed = _Timed(monkeypatch)
    figures = _prompt_change.prompt_changes(timed, [shown()], "change", 20)
    assert len(set(timed.heard)) == 21
    assert len(timed.heard) == 3 + 3 + 20 * 6
    assert figures["change_worst_over_median"] == pytest.approx(1.4, abs=0.02)
    assert figures["change_quiet_worst_over_median"] < 1.05
    # Over the whole run it would be the slower machine that counts.
    assert figures["change_worst_ms"] > 1.5 * figures["change_p50_ms"] * 0.9
    assert figures["change_p50_ms"] < figures["change_p99_ms"] <= figures["change_worst_ms"]


def test_operations_of_a_product_and_a_convolution_are_those_of_their_shapes() -> None:
    left, planes, kernel = torch.ones(8, 16), torch.ones(1, 4, 10, 10), torch.ones(6, 4, 3, 3)
    assert stream._flops(lambda: left @ left.T) == 2 * 8 * 8 * 16
    made = stream._flops(lambda: torch.nn.functional.conv2d(planes, kernel, padding=1))
    assert made == 2 * 6 * 4 * 9 * 100
    heads = torch.ones(1, 2, 64, 8)
    attended = stream._flops(lambda: torch.nn.functional.scaled_dot_product_attention(heads, heads, heads))
    assert attended == 2 * (2 * 2 * 64 * 64 * 8)


@pytest.mark.parametrize("batched", [False, True])
def test_a_peer_runs_from_its_folder_and_leaves_nothing_behind(tmp_path: Path, batched: bool) -> None:
    package = tmp_path / "src" / "streamdiffusion"
    package.mkdir(parents=True)
    (package / "pipeline.py").write_text(_PEER, encoding="utf-8")
    (package / "__init__.py").write_text("from .pipeline import StreamDiffusion\n", encoding="utf-8")
    own, path = (torch.cuda.Event, torch.cuda.synchronize), list(sys.path)
    figures = _peer.side_by_side(tmp_path, _case().parts("lcm", ()), 32, _STEPS, batched)
    assert figures["ours_over_theirs_frames_per_s"] > 0
    # This one draws something else.
    assert figures["pictures_apart_255"] > 1
    assert (torch.cuda.Event, torch.cuda.synchronize) == own
    assert sys.path == path
    assert "streamdiffusion" not in sys.modules


def test_a_folder_without_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="StreamDiffusion checkout"):
        _peer.side_by_side(tmp_path, _case().parts("lcm", ()), 32, 1, True)


def test_it_runs_only_where_it_is_named() -> None:
    found = suite("stream")
    assert found.is_long
    assert found.run_beside is not None
