"""What every file in generate/backends/ must keep: names, sizes, maps, refusals, and the same bytes again."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest

from director.direction.evaluate import direction_at
from director.errors import UsageError
from director.generate import backends, generator, generator_names
from director.generate.diffusion.preset import preset_names
from director.generate.protocol import GeneratorSettings
from director.generate.video.preset import video_preset_names
from director.passes.conditioner import POSES, Conditioner
from director.passes.gbuffer import TARGETS
from director.passes.maps import map_class
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FINISHED, PIECES
from director.scene.load import load_scene
from director.types import Conditioning, Tick
from tests.model.tiny_diffusion import save_tiny

_NAMES = generator_names()
_HERE = tuple(name for name in _NAMES if name not in {*preset_names(), *video_preset_names()})
"""Those whose weights need no download."""
_FOLDER = "a folder"
_SETTINGS = GeneratorSettings(threads=2)


def test_there_is_one_for_each_file() -> None:
    files = {path.stem for path in Path(backends.__path__[0]).glob("[!_]*.py")}
    assert {name.replace("-", "_") for name in _HERE} | {"diffusion", "wan_vace"} == files
    assert "proxy" in _NAMES
    assert "sd-turbo" in _NAMES


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError, match="proxy") as caught:
        generator("no-such")
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("name", _NAMES)
def test_importing_one_and_asking_for_sizes_loads_no_torch(name: str) -> None:
    code = (
        f"from director.generate import generator; from director.generate.protocol import GeneratorSettings;"
        f"made = generator({name!r})(GeneratorSettings()); made.size_for(512, 288); made.maps;"
        "import sys; print(sorted({'torch', 'diffusers', 'moderngl', 'pygame'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", _NAMES)
def test_it_says_what_it_is_and_which_maps_it_reads(name: str) -> None:
    kind = generator(name)
    assert kind.name == name
    assert 0 < len(kind.summary) < 100
    assert "\n" not in kind.summary
    assert kind.maps
    drawn = {needed.removeprefix(FINISHED) for needed in kind.maps - {POSES, PIECES}}
    for needed in drawn - TARGETS.keys():
        map_class(needed)


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("size", [(512, 288), (1280, 720), (64, 36), (16, 16), (288, 512), (514, 290)])
def test_it_draws_no_larger_than_asked(name: str, size: tuple[int, int]) -> None:
    width, height = generator(name)(_SETTINGS).size_for(*size)
    assert 1 <= width <= size[0]
    assert 1 <= height <= size[1]


@pytest.mark.parametrize("name", _NAMES)
def test_options_it_does_not_know_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no_such_option") as caught:
        generator(name)(replace(_SETTINGS, options={"no_such_option": 1.0}))
    assert caught.value.exit_status == 2


def _conditionings(gl: moderngl.Context, maps: frozenset[str], size: tuple[int, int]) -> list[Conditioning]:
    compiled = CompiledScene(load_scene("night_alley"))
    conditioner = Conditioner(gl, compiled, *size, maps)
    move = compiled.scene.moves[0]
    made = []
    for index in range(2):
        tick = Tick(index, index / 24, 1 / 24 if index else 0.0)
        direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 3, tick.time_s)
        conditioner.draw(tick, move.camera_at(tick.time_s, compiled.locate), direction)
        conditioning = conditioner.take()
        assert conditioning is not None
        made.append(conditioning)
    conditioner.release()
    return made


@pytest.mark.parametrize("name", [*_HERE, _FOLDER])
def test_it_draws_the_same_bytes_again_and_leaves_what_it_was_given(
    name: str, gl: moderngl.Context, tmp_path: Path
) -> None:
    backend = generator(str(save_tiny(tmp_path / "tiny")) if name == _FOLDER else name)(_SETTINGS)
    shares: list[float] = []
    backend.load(lambda share, words: shares.append(share))
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    size = backend.size_for(256, 144)
    asked = _conditionings(gl, backend.maps, size)
    before = [{key: array.copy() for key, array in one.maps.items()} for one in asked]
    first = [backend.generate(one) for one in asked]
    backend.reset()
    again = [backend.generate(one) for one in asked]
    for one, frame, same, maps in zip(asked, first, again, before, strict=True):
        assert frame.conditioning is one
        assert frame.image.dtype == np.uint8
        assert frame.image.ndim == 3
        assert frame.image.shape[2] == 3
        assert frame.image.shape[0] <= 144
        assert frame.image.shape[1] <= 256
        assert frame.seconds >= 0
        assert frame.image.std() > 1
        assert np.array_equal(frame.image, same.image)
        for key, array in maps.items():
            assert np.array_equal(array, one.maps[key])
    assert backend.identity.name == ("tiny" if name == _FOLDER else name)
    assert backend.identity.threads >= 1
    backend.close()
    backend.close()
