"""Every size, from every angle, of every pose: what must be inside is, and the cuts are where they belong."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from director.camera.lens import PRIMES_MM
from director.camera.setups.body import Body
from director.camera.setups.figures import SIDE_ROOM, View, frame_figures, group_heading, heading_from
from director.camera.setups.fit import projected
from director.camera.setups.shot import Framing, Picture
from director.camera.setups.sizes import ANGLES, SIDES, SIZES, Size
from director.math3d import rotate

Stand = Callable[..., Body]
EXACT = 1e-6


def seen(bodies: list[Body], size: Size, framing: Framing, picture: Picture) -> list[tuple[float, float]]:
    """Clip x and y of all that the size has inside."""
    camera = framing.camera
    points = [point for body in bodies for name in size.landmarks for point in body.points(name)]
    tangents = picture.tangents(camera.lens.focal_length_mm)
    flat = projected(points, camera.position, camera.orientation, tangents)
    assert (flat[:, 2] > 0).all()
    return [(float(x), float(y)) for x, y, _ in flat]


def check(body: Body, size: Size, framing: Framing, picture: Picture) -> None:
    xs, ys = zip(*seen([body], size, framing, picture), strict=True)
    assert max(map(abs, xs)) <= 1 - 2 * SIDE_ROOM + EXACT
    assert max(ys) <= 1 - 2 * size.headroom + EXACT
    assert min(ys) >= 2 * size.footroom - 1 - EXACT
    if framing.bound_by == "height":
        assert max(ys) == pytest.approx(1 - 2 * size.headroom, abs=EXACT)
        assert min(ys) == pytest.approx(2 * size.footroom - 1, abs=EXACT)
    elif framing.bound_by == "width":
        assert max(xs) - min(xs) == pytest.approx(2 - 4 * SIDE_ROOM, abs=EXACT)


@pytest.mark.parametrize("pose", ["stand", "sit", "lie"])
@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("name", SIZES)
def test_what_a_size_shows_is_inside_and_cut_where_it_says(
    stand: Stand, name: str, angle: str, pose: str
) -> None:
    body, size, picture = stand(pose=pose, at=(2.0, 0.3, -1.0), heading=0.7), SIZES[name], Picture()
    # The floor of this one is at 0.3 m.
    view = View(size, ANGLES[angle], heading_from(body, "three-quarter left", size))
    framing = frame_figures([body], view, picture)
    check(body, size, framing, picture)
    assert framing.camera.position[1] >= 0.3 + 0.149
    if angle == "eye level" and pose != "lie":
        assert framing.bound_by == "height"
        assert framing.camera.position[1] == pytest.approx(body.eyes[1], abs=1e-4)
        top, bottom = ((body.points(mark)[0]) for mark in (size.top, size.bottom))
        tangents = picture.tangents(framing.camera.lens.focal_length_mm)
        rows = projected([top, bottom], framing.camera.position, framing.camera.orientation, tangents)[:, 1]
        # The cuts themselves: the lens above the crown and before the toes moves the lines a little.
        assert rows[0] == pytest.approx(1 - 2 * size.headroom, abs=0.03)
        if pose == "stand":
            assert rows[1] == pytest.approx(2 * size.footroom - 1, abs=0.09)
    if angle == "bird's eye":
        assert rotate(framing.camera.orientation, (0, 0, -1))[1] == pytest.approx(-1)


@pytest.mark.parametrize("aspect", [4 / 3, 1.85, 2.39, 1.0, 9 / 16])
@pytest.mark.parametrize("focal_length_mm", [18.0, 35.0, 100.0])
@pytest.mark.parametrize("side", SIDES)
def test_any_lens_aspect_and_side(stand: Stand, side: str, focal_length_mm: float, aspect: float) -> None:
    body, picture = stand(), Picture(aspect)
    for name in ("full", "medium", "close-up"):
        size = SIZES[name]
        view = View(size, ANGLES["eye level"], heading_from(body, side, size), focal_length_mm)
        framing = frame_figures([body], view, picture)
        check(body, size, framing, picture)
        assert framing.camera.lens.focal_length_mm == focal_length_mm


def test_sizes_come_nearer_one_after_another(stand: Stand) -> None:
    body = stand()
    distances = []
    for size in SIZES.values():
        view = View(size, ANGLES["eye level"], 0.0, 50.0)
        distances.append(frame_figures([body], view, Picture()).camera.lens.focus_distance_m)
    assert len(distances) == 12
    assert all(nearer < farther for farther, nearer in pairwise(distances))
    assert len({size.abbreviation for size in SIZES.values()}) == 12
    assert {size.focal_length_mm for size in SIZES.values()} <= set(PRIMES_MM)


@pytest.mark.parametrize(("side", "sign"), [("profile left", 1), ("profile right", -1), ("front", 0)])
def test_who_looks_aside_has_lead_room(stand: Stand, side: str, sign: int) -> None:
    body, picture, size = stand(), Picture(2.39), SIZES["medium"]
    view = View(size, ANGLES["eye level"], heading_from(body, side, size))
    framing = frame_figures([body], view, picture)
    camera = framing.camera
    tangents = picture.tangents(camera.lens.focal_length_mm)
    x = projected([body.head_centre, body.eyes], camera.position, camera.orientation, tangents)[:, 0].mean()
    # From its own left a figure looks to the left of the picture, and stands on the right third.
    assert x == pytest.approx(sign / 3, abs=0.01)


def test_high_looks_down_low_looks_up_and_dutch_leans(stand: Stand) -> None:
    body, size = stand(), SIZES["medium close-up"]
    for angle, degrees in (("high angle", -30), ("low angle", 25)):
        view = View(size, ANGLES[angle], 0.0, dutch_deg=15.0)
        camera = frame_figures([body], view, Picture()).camera
        assert rotate(camera.orientation, (0, 0, -1))[1] == pytest.approx(math.sin(math.radians(degrees)))
        right = rotate(camera.orientation, (1, 0, 0))
        assert right[1] == pytest.approx(math.sin(math.radians(15)) * math.cos(math.radians(degrees)))


def test_the_floor_is_never_passed_and_told_of(stand: Stand) -> None:
    body, size = stand(), SIZES["full"]
    framing = frame_figures([body], View(size, ANGLES["low angle"], 0.0), Picture())
    assert framing.camera.position[1] == pytest.approx(0.15, abs=1e-4)
    assert "floor" in framing.notes[0]


def test_two_are_seen_across_their_line_both_inside(stand: Stand) -> None:
    anna = stand("anna", (-0.8, 0, 0), math.pi / 2)
    ben = stand("ben", (0.8, 0, 0), -math.pi / 2, pose="sit")
    size, picture = SIZES["medium"], Picture()
    for pair in ([anna, ben], [ben, anna]):
        heading = group_heading(pair)
        assert abs(math.cos(heading)) == pytest.approx(1, abs=1e-6)
        framing = frame_figures(pair, View(size, ANGLES["eye level"], heading), picture)
        for body in pair:
            xs, ys = zip(*seen([body], size, framing, picture), strict=True)
            assert max(map(abs, (*xs, *ys))) <= 1 + EXACT
    assert group_heading([anna, ben]) == pytest.approx(group_heading([ben, anna]))


def test_two_side_by_side_are_seen_from_before_them(stand: Stand) -> None:
    pair = [stand("anna", (-0.5, 0, 0)), stand("ben", (0.5, 0, 0))]
    assert group_heading(pair) == pytest.approx(0.0, abs=1e-6)
    file = [stand("anna", (0, 0, 0)), stand("ben", (0, 0, 2))]
    # One behind the other: never from where one hides the other.
    assert abs(math.sin(group_heading(file))) > 0.5
