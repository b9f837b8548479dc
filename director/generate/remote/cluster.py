"""A connection to a Ray cluster, or one that is started here for as long as it is needed."""

import contextlib
import math
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director import __version__
from director.errors import GeneratorError, MissingExtra
from director.generate.protocol import GeneratorSettings
from director.generate.remote.access import give_local_token
from director.generate.remote.address import ClusterAddress
from director.generate.remote.drawer import Drawer
from director.generate.remote.probe import NoCluster, reach

__all__ = ["Cluster", "Places", "check_installed", "check_versions", "unjoined"]

_STORE_BYTES, _STORE_BYTES_A_WORKER = 192 * 2**20, 64 * 2**20
"""Of a cluster that is started here: two conditionings a worker are on their way."""
_SAME = "install the same Ray, Python and Director on all machines: pip install 'director[ray]'"
_ENVIRONMENT = {
    # Nothing is reported to anybody, and what Ray has to say of its workers is told by the pool, in one line.
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",
    # A client that lost its connection must not wait for half a minute: the one who asks begins anew.
    "RAY_CLIENT_RECONNECT_GRACE_PERIOD": "0",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Room for `count` workers, each with so many `cpus` and `gpus` to itself."""

    count: int
    cpus: int
    gpus: int


class Cluster:
    """Where workers are made. One at a time in a process.

    `address` of None starts Ray on this machine, with `cpus` cores and a token that nobody else has. Raises
    MissingExtra, NoCluster, and GeneratorError where the cluster does not let this machine in.
    """

    def __init__(self, address: ClusterAddress | None, cpus: int = 1) -> None:
        self.address = address
        self.is_open = False
        """Whether the cluster lets in everyone."""
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        if address is None:
            give_local_token()
            way = "local"
        else:
            reached = reach(address)
            self.is_open, way = reached.is_open, reached.init_address
        try:
            import ray
        except ImportError as error:
            raise MissingExtra("ray", extra="ray") from error
        self._ray: Any = ray
        quiet: dict[str, Any] = {"logging_level": "CRITICAL", "log_to_driver": False}
        try:
            if address is None:
                room = _STORE_BYTES + cpus * _STORE_BYTES_A_WORKER
                ray.init(way, num_cpus=cpus, include_dashboard=False, object_store_memory=room, **quiet)
            else:
                ray.init(way, **quiet)
        except (RuntimeError, ConnectionError, ValueError, ray.exceptions.RayError) as error:
            ray.shutdown()
            raise unjoined(str(self), way, error) from error

    def __str__(self) -> str:
        return "Ray on this machine" if self.address is None else f"Ray cluster {self.address}"

    def places(self, settings: GeneratorSettings, most: int | None = None) -> Places:
        """Room for workers with these settings, `most` at the most: one a GPU where there are GPUs and the
        settings do not rule them out, else one for as many cores as it has threads (0: one; no more than a
        machine has). Raises GeneratorError where there is none."""
        nodes: list[Mapping[str, float]] = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        gpus = sum(int(node.get("GPU", 0)) for node in nodes)
        if gpus and (settings.device == "auto" or settings.device.startswith("cuda")):
            return Places(min(gpus, most or gpus), 1, 1)
        if settings.device.startswith("cuda"):
            raise GeneratorError("has no GPU", subject=str(self), mend="add a machine that has one")
        cores = [math.floor(node.get("CPU", 0)) for node in nodes]
        # More threads than cores are slower, and draw the same bytes: those follow from the threads.
        cpus = min(max(1, settings.threads), max(cores, default=0))
        if not cpus:
            raise GeneratorError(
                f"none of its {len(nodes)} machines has cores to give",
                subject=str(self),
                mend="add one: ray start --address=… there",
            )
        count = sum(free // cpus for free in cores)
        return Places(min(count, most or count), cpus, 0)

    def place(self, settings: GeneratorSettings) -> Places:
        """For one worker that is to be as fast as can be: a GPU, or all cores of the largest machine. Raises
        GeneratorError where there is none."""
        found = self.places(settings, 1)
        if found.gpus:
            return found
        return Places(1, max(int(node["Resources"].get("CPU", 0)) for node in self._ray.nodes()), 0)

    def worker(self, places: Places) -> Any:
        """A new worker's handle; it is there once there is room for it. Its methods are Drawer's."""
        options = {"num_cpus": places.cpus, "num_gpus": places.gpus, "max_restarts": 0}
        return self._ray.remote(**options)(Drawer).remote()

    @property
    def losses(self) -> tuple[type[Exception], ...]:
        """What calls of a worker raise where it, or the cluster, has gone."""
        return (self._ray.exceptions.RayError, OSError)

    def end(self, worker: Any) -> None:
        """End a worker, whatever it does. One that cannot be reached is not: its cluster ends it when this
        machine leaves, and why it was to end must not be lost over it."""
        # Asked without a cluster, Ray would start one.
        if self._ray.is_initialized():
            with contextlib.suppress(*self.losses, ValueError):
                self._ray.kill(worker)

    def check(self) -> None:
        """Raises NoCluster if it has gone."""
        if self.address is not None:
            reach(self.address)
        elif not self._ray.is_initialized():
            raise NoCluster("has ended", subject=str(self))

    def close(self) -> None:
        """Let go of it, and end it if it was started here. Idempotent."""
        self._ray.shutdown()


def check_versions(theirs: Mapping[str, str]) -> None:
    """Raises GeneratorError where a worker's machine has another Director or another minor version of Python
    than this one."""
    ours = {"director": __version__, "python": platform.python_version()}
    for name, shown in (("director", "Director"), ("python", "Python")):
        if _meant(name, theirs[name]) != _meant(name, ours[name]):
            raise GeneratorError(
                f"has {shown} {theirs[name]}, and this machine {ours[name]}",
                subject=f"worker on {theirs['host']}",
                mend=_SAME,
            )


def check_installed(error: BaseException) -> None:
    """Raises GeneratorError where this is how a worker without Director ends."""
    if "No module named 'director'" in str(error):
        raise GeneratorError(
            "a worker's machine is without Director", subject="Ray cluster", mend=_SAME
        ) from error


def _meant(name: str, version: str) -> str:
    return ".".join(version.split(".")[:2]) if name == "python" else version


def unjoined(subject: str, way: str, error: Exception) -> GeneratorError:
    """What it means that ray.init(way) raised this, after the cluster had let this machine in."""
    told = " ".join(str(error).split())
    if "Version mismatch" in told:
        return GeneratorError(told, subject=subject, mend=_SAME)
    # The others may be no more than a cluster that is just coming up.
    if way.startswith("ray://"):
        return NoCluster(
            f"lets nobody in at its client's port: {told.split('Traceback')[0]}",
            subject=subject,
            mend="on its head set GRPC_ENABLE_FORK_SUPPORT=0 before ray start, or make this machine a node",
        )
    if isinstance(error, ConnectionError):
        return NoCluster(
            "answers, but this machine is none of its nodes",
            subject=subject,
            mend=f"ray start --address={way} --num-cpus=0 here, or give the port of Ray's client, 10001",
        )
    return NoCluster(f"cannot be joined: {told}", subject=subject, mend="see Ray's logs in /tmp/ray")
