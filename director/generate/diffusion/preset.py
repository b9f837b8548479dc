"""Presets: which model, which ControlNets, which settings. One file of data each, in `presets/`.

A folder with a model in it is as good as a preset: what its `director.json` does not say is as usual.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from director.errors import GeneratorError, UsageError

__all__ = ["Architecture", "ControlChoice", "Preset", "Source", "is_folder", "preset", "preset_names"]

_FOLDER = Path(__file__).resolve().parent / "presets"
_OWN = "director.json"
_INDEX = "model_index.json"

Share = Annotated[float, Field(ge=0.0, le=2.0)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Data):
    """Where weights come from: a hub id or a folder, and what is to be known of them. `gigabytes` is what
    half-precision weights take."""

    id: str
    variant: str | None = None
    licence: str = ""
    gigabytes: float = 0.0


class ControlChoice(_Data):
    """A ControlNet, and how much it counts by default."""

    source: Source
    weight: Share = 1.0


class Architecture(_Data):
    """What is published of a base model: a folder that says otherwise is another model."""

    unet_channels: tuple[int, ...]
    layers_per_block: int
    cross_attention_width: int
    latent_channels: int = 4
    prediction: Literal["epsilon", "v_prediction", "sample"] = "epsilon"


class Preset(_Data):
    """A model to stream with.

    `size` is what it was taught at: pictures are drawn with about as many pixels. `strength` is how far a
    pixel with a history is drawn anew; `guidance` above 1 costs a second pass.
    """

    name: str
    summary: str
    base: Source
    controls: dict[str, ControlChoice]
    vae: Source | None = None
    lora: Source | None = None
    scheduler: Literal["own", "lcm", "euler", "tcd", "ddim"] = "own"
    steps: Annotated[int, Field(ge=1, le=50)] = 2
    guidance: Annotated[float, Field(ge=1.0, le=20.0)] = 1.0
    strength: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    negative: str = ""
    size: tuple[int, int] = (512, 512)
    architecture: Architecture | None = None
    memory_gb: float = 0.0


@cache
def preset_names() -> tuple[str, ...]:
    """In alphabetical order."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def is_folder(name: str) -> bool:
    """Whether a generator's name is the path of a folder with a diffusion model in it."""
    return (Path(name).expanduser() / _INDEX).is_file()


def preset(name: str) -> Preset:
    """A preset by its name, or of a folder by its path. Raises UsageError and GeneratorError."""
    if name in preset_names():
        return _read(_FOLDER / f"{name}.json", {})
    folder = Path(name).expanduser()
    if not is_folder(name):
        raise UsageError(
            f"there is no preset and no model folder {name!r}",
            subject="--generator",
            mend=f"a folder with a {_INDEX}, or one of {', '.join(preset_names())}",
        )
    usual = {
        "name": folder.resolve().name,
        "summary": f"the model in {folder}",
        "base": {"id": str(folder)},
        "controls": {
            found.name.removeprefix("controlnet_"): {"source": {"id": str(found)}}
            for found in sorted(folder.glob("controlnet_*"))
            if found.is_dir()
        },
    }
    return _read(folder / _OWN, usual)


def _read(file: Path, usual: dict[str, Any]) -> Preset:
    try:
        said = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return Preset.model_validate({**usual, **said})
    except (OSError, ValueError, ValidationError) as error:
        words = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        field = ""
        if isinstance(error, ValidationError):
            field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise GeneratorError(
            f"{field}: {words}" if field else words, subject=str(file), mend="mend the preset"
        ) from error
