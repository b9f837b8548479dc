"""Runners with a real generator process (the proxy backend, slowed down): order, flushes, crashes, leaks."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.errors import UsageError
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings
from director.generate.watchdog import Patience
from director.types import Conditioning, GeneratedFrame
from tests.model.asked import conditioning

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither SIGKILL nor SIGSTOP, which these tests send"
)

_SHARED = Path("/dev/shm")


def until(holds: Callable[[], Any], seconds: float = 15.0) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.002)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is dead, but not yet collected.
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


Start = Callable[..., ProcessRunner]


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes process runners, waits until they run, and closes them."""
    runners: list[ProcessRunner] = []

    def make(delay_s: float = 0.0, **rest: Any) -> ProcessRunner:
        runner = ProcessRunner("proxy", GeneratorSettings(options={"delay_s": delay_s}), **rest)
        runners.append(runner)
        until(lambda: runner.state.phase == "running")
        return runner

    yield make
    for runner in runners:
        runner.close()


def _pid(runner: ProcessRunner) -> int:
    pid = runner.state.pid
    assert pid is not None
    return pid


def _frame(runner: ProcessRunner, of: Conditioning | None = None) -> GeneratedFrame:
    """The newest frame once there is one, or once it answers `of`."""

    def has_come() -> bool:
        newest = runner.newest()
        return newest is not None and (of is None or newest.conditioning is of)

    until(has_come)
    frame = runner.newest()
    assert frame is not None
    return frame


def test_the_newest_wins_and_every_other_is_counted(start: Start) -> None:
    runner = start(delay_s=0.05)
    asked = [conditioning(index) for index in range(30)]
    for one in asked:
        runner.submit(one)
        time.sleep(0.01)
    frame = _frame(runner, asked[-1])
    state = runner.state
    assert state.generated + state.dropped == 30
    assert 4 <= state.generated <= 15
    assert (frame.image == 29).all()
    assert state.generated_fps > 5


def test_a_frame_answers_the_very_conditioning_that_was_submitted(start: Start) -> None:
    runner = start()
    for index in range(5):
        one = conditioning(index, maps=("base", "depth", "anchor", "noise"))
        runner.submit(one)
        frame = _frame(runner, one)
        assert (frame.image == index).all()


