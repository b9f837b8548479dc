"""Records a take while it happens: the film, the track and take.json, in a folder of their own."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from director import __version__
from director.clock import today
from director.errors import RecordingError
from director.generate.protocol import GeneratorIdentity
from director.scene.document import Scene
from director.take.film import Film
from director.take.folder import make_take_folder, write_json
from director.take.hashes import file_sha256, scene_sha256
from director.take.reference_hashes import STORED, followed_in, reference_sha256
from director.take.resample import Resampler
from director.take.scene_copy import plan_copy
from director.take.thumbnail import save_picture, save_thumbnail
from director.take.track import TrackLine, TrackWriter

__all__ = ["TAKE_SCHEMA_VERSION", "Plan", "Recorder", "Take"]

TAKE_SCHEMA_VERSION = 1

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be recorded: into `root/<scene>/<shot>_T<nnn>`, pictures of `width` × `height` (both
    even) at `fps` frames a second. `settings` is what else made the pictures, as JSON: device, threads,
    renderer …; `generator` is what makes them, where that is known already; `rendered_from` tells of the take
    that this one is a render of."""

    root: Path
    scene: Scene
    shot: str
    width: int
    height: int
    fps: Fraction = Fraction(24)
    seed: int = 0
    settings: Mapping[str, object] = field(default_factory=dict)
    generator: GeneratorIdentity | None = None
    rendered_from: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """A take on disk. `repeated` frames stand for pictures that came too fast to be written; `error` is
    why the take ends early, "" where it does not."""

    folder: Path
    video: Path
    number: int
    frames: int
    repeated: int
    error: str


