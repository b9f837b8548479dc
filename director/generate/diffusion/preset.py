"""Presets: which model, which ControlNets, which settings. One file of data each, in `presets/`.

A folder with a model in it is as good as a preset: what its `director.json` does not say is as usual. So is a
file of such data anywhere: what it says is laid over the preset that it `extends`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from director.errors import GeneratorError, UsageError
from director.generate.diffusion.checkpoint import checkpoint_width, is_checkpoint

__all__ = [
    "Architecture",
    "ControlChoice",
    "Guide",
    "LoraChoice",
    "Precision",
    "Preset",
    "ReferenceChoice",
    "Source",
    "is_model",
    "preset",
    "preset_names",
]

_FOLDER = Path(__file__).resolve().parent / "presets"
_OWN = "director.json"
_INDEX = "model_index.json"
_ADAPTER, _ENCODER = "ip_adapter.safetensors", "image_encoder"

_EXTENDS = "extends"
_AND, _REFERENCE = "+", "reference"

Guide = Literal["full", "self", "onetime"]
"""What guidance leads away from: predicted at each step, what went in, or predicted once a picture."""
Precision = Literal["auto", "float32", "float16", "bfloat16"]
Share = Annotated[float, Field(ge=0.0, le=2.0)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Data):
    """Where weights come from: a hub id, a folder or a file, and what is to be known of them. `file` is the
    file or folder within it, where that has no usual name; `revision` a commit of the hub's, where the newest
    has no safetensors; `settings` are where those of a model of one file are (a folder or a hub id).
    `gigabytes` is what half-precision weights take."""

    id: str
    settings: str | None = None
    variant: str | None = None
    revision: str | None = None
    file: str | None = None
    licence: str = ""
    gigabytes: float = 0.0


class ControlChoice(_Data):
    """A ControlNet, and how much it counts until somebody turns it up or down. One that is not there
    `by_default` is taken where it is asked for."""

    source: Source
    weight: Share = 1.0
    by_default: bool = True


class LoraChoice(_Data):
    """A LoRA: a file, a folder or a hub id; and how much it counts until somebody turns it up or down."""

    source: Source
    weight: Annotated[float, Field(ge=-2.0, le=2.0)] = 1.0


class ReferenceChoice(_Data):
    """An IP-Adapter, the image encoder that it was taught with, and how much it counts."""

    source: Source
    encoder: Source
    weight: Share = 0.6
    by_default: bool = True


class Architecture(_Data):
    """What is published of a base model: a folder that says otherwise is another model."""

    unet_channels: tuple[int, ...]
    layers_per_block: int
    cross_attention_width: int
    latent_channels: int = 4
    prediction: Literal["epsilon", "v_prediction", "sample"] = "epsilon"


class Preset(_Data):
    """A model to stream with.

    `controls` and `reference` are what there is for it, not all of it by default; `references` are pictures
    of single objects, by their names. `size` is what it was taught at: pictures are drawn with about as many
    pixels. `strength` is how far a pixel with a history is drawn anew; `guidance` above 1 costs second
    passes, as many as `guide` says (one each step, none, one a picture); `delta` moderates the guides that
    have fewer. Models of one file take what is `for_files` of their kind.
    """

    name: str
    summary: str
    base: Source
    controls: dict[str, ControlChoice]
    vae: Source | None = None
    loras: dict[str, LoraChoice] = {}
    reference: ReferenceChoice | None = None
    references: dict[str, str] = {}
    scheduler: Literal["own", "lcm", "euler", "tcd", "ddim"] = "own"
    steps: Annotated[int, Field(ge=1, le=50)] = 2
    guidance: Annotated[float, Field(ge=1.0, le=20.0)] = 1.0
    guide: Guide = "full"
    delta: Share = 1.0
    strength: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    negative: str = ""
    size: tuple[int, int] = (512, 512)
    architecture: Architecture | None = None
    memory_gb: float = 0.0
    for_files: bool = False
    dtype: Precision = "auto"
    compile: bool = False
    batch: bool = False

    @property
    def taken(self) -> dict[str, ControlChoice]:
        """The controls that are loaded."""
        return {name: choice for name, choice in self.controls.items() if choice.by_default}

    @property
    def adapter(self) -> ReferenceChoice | None:
        """The IP-Adapter that is loaded."""
        return self.reference if self.reference is not None and self.reference.by_default else None


@cache
def preset_names() -> tuple[str, ...]:
    """In alphabetical order."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def is_model(name: str) -> bool:
    """Whether a generator's name is that of a preset, or the path of a diffusion model: a folder, a file of
    weights, or one of data. Raises UsageError for weights that are no safetensors."""
    path = Path(name).expanduser()
    return name.split(_AND)[0] in preset_names() or _is_folder(path) or _is_data(path) or is_checkpoint(path)


