"""One camera of several: the move that it rides or the rig that carries it, and the lens that is on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from director.app.lens_pull import LensPull
from director.app.mount import Carrier, Mount
from director.app.ridden import Ridden
from director.app.surroundings import Surroundings
from director.camera.move import Move
from director.camera.rigs.fly import NO_INTENT, FlyIntent, FlyRig
from director.camera.shakes import shake_named
from director.camera.stage import Drive, pose_of
from director.camera.stages.finalize.dolly_zoom import DollyZoom
from director.errors import UsageError
from director.math3d import quaternion_inverse, quaternion_multiply, quaternion_slerp
from director.types import NO_CORRECTION, CameraState, Lens, Quaternion, Vector

__all__ = ["Glide", "LiveCamera", "is_active"]

_SETTLE_S = 0.4
"""How long the last of a change of rig takes to fade."""


@dataclass(frozen=True, slots=True)
class Glide:
    """An eased way from one camera to another; position, turn, and zoom even by ratio."""

    start: CameraState
    end: CameraState
    over_s: float

    def at(self, elapsed_s: float) -> CameraState:
        """The camera after so long; at its end the very camera asked for."""
        if elapsed_s >= self.over_s:
            return self.end
        share = _smooth(elapsed_s / self.over_s)
        a, b = self.start, self.end
        x, y, z = (p + share * (q - p) for p, q in zip(a.position, b.position, strict=True))
        focal = a.lens.focal_length_mm ** (1 - share) * b.lens.focal_length_mm**share
        focus = 1 / ((1 - share) / a.lens.focus_distance_m + share / b.lens.focus_distance_m)
        lens = replace(b.lens, focal_length_mm=focal, focus_distance_m=focus)
        return replace(
            b,
            position=(x, y, z),
            orientation=quaternion_slerp(a.orientation, b.orientation, share),
            lens=lens,
        )


@dataclass(frozen=True, slots=True)
class _Offset:
    """What a change of rig would have jumped by, which fades out instead."""

    position: Vector
    turn: Quaternion
    zoom: float

    @classmethod
    def between(cls, wanted: CameraState, made: CameraState) -> "_Offset":
        x, y, z = (w - m for w, m in zip(wanted.position, made.position, strict=True))
        turn = quaternion_multiply(quaternion_inverse(made.orientation), wanted.orientation)
        zoom = math.log(wanted.lens.focal_length_mm / made.lens.focal_length_mm)
        return cls((x, y, z), turn, zoom)

    def laid_over(self, camera: CameraState, elapsed_s: float) -> CameraState:
        share = 1 - _smooth(elapsed_s / _SETTLE_S)
        x, y, z = (p + share * d for p, d in zip(camera.position, self.position, strict=True))
        turn = quaternion_slerp((0.0, 0.0, 0.0, 1.0), self.turn, share)
        focal = camera.lens.focal_length_mm * math.exp(share * self.zoom)
        return replace(
            camera,
            position=(x, y, z),
            orientation=quaternion_multiply(camera.orientation, turn),
            lens=replace(camera.lens, focal_length_mm=focal),
        )


class LiveCamera:
    """Gives its camera at each tick, whoever has it: a move along scene time, a glide, or the hands.

    `set` is what hands have set on the lens, by its fields; the move's own otherwise.
    """

    def __init__(
        self, name: str, around: Surroundings, camera: CameraState, riding: Ridden | None = None
    ) -> None:
        self.name = name
        self.camera = camera
        self.riding = riding
        self.chosen = 0
        self.mount = Mount()
        self.set: dict[str, float] = {}
        self.puller = LensPull()
        self.aspect = 16 / 9
        self._around = around
        self._fly = FlyRig()
        self._flight = self._fly.start(camera)
        self._put = camera.lens
        self._held_mm: float | None = None
        self._carrier: Carrier | None = None
        self._glide: tuple[Glide, float] | None = None
        self._offset: tuple[_Offset | None, float] | None = None
        self._notches = 0.0
        self._time_s = 0.0

    @property
    def speed_m_s(self) -> float:
        """Of the flight, or of a rig that has a speed."""
        of_rig = None if self._carrier is None else self._carrier.speed_m_s
        return self._flight.speed_m_s if of_rig is None else of_rig

    @property
    def is_walking(self) -> bool:
        """Whether the hands walk at eye height."""
        return self.riding is None and (
            self._flight.walking if self._carrier is None else self.mount.rig == "walk"
        )

    @property
    def lens(self) -> Lens:
        """With what hands have set: several keys may come in one tick, and each goes on from the last."""
        return replace(self.camera.lens, **self.set)

    def look_around(self, around: Surroundings, renamed: Mapping[str, str]) -> None:
        """Go on in another scene, with whom is `renamed`; what needs somebody who is not in it falls away."""
        self._around = around
        if renamed.keys() & self.mount.names:
            mount = self.mount.calling(renamed)
            try:
                self.change(mount)
            except UsageError:
                # Whose height was held is not to be seen from here.
                self.change(replace(mount, dolly_zoom=False))
        self.puller.call(renamed)
        gone = self.mount.names - around.names
        if gone:
            self.change(self.mount.without(frozenset(gone)))

    def tick(self, intent: FlyIntent, time_s: float, dt_s: float) -> CameraState:
        """The camera at scene time `time_s`, `dt_s` after the tick before."""
        self._time_s = time_s
        if self._notches:
            intent, self._notches = intent + FlyIntent(speed_steps=self._notches), 0.0
        if is_active(intent):
            self._glide = None
            self.take_over()
        if self.riding is not None:
            camera = self._ridden(intent, time_s)
        elif self._glide is not None:
            camera = self._glided(intent, dt_s)
        else:
            camera = self._carried(intent, time_s, dt_s)
        tracked = frozenset((self.puller.tracked,) if self.puller.tracked else ())
        focus_m = self.puller.advance(camera, self._around.subjects(tracked, time_s), dt_s)
        if focus_m is not None:
            camera = replace(camera, lens=replace(camera.lens, focus_distance_m=focus_m))
        self.camera = camera
        return camera

    def take_over(self) -> None:
        """The hands go on from where a move has brought the camera."""
        if self.riding is None:
            return
        self.riding = None
        self._restart(self.camera)

    def ride(self, move: Ridden) -> None:
        """Ride a move from now on, with its own lens."""
        self.riding = move
        self._glide = self._offset = self._held_mm = None
        self.bare_lens()

    def bare_lens(self) -> None:
        """Take off what hands have set on the lens."""
        self.set.clear()
        self.puller.release()

    def focus_at(self, distance_m: float, over_s: float = 0.0) -> None:
        """Focus at metres along the view axis: at once, or over some seconds."""
        if over_s > 0:
            self.puller.pull(distance_m, over_s)
            return
        self.puller.release()
        self.set["focus_distance_m"] = distance_m

    def zoom(self, focal_length_mm: float) -> None:
        """Put on another focal length; a hand on the zoom ends a dolly zoom."""
        if self.mount.dolly_zoom:
            self.change(replace(self.mount, dolly_zoom=False))
        self.set["focal_length_mm"] = focal_length_mm

    def put(self, camera: CameraState, over_s: float = 0.0) -> None:
        """Stand at a camera, lens and all: at once, or by a glide."""
        lens = camera.lens
        fields = (
            "film_back_width_mm",
            "film_back_height_mm",
            "focal_length_mm",
            "f_number",
            "focus_distance_m",
        )
        self.puller.release()
        self.set = {name: getattr(lens, name) for name in fields}
        self.riding = None
        self._offset = None
        if over_s > 0:
            start = replace(self.camera, correction=NO_CORRECTION, is_cut=False)
            self._glide = Glide(start, replace(camera, depth_range_m=start.depth_range_m), over_s), 0.0
            return
        self._glide = None
        self.camera = replace(camera, depth_range_m=self.camera.depth_range_m)
        self._restart(self.camera)
        self._offset = None

    def shift(self, position: Vector) -> None:
        """Be carried over to a place, looking as it does."""
        self.take_over()
        self._glide = None
        self.camera = replace(self.camera, position=position, is_cut=False)
        self._restart(self.camera)
        self._offset = None

    def change(self, mount: Mount) -> None:
        """Take over other settings of the rig, without a jump. A move is ridden on, unless another rig or aim
        is chosen. Raises UsageError where the settings cannot be, and then nothing has changed."""
        if (
            self.riding is None
            and self._carrier is not None
            and not mount.is_plain
            and self._carrier.change(mount)
        ):
            self.mount = mount
            # An axis that is let go would be where the rig has come to meanwhile.
            self._offset = (None, 0.0)
            return
        camera = replace(self.camera, correction=NO_CORRECTION)
        made = None if mount.is_plain else self._made(mount, camera)
        before, self.mount = self.mount, mount
        self._fly = FlyRig(
            move_time_constant_s=FlyRig().move_time_constant_s * mount.inertia,
            look_time_constant_s=FlyRig().look_time_constant_s * mount.look_damping,
        )
        self._held_mm = None
        if before.dolly_zoom or before.aim == "group":
            # The stage that drove the lens leaves it as it is.
            self.set["focal_length_mm"] = camera.lens.focal_length_mm
        rides_on = self.riding is not None and (mount.rig, mount.aim) == (before.rig, before.aim)
        if rides_on or (mount.is_plain and before.is_plain and self.riding is None):
            return
        self.riding = self._glide = None
        self._carrier, self._put = made, camera.lens
        self._flight = self._fly.start(camera, speed_m_s=self._flight.speed_m_s)
        self._offset = (None, 0.0)

    def ask_speed(self, speed_m_s: float) -> None:
        """Travel at another speed, as the wheel would set it."""
        self._notches += math.log(speed_m_s / self.speed_m_s) / math.log(self._fly.notch_factor)

    def come_back(self, time_s: float) -> None:
        """Is looked through again, at another time: the rig is where it has come to by then."""
        if self._carrier is not None and time_s != self._time_s:
            self._carrier.teleport(self._around.subjects(self.mount.names, time_s))
            self._offset = None

    def level(self) -> None:
        """Bring the horizon level."""
        self.take_over()
        if self._carrier is None:
            self._flight = self._fly.level(self._flight)

    def toggle_walk(self) -> bool:
        """Walk at eye height, or fly again; returns whether it walks."""
        self.take_over()
        if self._carrier is not None:
            self.change(replace(self.mount, rig="fly" if self.mount.rig == "walk" else "walk"))
            return self.mount.rig == "walk"
        self._flight = self._fly.walk(self._flight, not self._flight.walking)
        return self._flight.walking

    def _made(self, mount: Mount, camera: CameraState) -> Carrier:
        subjects = self._around.subjects(mount.names, self._time_s)
        return Carrier(mount, camera, subjects, aspect=self.aspect, speed_m_s=self._flight.speed_m_s)

    def _restart(self, camera: CameraState) -> None:
        camera = replace(camera, correction=NO_CORRECTION)
        self._flight = self._fly.start(camera, speed_m_s=self._flight.speed_m_s)
        self._put = camera.lens
        self._carrier = self._offset = None
        if self.mount.is_plain:
            return
        try:
            self._carrier = self._made(self.mount, camera)
        except UsageError:
            # From here the one whose height was held is not to be seen.
            self.mount = replace(self.mount, dolly_zoom=False)
            self._carrier = None if self.mount.is_plain else self._made(self.mount, camera)
        self._offset = (None, 0.0)

    def _ridden(self, intent: FlyIntent, time_s: float) -> CameraState:
        assert self.riding is not None
        # A notch of the wheel while riding sets the speed of the flight to come.
        self._flight = self._fly.step(self._flight, FlyIntent(speed_steps=intent.speed_steps), 0.0)
        camera = self._with_set(self.riding.camera_at(time_s, self._around.scene.locate))
        if self.mount.dolly_zoom and self.mount.subject is not None:
            camera = self._zoomed(camera, self.mount.subject, time_s)
        # A shot has its own, and no other, so that it looks the same when it is opened again.
        if self.mount.shake in ("rig", "none") or not isinstance(self.riding, Move):
            return camera
        noise = shake_named(self.mount.shake, self.mount.shake_amount)
        return replace(camera, correction=noise.correction_at(time_s))

    def _zoomed(self, camera: CameraState, subject: str, time_s: float) -> CameraState:
        stage, pose = DollyZoom(subject), pose_of(camera)
        subjects = self._around.subjects(frozenset((subject,)), time_s)
        if self._held_mm is None:
            try:
                self._held_mm = stage.start(pose, subjects)
            except UsageError:
                return camera
        drive = Drive(NO_INTENT, subjects, subjects, time_s, 0.0, camera.lens)
        return replace(camera, lens=stage.step(self._held_mm, pose, drive)[1].lens)

    def _glided(self, intent: FlyIntent, dt_s: float) -> CameraState:
        assert self._glide is not None
        self._flight = self._fly.step(self._flight, FlyIntent(speed_steps=intent.speed_steps), 0.0)
        glide, elapsed_s = self._glide
        elapsed_s += dt_s
        camera = glide.at(elapsed_s)
        self._glide = (glide, elapsed_s)
        if elapsed_s >= glide.over_s:
            self._glide = None
            self._restart(camera)
        return camera

    def _carried(self, intent: FlyIntent, time_s: float, dt_s: float) -> CameraState:
        before = replace(self.camera, correction=NO_CORRECTION)
        if self._carrier is not None:
            subjects = self._around.subjects(self.mount.names, time_s)
            boxes = self._around.boxes(before.position, time_s) if self.mount.collides else ()
            camera = self._carrier.step(intent, subjects, boxes, self._put_on(), dt_s)
        else:
            self._flight = self._fly.step(self._flight, intent, dt_s)
            # The shot goes on: its lens and depth range with it.
            flown = self._fly.camera(self._flight, before.lens)
            camera = self._with_set(replace(flown, depth_range_m=before.depth_range_m))
        if self._offset is None:
            return camera
        offset, elapsed_s = self._offset
        if offset is None:
            offset = _Offset.between(before, camera)
        else:
            elapsed_s += dt_s
        self._offset = (offset, elapsed_s) if elapsed_s < _SETTLE_S else None
        return offset.laid_over(camera, elapsed_s)

    def _put_on(self) -> Lens:
        # A stage that drives the lens must not be fed what it has made of it.
        return replace(self._put, **self.set)

    def _with_set(self, camera: CameraState) -> CameraState:
        return replace(camera, lens=replace(camera.lens, **self.set)) if self.set else camera


def is_active(intent: FlyIntent) -> bool:
    """Whether the hands ask for more than another speed."""
    return any((*intent.move, *intent.look_rad, *intent.look_rate, intent.roll))


def _smooth(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
