"""A shot at a time: a pure function of the shot, the scene and the time."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from director.camera.angles import angles_from_orientation, orientation_from_angles
from director.camera.shakes import shake_named
from director.curves import ScalarCurve, TextKey
from director.direction.ease import Ease
from director.direction.evaluate import SCENE, direction_at, named_object
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.proxy import Position, Rotation
from director.scene.shots import MoveCamera, RecordedTrack, Shot, StillCamera
from director.shots.recorded import RecordedCamera
from director.types import CameraState, Direction, Lens

__all__ = ["Placement", "PreparedShot", "ShotState"]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a shot puts an object, in its parent's space; None leaves it as the scene has it."""

    position: Position | None
    rotation_deg: Rotation | None


@dataclass(frozen=True, slots=True)
class ShotState:
    """What a shot is at a time. `objects` goes by name."""

    camera: CameraState
    direction: Direction
    objects: Mapping[str, Placement]


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of words: when, how long it takes, and what it leaves; None where it comes at once."""

    time_s: float
    ease_s: float
    leaving: Direction | None


class PreparedShot:
    """A shot of a scene, ready to be asked for any time. `recorded` is the take's camera, where the shot's is
    a recorded one.

    Raises UsageError where that is missing, and for a move or an object that the scene has not.
    """

    def __init__(self, shot: Shot, scene: CompiledScene, recorded: RecordedCamera | None = None) -> None:
        self.shot = shot
        self._scene = scene
        self._recorded = recorded
        if isinstance(shot.camera, RecordedTrack) and recorded is None:
            raise UsageError(
                f"the take {shot.camera.take!r} is not here",
                subject=f"shot {shot.name}",
                mend="bring the take back, or give the shot another camera",
            )
        self._move = scene.move(shot.camera.move) if isinstance(shot.camera, MoveCamera) else None
        self._locks = frozenset(named_object(name, scene.objects).id for name in shot.directions.held)
        keyed = shot.timeline.strengths
        self._strengths = tuple((_strength_id(name, scene), curve) for name, curve in keyed.items())
        self._words: dict[float, Direction] = {}
        self._changes = self._changes_of_words()
        self.at(shot.start_s)

    def at(self, time_s: float) -> ShotState:
        """The shot at a scene time; outside its range as well."""
        line = self.shot.timeline
        objects = {
            name: Placement(
                None if keyed.position is None else keyed.position.at(time_s),
                None if keyed.rotation_deg is None else keyed.rotation_deg.at(time_s),
            )
            for name, keyed in line.objects.items()
        }
        return ShotState(self.camera(time_s), self.direction(time_s), MappingProxyType(objects))

    def camera(self, time_s: float) -> CameraState:
        """The camera at a scene time; `is_cut` is left to who knows the tick before."""
        shot, line = self.shot, self.shot.timeline
        camera = self._base(time_s)
        if line.position is not None:
            camera = replace(camera, position=line.position.at(time_s))
        if line.rotation_deg is not None:
            camera = replace(camera, orientation=orientation_from_angles(line.rotation_deg.at(time_s)))
        if shot.shake is not None:
            noise = shake_named(shot.shake.kind, shot.shake.amount)
            camera = replace(camera, correction=noise.correction_at(time_s))
        own_range = camera.depth_range_m
        return replace(
            camera, lens=self._lens(camera.lens, time_s), depth_range_m=shot.depth_range_m or own_range
        )

    def angles_deg(self, time_s: float) -> Rotation:
        """Yaw, pitch and roll of the camera: as they are keyed, or −180..180."""
        keyed = self.shot.timeline.rotation_deg
        if keyed is not None:
            return keyed.at(time_s)
        return angles_from_orientation(self._base(time_s).orientation)

    def direction(self, time_s: float) -> Direction:
        """The direction at a scene time.

        Prompts ease as they do live: a change leaves from wherever the one before had come to, and arrives
        smoothly at both ends. Strengths are numbers, and follow their curves.
        """
        begun = bisect_right(self._changes, time_s, key=lambda change: change.time_s)
        if begun == 0:
            return self._wanted(0.0, time_s)
        change = self._changes[begun - 1]
        wanted = self._wanted(change.time_s, time_s)
        if change.leaving is None or time_s >= change.time_s + change.ease_s:
            return wanted
        share = (time_s - change.time_s) / change.ease_s
        leaving = _with_strengths(change.leaving, wanted.strengths)
        return replace(wanted, leaving=leaving, arrived=share * share * (3 - 2 * share))

    def _base(self, time_s: float) -> CameraState:
        camera = self.shot.camera
        if isinstance(camera, StillCamera):
            return CameraState(camera.position, orientation_from_angles(camera.rotation_deg))
        if isinstance(camera, RecordedTrack):
            assert self._recorded is not None
            return self._recorded.at(time_s - camera.offset_s)
        assert self._move is not None
        begins_s = self.shot.start_s if camera.begins_s is None else camera.begins_s
        locate = self._scene.locate
        return self._move.camera_at(time_s - begins_s, lambda name, after_s: locate(name, after_s + begins_s))

    def _lens(self, lens: Lens, time_s: float) -> Lens:
        set_, line = self.shot.lens, self.shot.timeline
        width, height = set_.film_back_mm or (lens.film_back_width_mm, lens.film_back_height_mm)
        focal_mm = _value(line.focal_length_mm, time_s, set_.focal_length_mm, lens.focal_length_mm)
        focal_mm = min(1200.0, max(4.0, focal_mm))
        f_number = _value(line.f_number, time_s, set_.f_number, lens.f_number)
        focus_m = _value(line.focus_distance_m, time_s, set_.focus_distance_m, lens.focus_distance_m)
        # A curve may swing past what a lens can do; nearer than life size no lens here is focused.
        return Lens(width, height, focal_mm, min(64.0, max(0.5, f_number)), max(focus_m, focal_mm / 500))

    def _changes_of_words(self) -> tuple[_Change, ...]:
        # Made once, with the Ease that the hands have: a change that is keyed goes as one that is flown.
        ease = Ease(self._wanted(0.0, 0.0), 0.0)
        changes: list[_Change] = []
        last_s = 0.0
        for time_s, ease_s in _eases(self.shot):
            ease.advance(time_s - last_s)
            ease.seconds = ease_s
            ease.to(self._wanted(time_s, time_s))
            changes.append(_Change(time_s, ease_s, ease.now.leaving))
            last_s = time_s
        return tuple(changes)

    def _wanted(self, words_s: float, now_s: float) -> Direction:
        """What is asked for with the words of one time and the numbers of another."""
        if words_s not in self._words:
            # Once for each change: a scene may have thousands of objects.
            self._words[words_s] = self._asked(words_s)
        direction = self._words[words_s]
        if not self._strengths:
            return direction
        now = {id_: min(1.0, max(0.0, curve.at(now_s))) for id_, curve in self._strengths}
        return replace(direction, strengths=MappingProxyType({**direction.strengths, **now}))

    def _asked(self, words_s: float) -> Direction:
        asked, line = self.shot.directions, self.shot.timeline
        own = self._scene.scene.prompt if asked.prompt is None else asked.prompt
        direction = direction_at(
            own if line.prompt is None else line.prompt.at(words_s),
            {
                **asked.object_prompts,
                **{name: words.at(words_s) for name, words in line.object_prompts.items()},
            },
            self._scene.objects,
            asked.seed,
            words_s,
            asked.strengths,
        )
        return replace(direction, locks=self._locks, look=MappingProxyType(dict(asked.look)))


def _strength_id(name: str, scene: CompiledScene) -> int:
    return 0 if name == SCENE else named_object(name, scene.objects).id


def _eases(shot: Shot) -> tuple[tuple[float, float], ...]:
    """(time, how long it takes) of every change of words, in order; of several at once, the longest ease."""
    line = shot.timeline
    curves = ([] if line.prompt is None else [line.prompt]) + list(line.object_prompts.values())
    keys: list[TextKey] = [key for curve in curves for key in curve.changes()]
    eases: dict[float, float] = {}
    for key in keys:
        eases[key.time_s] = max(key.ease_s, eases.get(key.time_s, 0.0))
    return tuple(sorted(eases.items()))


def _with_strengths(direction: Direction, strengths: Mapping[int, float]) -> Direction:
    leaving = None if direction.leaving is None else _with_strengths(direction.leaving, strengths)
    return replace(direction, strengths=strengths, leaving=leaving)


def _value(curve: ScalarCurve | None, time_s: float, chosen: float | None, own: float) -> float:
    if curve is not None:
        return curve.at(time_s)
    return own if chosen is None else chosen
