"""Small pictures of shots: as they were made, or where that is not known, drawn of the proxies."""

from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from director.app.session import Session
from director.camera.view import view_of
from director.errors import DirectorError
from director.passes.gbuffer import GBuffer
from director.scene.document import Scene
from director.scene.shots import Shot
from director.shots.evaluate import PreparedShot
from director.types import View

__all__ = ["HEIGHT", "WIDTH", "ShotPictures"]

WIDTH, HEIGHT = 192, 108
_SAME_TIME_S, _SAME_PLACE = 0.03, 1e-3


@dataclass(slots=True)
class _Kept:
    texture: moderngl.Texture
    of: tuple[object, ...]
    is_generated: bool


class ShotPictures:
    """Kept as textures while the window is open; nothing is written beside the scene.

    A shot that was opened with its scene is drawn of the proxies, at most one a turn, with the scene's own
    objects; so is one whose camera or range was edited since its picture was taken. As soon as a generated
    picture shows how it begins, it has that.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._context = session.picture.display.picture.ctx
        self._kept: dict[str, _Kept] = {}
        self._failed: dict[str, tuple[object, ...]] = {}
        self._begins: tuple[tuple[object, ...], NDArray[np.float64]] | None = None
        self._gbuffer: GBuffer | None = None
        self._draws = True

    def begin(self) -> None:
        """Once a turn: one more may be drawn, and the current shot's may have become known."""
        self._draws = True
        shot, frame = self._session.shooting.shot, self._session.picture.frame
        kept = None if shot is None else self._kept.get(shot.name)
        if shot is None or frame is None or kept is None or kept.is_generated:
            return
        if kept.of != _seen(shot) or self._failed.get(shot.name) == kept.of:
            return
        asked = frame.conditioning
        if abs(asked.tick.time_s - shot.start_s) < _SAME_TIME_S and self._begins_at(shot, asked.view):
            picture = Image.fromarray(frame.image)
            self._keep(shot, np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)), True)

    def grab(self, shot: Shot) -> None:
        """The displayed picture becomes that of this shot."""
        picture = Image.fromarray(self._session.picture.display.read())
        is_generated = self._session.picture.frame is not None
        self._keep(shot, np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)), is_generated)

    def rename(self, before: str, after: str) -> None:
        """A shot is called otherwise."""
        if before in self._kept:
            self._kept[after] = self._kept.pop(before)

    def of(self, shot: Shot) -> int | None:
        """OpenGL's name of a shot's picture; None where it cannot be drawn, or not yet."""
        kept, seen = self._kept.get(shot.name), _seen(shot)
        if kept is not None and kept.of == seen:
            return int(kept.texture.glo)
        if self._draws and self._failed.get(shot.name) != seen:
            self._draws = False
            self._draw(shot)
        kept = self._kept.get(shot.name)
        return None if kept is None else int(kept.texture.glo)

    def forget(self, scene: Scene) -> None:
        """Free the pictures of shots that the scene has no more."""
        known = {shot.name for shot in scene.shots}
        for name in [name for name in self._kept if name not in known]:
            self._kept.pop(name).texture.release()

    def release(self) -> None:
        """Free what OpenGL holds."""
        for kept in self._kept.values():
            kept.texture.release()
        self._kept.clear()
        if self._gbuffer is not None:
            self._gbuffer.release()
            self._gbuffer = None

    def _draw(self, shot: Shot) -> None:
        compiled = self._session.scene
        view = self._view_of(shot)
        if view is None:
            return
        if self._gbuffer is None:
            self._gbuffer = GBuffer(self._context, WIDTH, HEIGHT, ("base",))
        self._gbuffer.draw(compiled.at(shot.start_s), None, view)
        base = np.frombuffer(self._gbuffer.textures["base"].read(alignment=1), np.uint8)
        self._keep(shot, base.reshape(HEIGHT, WIDTH, 4)[..., :3], False)

    def _view_of(self, shot: Shot) -> View | None:
        """As it begins; None where its camera cannot be had."""
        compiled = self._session.scene
        try:
            recorded = self._session.shooting.recorded(shot)
            camera = PreparedShot(shot, compiled, recorded).camera(shot.start_s)
        except DirectorError:
            # Going to the shot says why; until it is another there is no use in trying again.
            self._failed[shot.name] = _seen(shot)
            return None
        scene = compiled.scene
        return view_of(camera, WIDTH / HEIGHT, scene.near_m, scene.far_m, None)

    def _begins_at(self, shot: Shot, seen: View) -> bool:
        key = (shot.name, *_seen(shot))
        if self._begins is None or self._begins[0] != key:
            view = self._view_of(shot)
            if view is None:
                return False
            self._begins = (key, view.view_from_world)
        return bool(np.allclose(self._begins[1], seen.view_from_world, atol=_SAME_PLACE))

    def _keep(self, shot: Shot, picture: NDArray[np.uint8], is_generated: bool) -> None:
        pixels = np.ascontiguousarray(picture).tobytes()
        kept = self._kept.get(shot.name)
        if kept is None:
            texture = self._context.texture((WIDTH, HEIGHT), 3, pixels, alignment=1)
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
            self._kept[shot.name] = _Kept(texture, _seen(shot), is_generated)
        else:
            kept.of, kept.is_generated = _seen(shot), is_generated
            kept.texture.write(pixels, alignment=1)


def _seen(shot: Shot) -> tuple[object, ...]:
    line = shot.timeline
    held = (shot.camera, shot.lens, shot.shake, shot.start_s)
    return (*held, line.position, line.rotation_deg, line.focal_length_mm)
