"""The shot that is worked on: its camera and directions while it is played or scrubbed, the count before a
take, and one channel recorded again over an earlier pass."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from director.app.redo import Redo
from director.camera.points import Locate
from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.errors import DirectorError, TakeError
from director.scene.document import Scene
from director.scene.shots import RecordedTrack, Shot
from director.shots.evaluate import PreparedShot
from director.shots.objects import scene_of_shot
from director.shots.recorded import RecordedCamera
from director.take.camera_track import camera_for
from director.take.folder import plain_name
from director.take.track import TrackLine, TrackWriter, read_track
from director.types import CameraState, Direction

if TYPE_CHECKING:
    from director.app.session import Session

__all__ = ["COUNT_S", "Shooting", "ShotRide"]

COUNT_S = 3.0
"""How long is counted before a take."""
_MERGED = "merged"
_AT_REST_M = 2e-4
_AT_REST_Q = 2e-5


@dataclass(frozen=True, slots=True)
class ShotRide:
    """A shot as the camera rides it: like a move, but by scene time."""

    prepared: PreparedShot

    @property
    def name(self) -> str:
        """Of the shot."""
        return self.prepared.shot.name

    @property
    def duration_s(self) -> float:
        """Of the shot."""
        return self.prepared.shot.duration_s

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        """The shot's camera at a scene time."""
        return self.prepared.camera(time_s)


