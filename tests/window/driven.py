"""A viewport in a process of its own, from the test's side: commands go in, answers come out."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Driven", "focus_window"]

_PATIENCE_S = 60.0
_DESK = Path(__file__).with_name("desk.py")


def focus_window(environment: dict[str, str], pid: int) -> None:
    """Give the keyboard to the window of a process, once there is one."""
    program = shutil.which("xdotool")
    if program is None:
        pytest.skip("xdotool is not installed: apt-get install xdotool")
    end = time.monotonic() + _PATIENCE_S
    while True:
        search = [program, "search", "--pid", str(pid)]
        found = subprocess.run(
            search, env=environment, capture_output=True, text=True, check=False, timeout=30
        )
        if found.returncode == 0:
            window = found.stdout.split()[-1]
            subprocess.run(
                [program, "windowfocus", "--sync", window], env=environment, check=True, timeout=30
            )
            return
        assert time.monotonic() < end, "there is no window"
        time.sleep(0.1)


class Driven:
    """A viewport in a process of its own: commands go in, answers come out."""

    def __init__(self, environment: dict[str, str], **given: Any) -> None:
        self.environment = environment
        self.takes = Path(given["takes"])
        self._process = subprocess.Popen(
            [sys.executable, str(_DESK), json.dumps(given)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._closed: dict[str, Any] | None = None

    def ask(self, do: str, **fields: Any) -> Any:
        """Give a command and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self._process.stdin.flush()
        while True:
            line = self._process.stdout.readline()
            assert line, f"the viewport ended with status {self._process.wait(10)}"
            # pygame greets on the same stream.
            if line[0] in "[{n":
                return json.loads(line)

    @property
    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("state")
        return answer

    def wait(self, until: Callable[[dict[str, Any]], object], what: str) -> dict[str, Any]:
        """The first state of which this is true. Fails, naming what it waited for, after a long while."""
        end = time.monotonic() + _PATIENCE_S
        while True:
            state = self.state
            if until(state):
                return state
            assert time.monotonic() < end, f"waited in vain for {what}; {state}"
            time.sleep(0.05)

    def ticks(self, count: int) -> dict[str, Any]:
        """Let so many ticks go by."""
        goal = self.state["ticks"] + count
        return self.wait(lambda state: state["ticks"] >= goal, f"{count} ticks")

    def xdotool(self, *arguments: str) -> None:
        """Real input, from outside."""
        program = shutil.which("xdotool")
        if program is None:
            pytest.skip("xdotool is not installed: apt-get install xdotool")
        subprocess.run([program, *arguments], env=self.environment, check=True, timeout=30)

    def focus(self) -> None:
        """Give the window the keyboard, as a click on it would."""
        focus_window(self.environment, self._process.pid)

    def close(self) -> dict[str, Any]:
        """Close the viewport; its last words. Idempotent."""
        if self._closed is None:
            closed: dict[str, Any] = self.ask("close")
            self._closed = closed
            assert self._process.wait(30) == 0
        return self._closed

    def kill(self) -> None:
        """End it whatever happens."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
