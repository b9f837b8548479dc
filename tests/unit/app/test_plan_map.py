"""The set from above."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.app.plan_map import Footprints, MapView, fitted_view, footprints, hit, way_of, wedge
from director.math3d import look_rotation, quaternion_from_euler
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.types import CameraState, Lens

metres = st.floats(-100, 100)
spots = st.tuples(metres, metres)
views = st.builds(MapView, spots, st.floats(0.5, 200))
ORIGIN = (400.0, 300.0)


def compiled() -> CompiledScene:
    return CompiledScene(
        Scene.model_validate(
            {
                "schema_version": 1,
                "name": "plan",
                "objects": [
                    {"kind": "plane", "name": "ground", "class": "floor", "size": [20, 20]},
                    {
                        "kind": "box",
                        "name": "table",
                        "class": "table",
                        "size": [2, 1, 1],
                        "position": [3, 0, 0],
                    },
                    {
                        "kind": "box",
                        "name": "cup",
                        "class": "book",
                        "size": [0.1, 0.2, 0.1],
                        "position": [3, 1, 0],
                    },
                    {
                        "kind": "mannequin",
                        "name": "anna",
                        "class": "person",
                        "position": [-2, 0, 1],
                        "rotation_deg": [90, 0, 0],
                    },
                    {"kind": "box", "name": "gone", "class": "box", "size": [1, 1, 1], "hidden": True},
                ],
                "moves": [
                    {
                        "kind": "dolly-in",
                        "name": "in",
                        "start": [0, 1, 9],
                        "end": [0, 1, 4],
                        "look_at": [0, 1, 0],
                    }
                ],
            }
        )
    )


@given(views, spots)
def test_the_map_there_and_back(view: MapView, at: tuple[float, float]) -> None:
    assert view.in_world(view.on_map(at, ORIGIN), ORIGIN) == pytest.approx(at, abs=1e-6)


@given(views, spots, st.floats(0.5, 2))
def test_zooming_keeps_what_is_under_the_mouse(view: MapView, at: tuple[float, float], factor: float) -> None:
    mouse = view.on_map(at, ORIGIN)
    assert view.zoomed(factor, mouse, ORIGIN).on_map(at, ORIGIN) == pytest.approx(mouse, abs=1e-5)
    moved = view.panned((30.0, -12.0)).on_map(at, ORIGIN)
    assert moved == pytest.approx((mouse[0] + 30, mouse[1] - 12), abs=1e-6)


@given(st.lists(spots, min_size=1, max_size=6))
def test_a_fitted_map_shows_everything(shown: list[tuple[float, float]]) -> None:
    view = fitted_view(shown, (700.0, 120.0))
    for spot in shown:
        x, y = view.on_map(spot, (350.0, 60.0))
        assert -1e-6 <= x <= 700 + 1e-6
        assert -1e-6 <= y <= 120 + 1e-6


def test_footprints_floors_first_and_small_things_on_top() -> None:
    marks = footprints(compiled(), 0.0)
    assert [mark.name for mark in marks] == ["ground", "table", "anna", "cup"]
    by_name = {mark.name: mark for mark in marks}
    assert by_name["ground"].is_floor
    xs = sorted({round(x, 6) for x, _ in by_name["table"].corners})
    zs = sorted({round(z, 6) for _, z in by_name["table"].corners})
    assert (xs, zs) == ([2.0, 4.0], [-0.5, 0.5])
    assert by_name["table"].area_m2 == pytest.approx(2.0)
    assert by_name["table"].heading is None
    # Turned by 90° to the left she faces +x.
    assert by_name["anna"].heading == pytest.approx(math.pi / 2)


def test_a_click_takes_the_smallest_thing() -> None:
    marks = footprints(compiled(), 0.0)
    assert hit(marks, (3.0, 0.0)) == "cup"
    assert hit(marks, (3.8, 0.2)) == "table"
    assert hit(marks, (-8.0, 8.0)) == "ground"
    assert hit(marks, (30.0, 0.0)) is None


@given(st.floats(-3, 3), st.floats(-1.2, 1.2))
def test_the_wedge_is_as_wide_as_the_lens_sees(yaw: float, pitch: float) -> None:
    lens = Lens(film_back_width_mm=36.0, focal_length_mm=18.0)
    eye, left, right = wedge(CameraState((1.0, 2.0, 3.0), quaternion_from_euler(yaw, pitch, 0.0), lens), 5.0)
    assert eye == (1.0, 3.0)
    assert math.dist(left, right) == pytest.approx(10.0)
    middle = ((left[0] + right[0]) / 2 - eye[0], (left[1] + right[1]) / 2 - eye[1])
    assert middle == pytest.approx((-5 * math.sin(yaw), -5 * math.cos(yaw)), abs=1e-6)
    # Left of who looks along it, on a map whose z runs down.
    assert (left[0] - eye[0]) * middle[1] - (left[1] - eye[1]) * middle[0] > 0


def test_straight_down_it_sees_along_the_top_of_the_picture() -> None:
    _, left, right = wedge(CameraState((0.0, 9.0, 0.0), look_rotation((0, -1, 0))), 4.0)
    assert (left[1] + right[1]) / 2 == pytest.approx(-4.0)


def test_the_way_of_a_move() -> None:
    scene = compiled()
    way = way_of(scene.scene.moves[0], scene)
    assert way[0] == pytest.approx((0.0, 9.0))
    assert way[-1] == pytest.approx((0.0, 4.0))
    assert all(a[1] >= b[1] for a, b in itertools.pairwise(way))


def moved(found: Footprints) -> tuple[int, ...] | None:
    return found.moved


def test_footprints_of_one_time_after_the_other_are_those_of_each() -> None:
    scene = compiled().scene
    keys = [
        {"time_s": 0.0, "position": [0, 0, 0]},
        {"time_s": 1.0, "position": [2, 0, 0], "rotation_deg": [40, 0, 0]},
        {"time_s": 2.0, "position": [2, 0, 1], "rotation_deg": [0, 0, 90]},
    ]
    raw = scene.model_dump(mode="json", by_alias=True)
    for proxy, thing in zip(raw["objects"], scene.objects, strict=True):
        proxy |= {"kind": thing.kind, "keys": keys if thing.name == "table" else []}
    moving = CompiledScene(Scene.model_validate(raw))
    found = Footprints()
    seen = [found.at(moving, time_s) for time_s in (0.0, 0.5, 1.0, 2.0, 5.0, 6.0)]
    for time_s, marks in zip((0.0, 0.5, 1.0, 2.0, 5.0), seen, strict=False):
        assert marks == footprints(moving, time_s)
    assert seen[5] == seen[4]
    assert moved(found) == ()
    found.at(moving, 0.5)
    assert found.corners.tolist() == [[list(spot) for spot in mark.corners] for mark in found.at(moving, 0.5)]
    # Another scene is another plan.
    assert found.at(compiled(), 0.5) == footprints(compiled(), 0.5)
    assert moved(found) is None
    still = compiled()
    assert found.at(still, 1.0) is found.at(still, 2.0)
