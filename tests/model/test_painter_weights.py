"""The painter behind the backend: saved, loaded, at odd sizes, with a history and without."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from director.generate.backends.embedded import WEIGHTS, Embedded
from director.generate.embedded.grade import grade
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.model import OneStepScheduler, PainterModel, save_generator
from director.generate.embedded.painter.atlas import known_objects
from director.generate.embedded.painter.features import sight
from director.generate.embedded.painter.places import place_in_box
from director.generate.embedded.runtime import weights_digest
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(4)
    model = PainterModel(
        pixel_width=16,
        widths=(16, 24, 32),
        late_width=16,
        table_width=32,
        scene_width=24,
        known_width=8,
        stock=6,
        atlas_width=4,
    )
    torch.nn.init.normal_(model.head.weight, std=0.1)
    torch.nn.init.normal_(model.before.weight, std=0.1)
    save_generator(model, folder)
    return folder


def _made(weights: Path, **options: float) -> Embedded:
    made = Embedded(
        GeneratorSettings(dtype="float32", threads=2, options={"weights": str(weights), **options})
    )
    made.load(lambda share, words: None)
    return made


def _seen(gl: moderngl.Context, size: tuple[int, int], ticks: int = 1) -> list[Conditioning]:
    compiled = CompiledScene(load_scene("living_room"))
    conditioner = Conditioner(gl, compiled, *size, Embedded.maps)
    for index in range(ticks):
        time_s = 1.0 + index / 12
        camera = compiled.scene.moves[0].camera_at(time_s, compiled.locate)
        conditioner.draw(Tick(index, time_s, 1 / 12), camera, Direction("sunny day"))
        if index == 0:
            found = conditioner.drain()
        else:
            found += conditioner.drain()
    conditioner.release()
    return found


@pytest.mark.parametrize("size", [(96, 64), (77, 43), (1, 1)])
def test_what_was_saved_is_a_diffusers_model_that_draws_the_same(
    gl: moderngl.Context, weights: Path, size: tuple[int, int]
) -> None:
    (seen,) = _seen(gl, size)
    made = _made(weights)
    picture = made.generate(seen).image
    assert picture.shape == (size[1], size[0], 3)
    assert made._interpreter is not None
    directed = made._interpreter.directed(seen)
    model = PainterModel.from_pretrained(weights / "network", torch_dtype=torch.float32).eval()
    scheduler = OneStepScheduler.from_pretrained(weights / "scheduler")
    scheduler.set_timesteps(1)
    light = _light_of(model, seen, directed.rows, directed.look)
    light = scheduler.step(light, int(scheduler.timesteps[0])).prev_sample
    graded = grade(light, torch.from_numpy(directed.look)[None]).permute(0, 2, 3, 1).contiguous() * 255
    expected = smooth_silhouettes(graded, torch.from_numpy(seen.maps["structure"])[None])[0].numpy()
    # The backend grades by table, and rounds.
    assert np.abs(picture - expected).max() < 1.6


def _light_of(
    model: torch.nn.Module, seen: Conditioning, rows: NDArray[np.float32], look: NDArray[np.float32]
) -> torch.Tensor:
    height, width = seen.maps["depth"].shape
    beyond = ((0, -height % 16), (0, -width % 16))

    def given(name: str) -> torch.Tensor:
        array = seen.maps[name].astype(np.int32) if name == "object" else seen.maps[name]
        return torch.from_numpy(np.pad(array, [*beyond, *[(0, 0)] * (array.ndim - 2)], mode="edge"))[None]

    classes, boxes = (torch.from_numpy(a)[None] for a in known_objects(seen.objects, seen.direction.seed))
    sun = torch.tensor([seen.sun_direction])
    # Rays are those of the view, which the added rows and columns lie beyond.
    rays = torch.from_numpy(view_rays(seen.view))[None]
    rays[:, 1] *= (width - width % -16) / width
    rays[:, 2] *= (height - height % -16) / height
    view = sight(
        given("depth"),
        given("normal"),
        given("shadow"),
        given("lamplight"),
        given("structure"),
        place_in_box(given("anchor"), given("object"), boxes),
        given("object"),
        boxes,
        rays,
        sun,
        torch.float32,
    )
    with_sky = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), rows])
    with torch.inference_mode():
        drawn = model(
            view, classes, boxes, torch.from_numpy(with_sky)[None], torch.from_numpy(look)[None], sun
        )
    light: torch.Tensor = drawn.light[:, :, :height, :width]
    return light


def test_the_anchor_reaches_the_picture(gl: moderngl.Context, weights: Path) -> None:
    (seen,) = _seen(gl, (96, 64))
    made = _made(weights)
    moved = replace(seen, maps={**seen.maps, "anchor": seen.maps["anchor"][::-1].copy()})
    change = np.abs(made.generate(seen).image.astype(int) - made.generate(moved).image)
    assert change.mean() > 0.01


def test_a_history_steadies_pictures_and_is_forgotten(gl: moderngl.Context, weights: Path) -> None:
    seen = _seen(gl, (96, 64), ticks=3)
    plain, steadied = _made(weights), _made(weights, history=1)
    alone = [plain.generate(each).image for each in seen]
    together = [steadied.generate(each).image for each in seen]
    assert np.array_equal(together[0], alone[0])
    assert not np.array_equal(together[1], alone[1])
    # The past of a still scene is much like the present.
    assert np.abs(together[2].astype(int) - alone[2]).mean() < 6
    steadied.reset()
    again = [steadied.generate(each).image for each in seen]
    assert all(np.array_equal(one, other) for one, other in zip(again, together, strict=True))
    # Neither what was drawn already nor what is directed otherwise goes on from it.
    assert np.array_equal(steadied.generate(seen[0]).image, alone[0])
    steadied.generate(seen[0])
    objects = (*seen[1].objects[:-1], replace(seen[1].objects[-1], class_name="lamp"))
    for other in (
        replace(seen[1], direction=Direction("foggy night")),
        replace(seen[1], direction=Direction("sunny day", seed=5)),
        replace(seen[1], objects=objects),
    ):
        steadied.reset()
        steadied.generate(seen[0])
        assert np.array_equal(steadied.generate(other).image, plain.generate(other).image)


def test_who_draws_is_told_from_the_words_too(weights: Path, tmp_path: Path) -> None:
    borrowed = _made(weights).identity.weights_sha256
    assert _made(weights).identity.weights_sha256 == borrowed
    own = tmp_path / "own"
    shutil.copytree(weights, own)
    shutil.copytree(WEIGHTS / "text", own / "text")
    (own / "text" / "more.txt").write_text("more")
    assert borrowed != _made(own).identity.weights_sha256
    assert borrowed != weights_digest(weights)
    assert borrowed == weights_digest(weights, WEIGHTS / "text")


def test_bfloat16_draws_nearly_the_same(gl: moderngl.Context, weights: Path) -> None:
    (seen,) = _seen(gl, (96, 64))
    short = Embedded(GeneratorSettings(dtype="bfloat16", threads=1, options={"weights": str(weights)}))
    short.load(lambda share, words: None)
    change = np.abs(short.generate(seen).image.astype(int) - _made(weights).generate(seen).image)
    assert change.mean() < 2.5
    assert short.spent["surroundings"] > 0
    assert all(re.fullmatch("[a-z_]+", stage) for stage in short.spent)
