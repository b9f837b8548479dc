"""Our stream against diffusers' own pipelines, at settings where the two must agree."""

from pathlib import Path

import pytest
import torch

from director.generate.diffusion.stream import Control, Stream, StreamSettings
from director.generate.diffusion.words import Words
from tests.model.tiny_diffusion import CONTROLS, save_tiny
from tests.model.tiny_pipelines import WEIGHTS, inputs, latents_of, parts_of, pipeline_of

pytestmark = pytest.mark.usefixtures("one_thread")

_PROMPT, _NEGATIVE = "golden hour", "fog"


@pytest.fixture(scope="module", params=["sd", "xl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp(request.param), is_xl=request.param == "xl")


# Between steps LCM and TCD add noise: ours sticks to surfaces, theirs does not.
@pytest.mark.parametrize(
    ("scheduler", "steps", "strength", "guidance"),
    [
        ("ddim", 1, 1.0, 1.0),
        ("ddim", 4, 0.5, 1.0),
        ("ddim", 3, 1.0, 3.0),
        ("euler", 4, 0.5, 1.0),
        ("euler", 2, 1.0, 3.0),
        ("lcm", 1, 1.0, 1.0),
        ("tcd", 1, 1.0, 2.0),
    ],
)
def test_a_stream_is_the_pipeline_of_diffusers(
    folder: Path, scheduler: str, steps: int, strength: float, guidance: float
) -> None:
    parts = parts_of(folder, scheduler)
    theirs = latents_of(pipeline_of(parts), (_PROMPT, _NEGATIVE), steps, strength, guidance)
    picture, controls = inputs()
    words = Words(parts)
    with torch.inference_mode():
        initial = parts.vae.encode(picture * 2 - 1).latents * parts.vae.config.scaling_factor
    ours = Stream(parts, StreamSettings(steps, guidance)).latents(
        torch.randn(initial.shape, generator=torch.Generator().manual_seed(5)),
        words.embedding(_PROMPT),
        [Control(name, controls[name], WEIGHTS[name]) for name in CONTROLS],
        initial,
        strength,
        words.embedding(_NEGATIVE),
    )
    assert theirs.shape == ours.shape
    assert float((theirs - ours).abs().max()) < 1e-4
    assert float(ours.std()) > 0.05
