"""Work on shots at the desk: made from framings, ordered, keyed, recorded over; every change is an edit."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from director.app.desk.editing import Editing
from director.app.desk.paths import path_from
from director.app.redo import REDO_CHANNELS
from director.app.scratch_sound import ScratchSound
from director.app.session import Session
from director.app.shot_pictures import ShotPictures
from director.app.shot_values import value_now
from director.camera.move import Move
from director.camera.shakes import SHAKE_NAMES
from director.curves import Interpolation
from director.errors import DirectorError
from director.scene.edit import DeleteShot
from director.scene.shots import MoveCamera, RecordedTrack, Shot, ShotLens, ShotShake
from director.shots.edit import free_name
from director.shots.edits import InsertShot, PutShotAs, ReorderShot
from director.shots.keying import (
    KeyRef,
    Value,
    marked,
    moved_keys,
    with_camera_keys,
    with_ease,
    with_interpolation,
    with_key,
    with_lens_keys,
    with_slope,
    without_keys,
)
from director.shots.ruler import frame_time
from director.types import CameraState

__all__ = ["ShotBoard"]

_SHORTEST_S = 1.0
_CAMERA = {
    "position": None,
    "rotation_deg": None,
    "focal_length_mm": None,
    "f_number": None,
    "focus_distance_m": None,
}


@dataclass(frozen=True, slots=True)
class _Drag:
    """Keys that are being dragged: the shot as it was, and which keys of it."""

    shot: Shot
    keys: frozenset[KeyRef]


class ShotBoard:
    """What panels of shots and keys act through. `keys` are the chosen keys of the current shot."""

    def __init__(self, session: Session, editing: Editing) -> None:
        self._session = session
        self._editing = editing
        self.shooting = session.shooting
        self.pictures = ShotPictures(session)
        self.sound = ScratchSound(session.notices)
        self.keys: frozenset[KeyRef] = frozenset()
        self.shows_timecode = False
        self._chosen_beside: tuple[str, ...] = ()
        self._drag: _Drag | None = None
        self.shooting.on_keyed = self._key_by_hand
        self.shooting.on_passed = self._follow_take

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Of the scene, in order."""
        return self._editing.scene.shots

    @property
    def shot(self) -> Shot | None:
        """The current one."""
        return self.shooting.shot

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "shot": self.make,
            "shot-again": self.make_again,
            "next-shot": lambda: self.step(1),
            "previous-shot": lambda: self.step(-1),
            "shot-later": lambda: self._of_shot(lambda shot: self.reorder(shot.name, 1)),
            "shot-earlier": lambda: self._of_shot(lambda shot: self.reorder(shot.name, -1)),
            "duplicate-shot": lambda: self._of_shot(lambda shot: self.duplicate(shot.name)),
            "delete-shot": lambda: self._of_shot(lambda shot: self.delete(shot.name)),
            "follow-take": self.follow_last_take,
            "key-camera": self.key_camera,
            "auto-key": self.toggle_auto_keys,
            "mark": lambda: self.mark(""),
            "loop": self.toggle_loop,
            "count-down": self.toggle_count,
            "timecode": self.toggle_timecode,
            "record-again": self.next_channel,
            "delete": self._delete,
        }

    def tick(self, dt_s: float) -> None:
        """Once a turn: sound in step, small pictures due."""
        transport = self._session.transport
        self.sound.tick(transport.time_s, transport.is_playing, dt_s)
        self.pictures.begin()

    def close(self) -> None:
        """Free what OpenGL and the mixer hold."""
        # The file is let go: what ends from now on is in its take, and no edit.
        self.shooting.on_keyed = lambda camera: None
        self.shooting.on_passed = lambda shot, take: None
        self.sound.close()
        self.pictures.release()

    def make(self) -> bool:
        """A shot of what the camera sees now, after the current one; it becomes current. Where a move is
        ridden the shot keeps the move."""
        name = free_name(self._editing.scene, f"S{(len(self.shots) + 1) * 10:03d}")
        current = self.shot
        made = self._framed(name, self._range())
        if made is None:
            return False
        ridden = self._session.flight.riding
        if isinstance(ridden, Move):
            made = made.model_copy(
                update={
                    "camera": MoveCamera(kind="move", move=ridden.name, begins_s=0.0),
                    "lens": _lens_by_hand(made.lens, self._session),
                    "start_s": 0.0,
                    "end_s": ridden.duration_s,
                }
            )
        if not self._editing.do(InsertShot(made, None if current is None else current.name)):
            return False
        self.pictures.grab(self._named(name))
        self._session.notices.add(f"Shot {name}")
        return self._take_up(name)

    def make_again(self) -> None:
        """The current shot as the camera stands now; name, range, slate, marks and the keys of everything but
        the camera stay."""
        self._of_shot(self._make_again)

    def go(self, name: str) -> bool:
        """Go to a shot."""
        self.keys = frozenset()
        return self.shooting.go(name)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (−1) shot."""
        names = [shot.name for shot in self.shots]
        if not names:
            self._session.notices.add("There are no shots yet: Insert makes one")
            return
        shot = self.shot
        at = (-1 if by > 0 else 0) if shot is None else names.index(shot.name)
        self.go(names[(at + by) % len(names)])

    def rename(self, name: str, new_name: str) -> bool:
        """Call a shot something else."""
        new_name = new_name.strip()
        if not new_name or new_name == name:
            return False
        is_current = self.shot is not None and self.shot.name == name
        if is_current:
            self.shooting.renamed(new_name)
        if self.put(self._named(name), f"Rename shot {name}", name=new_name):
            self.pictures.rename(name, new_name)
            return True
        if is_current:
            self.shooting.renamed(name)
        return False

    def duplicate(self, name: str) -> None:
        """The same shot once more, after it."""
        copy = self._named(name).model_copy(update={"name": free_name(self._editing.scene, name)})
        if self._editing.do(InsertShot(copy, name)):
            self.go(copy.name)

    def delete(self, name: str) -> None:
        """Take a shot away; the next one becomes current."""
        names = [shot.name for shot in self.shots]
        at, was_current = names.index(name), self.shot is not None and self.shot.name == name
        self.keys = frozenset()
        if self._editing.do(DeleteShot(name)) and was_current and len(names) > 1:
            left = [other for other in names if other != name]
            self.go(left[min(at, len(left) - 1)])

    def reorder(self, name: str, by: int) -> None:
        """Bring a shot later or earlier in the order."""
        at = [shot.name for shot in self.shots].index(name)
        self._editing.do(ReorderShot(name, min(len(self.shots) - 1, max(0, at + by))))

    def put(self, shot: Shot, what: str, *, key: str = "", **fields: object) -> bool:
        """Change fields of a shot, as one line of the undo list; edits in a row with the same key are one."""
        try:
            changed = Shot.model_validate({**dict(shot), **fields})
        except ValidationError as error:
            self._session.notices.add(f"{what}: {error.errors()[0]['msg']}", is_problem=True)
            return False
        return self._editing.do(PutShotAs(shot.name, changed, what), key=key)

    def set_slate(self, shot: Shot, **fields: object) -> None:
        """Change what the slate shows."""
        slate = {**dict(shot.slate), **fields}
        self.put(shot, f"Slate of {shot.name}", key=f"slate {shot.name} {list(fields)}", slate=slate)

    def follow_last_take(self) -> None:
        """The current shot's camera becomes that of its newest take, in place of move and keys."""
        shot, take = self.shot, self.shooting.last_take()
        if shot is None or take is None:
            self._session.notices.add("No take of a shot to follow: record one with R")
            return
        self._follow_take(shot.name, take)
        self.go(shot.name)

    def key_camera(self) -> None:
        """Keys of position and orientation, and of what was set on the lens, at this time."""
        if self._needs_shot():
            self._key(self._session.flight.camera, moved=True)
            self.shooting.follow(cuts=False)

    def add_key(self, path: tuple[str, ...], time_s: float, value: Value | None = None) -> None:
        """A key of a channel: of that value, or of what there is at that time."""
        shot = self.shot
        if shot is None or self.shooting.prepared is None:
            return
        at_s = frame_time(time_s, self._session.settings.fps)
        try:
            if value is None:
                value = value_now(path, self.shooting.prepared, self._session.scene, at_s)
            changed = with_key(shot, path, at_s, value)
        except (DirectorError, ValidationError) as error:
            self._session.notices.add(str(error), is_problem=True)
            return
        if self._put(shot, changed, f"Key of {shot.name}"):
            self.choose_keys(frozenset({(path, at_s)}))

    def set_value(self, ref: KeyRef, value: Value) -> None:
        """Give a key another value; a row of changes is one line of the undo list until it is sealed."""
        shot = self.shot
        if shot is None:
            return
        try:
            changed = with_key(shot, *ref, value)
        except ValidationError as error:
            self._session.notices.add(str(error.errors()[0]["msg"]), is_problem=True)
            return
        self._put(shot, changed, f"Key of {shot.name}", key=f"value {shot.name} {ref}")

    def set_ease(self, ref: KeyRef, ease_s: float) -> None:
        """How long the change to a key of words takes."""
        shot = self.shot
        if shot is not None:
            self._put(
                shot, with_ease(shot, ref, ease_s), f"Ease of {shot.name}", key=f"ease {shot.name} {ref}"
            )

    def choose_keys(self, keys: frozenset[KeyRef]) -> None:
        """Choose keys; Delete is for them until an object is chosen."""
        self.keys = keys
        self._chosen_beside = self._editing.selection

    def begin_drag(self) -> None:
        """The chosen keys are dragged from here on."""
        if self.shot is not None:
            self._drag = _Drag(self.shot, self.keys)

    def drag_keys(self, by_s: float) -> None:
        """They stand so much later than where the drag began, on frames."""
        drag = self._drag
        if drag is None or not drag.keys:
            return
        first = min(time for _, time in drag.keys)
        by_s = frame_time(max(0.0, first + by_s), self._session.settings.fps) - first
        changed, told = moved_keys(drag.shot, drag.keys, by_s)
        edit = PutShotAs(drag.shot.name, changed, f"Move keys of {drag.shot.name}")
        if self._editing.drag(edit, f"keys of {drag.shot.name}"):
            self.keys = told

    def drag_value(self, ref: KeyRef, time_s: float, value: float) -> None:
        """A key of a number, dragged to another time and value."""
        drag = self._drag
        if drag is None:
            return
        at_s = frame_time(time_s, self._session.settings.fps)
        changed, told = moved_keys(drag.shot, {ref}, at_s - ref[1])
        try:
            for path, moved_s in told:
                changed = with_key(changed, path, moved_s, value)
        except ValidationError:
            return
        edit = PutShotAs(drag.shot.name, changed, f"Move keys of {drag.shot.name}")
        if self._editing.drag(edit, f"keys of {drag.shot.name}"):
            self.keys = told

    def drag_slope(self, ref: KeyRef, slope: float, sides: Collection[str]) -> None:
        """The slope of a key of a number, dragged by its handle."""
        drag = self._drag
        if drag is not None:
            edit = PutShotAs(drag.shot.name, with_slope(drag.shot, ref, slope, sides), "Slope of a key")
            self._editing.drag(edit, f"keys of {drag.shot.name}")

    def end_drag(self) -> None:
        """The drag has ended: one line of the undo list."""
        self._drag = None
        self._editing.seal()

    @property
    def drags(self) -> bool:
        """Whether keys are being dragged."""
        return self._drag is not None

    def set_interpolation(self, kind: Interpolation) -> None:
        """How the way from the chosen keys to the next is gone."""
        shot = self.shot
        if shot is not None and self.keys:
            self._put(shot, with_interpolation(shot, self.keys, kind), f"Keys {kind}")

    def mark(self, note: str | None, time_s: float | None = None) -> None:
        """Mark a time of the current shot, this one if none is given; with None take the mark away."""
        if not self._needs_shot():
            return
        shot = self.shot
        assert shot is not None
        given = self._session.transport.time_s if time_s is None else time_s
        at_s = frame_time(given, self._session.settings.fps)
        try:
            changed = marked(shot, at_s, note)
        except ValidationError as error:
            self._session.notices.add(f"Mark {shot.name}: {error.errors()[0]['msg']}", is_problem=True)
            return
        self._put(shot, changed, f"Mark {shot.name}", key=f"mark {shot.name} {at_s}")

    def set_range(self, start_s: float, end_s: float) -> None:
        """What is played of the scene; the current shot stays as long as it is."""
        fps = self._session.settings.fps
        start_s, end_s = frame_time(start_s, fps), frame_time(end_s, fps)
        if end_s - start_s >= 1 / float(fps):
            self._session.transport.set_range(start_s, end_s)

    def toggle_auto_keys(self) -> None:
        """Key the camera whenever the hand lets it go, or no more."""
        self.shooting.auto_keys = not self.shooting.auto_keys
        self._session.notices.add("Auto-key" if self.shooting.auto_keys else "Auto-key off")

    def toggle_loop(self) -> None:
        """Play the range round and round, or once."""
        transport = self._session.transport
        transport.loops = not transport.loops
        self._session.notices.add("Loop" if transport.loops else "Loop off")

    def toggle_count(self) -> None:
        """Count three seconds before a take, or none."""
        self.shooting.counts_down = not self.shooting.counts_down
        self._session.notices.add(
            "Count 3-2-1 before a take" if self.shooting.counts_down else "No count before a take"
        )

    def toggle_timecode(self) -> None:
        """Show timecode over the picture, or not."""
        self.shows_timecode = not self.shows_timecode

    def next_channel(self) -> None:
        """Choose what the next take records again: nothing (all of it anew), then each channel in turn."""
        now = next(iter(sorted(self.shooting.channels)), "")
        order = ("", *REDO_CHANNELS)
        self.choose_channel(order[(order.index(now) + 1) % len(order)])

    def choose_channel(self, name: str) -> None:
        """The next take records this again over the earlier pass; "" for all of it anew."""
        self.shooting.channels = frozenset((name,) if name else ())
        self._session.notices.add(f"R records {name} again" if name else "R records all of it")

    def load_sound(self, path: str) -> None:
        """Scratch sound from a file; "" takes it away."""
        if path.strip():
            self.sound.load(path_from(path))
        else:
            self.sound.clear()

    def _framed(self, name: str, range_s: tuple[float, float]) -> Shot | None:
        session = self._session
        camera, scene = session.flight.camera, session.document
        # Locked with the shot, whatever becomes of the scene's own range.
        camera = replace(camera, depth_range_m=camera.depth_range_m or (scene.near_m, scene.far_m))
        try:
            made = Shot.from_framing(name, camera, session.directing.wanted, range_s, session.scene.objects)
        except ValidationError as error:
            session.notices.add(f"No shot can be made: {error.errors()[0]['msg']}", is_problem=True)
            return None
        followed = self.shot if self.shooting.follows else None
        mount = session.flight.mount
        if followed is not None:
            made = made.model_copy(update={"shake": followed.shake})
        elif mount.shake in SHAKE_NAMES:
            shake = ShotShake(kind=mount.shake, amount=mount.shake_amount)
            made = made.model_copy(update={"shake": shake})
        return made

    def _range(self) -> tuple[float, float]:
        transport, shot = self._session.transport, self.shot
        if shot is not None:
            return shot.start_s, shot.end_s
        start_s = transport.time_s if transport.end_s - transport.time_s >= _SHORTEST_S else 0.0
        return start_s, max(transport.end_s, start_s + _SHORTEST_S)

    def _make_again(self, shot: Shot) -> None:
        made = self._framed(shot.name, (shot.start_s, shot.end_s))
        if made is None:
            return
        kept = {name: getattr(shot, name) for name in ("number", "marks", "slate", "shake")}
        timeline = shot.timeline.model_copy(update=dict(_CAMERA))
        again = made.model_copy(update={**kept, "timeline": timeline})
        if self._put(shot, again, f"Make shot {shot.name} again"):
            self.pictures.grab(self._named(shot.name))
            self.shooting.follow(cuts=False)

    def _take_up(self, name: str) -> bool:
        # Made where one is: neither time nor picture jumps.
        transport, shot = self._session.transport, self._named(name)
        time_s, was_playing = transport.time_s, transport.is_playing
        is_there = shot.start_s <= time_s < shot.end_s
        self.keys = frozenset()
        gone = self.shooting.go(name, time_s if is_there else None)
        transport.is_playing = was_playing and is_there
        return gone

    def _follow_take(self, name: str, take: str) -> None:
        shot = self._named(name)
        timeline = shot.timeline.model_copy(update=dict(_CAMERA))
        camera = RecordedTrack(kind="recorded", take=take)
        # The take's shake is in its track.
        of_take = {"camera": camera, "lens": ShotLens(), "shake": None, "timeline": timeline}
        changed = shot.model_copy(update=of_take)
        self._put(shot, changed, f"Camera of {name} from {Path(take).name}")

    def _key_by_hand(self, camera: CameraState) -> None:
        # What the shot has carried along the hand has not moved: then only the lens was touched.
        self._key(camera, moved=not self.shooting.follows)

    def _key(self, camera: CameraState, *, moved: bool) -> None:
        shot, prepared = self.shot, self.shooting.prepared
        if shot is None or prepared is None:
            return
        time_s = frame_time(self._session.transport.time_s, self._session.settings.fps)
        own = prepared.camera(self._session.transport.time_s)
        changed = shot
        if moved:
            changed = with_camera_keys(changed, time_s, camera, prepared.camera(shot.start_s))
        changed = with_lens_keys(changed, time_s, camera, own, prepared.camera(shot.start_s))
        if self._put(shot, changed, f"Key camera of {shot.name}"):
            self._session.notices.add(f"Camera keyed at {time_s:.2f} s")

    def _put(self, shot: Shot, changed: Shot, what: str, *, key: str = "") -> bool:
        return self._editing.do(PutShotAs(shot.name, changed, what), key=key)

    def _named(self, name: str) -> Shot:
        return next(shot for shot in self.shots if shot.name == name)

    def _needs_shot(self) -> bool:
        if self.shot is None:
            self._session.notices.add("No shot is current: Insert makes one of what is seen")
        return self.shot is not None

    def _of_shot(self, do: Callable[[Shot], object]) -> None:
        if self._needs_shot():
            shot = self.shot
            assert shot is not None
            do(shot)

    def _delete(self) -> None:
        shot = self.shot
        if self.keys and shot is not None and self._chosen_beside == self._editing.selection:
            if self._put(shot, without_keys(shot, self.keys), f"Delete keys of {shot.name}"):
                self.keys = frozenset()
            return
        self._editing.acts["delete"]()


def _lens_by_hand(lens: ShotLens, session: Session) -> ShotLens:
    # What hands have set stays on; the rest is the move's own.
    by_hand = session.flight.live.set
    fields = ("focal_length_mm", "f_number", "focus_distance_m")
    kept = {name: getattr(lens, name) for name in fields if name in by_hand}
    back = lens.film_back_mm if "film_back_width_mm" in by_hand else None
    return ShotLens(film_back_mm=back, **kept)
