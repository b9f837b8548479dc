"""The teacher draws finished things: where they were blocked, and as the network is given them."""

from collections.abc import Iterator, Sequence

import moderngl
import numpy as np
import pytest

from director.camera.view import view_of
from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from director.generate.embedded.materials import ROW
from director.math3d import look_rotation
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FinishedScene as NetworksScene
from director.scene.finish.forms import lathe, merged, slab
from director.scene.finish.stuff import stuff_index
from director.scene.finish.thing import Piece, Thing
from director.types import CameraState, Lens, View
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Finished, Teacher
from tools.teacher.sets import KINDS
from tools.teacher.sheet import SHEET, held_out_set

pytestmark = pytest.mark.usefixtures("gl")

_SIZE = (80, 48)
_LOOK = np.array([SCENE_DEFAULT[name] for name in SCENE], np.float32)


def _as_blocked(thing: Thing) -> Sequence[Piece]:
    x, y, z = thing.size_m
    return [Piece(slab((-x / 2, 0, -z / 2), (x / 2, y, z / 2)), "own")]


def _opened(thing: Thing) -> Sequence[Piece]:
    x, y, z = thing.size_m
    posts = [slab((a * x / 2, 0, -z / 2), (a * x / 2 - a * 0.8, y, z / 2)) for a in (-1, 1)]
    return [
        Piece(merged([*posts, slab((-x / 2, y - 0.8, -z / 2), (x / 2, y, z / 2))]), "own"),
        Piece(lathe([(0.4, 0.0), (0.4, 1.5)]), "brass"),
    ]


@pytest.fixture(scope="module")
def compiled() -> CompiledScene:
    objects = [
        {"kind": "plane", "class": "road", "name": "ground", "size": [40.0, 40.0]},
        {"kind": "box", "class": "house", "name": "h", "size": [6.0, 5.0, 4.0], "rotation_deg": [25, 0, 0]},
    ]
    return CompiledScene(Scene.model_validate({"schema_version": 1, "name": "one", "objects": objects}))


@pytest.fixture(scope="module")
def view() -> View:
    camera = CameraState((3.0, 2.0, 9.0), look_rotation(np.array([-3.0, 0.4, -9.0])), Lens())
    return view_of(camera, _SIZE[0] / _SIZE[1], 0.1, 200.0, None)


@pytest.fixture(scope="module")
def teacher(_context: moderngl.Context) -> Iterator[Teacher]:
    # Other tests open contexts of their own, which may be the current ones, and in which no framebuffer of
    # this one can be bound again.
    with _context:
        made = Teacher(_context, *_SIZE)
    yield made
    with _context:
        _context.detect_framebuffer(0).use()


def _rows(**house: float) -> np.ndarray:
    rows = np.zeros((2, ROW), np.float32)
    rows[:, :-1] = list(MATERIAL_DEFAULT.values())
    for name, value in house.items():
        rows[1, MATERIAL.index(name)] = value
    return rows


def test_patterns_lie_where_the_proxy_has_them(teacher: Teacher, compiled: CompiledScene, view: View) -> None:
    state = compiled.at(0.0)
    rows = _rows(brick=1.0, windows=1.0, lit=0.5)
    teacher.look_at(state, view, 3)
    blocked = teacher.picture(_LOOK, rows)
    # Two rows more before the house, so that its id in the finished passes is another.
    teacher.look_at(
        state, view, 3, FinishedScene(compiled, {"house": _as_blocked, "road": _doubled}).at(state)
    )
    finished = teacher.picture(_LOOK, rows)
    difference = np.abs(blocked.astype(int) - finished).mean()
    assert difference < 0.6
    assert np.abs(np.diff(blocked.astype(int), axis=1)).mean() > 4 * difference


def _doubled(thing: Thing) -> Sequence[Piece]:
    x, _, z = thing.size_m
    return [
        Piece(slab((-x / 2, -0.02, -z / 2), (x / 2, 0.0, z / 2)), "own"),
        Piece(slab((-9, -1.0, -9), (-8, -0.9, -8)), "rubber"),
        Piece(slab((-9, -1.0, -9), (-8, -0.9, -8)), "chrome"),
    ]


def test_what_is_finished_shows_and_leaves_the_networks_maps_alone(
    teacher: Teacher, compiled: CompiledScene, view: View
) -> None:
    state = compiled.at(0.0)
    rough = teacher.look_at(state, view, 0)
    before = teacher.picture(_LOOK, _rows())
    seen = teacher.look_at(state, view, 0, FinishedScene(compiled, {"house": _opened}).at(state))
    after = teacher.picture(_LOOK, _rows())
    for name, values in rough.maps.items():
        assert np.array_equal(values, seen.maps[name]), name
    assert (np.abs(before.astype(int) - after).max(-1) > 20).mean() > 0.05
    assert np.array_equal(after, teacher.picture(_LOOK, _rows()))


def test_what_only_the_teacher_knows_agrees_with_itself(
    teacher: Teacher, compiled: CompiledScene, view: View
) -> None:
    state = compiled.at(0.0)
    seen = teacher.look_at(state, view, 0, FinishedScene(compiled, {"house": _opened}).at(state))
    width, height = _SIZE
    assert seen.stuff.shape == (height, width)
    assert seen.finished_normal.shape == (height, width, 3)
    assert {0, 1 + stuff_index("own"), 1 + stuff_index("brass")} == set(np.unique(seen.stuff))
    length = np.linalg.norm(seen.finished_normal.astype(np.float32), axis=-1)
    assert length[seen.stuff == 0] == pytest.approx(0.0)
    assert length[seen.stuff > 0] == pytest.approx(1.0, abs=0.01)
    assert (np.isinf(seen.finished_depth) == (seen.stuff == 0)).all()
    same = (seen.owner == seen.maps["object"]) & (seen.stuff > 0)
    farther = seen.finished_depth[same] - seen.maps["depth"][same]
    # Seen at another point of the pixel, and never far before its own proxy.
    assert np.percentile(farther, 2) > -0.3
    # Whatever is opened is behind or within the blocking: no finished thing where the proxies show sky.
    sky = np.isinf(seen.maps["depth"])
    assert (seen.stuff[sky] > 0).mean() < 0.02


