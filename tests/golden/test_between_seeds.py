"""A change of seed on its way: noise stays unit, and patterns are never two at once."""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Direction, Tick

SIZE = (160, 90)

Floats = NDArray[np.float64]


class Drawn:
    """The living room's noise and structure under any direction."""

    def __init__(self, gl: moderngl.Context) -> None:
        scene = CompiledScene(load_scene("living_room"))
        maps = frozenset({"noise", "structure", "object"})
        self.conditioner = Conditioner(gl, scene, *SIZE, maps)
        self._camera = scene.move("dolly-in").camera_at(0.0, scene.locate)

    def maps(self, direction: Direction) -> tuple[Floats, NDArray[np.uint8], NDArray[np.uint16]]:
        self.conditioner.draw(Tick(0, 0.0, 0.0), self._camera, direction)
        taken = self.conditioner.take()
        assert taken is not None
        return taken.maps["noise"].astype(np.float64), taken.maps["structure"], taken.maps["object"]


@pytest.fixture
def drawn(gl: moderngl.Context) -> Iterator[Drawn]:
    made = Drawn(gl)
    yield made
    made.conditioner.release()


def between(old: int, new: int, arrived: float) -> Direction:
    return Direction(seed=new, leaving=Direction(seed=old), arrived=arrived)


def correlation(a: Floats, b: Floats) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.mark.parametrize("arrived", [0.15, 0.5, 0.85])
def test_noise_between_two_seeds_is_unit_and_of_both(drawn: Drawn, arrived: float) -> None:
    old, new = drawn.maps(Direction(seed=11))[0], drawn.maps(Direction(seed=12))[0]
    noise = drawn.maps(between(11, 12, arrived))[0]
    assert abs(noise.mean()) < 0.03
    assert noise.var() == pytest.approx(1, abs=0.04)
    assert (noise**4).mean() == pytest.approx(3, abs=0.3), "still Gaussian"
    assert correlation(noise, old) == pytest.approx(np.cos(arrived * np.pi / 2), abs=0.04)
    assert correlation(noise, new) == pytest.approx(np.sin(arrived * np.pi / 2), abs=0.04)


def test_it_leaves_from_one_and_arrives_at_the_other(drawn: Drawn) -> None:
    old, new = drawn.maps(Direction(seed=11)), drawn.maps(Direction(seed=12))
    for made, expected in ((between(11, 12, 0.0), old), (between(11, 12, 1.0), new)):
        noise, structure, _ = drawn.maps(made)
        np.testing.assert_allclose(noise, expected[0], atol=2e-3)
        assert (structure == expected[1]).all()
    prompts = Direction(prompt="dusk", seed=11, leaving=Direction(prompt="noon", seed=11), arrived=0.5)
    assert (drawn.maps(prompts)[0] == old[0]).all(), "a change of prompt alone is none of the noise"


def test_patterns_go_over_object_by_object_and_never_back(drawn: Drawn) -> None:
    old, new = drawn.maps(Direction(seed=11))[1], drawn.maps(Direction(seed=12))[1]
    ids = np.unique(drawn.maps(Direction())[2])
    changes = [id_ for id_ in ids if (old != new)[drawn.maps(Direction())[2] == id_].any()]
    assert len(changes) > 10
    gone: set[int] = set()
    counts = []
    for arrived in (0.1, 0.3, 0.5, 0.7, 0.9):
        _, structure, seen = drawn.maps(between(11, 12, arrived))
        now = set()
        for id_ in changes:
            own = structure[seen == id_]
            is_old, is_new = (own == old[seen == id_]).all(), (own == new[seen == id_]).all()
            assert is_old or is_new, f"object {id_} is a mixture"
            now |= {int(id_)} if is_new else set()
        assert gone <= now
        gone = now
        counts.append(len(now))
    assert counts[0] < 0.35 * len(changes) < counts[2] < 0.75 * len(changes) < counts[4]
