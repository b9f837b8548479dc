"""Golden pictures: what passes look like on the software driver; and a window draws the same bytes."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.conditioning.control import control_depth, normal_picture, segmentation_picture
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import TARGETS
from director.passes.maps import map_names
from director.types import Conditioning, Direction, Lamp, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera

ALL = frozenset({*TARGETS, *map_names()})


def stage() -> TestSet:
    """A yard with a wall, steps, a ball, a post and a lamp; the ball rolls."""
    things = [
        Thing("box", (0, -0.2, 0), (14, 0.2, 12), colour=(0.52, 0.50, 0.46), class_name="floor"),
        Thing("box", (0, 0, -4), (10, 3.2, 0.3), colour=(0.70, 0.58, 0.48), class_name="wall"),
        Thing("box", (-3.2, 0, -1.6), (2.4, 0.3, 2.4), colour=(0.62, 0.62, 0.66), class_name="stairs"),
        Thing("box", (-3.5, 0.3, -2.0), (1.8, 0.3, 1.6), colour=(0.62, 0.62, 0.66), class_name="stairs"),
        Thing("ball", (1.2, 0, 0.4), (1.6, 1.6, 1.6), colour=(0.75, 0.35, 0.3), velocity=(1.5, 0, 0)),
        Thing("box", (3.4, 0, 0.6), (0.16, 2.6, 0.16), colour=(0.3, 0.34, 0.4), class_name="streetlight"),
        Thing("ball", (3.4, 2.6, 0.6), (0.4, 0.4, 0.4), colour=(0.95, 0.9, 0.7), class_name="streetlight"),
        Thing("sheet", (-1.0, 1.9, 1.0), (2, 1, 1.4), 0.2, 0.25, (0.3, 0.5, 0.62), class_name="awning"),
    ]
    return TestSet(things, (Lamp(7, (3.4, 2.8, 0.6), (1.0, 0.75, 0.4), 4.0),))


def shoot(context: Any, width: int = 160, height: int = 90) -> Conditioning:
    conditioner = Conditioner(context, stage(), width, height, ALL)
    for i in range(2):
        place = camera((1.6 + 0.1 * i, 3.2, 12.5), 0.12, -0.12)
        conditioner.draw(Tick(i, i / 24, 1 / 24), place, Direction(seed=4))
        taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def as_picture(name: str, shot: Conditioning) -> NDArray[np.uint8]:
    array = shot.maps[name]
    if name == "depth":
        array = control_depth(array, shot.view.near_m, shot.view.far_m)[..., None] ** 0.5
    elif name == "object":
        return segmentation_picture(array, shot.objects)
    elif name == "normal":
        return normal_picture(array)
    elif name == "motion":
        array = np.dstack([array.astype(np.float32) * 8 + 0.5, np.full(array.shape[:2], 0.5)])
    elif name == "anchor":
        array = array - np.floor(array)
    elif name == "lamplight":
        array = array.astype(np.float32) ** 0.45
    elif name == "noise":
        array = array[..., :3].astype(np.float32) * 0.2 + 0.5
    if array.dtype != np.uint8:
        array = np.clip(np.asarray(array, np.float32) * 255, 0, 255).astype(np.uint8)
    if array.ndim == 2 or array.shape[2] == 1:
        array = np.repeat(array.reshape(*array.shape[:2], 1), 3, axis=2)
    return np.asarray(array[..., :3], np.uint8)


# Structure is the network's to judge, and changes with it.
@pytest.mark.parametrize("name", sorted(ALL - {"structure", "pose"}))
def test_a_pass_looks_as_it_did(gl: Any, golden: Callable[[str, Any], None], name: str) -> None:
    golden(f"stage_{name}", as_picture(name, shoot(gl)))


def digests(shot: Conditioning) -> dict[str, str]:
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in shot.maps.items()}


def test_a_window_draws_the_same_bytes(gl: Any, display: dict[str, str]) -> None:
    # A process of its own: a window's context and a headless one do not share a thread gladly.
    root = Path(__file__).resolve().parents[2]
    code = "from tests.golden.test_pictures import print_window_digests; print_window_digests()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=display, cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    if told["renderer"] != gl.info["GL_RENDERER"]:
        pytest.skip(f"the window is drawn by {told['renderer']}")
    assert told["maps"] == digests(shoot(gl))


def print_window_digests() -> None:
    """Draw the stage in a hidden window that was left in disorder, and print what came of it."""
    import moderngl
    import pygame

    pygame.display.init()
    for attribute, value in (
        (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
        (pygame.GL_CONTEXT_MINOR_VERSION, 3),
        (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
        (pygame.GL_FRAMEBUFFER_SRGB_CAPABLE, 1),
    ):
        pygame.display.gl_set_attribute(attribute, value)
    pygame.display.set_mode((320, 200), pygame.OPENGL | pygame.DOUBLEBUF | pygame.HIDDEN)
    context = moderngl.create_context(require=330)
    context.screen.use()
    context.enable_only(moderngl.BLEND | moderngl.CULL_FACE)
    context.blend_func = moderngl.ONE, moderngl.ONE
    context.enable_direct(0x0C11)  # scissor test, as a toolkit leaves it
    context.scissor = (3, 3, 20, 20)
    context.front_face = "cw"
    context.depth_func = ">"
    context.polygon_offset = (4.0, 4.0)
    maps = digests(shoot(context))
    assert context.error == "GL_NO_ERROR"
    print(json.dumps({"renderer": context.info["GL_RENDERER"], "maps": maps}))
