"""A history lies where its surfaces are, is trusted only there, and steadies a picture without blurring."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.backends.embedded import Embedded
from director.generate.embedded.features import pixel_features
from director.generate.embedded.grade import grade
from director.generate.embedded.history import SHRINK, Past, reprojected, steadied
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.look import SCENE_DEFAULT
from director.generate.embedded.model import EmbeddedModel, save_generator
from director.generate.embedded.network import HISTORY, Drawn, Network
from director.generate.embedded.pieces import PIECE
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick, View

pytestmark = pytest.mark.usefixtures("one_thread")

_HEIGHT, _WIDTH = 48, 64
_SMALL: dict[str, Any] = {
    "pixel_width": 16,
    "widths": (16, 24, 32),
    "up_width": 8,
    "late_width": 16,
    "table_width": 32,
    "scene_width": 24,
}
_FAR_M = 8.0
_ACROSS = 1.2  # of the projection


def _view() -> View:
    projection = np.array([[_ACROSS, 0, 0, 0], [0, 1.6, 0, 0], [0, 0, -1.0, -0.2], [0, 0, -1, 0]], np.float64)
    return View(np.eye(4), projection, projection, 0.1, 100.0)


def _moved(dx: float) -> View:
    """The view of a camera that has moved so far to the right."""
    view, place = _view(), np.eye(4)
    place[0, 3] = -dx
    return View(place, view.clip_from_view, view.clip_from_world, view.near_m, view.far_m)


def _maps() -> dict[str, NDArray[Any]]:
    """Sky above, two walls square to the camera below, with noise for their patterns."""
    random = np.random.default_rng(3)
    ids = np.zeros((_HEIGHT, _WIDTH), np.int32)
    ids[16:, :32], ids[16:, 32:] = 1, 2
    normal = np.zeros((_HEIGHT, _WIDTH, 3), np.float32)
    normal[ids > 0] = (0.0, 0.0, 1.0)
    across, up = np.meshgrid(np.linspace(-1.9, 1.9, _WIDTH), np.linspace(5.9, 0.1, _HEIGHT))
    return {
        "depth": np.where(ids == 0, np.inf, _FAR_M).astype(np.float32),
        "object": ids,
        "normal": normal,
        "anchor": np.stack([across, up, np.full_like(up, 2.5)], -1).astype(np.float32),
        "shadow": random.integers(0, 256, ids.shape, dtype=np.uint8),
        "lamplight": np.zeros((*ids.shape, 3), np.float32),
        "structure": random.integers(0, 256, (*ids.shape, 16), dtype=np.uint8),
    }


def _given(name: str) -> Tensor:
    return torch.from_numpy(_maps()[name])


def _rays(view: View) -> Tensor:
    return torch.from_numpy(view_rays(view))


def _clip(view: View) -> Tensor:
    return torch.from_numpy(view.clip_from_world.astype(np.float32))


def _past(picture: Tensor, view: View, anchor: Tensor | None = None) -> Past:
    depth = _given("depth")
    return Past.of(picture, depth, _given("object"), _clip(view), depth.shape, anchor)


def _network(before: float) -> Network:
    """`before` is how strongly what the network makes of a history is weighed; 0 as training begins."""
    torch.manual_seed(0)
    network = Network(**_SMALL).eval()
    torch.nn.init.normal_(network.head.weight, std=0.3)
    torch.nn.init.normal_(network.before.weight, std=before)
    return network


def _drawn(network: Network, history: Tensor | None) -> tuple[Drawn, Tensor]:
    """What it draws of the two walls, and that graded."""
    depth, normal, shadow, lamplight, structure, ids = (
        _given(name)[None] for name in ("depth", "normal", "shadow", "lamplight", "structure", "object")
    )
    sun, rays = torch.tensor([[0.3, 0.8, 0.52]]), _rays(_view())[None]
    features, lit = pixel_features(depth, normal, shadow, lamplight, structure, rays, sun, torch.float32)
    rows = torch.full((1, 3, PIECE), 0.4)
    rows[0, 0] = 0
    rows[..., -2:] = 0
    look = torch.tensor([list(SCENE_DEFAULT.values())])
    with torch.inference_mode():
        drawn: Drawn = network(features, lit, structure, ids, rows, look, sun, None, None, history)
        return drawn, grade(drawn.light, look)


def _history(trust: float = 1.0) -> Tensor:
    torch.manual_seed(1)
    history = torch.rand(1, HISTORY, _HEIGHT // SHRINK, _WIDTH // SHRINK)
    history[:, 3] = trust
    return history


def test_a_history_that_cannot_be_trusted_is_no_history() -> None:
    network = _network(before=0.3)
    (alone, picture), (drawn, _) = (_drawn(network, history) for history in (None, _history(0.0)))
    assert torch.equal(drawn.light, alone.light)
    assert alone.steady is None
    assert drawn.steady is not None
    assert not drawn.steady.any()
    assert torch.equal(steadied(picture, _history(0.0), drawn.steady), picture)
    # One that can be is seen.
    assert not torch.allclose(_drawn(network, _history())[0].light, alone.light)


def test_before_it_is_trained_a_network_takes_of_a_history_only_what_is_smooth() -> None:
    network, history = _network(before=0.0), _history()
    (alone, picture), (drawn, _) = (_drawn(network, given) for given in (None, history))
    assert torch.equal(drawn.light, alone.light)
    assert drawn.steady is not None
    assert drawn.steady.shape == (1, 1, _HEIGHT // SHRINK, _WIDTH // SHRINK)
    assert 0.1 < float(drawn.steady.min()) <= float(drawn.steady.max()) < 0.71
    # So large a change must be possible, and where only half is trusted no more than half of it.
    assert float((steadied(picture, history, drawn.steady) - picture).abs().mean()) > 0.02
    half = _drawn(network, _history(0.5))[0].steady
    assert half is not None
    assert torch.allclose(half, 0.5 * drawn.steady, atol=1e-5)


def test_a_history_steadies_what_wavers_and_keeps_what_is_fine() -> None:
    torch.manual_seed(1)
    picture = 0.4 + 0.1 * torch.rand(1, 3, _HEIGHT, _WIDTH)
    history = torch.full((1, HISTORY, _HEIGHT // SHRINK, _WIDTH // SHRINK), 0.6)
    history[:, 3] = 1
    share = torch.full((1, 1, _HEIGHT // SHRINK, _WIDTH // SHRINK), 0.5)
    drawn = steadied(picture, history, share)
    assert float(drawn.mean()) == pytest.approx(0.5 * (float(picture.mean()) + 0.6), abs=0.01)
    fine = (drawn[..., 1:] - drawn[..., :-1]) - (picture[..., 1:] - picture[..., :-1])
    assert float(fine.abs().mean()) < 0.005


def test_the_past_lies_where_its_surfaces_are_and_is_not_trusted_elsewhere() -> None:
    depth, ids = _given("depth"), _given("object")
    past = _past(torch.rand(3, _HEIGHT, _WIDTH), _view())
    same = reprojected(past, depth, ids, _rays(_view()), torch.zeros(3), depth.shape)
    assert torch.allclose(same[:3], past.picture, atol=1e-3)
    assert float(same[3].mean()) == 1.0
    nearer = reprojected(past, depth * 0.7, ids, _rays(_view()), torch.zeros(3), depth.shape)
    assert float(nearer[3, 4:].mean()) == 0.0
    other = reprojected(past, depth, ids + (ids == 2), _rays(_view()), torch.zeros(3), depth.shape)
    assert float(other[3, 4:, 8:].mean()) == 0.0
    assert float(other[3, 4:, :8].mean()) == 1.0


def test_a_camera_that_steps_aside_finds_the_past_displaced() -> None:
    depth, ids = _given("depth"), _given("object")
    torch.manual_seed(2)
    past = _past(torch.rand(3, _HEIGHT, _WIDTH), _view())
    # Two shrunk pixels at the walls' distance.
    step = 2 * SHRINK / _WIDTH * 2 * _FAR_M / _ACROSS
    view = _moved(step)
    found = reprojected(past, depth, ids, _rays(view), torch.tensor([step, 0.0, 0.0]), depth.shape)
    assert torch.allclose(found[:3, 4:, :-2], past.picture[:, 4:, 2:], atol=1e-3)
    # What has come into the picture on the right was not seen; nor was what now lies before the other wall.
    assert float(found[3, 4:, -2:].mean()) == 0.0
    assert float(found[3, 4:, 6:8].mean()) == 0.0
    assert float(found[3, 4:, :6].mean()) == float(found[3, 4:, 8:-2].mean()) == 1.0
    # The sky, without end, has stayed.
    assert torch.allclose(found[:3, :3], past.picture[:, :3], atol=5e-3)


def test_a_picture_that_was_made_up_to_a_multiple_lies_where_its_view_has_it() -> None:
    """The view takes up the upper left of the maps; the rest repeats it, and must not be taken for it."""
    size = (_HEIGHT - 8, _WIDTH - 16)
    depth, ids = _given("depth"), _given("object")
    picture = torch.rand(3, _HEIGHT, _WIDTH)
    past = Past.of(picture, depth, ids, _clip(_view()), size)
    found = reprojected(past, depth, ids, _rays(_view()), torch.zeros(3), size)
    inside = (slice(None), slice(0, size[0] // SHRINK), slice(0, size[1] // SHRINK))
    assert torch.allclose(found[:3][inside], past.picture[inside], atol=1e-3)
    assert float(found[3][inside[1:]].mean()) == 1.0
    assert float(found[3, :, inside[2].stop :].mean()) == 0.0


def test_what_slides_sideways_is_not_trusted() -> None:
    depth, ids, anchor = (_given(name) for name in ("depth", "object", "anchor"))
    past = _past(torch.rand(3, _HEIGHT, _WIDTH), _view(), anchor)
    rays = _rays(_view())
    still = reprojected(past, depth, ids, rays, torch.tensor([0.05, 0.0, 0.0]), depth.shape, anchor)
    assert float(still[3].mean()) > 0.9
    slid = anchor + torch.tensor([1.2, 0.0, 0.0]) * (ids == 2)[..., None]
    moved = reprojected(past, depth, ids, rays, torch.zeros(3), depth.shape, slid)
    assert float(moved[3, 4:, 9:].mean()) == 0.0
    assert float(moved[3, 4:, :7].mean()) == 1.0


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(4)
    model = EmbeddedModel(**_SMALL)
    torch.nn.init.normal_(model.head.weight, std=0.1)
    torch.nn.init.normal_(model.before.weight, std=0.1)
    save_generator(model, folder)
    return folder


def _made(weights: Path, **options: float) -> Embedded:
    made = Embedded(
        GeneratorSettings(dtype="float32", threads=1, options={"weights": str(weights), **options})
    )
    made.load(lambda share, words: None)
    return made


def _seen(gl: moderngl.Context, maps: frozenset[str]) -> Sequence[Conditioning]:
    """Three ticks of a move, a twelfth of a second apart."""
    compiled = CompiledScene(load_scene("living_room"))
    conditioner = Conditioner(gl, compiled, 96, 60, maps)
    found: list[Conditioning] = []
    for index in range(3):
        time_s = 1.0 + index / 12
        camera = compiled.scene.moves[0].camera_at(time_s, compiled.locate)
        conditioner.draw(Tick(index, time_s, 1 / 12), camera, Direction("sunny day"))
        found += conditioner.drain()
    conditioner.release()
    return found


def test_a_history_steadies_pictures_and_is_forgotten(gl: moderngl.Context, weights: Path) -> None:
    plain, steadied = _made(weights), _made(weights, history=1)
    seen = _seen(gl, frozenset(steadied.maps))
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
    objects = (*seen[1].objects[:-1], replace(seen[1].objects[-1], class_name="lamp"))
    for other in (
        replace(seen[1], direction=Direction("foggy night")),
        replace(seen[1], direction=Direction("sunny day", seed=5)),
        replace(seen[1], objects=objects),
    ):
        steadied.reset()
        steadied.generate(seen[0])
        assert np.array_equal(steadied.generate(other).image, plain.generate(other).image)