def test_the_networks_passes_are_of_what_the_teacher_draws(gl: moderngl.Context) -> None:
    """Both finish a scene for themselves, and number its pieces alike."""
    size, seed = (160, 96), 4
    objects = [
        {"kind": "plane", "class": "road", "name": "ground", "size": [40.0, 40.0]},
        {"kind": "box", "class": "house", "name": "h", "size": [6.0, 5.0, 4.0], "position": [-3, 0, -2]},
        {"kind": "box", "class": "car", "name": "c", "size": [1.8, 1.4, 4.4], "position": [2.5, 0, 1]},
        {"kind": "mannequin", "class": "person", "name": "p", "pose": "walk", "position": [0.5, 0, 3]},
    ]
    compiled = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "few", "objects": objects}))
    state = compiled.at(0.3)
    camera = CameraState((2.0, 2.0, 8.0), look_rotation(np.array([-2.0, -0.6, -8.0])), Lens())
    seen_from = view_of(camera, size[0] / size[1], 0.1, 200.0, None)
    of_network, network = NetworksScene(compiled, seed), Finished(gl, *size)
    teacher = Teacher(gl, *size)
    seen = teacher.look_at(state, seen_from, seed, FinishedScene(compiled, seed=seed).at(state))
    maps = network.maps(of_network.at(state), seen_from, seed)
    told = np.concatenate([np.zeros((1, 3), np.int32), of_network.pieces])[maps["object"]]
    owner, stuff = told[..., 0], np.where(told[..., 0] == 0, 0, 1 + told[..., 1])
    assert {0, 1, 2, 3, 4} == set(np.unique(owner))
    assert len(np.unique(stuff)) > 8
    # They look at other points of a pixel, which differ along borders.
    inside = np.zeros(owner.shape, np.bool_)
    inside[1:-1, 1:-1] = np.all(
        [
            (maps["object"] == np.roll(maps["object"], step, axis))[1:-1, 1:-1]
            for step in (1, -1)
            for axis in (0, 1)
        ],
        axis=0,
    )
    assert inside.mean() > 0.5
    assert (owner == seen.owner)[inside].mean() > 0.99
    assert (stuff == seen.stuff)[inside].mean() > 0.98
    surface = inside & (owner > 0) & (owner == seen.owner)
    apart = np.abs(maps["depth"][surface] / seen.finished_depth[surface] - 1)
    assert np.percentile(apart, 95) < 0.03
    along = (maps["normal"].astype(np.float32) * seen.finished_normal).sum(-1)[surface]
    assert np.percentile(along, 10) > 0.9


def test_what_lies_open_is_lighter_than_what_lies_under(
    teacher: Teacher, compiled: CompiledScene, view: View
) -> None:
    state = compiled.at(0.0)
    teacher.look_at(state, view, 0, FinishedScene(compiled, {"house": _opened}).at(state))
    clay = teacher.clay().astype(int)
    sky = np.isinf(teacher.rough(state, view, 0)["depth"])
    ground = clay[-4:, :, 0].mean()
    assert ground > clay[~sky].min() + 40


def test_the_strongest_lamps_cast_shadows(gl: moderngl.Context) -> None:
    lamp = {
        "kind": "sphere",
        "class": "light",
        "name": "lamp",
        "size": [0.3, 0.3, 0.3],
        "position": [-3, 1.2, 0],
    }
    objects = [
        {"kind": "plane", "class": "road", "name": "ground", "size": [40.0, 40.0]},
        {"kind": "box", "class": "wall", "name": "wall", "size": [0.3, 3.0, 6.0]},
        {**lamp, "light": {"colour": "#ffffff", "strength": 6.0}},
    ]
    scene = Scene.model_validate({"schema_version": 1, "name": "lit", "objects": objects})
    state = CompiledScene(scene).at(0.0)
    above = CameraState((0.0, 12.0, 0.1), look_rotation(np.array([0.0, -1.0, -0.001])), Lens())
    night = _LOOK.copy()
    for name, value in {"sun_strength": 0.0, "sky_strength": 0.1, "lamps": 0.6, "fog_density": 0.0}.items():
        night[SCENE.index(name)] = value
    teacher = Teacher(gl, *_SIZE)
    teacher.look_at(state, view_of(above, _SIZE[0] / _SIZE[1], 0.1, 100.0, None), 0)
    rows = np.zeros((3, ROW), np.float32)
    rows[:, :-1] = list(MATERIAL_DEFAULT.values())
    picture = teacher.picture(night, rows).astype(float)
    near, far = picture[20:28, 24:34].mean(), picture[20:28, 48:58].mean()
    assert near > far + 40


def test_the_sheet_has_24_held_out_sets_of_many_kinds() -> None:
    assert len(SHEET) == 24
    assert len({kind for kind, _, _, _ in SHEET}) > 18
    assert {kind for kind, _, _, _ in SHEET} <= set(KINDS)
    assert held_out_set("street", 1).scene != held_out_set("street", 0).scene
