"""A generator on another machine, in the place of one on this: `ray://HOST:PORT/NAME`.

It runs wherever a generator runs. Live that is the generator's own process, so that the viewport never waits
for a network: the newest conditioning waits in its one slot, the newest picture in the other. What is lost,
the worker or the whole cluster, ends that process; the one in its place waits until there is a cluster again.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from director.clock import now_s
from director.errors import GeneratorError, UsageError
from director.generate import generator, live_options
from director.generate.mailbox import MOST_BEHIND
from director.generate.protocol import (
    Generator,
    GeneratorIdentity,
    GeneratorLost,
    GeneratorSettings,
    Progress,
)
from director.generate.remote.address import ClusterAddress, remote_name
from director.generate.remote.cluster import Cluster, check_installed, check_versions
from director.generate.remote.drawer import Loaded, Picture, Refused
from director.generate.remote.patience import DRAWING, LOADING
from director.generate.remote.probe import NoCluster
from director.generate.watchdog import Patience, Watch
from director.types import Conditioning, GeneratedFrame

__all__ = ["RECONNECTS", "Remote", "remote_generator"]

RECONNECTS = "reconnects"
"""The option that makes it wait for a cluster, and end its process when it loses it."""
_STEP_S = 1.0
_SMOOTH = 0.2


class Remote:
    """A worker of its own on a cluster: a GPU, or all cores of a machine. Options but `reconnects` are those
    of the generator there."""

    name: str
    summary: str
    maps: frozenset[str]
    address: ClusterAddress
    live_options: Mapping[str, float | str]
    loading: Patience = LOADING
    drawing: Patience = DRAWING

    def __init__(self, settings: GeneratorSettings) -> None:
        options = dict(settings.options)
        self._reconnects = bool(float(options.pop(RECONNECTS, 0)))
        self._settings = replace(settings, options=options)
        # Says at once what it will not take, and at which size it draws.
        self._alike = generator(self.name)(self._settings)
        self._cluster: Cluster | None = None
        self._worker: Any = None
        self._loaded: Loaded | None = None
        self._watch: Watch | None = None
        self._shot = 0
        self._recent: deque[Conditioning] = deque(maxlen=MOST_BEHIND + 1)
        self._total_s = self._way_s = 0.0

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """As the generator there."""
        return self._alike.size_for(width, height)

    def load(self, progress: Progress) -> None:
        """Join the cluster, wait for a place, and load there. Raises GeneratorError, MissingExtra, and
        GeneratorLost; also where it is silent for longer than `loading` allows."""
        while self._cluster is None:
            try:
                self._cluster = Cluster(self.address)
            except NoCluster as absence:
                if not self._reconnects:
                    raise
                progress(0.0, f"trying again: {absence}")
                time.sleep(_STEP_S)
        cluster = self._cluster
        with self._noticing():
            self._worker = cluster.worker(cluster.place(self._settings))
            waiting = f"waiting for a place on {cluster}"
            check_versions(self._heard(self._worker.versions.remote(), lambda: progress(0.1, waiting)))
            loading = f"loading {self.name} on {cluster}"
            self._watch = Watch(self.loading)
            asked = self._worker.load.remote(self.name, self._settings)
            match self._heard(asked, lambda: progress(0.3, loading)):
                case Refused(error):
                    raise error
                case Loaded() as loaded:
                    self._loaded = loaded
        self._watch = Watch(self.drawing)
        self._watch.is_answered()
        progress(1.0, "ready")

    @property
    def identity(self) -> GeneratorIdentity:
        """Of the generator there. Raises GeneratorError before `load`."""
        if self._loaded is None:
            raise GeneratorError("is not loaded", subject=f"generator {self.name}", mend="call load first")
        return self._loaded.identity

    @property
    def words(self) -> str:
        """Where it draws and how long pictures take, of late."""
        if self._loaded is None or not self._total_s:
            return ""
        total_ms, way_ms = self._total_s * 1000, self._way_s * 1000
        return f"{self._loaded.host}: {total_ms:.0f} ms a picture, {way_ms:.0f} of them on the way"

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        """One picture, from there. Raises what the generator raises, GeneratorError, and GeneratorLost; also
        where it is silent for longer than `drawing` allows."""
        begin_s = now_s()
        assert self._worker is not None, "not loaded"
        assert self._watch is not None, "not loaded"
        self._recent.append(conditioning)
        with self._noticing():
            self._watch.asks(sorted((name, found.shape) for name, found in conditioning.maps.items()))
            answer = self._heard(self._worker.draw.remote(conditioning, self._shot))
        self._watch.is_answered(answer.seconds if isinstance(answer, Picture) else None)
        match answer:
            case Picture(image, seconds, not_understood, behind, heard):
                spent_s = now_s() - begin_s
                self._note(spent_s, spent_s - seconds)
                # Copied: what Ray hands over lies in its store for as long as anybody looks at it.
                return GeneratedFrame(image.copy(), self._recent[-1 - behind], spent_s, not_understood, heard)
            case Refused(error):
                raise error
            case other:
                raise AssertionError(other)

    def reset(self) -> None:
        """Forget the picture before."""
        self._shot += 1
        self._recent.clear()

    def close(self) -> None:
        """End the worker and leave the cluster."""
        if self._cluster is not None:
            if self._worker is not None:
                self._cluster.end(self._worker)
            self._cluster.close()
        self._cluster = self._worker = self._loaded = self._watch = None

    def _note(self, total_s: float, way_s: float) -> None:
        share = _SMOOTH if self._total_s else 1.0
        self._total_s += share * (total_s - self._total_s)
        self._way_s += share * (way_s - self._way_s)

    def _heard(self, reference: Any, wait: Callable[[], None] | None = None) -> Any:
        """The answer to a call, with `wait` called every second until it is there. Raises GeneratorError, or
        GeneratorLost, for a worker that is silent for too long, which is ended."""
        import ray

        while True:
            begin_s = now_s()
            try:
                return ray.get(reference, timeout=_STEP_S)
            except ray.exceptions.GetTimeoutError:
                if wait is not None:
                    wait()
            if self._watch is None:
                continue
            self._watch.waits(now_s() - begin_s)
            if self._watch.verdict:
                assert self._cluster is not None
                self._cluster.end(self._worker)
                raise self._lost(f"a worker on {self._cluster} gave {self._watch.verdict}")

    @contextlib.contextmanager
    def _noticing(self) -> Iterator[None]:
        """What Ray raises is told as what has happened."""
        import ray

        assert self._cluster is not None
        try:
            yield
        except ray.exceptions.RayTaskError as error:
            check_installed(error)
            raise GeneratorError(
                f"fell: {' '.join(str(error).strip().splitlines()[-1:])}", subject=f"generator {self.name}"
            ) from error
        except self._cluster.losses as error:
            check_installed(error)
            raise self._lost(f"{self._cluster} or the worker there has gone") from error

    def _lost(self, problem: str) -> GeneratorError | GeneratorLost:
        if self._reconnects:
            return GeneratorLost(problem)
        return GeneratorError(problem, subject=f"generator {self.name}", mend="try again")


def remote_generator(name: str) -> type[Generator]:
    """The class of `ray://HOST:PORT/NAME`: named as it is there, so that a take can be rendered anywhere.
    Raises UsageError."""
    address, named = remote_name(name)
    try:
        alike = generator(named)
    except UsageError as error:
        raise UsageError(error.problem, subject=f"--generator {name}", mend=error.mend) from error
    told = {
        "name": alike.name,
        "summary": f"{alike.summary}; on {address}",
        "maps": alike.maps,
        "address": address,
        "live_options": {RECONNECTS: 1, **live_options(alike)},
    }
    return cast(type[Generator], type(Remote.__name__, (Remote,), told))
