"""From camera to matrices."""

import math

import numpy as np
import pytest

from director.camera.view import view_of
from director.math3d import look_rotation, quaternion_from_axis_angle, transform_point
from director.types import CameraState, Correction, Lens

ASPECT = 16 / 9
CAMERA = CameraState((2.0, 1.5, 4.0), look_rotation((-1.0, 0.2, -2.0)))


def test_the_camera_is_the_origin_of_its_view_and_looks_down_minus_z() -> None:
    view = view_of(CAMERA, ASPECT, 0.1, 50, None)
    np.testing.assert_allclose(transform_point(view.view_from_world, CAMERA.position), 0, atol=1e-12)
    ahead = np.array(CAMERA.position) + 3 * np.array([-1, 0.2, -2]) / math.sqrt(5.04)
    np.testing.assert_allclose(transform_point(view.view_from_world, ahead), [0, 0, -3], atol=1e-12)
    clip = view.clip_from_world @ [*ahead, 1]
    np.testing.assert_allclose(clip[:2] / clip[3], 0, atol=1e-12)
    assert (view.near_m, view.far_m) == (0.1, 50)


def test_above_is_up_in_the_picture_and_right_is_right() -> None:
    view = view_of(CameraState((0, 0, 0), look_rotation((0, 0, -1))), ASPECT, 0.1, 50, None)
    clip = view.clip_from_world @ [1, 0.5, -10, 1]
    assert clip[0] > 0
    assert clip[1] > 0


def test_the_first_view_has_not_moved() -> None:
    view = view_of(CAMERA, ASPECT, 0.1, 50, None)
    np.testing.assert_array_equal(view.previous_clip_from_world, view.clip_from_world)


def test_the_previous_matrix_is_that_of_the_view_before() -> None:
    before = view_of(CAMERA, ASPECT, 0.1, 50, None)
    moved = CameraState((2.1, 1.5, 4.0), CAMERA.orientation)
    view = view_of(moved, ASPECT, 0.1, 50, before)
    np.testing.assert_array_equal(view.previous_clip_from_world, before.clip_from_world)
    assert not np.allclose(view.previous_clip_from_world, view.clip_from_world)


def test_a_cut_forgets_the_view_before() -> None:
    before = view_of(CAMERA, ASPECT, 0.1, 50, None)
    cut = CameraState((9.0, 1.5, 4.0), CAMERA.orientation, is_cut=True)
    view = view_of(cut, ASPECT, 0.1, 50, before)
    np.testing.assert_array_equal(view.previous_clip_from_world, view.clip_from_world)


def test_a_correction_is_laid_over_the_camera_in_its_own_space() -> None:
    # Half a metre to the camera's own right, and turned a little to its left.
    shake = Correction((0.5, 0, 0), quaternion_from_axis_angle((0, 1, 0), 0.1))
    # Looks along +X, so that its right is +Z.
    camera = CameraState((1, 2, 3), look_rotation((1, 0, 0)), correction=shake)
    view = view_of(camera, ASPECT, 0.1, 50, None)
    np.testing.assert_allclose(transform_point(view.view_from_world, (1, 2, 3.5)), 0, atol=1e-12)
    ahead = transform_point(view.view_from_world, (1 + math.cos(0.1), 2, 3.5 - math.sin(0.1)))
    np.testing.assert_allclose(ahead, [0, 0, -1], atol=1e-12)


def test_a_zoom_changes_the_picture_but_not_the_place() -> None:
    wide = view_of(CAMERA, ASPECT, 0.1, 50, None)
    zoomed = CameraState(CAMERA.position, CAMERA.orientation, Lens(focal_length_mm=64))
    view = view_of(zoomed, ASPECT, 0.1, 50, wide)
    np.testing.assert_array_equal(view.view_from_world, wide.view_from_world)
    # Twice the focal length is twice the size.
    assert view.clip_from_view[0, 0] == pytest.approx(2 * wide.clip_from_view[0, 0])


def test_a_shot_may_have_its_own_near_and_far() -> None:
    shot = CameraState((2.0, 1.5, 4.0), CAMERA.orientation, depth_range_m=(1.0, 9.0))
    view = view_of(shot, ASPECT, 0.1, 50, None)
    assert (view.near_m, view.far_m) == (1.0, 9.0)
    np.testing.assert_array_equal(view.clip_from_view, view_of(CAMERA, ASPECT, 1.0, 9.0, None).clip_from_view)
