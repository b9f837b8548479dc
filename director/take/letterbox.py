"""Pictures brought to another size without being distorted."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fitted_size", "letterboxed"]

Size = tuple[int, int]


def fitted_size(size: Size, room: Size) -> Size:
    """The largest (width, height) of the shape of `size` that has room, at least one pixel either way."""
    scale = min(room[0] / size[0], room[1] / size[1])
    wide, high = (min(most, max(1, round(side * scale))) for side, most in zip(size, room, strict=True))
    return wide, high


def letterboxed(picture: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """uint8[h, w, 3] of `size` (width, height): the picture in the middle, between black bars where its shape
    is another. The picture itself where it has that size."""
    from PIL import Image

    width, height = size
    if picture.shape[:2] == (height, width):
        return picture
    wide, high = fitted_size((picture.shape[1], picture.shape[0]), size)
    made = np.zeros((height, width, 3), np.uint8)
    top, left = (height - high) // 2, (width - wide) // 2
    small = Image.fromarray(picture).resize((wide, high), Image.Resampling.LANCZOS)
    made[top : top + high, left : left + wide] = np.asarray(small)
    return made
