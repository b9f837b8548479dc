"""The blocking itself as the picture: to compare with, and to run every loop without a model."""

import time

import numpy as np

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings, Progress
from director.types import Conditioning, GeneratedFrame

__all__ = ["BACKEND"]


class Proxy:
    """Hands the base map back. The option `delay_s` makes it as slow as a generator one wants to try."""

    name = "proxy"
    summary = "the blocking as it is, without a model"
    maps = frozenset({"base"})

    def __init__(self, settings: GeneratorSettings) -> None:
        unknown = sorted(set(settings.options) - {"delay_s"})
        if unknown:
            raise UsageError(
                f"knows no option {', '.join(unknown)}", subject="generator proxy", mend="it has delay_s"
            )
        try:
            self._delay_s = float(settings.options.get("delay_s", 0.0))
        except ValueError:
            self._delay_s = -1.0
        if not 0 <= self._delay_s < 3600:
            raise UsageError(
                "delay_s is not a time", subject="generator proxy", mend="seconds, 0 or more, below 3600"
            )

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The size of the picture itself."""
        return width, height

    def load(self, progress: Progress) -> None:
        """There is nothing to load."""
        progress(1.0, "nothing to load")

    @property
    def identity(self) -> GeneratorIdentity:
        """No weights, no torch."""
        return GeneratorIdentity(
            name=self.name, weights_sha256="", device="gl", dtype="uint8", threads=1, torch=""
        )

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """The base map, copied. Raises GeneratorError where there is none."""
        start = now_s()
        base = conditioning.maps.get("base")
        if base is None:
            raise GeneratorError(
                "the conditioning holds no base map", subject="generator proxy", mend="draw the map 'base'"
            )
        if self._delay_s:
            time.sleep(self._delay_s)
        return GeneratedFrame(np.array(base, np.uint8), conditioning, now_s() - start)

    def reset(self) -> None:
        """There is no history."""

    def close(self) -> None:
        """Nothing is held."""


BACKEND: type[Generator] = Proxy
