"""Diffusion models of diffusers, by preset or folder, as a stream under exact control."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate.diffusion.controls import control_picture, maps_for
from director.generate.diffusion.history import History, Kept, strengths_of
from director.generate.diffusion.levels import CONTROL, level
from director.generate.diffusion.options import OPTIONS, read_options
from director.generate.diffusion.preset import Preset, preset
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings, Progress
from director.types import Conditioning, Direction, GeneratedFrame

if TYPE_CHECKING:
    from torch import Tensor

    from director.generate.diffusion.batch import StreamBatch
    from director.generate.diffusion.hearing import Hearing
    from director.generate.diffusion.parts import Parts
    from director.generate.diffusion.stream import Stream
    from director.generate.diffusion.words import Embedding

__all__ = ["BACKEND", "Diffusion"]

# Runs of a compiled function after which it is recorded: one compiles, one warms up, one records.
_RECORDED = 3


@dataclass(frozen=True, slots=True, eq=False)
class _MadeFrom:
    """What a picture answers, and what is told of that."""

    conditioning: Conditioning
    unheard: tuple[str, ...]
    heard: Direction | None


class Diffusion:
    """Streams a diffusion model.

    Options: `model`, a preset or a path; `steps`, `guidance`, `negative`, `guide` (what guidance leads away
    from: full, self or onetime, with its `delta`) and `strength` in the place of the preset's (strength is
    how far a pixel with a history is drawn anew: 1 does without a history); `controls` and `lora`, each
    NAME[:WEIGHT],…; `references`, OBJECT=PATH,…; `dtype` and `variant` of the weights; `compile` of 1 runs
    what torch.compile makes of it; `batch` of 1 has, live, as many pictures in the making as there are steps,
    and each answers what was asked one less ago; `regions` of 0 leaves the objects' own prompts unheard;
    `live` of 1 encodes what is new in the background, and hears the direction before until it is there: what
    a picture is drawn from then goes by time. To measure against there are `noise`: anchored, screen (the
    same in every picture, where it is on the screen) or fresh (another in each); and `history`: carried
    (along exact motion), unmoved (as it was on the screen) or none.

    While it runs the look of a direction turns up or down what it names: `control-NAME`, `lora-NAME`,
    `reference`. A name that there is not is told as not understood.
    """

    name = "diffusion"
    summary = "a diffusion model of diffusers: a preset's name, or a path, as --generator"
    maps = frozenset({"depth", "object", "normal", "latent-noise", "poses"})
    """Of an instance, those that its own controls are made from."""
    live_options: Mapping[str, float | str] = MappingProxyType({"live": 1})

    model: str | None = None
    """The preset or path where a name stands for one."""

    def __init__(self, settings: GeneratorSettings) -> None:
        """Raises UsageError for what is no option, and for a model that there is not."""
        options = settings.options
        unknown = sorted(set(options) - set(OPTIONS))
        if unknown:
            raise UsageError(
                f"knows no option {', '.join(unknown)}",
                subject=f"generator {self.name}",
                mend=f"it has {', '.join(OPTIONS)}",
            )
        chosen = options.get("model", self.model)
        if chosen is None:
            raise UsageError(
                "names no model",
                subject="--generator diffusion",
                mend="name a preset or a model's folder instead: --generator sd-turbo",
            )
        self._options = read_options(options, preset(str(chosen)))
        self.preset: Preset = self._options.preset
        """With what the options put in its place."""
        self.maps = maps_for(self.preset)
        self._settings = settings
        self._strength = 1.0 if self._options.history == "none" else self.preset.strength
        self._history = History(follows=self._options.history != "unmoved")
        self._parts: Parts | None = None
        self._stream: Stream | None = None
        self._hearing: Hearing | None = None
        self._batch: StreamBatch[_MadeFrom] | None = None
        self._negative: Embedding | None = None
        self._identity: GeneratorIdentity | None = None
        self._decode: Callable[[Any, Tensor], Tensor] | None = None
        self._compiled: set[tuple[int, ...]] = set()
        self._progress: Progress = _silent
        self.spent: Mapping[str, float] = {}
        """Seconds that each stage of the last picture took."""
        self.waits = False
        """Whether a card is waited for after each stage: else the last stages have the time of the others."""

    @property
    def independent(self) -> bool:
        """Without a history."""
        return self._strength >= 1.0 and not self._options.batches

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
        self._progress = progress
        progress(0.0, "loading torch")
        import torch

        from director.generate.diffusion.load import digest, load_parts

        settings = self._settings
        device = _device(settings)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        # What a take was drawn with comes first.
        said = self.preset.dtype if settings.dtype == "auto" else settings.dtype
        if device.type == "cpu" and settings.dtype == "float16":
            # A card drew the take; a processor is no faster by it, and lacks half of what it needs.
            said = "auto"
        usual = torch.float16 if device.type == "cuda" else torch.float32
        dtype: torch.dtype = usual if said == "auto" else getattr(torch, said)
        parts = load_parts(self.preset, device, dtype, progress)
        self.stream_with(parts, digest(parts))
        progress(1.0, "ready")

    def stream_with(self, parts: "Parts", weights_sha256: str) -> None:
        """Be ready with parts that are there already, in the place of the preset's."""
        import torch

        from director.generate.diffusion.compiled import check_compiler, compiled
        from director.generate.diffusion.hearing import Hearing
        from director.generate.diffusion.pictures import decode
        from director.generate.diffusion.stream import Stream, StreamSettings

        self._parts = parts
        told = self.preset
        settings = StreamSettings(told.steps, told.guidance, told.guide, told.delta, told.compile)
        if told.compile:
            check_compiler(parts.device)
            self._decode = compiled(decode, parts.device)
        self._stream = Stream(parts, settings)
        self._hearing = Hearing(parts, self._options)
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
        if self._parts is None or self._stream is None or self._hearing is None:
            raise _not_loaded(self.name)
        missing = sorted(self.maps - conditioning.maps.keys())
        if missing:
            raise GeneratorError(
                f"the conditioning lacks {', '.join(missing)}",
                subject=f"generator {self.name}",
                mend="draw the maps that the generator declares",
            )
        start = now_s()
        spent: dict[str, float] = {}
        device = self._parts.device

        def lap(stage: str) -> None:
            if self.waits and device.type == "cuda":
                import torch

                torch.cuda.synchronize(device)
            spent[stage] = now_s() - start - sum(spent.values())

        from director.generate.diffusion.batch import Asked
        from director.generate.diffusion.pictures import decode, decoded, encoded, planes
        from director.generate.diffusion.stream import Control

        controls = [
            Control(
                name,
                planes(control_picture(name, conditioning), self._parts),
                level(conditioning.direction, CONTROL + name, choice.weight, 0, 2),
            )
            for name, choice in self.preset.taken.items()
        ]
        lap("controls")
        said = self._hearing.said(conditioning)
        lap("words")
        kept = self._history.kept(conditioning) if self._strength < 1.0 else None
        noise = self._latent_noise(conditioning)
        initial, strength = None, None
        if kept is not None:
            initial = encoded(kept.picture, self._parts)
            strength = self._latent_strength(conditioning, kept)
        lap("history")
        size = conditioning.maps["depth"].shape

        made_from = _MadeFrom(conditioning, self._hearing.unheard(conditioning), said.heard)
        strengths = 1.0 if strength is None else strength

        def latents() -> "tuple[_MadeFrom, Tensor]":
            assert self._stream is not None
            if self._options.batches:
                heard = self._stream.heard(said.regions, said.references)
                asked = Asked(made_from, noise, said.words, tuple(controls), initial, strengths, heard)
                return self._batch_of(said.negative).push(asked)
            heeded = (said.negative, said.regions, said.references)
            return made_from, self._stream.latents(noise, said.words, controls, initial, strengths, *heeded)

        if self.preset.compile and size not in self._compiled:
            self._compile_for(size, latents)
        answered, drawn = latents()
        lap("denoising")
        seen = decoded(drawn, self._parts, size, self._decode or decode)
        lap("decoding")
        picture = np.ascontiguousarray(seen.cpu().numpy())
        lap("copying")
        if self._strength < 1.0:
            self._history.remember(answered.conditioning, picture)
        image = np.asarray(np.round(picture * 255), np.uint8)
        self.spent = spent
        return GeneratedFrame(image, answered.conditioning, now_s() - start, answered.unheard, answered.heard)

    @property
    def words(self) -> str:
        """How far behind its pictures are; "" where they are not."""
        behind = self.preset.steps - 1
        return f"batched, {behind} picture{'s' * (behind > 1)} behind" if self._options.batches else ""

    def reset(self) -> None:
        """Forget the picture before."""
        self._history.forget()
        self._batch = None
        if self._hearing is not None:
            self._hearing.forget()

    def close(self) -> None:
        """Let the model go."""
        if self._hearing is not None:
            self._hearing.close()
        self._parts = self._stream = self._hearing = self._batch = None
        self._history.forget()

    def _batch_of(self, negative: "Embedding | None") -> "StreamBatch[_MadeFrom]":
        """What is in the making, by this stream."""
        if self._batch is None or self._negative is not negative:
            from director.generate.diffusion.batch import StreamBatch

            self._negative = negative

            assert self._stream is not None
            self._batch = StreamBatch(self._stream, negative)
        return self._batch

    def _compile_for(self, size: tuple[int, ...], latents: "Callable[[], tuple[_MadeFrom, Tensor]]") -> None:
        """Draws until everything of this size is compiled and, on a card, recorded; tells that it does."""
        from director.generate.diffusion.compiled import Telling
        from director.generate.diffusion.pictures import decode, decoded

        assert self._parts is not None
        with Telling(self._progress, f"compiling for {size[1]}×{size[0]}"):
            for _ in range(_RECORDED if self._parts.device.type == "cuda" else 1):
                decoded(latents()[1], self._parts, size, self._decode or decode)
                # Begun anew it goes through batches of every size.
                self._batch = None
        self._compiled.add(size)

    def _latent_noise(self, conditioning: Conditioning) -> "Tensor":
        import torch

        from director.generate.diffusion.noise import latent_noise
        from director.generate.diffusion.parts import vae_factor

        assert self._parts is not None
        noise = torch.from_numpy(conditioning.maps["latent-noise"].astype(np.float32))
        factor = vae_factor(self._parts.vae)
        anchored = latent_noise(noise, factor)
        if self._options.noise == "anchored":
            return anchored
        seed = conditioning.direction.seed & 0xFFFFFFFF
        if self._options.noise == "fresh":
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


def _silent(share: float, words: str) -> None:
    pass


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
