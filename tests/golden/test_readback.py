"""Textures come back as they are: at once, or later through a ring."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.passes.readback import Readback, Source

RNG = np.random.default_rng(11)
WIDTH, HEIGHT = 13, 7
CASES: dict[str, tuple[str, int, int, type[np.generic], NDArray[Any]]] = {
    "depth": ("f4", 1, 1, np.float32, RNG.normal(size=(HEIGHT, WIDTH, 1)).astype(np.float32)),
    "object": ("u2", 1, 1, np.uint16, RNG.integers(0, 65536, (HEIGHT, WIDTH, 1)).astype(np.uint16)),
    "normal": ("f2", 4, 3, np.float16, RNG.normal(size=(HEIGHT, WIDTH, 4)).astype(np.float16)),
    "motion": ("f2", 2, 2, np.float16, RNG.normal(size=(HEIGHT, WIDTH, 2)).astype(np.float16)),
    "base": ("f1", 4, 3, np.uint8, RNG.integers(0, 256, (HEIGHT, WIDTH, 4)).astype(np.uint8)),
    "packed": ("u4", 4, 16, np.uint8, RNG.integers(0, 2**32, (HEIGHT, WIDTH, 4)).astype(np.uint32)),
}


@pytest.mark.parametrize("ring", [1, 2, 3])
def test_every_type_comes_back_exactly_and_in_order(gl: Any, ring: int) -> None:
    textures = {
        name: gl.texture((WIDTH, HEIGHT), components, dtype=dtype, alignment=1)
        for name, (dtype, components, _, _, _) in CASES.items()
    }
    sources = {
        name: Source(textures[name], channels, dtype) for name, (_, _, channels, dtype, _) in CASES.items()
    }
    readback = Readback(gl, sources, ring)
    taken = []
    for step in range(5):
        for name, (_, _, _, _, values) in CASES.items():
            textures[name].write(np.roll(values, step, axis=0).tobytes())
        readback.start()
        assert readback.is_ready == (step >= ring - 1)
        if readback.is_ready:
            taken.append(readback.finish())
    while readback.pending:
        taken.append(readback.finish())
    assert len(taken) == 5
    for step, arrays in enumerate(taken):
        for name, (_, _, channels, dtype, values) in CASES.items():
            expected = np.roll(values, step, axis=0).view(dtype).reshape(HEIGHT, WIDTH, -1)
            expected = expected[..., 0] if channels == 1 else expected[..., :channels]
            assert arrays[name].dtype == dtype
            np.testing.assert_array_equal(arrays[name], expected)
    readback.release()
    for texture in textures.values():
        texture.release()


def test_a_full_ring_and_an_empty_one_are_refused(gl: Any) -> None:
    texture = gl.texture((2, 2), 1)
    readback = Readback(gl, {"t": Source(texture, 1, np.uint8)}, 2)
    with pytest.raises(RuntimeError, match="nothing"):
        readback.finish()
    readback.start()
    readback.start()
    with pytest.raises(RuntimeError, match="full"):
        readback.start()
    readback.forget()
    assert readback.pending == 0
    readback.start()
    with pytest.raises(ValueError, match="ring of 0"):
        Readback(gl, {}, 0)
    readback.release()
    texture.release()
