"""Stabilisation: a low-pass over the whole pose, as much as is wanted."""

from dataclasses import dataclass, replace

from director.camera.damping import approach_moving
from director.camera.stage import Drive, Finalize, Pose
from director.camera.subject import Subjects

__all__ = ["EXAMPLE", "Stabilise", "StabiliseState"]


@dataclass(frozen=True, slots=True)
class StabiliseState:
    """The pose that came in at the last step, and the steadied one."""

    raw: Pose
    steady: Pose


@dataclass(frozen=True, slots=True)
class Stabilise(Finalize[StabiliseState]):
    """`amount` 0 changes nothing; 1 smooths position and head with a time constant of `longest_s`.

    In steady travel the camera trails by the time constant. It steadies what body and aim do, not the
    noise: that has an amount of its own.
    """

    amount: float = 0.5
    longest_s: float = 0.5

    def start(self, pose: Pose, subjects: Subjects) -> StabiliseState:
        return StabiliseState(pose, pose)

    def step(self, state: StabiliseState, pose: Pose, drive: Drive) -> tuple[StabiliseState, Pose]:
        tau = self.amount * self.longest_s

        def steadied(value: float, before: float, after: float) -> float:
            return approach_moving(value, before, (after - before) / drive.dt_s, tau, drive.dt_s)

        raw, steady = state.raw, state.steady
        x, y, z = map(steadied, steady.position, raw.position, pose.position)
        there = replace(
            pose,
            position=(x, y, z),
            pan=steadied(steady.pan, raw.pan, pose.pan),
            tilt=steadied(steady.tilt, raw.tilt, pose.tilt),
            roll=steadied(steady.roll, raw.roll, pose.roll),
        )
        return StabiliseState(pose, there), there


EXAMPLE = Stabilise()
