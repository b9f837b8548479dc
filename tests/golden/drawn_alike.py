"""What is hard to draw, and how alike two G-buffers have to be."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.camera.view import view_of
from director.passes.gbuffer import TARGETS, GBuffer
from director.scene.mesh import Mesh
from director.scene.state import SceneState
from director.types import View
from tests.golden.blocking_sets import TestSet, Thing, camera

SIZE, ODD = (512, 288), (101, 57)
# Surfaces in one plane are as near as each other, and OpenGL's own rounding says which of them it shows.
SAME_PLACE = 3e-6

Pixels = Mapping[str, NDArray[Any]]


def drawn(buffer: GBuffer, state: SceneState, view: View, previous: SceneState | None = None) -> Pixels:
    """All targets of a G-buffer, drawn."""
    buffer.draw(state, previous, view)
    return {name: buffer.pixels(name).copy() for name in buffer.textures}


def compare(theirs: Pixels, ours: Pixels, otherwise: float = 0.001) -> None:
    """Of pixels at most a share of `otherwise` may show another object, but where two lie in one plane. All
    targets that `theirs` has are compared."""
    assert theirs.keys() == ours.keys()
    for name in theirs:
        assert (theirs[name].dtype, theirs[name].shape) == (ours[name].dtype, ours[name].shape)
    same = theirs["object"] == ours["object"]
    deep, near = theirs["depth"], ours["depth"]
    both_far = np.isinf(deep) & np.isinf(near)
    with np.errstate(invalid="ignore"):
        apart = np.where(both_far, 0, np.abs(deep - near) / deep)
    assert (same | (apart < SAME_PLACE)).mean() >= 1 - otherwise
    assert same.mean() > 0.98
    np.testing.assert_array_equal(np.isinf(near), ours["object"] == 0)
    for where in (same & (theirs["object"] > 0), same & (theirs["object"] == 0)):
        if where.any():
            # In a small picture single pixels count for much.
            assert (apart[where] >= 1e-4).sum() <= max(10, 0.001 * where.sum())
            for name in theirs.keys() - {"depth", "object"}:
                _MOST_APART[name](theirs, ours, where)


def _compare_normals(theirs: Pixels, ours: Pixels, where: NDArray[np.bool_]) -> None:
    turned = np.abs(theirs["normal"].astype(np.float32) - ours["normal"].astype(np.float32)).max(-1)
    assert (turned[where] < 0.02).mean() >= 0.995
    np.testing.assert_array_equal(ours["normal"][where][:, 3], ours["object"][where] > 0)
    assert not ours["normal"][ours["object"] == 0].any()


def _compare_anchors(theirs: Pixels, ours: Pixels, where: NDArray[np.bool_]) -> None:
    moved = np.abs(theirs["anchor"] - ours["anchor"]).max(-1)
    is_sky = np.isinf(theirs["depth"])
    allowed = np.where(is_sky, 1e-6, 2e-3 + 1e-3 * np.where(is_sky, 0, theirs["depth"]))
    assert (moved <= allowed)[where].mean() >= 0.995
    assert (moved[is_sky & where] <= 1e-6).all()
    np.testing.assert_array_equal(ours["anchor"][where][:, 3], ours["object"][where] > 0)


def _compare_motion(theirs: Pixels, ours: Pixels, where: NDArray[np.bool_]) -> None:
    far, near = theirs["motion"].astype(np.float32), ours["motion"].astype(np.float32)
    # OpenGL rounds to halves downwards, and before that what it tells of corners, which may lie far off.
    assert (np.abs(far - near).max(-1) < 2e-5 + 3e-3 * np.abs(far).max(-1))[where].mean() >= 0.998


def _compare_base(theirs: Pixels, ours: Pixels, where: NDArray[np.bool_]) -> None:
    apart = np.abs(theirs["base"].astype(np.int16) - ours["base"]).max(-1)
    assert (apart <= 1)[where].mean() >= 0.999
    # Rounding alone, and not a shade: hardly ever another number at all.
    assert apart[where].mean() < 0.02
    assert (ours["base"][..., 3] == 255).all()


_MOST_APART = {
    "normal": _compare_normals,
    "anchor": _compare_anchors,
    "motion": _compare_motion,
    "base": _compare_base,
}
assert _MOST_APART.keys() | {"depth", "object"} == TARGETS.keys()


def sheet(across: int, side_m: float, seed: int = 0) -> Mesh:
    """A square in the plane y = 0 that faces up, of across × across × 2 triangles, unevenly cut."""
    steps = np.linspace(-0.5, 0.5, across + 1)
    x, z = np.meshgrid(steps, steps)
    rng = np.random.default_rng(seed)
    inside = (np.abs(x) < 0.5) & (np.abs(z) < 0.5)
    x, z = (each + inside * rng.uniform(-0.3, 0.3, x.shape) / across for each in (x, z))
    positions = np.stack([x, np.zeros_like(x), z], -1).reshape(-1, 3) * side_m
    a = (np.arange(across)[:, None] * (across + 1) + np.arange(across)).reshape(-1)
    b, c, d = a + 1, a + across + 1, a + across + 2
    triangles = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    normals = np.broadcast_to(np.array([0, 1, 0], np.float32), positions.shape)
    return Mesh(positions.astype(np.float32), normals.copy(), triangles.astype(np.uint32))


def of(things: list[Thing], **meshes: Mesh) -> TestSet:
    made = TestSet(things)
    made.meshes.update(meshes)
    return made


def view_from(
    position: tuple[float, float, float],
    yaw: float,
    pitch: float,
    size: tuple[int, int],
    near_m: float = 0.3,
    before: View | None = None,
) -> View:
    return view_of(camera(position, yaw, pitch), size[0] / size[1], near_m, 200.0, before)


HERE = (0.0, 0.0, 0.0)
HARD: Mapping[str, tuple[list[Thing], tuple[float, float, float], float, float]] = {
    "a floor passes under the camera": ([Thing("plain", HERE)], (3.0, 1.2, 2.0), 0.4, -0.3),
    "so large that its corners lie far out": ([Thing("vast", HERE)], (1.0, 0.4, 2.0), 0.7, 0.05),
    "a wall goes through the near plane": (
        [Thing("plain", HERE, pitch=1.45, yaw=0.6), Thing("box", (0.5, -0.4, -3))],
        (0.1, 0.0, 0.25),
        0.2,
        0.0,
    ),
    "the camera is inside of a box": (
        [Thing("box", HERE), Thing("ball", (0.1, 0.1, -0.3))],
        (0.0, 0.5, 0.3),
        0.3,
        -0.1,
    ),
    "right behind the camera": (
        [Thing("box", (0, -0.5, 0.9)), Thing("ball", (0, -0.3, -2))],
        HERE,
        0.0,
        0.0,
    ),
    "everything is behind the camera": (
        [Thing("ball", (0, 0, 5)), Thing("sheet", (1, 0, 3))],
        HERE,
        0.0,
        0.0,
    ),
    "nothing at all": ([], (0, 1, 0), 0.3, 0.4),
    "seen from below": (
        [Thing("fine", (0, 3, 0)), Thing("sheet", (0, 1, -2), pitch=0.3)],
        HERE,
        0.0,
        0.6,
    ),
    "one within another": (
        [
            Thing("ball", (i * 0.21, 0.3 * (i % 2), -2 - i * 0.13), yaw=i * 0.5, pitch=i * 0.3)
            for i in range(-9, 10)
        ],
        (0, 0.4, 0),
        0.0,
        0.0,
    ),
}


def hard_set(things: list[Thing]) -> TestSet:
    """Those of HARD, with the meshes that they are of."""
    return of(things, plain=sheet(1, 60.0), vast=sheet(1, 3000.0), fine=sheet(40, 20.0))
