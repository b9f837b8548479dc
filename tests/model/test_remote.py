"""A Ray cluster on this machine: the same pictures as without, whoever dies; and one behind the viewport."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.cli.main import main
from director.errors import DirectorError, GeneratorError, UsageError
from director.generate.backends.embedded import Embedded
from director.generate.inline import InlineRunner
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings
from director.generate.remote.cluster import Cluster, unjoined
from director.generate.remote.generator import RECONNECTS
from director.generate.remote.pool import RemotePool
from director.generate.remote.workers import Workers
from director.generate.watchdog import Patience
from director.take.render import render
from director.take.render_plan import RenderRequest
from tests.model.asked import AlongAMove, conditioning

pytestmark = [
    # Not imported to find out: Ray reads the environment when it is.
    pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed: pip install 'director[ray]'"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, which is sent to workers"),
]

_LONGEST_S = 90.0


def until(holds: Callable[[], Any]) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + _LONGEST_S
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Room for two workers of one core each. Whatever it sets in the environment goes with it."""
    before = dict(os.environ)
    made = Cluster(None, 2)
    try:
        yield made
    finally:
        made.close()
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> str:
    import ray

    return str(ray.get_runtime_context().gcs_address)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of a generator that does not say that its pictures stand alone: they stay together."""
    out = io.StringIO()
    where = ("--out", str(tmp_path_factory.mktemp("takes")), "--json", "--generator", "proxy")
    with contextlib.redirect_stdout(out):
        made = main(
            ["shoot", "desert_road", "--move", "follow", "--size", "48x28", "--seconds", "6.5", *where]
        )
    assert made == 0
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return found


def _silent(share: float, words: str) -> None:
    pass


def _command(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, for which another driver of the cluster."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_AUTH")}
    return subprocess.run(
        [sys.executable, "-m", "director", *arguments],
        env={**kept, **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_S,
    )


def _proxy(cluster: Cluster, told: list[str], delay_s: float = 0.0) -> RemotePool:
    settings = GeneratorSettings(threads=1, options={"delay_s": delay_s})
    return RemotePool(cluster, "proxy", settings, _silent, tell=told.append)


def _kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_workers_draw_what_one_process_draws(along_a_move: AlongAMove, cluster: Cluster) -> None:
    settings = GeneratorSettings(threads=1, device="cpu")
    asked = along_a_move("desert_road", (64, 36), 4)
    inline = InlineRunner(Embedded(settings))
    alone = [inline.begin(one).result() for one in asked]
    identity = inline.identity
    inline.close()
    pool = RemotePool(cluster, "embedded", settings, _silent)
    try:
        assert (pool.count, pool.abreast, pool.identity) == (2, 4, identity)
        together = [one.result() for one in [pool.begin(one) for one in asked]]
    finally:
        pool.close()
    for one, other, wanted in zip(alone, together, asked, strict=True):
        assert np.array_equal(one.image, other.image)
        assert other.conditioning is wanted
        assert other.not_understood == one.not_understood
        assert other.image.flags.writeable


def test_what_a_killed_worker_had_to_draw_is_drawn_by_another(cluster: Cluster) -> None:
    told: list[str] = []
    pool = _proxy(cluster, told, delay_s=0.2)
    try:
        until(lambda: len(pool.ready) == 2)
        begun = [pool.begin(conditioning(index)) for index in range(8)]
        time.sleep(0.3)
        _kill(pool.pids[0])
        assert [int(one.result(_LONGEST_S).image[0, 0, 0]) for one in begun] == list(range(8))
        assert pool.deaths == 1
        assert "a worker has died, and what it had to draw is drawn again" in told[0]
        # In its place there is another.
        until(lambda: len(pool.ready) == 2)
        refused = pool.begin(conditioning(1, maps=("depth",)))
        assert isinstance(refused.exception(_LONGEST_S), DirectorError)
        assert int(pool.begin(conditioning(9)).result(_LONGEST_S).image[0, 0, 0]) == 9
    finally:
        pool.close()
    pool.close()


def test_a_worker_that_hangs_is_ended_and_what_it_had_to_draw_is_drawn_by_another(cluster: Cluster) -> None:
    told: list[str] = []
    patient = Patience(first=1, least_s=0.5)
    pool = RemotePool(
        cluster, "proxy", GeneratorSettings(threads=1), _silent, 1, told.append, drawing=patient
    )
    try:
        assert int(pool.begin(conditioning(1)).result(_LONGEST_S).image[0, 0, 0]) == 1
        (hung,) = pool.pids
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        begun = [pool.begin(conditioning(index)) for index in (2, 3)]
        assert [int(one.result(_LONGEST_S).image[0, 0, 0]) for one in begun] == [2, 3]
        assert pool.deaths == 1
        assert re.search(r"no sign of life for \d s while it drew a picture; its process was ended", told[0])
    finally:
        pool.close()


_HANGS = """
import os, signal, sys
import ray
from director.errors import GeneratorError
from director.generate import generator
from director.generate.protocol import GeneratorSettings
from director.generate.watchdog import Patience
from tests.model.asked import conditioning

remote = generator(sys.argv[1])(GeneratorSettings(threads=1))
remote.drawing = Patience(first=1, least_s=1.2)
remote.load(lambda share, words: None)
assert int(remote.generate(conditioning(5)).image[0, 0, 0]) == 5
cluster, worker = remote._cluster, remote._worker
os.kill(remote._loaded.pid, signal.SIGSTOP)
try:
    remote.generate(conditioning(6))
