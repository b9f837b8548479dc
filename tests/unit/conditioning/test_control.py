"""Control pictures: locked depth, ids before colours, normals in the space asked for."""

import numpy as np
import pytest

from director.conditioning.control import control_depth, normal_picture, segmentation_picture
from director.scene.ade20k import PALETTE, class_index
from director.types import SceneObject


def thing(number: int, class_name: str) -> SceneObject:
    return SceneObject(number, f"o{number}", class_name, "", (1, 1, 1), (1, 1, 1))


def test_near_is_white_far_and_sky_are_black_and_between_it_is_inverse() -> None:
    depth = np.array([[0.1, 0.5, 1.0, 2.0, 50.0, 80.0, np.inf]], np.float32)
    control = control_depth(depth, 0.5, 50.0)
    assert control.dtype == np.float32
    expected = [1, 1, (1 - 0.02) / 1.98, (0.5 - 0.02) / 1.98, 0, 0, 0]
    np.testing.assert_allclose(control[0], expected, atol=1e-6)


def test_the_range_is_locked_and_not_the_pictures_own() -> None:
    depth = np.random.default_rng(0).uniform(2, 9, (4, 5)).astype(np.float32)
    whole = control_depth(depth, 0.5, 50.0)
    np.testing.assert_array_equal(control_depth(depth[:2], 0.5, 50.0), whole[:2])
    assert whole.max() < 0.3


@pytest.mark.parametrize(("near", "far"), [(0.0, 1.0), (2.0, 2.0), (-1.0, 3.0)])
def test_no_range_is_refused(near: float, far: float) -> None:
    with pytest.raises(ValueError, match="range"):
        control_depth(np.ones((2, 2), np.float32), near, far)


def test_segmentation_takes_colours_from_ids_and_sky_from_zero() -> None:
    ids = np.array([[0, 1], [2, 1]], np.uint16)
    picture = segmentation_picture(ids, (thing(1, "wall"), thing(2, "person")))
    assert picture.dtype == np.uint8
    for place, name in (((0, 0), "sky"), ((0, 1), "wall"), ((1, 0), "person")):
        np.testing.assert_array_equal(picture[place], PALETTE[class_index(name)])


@pytest.mark.parametrize("stray", [3, 700])
def test_an_id_without_an_object_is_refused(stray: int) -> None:
    with pytest.raises(ValueError, match=f"id {stray}"):
        segmentation_picture(np.array([[stray]], np.uint16), (thing(1, "wall"), thing(4, "tree")))


def test_normals_are_shown_in_the_world_or_before_the_camera() -> None:
    normal = np.array([[[1, 0, 0], [0, 1, 0], [0, 0, -1], [0, 0, 0]]], np.float16)
    assert normal_picture(normal)[0].tolist() == [
        [255, 128, 128],
        [128, 255, 128],
        [128, 128, 0],
        [128, 128, 128],
    ]
    # A camera that looks along +x: the world's +x is away from it, its right is the world's +z.
    view_from_world = np.eye(4)
    view_from_world[:3, :3] = [[0, 0, 1], [0, 1, 0], [-1, 0, 0]]
    assert normal_picture(normal, view_from_world)[0, 0].tolist() == [128, 128, 0]
    assert normal_picture(normal, view_from_world)[0, 2].tolist() == [0, 128, 128]
