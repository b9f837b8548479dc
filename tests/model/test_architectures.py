"""The architectures that are measured with are the published ones, and streams run on what is built."""

import pytest
import torch

from director.generate.diffusion.architectures import MID, PUBLISHED, TINY, Built, ByteTokens, random_parts
from director.generate.diffusion.load import check_architecture
from director.generate.diffusion.pictures import decoded
from director.generate.diffusion.preset import preset
from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words

pytestmark = pytest.mark.usefixtures("one_thread")

_PRESETS = {"sd-1.5": "lcm-dreamshaper", "sd-2.1": "sd-turbo", "sdxl": "sdxl-turbo"}


def _millions(model: torch.nn.Module) -> float:
    return sum(weights.numel() for weights in model.parameters()) / 1e6


# Millions of parameters as published: U-Net, one ControlNet, text encoders.
@pytest.mark.parametrize(
    ("name", "unet", "control", "texts"),
    [
        ("sd-1.5", 859.5, 361.3, (123.1,)),
        ("sd-2.1", 865.9, 364.2, (340.4,)),
        ("sdxl", 2567.5, 1251.0, (123.1, 694.7)),
    ],
)
def test_parameters_are_as_many_as_published(
    name: str, unet: float, control: float, texts: tuple[float, ...]
) -> None:
    built = PUBLISHED[name]
    with torch.device("meta"):
        made = built.make_unet()
        assert _millions(made) == pytest.approx(unet, abs=0.05)
        assert _millions(built.make_control(made)) == pytest.approx(control, abs=0.05)
        assert [_millions(text) for text in built.make_texts()] == pytest.approx(list(texts), abs=0.05)
        assert _millions(built.make_vae()) == pytest.approx(2.445, abs=0.001)
    # Refuses what is another one's.
    check_architecture(made, preset(_PRESETS[name]))


def test_text_is_as_wide_as_the_unet_reads() -> None:
    for built in (*PUBLISHED.values(), TINY, MID):
        widths = [said["hidden_size"] for said in built.texts]
        assert sum(widths) == built.unet["cross_attention_dim"]


def test_the_middle_one_is_of_a_size_for_processors() -> None:
    with torch.device("meta"):
        assert 20 < _millions(MID.make_unet()) < 40


def test_a_token_is_a_byte_and_what_is_too_long_is_cut() -> None:
    tokens = ByteTokens(1000, 1001, 8)

    def ids(prompt: str) -> list[int]:
        made = tokens(prompt, padding="max_length", max_length=8, truncation=True, return_tensors="pt")
        found: list[int] = made.input_ids[0].tolist()
        return found

    assert ids("fog") == [1000, *b"fog", 1001, 1001, 1001, 1001]
    assert ids("a long prompt") == [1000, *b"a long", 1001]


@pytest.mark.parametrize("scheduler", ["lcm", "euler"])
def test_a_stream_runs_on_random_weights_and_the_seed_tells_which(scheduler: str) -> None:
    def picture(built: Built, seed: int) -> torch.Tensor:
        parts = random_parts(built, ("depth",), scheduler, torch.device("cpu"), torch.float32, seed)
        control = Control("depth", torch.full((1, 3, 64, 64), 0.5))
        noise = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(1))
        stream = Stream(parts, StreamSettings(2))
        latents = stream.latents(noise, Words(parts).embedding("fog"), [control])
        return decoded(latents, parts, (64, 64))

    before = torch.get_rng_state()
    first = picture(TINY, 1)
    assert first.isfinite().all()
    assert float(first.std()) > 0.0
    assert torch.equal(first, picture(TINY, 1))
    assert not torch.equal(first, picture(TINY, 2))
    if scheduler == "euler":
        assert torch.equal(before, torch.get_rng_state())
