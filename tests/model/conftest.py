"""What tests of models share."""

from collections.abc import Iterator

import moderngl
import pytest
import torch

from director.generate.backends.embedded import Embedded
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick
from tests.model.asked import AlongAMove


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """For models too tiny to share out: threads that wait for each other cost more than they save."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def along_a_move(gl: moderngl.Context) -> AlongAMove:
    """`along_a_move(scene, size, count)`: what `embedded` is asked for along a set's first move, one every
    quarter of a second."""

    def asked(scene: str, size: tuple[int, int], count: int) -> list[Conditioning]:
        compiled = CompiledScene(load_scene(scene))
        conditioner = Conditioner(gl, compiled, *size, Embedded.maps)
        made: list[Conditioning] = []
        for index in range(count):
            tick = Tick(index, index / 4, 0.25)
            camera = compiled.scene.moves[0].camera_at(tick.time_s, compiled.locate)
            conditioner.draw(tick, camera, Direction("rainy night", seed=1))
            made += conditioner.drain()
        conditioner.release()
        return made

    return asked
