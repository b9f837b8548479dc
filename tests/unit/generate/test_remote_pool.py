"""A pool whose cluster goes away while it is asked: told in a line, with nothing left running."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from director.errors import GeneratorError
from director.generate.protocol import GeneratorIdentity, GeneratorSettings
from director.generate.remote.cluster import Places
from director.generate.remote.drawer import Loaded
from director.generate.remote.pool import RemotePool
from director.generate.remote.probe import NoCluster
from director.generate.watchdog import Patience
from tests.model.asked import conditioning


class _Answer:
    """Of Ray: a reference to what will be there."""

    def __init__(self, value: object = None) -> None:
        self._future: Future[object] = Future()
        if value is not None:
            self._future.set_result(value)

    def future(self) -> "Future[object]":
        return self._future


class _Method:
    def __init__(self, call: Callable[..., _Answer]) -> None:
        self.remote = call


class _Worker:
    """Loads at once, and never answers when it is to draw; where the connection `is_lost` it cannot be."""

    def __init__(self, cluster: "_Cluster") -> None:
        self.versions = _Method(lambda: _Answer(cluster.versions))
        identity = GeneratorIdentity("proxy", "", "gl", "uint8", 1, "")
        self.load = _Method(lambda name, settings: _Answer(Loaded(identity, "here", 1)))
        self.draw = _Method(lambda asked, shot: cluster.lost() if cluster.is_lost else _Answer())


class _Cluster:
    losses = (OSError,)

    def __init__(self, count: int, made: int) -> None:
        """Room for `count`, and no more than `made` can be."""
        import platform

        from director import __version__

        self.versions = {"director": __version__, "python": platform.python_version(), "host": "here"}
        self._count, self._made = count, made
        self.begun: list[_Worker] = []
        self.ended: list[_Worker] = []
        self.is_lost = False

    def places(self, settings: GeneratorSettings, most: int | None) -> Places:
        return Places(self._count, 1, 0)

    def worker(self, places: Places) -> _Worker:
        if self.is_lost or len(self.begun) == self._made:
            self.lost()
        self.begun.append(_Worker(self))
        return self.begun[-1]

    def end(self, worker: _Worker) -> None:
        self.ended.append(worker)

    def check(self) -> None:
        if self.is_lost:
            raise NoCluster("has ended", subject="Ray cluster")

    def lost(self) -> Any:
        raise ConnectionError("GRPC connection failed")


def _pool(cluster: _Cluster, **patience: Patience) -> RemotePool:
    return RemotePool(cluster, "proxy", GeneratorSettings(), lambda share, words: None, **patience)  # type: ignore[arg-type]


def test_workers_that_were_begun_end_where_another_cannot_be() -> None:
    cluster = _Cluster(3, 2)
    with pytest.raises(GeneratorError, match="no worker can be begun: a worker: GRPC connection failed"):
        _pool(cluster)
    assert len(cluster.begun) == 2
    assert cluster.ended == cluster.begun


def test_a_cluster_that_has_gone_when_a_picture_is_asked_for_is_told_to_all_who_wait() -> None:
    cluster = _Cluster(1, 1)
    pool = _pool(cluster)
    try:
        cluster.is_lost = True
        waiting = [pool.begin(conditioning(index)) for index in range(3)]
        for one in waiting:
            assert isinstance(one.exception(20), NoCluster)
        assert isinstance(pool.begin(conditioning(3)).exception(20), NoCluster)
    finally:
        pool.close()
    assert cluster.ended == cluster.begun


def test_a_picture_that_hangs_in_every_worker_is_given_up_with_a_word() -> None:
    cluster = _Cluster(1, 9)
    pool = _pool(cluster, drawing=Patience(silent_s=0.1))
    try:
        error = pool.begin(conditioning(1)).exception(20)
        assert isinstance(error, GeneratorError)
        assert "3 workers died over one picture, the last so: here: no sign of life for 0 s" in str(error)
    finally:
        pool.close()
    assert cluster.ended[:3] == cluster.begun[:3]
