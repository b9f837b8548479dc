"""Small pictures of framings: the proxies as each camera would see them, drawn one a tick until done."""

from collections.abc import Sequence

import moderngl

from director.camera.view import view_of
from director.passes.gbuffer import GBuffer
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import CameraState

__all__ = ["THUMBNAIL_SIZE", "Thumbnails"]

THUMBNAIL_SIZE = (128, 72)


class Thumbnails:
    """Textures, row 0 at the top. Used by the thread with the context."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._gbuffer: GBuffer | None = None
        self._scene: CompiledScene | None = None
        self._time_s = 0.0
        self._state: SceneState | None = None
        self._cameras: tuple[CameraState, ...] = ()
        self._textures: list[moderngl.Texture] = []

    def begin(self, scene: CompiledScene, time_s: float, cameras: Sequence[CameraState]) -> None:
        """Show these cameras from now on; those of the same scene, time and cameras stay as they are."""
        if self._scene is scene and self._time_s == time_s and self._cameras == tuple(cameras):
            return
        self._scene, self._time_s, self._state, self._cameras = scene, time_s, None, tuple(cameras)
        self._forget()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to draw."""
        return len(self._textures) == len(self._cameras)

    def advance(self) -> None:
        """Draw the next, if there is one. Its own framebuffer stays bound."""
        if self.is_done or self._scene is None:
            return
        if self._gbuffer is None:
            self._gbuffer = GBuffer(self._context, *THUMBNAIL_SIZE, ("base",))
        if self._state is None:
            self._state = self._scene.at(self._time_s)
        width, height = THUMBNAIL_SIZE
        depths = self._scene.scene
        camera = self._cameras[len(self._textures)]
        view = view_of(camera, width / height, depths.near_m, depths.far_m, None)
        self._gbuffer.draw(self._state, None, view)
        drawn = self._gbuffer.textures["base"]
        texture = self._context.texture(
            THUMBNAIL_SIZE, drawn.components, drawn.read(alignment=1), alignment=1
        )
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        # The fourth channel is no opacity.
        texture.swizzle = "RGB1"
        texture.repeat_x = texture.repeat_y = False
        self._textures.append(texture)

    def texture(self, index: int) -> int | None:
        """OpenGL's name of a picture; None until it is drawn."""
        return int(self._textures[index].glo) if index < len(self._textures) else None

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._forget()
        if self._gbuffer is not None:
            self._gbuffer.release()
            self._gbuffer = None

    def _forget(self) -> None:
        for texture in self._textures:
            texture.release()
        self._textures = []
