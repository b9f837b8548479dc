"""Over the shoulder: thirds, the line of action, eyelines that match."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from director.camera.setups.body import Body
from director.camera.setups.fit import projected
from director.camera.setups.over_shoulder import (
    FAR_FACE_X,
    NEAR_EDGE_X,
    frame_over_shoulder,
    side_of_line,
)
from director.camera.setups.shot import Framing, Picture
from director.errors import UsageError

Stand = Callable[..., Body]
HALF_HEAD = 0.40


def faced(stand: Stand, apart_m: float = 1.6, turn: float = 0.3) -> tuple[Body, Body]:
    anna = stand("anna", (-apart_m / 2, 0, 0), math.pi / 2 - turn)
    return anna, stand("ben", (apart_m / 2, 0, 0), turn - math.pi / 2)


def flat(framing: Framing, points: list[tuple[float, float, float]], picture: Picture) -> np.ndarray:
    camera = framing.camera
    tangents = picture.tangents(camera.lens.focal_length_mm)
    return projected(points, camera.position, camera.orientation, tangents)


@pytest.mark.parametrize("apart_m", [0.9, 1.6, 4.0])
@pytest.mark.parametrize("focal_length_mm", [None, 32.0, 75.0])
@pytest.mark.parametrize("aspect", [16 / 9, 2.39])
def test_far_face_and_near_head_lie_on_opposite_thirds(
    stand: Stand, apart_m: float, focal_length_mm: float | None, aspect: float
) -> None:
    anna, ben = faced(stand, apart_m)
    picture = Picture(aspect)
    for near, far in ((anna, ben), (ben, anna)):
        framing = frame_over_shoulder(near, far, picture, focal_length_mm)
        far_x = flat(framing, [far.eyes], picture)[0, 0]
        head = flat(framing, [near.head_centre], picture)[0]
        half = HALF_HEAD * near.head_height_m
        across = picture.tangents(framing.camera.lens.focal_length_mm)[0]
        edge = abs(head[0]) - half / (across * head[2])
        assert abs(far_x) == pytest.approx(FAR_FACE_X, abs=1e-6)
        assert head[0] * far_x < 0
        assert edge == pytest.approx(NEAR_EDGE_X, abs=1e-6)
        # The near one is nearer, and the far one is sharp.
        far_depth = flat(framing, [far.eyes], picture)[0, 2]
        assert head[2] < far_depth
        assert framing.camera.lens.focus_distance_m == pytest.approx(far_depth)


def test_the_near_shoulder_is_in_the_picture(stand: Stand) -> None:
    anna, ben = faced(stand)
    picture = Picture()
    framing = frame_over_shoulder(anna, ben, picture)
    x, y, _ = flat(framing, [anna.shoulder_right], picture)[0]
    assert -1 < x < 1
    assert -1 < y < 0


def test_both_reverses_stay_on_one_side_of_the_line_and_match(stand: Stand) -> None:
    anna, ben = faced(stand)
    across = np.asarray(side_of_line(anna, ben))
    assert side_of_line(ben, anna) == pytest.approx(across)
    pair = [frame_over_shoulder(anna, ben, Picture()), frame_over_shoulder(ben, anna, Picture())]
    for framing in pair:
        assert np.dot(np.subtract(framing.camera.position, anna.eyes), across) > 0.05
    one, other = (framing.camera for framing in pair)
    assert one.lens == other.lens
    assert one.position[1] == pytest.approx(other.position[1], abs=1e-6)
    # One looks to the left of the picture, the other to the right.
    assert flat(pair[0], [ben.eyes], Picture())[0, 0] == pytest.approx(
        -flat(pair[1], [anna.eyes], Picture())[0, 0], abs=1e-6
    )


def test_the_side_is_the_one_that_faces_are_turned_to(stand: Stand) -> None:
    anna, ben = faced(stand, turn=0.4)
    assert side_of_line(anna, ben)[2] == pytest.approx(1)
    anna, ben = faced(stand, turn=-0.4)
    assert side_of_line(anna, ben)[2] == pytest.approx(-1)


def test_the_other_shoulder_crosses_the_line(stand: Stand) -> None:
    anna, ben = faced(stand)
    left = frame_over_shoulder(anna, ben, Picture(), shoulder="left").camera.position
    right = frame_over_shoulder(anna, ben, Picture(), shoulder="right").camera.position
    # Anna looks along +X: her left is −Z.
    assert left[2] < 0 < right[2]


def test_one_who_sits_and_one_who_stands(stand: Stand) -> None:
    anna = stand("anna", (-0.9, 0, 0), math.pi / 2, pose="sit")
    ben = stand("ben", (0.9, 0, 0), -math.pi / 2)
    picture = Picture()
    for near, far in ((anna, ben), (ben, anna)):
        framing = frame_over_shoulder(near, far, picture)
        points = flat(framing, [far.eyes, far.top_of_head, far.chin], picture)
        assert (np.abs(points[:, :2]) < 1).all()
        assert framing.camera.position[1] < near.top_of_head[1] + 0.2


def test_two_in_one_place_are_refused(stand: Stand) -> None:
    with pytest.raises(UsageError, match="one place"):
        frame_over_shoulder(stand("anna"), stand("ben"), Picture())


def test_a_face_that_is_turned_away_is_told(stand: Stand) -> None:
    framing = frame_over_shoulder(stand("anna"), stand("ben", (0, 0, 2)), Picture())
    assert framing.notes == ("ben looks away from the camera",)
