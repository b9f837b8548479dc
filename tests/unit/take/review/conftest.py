"""Takes to review, and a review of them, made once."""

import shutil
from pathlib import Path

import pytest

from director.take.review import Review, ReviewOptions, make_review
from tests.unit.take.review.coded import three_takes


@pytest.fixture(scope="session")
def reviewed_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of takes whose name has spaces, quotes and another script. Not to be changed."""
    root = tmp_path_factory.mktemp("takes") / "дубли 'a' & #1?"
    three_takes(root)
    return root


@pytest.fixture(scope="session")
def review(reviewed_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A review of all of them, with proxies. Not to be changed."""
    out = tmp_path_factory.mktemp("reviews") / "смотр #1 100%"
    return make_review([reviewed_root], out, ReviewOptions(), lambda share, words: None)


@pytest.fixture
def own_root(reviewed_root: Path, tmp_path: Path) -> Path:
    """A copy of the takes, to be changed."""
    return Path(shutil.copytree(reviewed_root, tmp_path / "own takes"))


@pytest.fixture
def own_review(review: Review, tmp_path: Path) -> Path:
    """A copy of the review, to be changed."""
    return Path(shutil.copytree(review.folder, tmp_path / "own review"))
