"""The painter's network: what it reads reaches the picture, and what it is taught it learns."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.direction_look import Directed
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.look import SCENE_DEFAULT
from director.generate.embedded.materials import ROW
from director.generate.embedded.painter.atlas import KNOWN, known_objects
from director.generate.embedded.painter.features import Sight, sight
from director.generate.embedded.painter.history import Past, reprojected, steadied
from director.generate.embedded.painter.network import HISTORY, Painter
from director.generate.embedded.painter.painting import Painting
from director.generate.embedded.painter.palette import GROUPS
from director.generate.embedded.painter.places import (
    HEAD_BACK,
    HEAD_FROM,
    HEAD_FRONT,
    HEAD_SIDES,
    PAGES,
    SIDE,
    Places,
    met,
    place_in_box,
    places,
    taps,
)
from director.generate.embedded.variants import VARIANTS, variants
from director.types import Conditioning, Direction, SceneObject, Tick, View

_HEIGHT, _WIDTH = 48, 64
_SMALL: dict[str, object] = {
    "pixel_width": 16,
    "widths": (16, 24, 32),
    "late_width": 16,
    "table_width": 32,
    "scene_width": 24,
    "known_width": 8,
    "stock": 6,
    "atlas_width": 4,
}


def _objects(names: Sequence[str]) -> tuple[SceneObject, ...]:
    return tuple(
        SceneObject(i, name, name, "", (0.5, 0.5, 0.5), (4.0, 6.0, 5.0)) for i, name in enumerate(names, 1)
    )


def _view() -> View:
    eye = np.eye(4)
    projection = np.array([[1.2, 0, 0, 0], [0, 1.6, 0, 0], [0, 0, -1.0, -0.2], [0, 0, -1, 0]], np.float64)
    return View(eye, projection, projection, 0.1, 100.0)


def _conditioning(names: Sequence[str] = ("building", "car")) -> Conditioning:
    """Sky above, two things below, with noise for a surface."""
    random = np.random.default_rng(3)
    ids = np.zeros((_HEIGHT, _WIDTH), np.uint16)
    ids[16:, :32], ids[16:, 32:] = 1, 2
    sky = ids == 0
    normal = np.zeros((_HEIGHT, _WIDTH, 3), np.float16)
    normal[~sky] = (0.0, 0.0, 1.0)
    across, up = np.meshgrid(np.linspace(-1.9, 1.9, _WIDTH), np.linspace(5.9, 0.1, _HEIGHT))
    anchor = np.stack([across, up, np.full_like(up, 2.5)], -1).astype(np.float32)
    maps: dict[str, NDArray[Any]] = {
        "depth": np.where(sky, np.inf, 8.0).astype(np.float32),
        "object": ids,
        "normal": normal,
        "anchor": anchor,
        "shadow": random.integers(0, 256, ids.shape, dtype=np.uint8),
        "lamplight": np.zeros((*ids.shape, 3), np.float16),
        "structure": random.integers(0, 256, (*ids.shape, 16), dtype=np.uint8),
    }
    return Conditioning(Tick(0, 0.0, 0.0), _view(), maps, Direction(), _objects(names), (0.3, 0.8, 0.52), ())


def _directed(count: int = 2) -> Directed:
    rows = np.full((count, ROW), 0.4, np.float32)
    rows[:, -1] = 0
    return Directed(np.array(list(SCENE_DEFAULT.values()), np.float32), rows, ())


def _network(seed: int = 0) -> Painter:
    torch.manual_seed(seed)
    network = Painter(**_SMALL)  # type: ignore[arg-type]
    # As it begins a network is nearly blind to what the head would say of its inputs.
    torch.nn.init.normal_(network.head.weight, std=0.3)
    return network


def _light(painting: Painting, seen: Conditioning, history: Tensor | None = None) -> Tensor:
    with torch.inference_mode():
        return painting.light(seen, _directed(), lambda: None, history)[0]


def _painting(network: Painter, threads: int = 1) -> Painting:
    return Painting(network, torch.device("cpu"), torch.float32, threads)


def _inputs(seen: Conditioning) -> tuple[Sight, Tensor, Tensor, Tensor, Tensor, Tensor]:
    maps = seen.maps
    classes, boxes = (
        torch.from_numpy(array)[None] for array in known_objects(seen.objects, seen.direction.seed)
    )
    rows = torch.zeros(1, 3, ROW)
    rows[0, 1:] = torch.from_numpy(_directed().rows)
    sun = torch.tensor([seen.sun_direction])
    ids = torch.from_numpy(maps["object"].astype(np.int32))[None]
    place = place_in_box(torch.from_numpy(maps["anchor"])[None], ids, boxes)
    view = sight(
        torch.from_numpy(maps["depth"])[None],
        torch.from_numpy(maps["normal"])[None].float(),
        torch.from_numpy(maps["shadow"])[None],
        torch.from_numpy(maps["lamplight"])[None].float(),
        torch.from_numpy(maps["structure"])[None],
        place,
        ids,
        boxes,
        torch.from_numpy(view_rays(seen.view))[None],
        sun,
        torch.float32,
    )
    return view, classes, boxes, rows, torch.from_numpy(_directed().look)[None], sun


def test_a_picture_cut_in_bands_is_the_picture() -> None:
    network = _network()
    whole = _light(_painting(network), _conditioning())
    for threads in (2, 3):
        assert torch.allclose(_light(_painting(network, threads), _conditioning()), whole, atol=1e-5)
    assert float(whole.std()) > 0.01


def test_threads_of_bands_leave_torch_its_threads() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        _painting(_network(), 2)
        with ThreadPoolExecutor(1) as later:
            assert later.submit(torch.get_num_threads).result() == 3
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_the_network_that_is_trained_is_the_one_that_draws() -> None:
    network, seen = _network(), _conditioning()
    drawn = _light(_painting(network), seen)
    with torch.no_grad():
        light = network(*_inputs(seen)).light[0]
    assert torch.allclose(light, drawn, atol=1e-4)


def test_the_class_of_an_object_changes_its_picture() -> None:
    painting = _painting(_network())
    one = _light(painting, _conditioning(("building", "car")))
    other = _light(painting, _conditioning(("building", "tree")))
    change = (one - other).abs().mean(0)
    assert float(change[16:, 32:].mean()) > 3 * float(change[16:, :24].mean())
    assert float(change[16:, 32:].mean()) > 5e-4
    assert torch.equal(_light(painting, _conditioning(("building", "car"))), one)


def test_a_class_nobody_knows_is_drawn_all_the_same() -> None:
    kinds, boxes = known_objects(_objects(("gizmo", "wall", "building")), 0)
    assert list(kinds // VARIANTS) == [0, KNOWN - 1, 1, 2]
    assert list(kinds[1:] % VARIANTS) == list(variants(3, 0))
    assert list(boxes[:, 3]) == [0.0, 0.0, 0.0, 1.0]


def test_every_texel_of_an_atlas_is_read_where_it_lies_and_learns() -> None:
    network = _network()
    view, *rest = _inputs(_conditioning())
    network(view, *rest).light.sum().backward()
    gradient = network.atlas.stock.grad
    assert gradient is not None
    assert float(gradient.abs().sum()) > 0
    assert view.spots is not None
    found, shares = taps(view.spots, view.spots.u, view.spots.v, torch.float32)
    in_page = found.view(_HEIGHT, _WIDTH, -1)
    assert int(found.max()) < PAGES * SIDE * SIDE
    # The front of a thing without bays is page 3; a building's is rows of bays: pages 5 to 7.
    assert set((in_page[20:, 33:] // (SIDE * SIDE)).flatten().tolist()) == {3}
    assert set((in_page[17:, :30] // (SIDE * SIDE)).flatten().tolist()) <= {5, 6, 7}
    weights = shares.view(_HEIGHT, _WIDTH, -1).sum(-1)
    assert torch.allclose(weights[16:, 32:], torch.ones(_HEIGHT - 16, _WIDTH - 32), atol=1e-5)


def test_objects_alike_share_their_pages() -> None:
    atlas = _network().atlas
    kinds = torch.tensor([[0, 7, 9, 7]])
    boxes = torch.tensor([[[1.0, 1, 1, 0], [2, 2, 2, 0], [2, 2, 2, 0], [2, 2, 2, 0]]])
    pages = atlas.known(kinds, boxes)
    assert len(pages.texels) == 3 * PAGES * SIDE * SIDE
    assert pages.sorts[1] == pages.sorts[3] != pages.sorts[2]
    alone = atlas.pages(kinds[:, 2:3], boxes[:, 2:3])
    start = int(pages.sorts[2]) * PAGES * SIDE * SIDE
    assert torch.allclose(pages.texels[start : start + len(alone)], alone, atol=1e-5)
    # What is not in sight is not unfolded.
    assert len(atlas.known(kinds, boxes, torch.tensor([[1, 3]])).texels) == 2 * PAGES * SIDE * SIDE


def _places(
    at: list[tuple[float, float, float]], box: tuple[float, float, float, float], slide: float = 0.0
) -> Places:
    """Of places in the box of one object, seen with rays that slide so far to the right a metre deeper."""
    count = len(at)

    def every(value: float) -> torch.Tensor:
        return torch.full((1, 1, count), value)

    return places(
        torch.tensor(at).t().reshape(3, 1, 1, count),
        torch.ones(1, 1, count, dtype=torch.int32),
        torch.tensor([[[1.0, 1.0, 1.0, 0.0], box]]),
        pixel_m=every(0.01),
        slide=every(slide),
        rise=every(0.0),
    )


def test_a_ray_that_slides_meets_what_lies_deeper_farther_along() -> None:
    spots = _places([(0.25, 0.5, 1.0)], (2.0, 1.0, 1.0, 0.0), slide=1.0).spots
    insets = torch.full((2 * PAGES * SIDE * SIDE,), 0.3)
    u, v = met(insets, spots)
    # 0.3 of a metre deeper and so as much to the right, of 2 m across; no rise.
    assert float(u) == pytest.approx(0.25 + 0.15, abs=1e-5)
    assert float(v) == pytest.approx(0.5)
    # What lies on the face is met where the ray enters.
    assert float(met(torch.zeros_like(insets), spots)[0]) == pytest.approx(0.25)


def test_a_proxy_that_lies_behind_its_box_is_no_hollow() -> None:
    spots = _places([(0.25, 0.5, 0.8)], (2.0, 1.0, 1.0, 0.0), slide=1.0).spots
    u, _ = met(torch.full((2 * PAGES * SIDE * SIDE,), 0.2), spots)
    assert float(u) == pytest.approx(0.25, abs=1e-5)


def test_heads_of_people_have_pages_of_their_own() -> None:
    seen = [(0.5, 0.93, 0.9), (0.5, 0.93, 0.1), (0.7, 0.93, 0.5), (0.5, 0.6, 1.0)]
    found = _places(seen, (0.5, 1.75, 0.3, -1.0)).spots
    pages = (found.first % (PAGES * SIDE * SIDE) // (SIDE * SIDE)).flatten().tolist()
    assert pages == [HEAD_FRONT, HEAD_BACK, HEAD_SIDES, 3]
    assert float(found.v[0, 0, 0]) == pytest.approx((0.93 - HEAD_FROM) / (1 - HEAD_FROM), abs=1e-5)


def test_bays_lie_as_the_shader_lays_them_out() -> None:
    found = _places([(x, 0.5, 1.0) for x in (0.0, 1 / 6, 1 / 3 + 1e-4, 1 / 2)], (5.7, 9.0, 4.0, 1.0))
    # Three bays across: 1.9 m each.
    assert torch.allclose(found.features[3].flatten(), torch.tensor([-1.0, 0.0, -1.0, 0.0]), atol=2e-3)


def test_substances_are_learnt_where_they_are_told() -> None:
    network = _network()
    view, *rest = _inputs(_conditioning())
    told = torch.full((1, _HEIGHT, _WIDTH), -1)
    told[:, 16:, :32], told[:, 16:, 32:] = 3, 5
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(25):
        value = functional.cross_entropy(network(view, *rest).groups, told, ignore_index=-1)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(value.detach()) < 0.4 * np.log(len(GROUPS))


def test_a_history_that_cannot_be_trusted_is_no_history() -> None:
    painting = _painting(_network())
    seen = _conditioning()
    history = torch.rand(1, HISTORY, _HEIGHT // 4, _WIDTH // 4)
    history[:, 3] = 0
    assert torch.equal(_light(painting, seen, history), _light(painting, seen))
    picture = torch.rand(1, 3, _HEIGHT, _WIDTH)
    share = 0.6 * history[:, 3:]
    assert torch.equal(steadied(picture, history, share), picture)


def test_a_history_steadies_what_wavers_and_keeps_what_is_fine() -> None:
    torch.manual_seed(1)
    picture = 0.4 + 0.1 * torch.rand(1, 3, _HEIGHT, _WIDTH)
    history = torch.full((1, HISTORY, _HEIGHT // 4, _WIDTH // 4), 0.6)
    history[:, 3] = 1
    share = torch.full((1, 1, _HEIGHT // 4, _WIDTH // 4), 0.5)
    drawn = steadied(picture, history, share)
    assert float(drawn.mean()) == pytest.approx(0.5 * (float(picture.mean()) + 0.6), abs=0.01)
    fine = (drawn[..., 1:] - drawn[..., :-1]) - (picture[..., 1:] - picture[..., :-1])
    assert float(fine.abs().mean()) < 0.005


def test_the_past_lies_where_its_surfaces_are_and_is_not_trusted_elsewhere() -> None:
    seen = _conditioning()
    depth = torch.from_numpy(seen.maps["depth"])
    ids = torch.from_numpy(seen.maps["object"].astype(np.int32))
    clip = torch.from_numpy(seen.view.clip_from_world.astype(np.float32))
    picture = torch.rand(3, _HEIGHT, _WIDTH)
    past = Past.of(picture, depth, ids, clip, depth.shape)
    rays = torch.from_numpy(view_rays(seen.view))
    same = reprojected(past, depth, ids, rays, torch.zeros(3), depth.shape)
    assert torch.allclose(same[:3], past.picture, atol=1e-3)
    assert float(same[3].mean()) == 1.0
    nearer = reprojected(past, depth * 0.7, ids, rays, torch.zeros(3), depth.shape)
    assert float(nearer[3, 4:].mean()) == 0.0


def test_what_slides_sideways_is_not_trusted() -> None:
    seen = _conditioning()
    depth = torch.from_numpy(seen.maps["depth"])
    ids = torch.from_numpy(seen.maps["object"].astype(np.int32))
    anchor = torch.from_numpy(seen.maps["anchor"])
    clip = torch.from_numpy(seen.view.clip_from_world.astype(np.float32))
    rays = torch.from_numpy(view_rays(seen.view))
    past = Past.of(torch.rand(3, _HEIGHT, _WIDTH), depth, ids, clip, depth.shape, anchor)
    still = reprojected(past, depth, ids, rays, torch.tensor([0.05, 0.0, 0.0]), depth.shape, anchor)
    assert float(still[3].mean()) > 0.9
    slid = anchor + torch.tensor([1.2, 0.0, 0.0]) * (ids == 2)[..., None]
    moved = reprojected(past, depth, ids, rays, torch.zeros(3), depth.shape, slid)
    assert float(moved[3, 4:, 9:].mean()) == 0.0
    assert float(moved[3, 4:, :7].mean()) == 1.0
