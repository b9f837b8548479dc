"""Who has the camera: a named move that rides along scene time, or the hands."""

from dataclasses import replace

from director.camera.lens import next_prime_mm, next_stop
from director.camera.move import Move
from director.camera.rigs.fly import EYE_HEIGHT_M, FlyIntent, FlyRig
from director.math3d import look_rotation
from director.scene.compile import CompiledScene
from director.types import CameraState, Lens

__all__ = ["Flight"]


class Flight:
    """Gives the camera of each tick. It begins on the scene's first move; the first touch of the hands
    takes over from there without a jump."""

    def __init__(self, scene: CompiledScene) -> None:
        self._scene = scene
        self._moves = scene.scene.moves
        self._chosen = 0
        self._rig = FlyRig()
        # What hands have set on the lens, by its fields; a move's own otherwise.
        self._set: dict[str, float] = {}
        self._cut = True
        self.riding: Move | None = self._moves[0] if self._moves else None
        self.camera = self._home(0.0)
        self._state = self._rig.start(self.camera)

    def replace_scene(self, scene: CompiledScene) -> None:
        """Go on in another scene: on the move of the same name, where there still is one; else from where the
        camera is."""
        name = None if self.riding is None else self.riding.name
        self._scene = scene
        self._moves = scene.scene.moves
        at = next((i for i, move in enumerate(self._moves) if move.name == name), None)
        if at is not None:
            self._chosen, self.riding = at, self._moves[at]
            return
        self._take_over()
        self._chosen = min(self._chosen, max(0, len(self._moves) - 1))

    @property
    def chosen(self) -> Move | None:
        """The move that was chosen last: the one that is ridden, or was flown off from."""
        return self._moves[self._chosen] if self._moves else None

    @property
    def speed_m_s(self) -> float:
        """Of the fly rig."""
        return self._state.speed_m_s

    @property
    def is_walking(self) -> bool:
        """Whether the hands walk at eye height."""
        return self.riding is None and self._state.walking

    def tick(self, intent: FlyIntent, time_s: float, dt_s: float) -> CameraState:
        """The camera at scene time `time_s`, `dt_s` after the tick before."""
        if self.riding is not None and _is_active(intent):
            self._take_over()
        if self.riding is not None:
            # A notch of the wheel while riding sets the speed of the flight to come.
            still = FlyIntent(speed_steps=intent.speed_steps)
            self._state = self._rig.step(self._state, still, 0.0)
            camera = self.riding.camera_at(time_s, self._scene.locate)
        else:
            self._state = self._rig.step(self._state, intent, dt_s)
            # The shot goes on: its lens and depth range with it.
            flown = self._rig.camera(self._state, self.camera.lens)
            camera = replace(flown, depth_range_m=self.camera.depth_range_m)
        if self._set:
            camera = replace(camera, lens=replace(camera.lens, **self._set))
        self.camera = replace(camera, is_cut=self._cut)
        self._cut = False
        return self.camera

    def cut(self) -> None:
        """The next tick does not continue the one before."""
        self._cut = True

    def ride(self, step: int) -> Move | None:
        """Choose the next (1), previous (−1) or same (0) move and ride it from now on; a cut. Returns it,
        or None where the scene has none: the camera then goes home."""
        if self._moves:
            self._chosen = (self._chosen + step) % len(self._moves)
            self.riding = self._moves[self._chosen]
        else:
            self._state = self._rig.start(self._home(0.0), speed_m_s=self._state.speed_m_s)
        self._set.clear()
        self._cut = True
        return self.riding

    def change_prime(self, step: int) -> float:
        """Put on the next longer (1) or shorter (−1) prime; returns its focal length in mm."""
        prime_mm = next_prime_mm(self._lens.focal_length_mm, step)
        self._set["focal_length_mm"] = prime_mm
        return prime_mm

    def change_stop(self, step: int) -> float:
        """Stop down (1) or open up (−1) by a full stop; returns the f-number."""
        stop = next_stop(self._lens.f_number, step)
        self._set["f_number"] = stop
        return stop

    @property
    def _lens(self) -> Lens:
        # Several keys may come in one tick: each goes on from the one before.
        return replace(self.camera.lens, **self._set)

    def focus_at(self, distance_m: float) -> None:
        """Focus at a distance along the view axis, and stay there."""
        self._set["focus_distance_m"] = distance_m

    def level(self) -> None:
        """Bring the horizon level."""
        self._take_over()
        self._state = self._rig.level(self._state)

    def toggle_walk(self) -> bool:
        """Walk at eye height, or fly again; returns whether it walks."""
        self._take_over()
        self._state = self._rig.walk(self._state, not self._state.walking)
        return self._state.walking

    def _take_over(self) -> None:
        if self.riding is None:
            return
        self.riding = None
        self._state = self._rig.start(self.camera, speed_m_s=self._state.speed_m_s)

    def _home(self, time_s: float) -> CameraState:
        if self._moves:
            return self._moves[self._chosen].camera_at(time_s, self._scene.locate)
        # A scene without moves: stand back far enough to see its width, at eye height.
        low, high = self._scene.bounds(time_s)
        middle = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
        width = max(high[0] - low[0], 2.0)
        eye = (middle[0], max(EYE_HEIGHT_M, middle[1]), high[2] + 1.2 * width)
        look = (middle[0] - eye[0], middle[1] - eye[1], middle[2] - eye[2])
        return CameraState(eye, look_rotation(look))


def _is_active(intent: FlyIntent) -> bool:
    return any((*intent.move, *intent.look_rad, *intent.look_rate, intent.roll))
