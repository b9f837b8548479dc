"""Several samples a pixel: mean light of the picture drawn larger, and nothing else."""

import moderngl
import numpy as np
import pytest

from director.errors import UsageError
from director.generate.backends.embedded import Embedded
from director.generate.embedded.samples import SAMPLES, averaged
from director.generate.protocol import AnySize, GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick


def _loaded(**options: float) -> Embedded:
    made = Embedded(GeneratorSettings(threads=1, options=options))
    made.load(lambda share, words: None)
    return made


@pytest.fixture
def alley(gl: moderngl.Context) -> Conditioning:
    scene = CompiledScene(load_scene("night_alley"))
    conditioner = Conditioner(gl, scene, 192, 108, Embedded.maps)
    camera = scene.scene.moves[0].camera_at(0.0, scene.locate)
    conditioner.draw(Tick(0, 0.0, 0.0), camera, Direction(prompt="night"))
    found = conditioner.take()
    conditioner.release()
    assert found is not None
    return found


@pytest.mark.parametrize("side", SAMPLES.values())
def test_what_is_even_stays_as_it_is(side: int) -> None:
    levels = np.repeat(np.arange(256, dtype=np.uint8), side)[None, :, None].repeat(side, 0).repeat(3, 2)
    assert np.array_equal(averaged(levels, side), np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, 2))


def test_the_mean_is_one_of_light() -> None:
    checks = np.zeros((4, 6, 3), np.uint8)
    checks[::2, ::2] = checks[1::2, 1::2] = 255
    # Half of the light of white is sRGB's 188, not its 128.
    assert np.array_equal(averaged(checks, 2), np.full((2, 3, 3), 188, np.uint8))


def test_a_picture_is_the_mean_of_one_drawn_larger(alley: Conditioning) -> None:
    larger = _loaded().generate(alley)
    smooth = _loaded(samples=4)
    assert smooth.size_for(96, 54) == (192, 108)
    found = smooth.generate(alley).image
    assert found.shape == (54, 96, 3)
    assert np.array_equal(found, averaged(larger.image, 2))


def test_sizes_are_the_pictures_own_where_samples_are_asked_for() -> None:
    sizes = {
        samples: Embedded(GeneratorSettings(options={"samples": samples})).size_for(1280, 720)
        for samples in (0, 1, 9)
    }
    assert sizes == {0: (512, 288), 1: (1280, 720), 9: (3840, 2160)}
    with pytest.raises(UsageError, match="2 samples a pixel"):
        Embedded(GeneratorSettings(options={"samples": 2}))


def test_what_rests_may_be_drawn_at_any_size_unless_samples_are_asked_for() -> None:
    for samples, is_any in ((0, True), (4, False)):
        made = Embedded(GeneratorSettings(options={"samples": samples}))
        assert isinstance(made, AnySize)
        assert made.any_size is is_any
