"""How a camera is carried by hand: the rig, its subject and its stages, as settings, and the rig at work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from director.camera.box import Box
from director.camera.rig import Rig, RigState
from director.camera.rigs import mount_rig
from director.camera.rigs.fly import FlyIntent
from director.camera.shakes import Shake, shake_named
from director.camera.stage import Aim, Finalize, Noise
from director.camera.stages.aim.free import FreeLook
from director.camera.stages.aim.group import GroupFraming
from director.camera.stages.aim.look_at import LookAt, Zone
from director.camera.stages.aim.none import NO_AIM
from director.camera.stages.finalize.collide import Collide
from director.camera.stages.finalize.dolly_zoom import DollyZoom
from director.camera.stages.finalize.lock import Lock
from director.camera.stages.finalize.stabilise import Stabilise
from director.camera.subject import Subjects
from director.types import CameraState, Lens

__all__ = ["AIMS", "AXES", "Carrier", "Mount"]

AIMS = ("rig", "hands", "look at", "group")
"""What turns the camera: what the rig has of its own, the hands, a subject, or all of a group."""

AXES = ("x", "y", "z", "pan", "tilt", "roll")
"""That may be locked."""

_SELF_TURNED = ("fly", "walk", "steadicam")
"""Rigs whose body itself is turned by the hands."""

# Fields of stages and of the fly rig, by what of the feel they are.
_INERTIA = (
    "move_time_constant_s",
    "inertia_s",
    "position_time_constant_s",
    "time_constant_s",
    "time_constants_s",
)
_LOOK = (
    "look_time_constant_s",
    "turn_time_constant_s",
    "roll_time_constant_s",
    "heading_time_constant_s",
    "pan_time_constant_s",
    "tilt_time_constant_s",
)


@dataclass(frozen=True, slots=True)
class Mount:
    """Settings of one camera's rig.

    `dead` is the share of the picture, wide and high, in which a subject that is looked at may move freely.
    `group` are those framed together, by `zooms` with the lens, else by distance. `shake` is a kind of
    handheld noise, "rig" for the rig's own, or "none". `steady` 0..1 steadies what body and aim do. `inertia`
    and `look_damping` multiply the rig's time constants of travel and of look. `dolly_zoom` holds the
    subject's height in the picture.
    """

    rig: str = "fly"
    subject: str | None = None
    aim: Literal["rig", "hands", "look at", "group"] = "rig"
    dead: float = 0.1
    group: tuple[str, ...] = ()
    zooms: bool = True
    shake: str = "rig"
    shake_amount: float = 1.0
    steady: float = 0.0
    locks: frozenset[str] = frozenset()
    collides: bool = False
    dolly_zoom: bool = False
    inertia: float = 1.0
    look_damping: float = 1.0

    @property
    def is_plain(self) -> bool:
        """Whether this is free flight with nothing laid over it."""
        is_turned_by_hand = self.subject is None or self.aim == "hands"
        return (
            self.rig == "fly"
            and is_turned_by_hand
            and self.aim in ("rig", "hands")
            and self.shake in ("rig", "none")
            and not (self.steady or self.locks or self.collides or self.dolly_zoom)
        )

    @property
    def names(self) -> frozenset[str]:
        """Of those who must be in the scene."""
        return frozenset((*self.group, *((self.subject,) if self.subject is not None else ())))

    def without(self, gone: frozenset[str]) -> "Mount":
        """The same where these are no more in the scene: what needs them falls away."""
        if not gone & self.names:
            return self
        group = tuple(name for name in self.group if name not in gone)
        if self.subject not in gone:
            return replace(self, group=group)
        rig = "fly" if self.rig == "follow" else self.rig
        aim = "rig" if self.aim == "look at" else self.aim
        return replace(self, rig=rig, subject=None, aim=aim, group=group, dolly_zoom=False)

    def calling(self, renamed: Mapping[str, str]) -> "Mount":
        """The same with these called otherwise: new names by old ones."""
        subject = self.subject if self.subject is None else renamed.get(self.subject, self.subject)
        return replace(self, subject=subject, group=tuple(renamed.get(name, name) for name in self.group))

    @property
    def structure(self) -> tuple[object, ...]:
        """Settings of the same structure can be exchanged while the rig goes on."""
        group = self.group if self.aim == "group" else ()
        return self.rig, self.subject, self.aim, group, self.zooms, self.dolly_zoom, self.steady > 0


class Carrier:
    """A rig at work. Takes over a camera where it stands; raises UsageError where a stage cannot begin there:
    a rig that needs a subject and has none, a dolly zoom on what is not before the camera."""

    def __init__(
        self,
        mount: Mount,
        camera: CameraState,
        subjects: Subjects,
        *,
        aspect: float = 16 / 9,
        speed_m_s: float | None = None,
    ) -> None:
        self.mount = mount
        self._aspect = aspect
        self._base = mount_rig(mount.rig, camera, mount.subject)
        if speed_m_s is not None and mount.rig == "fly":
            self._base = replace(self._base, body=_changed(self._base.body, speed_m_s=speed_m_s))
        self._boxes: tuple[Box, ...] = ()
        self._rig = self._fitted()
        self._state: RigState = self._rig.take_over(camera, subjects)

    @property
    def speed_m_s(self) -> float | None:
        """That the wheel has set, of rigs that have one."""
        body = self._state.body
        found = getattr(getattr(body, "operator", body), "speed_m_s", None)
        return None if found is None else float(found)

    def change(self, mount: Mount) -> bool:
        """Take over other settings while the rig goes on; False where that needs another rig."""
        if mount.structure != self.mount.structure:
            return False
        self.mount = mount
        self._refit()
        return True

    def teleport(self, subjects: Subjects) -> None:
        """At once to where the rig comes to rest with these subjects."""
        self._state = self._rig.teleport(self._state, subjects)

    def step(
        self, intent: FlyIntent, subjects: Subjects, boxes: tuple[Box, ...], lens: Lens, dt_s: float
    ) -> CameraState:
        """The camera `dt_s` later, with this lens put on. `boxes` stand in its way, where it collides."""
        if boxes != self._boxes:
            self._boxes = boxes
            self._refit()
        if lens != self._state.lens:
            self._state = self._rig.with_lens(self._state, lens)
        self._state = self._rig.step(self._state, intent, subjects, dt_s)
        return self._rig.camera(self._state)

    def _refit(self) -> None:
        # Stages that stay keep their states; new ones begin at the pose.
        before = {
            type(stage): state for stage, state in zip(self._rig.finalize, self._state.finalize, strict=True)
        }
        locks = next((stage for stage in self._rig.finalize if isinstance(stage, Lock)), None)
        self._rig = self._fitted()
        state, pose, subjects = self._state, self._state.pose, self._state.subjects
        kept: list[Any] = []
        for stage in self._rig.finalize:
            # An axis that is locked later is held where it is then.
            is_known = type(stage) in before and not (isinstance(stage, Lock) and stage != locks)
            kept.append(before[type(stage)] if is_known else stage.start(pose, subjects))
        self._state = replace(state, finalize=tuple(kept))

    def _fitted(self) -> Rig:
        mount = self.mount
        aim = self._aim()
        return Rig(
            _weighted(self._base.body, mount),
            aim if isinstance(aim, GroupFraming) else _weighted(aim, mount),
            _noise(self._base.noise, mount),
            tuple(self._finalize()),
        )

    def _aim(self) -> Aim[Any]:
        mount = self.mount
        if mount.aim == "hands":
            return NO_AIM if mount.rig in _SELF_TURNED else FreeLook()
        if mount.aim == "look at" and mount.subject is not None:
            return LookAt(mount.subject, dead=Zone(mount.dead, mount.dead), aspect=self._aspect)
        if mount.aim == "group" and mount.group:
            by: Literal["distance", "focal-length"] = "focal-length" if mount.zooms else "distance"
            return GroupFraming(mount.group, by, aspect=self._aspect)
        return self._base.aim

    def _finalize(self) -> Iterator[Finalize[Any]]:
        mount = self.mount
        if mount.steady > 0:
            yield Stabilise(mount.steady)
        if mount.locks:
            yield Lock(**{axis: axis in mount.locks for axis in AXES})
        if mount.collides:
            yield Collide(self._boxes)
        if mount.dolly_zoom and mount.subject is not None:
            # Moves nothing but the lens, and goes by where the camera has come to be.
            yield DollyZoom(mount.subject)


def _noise(own: Noise | None, mount: Mount) -> Noise | None:
    if mount.shake == "none":
        return None
    if mount.shake == "rig":
        return replace(own, amount=own.amount * mount.shake_amount) if isinstance(own, Shake) else own
    return shake_named(mount.shake, mount.shake_amount)


def _weighted(stage: Any, mount: Mount) -> Any:
    """A stage with its time constants multiplied."""
    changes: dict[str, Any] = {}
    for field in fields(stage):
        value = getattr(stage, field.name)
        factor = mount.inertia if field.name in _INERTIA else mount.look_damping
        if field.name == "rig":
            changes["rig"] = _weighted(value, mount)
        elif field.name in (*_INERTIA, *_LOOK) and factor != 1:
            is_many = isinstance(value, tuple)
            changes[field.name] = tuple(v * factor for v in value) if is_many else value * factor
    return replace(stage, **changes) if changes else stage


def _changed(body: Any, *, speed_m_s: float) -> Any:
    return replace(body, speed_m_s=speed_m_s)
