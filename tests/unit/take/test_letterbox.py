"""Pictures in a frame of another shape."""

import numpy as np
import pytest

from director.take.letterbox import fitted_size, letterboxed


@pytest.mark.parametrize(
    ("size", "room", "fitted"),
    [
        ((64, 36), (128, 72), (128, 72)),
        ((64, 36), (64, 64), (64, 36)),
        ((36, 64), (64, 36), (20, 36)),
        # However thin, something of it is seen.
        ((8192, 2), (64, 36), (64, 1)),
        ((2, 8192), (64, 36), (1, 36)),
    ],
)
def test_the_largest_that_has_room(
    size: tuple[int, int], room: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert fitted_size(size, room) == fitted


def test_a_picture_lies_in_the_middle_between_bars() -> None:
    white = np.full((10, 20, 3), 255, np.uint8)
    made = letterboxed(white, (40, 40))
    assert made.shape == (40, 40, 3)
    assert not made[:10].any()
    assert not made[30:].any()
    assert (made[10:30] == 255).all()
    assert letterboxed(white, (20, 10)) is white
    assert letterboxed(np.full((2, 8192, 3), 255, np.uint8), (64, 36)).any()
