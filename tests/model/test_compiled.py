"""What is compiled draws the same; weights, prompts and regions that change ask for no other graph."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
import torch

from director.errors import GeneratorError, UsageError
from director.generate.backends.diffusion import Diffusion
from director.generate.diffusion import compiled as compiling
from director.generate.diffusion import stream as streaming
from director.generate.diffusion.architectures import TINY, Built, random_parts
from director.generate.diffusion.compiled import Telling, check_compiler
from director.generate.diffusion.stream import Stream, StreamSettings
from director.generate.diffusion.words import Words
from director.generate.protocol import GeneratorSettings
from director.types import Direction
from tests.model.asked import shown

pytestmark = pytest.mark.usefixtures("one_thread")

_CPU = torch.device("cpu")
_SMALLEST = Built(
    {
        **TINY.unet,
        "block_out_channels": (8,),
        "down_block_types": ("DownBlock2D",),
        "up_block_types": ("UpBlock2D",),
    },
    TINY.texts,
    TINY.vae,
    TINY.control,
)
"""Compiling takes some tenths of a second a layer."""

needs_compiler = pytest.mark.skipif(
    not any(shutil.which(name) for name in ("g++", "clang++")),
    reason="there is no C++ compiler, which inductor needs for processors",
)


@needs_compiler
def test_compiled_for_processors_it_draws_the_same() -> None:
    parts: Any = random_parts(_SMALLEST, (), "euler", _CPU, torch.float32)
    words = Words(parts)
    noise = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    made: Any = {}
    for is_compiled in (False, True):
        stream = Stream(parts, StreamSettings(2, compiled=is_compiled))
        made[is_compiled] = [
            stream.latents(noise, words.embedding(prompt)) for prompt in ("golden hour", "thick fog")
        ]
    for ours, theirs in zip(made[True], made[False], strict=True):
        assert float((ours - theirs).abs().max()) < 1e-3
    assert float((made[True][0] - made[True][1]).abs().max()) > 1e-3


@pytest.fixture
def graphs(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many graphs were made so far; they are run as they are, which takes no compiler."""
    torch.compiler.reset()
    made: list[Any] = []

    def take(graph: Any, _: Any) -> Any:
        made.append(graph)
        return graph.forward

    def quick(work: Any, device: torch.device) -> Any:
        return torch.compile(work, backend=take, dynamic=False, fullgraph=True)

    for module in (compiling, streaming):
        monkeypatch.setattr(module, "compiled", quick)
    return lambda: len(made)


def test_nothing_that_a_director_changes_asks_for_another_graph(graphs: Callable[[], int]) -> None:
    parts: Any = random_parts(TINY, ("depth", "segmentation"), "euler", _CPU, torch.float32)
    for net in parts.controls.values():
        for block in (*net.controlnet_down_blocks, net.controlnet_mid_block):
            torch.nn.init.normal_(block.weight, std=0.2)
    options: dict[str, float | str] = {"model": "sd-turbo", "guidance": 2.0, "negative": "snow"}
    made = {}
    for is_compiled in (0, 1):
        backend = Diffusion(GeneratorSettings(options={**options, "compile": is_compiled}))
        backend.stream_with(parts, "random")
        made[is_compiled] = backend
    asked = shown()
    directions = [
        Direction("golden hour", seed=1),
        Direction("golden hour", seed=1, look={"control-depth": 0.3}),
        Direction("golden hour", seed=1, look={"control-depth": 0.0, "control-segmentation": 0.0}),
        Direction("thick fog", {2: "blue marble"}, seed=1),
        Direction("thick fog", {1: "red brick", 2: "blue marble"}, seed=1, strengths={1: 0.4}),
        Direction("thick fog", seed=1, leaving=Direction("golden hour"), arrived=0.4),
    ]
    pictures = []
    for index, direction in enumerate(directions):
        for backend in made.values():
            backend.reset()
        told = replace(asked, direction=direction)
        # With a history, and without.
        for _ in range(2):
            plain, other = (made[is_compiled].generate(told).image.astype(int) for is_compiled in (0, 1))
            assert np.abs(plain - other).max() <= 1
        pictures.append(plain)
        if index == 0:
            first = graphs()
            # The models in one, and the decoder.
            assert first == 2
    assert graphs() == first
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_while_it_compiles_it_tells(graphs: Callable[[], int]) -> None:
    told: list[str] = []
    parts: Any = random_parts(_SMALLEST, (), "euler", _CPU, torch.float32)
    backend = Diffusion(GeneratorSettings(options={"model": "sd-turbo", "compile": 1, "controls": "none"}))
    backend.stream_with(parts, "random")
    backend._progress = lambda share, words: told.append(words)
    backend.generate(shown((48, 32)))
    assert told == ["compiling for 48×32", ""]
    backend.generate(shown((48, 32)))
    assert len(told) == 2
    before = graphs()
    backend.generate(shown((32, 32)))
    assert told[-2:] == ["compiling for 32×32", ""]
    assert graphs() > before


def test_a_word_comes_every_so_often_until_it_is_done() -> None:
    told: list[tuple[float, str]] = []
    some = Event()

    def progress(share: float, words: str) -> None:
        told.append((share, words))
        if len(told) == 4:
            some.set()

    with Telling(progress, "compiling", each_s=0.01):
        assert some.wait(60)
    after = len(told)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (1.0, "")
    assert all(share < 1 for share in shares[:-1])
    assert told[1][1].startswith("compiling, ")
    assert len(told) == after

    def gone(share: float, words: str) -> None:
        if 0 < share < 1:
            raise BrokenPipeError

    with Telling(gone, "compiling", each_s=0.0) as telling:
        telling._thread.join(60)
        assert not telling._thread.is_alive()


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(GeneratorError, match=r"no C\+\+ compiler"):
        check_compiler(_CPU)
    check_compiler(torch.device("cuda"))
    with pytest.raises(GeneratorError, match="not on mps"):
        check_compiler(torch.device("mps"))
    with pytest.raises(UsageError, match="compile"):
        Diffusion(GeneratorSettings(options={"model": "sd-turbo", "compile": 2}))
