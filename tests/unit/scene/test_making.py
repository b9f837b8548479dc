"""From a proxy to what it stands for: made once, shared by whatever has its shape, within its box."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from director.scene.finish import finishers
from director.scene.finish.making import Made, pieces_of
from director.scene.finish.stuff import STUFF_NAMES, stuff_index
from director.scene.mesh import Mesh
from director.scene.proxies import proxy_kinds
from director.scene.proxy import Proxy
from director.types import Vector

_CAR: dict[str, Any] = {"kind": "box", "class": "car", "size": [1.8, 1.45, 4.4]}
# As a director would block most of them; one of these shapes suits every class.
_BLOCKED: tuple[tuple[str, Vector], ...] = (
    ("box", (1.8, 0.85, 0.9)),
    ("box", (0.5, 0.9, 0.45)),
    ("box", (3.0, 4.0, 3.0)),
    ("box", (6.0, 1.5, 2.5)),
    ("cylinder", (0.5, 1.75, 0.4)),
    ("cylinder", (3.0, 0.6, 3.0)),
    ("box", (2.5, 3.0, 10.5)),
    ("box", (1.2, 0.8, 0.06)),
    ("box", (1.0, 2.1, 0.12)),
    ("sphere", (0.3, 0.3, 0.3)),
    ("plane", (6.0, 0.0, 40.0)),
    ("stairs", (1.4, 1.8, 2.6)),
)
_OUT_M, _OUT_SHARE = 0.12, 0.04
# Water leaps; a bridge blocked as small as a table has railings all the same.
_STAND_OUT_M = {"bridge": 0.26, "fountain": 0.3}


def _proxy(name: str = "it", **fields: Any) -> Proxy:
    return proxy_kinds()[fields["kind"]].model_validate({"name": name, **fields})


def _made(proxy: Proxy, variant: int | None = 1) -> Sequence[Made]:
    return pieces_of(proxy, proxy.parts(), variant)


def _meshes(made: Sequence[Made]) -> list[Mesh]:
    return [one.mesh for one in made]


def test_equal_shapes_share_the_very_same_meshes_wherever_they_stand() -> None:
    here = _made(_proxy(**_CAR))
    there = _made(
        _proxy(
            "another",
            **_CAR,
            position=[7.0, 0.2, -3.0],
            rotation_deg=[30.0, 4.0, 0.0],
            parent="cart",
            colour="#204060",
            prompt="a red taxi",
            keys=[{"time_s": 0, "position": [0.0, 0.0, 0.0]}, {"time_s": 2, "position": [0.0, 0.0, 9.0]}],
            locked=True,
        )
    )
    assert len(here) > 3
    for one, other in zip(here, there, strict=True):
        assert one.mesh is other.mesh
        assert (one.stuff, one.part, one.is_finished) == (other.stuff, other.part, True)


@pytest.mark.parametrize(
    "change", [{"size": [1.8, 1.45, 4.5]}, {"class": "van"}, {"kind": "cylinder"}, {"variant": 2}]
)
def test_another_size_class_kind_or_variant_has_meshes_of_its_own(change: dict[str, Any]) -> None:
    change = dict(change)
    variant = change.pop("variant", 1)
    one, other = _made(_proxy(**_CAR)), _made(_proxy(**{**_CAR, **change}), variant)
    assert other
    assert not {id(mesh) for mesh in _meshes(one)} & {id(mesh) for mesh in _meshes(other)}


def test_what_has_no_finisher_stays_as_it_was_blocked() -> None:
    proxy = _proxy(**_CAR)
    assert "sky" not in finishers()
    unknown = _proxy(kind="cylinder", **{"class": "sky"}, size=[1.0, 2.0, 1.0])
    for it, variant in ((unknown, 1), (proxy, None)):
        (own,) = _made(it, variant)
        assert STUFF_NAMES[own.stuff] == "own"
        assert not own.is_finished
        assert own.part is None
        size = np.array(it.size_m)
        np.testing.assert_allclose(np.ptp(own.mesh.positions, axis=0), size, rtol=1e-3)


def test_limbs_of_the_unfinished_are_carried_wherever_they_may_move() -> None:
    # One that stands and one that walks have the same shape; only the second moves its limbs.
    figure: dict[str, Any] = {"kind": "mannequin", "class": "sculpture"}
    way = {"points": [[0.0, 0.0, 0.0], [0.0, 0.0, 5.0]]}
    stands, walks = _proxy(**figure), _proxy(**figure, route=way)
    for first, second in ((stands, walks), (walks, stands)):
        for proxy in (first, second):
            made = _made(proxy)
            assert not made[0].is_finished
            parts = {one.part for one in made}
            assert parts == (set(range(len(proxy.parts()))) if proxy is walks else {None})


def test_all_who_ask_at_once_are_given_whole_things() -> None:
    proxies = [_proxy(kind="box", **{"class": "sofa"}, size=[2.0, 0.8, 0.6 + 0.01 * i]) for i in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(_made, proxies * 2))
    for one, again in zip(found[:6], found[6:], strict=True):
        for a, b in zip(one, again, strict=True):
            np.testing.assert_array_equal(a.mesh.positions, b.mesh.positions)
    # Once made, there is one of each.
    for proxy in proxies:
        assert _meshes(_made(proxy)) == _meshes(_made(proxy))


def test_large_ground_comes_in_tiles_of_one_stuff() -> None:
    made = _made(_proxy(kind="plane", **{"class": "grass"}, size=[60.0, 60.0]))
    grown = [one for one in made if STUFF_NAMES[one.stuff] in ("leaf", "leaf shade")]
    assert len(grown) > len({one.stuff for one in grown})


@pytest.mark.parametrize("class_name", sorted(finishers()))
def test_every_class_is_finished_within_its_box(class_name: str) -> None:
    for kind, size in _BLOCKED:
        fields = [size[0], size[2]] if kind == "plane" else list(size)
        proxy = _proxy(kind=kind, **{"class": class_name}, size=fields)
        made = _made(proxy)
        if made[0].is_finished:
            break
    else:
        pytest.fail(f"nothing of class {class_name} is finished")
    points = np.concatenate([one.mesh.positions for one in made])
    assert np.isfinite(points).all()
    wide, high, deep = proxy.size_m
    low, top = np.array([-wide / 2, 0, -deep / 2]), np.array([wide / 2, high, deep / 2])
    out_m = max(float((low - points.min(0)).max()), float((points.max(0) - top).max()))
    # Centimetres: a handle, a leaf.
    assert out_m < _STAND_OUT_M.get(class_name, _OUT_M + _OUT_SHARE * max(proxy.size_m))
    for one in made:
        assert stuff_index(STUFF_NAMES[one.stuff]) == one.stuff
        assert one.mesh.triangles.max() < len(one.mesh.positions)
