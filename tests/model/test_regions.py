"""Prompts of objects are heard where their objects are seen, and nowhere else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.models.attention_processor import Attention, AttnProcessor2_0

from director.generate.diffusion.attention import DirectedAttention, listen
from director.generate.diffusion.load import load_parts
from director.generate.diffusion.preset import preset
from director.generate.diffusion.regions import MOST_REGIONS, RegionPrompts, Regions, region_prompts
from director.generate.diffusion.stream import Stream, StreamSettings
from director.generate.diffusion.words import Words
from director.types import Conditioning, Direction, SceneObject, Tick, View
from tests.model.tiny_diffusion import save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_LATENT = (16, 24)
_LEFT = np.repeat([[1] * 24 + [0] * 24], 32, 0).astype(np.uint8)


@pytest.fixture(scope="module", params=["sd", "xl"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = save_tiny(tmp_path_factory.mktemp(request.param), is_xl=request.param == "xl")
    return load_parts(preset(str(folder)), torch.device("cpu"), torch.float32, lambda share, words: None)


def _drawn(parts: Any, prompts: tuple[str, ...], strengths: tuple[float, ...], guidance: float = 1.0) -> Any:
    words = Words(parts)
    scene = words.embedding("golden hour")
    found = RegionPrompts(prompts, strengths, _LEFT)
    regions = Regions(found, _LATENT, scene.length) if prompts else None
    asked = scene.with_regions([words.embedding(prompt) for prompt in prompts]) if prompts else scene
    noise = torch.randn(1, 4, *_LATENT, generator=torch.Generator().manual_seed(4))
    stream = Stream(parts, StreamSettings(1, guidance))
    return stream.latents(noise, asked, negative=words.embedding("fog"), regions=regions)


def test_attention_outside_a_region_is_as_it_was_to_the_last_bit() -> None:
    torch.manual_seed(6)
    attention: Any = Attention(query_dim=8, cross_attention_dim=16, heads=2, dim_head=4)
    pixels, tokens = torch.randn(1, 16 * 24, 8), torch.randn(1, 5, 16)
    more = torch.cat([tokens, torch.randn(1, 5, 16)], 1)
    regions = Regions(RegionPrompts(("snow",), (0.7,), _LEFT), _LATENT, 5)
    masks = regions.masks(1, torch.device("cpu"), torch.float32)
    attention.set_processor(DirectedAttention())
    with torch.inference_mode():
        changed = attention(pixels, more, masks={16 * 24: masks[16 * 24][1:]})
        alone = attention(pixels, tokens)
    gap = (changed - alone).abs().amax(-1).view(16, 24)
    assert float(gap[:, 12:].max()) < 1e-6
    assert float(gap[:, :12].min()) > 1e-4


@pytest.mark.parametrize("guidance", [1.0, 2.0])
def test_a_region_is_changed_by_its_prompt_more_than_the_rest(parts: Any, guidance: float) -> None:
    plain = _drawn(parts, (), (), guidance)
    changed = (_drawn(parts, ("snow",), (1.0,), guidance) - plain).abs().mean((0, 1))
    inside, outside = changed[:, :10].mean(), changed[:, 14:].mean()
    assert float(inside) > 1e-5
    # Norms over the whole picture and the U-Net's own attention carry some of it across.
    assert float(outside) < 0.9 * float(inside)


def test_a_strength_of_almost_nothing_is_almost_not_heard(parts: Any) -> None:
    plain = _drawn(parts, (), ())
    gaps = [
        float((_drawn(parts, ("snow",), (strength,)) - plain).abs().mean()) for strength in (1e-6, 0.3, 1.0)
    ]
    assert gaps[0] < 0.01 * gaps[2]
    assert gaps[0] < gaps[1] < gaps[2]


def test_without_regions_attention_is_diffusers_own(parts: Any) -> None:
    unet = parts.unet
    tokens = Words(parts).embedding("golden hour")
    noise = torch.randn(1, 4, *_LATENT, generator=torch.Generator().manual_seed(5))
    added = None
    if parts.is_xl:
        added = {"text_embeds": tokens.pooled, "time_ids": torch.zeros(1, 6)}

    def said() -> torch.Tensor:
        with torch.inference_mode():
            made: torch.Tensor = unet(noise, 10, tokens.tokens, added_cond_kwargs=added).sample
        return made

    unet.set_attn_processor(AttnProcessor2_0())  # type: ignore[no-untyped-call]
    theirs = said()
    listen(unet)
    assert float((said() - theirs).abs().max()) < 1e-5


def test_streams_that_share_a_model_hear_each_their_own(parts: Any) -> None:
    words = Words(parts)
    scene, noise = words.embedding("golden hour"), torch.randn(1, 4, *_LATENT)
    told = {
        name: (
            scene.with_regions([words.embedding(name)]),
            Regions(RegionPrompts((name,), (1.0,), _LEFT if name == "snow" else _LEFT[:, ::-1]), _LATENT, 16),
        )
        for name in ("snow", "thick fog")
    }

    def drawn(stream: Stream, name: str) -> torch.Tensor:
        asked, regions = told[name] if name else (scene, None)
        return stream.latents(noise, asked, regions=regions)

    assert scene.length == 16
    alone = {name: drawn(Stream(parts, StreamSettings(2)), name) for name in ("", *told)}
    streams = {name: Stream(parts, StreamSettings(2)) for name in alone}
    for _ in range(2):
        for name, stream in streams.items():
            assert torch.equal(drawn(stream, name), alone[name]), name
    assert not torch.equal(alone["snow"], alone["thick fog"])
    # At the same time too: one is in the middle of its picture while the other draws.
    inner: list[torch.Tensor] = []

    def draw_another(*_: object) -> None:
        if not inner:
            inner.append(noise)
            inner.append(drawn(streams[""], ""))

    handle = parts.unet.conv_in.register_forward_pre_hook(draw_another)
    try:
        assert torch.equal(drawn(streams["snow"], "snow"), alone["snow"])
    finally:
        handle.remove()
    assert torch.equal(inner[1], alone[""])


def _conditioning(ids: np.ndarray[Any, Any], prompts: list[str], direction: Direction) -> Conditioning:
    things = tuple(
        SceneObject(i, f"thing {i}", "box", prompt, (0.5, 0.5, 0.5), (1.0, 1.0, 1.0))
        for i, prompt in enumerate(prompts, start=1)
    )
    eye = np.eye(4)
    return Conditioning(
        Tick(0, 0.0, 0.0),
        View(eye, eye, eye, 0.5, 100.0),
        {"object": ids},
        direction,
        things,
        (0.0, 1.0, 0.0),
    )


def test_what_is_seen_most_is_heard_and_equal_prompts_share_a_region() -> None:
    ids = np.zeros((40, 40), np.uint16)
    for i in range(10):
        ids[:, 4 * i : 4 * i + 4] = i + 1
    ids[:, 36:] = 1
    prompts = ["brick", "brick", "oak", "", "snow", "gold", "red", "blue", "green", "never seen"]
    found = region_prompts(_conditioning(ids, prompts, Direction("day", {3: "ebony"}, strengths={5: 0.0})))
    assert found.prompts[0] == "brick"
    assert len(found.prompts) == MOST_REGIONS
    assert "ebony" in found.prompts
    assert "oak" not in found.prompts
    assert "snow" not in found.prompts
    assert "never seen" not in found.prompts
    assert set(np.unique(found.regions[ids == 2])) == {1}
    assert (found.regions[ids == 4] == 0).all()


def test_many_small_things_do_not_drown_large_ones() -> None:
    ids = np.ones((40, 40), np.uint16)
    ids[0, 1:9] = np.arange(2, 10)
    found = region_prompts(_conditioning(ids, [f"prompt {i}" for i in range(9)], Direction()))
    assert found.prompts == ("prompt 0",)
