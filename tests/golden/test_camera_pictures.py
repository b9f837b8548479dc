"""What the camera's panels draw with OpenGL: framings, and the wash over what is in focus."""

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.app.thumbnails import THUMBNAIL_SIZE, Thumbnails
from director.composite.layer import Layer
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import CameraState


def pixels(gl: moderngl.Context, name: int | None) -> NDArray[np.uint8]:
    assert name is not None
    width, height = THUMBNAIL_SIZE
    texture = gl.external_texture(name, THUMBNAIL_SIZE, 4, 0, "f1")
    return np.frombuffer(texture.read(), np.uint8).reshape(height, width, 4)[..., :3]


def test_framings_are_drawn_one_at_a_time_and_kept(gl: moderngl.Context) -> None:
    scene = CompiledScene(load_scene("living_room"))
    cameras = [scene.scene.moves[0].camera_at(time_s, scene.locate) for time_s in (0.0, 5.0)]
    shown = Thumbnails(gl)
    shown.begin(scene, 0.0, cameras)
    assert (shown.texture(0), shown.is_done) == (None, False)
    shown.advance()
    assert shown.texture(0) is not None
    assert shown.texture(1) is None
    shown.advance()
    one, two = (pixels(gl, shown.texture(i)) for i in (0, 1))
    assert one.std() > 10
    assert np.abs(one.astype(int) - two).mean() > 2
    kept = shown.texture(0)
    shown.begin(scene, 0.0, list(cameras))
    assert shown.texture(0) == kept
    shown.begin(scene, 0.0, [CameraState((0, 1.5, 0), (0, 0, 0, 1))])
    assert not shown.is_done
    shown.release()


def test_what_lies_between_the_limits_is_washed_most_in_the_plane_of_focus(gl: moderngl.Context) -> None:
    depths = np.array([[1.0, 2.1, 3.0, 5.9, 9.0, np.inf]], np.float32)
    texture = gl.texture((6, 1), 1, depths.tobytes(), alignment=1, dtype="f4")
    layer = Layer(gl, (6, 1), "focus_plane.frag", [(4, "f1")])
    numbers = {"near_m": 2.0, "far_m": 6.0, "focus_m": 3.0}
    layer.draw({"depth": texture}, {**numbers, "wash": (1.0, 0.5, 0.0)})
    drawn = np.frombuffer(layer.texture.read(alignment=1), np.uint8).reshape(6, 4)
    assert (drawn[:, 0] == 255).all()
    before, near, focus, far, beyond, sky = drawn[:, 3]
    assert (before, beyond, sky) == (0, 0, 0)
    assert 20 < near == far < focus
    layer.release()
    texture.release()
