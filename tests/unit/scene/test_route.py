"""Routes: smooth, at the pace that is asked for, faced along, and walked or run without sliding."""

import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.errors import SceneError
from director.math3d import rotate
from director.scene.compile import CompiledScene
from director.scene.document import Group, Scene
from director.scene.load import parse_scene
from director.scene.route import track_of

Document = dict[str, Any]
Parse = Callable[[Document], Scene]

BEND = [[0, 0, 0], [0, 0, 5], [2, 0, 9], [7, 0, 11], [12, 0, 10]]
RING = [[0, 0, 0], [6, 0, 0], [6, 0, 6], [0, 0, 6]]


def track(points: Any, **route: Any) -> Any:
    return track_of(Group.model_validate({"name": "it", "route": {"points": points, **route}}))


def heading(way: Any, time_s: float) -> float:
    x, y, z, w = way.rotation(time_s)
    assert (x, z) == pytest.approx((0, 0))
    return 2 * math.atan2(y, w)


@pytest.mark.parametrize("speed", [0.5, 1.35, 4.0])
@pytest.mark.parametrize("end", ["stop", "loop"])
def test_goes_as_many_metres_a_second_as_is_said(speed: float, end: str) -> None:
    way = track(RING if end == "loop" else BEND, speed_m_s=speed, start_s=1.5, at_end=end)
    assert way.pace_m_s == speed
    assert way.distance(1.0) == 0
    for time_s in np.arange(1.5, 1.5 + 14 / speed - 1, 0.37):
        times = np.linspace(time_s, time_s + 1, 201)
        points = np.array([way.position(float(moment)) for moment in times])
        gone = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        assert gone == pytest.approx(speed, rel=0.01)
        assert way.distance(float(time_s) + 1) - way.distance(float(time_s)) == pytest.approx(speed, rel=1e-9)


def test_takes_as_long_as_is_said_and_stays_at_the_end() -> None:
    way = track(BEND, duration_s=8.0, start_s=2.0)
    assert way.position(0.0) == way.position(2.0) == (0, 0, 0)
    assert way.position(9.9) != pytest.approx((12, 0, 10), abs=1e-3)
    assert way.position(10.0) == pytest.approx((12, 0, 10))
    assert way.position(60.0) == pytest.approx((12, 0, 10))
    assert way.speed(60.0) == 0
    assert heading(way, 60.0) == heading(way, 10.0)
    assert track(BEND).pace_m_s == 1.35


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=2, max_size=7))
def test_passes_every_point_without_leaving_their_neighbourhood(flat: list[tuple[float, float]]) -> None:
    points = [[x, 0.0, z] for x, z in flat]
    if min(math.dist(a, b) for a, b in pairwise(points)) < 0.05:
        return
    way = track(points, duration_s=10.0)
    curve = np.array([way.position(float(time)) for time in np.linspace(0, 10, 2001)])
    length = way.distance(10.0)
    for point in points:
        assert np.linalg.norm(curve - point, axis=1).min() < 1e-3 + length / 2000
    # The centripetal spline stays near its polygon.
    reach = max(math.dist(a, b) for a, b in pairwise(points))
    assert np.abs(curve).max() < 20 + reach


def test_faces_along_the_way_and_turns_smoothly() -> None:
    way = track(BEND, speed_m_s=1.0)
    times = np.linspace(0.5, 14, 541)
    headings = np.unwrap([heading(way, float(time)) for time in times])
    points = np.array([way.position(float(time)) for time in times])
    moving = np.unwrap(np.arctan2(*np.gradient(points, axis=0)[:, [0, 2]].T))
    assert np.abs(headings - moving).max() < math.radians(8)
    assert np.abs(np.diff(headings)).max() < math.radians(2.5)
    assert headings[0] == pytest.approx(0, abs=0.1)
    assert heading(way, 99.0) == pytest.approx(math.atan2(5, -1), abs=0.2)


