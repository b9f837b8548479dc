"""Fixtures for every test: one OpenGL context, no errors left behind in it, and nothing from outside."""

import os
from collections.abc import Iterator

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
    assert _context.error == "GL_NO_ERROR"  # type: ignore[attr-defined]
    yield _context
    assert _context.error == "GL_NO_ERROR"  # type: ignore[attr-defined]
