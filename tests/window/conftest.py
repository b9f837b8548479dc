"""A virtual display, and viewports on it that tests drive."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.window.driven import Driven


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a virtual X display of 1600 × 900."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed: apt-get install xvfb")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def environment(display: str) -> dict[str, str]:
    """For programs that open a window there."""
    return {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}


@pytest.fixture
def open_desk(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Driven]]:
    """Opens driven viewports; takes go to the test's own folder."""
    opened: list[Driven] = []

    def open_one(generator: str = "proxy", **given: Any) -> Driven:
        driven = Driven(environment, **{"generator": generator, "takes": str(tmp_path / "takes"), **given})
        opened.append(driven)
        driven.wait(lambda state: state["phase"] == "running", "the generator")
        driven.wait(lambda state: state["frame_tick"] is not None, "a first picture")
        return driven

    yield open_one
    for driven in opened:
        driven.kill()
