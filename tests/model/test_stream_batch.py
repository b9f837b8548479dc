"""Stream batching gives what one after another gives, so many pictures later as it says."""

from pathlib import Path
from typing import Any

import pytest
import torch

from director.generate.diffusion.batch import Asked, StreamBatch
from director.generate.diffusion.load import load_parts
from director.generate.diffusion.preset import preset
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from tests.model.tiny_diffusion import CONTROLS, save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_PROMPTS = ("golden hour", "thick fog", "snowy morning", "blue hour", "red sunset", "film noir")


@pytest.fixture(scope="module", params=["sd", "xl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp(request.param), is_xl=request.param == "xl")


def _asked(words: Words, index: int, strength: float) -> Asked[int]:
    random = torch.Generator().manual_seed(index)
    noise, initial = (torch.randn(1, 4, 12, 16, generator=random) for _ in range(2))
    controls = tuple(
        Control(name, torch.rand(1, 3, 24, 32, generator=random), 0.7 + 0.1 * i)
        for i, name in enumerate(CONTROLS)
    )
    by_pixel = torch.full((1, 1, 12, 16), strength)
    by_pixel[..., :5] = 1.0
    return Asked(index, noise, words.embedding(_PROMPTS[index]), controls, initial, by_pixel)


@pytest.mark.parametrize("scheduler", ["ddim", "euler", "lcm"])
@pytest.mark.parametrize(("steps", "strength", "guidance"), [(1, 1.0, 1.0), (4, 0.5, 1.0), (3, 1.0, 2.5)])
def test_it_is_the_stream_so_many_pictures_later(
    folder: Path, scheduler: str, steps: int, strength: float, guidance: float
) -> None:
    chosen = preset(str(folder)).model_copy(update={"scheduler": scheduler})
    parts: Any = load_parts(chosen, torch.device("cpu"), torch.float32, lambda share, said: None)
    stream, words = Stream(parts, StreamSettings(steps, guidance)), Words(parts)
    negative = words.embedding("fog")
    batch: StreamBatch[int] = StreamBatch(stream, negative)
    assert batch.lag == steps - 1
    asked = [_asked(words, index, strength) for index in range(len(_PROMPTS))]
    came = [batch.push(one) for one in asked]
    for index, (tag, latents) in enumerate(came):
        assert tag == max(0, index - batch.lag)
        one = asked[tag]
        alone = stream.latents(one.noise, one.words, one.controls, one.initial, one.strength, negative)
        if scheduler == "lcm" and strength < 1:
            # Noise of later steps is counted from where a picture joins, which is not one place here.
            alone = alone[..., :5]
            latents = latents[..., :5]
        assert float((latents - alone).abs().max()) < 1e-4
    batch.reset()
    assert batch.push(asked[3])[0] == 3
