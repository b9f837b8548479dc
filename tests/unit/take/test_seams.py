"""Parts of a long shot that several workers draw: where they lie, where they meet, when they are joined."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from director.take.kept_pictures import KeptPictures
from director.take.seams import OVERLAP, Part, Parted, apart, parts_of


def _grey(level: int) -> NDArray[np.uint8]:
    return np.full((2, 3, 3), level, np.uint8)


def _draw(parted: Parted, forgets_after: int) -> None:
    """A generator whose pictures are as they are to be, by their number, once its history is so long."""
    for part, kept in parted.missing:
        for number in range(part.begin, part.end):
            owes = part.begin > 0 and number - part.begin < forgets_after
            kept.save(number, _grey(number % 100 + (50 if owes else 0)), (f"word {number}",))


@pytest.mark.parametrize("length", [1, 40, 96, 143, 144, 200, 1000])
def test_parts_cover_everything_once_and_overlap(length: int) -> None:
    parts = parts_of(7, 7 + length)
    assert [n for part in parts for n in range(part.first, part.last + 1)] == list(range(7, 7 + length))
    for one, other in pairwise(parts):
        assert one.end - other.begin == 2 * OVERLAP
    assert (parts[0].begin, parts[-1].end) == (7, 7 + length)
    assert all(part.last - part.first >= 47 for part in parts) or len(parts) == 1


def test_few_pictures_are_one_part() -> None:
    assert parts_of(0, 143) == (Part(0, 142, 0, 143),)
    assert len(parts_of(0, 144)) == 2


def test_how_far_pictures_are_apart() -> None:
    one, other = _grey(10), _grey(13)
    assert apart(one, other) == (3.0, 3.0)
    many = np.zeros((50, 50, 3), np.uint8)
    one_off = many.copy()
    one_off[0, 0, 0] = 255
    # One value in 7,500 is no seam that anybody sees.
    assert apart(many, one_off)[1] == 0.0
    assert apart(_grey(0), _grey(255))[0] == 255.0


def test_parts_meet_where_their_pictures_first_agree(tmp_path: Path) -> None:
    parted = Parted(0, 200, tmp_path / "parts", 2.0)
    assert parted.count == 2
    assert len(parted.missing) == 2
    _draw(parted, forgets_after=5)
    assert parted.missing == []
    seams = parted.settle()
    assert seams is not None
    # The second was begun at 84: 89 is the first of its pictures that is right.
    assert [(seam.number, seam.mean, seam.most) for seam in seams] == [(90, 0.0, 0.0)]
    into = KeptPictures(tmp_path / "all")
    parted.assemble(seams, into)
    for number in range(200):
        found = into.load(number)
        assert found is not None
        assert (found[0] == number % 100).all()
        assert found[1] == (f"word {number}",)


def test_parts_that_never_agree_are_drawn_again_as_one(tmp_path: Path) -> None:
    parted = Parted(0, 300, tmp_path / "parts", 2.0)
    assert parted.count == 3
    _draw(parted, forgets_after=OVERLAP * 2 + 1)
    # One at a time: whether the last fits to what is joined shows when that is drawn.
    for count in (2, 1):
        assert parted.settle() is None
        assert (parted.count, len(parted.missing)) == (count, 1)
        _draw(parted, forgets_after=OVERLAP * 2 + 1)
    assert parted.settle() == []
    into = KeptPictures(tmp_path / "all")
    parted.assemble([], into)
    assert all((into.load(n) or (_grey(255),))[0][0, 0, 0] == n % 100 for n in range(300))


def test_a_part_that_is_there_is_not_drawn_again(tmp_path: Path) -> None:
    _draw(Parted(0, 200, tmp_path / "parts", 2.0), forgets_after=0)
    (tmp_path / "parts" / "000084-000200" / "000150.png").write_bytes(b"cut short")
    again = Parted(0, 200, tmp_path / "parts", 2.0)
    assert [part.begin for part, _ in again.missing] == [84]
