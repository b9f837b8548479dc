"""Every control reaches the model, weighted as it runs; a map that is not its own is refused."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.diffusion.controls import CONTROL_MAPS, control_picture, maps_for
from director.generate.diffusion.preset import preset, preset_names
from director.generate.protocol import Generator, GeneratorSettings
from director.passes.maps import map_names
from director.types import Direction
from tests.model.asked import shown
from tests.model.tiny_diffusion import save_control, save_tiny

pytestmark = pytest.mark.usefixtures("one_thread")

_ADDED = ("normal", "edges", "pose")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = save_tiny(tmp_path_factory.mktemp("models") / "tiny")
    for seed, name in enumerate(_ADDED, start=20):
        save_control(made, name, seed)
    return made


def _loaded(folder: Path, **options: float | str) -> Generator:
    made = generator(str(folder))(GeneratorSettings(threads=1, options={"history": "none", **options}))
    made.load(lambda share, words: None)
    return made


def _changed(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """A map that is as right as it was, and another."""
    if name == "pose":
        return np.zeros_like(values)
    return np.ascontiguousarray(values[:, ::-1])


def test_changing_any_map_changes_the_picture_and_a_weight_of_nothing_mutes_it(folder: Path) -> None:
    asked, made = shown(), _loaded(folder)
    assert made.maps == {*CONTROL_MAPS.values(), "latent-noise", "poses"}
    whole = made.generate(asked).image
    for control, map_ in CONTROL_MAPS.items():
        alone = _loaded(folder, controls=f"{control}:0.9")
        assert map_ in alone.maps
        plain = alone.generate(asked).image
        other = replace(asked, maps={**asked.maps, map_: _changed(map_, asked.maps[map_])})
        assert not np.array_equal(alone.generate(other).image, plain), control
        assert not np.array_equal(made.generate(other).image, whole), control
        mute = replace(asked, direction=Direction("golden hour", seed=1, look={f"control-{control}": 0.0}))
        silent = alone.generate(mute).image
        assert np.array_equal(silent, _loaded(folder, controls="none").generate(asked).image), control
        half = replace(asked, direction=Direction("golden hour", seed=1, look={f"control-{control}": 0.45}))
        assert not np.array_equal(alone.generate(half).image, plain), control


def test_a_map_of_the_wrong_size_type_range_or_palette_is_refused(folder: Path) -> None:
    asked, made = shown(), _loaded(folder)
    maps = asked.maps
    grey, foreign, behind, strays = (maps[name].copy() for name in ("edges", "pose", "depth", "object"))
    grey[3, 4] = 128
    foreign[0, 0] = (10, 200, 30)
    behind[5, 5] = -1.0
    strays[0, 0] = 77
    holes = maps["depth"].copy()
    holes[0, 0] = np.nan
    wrong = [
        ("edges", grey, "holds greys"),
        ("edges", maps["edges"].astype(np.float32), "float32, not bytes"),
        ("edges", maps["edges"][:, :20], "20×32"),
        ("pose", foreign, "(10, 200, 30), no colour"),
        ("pose", maps["pose"][..., 0], "48×32"),
        ("pose", maps["pose"] / 255, "not bytes"),
        ("depth", behind, "behind the camera"),
        ("depth", holes, "no numbers"),
        ("object", strays, "no object has the id 77"),
        ("object", maps["object"].astype(np.int32), "not ids"),
        ("normal", maps["normal"] * 2, "2.00 long, not 1"),
        ("normal", maps["normal"][..., :2], "48×32×2"),
    ]
    for name, values, said in wrong:
        control = next(key for key, map_ in CONTROL_MAPS.items() if map_ == name)
        broken = replace(asked, maps={**maps, name: values})
        with pytest.raises(GeneratorError) as caught:
            control_picture(control, broken)
        assert said in str(caught.value), name
        assert f"control {control}" in str(caught.value)
        with pytest.raises((GeneratorError, IndexError)):
            made.generate(broken)


def test_edges_are_white_and_poses_keep_their_colours() -> None:
    asked = shown()
    edges = control_picture("edges", asked)
    assert set(np.unique(edges)) == {0.0, 1.0}
    assert np.array_equal(np.round(control_picture("pose", asked) * 255), asked.maps["pose"])


def test_controls_are_chosen_by_name_and_weight(folder: Path) -> None:
    def taken(**options: str) -> dict[str, float]:
        made: Any = generator(str(folder))(GeneratorSettings(options={**options}))
        return {name: choice.weight for name, choice in made.preset.taken.items()}

    assert taken(controls="pose, depth:0.3") == {"pose": 1.0, "depth": 0.3}
    assert taken(controls="none") == {}
    assert len(taken()) == 5
    with pytest.raises(UsageError, match="no control 'scribble'"):
        taken(controls="scribble")
    with pytest.raises(UsageError, match="3 is outside"):
        taken(controls="depth:3")


def test_a_preset_offers_more_than_it_takes() -> None:
    for name in preset_names():
        chosen = preset(name)
        assert {"depth", "edges", "pose"} <= chosen.controls.keys() <= CONTROL_MAPS.keys()
        assert {"edges", "pose"}.isdisjoint(chosen.taken)
        assert maps_for(chosen).isdisjoint({"edges", "pose"})
        more = preset(f"{name}+pose+edges")
        assert {"edges", "pose"} <= maps_for(more)
        assert more.name == f"{name}+pose+edges"
        kind = generator(f"{name}+pose")
        assert kind.maps == maps_for(chosen) | {"pose"}
        assert kind(GeneratorSettings()).maps == kind.maps
    assert set(CONTROL_MAPS.values()) - {"depth", "object", "normal"} <= set(map_names())
    with pytest.raises(UsageError, match="has no 'scribble'"):
        preset("sd-turbo+scribble")


def test_a_controlnet_of_what_nobody_draws_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "tiny")
    (tmp_path / "tiny" / "controlnet_pose").rename(tmp_path / "tiny" / "controlnet_scribble")
    with pytest.raises(GeneratorError, match="no control 'scribble' to draw"):
        _loaded(tmp_path / "tiny")