class Shooting:
    """Belongs to a session, which calls `tick` before it moves the camera.

    A shot is current from when it is gone to until another one or a move is. The first touch of the hands
    takes the camera over, a change of direction by hand the direction; scrubbing gives both back to the shot.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.prepared: PreparedShot | None = None
        self.auto_keys = False
        """Whether a camera that was moved by hand is keyed when the hand lets go."""
        self.counts_down = False
        self.left_s = 0.0
        """What is left of the count before a take; 0 while none is counted."""
        self.channels: frozenset[str] = frozenset()
        """What the next take records again over the earlier pass; nothing: all of it anew."""
        self.redo: Redo | None = None
        self.on_keyed: Callable[[CameraState], object] = lambda camera: None
        """Called when the hand has let go of a camera that is to be keyed, at the time that is."""
        self.on_passed: Callable[[str, str], object] = lambda shot, take: None
        """Called with a shot's name and a take, when one channel of it has been recorded again."""
        self._name: str | None = None
        self._ride: ShotRide | None = None
        self._directs = False
        self._adopted: Direction | None = None
        self._lines: list[TrackLine] = []
        # Whether the take that is recorded has seen the shot play.
        self._rolls = False
        self._flew = False
        self._seen: CameraState | None = None
        self._tracks: dict[str, RecordedCamera] = {}
        self._baked: tuple[Scene, Shot, Scene] | None = None

    @property
    def shot(self) -> Shot | None:
        """The current shot as the scene has it."""
        return self._of(self._session.document)

    @property
    def follows(self) -> bool:
        """Whether the camera is the shot's."""
        return self._ride is not None and self._session.flight.riding is self._ride

    @property
    def is_over(self) -> bool:
        """Whether what is being recorded has come to its end: the shot was played to it, or the pass over
        which a channel is recorded again."""
        transport = self._session.transport
        if self.redo is not None:
            return not transport.is_playing
        return self._rolls and not transport.is_playing and transport.time_s >= transport.end_s

    @property
    def is_filming(self) -> bool:
        """Whether a take of the current shot is being recorded."""
        return self._session.recording is not None and self.shot is not None

    @property
    def is_first_picture(self) -> bool:
        """Whether the next picture will be the first of such a take."""
        recording = self._session.recording
        return recording is not None and not recording.has_begun and self.shot is not None

    @property
    def take_name(self) -> str | None:
        """What a take that begins now is called, where a shot is current."""
        shot = self.shot
        return None if shot is None else shot.slate.shot or shot.name

    @property
    def take_settings(self) -> Mapping[str, object]:
        """What a take notes of the shot that it is of."""
        shot = self.shot
        if shot is None:
            return {}
        slate = {"scene": shot.slate.scene or self._session.document.name, "shot": self.take_name}
        again = {"recorded_again": sorted(self.channels)} if self.redo is not None else {}
        return {"shot": shot.name, "slate": {**slate, "note": shot.slate.note}, **again}

    def baked(self, document: Scene) -> Scene:
        """The scene to be drawn: with the current shot's keyed objects where they are. Made once an edit."""
        shot = self._of(document)
        if shot is None:
            return document
        if self._baked is None or self._baked[0] is not document or self._baked[1] is not shot:
            self._baked = (document, shot, scene_of_shot(document, shot, self._session.settings.fps))
        return self._baked[2]

    def go(self, name: str, at_s: float | None = None) -> bool:
        """Go to a shot: its start, camera, lens and directions; a cut. With `at_s` time stands there, and it
        is none. False, with a notice, where it cannot be shown."""
        self._end_pass()
        before, self._name = self._name, name
        if not self._show():
            self._name = before
            self._show()
            return False
        shot = self.shot
        assert shot is not None
        transport = self._session.transport
        transport.set_range(shot.start_s, shot.end_s)
        if at_s is None:
            transport.rewind()
        else:
            transport.seek(at_s)
        self.follow(cuts=at_s is None)
        return True

    def leave(self) -> None:
        """No shot is current any more."""
        self._end_pass()
        if self._name is None:
            return
        self._name = None
        self._show()
        self._session.transport.start_s = 0.0

    def _end_pass(self) -> None:
        # What is recorded again is kept, and no take begins elsewhere than where it was asked for.
        self.left_s = 0.0
        if self.redo is not None:
            self._session.end_take()
        self.redo = None

    def follow(self, *, cuts: bool) -> None:
        """Give camera and directions back to the shot."""
        if self._ride is None:
            return
        self._session.flight.follow(self._ride, cuts=cuts)
        self._flew = False
        self._directs = True
        self._adopt(None)

    def scrub(self, time_s: float) -> None:
        """Show the scene, and the shot, at a time."""
        self._session.transport.seek(time_s)
        if not self.follows and self.redo is None:
            self.follow(cuts=True)

    def refresh(self, before: Scene, *, follows: bool) -> None:
        """The scene was edited: go on in it. `follows` tells whether the camera was the shot's. A shot that
        was renamed since `before`, there or back, stays current."""
        shot = self.shot
        was_called = [shot.name for shot in before.shots]
        if shot is None and self._name in was_called and len(was_called) == len(self._session.document.shots):
            self._name = self._session.document.shots[was_called.index(self._name)].name
            shot = self.shot
        if shot is None:
            if self._name is not None:
                self._name = self._ride = self.prepared = None
                self._session.transport.start_s = 0.0
            return
        was = None if self.prepared is None else self.prepared.shot
        if not self._prepare(shot):
            return
        if was is None or (was.start_s, was.end_s) != (shot.start_s, shot.end_s):
            self._session.transport.set_range(shot.start_s, shot.end_s)
        if follows and self._ride is not None:
            self._session.flight.follow(self._ride, cuts=False, keeps_lens=True)
        if self._directs:
            self._adopt(None)

    def tick(self, intent: FlyIntent, time_s: float, dt_s: float) -> FlyIntent:
        """A tick's part of it; returns what is left of the hands' intent for the flight."""
        self._count(dt_s)
        if self.prepared is not None and self._directs:
            if self._session.directing.wanted is not self._adopted:
                self._directs = False
            else:
                self._adopt(self.prepared.direction(time_s))
        if self.redo is not None:
            self.redo.step(intent, time_s, dt_s)
            return NO_INTENT
        if self.auto_keys and self.prepared is not None and self._session.recording is None:
            self._watch(intent)
        return intent

    def note(self, line: TrackLine) -> None:
        """A tick of a take that is being recorded."""
        self._rolls = self._rolls or (self.shot is not None and self._session.transport.is_playing)
        if self.redo is not None:
            self._lines.append(line)

    def makes_ready(self) -> bool:
        """A take is asked for: whether it begins now. Where it is counted down first, it begins then."""
        if self.left_s > 0:
            self.left_s = 0.0
            if self.redo is not None:
                self._end_redo()
            return False
        if self.channels and self.shot is not None and not self._begin_redo():
            return False
        transport = self._session.transport
        if self.counts_down:
            if self.shot is not None and self.redo is None:
                transport.rewind()
                self.follow(cuts=True)
            transport.is_playing = False
            self.left_s = COUNT_S
            return False
        # A take of a shot is of its action: nobody films a scene that stands and means to.
        if self.shot is not None and not transport.is_playing and transport.toggle():
            self._session.flight.cut()
        return True

    def abandon(self) -> None:
        """The take that was to begin could not."""
        if self.redo is not None:
            self._end_redo()

    def take_ended(self, folder: Path) -> None:
        """A take of this session has ended."""
        self._rolls = False
        redo, lines, shot = self.redo, self._lines, self.shot
        if redo is None:
            return
        self._end_redo()
        try:
            merged = redo.merged(lines)
            (folder / _MERGED).mkdir()
            writer = TrackWriter(folder / _MERGED / "track.jsonl")
            for line in merged:
                writer.write(line)
            writer.close()
        except (DirectorError, OSError) as error:
            self._session.notices.add(f"The pass is not kept: {error}", is_problem=True)
            return
        if shot is not None:
            take = (folder / _MERGED).relative_to(self._session.settings.takes).as_posix()
            self.on_passed(shot.name, take)

    def last_take(self) -> str | None:
        """The newest take of the current shot that has a track, by its folder under that of the takes."""
        name, takes = self.take_name, self._session.settings.takes
        if name is None:
            return None
        parent = takes / plain_name(self._session.document.name)
        stem = f"{plain_name(name)}_T"
        found = [path for path in parent.glob("*_T*") if path.name.startswith(stem)]
        numbered = [path for path in found if path.name[len(stem) :].isdigit()]
        for folder in sorted(numbered, key=lambda path: int(path.name[len(stem) :]), reverse=True):
            if (folder / "track.jsonl").is_file():
                return folder.relative_to(takes).as_posix()
        return None

    def _of(self, document: Scene) -> Shot | None:
        if self._name is None:
            return None
        return next((shot for shot in document.shots if shot.name == self._name), None)

    def renamed(self, name: str) -> None:
        """The current shot is called this from the next edit on."""
        if self._name is not None:
            self._name = name

    def _show(self) -> bool:
        # The scene as the current shot has it, and the shot made ready in that.
        shot = self.shot
        self._session.show_scene()
        if shot is None:
            self.prepared = self._ride = None
            self._directs = False
            return self._name is None
        return self._prepare(shot)

    def _prepare(self, shot: Shot) -> bool:
        try:
            self.prepared = PreparedShot(shot, self._session.scene, self.recorded(shot))
        except DirectorError as error:
            self.prepared = self._ride = None
            self._session.notices.add(str(error), is_problem=True)
            return False
        self._ride = ShotRide(self.prepared)
        return True

    def recorded(self, shot: Shot) -> RecordedCamera | None:
        """The camera of the take that a shot follows, read once; None for one that follows none. Raises
        TakeError where it cannot be had."""
        if not isinstance(shot.camera, RecordedTrack):
            return None
        take = shot.camera.take
        if take not in self._tracks:
            found = camera_for(shot, self._session.settings.takes)
            assert found is not None
            self._tracks[take] = found
        return self._tracks[take]

    def _adopt(self, direction: Direction | None) -> None:
        if direction is None:
            assert self.prepared is not None
            direction = self.prepared.direction(self._session.transport.time_s)
        if direction is not self._adopted or self._session.directing.wanted is not direction:
            self._session.directing.adopt(direction)
        self._adopted = direction

    def _count(self, dt_s: float) -> None:
        if self.left_s <= 0:
            return
        self.left_s -= dt_s
        if self.left_s <= 0:
            self.left_s = 0.0
            self._session.transport.is_playing = True
            self._session.begin_take()

    def _begin_redo(self) -> bool:
        shot = self.shot
        assert shot is not None
        take, offset_s = self.last_take(), 0.0
        if isinstance(shot.camera, RecordedTrack):
            take, offset_s = shot.camera.take, shot.camera.offset_s
        try:
            if take is None:
                raise TakeError(
                    "has no pass yet", subject=f"shot {shot.name}", mend="record all of it once first"
                )
            lines = read_track(self._session.settings.takes / take / "track.jsonl")
            later = [
                replace(line, tick=replace(line.tick, time_s=line.tick.time_s + offset_s)) for line in lines
            ]
            self.redo = Redo(shot.name, later, self.channels)
        except TakeError as error:
            self._session.notices.add(str(error), is_problem=True)
            return False
        self._lines = []
        transport = self._session.transport
        transport.loops = False
        transport.set_range(shot.start_s, min(max(self.redo.end_s, shot.start_s + 0.04), shot.end_s))
        transport.rewind()
        self.follow(cuts=True)
        self._session.flight.follow(self.redo, cuts=True)
        return True

    def _end_redo(self) -> None:
        self.redo, self._lines = None, []
        shot = self.shot
        if shot is not None:
            self._session.transport.set_range(shot.start_s, shot.end_s)
        self._session.transport.rewind()
        self.follow(cuts=True)

    def _watch(self, intent: FlyIntent) -> None:
        # Whether the hand has let go, and the rig come to rest.
        flight = self._session.flight
        before, self._seen = self._seen, flight.camera
        if any((*intent.move, *intent.look_rad, *intent.look_rate, intent.roll)):
            self._flew = True
        elif self._flew and flight.riding is None:
            if before is not None and _is_at_rest(before, flight.camera):
                self._flew = False
                self.on_keyed(flight.camera)
                self.follow(cuts=False)
        elif self.follows and flight.has_own_lens:
            self.on_keyed(flight.camera)
            self.follow(cuts=False)


def _is_at_rest(before: CameraState, now: CameraState) -> bool:
    turned = max(abs(a - b) for a, b in zip(before.orientation, now.orientation, strict=True))
    return math.dist(before.position, now.position) < _AT_REST_M and turned < _AT_REST_Q
