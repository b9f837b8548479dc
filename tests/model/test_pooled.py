"""Several processes draw at once: the same pictures, in order, and none lost when a process dies."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from director.errors import DirectorError, GeneratorError
from director.generate.backends.embedded import Embedded
from director.generate.inline import InlineRunner
from director.generate.pooled import PooledRunner
from director.generate.protocol import GeneratorSettings
from director.generate.watchdog import Patience
from tests.model.asked import AlongAMove, conditioning

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, which these tests send")

_SIZE = (128, 64)
_SHARED = Path("/dev/shm")


def _silent(share: float, words: str) -> None:
    pass


def _blocks() -> set[str]:
    return {file.name for file in _SHARED.glob("psm_*")} if _SHARED.is_dir() else set()


def _proxy(delay_s: float = 0.0) -> PooledRunner:
    return PooledRunner("proxy", GeneratorSettings(options={"delay_s": delay_s}), 2, _SIZE, _silent)


def test_processes_draw_what_one_draws_in_order(along_a_move: AlongAMove) -> None:
    asked = along_a_move("living_room", _SIZE, 5)
    settings = GeneratorSettings(threads=1, device="cpu")
    inline = InlineRunner(Embedded(settings))
    alone = [inline.begin(one).result() for one in asked]
    identity = inline.identity
    inline.close()
    before = _blocks()
    pooled = PooledRunner("embedded", settings, 2, _SIZE, _silent)
    try:
        assert pooled.abreast == 2
        assert pooled.identity == identity
        together = [one.result() for one in [pooled.begin(one) for one in asked]]
    finally:
        pooled.close()
    for one, other, wanted in zip(alone, together, asked, strict=True):
        assert np.array_equal(one.image, other.image)
        assert other.conditioning is wanted
        assert other.not_understood == one.not_understood
    assert _blocks() <= before


def test_one_process_is_enough_for_a_graphics_card() -> None:
    pooled = _proxy()
    try:
        assert pooled.identity.device == "gl"
        assert pooled.abreast == 1
        assert (pooled.begin(conditioning(3)).result().image == 3).all()
    finally:
        pooled.close()
    pooled.close()


@posix
def test_a_picture_outlives_the_process_that_drew_it() -> None:
    pooled = _proxy(0.5)
    try:
        first = pooled.pids[0]
        assert first is not None
        waiting = pooled.begin(conditioning(7))
        time.sleep(0.2)
        os.kill(first, signal.SIGKILL)
        assert (waiting.result().image == 7).all()
        assert pooled.pids[0] != first
    finally:
        pooled.close()


def test_until_it_is_known_what_it_draws_on_there_is_one_process() -> None:
    # On a card the others would take the memory that the first needs.
    alive: list[int] = []
    settings = GeneratorSettings()
    pooled = PooledRunner(
        "proxy", settings, 3, _SIZE, lambda share, words: alive.append(len(multiprocessing.active_children()))
    )
    pooled.close()
    assert set(alive) == {1}


@posix
def test_a_process_that_hangs_is_ended_and_its_picture_drawn_by_another() -> None:
    patience = Patience(silent_s=60.0, first=1, least_s=0.5)
    pooled = PooledRunner("proxy", GeneratorSettings(), 1, _SIZE, _silent, patience)
    try:
        assert (pooled.begin(conditioning(1)).result().image == 1).all()
        (hung,) = pooled.pids
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        assert (pooled.begin(conditioning(2)).result(60).image == 2).all()
        assert pooled.pids != (hung,)
    finally:
        pooled.close()


@posix
def test_a_process_that_does_not_load_is_waited_for_no_longer_than_told() -> None:
    patience = Patience(silent_s=0.05)
    with pytest.raises(
        GeneratorError, match=r"proxy: cannot go on: no sign of life for 0 s while it was load"
    ):
        PooledRunner("proxy", GeneratorSettings(), 1, _SIZE, _silent, patience)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc for what is open")
def test_where_the_system_gives_no_process_that_is_said_and_nothing_is_left_behind() -> None:
    import resource

    before = _blocks()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    told: list[str] = []
    # So that numbers of files are free above one only, however few they are.
    held = [os.dup(0)]
    while held[-1] < max(int(path.name) for path in Path("/proc/self/fd").iterdir() if path.exists()):
        held.append(os.dup(0))
    try:
        for more in range(9):
            resource.setrlimit(resource.RLIMIT_NOFILE, (held[-1] + 1 + more, limits[1]))
            try:
                PooledRunner("proxy", GeneratorSettings(), 1, _SIZE, _silent).close()
            except GeneratorError as error:
                told.append(str(error))
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            assert _blocks() <= before
            opened = {int(path.name) for path in Path("/proc/self/fd").iterdir() if path.exists()}
            assert max(opened) == held[-1]
    finally:
        for one in held:
            os.close(one)
    assert len(told) > 4
    assert told[0].startswith("generator proxy: no process for it: ")


@posix
def test_a_picture_that_no_process_survives_is_an_error_that_says_how_they_ended() -> None:
    pooled = _proxy(0.6)
    ending = threading.Event()

    def kill_all() -> None:
        while not ending.wait(0.3):
            for pid in pooled.pids:
                if pid is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(GeneratorError, match="SIGKILL"):
            pooled.begin(conditioning(1)).result()
    finally:
        ending.set()
        killer.join()
        pooled.close()


def test_what_cannot_be_loaded_says_why_and_leaves_nothing_behind() -> None:
    before = _blocks()
    settings = GeneratorSettings(options={"weights": "no/such/folder"})
    with pytest.raises(GeneratorError, match="no/such/folder"):
        PooledRunner("embedded", settings, 2, _SIZE, _silent)
    with pytest.raises(DirectorError, match="no-such"):
        PooledRunner("no-such", GeneratorSettings(), 2, _SIZE, _silent)
    assert _blocks() <= before


def test_what_the_generator_refuses_is_raised_by_its_picture_alone() -> None:
    pooled = _proxy()
    try:
        with pytest.raises(DirectorError):
            pooled.begin(conditioning(1, maps=("depth",))).result()
        assert (pooled.begin(conditioning(2)).result().image == 2).all()
    finally:
        pooled.close()
