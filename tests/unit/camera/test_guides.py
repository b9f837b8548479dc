"""Composition guides: their geometry, and a horizon that real level directions lie on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.guides import (
    FRAME_LINES,
    SAFE_AREAS,
    Rectangle,
    action_safe,
    centre_cross,
    frame_line,
    golden_ratio,
    golden_spiral,
    horizon,
    thirds,
    title_safe,
)
from director.camera.view import view_of
from director.math3d import quaternion_from_euler
from director.types import CameraState


@pytest.mark.parametrize("aspect", FRAME_LINES)
@pytest.mark.parametrize("picture", [16 / 9, 4 / 3, 2.39, 9 / 16])
def test_frame_lines_are_centred_as_large_as_they_can_be_and_of_their_aspect(
    aspect: float, picture: float
) -> None:
    box = frame_line(aspect, picture)
    width, height = box.right - box.left, box.bottom - box.top
    assert width * picture / height == pytest.approx(aspect)
    assert max(width, height) == pytest.approx(1)
    assert box.left + box.right == pytest.approx(1)
    assert box.top + box.bottom == pytest.approx(1)


def test_no_frame_line_without_an_aspect() -> None:
    with pytest.raises(ValueError, match="no such frame"):
        frame_line(0, 1)


def test_safe_areas_are_those_of_the_standards() -> None:
    # EBU R 95: 3.5 % off each side for action, 5 % for graphics; 1920×1080 leaves 1786×1004 and 1728×972.
    action, title = action_safe(), title_safe()
    assert (action.left, action.top) == pytest.approx((0.035, 0.035))
    assert (action.right, action.bottom) == pytest.approx((0.965, 0.965))
    assert (title.right - title.left) * 1920 == pytest.approx(1728)
    assert (title.bottom - title.top) * 1080 == pytest.approx(972)
    for action_share, title_share in SAFE_AREAS.values():
        assert 0.8 <= title_share <= action_share < 1
    inner = action_safe(frame=Rectangle(0.0, 0.25, 1.0, 0.75))
    assert inner.top == pytest.approx(0.2675)


def test_thirds_golden_section_and_cross() -> None:
    upright = [line.start[0] for line in thirds() if line.start[0] == line.end[0]]
    assert upright == pytest.approx([1 / 3, 2 / 3])
    level = [line.start[1] for line in golden_ratio() if line.start[1] == line.end[1]]
    assert level == pytest.approx([0.381966, 0.618034], abs=1e-6)
    # The smaller part is to the larger as the larger is to the whole.
    assert level[0] / level[1] == pytest.approx(level[1])
    across, up = centre_cross(16 / 9)
    assert (across.end[0] - across.start[0]) * 16 / 9 == pytest.approx(up.end[1] - up.start[1])


def test_the_golden_spiral_is_unbroken_and_winds_inwards() -> None:
    points = np.array(golden_spiral())
    assert points.min() >= -1e-9
    assert points.max() <= 1 + 1e-9
    assert points[0] == pytest.approx((0, 1))
    steps = np.linalg.norm(np.diff(points * (1.618034, 1), axis=0), axis=1)
    # Each quarter is drawn in as many steps, and is smaller than the one before by the golden ratio.
    assert steps[12] / steps[0] == pytest.approx(0.618034, abs=1e-3)
    assert steps.max() < 0.14
    # Where all squares close in: the diagonals of the rectangle and of what is left of it cross there.
    assert np.array(golden_spiral(turns=20)[-1]) == pytest.approx((0.72361, 0.72361), abs=1e-3)


@given(st.floats(-3, 3), st.floats(-0.4, 0.4), st.floats(-3, 3))
def test_level_directions_lie_on_the_horizon(yaw: float, pitch: float, roll: float) -> None:
    camera = CameraState((3.0, 2.0, 1.0), quaternion_from_euler(yaw, pitch, roll))
    aspect = 16 / 9
    line = horizon(camera, aspect)
    view = view_of(camera, aspect, 0.1, 100.0, None)
    seen = 0
    for step in range(720):
        heading = math.radians(step / 2)
        x, y, _, w = view.clip_from_world @ np.array([math.sin(heading), 0.0, math.cos(heading), 0.0])
        if w <= 0 or max(abs(x), abs(y)) > w:
            continue
        seen += 1
        assert line is not None
        (u0, v0), (u1, v1) = line.start, line.end
        u, v = (x / w + 1) / 2, (1 - y / w) / 2
        away = (u - u0) * (v1 - v0) - (v - v0) * (u1 - u0)
        assert abs(away) / math.hypot(u1 - u0, v1 - v0) < 1e-9
    if line is None:
        assert seen == 0


def test_no_horizon_when_looking_down() -> None:
    assert horizon(CameraState((0, 5, 0), quaternion_from_euler(0, -math.pi / 2, 0)), 16 / 9) is None
    level = horizon(CameraState((0, 5, 0), (0, 0, 0, 1)), 16 / 9)
    assert level is not None
    assert (level.start, level.end) == ((0.0, 0.5), (1.0, 0.5))
