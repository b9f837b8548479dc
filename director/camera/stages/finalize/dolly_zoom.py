"""Dolly zoom: the focal length follows the distance, so that a subject keeps its height in the picture."""

from dataclasses import dataclass, replace

from director.camera.framing import seen
from director.camera.stage import Drive, Finalize, Pose
from director.camera.subject import Subjects, located
from director.errors import UsageError

__all__ = ["EXAMPLE", "DollyZoom"]


@dataclass(frozen=True, slots=True)
class DollyZoom(Finalize[float]):
    """Holds the height on the film of `subject`, from foot to head, as it is at the start.

    On the film a length is as long as the focal length times its tangents, so the focal length that holds
    it is exact. Beyond `focal_range_mm` the lens stays at its end and the height changes. The state is the
    height held, in millimetres on the film.
    """

    subject: str
    focal_range_mm: tuple[float, float] = (8.0, 300.0)

    def start(self, pose: Pose, subjects: Subjects) -> float:
        tangents = self._tangents(pose, subjects)
        if tangents is None:
            raise UsageError(
                f"{self.subject!r} is not before the camera", subject="dolly zoom", mend="turn to it first"
            )
        return tangents * pose.lens.focal_length_mm

    def step(self, state: float, pose: Pose, drive: Drive) -> tuple[float, Pose]:
        tangents = self._tangents(pose, drive.subjects)
        if tangents is None:
            # Out of sight: there is no height to hold, and the lens stays as it is.
            return state, pose
        low, high = self.focal_range_mm
        focal_mm = min(high, max(low, state / tangents))
        return state, replace(pose, lens=replace(pose.lens, focal_length_mm=focal_mm))

    def _tangents(self, pose: Pose, subjects: Subjects) -> float | None:
        subject = located(subjects, self.subject)
        x, y, z = (s - p for s, p in zip(subject.position, pose.position, strict=True))
        _, low, near = seen((x, y, z), pose.pan, pose.tilt)
        _, high, far = seen((x, y + subject.height_m, z), pose.pan, pose.tilt)
        if min(near, far) < 1e-2:
            return None
        return abs(high / far - low / near) or None


EXAMPLE = DollyZoom("subject")
