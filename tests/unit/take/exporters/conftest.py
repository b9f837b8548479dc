"""Takes to export: shot once, small, drawn by the proxy."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from tests.unit.take.exporters.shooting import orbit_take, shoot_small


@pytest.fixture(scope="session")
def takes_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of takes whose name has spaces and another script."""
    return tmp_path_factory.mktemp("takes") / "дубли 一"


@pytest.fixture(scope="session")
def take(takes_root: Path) -> Path:
    """Ten frames at 24: an orbit about a walking figure, past a box that moves. Not to be changed."""
    return orbit_take(takes_root)


@pytest.fixture(scope="session")
def drop_take(takes_root: Path) -> Path:
    """Ten frames at 29.97. Not to be changed."""
    return shoot_small(takes_root, "push", Fraction(30000, 1001))


@pytest.fixture
def own_take(take: Path, tmp_path: Path) -> Path:
    """A copy of the take, to be changed."""
    folder = tmp_path / "own" / "scene" / take.name
    shutil.copytree(take, folder)
    return folder