def test_submit_costs_less_than_a_millisecond(start: Start) -> None:
    runner = start(delay_s=0.01)
    every = ("base", "depth", "object", "normal", "motion", "anchor", "noise")
    asked = [conditioning(index, (512, 288), every) for index in range(8)]
    times = []
    for index in range(200):
        begin = time.perf_counter()
        runner.submit(asked[index % 8])
        times.append(time.perf_counter() - begin)
        time.sleep(0.002)
    assert sorted(times)[len(times) * 9 // 10] < 1e-3


def test_nothing_from_before_a_flush_comes_after_it(start: Start) -> None:
    runner = start(delay_s=0.15)
    runner.submit(conditioning(1))
    runner.submit(conditioning(2))
    time.sleep(0.05)
    runner.flush()
    assert runner.newest() is None
    time.sleep(0.3)
    assert runner.newest() is None
    runner.submit(conditioning(3))
    assert _frame(runner).conditioning.tick.index == 3
    runner.flush()
    assert runner.newest() is None
    assert (runner.state.generated, runner.state.dropped) == (1, 2)


def test_maps_may_change_their_size_and_outgrow_the_memory_set_aside(start: Start) -> None:
    runner = start(max_size=(16, 16))
    for index, size in enumerate([(16, 16), (400, 300), (30, 20), (800, 450), (800, 450)]):
        one = conditioning(index, size)
        runner.submit(one)
        frame = _frame(runner, one)
        assert frame.image.shape == (size[1], size[0], 3)
        assert (frame.image == index).all()


@posix
def test_a_process_killed_while_it_draws_comes_back_and_draws_what_it_owed(start: Start) -> None:
    runner = start(delay_s=0.3)
    first = _pid(runner)
    runner.submit(conditioning(7))
    time.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    until(lambda: runner.state.phase == "restarting")
    assert "SIGKILL" in runner.state.message
    assert _frame(runner).conditioning.tick.index == 7
    state = runner.state
    assert (state.phase, state.restarts, state.message) == ("running", 1, "")
    assert state.pid != first


@posix
def test_a_process_that_hangs_while_it_draws_is_ended_and_the_next_one_draws(start: Start) -> None:
    runner = start(patience=Patience(silent_s=60.0, first=2, times=5.0, least_s=0.6))
    first = _pid(runner)
    for index in range(3):
        one = conditioning(index)
        runner.submit(one)
        _frame(runner, one)
    # Stopped, it lives and does nothing.
    os.kill(first, signal.SIGSTOP)
    begin = time.perf_counter()
    runner.submit(conditioning(7))
    until(lambda: runner.state.phase == "restarting")
    assert 0.5 < time.perf_counter() - begin < 5
    assert runner.state.message == (
        "generator proxy: no sign of life for 1 s while it drew a picture; its process was ended"
    )
    until(lambda: not _is_alive(first), 2)
    # What it owed is drawn by the next one.
    until(lambda: (newest := runner.newest()) is not None and newest.conditioning.tick.index == 7)
    state = runner.state
    assert (state.phase, state.restarts, state.generated, state.dropped) == ("running", 1, 4, 0)


@posix
def test_a_process_that_hangs_while_it_loads_is_ended_too() -> None:
    runner = ProcessRunner("proxy", patience=Patience(silent_s=3.0))
    until(lambda: runner.state.pid is not None)
    os.kill(_pid(runner), signal.SIGSTOP)
    until(lambda: runner.state.phase == "restarting")
    assert "no sign of life for 3 s while it was loading" in runner.state.message
    until(lambda: runner.state.phase == "running")
    runner.close()


def test_one_that_hangs_with_its_first_picture_every_time_is_given_up() -> None:
    settings = GeneratorSettings(options={"delay_s": 600.0})
    runner = ProcessRunner("proxy", settings, patience=Patience(silent_s=1.5))
    until(lambda: runner.state.phase == "running")
    runner.submit(conditioning(1))
    until(lambda: runner.state.phase == "failed", 60)
    assert "no sign of life for 2 s" in runner.state.message
    assert (runner.state.restarts, runner.state.generated) == (3, 0)
    runner.close()


@posix
def test_a_process_killed_at_any_moment_never_stops_the_loop(start: Start) -> None:
    runner = start(delay_s=0.01)
    slowest_s = 0.0
    rng = np.random.default_rng(5)
    for kill in range(3):
        until(lambda: runner.state.phase == "running")
        for index in range(int(rng.integers(5, 40))):
            begin = time.perf_counter()
            runner.submit(conditioning(index, (256, 144)))
            runner.newest()
            slowest_s = max(slowest_s, time.perf_counter() - begin)
            time.sleep(0.005)
        os.kill(_pid(runner), signal.SIGKILL)
        until(lambda kills=kill + 1: runner.state.restarts == kills)  # type: ignore[misc]
    until(lambda: runner.state.phase == "running")
    runner.flush()
    runner.submit(conditioning(99))
    assert _frame(runner).conditioning.tick.index == 99
    assert slowest_s < 0.05


@posix
def test_a_process_that_dies_again_and_again_is_given_up_with_the_reason(start: Start) -> None:
    runner = start(delay_s=0.05)
    runner.submit(conditioning(1))
    _frame(runner)
    killed: set[int] = set()

    def is_given_up() -> bool:
        state = runner.state
        if state.pid is not None and state.pid not in killed:
            killed.add(state.pid)
            os.kill(state.pid, signal.SIGKILL)
        return state.phase == "failed"

    until(is_given_up)
    assert len(killed) == 4
    assert "SIGKILL" in runner.state.message
    runner.submit(conditioning(2))
    assert _frame(runner).conditioning.tick.index == 1
    runner.close()
    assert runner.state.phase == "closed"


def test_an_error_while_loading_fails_with_its_message() -> None:
    runner = ProcessRunner("proxy", GeneratorSettings(options={"dealy": 1}))
    until(lambda: runner.state.phase == "failed")
    assert runner.state.message == "generator proxy: knows no option dealy (it has delay_s)"
    assert runner.identity is None
    runner.close()


def test_an_error_while_drawing_is_told_and_the_next_picture_comes(start: Start) -> None:
    runner = start()
    runner.submit(conditioning(1, maps=("depth",)))
    until(lambda: "holds no base map" in runner.state.message)
    assert runner.state.phase == "running"
    runner.submit(conditioning(2))
    assert _frame(runner).conditioning.tick.index == 2
    assert runner.state.message == ""


def test_a_mistake_in_a_generator_ends_in_its_own_words(start: Start) -> None:
    runner = start()
    # Letters cannot become colours: the proxy falls over them, every time.
    runner.submit(replace(conditioning(1), maps={"base": np.full((4, 4, 3), "x")}))
    until(lambda: runner.state.phase == "failed")
    state = runner.state
    assert "ValueError: invalid literal" in state.message
    assert (state.restarts, state.generated, state.dropped) == (3, 0, 1)


def test_an_unknown_generator_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="proxy"):
        ProcessRunner("no-such")


