"""A rig: body → aim → finalize over one immutable state, and noise laid over what comes out.

A tick is cut into short steps in which subjects and the hands' drag move evenly, so that 10 and 1000
ticks a second go the same way. Order and hooks follow Cinemachine's: stages body, aim, noise, finalize;
shake as a correction; explicit calls for cuts and for subjects that teleport.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

from director.camera.fly import NO_INTENT
from director.camera.stage import Aim, Body, Drive, Finalize, Intent, Noise, Pose, pose_of
from director.camera.stages.aim.none import NO_AIM
from director.camera.subject import Subjects, blended
from director.types import CameraState, Lens

__all__ = ["MAX_STEP_S", "Rig", "RigState"]

MAX_STEP_S = 1 / 240
_SETTLE_S = 1e6
# Some stages wait for one another (framing for aim): a few rounds bring them all to rest.
_SETTLE_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class RigState:
    """A rig at one tick: its pose before noise, the lens that was put on, the subjects as they were, and
    each stage's own state.

    `is_cut`: this tick does not continue the one before; `cuts_next`: the next will not. `waiting` is
    what the hands did in ticks of no length.
    """

    time_s: float
    pose: Pose
    lens: Lens
    subjects: Subjects
    body: Any
    aim: Any
    finalize: tuple[Any, ...]
    depth_range_m: tuple[float, float] | None = None
    is_cut: bool = False
    cuts_next: bool = True
    waiting: Intent = NO_INTENT


@dataclass(frozen=True, slots=True)
class Rig:
    """The stages of a rig; its state is passed through `step`.

    A stage may be exchanged (dataclasses.replace) for one of the same kind with other settings while the
    state goes on; after any other exchange call `start` with the present camera.
    """

    body: Body[Any]
    aim: Aim[Any] = NO_AIM
    noise: Noise | None = None
    finalize: tuple[Finalize[Any], ...] = ()

    def start(self, camera: CameraState, subjects: Subjects, time_s: float = 0.0) -> RigState:
        """Take over a camera as it stands, at rest; also the hook for a cut to another camera.

        The first tick is a cut. Raises UsageError where a stage's subject is not there.
        """
        pose = pose_of(camera)
        finalize = tuple(stage.start(pose, subjects) for stage in self.finalize)
        body, aim = self.body.start(pose, subjects), self.aim.start(pose, subjects)
        return RigState(time_s, pose, camera.lens, subjects, body, aim, finalize, camera.depth_range_m)

    def take_over(self, camera: CameraState, subjects: Subjects, time_s: float = 0.0) -> RigState:
        """As `start`, where the shot goes on: the first tick is no cut."""
        return replace(self.start(camera, subjects, time_s), cuts_next=False)

    def teleport(self, state: RigState, subjects: Subjects) -> RigState:
        """Subjects have jumped: at once to where the rig comes to rest with them. The next tick is a cut."""
        settled = replace(state, subjects=subjects)
        for _ in range(_SETTLE_ROUNDS):
            drive = self._drive(state, NO_INTENT, subjects, state.time_s, _SETTLE_S)
            drive = replace(drive, before=subjects, settles=True)
            settled = self._short_step(settled, drive)
        return replace(settled, cuts_next=True)

    def step(self, state: RigState, intent: Intent, subjects: Subjects, dt_s: float) -> RigState:
        """The rig `dt_s` later, with the subjects of that moment. Pure; independent of how time is cut
        into ticks. Raises UsageError where a stage's subject is not there."""
        waiting = replace(NO_INTENT, look_rad=intent.look_rad, speed_steps=intent.speed_steps)
        if dt_s <= 0:
            return replace(state, waiting=state.waiting + waiting)
        intent = intent + state.waiting
        before, time_s = state.subjects, state.time_s
        state = replace(state, is_cut=state.cuts_next, cuts_next=False, waiting=NO_INTENT)
        steps = max(1, math.ceil(dt_s / MAX_STEP_S - 1e-9))
        yaw, pitch = intent.look_rad
        each = replace(intent, look_rad=(yaw / steps, pitch / steps), speed_steps=intent.speed_steps / steps)
        for index in range(1, steps + 1):
            share = index / steps
            there = blended(before, subjects, share)
            now_s = time_s + share * dt_s
            drive = self._drive(state, each, there, now_s, dt_s / steps)
            state = self._short_step(state, drive)
        return state

    def camera(self, state: RigState) -> CameraState:
        """The camera on the rig, with the noise of its time as correction."""
        camera = state.pose.camera()
        if self.noise is not None:
            camera = replace(camera, correction=self.noise.correction_at(state.time_s))
        return replace(camera, is_cut=state.is_cut, depth_range_m=state.depth_range_m)

    def with_lens(self, state: RigState, lens: Lens) -> RigState:
        """Another lens on the camera. Stages that drive the lens go on driving it."""
        return replace(state, lens=lens, pose=replace(state.pose, lens=lens))

    def _drive(
        self, state: RigState, intent: Intent, subjects: Subjects, time_s: float, dt_s: float
    ) -> Drive:
        steers, takes = self.aim.steers, self.aim.takes_look
        return Drive(intent, state.subjects, subjects, time_s, dt_s, state.lens, steers, takes)

    def _short_step(self, state: RigState, drive: Drive) -> RigState:
        body, pose = self.body.step(state.body, state.pose, drive)
        aim, pose = self.aim.step(state.aim, pose, drive)
        finalize: list[Any] = []
        for stage, before in zip(self.finalize, state.finalize, strict=True):
            after, bound = stage.step(before, pose, drive)
            if stage.binds and bound != pose:
                body, aim = self.body.bound(body, pose, bound), self.aim.bound(aim, pose, bound)
            finalize.append(after)
            pose = bound
        return replace(
            state,
            time_s=drive.time_s,
            pose=pose,
            subjects=drive.subjects,
            body=body,
            aim=aim,
            finalize=tuple(finalize),
        )
