"""Pulling focus: to a distance or to somebody, who is then followed, over a time."""

from collections.abc import Mapping

from director.camera.fly import NO_INTENT
from director.camera.stage import Drive, pose_of
from director.camera.stages.finalize.focus import Focus, FocusState, Pull
from director.camera.subject import Subjects
from director.types import CameraState

__all__ = ["LensPull"]


class LensPull:
    """The focus puller of one camera: goes on whoever carries the camera."""

    def __init__(self) -> None:
        self._focus: Focus | None = None
        self._state: FocusState | None = None
        self._time_s = 0.0
        self.tracked: str | None = None
        """Who is kept in focus."""

    def pull(self, to: float | str, over_s: float = 0.0) -> None:
        """Pull from where the focus is, over some seconds, to metres or to somebody by name."""
        self._focus = Focus((Pull(self._time_s, to, over_s),))
        if self._state is not None:
            self._state = FocusState(0, self._state.now, self._state.now)
        self.tracked = to if isinstance(to, str) else None

    def call(self, renamed: Mapping[str, str]) -> None:
        """Who is followed may be called otherwise now: new names by old ones. The pull goes on."""
        if self._focus is None or self.tracked is None or self.tracked not in renamed:
            return
        self.tracked = renamed[self.tracked]
        (pull,) = self._focus.pulls
        self._focus = Focus((pull._replace(to=self.tracked),))

    def release(self) -> None:
        """Leave the focus to the lens."""
        self._focus = self._state = self.tracked = None

    def advance(self, camera: CameraState, subjects: Subjects, dt_s: float) -> float | None:
        """The focus distance in metres `dt_s` later; None while nothing was pulled. One who is not among the
        subjects is let go of, and the focus stays."""
        self._time_s += max(0.0, dt_s)
        if self._focus is None:
            return None
        if self.tracked is not None and self.tracked not in subjects:
            self.release()
            return camera.lens.focus_distance_m
        pose = pose_of(camera)
        state = self._focus.start(pose, subjects) if self._state is None else self._state
        drive = Drive(NO_INTENT, subjects, subjects, self._time_s, max(dt_s, 1e-9), camera.lens)
        self._state, pulled = self._focus.step(state, pose, drive)
        return pulled.lens.focus_distance_m