def test_a_loop_comes_round_without_a_seam() -> None:
    way = track(RING, speed_m_s=2.0, at_end="loop")
    length = 24.0
    for step in range(1, 400):
        if step > 20 and math.dist(way.position(step * 0.05), (0, 0, 0)) < 0.08:
            length = way.distance(step * 0.05)
            break
    lap_s = length / 2
    positions = np.array([way.position(float(time)) for time in np.linspace(lap_s - 0.5, lap_s + 0.5, 101)])
    headings = np.unwrap([heading(way, float(time)) for time in np.linspace(lap_s - 0.5, lap_s + 0.5, 101)])
    assert np.linalg.norm(np.diff(positions, axis=0), axis=1) == pytest.approx(np.full(100, 0.02), rel=0.01)
    assert np.abs(np.diff(headings)).max() < math.radians(4)


def test_turns_of_its_own_are_laid_over_the_heading() -> None:
    raw = {"name": "it", "rotation_deg": [180, 0, 0], "route": {"points": [[0, 0, 0], [5, 0, 0]]}}
    backwards = track_of(Group.model_validate(raw))
    np.testing.assert_allclose(rotate(backwards.rotation(1.0), (0, 0, 1)), (-1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(
        rotate(track([[0, 0, 0], [5, 0, 0]]).rotation(1.0), (0, 0, 1)), (1, 0, 0), atol=1e-9
    )


def figure(pose: str, points: Any, speed: float, **fields: Any) -> CompiledScene:
    raw = {
        "schema_version": 1, "name": "way",
        "objects": [{"kind": "mannequin", "name": "it", "class": "person", "pose": pose,
                     "route": {"points": points, "speed_m_s": speed}, **fields}],
    }  # fmt: skip
    return CompiledScene(parse_scene(json.dumps(raw), file="way", folder=Path()))


def soles(scene: CompiledScene, times: Any) -> Any:
    """float[times, 2, 2, 3]: heel and ball of both feet in the world."""
    states = [scene.at(float(time)) for time in times]
    matrices = np.array([state.batches["mannequin/foot/0.5"].world_from_mesh for state in states])
    places = np.array([[0, -0.046, -0.02, 1], [0, -0.046, 0.08, 1]])
    return np.einsum("tfij,pj->tfpi", matrices, places)[..., :3]


def slide(scene: CompiledScene, start_s: float, end_s: float) -> float:
    """Median speed over the ground, m/s, of soles that are flat on it."""
    times = np.linspace(start_s, end_s, 601)
    points = soles(scene, times)
    flat = (points[..., 1] < 0.012).all(axis=2)
    both = flat[1:] & flat[:-1]
    assert both.sum() > 40
    step = np.linalg.norm(np.diff(points, axis=0)[..., [0, 2]], axis=3).max(axis=2)
    return float(np.median(step[both]) / (times[1] - times[0]))


STRAIGHT = [[0, 0, 0], [0, 0, 40]]


@pytest.mark.parametrize(
    ("pose", "speed", "most"),
    [("walk", 1.35, 0.03), ("walk", 0.45, 0.03), ("stand", 1.9, 0.04), ("walk", 3.0, 0.1), ("run", 2.0, 0.1)],
)
def test_feet_do_not_slide_on_a_straight_way(pose: str, speed: float, most: float) -> None:
    assert slide(figure(pose, STRAIGHT, speed), 2.0, 6.0) < most


def test_feet_hardly_slide_in_a_bend() -> None:
    assert slide(figure("walk", BEND, 1.2), 1.0, 11.0) < 0.12


def lifted(scene: CompiledScene, start_s: float, end_s: float) -> float:
    """The share of time in which neither foot is on the ground."""
    points = soles(scene, np.linspace(start_s, end_s, 401))
    heights = points[..., 1].min(axis=2)
    return float((heights > 0.02).all(axis=1).mean())


@pytest.mark.parametrize(
    ("pose", "speed", "runs"),
    [
        ("walk", 2.1, False),
        ("walk", 2.3, True),
        ("stand", 3.0, True),
        ("carry", 1.2, False),
        ("run", 1.5, True),
    ],
)
def test_walks_up_to_two_metres_a_second_and_runs_beyond(pose: str, speed: float, runs: bool) -> None:
    share = lifted(figure(pose, STRAIGHT, speed), 2.0, 6.0)
    assert share > 0.1 if runs else share < 0.02


def test_a_childs_walk_turns_into_a_run_sooner() -> None:
    assert lifted(figure("walk", STRAIGHT, 1.9, height_m=1.1), 2.0, 6.0) > 0.1
    assert lifted(figure("walk", STRAIGHT, 1.6, height_m=1.1), 2.0, 6.0) < 0.02


def test_stands_before_and_after() -> None:
    scene = figure("walk", [[0, 0, 0], [0, 0, 4]], 1.3)
    points = soles(scene, [60.0])
    assert points[..., 1].max() < 0.01
    assert np.ptp(points[0, :, 0, 2]) < 0.01
    assert points[0, :, :, 2].mean() == pytest.approx(4, abs=0.1)


def test_who_sits_rides_along_a_parents_route(document: Document, parse: Parse) -> None:
    document["groups"].append({"name": "car", "route": {"points": BEND, "speed_m_s": 8}})
    document["objects"] += [
        {
            "kind": "mannequin",
            "name": "driver",
            "class": "person",
            "parent": "car",
            "pose": "drive",
            "build": 0.3,
        },
        {
            "kind": "mannequin",
            "name": "runner",
            "class": "person",
            "parent": "car",
            "pose": "walk",
            "build": 0.7,
        },
    ]
    compiled = CompiledScene(parse(document))
    knees = []
    for time_s in (0.5, 0.9):
        state = compiled.at(time_s)
        world = state.batches["mannequin/calf/0.3"].world_from_mesh
        driver = state.world_from_object[[thing.name for thing in state.objects].index("driver")]
        knees.append(np.linalg.inv(driver) @ world)
    np.testing.assert_allclose(knees[0], knees[1], atol=1e-4)
    # Who walks in a fast car's place runs: the route's pace decides, whoever it belongs to.
    lows = [
        compiled.at(float(time)).batches["mannequin/foot/0.7"].world_from_mesh[:, 1, 3].min()
        for time in np.linspace(0.4, 1.2, 81)
    ]
    assert max(lows) > 0.12
    assert compiled.locate("car", 100.0)[0] == pytest.approx((12, 0, 10), abs=1e-6)


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"route": {"points": [[0, 0, 0]]}}, "route.points", "at least 2"),
        ({"route": {"points": [[0, 0, 0], [0, 0, 0]]}}, "route.points[1]", "points\\[0\\] is already"),
        (
            {"route": {"points": [[0, 0, 0], [1, 0, 0], [0, 0, 0]], "at_end": "loop"}},
            "route.points[0]",
            "points\\[2\\] is already",
        ),
        ({"route": {"points": BEND, "speed_m_s": 1, "duration_s": 2}}, "route.duration_s", "give one"),
        ({"route": {"points": BEND, "speed_m_s": 0}}, "route.speed_m_s", "cannot be used"),
        (
            {"route": {"points": BEND}, "keys": [{"time_s": 0, "position": [0, 0, 0]}]},
            "keys[0].position",
            "take the positions out",
        ),
    ],
)
def test_says_what_is_wrong_with_a_route(
    document: Document, parse: Parse, fields: Document, field: str, told: str
) -> None:
    document["groups"][0].update(fields)
    with pytest.raises(SceneError, match=told) as caught:
        parse(document)
    assert caught.value.field == f"groups[0].{field}"


def test_keys_may_turn_what_goes_along_a_route(document: Document, parse: Parse) -> None:
    document["groups"][0].update(
        {
            "route": {"points": [[0, 0, 0], [0, 0, 9]], "speed_m_s": 1},
            "keys": [{"time_s": 0, "rotation_deg": [0, 0, 0]}, {"time_s": 2, "rotation_deg": [90, 0, 0]}],
        }
    )
    compiled = CompiledScene(parse(document))
    for time_s, turned in ((0.0, 0.0), (2.0, math.pi / 2), (5.0, math.pi / 2)):
        position, yaw = compiled.locate("cart", time_s)
        assert position == pytest.approx((0, 0, time_s), abs=1e-6)
        assert yaw == pytest.approx(turned, abs=1e-6)