except GeneratorError as error:
    print(error)
remote.close()
# Whoever ends what has ended already has nothing to say, and begins no cluster for it.
cluster.end(worker)
print(ray.is_initialized())
"""


def test_one_that_hangs_where_somebody_waits_for_its_pictures_is_told(address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HANGS, f"ray://{address}/proxy"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_S,
    )
    assert done.returncode == 0, done.stderr
    said, is_initialized = done.stdout.splitlines()
    assert said.startswith(f"generator proxy: a worker on Ray cluster {address} ")
    assert re.search(r"gave no sign of life for \d s while it drew a picture; its process was ended", said)
    assert is_initialized == "False"


def test_what_cannot_be_loaded_there_says_why(cluster: Cluster) -> None:
    with pytest.raises(UsageError, match="delay_s is not a time"):
        _proxy(cluster, [], delay_s=-1)
    with pytest.raises(GeneratorError, match="has no GPU"):
        RemotePool(cluster, "proxy", GeneratorSettings(device="cuda"), _silent)


def test_a_render_that_loses_a_worker_has_the_bytes_of_the_take(
    cluster: Cluster, take: dict[str, Any], tmp_path: Path
) -> None:
    told: list[str] = []
    workers = Workers(cluster, 1, tell=told.append)
    killed: list[int] = []

    def progress(share: float, words: str) -> None:
        if words.startswith("generating picture 20 ") and not killed and (worker := _worker()):
            killed.append(worker)
            _kill(worker)

    try:
        made = render(RenderRequest(Path(take["take"]), tmp_path), progress, told.append, workers)
    finally:
        workers.release()
    assert len(killed) == len(told) == 1
    assert made.sha256_frames == take["sha256_frames"]
    assert (made.same_frames, made.pictures, made.kept, made.fps > 0) == (True, 156, 0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["desert_road"]


def test_the_command_renders_parts_on_two_workers_with_the_same_bytes(
    address: str, take: dict[str, Any], tmp_path: Path
) -> None:
    token = os.environ["RAY_AUTH_TOKEN"]
    asked = ("render", take["take"], "--out", str(tmp_path), "--ray", address)
    done = _command(*asked, "--seam", "0", "--json", RAY_AUTH_TOKEN=token)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    # The generator has no history after all: what workers draw agrees at once.
    assert made["same_frames"] is True
    assert made["sha256_frames"] == take["sha256_frames"]
    assert made["seams"] == [{"number": 86, "mean": 0.0, "most": 0.0}]
    assert "asks for no token" not in done.stderr


def test_another_version_of_ray_is_one_line() -> None:
    # Ray's own words: they are what it is known by.
    from ray._private.utils import check_version_info

    with pytest.raises(RuntimeError) as told:
        check_version_info({"ray_version": "2.1.0", "python_version": "3.8.1"}, "this machine")
    line = str(unjoined("Ray cluster farm:6379", "farm:6379", told.value))
    assert line.startswith(
        "Ray cluster farm:6379: Version mismatch: The cluster was started with: Ray: 2.1.0"
    )
    assert line.endswith(
        "(install the same Ray, Python and Director on all machines: pip install 'director[ray]')"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "wants a token, and there is none here"),
        ({"RAY_AUTH_TOKEN": "f" * 64}, "refuses the token of RAY_AUTH_TOKEN"),
    ],
    ids=["none", "wrong"],
)
def test_a_cluster_that_wants_another_token_is_one_line(
    address: str, take: dict[str, Any], tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    asked = ("render", take["take"], "--out", str(tmp_path / "out"), "--ray", address)
    done = _command(*asked, **home, **changes)
    assert done.returncode == 1
    assert done.stderr.startswith(f"director: Ray cluster {address}: {said} (")
    assert len(done.stderr.splitlines()) == 1


def test_behind_the_viewport_pictures_come_and_a_lost_worker_is_replaced(address: str) -> None:
    runner = ProcessRunner(f"ray://{address}/proxy", GeneratorSettings(options={RECONNECTS: 1}), (64, 32))
    try:
        until(lambda: runner.state.phase == "running")
        identity = runner.identity
        assert identity is not None
        # As a take tells it: not where it ran.
        assert identity.name == "proxy"
        for index in range(3):
            asked = conditioning(index)
            runner.submit(asked)
            until(lambda wanted=asked: (got := runner.newest()) is not None and got.conditioning is wanted)  # type: ignore[misc]
        assert "ms a picture" in runner.state.message
        assert "0 dropped" in runner.state.message
        runner.flush()
        assert runner.newest() is None
        _kill(_worker())
        last = conditioning(7)
        runner.submit(last)
        until(lambda: runner.state.restarts == 1)
        assert "has gone" in runner.state.message
        until(lambda: (got := runner.newest()) is not None and got.conditioning is last)
        state = runner.state
        assert (state.phase, state.generated, state.dropped) == ("running", 4, 0)
    finally:
        runner.close()
    # Whoever leaves takes the worker along.
    until(lambda: _worker() is None)


def _worker() -> int | None:
    """The process id of the worker that draws: a child of the cluster's own process, which is ours."""
    listed = subprocess.run(["ps", "-wweo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    processes = [line.split(None, 2) for line in listed.stdout.splitlines()]
    own = {pid for pid, parent, args in processes if int(parent) == os.getpid() and "raylet" in args}
    drawing = [int(pid) for pid, parent, args in processes if parent in own and "ray::Drawer" in args]
    return drawing[0] if drawing else None