@posix
def test_closing_is_quick_idempotent_and_leaves_nothing(start: Start) -> None:
    before = {path.name for path in _SHARED.iterdir()}
    threads = threading.active_count()
    runner = start(delay_s=30.0)
    pid = _pid(runner)
    assert {path.name for path in _SHARED.iterdir()} - before
    runner.submit(conditioning(1))
    time.sleep(0.1)
    begin = time.perf_counter()
    runner.close()
    assert time.perf_counter() - begin < 2.0
    runner.close()
    runner.submit(conditioning(2))
    runner.flush()
    assert not _is_alive(pid)
    assert not {path.name for path in _SHARED.iterdir()} - before
    assert threading.active_count() == threads
    state = runner.state
    assert (state.phase, state.pid, state.dropped) == ("closed", None, 2)


@posix
def test_a_process_that_hears_nothing_is_ended_all_the_same(start: Start) -> None:
    runner = start()
    pid = _pid(runner)
    os.kill(pid, signal.SIGSTOP)
    runner.close()
    assert not _is_alive(pid)


@posix
def test_ctrl_c_does_not_reach_the_process(start: Start) -> None:
    runner = start()
    os.kill(_pid(runner), signal.SIGINT)
    time.sleep(0.1)
    runner.submit(conditioning(1))
    assert _frame(runner).conditioning.tick.index == 1
    assert runner.state.restarts == 0


_PARENT = """
import os, signal, sys, time
import numpy as np
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings
from director.types import Conditioning, Direction, Tick, View

if __name__ == "__main__":
    runner = ProcessRunner("proxy", GeneratorSettings(options={"delay_s": 60.0}))
    while runner.state.phase != "running":
        time.sleep(0.01)
    eye = np.eye(4)
    maps = {"base": np.zeros((36, 64, 3), np.uint8)}
    view = View(eye, eye, eye, 0.1, 10.0)
    runner.submit(Conditioning(Tick(0, 0.0, 0.0), view, maps, Direction(), (), (0.0, 1.0, 0.0)))
    time.sleep(0.2)
    print(runner.state.pid, flush=True)
    if sys.argv[1] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    # Otherwise the program ends without closing it.
"""


@posix
@pytest.mark.parametrize("end", ["killed", "forgot"])
def test_when_the_parent_ends_the_process_and_the_memory_go_too(tmp_path: Path, end: str) -> None:
    before = {path.name for path in _SHARED.iterdir()}
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    done = subprocess.run(
        [sys.executable, str(script), end], capture_output=True, text=True, timeout=30, check=False
    )
    pid = int(done.stdout)
    until(lambda: not _is_alive(pid), 5)
    until(lambda: not {path.name for path in _SHARED.iterdir()} - before, 5)
    if end == "forgot":
        assert (done.returncode, done.stderr) == (0, "")


def test_inline_and_process_draw_the_same(start: Start) -> None:
    one = conditioning(77, (128, 72))
    runner = start()
    runner.submit(one)
    inline = InlineRunner(generator("proxy")(GeneratorSettings()))
    inline.submit(one)
    frame = inline.newest()
    assert frame is not None
    assert np.array_equal(frame.image, _frame(runner).image)
    assert inline.identity == runner.identity
