"""Models of the hub's cache: every part of the commit that a preset names, and ids that have dots."""

import shutil
from pathlib import Path

import huggingface_hub.constants as hub
import pytest
import torch

from director.errors import GeneratorError
from director.generate.diffusion.load import load_parts
from director.generate.diffusion.lora import read_lora
from director.generate.diffusion.preset import ControlChoice, Preset, Source
from tests.model.tiny_diffusion import CONTROLS, save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A hub's cache that has one commit of a model, which is not the newest, and its ControlNets."""
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    base = tmp_path / "models--team--base.v1" / "snapshots" / _COMMIT
    save_tiny(base)
    for name in CONTROLS:
        control = tmp_path / f"models--team--{name}"
        shutil.move(base / f"controlnet_{name}", control / "snapshots" / _COMMIT)
        (control / "refs").mkdir()
        (control / "refs" / "main").write_text(_COMMIT, encoding="utf-8")
    return tmp_path


def _preset(revision: str | None) -> Preset:
    return Preset(
        name="pinned",
        summary="a test's own",
        base=Source(id="team/base.v1", revision=revision),
        controls={name: ControlChoice(source=Source(id=f"team/{name}")) for name in CONTROLS},
    )


def _load(revision: str | None) -> object:
    return load_parts(_preset(revision), torch.device("cpu"), torch.float32, lambda share, words: None)


@pytest.mark.usefixtures("cache")
def test_every_part_is_of_the_commit_that_is_named() -> None:
    assert _load(_COMMIT)
    with pytest.raises(GeneratorError, match=r"team/base\.v1"):
        _load(None)


@pytest.mark.usefixtures("cache")
def test_an_id_with_a_dot_is_no_file() -> None:
    parts = load_parts(_preset(_COMMIT), torch.device("cpu"), torch.float32, lambda share, words: None)
    with pytest.raises(GeneratorError, match="is not on this machine"):
        read_lora(Source(id="team/oil.v2"), parts)
    with pytest.raises(GeneratorError, match="is not there"):
        read_lora(Source(id="oil.safetensors"), parts)
    with pytest.raises(GeneratorError, match="only safetensors"):
        read_lora(Source(id="oil.pt"), parts)
