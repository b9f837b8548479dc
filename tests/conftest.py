"""Fixtures for every test: one OpenGL context, no errors left behind in it, and nothing from outside."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

# Before anything imports them: no hub, no sound card, one thread count.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


@pytest.fixture(scope="session")
def _context() -> Iterator[object]:
    from director.passes.context import headless_context

    context = headless_context()
    yield context
    context.release()


@pytest.fixture
def gl(_context: object) -> Iterator[object]:
    """The headless context all tests share; an OpenGL error before or after the test fails it."""
    # Something tested may have opened a context of its own, which is then the current one.
    with _context:  # type: ignore[attr-defined]
        assert _context.error == "GL_NO_ERROR"  # type: ignore[attr-defined]
        yield _context
        assert _context.error == "GL_NO_ERROR"  # type: ignore[attr-defined]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden", action="store_true", help="write the golden pictures anew instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest, gl: Any, tmp_path: Path) -> Callable[[str, Any], None]:
    """`golden(name, picture)`: compare uint8[h, w, 3] with tests/golden/pictures/<name>.png, within 2 of 255.

    Only llvmpipe's pixels are compared; elsewhere the test is skipped. A difference leaves the picture, the
    expected one and ten times their difference side by side, and says where.
    """
    from PIL import Image

    from director.passes.context import describe

    renderer = describe(gl)
    if not renderer.is_software:
        pytest.skip(f"golden pictures are llvmpipe's, and this is {renderer.name}")
    folder = Path(__file__).parent / "golden" / "pictures"

    def compare(name: str, picture: Any) -> None:
        path = folder / f"{name}.png"
        if request.config.getoption("--regenerate-golden"):
            folder.mkdir(exist_ok=True)
            Image.fromarray(np.ascontiguousarray(picture)).save(path, optimize=True)
            return
        assert path.is_file(), f"{path} is missing: run pytest --regenerate-golden and look at it"
        expected = np.asarray(Image.open(path).convert("RGB"))
        assert expected.shape == picture.shape
        apart = np.abs(expected.astype(np.int16) - picture)
        # Mesa's versions round differently: a few pixels on edges may flip, no more.
        flipped = (apart.max(axis=2) > 2).mean()
        if flipped > 0.002:
            beside = np.hstack([picture, expected, np.clip(apart * 10, 0, 255).astype(np.uint8)])
            Image.fromarray(beside).save(tmp_path / f"{name}.png")
            pytest.fail(f"{name}: {flipped:.2%} of pixels differ; see {tmp_path / f'{name}.png'}")

    return compare


@pytest.fixture(scope="session")
def display() -> Iterator[dict[str, str]]:
    """An environment with a display to open windows on: the present one, or a virtual one of its own."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY"):
        yield dict(os.environ)
        return
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("no display, and Xvfb is not installed")
    read, write = os.pipe()
    # Xvfb picks a free number and writes it once it is ready.
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as ready:
            number = ready.readline().strip()
        assert number, "Xvfb did not start"
        yield {**os.environ, "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait(10)
