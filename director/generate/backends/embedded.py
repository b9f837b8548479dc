"""The generator that ships with Director: a small trained network, on any machine, without a download."""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate import embedded
from director.generate.embedded.inputs import MAPS
from director.generate.embedded.samples import SAMPLES, averaged
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings, Progress
from director.scene.finish.finished import FINISHED
from director.types import Conditioning, GeneratedFrame

if TYPE_CHECKING:
    from director.generate.embedded.direction_look import Interpreter
    from director.generate.embedded.runtime import Runtime

__all__ = ["BACKEND", "WEIGHTS"]

WEIGHTS = Path(embedded.__file__).resolve().parent / "weights"

_MOST_PIXELS = 512 * 288


class Embedded:
    """Draws what words, materials and light make of the blocking. One step, at any size; for pictures larger
    than 512 × 288 at that many pixels, unless more are asked for.

    The option `weights` names another folder of weights; `history` 1 steadies each picture by the one
    before it, which makes a picture depend on those drawn since `reset`; `samples` 1 draws pictures at their
    own size, 4 and 9 with so many samples a pixel, which smooths what is finer than one; `compiled` 0 leaves
    Numba's kernels aside, which changes some pixels by a level or two.
    """

    name = "embedded"
    summary = "the trained generator that ships with Director; no download, any machine"
    maps = MAPS

    def __init__(self, settings: GeneratorSettings) -> None:
        unknown = sorted(set(settings.options) - {"weights", "history", "samples", "compiled"})
        if unknown:
            raise UsageError(
                f"knows no option {', '.join(unknown)}",
                subject="generator embedded",
                mend="it has weights, history, samples and compiled",
            )
        samples = settings.options.get("samples", 0)
        if samples not in (0, *SAMPLES):
            raise UsageError(
                f"cannot draw {samples} samples a pixel",
                subject="generator embedded",
                mend=f"ask for {', '.join(map(str, SAMPLES))}, or leave it out",
            )
        self._settings = settings
        self._side = SAMPLES.get(int(samples), 0)
        self._with_history = bool(float(settings.options.get("history", 0)))
        # What moved by itself is told by where it lies on its object.
        self.maps = MAPS | ({FINISHED + "anchor"} if self._with_history else set())
        self._folder = Path(str(settings.options.get("weights", WEIGHTS)))
        self._runtime: Runtime | None = None
        self._interpreter: Interpreter | None = None
        self._identity: GeneratorIdentity | None = None
        self.spent: Mapping[str, float] = {}
        """Seconds that each stage of the last picture took."""

    @property
    def any_size(self) -> bool:
        """What rests may be drawn at the size of the display."""
        return self._side == 0

    @property
    def compiled(self) -> bool:
        """With kernels compiled for the processor; known once it is loaded."""
        return self._runtime is not None and self._runtime.steps.compiled

    @property
    def independent(self) -> bool:
        """Without a history."""
        return not self._with_history

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The size itself, or one of the same shape with as many pixels as 512 × 288; or that of the samples
        that were asked for."""
        if self._side:
            return width * self._side, height * self._side
        shrink = min(1.0, math.sqrt(_MOST_PIXELS / (width * height)))
        return min(width, max(1, round(width * shrink))), min(height, max(1, round(height * shrink)))

    def load(self, progress: Progress) -> None:
        """Load network and words. Raises GeneratorError with the mend."""
        progress(0.0, "loading torch")
        # Threads that wait for each other spin, by default for milliseconds, which beside any other work on
        # the same cores costs a hundredfold (measured: 4 s a picture). A short while pays where nothing else
        # runs; the live process has said not at all. Read when torch is loaded.
        os.environ.setdefault("GOMP_SPINCOUNT", "10000")
        from director.generate.embedded.direction_look import Interpreter
        from director.generate.embedded.runtime import Runtime, weights_digest
        from director.generate.embedded.text import TextUnderstanding

        progress(0.6, "loading weights")
        settings = self._settings
        self._runtime = Runtime(
            self._folder,
            settings.device,
            settings.dtype,
            settings.threads,
            self._with_history,
            bool(float(settings.options.get("compiled", 1))),
        )
        progress(0.7, "compiling for this processor, which is done once")
        self._runtime.steps.prepare()
        progress(0.8, "loading words")
        # A folder of weights may have words of its own.
        text, used = self._folder / "text", [self._folder]
        if not text.is_dir():
            text = WEIGHTS / "text"
            used.append(text)
        self._interpreter = Interpreter(TextUnderstanding.load(text))
        self._identity = GeneratorIdentity(
            name=self.name,
            weights_sha256=weights_digest(*used),
            device=str(self._runtime.device),
            dtype=str(self._runtime.dtype).removeprefix("torch."),
            threads=self._runtime.threads,
            torch=self._runtime.steps.by,
        )
        progress(1.0, "ready")

    @property
    def identity(self) -> GeneratorIdentity:
        """Raises GeneratorError before `load`."""
        if self._identity is None:
            raise _not_loaded()
        return self._identity

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """One picture of the size of the maps, or of the pixels that they have several samples of. Raises
        GeneratorError for what it cannot do."""
        start = now_s()
        if self._runtime is None or self._interpreter is None:
            raise _not_loaded()
        missing = sorted(self.maps - conditioning.maps.keys())
        if missing:
            raise GeneratorError(
                f"the conditioning lacks {', '.join(missing)}",
                subject="generator embedded",
                mend="draw the maps that the generator declares",
            )
        directed = self._interpreter.directed(conditioning)
        words_s = now_s() - start
        image = averaged(self._runtime.draw(conditioning, directed), max(self._side, 1))
        self.spent = {"words": words_s, **self._runtime.spent}
        return GeneratedFrame(image, conditioning, now_s() - start, directed.not_understood)

    def reset(self) -> None:
        """Forget the picture before."""
        if self._runtime is not None:
            self._runtime.forget()

    def close(self) -> None:
        """Let the network go."""
        self._runtime = None
        self._interpreter = None


def _not_loaded() -> GeneratorError:
    return GeneratorError("is not loaded", subject="generator embedded", mend="call load first")


BACKEND: type[Generator] = Embedded
