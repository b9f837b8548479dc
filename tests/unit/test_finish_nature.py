"""Trees, ground and furniture: finishers take whatever a director blocks, and stay where it was put."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from director.scene.finish.thing import Piece, Thing
from director.scene.proxies import proxy_kinds

_FAMILIES = (
    "appliances", "bathroom", "hearth", "lamps_indoors", "ornaments", "plant", "screens", "seating", "soft",
    "storage", "tables", "tableware", "terrain", "tree",
)  # fmt: skip
_SHAPES = ("box", "sphere", "cylinder", "cone", "ramp", "plane")
_SIZES = (
    (1.8, 0.85, 0.9),
    (0.5, 0.9, 0.45),
    (1.4, 0.06, 0.7),
    (0.2, 0.5, 0.9),
    (0.05, 0.6, 0.05),
    (3.0, 4.0, 3.0),
)
_ODD = ((0.01, 0.01, 0.01), (0.01, 3.0, 2.0), (50.0, 20.0, 40.0), (2.0, 0.01, 300.0), (0.3, 30.0, 0.3))

Family = Mapping[str, Callable[[Thing], Sequence[Piece] | None]]


def _family(module: str) -> Family:
    found: Family = importlib.import_module(f"director.scene.finish.{module}").FINISHERS
    return found


def _thing(kind: str, class_name: str, size: Sequence[float], seed: int = 3, **fields: Any) -> Thing:
    document: dict[str, Any] = {"kind": kind, "name": "it", "class": class_name, **fields}
    if kind == "plane":
        document["size"] = (float(size[0]), float(size[2]))
    elif kind != "mannequin":
        document["size"] = tuple(float(v) for v in size)
    proxy = proxy_kinds()[kind].model_validate(document)
    return Thing(proxy, class_name, proxy.size_m, seed, proxy.parts())


def _all(pieces: Sequence[Piece]) -> np.ndarray[Any, Any]:
    return np.concatenate([piece.mesh.positions for piece in pieces])


def _is_sound(pieces: Sequence[Piece]) -> bool:
    return all(
        np.isfinite(piece.mesh.positions).all()
        and np.isfinite(piece.mesh.normals).all()
        and int(piece.mesh.triangles.max()) < len(piece.mesh.positions)
        for piece in pieces
    )


@pytest.mark.parametrize("module", _FAMILIES)
def test_things_of_any_shape_stay_in_their_boxes_and_budgets(module: str) -> None:
    made = 0
    for class_name, finish in _family(module).items():
        for shape in _SHAPES:
            for i, size in enumerate(_SIZES):
                thing = _thing(shape, class_name, size, seed=i)
                pieces = finish(thing)
                if not pieces:
                    continue
                made += 1
                assert _is_sound(pieces), (class_name, shape, size)
                points, (wide, high, deep) = _all(pieces), thing.size_m
                low, top = np.array([-wide / 2, 0, -deep / 2]), np.array([wide / 2, high, deep / 2])
                out = max(float((low - points.min(axis=0)).max()), float((points.max(axis=0) - top).max()))
                # Centimetres: a handle, a tap, a leaf; blades of grass on flat ground are a decimetre.
                assert out < 0.12 + 0.04 * max(size), (class_name, shape, size, out)
                assert sum(len(piece.mesh.triangles) for piece in pieces) < 15_000, (class_name, shape, size)
    assert made > 5


@pytest.mark.parametrize("module", _FAMILIES)
def test_odd_sizes_and_kinds_are_no_error(module: str) -> None:
    for class_name, finish in _family(module).items():
        for size in _ODD:
            for shape in _SHAPES:
                pieces = finish(_thing(shape, class_name, size))
                assert pieces is None or _is_sound(pieces), (class_name, shape, size)
        for kind in ("mannequin", "stairs", "wall"):
            assert finish(_thing(kind, class_name, (3.0, 2.5, 0.4))) is None, (class_name, kind)


@pytest.mark.parametrize("module", _FAMILIES)
def test_arrays_are_finished_item_by_item(module: str) -> None:
    for class_name, finish in _family(module).items():
        thing = _thing(
            "array",
            class_name,
            (0.4, 0.5, 0.4),
            shape="cylinder",
            counts=(4, 1, 5),
            spacing=(1.0, 1.0, 1.0),
            vary=0.3,
        )
        pieces = finish(thing)
        if not pieces:
            continue
        assert _is_sound(pieces)
        points = _all(pieces)
        assert sum(len(piece.mesh.triangles) for piece in pieces) < 90_000
        for part in thing.parts:
            at = part.object_from_mesh[:3, 3]
            near = np.abs(points[:, [0, 2]] - at[[0, 2]]).max(axis=1) < 0.45
            assert near.any(), (class_name, at)


def test_a_seed_decides_everything() -> None:
    for module in ("tree", "seating", "storage", "terrain"):
        for class_name, finish in _family(module).items():
            one, two = (finish(_thing("box", class_name, (1.6, 1.9, 0.7), seed=5)) for _ in range(2))
            if one and two:
                assert np.array_equal(_all(one), _all(two)), class_name
    tree = _family("tree")["tree"]
    one, two = (tree(_thing("sphere", "tree", (3.0, 3.4, 3.0), seed=seed)) for seed in (1, 2))
    assert one
    assert two
    assert not np.array_equal(_all(one)[:50], _all(two)[:50])


def test_a_crown_fills_its_sphere_with_leaves() -> None:
    pieces = _family("tree")["tree"](_thing("sphere", "tree", (3.0, 3.4, 3.0)))
    assert pieces is not None
    leaf = next(piece.mesh for piece in pieces if piece.stuff == "leaf")
    assert len(leaf.triangles) > 3000
    away = np.linalg.norm((leaf.positions - [0, 1.7, 0]) / [1.5, 1.7, 1.5], axis=1)
    assert 0.6 < np.median(away) < 1.02
    # From every side something green stands near the rim.
    turn = np.arctan2(leaf.positions[:, 2], leaf.positions[:, 0])
    rims = [away[(turn > a) & (turn < a + 0.5)].max() for a in np.arange(-3.1, 2.6, 0.5)]
    assert min(rims) > 0.85


def test_a_whole_sofa_has_a_seat_below_its_back() -> None:
    pieces = _family("seating")["sofa"](_thing("box", "sofa", (2.0, 0.85, 0.9)))
    assert pieces is not None
    points = _all(pieces)
    middle = np.abs(points[:, 0]) < 0.5
    front, back = points[middle & (points[:, 2] > 0.1)], points[middle & (points[:, 2] < -0.3)]
    assert front[:, 1].max() < 0.6 < 0.8 < back[:, 1].max()
    # A seat block and a back block are finished as what they are: each fills its own box.
    for size in ((2.0, 0.42, 0.85), (2.0, 0.5, 0.2), (0.24, 0.52, 0.98)):
        part = _family("seating")["sofa"](_thing("box", "sofa", size))
        assert part is not None
        reach = np.ptp(_all(part), axis=0)
        assert (reach > 0.93 * np.array(size)).all(), size


def test_a_bookcase_is_full_of_books_in_several_covers() -> None:
    pieces = _family("storage")["bookcase"](_thing("box", "bookcase", (1.2, 2.0, 0.35)))
    assert pieces is not None
    covers = {piece.stuff for piece in pieces if piece.stuff.startswith("cover")}
    assert len(covers) >= 3


def test_mountains_keep_their_silhouette() -> None:
    for fields in ({"top_share": 0.78, "sides": 9}, {"sides": 6}, {"top_share": 0.62, "sides": 11}):
        thing = _thing("cone", "mountain", (84.0, 46.0, 67.0), **fields)
        pieces = _family("terrain")["mountain"](thing)
        assert pieces is not None
        points = _all(pieces)
        reach = np.ptp(points, axis=0) / thing.size_m
        assert (reach > 0.93).all(), reach
        assert (reach < 1.05).all(), reach