def preset(name: str) -> Preset:
    """A preset by its name, or of a model by its path. Behind a name, each after a +, may stand what it has
    not by default: controls, and "reference". Raises UsageError and GeneratorError."""
    head, *more = name.split(_AND)
    if head in preset_names():
        found = _read(_FOLDER / f"{head}.json", {})
        return _with_more(found, name, more) if more else found
    path = Path(name).expanduser()
    if _is_data(path):
        told = _read(path, {"name": path.stem, "summary": f"the model that {path.name} tells of"})
        return _with_settings(told)
    if is_checkpoint(path):
        return _of_file(path)
    if not _is_folder(path):
        raise UsageError(
            f"there is no preset and no model {name!r}",
            subject="--generator",
            mend=f"a folder with a {_INDEX}, a file of weights or data, or {', '.join(preset_names())}",
        )
    usual = {
        "name": path.resolve().name,
        "summary": f"the model in {path}",
        "base": {"id": str(path)},
        **_besides(path),
    }
    return _read(path / _OWN, usual)


def _of_file(path: Path) -> Preset:
    """Of a model of one file: with what there is for its kind, and what the folder of its name has."""
    width, beside = checkpoint_width(path), path.with_suffix("")
    usual: dict[str, Any] = {}
    for chosen in (preset(name) for name in preset_names()):
        if chosen.for_files and chosen.architecture and chosen.architecture.cross_attention_width == width:
            usual = chosen.model_dump(exclude_unset=True)
    settings = str(beside) if _is_folder(beside) else (usual.get("base") or {}).get("id")
    told = {
        "name": path.stem,
        "summary": f"the model {path.name}",
        "base": {"id": str(path), "settings": settings},
        "for_files": False,
    }
    return _read(beside / _OWN, _over({**usual, **told}, _besides(beside)))


def _besides(folder: Path) -> dict[str, Any]:
    """The ControlNets of a folder, named by what they read, and its IP-Adapter."""
    controls = {
        found.name.removeprefix("controlnet_"): {"source": {"id": str(found)}}
        for found in sorted(folder.glob("controlnet_*"))
        if found.is_dir()
    }
    adapter, encoder = folder / _ADAPTER, folder / _ENCODER
    if adapter.is_file() and encoder.is_dir():
        reference = {"source": {"id": str(adapter)}, "encoder": {"id": str(encoder)}}
        return {"controls": controls, "reference": reference}
    return {"controls": controls}


def _with_more(found: Preset, name: str, more: Sequence[str]) -> Preset:
    reference = found.reference
    there = [*found.controls, *([_REFERENCE] if reference is not None else [])]
    strays = [one for one in more if one not in there]
    if strays:
        raise UsageError(
            f"has no {strays[0]!r}", subject=f"preset {found.name}", mend=f"it has {', '.join(there)}"
        )
    if reference is not None and _REFERENCE in more:
        reference = reference.model_copy(update={"by_default": True})
    controls = {
        key: choice.model_copy(update={"by_default": True}) if key in more else choice
        for key, choice in found.controls.items()
    }
    return found.model_copy(update={"name": name, "controls": controls, "reference": reference})


def _with_settings(told: Preset) -> Preset:
    """With the settings that a base of one file takes, where nobody says which."""
    base = Path(told.base.id).expanduser()
    if told.base.settings is not None or not is_checkpoint(base):
        return told
    settings = _of_file(base).base.settings
    return told.model_copy(update={"base": told.base.model_copy(update={"settings": settings})})


def _is_folder(path: Path) -> bool:
    return (path / _INDEX).is_file()


def _is_data(path: Path) -> bool:
    return path.suffix == ".json" and path.is_file()


def _read(file: Path, usual: dict[str, Any]) -> Preset:
    try:
        said = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if not isinstance(said, dict):
            raise ValueError("is no object of data")
        if (extended := said.pop(_EXTENDS, None)) is not None:
            usual = {**_extended(str(extended), file.parent).model_dump(exclude_unset=True), **usual}
        return Preset.model_validate(_over(usual, _from_here(said, file.parent)))
    except (OSError, ValueError, ValidationError) as error:
        words = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        field = ""
        if isinstance(error, ValidationError):
            field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise GeneratorError(
            f"{field}: {words}" if field else words, subject=str(file), mend="mend the preset"
        ) from error


def _extended(name: str, folder: Path) -> Preset:
    if _is_data(Path(name).expanduser()) or _is_data(folder / name):
        raise ValueError("a file of data extends a preset or a folder, not another file of data")
    return preset(str(folder / name) if _is_folder(folder / name) else name)


def _over(usual: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said over what is usual, part by part; null takes a part away."""
    laid = dict(usual)
    for key, value in said.items():
        under = laid.get(key)
        if value is None:
            laid.pop(key, None)
        elif isinstance(value, dict) and isinstance(under, dict):
            laid[key] = _over(under, value)
        else:
            laid[key] = value
    return laid


def _from_here(said: Any, folder: Path) -> Any:
    """With the ids that are paths from a file's folder made whole."""
    if isinstance(said, list):
        return [_from_here(one, folder) for one in said]
    if not isinstance(said, dict):
        return said
    found = {key: _from_here(value, folder) for key, value in said.items()}
    if isinstance(pictures := found.get("references"), dict):
        whole = {name: str((folder / str(picture)).resolve()) for name, picture in pictures.items()}
        found["references"] = whole
    for key in ("id", "settings"):
        own = found.get(key)
        if isinstance(own, str) and (folder / own).exists():
            found[key] = str((folder / own).resolve())
    return found