class Recorder:
    """A take that is being recorded. One thread ticks; `stop` may be called from another afterwards.

    With `waits` of False (live) a tick never waits for the film: overload repeats frames, and says so.
    Raises RecordingError where the take cannot be begun.
    """

    def __init__(self, plan: Plan, waits: bool = False) -> None:
        self._plan = plan
        self._waits = waits
        self._resampler = Resampler(plan.fps)
        self._picture: NDArray[np.uint8] | None = None
        self._ticks = 0
        self._scene_edits = 0
        self._stopping = threading.Lock()
        self._take: Take | None = None
        self._failure: RecordingError | None = None
        self._thumbnail: Future[None] | None = None
        self._references: dict[str, Future[str | None]] = {}
        self.folder, self.number = make_take_folder(plan.root, plan.scene.name, plan.shot)
        self._date = today()
        self._scene = plan_copy(plan.scene, self.folder)
        self._copying: Future[None] = _in_background(lambda: self._scene.write(self.folder), "scene")
        try:
            self._write_document("recording", plan.generator, {})
            self._track = TrackWriter(self.folder / "track.jsonl")
            try:
                self._film = Film(self.folder / "video.mp4", plan.width, plan.height, plan.fps)
            except RecordingError:
                self._track.close()
                raise
        except RecordingError:
            # Nothing was recorded, and a folder would say that something was.
            self._copying.exception()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def video(self) -> Path:
        """Where the film lies."""
        return self.folder / "video.mp4"

    @property
    def film_pid(self) -> int:
        """The process that writes the film."""
        return self._film.pid

    @property
    def note(self) -> str:
        """What the HUD should say about this take, "" if all is well."""
        failure = self._failure or self._film.error
        if failure is not None:
            return str(failure)
        if self._film.repeated:
            return f"{self._film.repeated} frames repeated: the film cannot be written fast enough"
        return ""

    def tick(self, line: TrackLine, picture: NDArray[np.uint8] | None) -> None:
        """What was so at this tick, and the picture shown, uint8[h, w, 3] of the plan's size; None where
        it is still the one of the tick before. The array must not change afterwards.

        Raises RecordingError where nothing more can be recorded, the same again from then on: a track with a
        gap would not be this take's. `stop` then keeps what there is, and tells why it ends.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._track.write(line)
            self._ticks += 1
            self._note_references(line)
            count = self._resampler.tick(line.tick.dt_s)
            if count:
                self._put(count)
        except RecordingError as failure:
            self._failure = failure
            raise
        if picture is not None:
            if self._picture is None:
                self._begin_thumbnail(picture)
            self._picture = picture

    def _note_references(self, line: TrackLine) -> None:
        # When it is first followed: by the end of the take another may lie there.
        for path in followed_in((line,)):
            if path not in self._references:
                self._references[path] = _in_background(lambda path=path: reference_sha256(path), "reference")  # type: ignore[misc]

    def scene_edited(self) -> None:
        """From the next tick on the scene is another than the one that the take stores; the take tells."""
        self._scene_edits += 1

    def stop(
        self,
        identity: GeneratorIdentity | None = None,
        results: Mapping[str, object] | None = None,
        ended_by: str = "",
    ) -> Take:
        """Finish the film and take.json, which also gets `results`. `ended_by` says why a take ends before
        its time. Idempotent; never raises for what went wrong with the film, which the take tells instead.
        Takes a moment: ffmpeg ends its work.

        Raises RecordingError where take.json cannot be written.
        """
        with self._stopping:
            # Also when two ask for it at once.
            if self._take is None:
                self._take = self._finish(identity, results or {}, ended_by)
            return self._take

    def stop_in_background(
        self, identity: GeneratorIdentity | None = None, results: Mapping[str, object] | None = None
    ) -> "Future[Take]":
        """`stop` on a thread of its own, for those who cannot wait."""
        return _in_background(lambda: self.stop(identity, results), "take's end")

    def _finish(
        self, identity: GeneratorIdentity | None, results: Mapping[str, object], ended_by: str
    ) -> Take:
        # What ended it is told, also where there is room again by now.
        error = ended_by if self._failure is None else str(self._failure)
        try:
            count = self._resampler.end()
            if count:
                self._put(count)
            self._film.close()
            if self._thumbnail is not None:
                # Or the first picture might be laid over the one that is to stay.
                self._thumbnail.result()
            save_thumbnail(
                self.video, Fraction(self._film.frames // 2) / self._plan.fps, self.folder / "thumbnail.png"
            )
        except RecordingError as failure:
            error = str(self._failure or failure)
            # The first failure is told; that a dead film cannot be closed either is no news.
            with contextlib.suppress(RecordingError):
                self._film.close()
        for close in (self._track.close, self._copying.result):
            try:
                close()
            except RecordingError as failure:
                error = error or str(failure)
        take = Take(self.folder, self.video, self.number, self._film.frames, self._film.repeated, error)
        told = {**results, **_told(take), **self._hashes()}
        self._write_document("short" if error else "complete", identity or self._plan.generator, told)
        return take

    def _hashes(self) -> dict[str, object]:
        # By them a take that was edited afterwards is noticed; one that cannot be read any more has none.
        found: dict[str, object] = {}
        references = {path: future.result() for path, future in sorted(self._references.items())}
        if references:
            found[STORED] = {path: sha256 for path, sha256 in references.items() if sha256 is not None}
        with contextlib.suppress(OSError):
            return {
                **found,
                "scene_sha256": scene_sha256(self._scene.document, self.folder),
                "track_sha256": file_sha256(self.folder / "track.jsonl"),
            }
        return found

    def _put(self, count: int) -> None:
        picture = self._picture
        if picture is None:
            picture = np.zeros((self._plan.height, self._plan.width, 3), np.uint8)
        if self._waits:
            self._film.write(picture, count)
        else:
            self._film.offer(picture, count)

    def _begin_thumbnail(self, picture: NDArray[np.uint8]) -> None:
        # Should the take end by a kill, its first picture is its thumbnail.
        path = self.folder / "thumbnail.png"
        self._thumbnail = _in_background(lambda: save_picture(picture, path), "thumbnail")

    def _write_document(
        self, state: str, identity: GeneratorIdentity | None, results: Mapping[str, object]
    ) -> None:
        plan = self._plan
        content: dict[str, object] = {
            "schema_version": TAKE_SCHEMA_VERSION,
            "state": state,
            "slate": {
                "scene": plan.scene.name,
                "shot": plan.shot,
                "take": self.number,
                "date": self._date,
                "software": f"director {__version__}",
            },
            "settings": {
                "size": [plan.width, plan.height],
                "fps": f"{plan.fps.numerator}/{plan.fps.denominator}",
                "seed": plan.seed,
                **plan.settings,
            },
            "generator": None if identity is None else asdict(identity),
            "files": {"video": "video.mp4", "track": "track.jsonl", "thumbnail": "thumbnail.png"},
            "objects": {proxy.name: i for i, proxy in enumerate(plan.scene.objects, start=1)},
            "result": {"ticks": self._ticks, "scene_edits": self._scene_edits, **results},
            "scene": self._scene.document,
        }
        if plan.rendered_from is not None:
            content["rendered_from"] = dict(plan.rendered_from)
        write_json(self.folder / "take.json", content)


def _in_background(work: Callable[[], _T], name: str) -> "Future[_T]":
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        # Whatever it is, whoever asks for the result must hear of it, not wait for ever.
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name=name).start()
    return future


def _told(take: Take) -> dict[str, object]:
    return {"frames": take.frames, "repeated_frames": take.repeated, "error": take.error}
