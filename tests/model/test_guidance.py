"""Guidance, and what stands in for its second pass: by the formulas, and no pass more than is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.backends.diffusion import Diffusion
from director.generate.diffusion.batch import Asked, StreamBatch
from director.generate.diffusion.guidance import Residual, guided
from director.generate.diffusion.preset import Guide
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from director.generate.protocol import GeneratorSettings
from director.types import Direction
from tests.model.asked import shown
from tests.model.tiny_diffusion import CONTROLS, save_tiny
from tests.model.tiny_pipelines import parts_of

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


def _random(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(1, 4, 16, 24, generator=random), torch.randn(1, 4, 16, 24, generator=random)


@contextmanager
def _rows(parts: Any) -> Iterator[list[int]]:
    """How many latents each pass of the U-Net had."""
    counted: list[int] = []
    handle = parts.unet.register_forward_pre_hook(lambda _, given: counted.append(len(given[0])))
    try:
        yield counted
    finally:
        handle.remove()


@pytest.mark.parametrize("kind", [DDIMScheduler, EulerDiscreteScheduler])
def test_the_noise_between_latents_and_their_picture_is_the_noise_put_in(kind: Any) -> None:
    scheduler = kind()
    scheduler.set_timesteps(4)
    picture, noise = _random(1)
    residual = Residual(scheduler, scheduler.timesteps, 0.5)
    for step in range(4):
        latents = scheduler.add_noise(picture, noise, scheduler.timesteps[step : step + 1])
        assert float((residual.noise(latents, picture, step) - 0.5 * noise).abs().max()) < 1e-4
        found = residual.picture(latents, noise, step)
        scale = float(latents.abs().max())
        assert float((found - picture).abs().max()) < 1e-4 * scale
    assert torch.equal(guided(noise, picture, 1.0), picture + (noise - picture))


@pytest.mark.parametrize(
    ("guide", "rows"), [("full", [2, 2, 2]), ("onetime", [2, 1, 1]), ("self", [1, 1, 1])]
)
def test_a_guide_takes_the_passes_that_it_says(folder: Path, guide: Guide, rows: list[int]) -> None:
    parts = parts_of(folder, "euler")
    words, (noise, known) = Words(parts), _random(2)
    asked = (words.embedding("golden hour"), (), known, 1.0, words.embedding("fog"))
    with _rows(parts) as counted:
        guiding = Stream(parts, StreamSettings(3, 2.0, guide)).latents(noise, *asked)
        assert counted == rows
        counted.clear()
        plain = Stream(parts, StreamSettings(3, 1.0, guide)).latents(noise, *asked)
        assert counted == [1, 1, 1]
    assert float((guiding - plain).abs().max()) > 1e-3


def test_one_step_of_onetime_is_full_guidance_and_self_is_its_formula(folder: Path) -> None:
    parts = parts_of(folder, "ddim")
    words, (noise, known) = Words(parts), _random(3)
    prompt, negative = words.embedding("golden hour"), words.embedding("fog")

    def drawn(guide: Guide, guidance: float, delta: float = 1.0) -> torch.Tensor:
        stream = Stream(parts, StreamSettings(1, guidance, guide, delta))
        return stream.latents(noise, prompt, (), known, 1.0, negative)

    assert torch.allclose(drawn("onetime", 3.0), drawn("full", 3.0), atol=1e-5)
    # By hand: the noise that was put in stands in for the negative prompt's.
    kind: Any = DDIMScheduler
    scheduler = kind.from_config(parts.scheduler.config)
    scheduler.set_timesteps(1)
    timestep = scheduler.timesteps[0]
    latents = scheduler.add_noise(known, noise, scheduler.timesteps[:1])
    with torch.inference_mode():
        said = parts.unet(latents, timestep, prompt.tokens).sample
    led = 0.5 * noise + 3.0 * (said - 0.5 * noise)
    by_hand = scheduler.step(led, timestep, latents).prev_sample
    # At the noisiest timestep little of the picture is left, and rounding is divided by it.
    scale = float(by_hand.abs().max())
    assert float((drawn("self", 3.0, 0.5) - by_hand).abs().max()) < 1e-4 * scale


def test_onetime_leads_away_from_where_the_negative_prompt_pointed(folder: Path) -> None:
    parts = parts_of(folder, "euler")
    words, (noise, known) = Words(parts), _random(4)
    prompt = words.embedding("golden hour")
    stream = Stream(parts, StreamSettings(3, 2.0, "onetime"))
    made = [
        stream.latents(noise, prompt, (), known, 1.0, words.embedding(negative))
        for negative in ("fog", "snow")
    ]
    assert float((made[0] - made[1]).abs().max()) > 1e-4
    of_itself = Stream(parts, StreamSettings(3, 2.0, "self"))
    alone = [of_itself.latents(noise, prompt, (), known, 1.0, one) for one in (words.embedding("fog"), None)]
    assert torch.equal(*alone)


@pytest.mark.parametrize("guide", ["self", "onetime"])
@pytest.mark.parametrize("scheduler", ["euler", "ddim"])
def test_batched_it_is_the_same_so_many_pictures_later(folder: Path, guide: Guide, scheduler: str) -> None:
    parts = parts_of(folder, scheduler)
    words = Words(parts)
    negative = words.embedding("fog")
    stream = Stream(parts, StreamSettings(3, 2.0, guide, 0.8))
    batch: StreamBatch[int] = StreamBatch(stream, negative)
    asked = []
    for index in range(4):
        random = torch.Generator().manual_seed(index)
        noise, known = _random(index)
        controls = tuple(Control(name, torch.rand(1, 3, 32, 48, generator=random)) for name in CONTROLS)
        asked.append(Asked(index, noise, words.embedding(f"fog {index}"), controls, known, 1.0))
    for one in asked:
        tag, latents = batch.push(one)
        want = asked[tag]
        alone = stream.latents(want.noise, want.words, want.controls, want.initial, 1.0, negative)
        assert float((latents - alone).abs().max()) < 1e-4 * max(1.0, float(alone.abs().max()))


def test_a_model_that_predicts_something_else_is_refused(folder: Path) -> None:
    parts = parts_of(folder)
    parts.scheduler.register_to_config(prediction_type="v_prediction")
    Stream(parts, StreamSettings(2, 2.0))
    with pytest.raises(GeneratorError, match="predicts noise"):
        Stream(parts, StreamSettings(2, 2.0, "self"))


def test_a_negative_prompt_is_heard_and_encoded_once(folder: Path) -> None:
    def backend(**options: float | str) -> Any:
        made = generator(str(folder))(
            GeneratorSettings(threads=1, options={"guidance": 3.0, "history": "none", **options})
        )
        made.load(lambda share, words: None)
        return made

    asked = shown()
    fog, none = backend(negative="fog"), backend()
    encoded: list[int] = []
    fog._parts.text_encoders[0].register_forward_pre_hook(lambda *_: encoded.append(1))
    first = fog.generate(asked).image
    assert len(encoded) == 2
    for index in range(6):
        fog.generate(replace(asked, direction=Direction(f"golden hour {index % 3}", seed=1)))
    # The prompt, the negative one, and three more.
    assert len(encoded) == 5
    assert not np.array_equal(first, none.generate(asked).image)
    assert not np.array_equal(first, backend(negative="fog", guide="self").generate(asked).image)
    with pytest.raises(UsageError, match="one of full, self, onetime"):
        Diffusion(GeneratorSettings(options={"model": str(folder), "guide": "twice"}))
