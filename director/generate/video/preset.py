"""Which video model, and how its clips are made: data, one file a model in `presets/`.

A folder that diffusers saved a `WanVACEPipeline` in is as good as a preset: what its `director.json` does not
say is as of `wan-vace`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from director.errors import GeneratorError, UsageError
from director.generate.clipwise import ClipShape
from director.generate.diffusion.preset import Source

__all__ = ["GRAIN", "VideoPreset", "is_video_model", "video_preset", "video_preset_names"]

GRAIN = 4
"""Frames that the autoencoder takes together, after the first (AutoencoderKLWan's temporal factor)."""

_FOLDER = Path(__file__).resolve().parent / "presets"
_OWN, _INDEX = "director.json", "model_index.json"
_PIPELINE = "WanVACEPipeline"
_USUAL = "wan-vace"


class VideoPreset(BaseModel):
    """`frames` and `overlap` shape the clips (see ClipShape); `size` is what it was taught at, of which no
    picture has more pixels; `weight` is how much the depth counts; `guidance` above 1 costs a second pass a
    step, that leads away from what is `negative`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    summary: str
    base: Source
    frames: Annotated[int, Field(ge=5, le=401)] = 81
    overlap: Annotated[int, Field(ge=1, le=81)] = 9
    size: tuple[int, int] = (832, 480)
    steps: Annotated[int, Field(ge=1, le=200)] = 30
    guidance: Annotated[float, Field(ge=1.0, le=20.0)] = 5.0
    weight: Annotated[float, Field(ge=0.0, le=2.0)] = 1.0
    negative: str = ""
    memory_gb: float = 0.0

    @property
    def clip(self) -> ClipShape:
        """Raises ValueError where no clip has this shape."""
        return ClipShape(self.frames, self.overlap, GRAIN)


@cache
def video_preset_names() -> tuple[str, ...]:
    """In alphabetical order."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


def is_video_model(name: str) -> bool:
    """Whether a generator's name is that of a video model's preset, or of a folder that holds one."""
    return name in video_preset_names() or _class_name(Path(name).expanduser()) == _PIPELINE


def video_preset(name: str) -> VideoPreset:
    """A preset by its name, or of a folder. Raises UsageError and GeneratorError."""
    if name in video_preset_names():
        return _read(_FOLDER / f"{name}.json", {})
    folder = Path(name).expanduser()
    if _class_name(folder) != _PIPELINE:
        raise UsageError(
            f"there is no video model {name!r}",
            subject="--generator",
            mend=f"a folder that diffusers saved a {_PIPELINE} in, or {', '.join(video_preset_names())}",
        )
    usual = video_preset(_USUAL).model_dump()
    usual |= {
        "name": folder.resolve().name,
        "summary": f"the video model in {folder}",
        "base": {"id": str(folder)},
        "memory_gb": 0.0,
    }
    return _read(folder / _OWN, usual)


def _class_name(folder: Path) -> str:
    try:
        index = json.loads((folder / _INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(index.get("_class_name", "")) if isinstance(index, dict) else ""


def _read(file: Path, usual: dict[str, Any]) -> VideoPreset:
    try:
        said = json.loads(file.read_text("utf-8")) if file.exists() else {}
        found = VideoPreset.model_validate({**usual, **said})
        _ = found.clip
    except (OSError, ValueError, TypeError, ValidationError) as error:
        words = str(error)
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            words = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise GeneratorError(words, subject=str(file), mend="mend the preset") from error
    return found
