"""The workers of a cluster over several takes: a generator that two of them share is loaded once."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from director.generate.protocol import GeneratorSettings, Progress
from director.generate.remote.cluster import Cluster
from director.generate.remote.pool import RemotePool

__all__ = ["Workers"]


class Workers:
    """Owns a cluster's connection, and the pool of the generator that was asked for last. At most `most`
    workers, None for as many as there is room for.

    `seam`: takes of generators with a history are cut where nothing but the history holds them together, and
    may be so far apart there, as Seam tells it, in levels of 255; None leaves them whole. `tell` hears, from
    another thread, of workers that die.
    """

    def __init__(
        self,
        cluster: Cluster,
        most: int | None = None,
        seam: float | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.cluster = cluster
        self._tell = tell
        self.seam = seam
        self._most = most
        self._made: tuple[str, GeneratorSettings, RemotePool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def pool(self, name: str, settings: GeneratorSettings, progress: Progress) -> RemotePool:
        """The pool of this generator, which stays this object's. Raises GeneratorError."""
        if self._made is not None:
            if self._made[:2] == (name, settings):
                return self._made[2]
            self.release()
        made = RemotePool(self.cluster, name, settings, progress, self._most, self._tell)
        self._made = (name, settings, made)
        return made

    def release(self) -> None:
        """End the workers. The cluster can be asked for others."""
        if self._made is not None:
            self._made[2].close()
            self._made = None

    def close(self) -> None:
        """End the workers and let go of the cluster. Idempotent."""
        self.release()
        self.cluster.close()
