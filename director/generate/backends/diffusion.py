"""Diffusion models of diffusers, by preset or folder, as a stream under exact control."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate.diffusion.controls import control_picture
from director.generate.diffusion.history import History, Kept, strengths_of
from director.generate.diffusion.preset import Preset, preset
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings, Progress
from director.types import Conditioning, Direction, GeneratedFrame

if TYPE_CHECKING:
    from torch import Tensor

    from director.generate.diffusion.parts import Parts
    from director.generate.diffusion.regions import Regions
    from director.generate.diffusion.stream import Stream
    from director.generate.diffusion.words import Embedding, Words

__all__ = ["BACKEND", "Diffusion"]

_OPTIONS = ("model", "steps", "guidance", "strength", "noise", "history", "regions", "live")
_NOISES = ("anchored", "screen", "fresh")
_HISTORIES = ("carried", "unmoved", "none")


class Diffusion:
    """Streams a diffusion model.

    Options: `model`, a preset or a folder; `steps`, `guidance` and `strength` in the place of the preset's
    (strength is how far a pixel with a history is drawn anew: 1 does without a history); `regions` of 0
    leaves the objects' own prompts unheard; `live` of 1 encodes new prompts in the background, and hears the
    direction before until they are there: what a picture is drawn from then goes by time. To measure against
    there are `noise`: anchored, screen (the same in every picture, where it is on the screen) or fresh
    (another in each); and `history`: carried (along exact motion), unmoved (as it was on the screen) or none.
    """

    name = "diffusion"
    summary = "a diffusion model of diffusers: a preset's name, or a folder, as --generator"
    maps = frozenset({"depth", "object", "normal", "latent-noise", "poses"})

    model: str | None = None
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
        chosen = options.get("model", self.model)
        if chosen is None:
            raise UsageError(
                "names no model",
                subject="--generator diffusion",
                mend="name a preset or a model's folder instead: --generator sd-turbo",
            )
        self.preset: Preset = preset(str(chosen))
        self._settings = settings
        self._steps = _number(options, "steps", self.preset.steps, 1, 50)
        self._guidance = _number(options, "guidance", self.preset.guidance, 1, 20)
        self._strength = _number(options, "strength", self.preset.strength, 0, 1)
        self._noise = _choice(options, "noise", _NOISES)
        self._regional = _number(options, "regions", 1, 0, 1) > 0
        self._live = _number(options, "live", 0, 0, 1) > 0
        self._heard: Direction | None = None
        history = _choice(options, "history", _HISTORIES)
        if history == "none":
            self._strength = 1.0
        self._history = History(follows=history != "unmoved")
        self._parts: Parts | None = None
        self._stream: Stream | None = None
        self._words: Words | None = None
        self._identity: GeneratorIdentity | None = None
        self.spent: Mapping[str, float] = {}
        """Seconds that each stage of the last picture took."""

    @property
    def independent(self) -> bool:
        """Without a history."""
        return self._strength >= 1.0

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The size itself, or one of its shape with about as many pixels as the model was taught with."""
        most = self.preset.size[0] * self.preset.size[1]
        shrink = min(1.0, (most / (width * height)) ** 0.5)
        return (
            min(width, max(8, round(width * shrink / 8) * 8)),
            min(height, max(8, round(height * shrink / 8) * 8)),
        )

    def load(self, progress: Progress) -> None:
        """Raises GeneratorError with the mend."""
        progress(0.0, "loading torch")
        import torch

        from director.generate.diffusion.load import digest, load_parts

        settings = self._settings
        device, dtype = _device(settings), torch.float32
        if settings.threads:
            torch.set_num_threads(settings.threads)
        if settings.dtype != "auto":
            dtype = getattr(torch, settings.dtype)
        elif device.type == "cuda":
            dtype = torch.float16
        parts = load_parts(self.preset, device, dtype, progress)
        self.stream_with(parts, digest(parts))
        progress(1.0, "ready")

    def stream_with(self, parts: "Parts", weights_sha256: str) -> None:
        """Be ready with parts that are there already, in the place of the preset's."""
        import torch

        from director.generate.diffusion.stream import Stream, StreamSettings
        from director.generate.diffusion.words import Words

        self._parts = parts
        self._stream = Stream(parts, StreamSettings(int(self._steps), self._guidance))
        self._words = Words(parts)
        self._identity = GeneratorIdentity(
            name=self.preset.name,
            weights_sha256=weights_sha256,
            device=str(parts.device),
            dtype=str(parts.dtype).removeprefix("torch."),
            threads=torch.get_num_threads(),
            torch=str(torch.__version__),
        )

    @property
    def identity(self) -> GeneratorIdentity:
        """Raises GeneratorError before `load`."""
        if self._identity is None:
            raise _not_loaded(self.name)
        return self._identity

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """One picture of the size of the maps. Raises GeneratorError for what it cannot do."""
        if self._parts is None or self._stream is None or self._words is None:
            raise _not_loaded(self.name)
        missing = sorted(self.maps - conditioning.maps.keys())
        if missing:
            raise GeneratorError(
                f"the conditioning lacks {', '.join(missing)}",
                subject=f"generator {self.name}",
                mend="draw the maps that the generator declares",
            )
        start = now_s()
        spent = {}
        from director.generate.diffusion.pictures import decoded, encoded, planes
        from director.generate.diffusion.stream import Control

        controls = [
            Control(name, planes(control_picture(name, conditioning), self._parts), choice.weight)
            for name, choice in self.preset.controls.items()
        ]
        spent["controls"] = now_s() - start
        words, regions = self._words_and_regions(self._sayable(conditioning))
        negative = self._words.embedding(self.preset.negative) if self._guidance > 1 else None
        spent["words"] = now_s() - start - sum(spent.values())
        kept = self._history.kept(conditioning) if self._strength < 1.0 else None
        noise = self._latent_noise(conditioning)
        initial, strength = None, None
        if kept is not None:
            initial = encoded(kept.picture, self._parts)
            strength = self._latent_strength(conditioning, kept)
        spent["history"] = now_s() - start - sum(spent.values())
        latents = self._stream.latents(
            noise, words, controls, initial, 1.0 if strength is None else strength, negative, regions
        )
        spent["denoising"] = now_s() - start - sum(spent.values())
        picture = decoded(latents, self._parts, conditioning.maps["depth"].shape)
        spent["decoding"] = now_s() - start - sum(spent.values())
        if self._strength < 1.0:
            self._history.remember(conditioning, picture)
        image = np.asarray(np.round(picture * 255), np.uint8)
        self.spent = spent
        return GeneratedFrame(image, conditioning, now_s() - start)

    def reset(self) -> None:
        """Forget the picture before."""
        self._history.forget()
        self._heard = None

    def close(self) -> None:
        """Let the model go."""
        if self._words is not None:
            self._words.close()
        self._parts = self._stream = self._words = self._heard = None
        self._history.forget()

    def _sayable(self, conditioning: Conditioning) -> Conditioning:
        """With the direction that is to be heard: live, the one before until all prompts are encoded."""
        from director.generate.diffusion.regions import region_prompts

        assert self._words is not None
        if not self._live:
            return conditioning
        wanted, direction = [], conditioning.direction
        while True:
            wanted.append(direction.prompt)
            if direction.leaving is None or direction.arrived >= 1.0:
                break
            direction = direction.leaving
        if self._regional:
            wanted.extend(region_prompts(conditioning).prompts)
        if self._words.ask(wanted) or self._heard is None:
            self._heard = conditioning.direction
            return conditioning
        before = self._heard
        # What comes into view meanwhile is not heard yet.
        objects = tuple(
            thing
            for thing in conditioning.objects
            if self._words.knows(before.object_prompts.get(thing.id, thing.prompt).strip())
        )
        return replace(conditioning, direction=before, objects=objects)

    def _words_and_regions(self, conditioning: Conditioning) -> "tuple[Embedding, Regions | None]":
        from director.generate.diffusion.parts import vae_factor
        from director.generate.diffusion.regions import Regions, region_prompts

        assert self._parts is not None
        assert self._words is not None
        scene = self._embedding(conditioning.direction)
        found = region_prompts(conditioning) if self._regional else None
        if found is None or not found.prompts:
            return scene, None
        factor = vae_factor(self._parts.vae)
        height, width = (-(-side // factor) for side in found.regions.shape)
        words = [self._words.embedding(prompt) for prompt in found.prompts]
        return scene.with_regions(words), Regions(found, (height, width), scene.length)

    def _embedding(self, direction: Direction) -> "Embedding":
        from director.generate.diffusion.words import between

        assert self._words is not None
        asked = self._words.embedding(direction.prompt)
        if direction.leaving is None or direction.arrived >= 1.0:
            return asked
        return between(self._embedding(direction.leaving), asked, direction.arrived)

    def _latent_noise(self, conditioning: Conditioning) -> "Tensor":
        import torch

        from director.generate.diffusion.noise import latent_noise
        from director.generate.diffusion.parts import vae_factor

        assert self._parts is not None
        noise = torch.from_numpy(conditioning.maps["latent-noise"].astype(np.float32))
        factor = vae_factor(self._parts.vae)
        anchored = latent_noise(noise, factor)
        if self._noise == "anchored":
            return anchored
        seed = conditioning.direction.seed & 0xFFFFFFFF
        if self._noise == "fresh":
            seed = (seed + 0x9E3779B9 * (conditioning.tick.index + 1)) & 0xFFFFFFFF
        return torch.randn(anchored.shape, generator=torch.Generator().manual_seed(seed))

    def _latent_strength(self, conditioning: Conditioning, kept: Kept) -> "Tensor":
        import torch
        from torch.nn import functional

        from director.generate.diffusion.parts import vae_factor

        assert self._parts is not None
        anew = torch.from_numpy(strengths_of(conditioning, kept.known, self._strength, {}))
        factor = vae_factor(self._parts.vae)
        height, width = anew.shape
        padded = functional.pad(anew[None, None], (0, -width % factor, 0, -height % factor), mode="replicate")
        # A latent that holds one uncovered pixel is drawn anew.
        return functional.max_pool2d(padded, factor)


def _number(options: Mapping[str, float | str], name: str, usual: float, least: float, most: float) -> float:
    try:
        value = float(options.get(name, usual))
    except ValueError as error:
        raise UsageError(f"{options[name]!r} is not a number", subject=name, mend="give a number") from error
    if not least <= value <= most:
        raise UsageError(f"{value:g} is outside {least:g} to {most:g}", subject=name, mend="give another")
    return value


def _choice(options: Mapping[str, float | str], name: str, choices: tuple[str, ...]) -> str:
    value = str(options.get(name, choices[0]))
    if value not in choices:
        raise UsageError(f"{value!r} is none", subject=name, mend=f"one of {', '.join(choices)}")
    return value


def _device(settings: GeneratorSettings) -> "torch.device":  # type: ignore[name-defined]  # noqa: F821
    import torch

    if settings.device != "auto":
        return torch.device(settings.device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def _not_loaded(name: str) -> GeneratorError:
    return GeneratorError("is not loaded", subject=f"generator {name}", mend="call load first")


BACKEND: type[Generator] = Diffusion
