"""Wan's VACE: a take drawn again in clips that hold together, under its depth."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate.clipwise import ClipShape
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings, Progress
from director.generate.video.preset import VideoPreset, video_preset
from director.types import Conditioning, GeneratedFrame

if TYPE_CHECKING:
    from director.generate.video.wan import Wan

__all__ = ["BACKEND", "WanVace"]

_GRID = 16
"""Pixels a side of what the transformer takes together: 8 of the autoencoder's, two by two."""
_OPTIONS = ("model", "steps", "guidance")


class WanVace:
    """Draws clips. Options: `model`, a preset or a folder; `steps` and `guidance` in the place of its own.

    A single picture is a clip of one frame: those of `director shoot` do not hold together.
    """

    name = "wan-vace"
    summary = "a video model, clip by clip, for director render; a card of 12 GB"
    maps = frozenset({"depth", "object"})

    model: str = "wan-vace"
    """The preset or folder where a name stands for one."""

    def __init__(self, settings: GeneratorSettings) -> None:
        """Raises UsageError for what is no option, and for a model that there is not."""
        options = settings.options
        unknown = sorted(set(options) - set(_OPTIONS))
        if unknown:
            raise UsageError(
                f"knows no option {', '.join(unknown)}",
                subject=f"generator {self.name}",
                mend=f"it has {', '.join(_OPTIONS)}",
            )
        chosen = video_preset(str(options.get("model", self.model)))
        said = {key: options[key] for key in ("steps", "guidance") if key in options}
        self.preset = _with(chosen, said)
        self._settings = settings
        self._wan: Wan | None = None
        self._identity: GeneratorIdentity | None = None

    @property
    def clip(self) -> ClipShape:
        """As the preset has it."""
        return self.preset.clip

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """Of the picture's shape, on the model's grid, with at most the pixels that it was taught with."""
        most = self.preset.size[0] * self.preset.size[1]
        shrink = min(1.0, (most / (width * height)) ** 0.5)
        return (
            max(_GRID, int(width * shrink / _GRID) * _GRID),
            max(_GRID, int(height * shrink / _GRID) * _GRID),
        )

    def load(self, progress: Progress) -> None:
        """Raises GeneratorError with the mend."""
        progress(0.0, "loading torch")
        import torch

        from director.generate.video.wan import load_wan

        settings = self._settings
        usual = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
        device = torch.device(usual if settings.device == "auto" else settings.device)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        if settings.dtype == "auto":
            dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
        else:
            dtype = getattr(torch, settings.dtype)
        self._wan = wan = load_wan(self.preset, device, dtype, progress)
        self._identity = GeneratorIdentity(
            name=self.preset.name,
            weights_sha256=wan.digest(),
            device=str(device),
            dtype=str(dtype).removeprefix("torch."),
            threads=torch.get_num_threads(),
            torch=str(torch.__version__),
        )
        progress(1.0, "ready")

    @property
    def identity(self) -> GeneratorIdentity:
        """Raises GeneratorError before `load`."""
        if self._identity is None:
            raise self._not_loaded()
        return self._identity

    def generate_clip(
        self, asked: Sequence[Conditioning], known: Sequence[NDArray[np.uint8]], progress: Progress
    ) -> list[NDArray[np.uint8]]:
        """As Clipwise has it."""
        if self._wan is None:
            raise self._not_loaded()
        return self._wan.clip(asked, known, progress)

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """A clip of one frame."""
        start = now_s()
        (picture,) = self.generate_clip([conditioning], [], _unheard)
        return GeneratedFrame(picture, conditioning, now_s() - start)

    def reset(self) -> None:
        """There is nothing to forget: a clip follows from what it is given."""

    def close(self) -> None:
        """Let the model go."""
        self._wan = None

    def _not_loaded(self) -> GeneratorError:
        return GeneratorError("is not loaded", subject=f"generator {self.name}", mend="call load first")


def _with(chosen: VideoPreset, said: dict[str, float | str]) -> VideoPreset:
    try:
        steps = int(said.get("steps", chosen.steps))
        guidance = float(said.get("guidance", chosen.guidance))
    except ValueError as error:
        raise UsageError(
            f"{error}", subject="generator wan-vace", mend="steps and guidance are numbers"
        ) from error
    if not (1 <= steps <= 200 and 1 <= guidance <= 20):
        raise UsageError(
            f"has steps {steps:g} and guidance {guidance:g}",
            subject="generator wan-vace",
            mend="1 to 200 steps, guidance 1 to 20",
        )
    return chosen.model_copy(update={"steps": steps, "guidance": guidance})


def _unheard(share: float, words: str) -> None:
    """Nobody asked."""


BACKEND: type[Generator] = WanVace
