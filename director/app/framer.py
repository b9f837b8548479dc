"""Shots in words to cameras of the open scene, and the shots that it asks for, found by a thread."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from director.app.session import Session
from director.camera.setups.body import Blocking
from director.camera.setups.phrase import Reading, read_shot, shot_from
from director.camera.setups.shot import Framing, Picture, Shot
from director.camera.setups.solve import solve
from director.camera.setups.suggest import Suggestion, side_kept, suggest
from director.scene.compile import CompiledScene
from director.scene.landmarks import blocking_at

__all__ = ["Framer"]

_STILL = 8
"""Turns in which nothing has changed before suggestions are sought anew."""


class Framer:
    """Solves for the scene as it is now, and for the film back and aperture of the live camera."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._blocking: tuple[CompiledScene, float, Blocking] | None = None
        self._reading: tuple[str, CompiledScene, Reading] | None = None
        self._worker: ThreadPoolExecutor | None = None
        self._asked: tuple[CompiledScene, float, Picture] | None = None
        self._seen: tuple[CompiledScene, float, Picture] | None = None
        self._still = 0
        self._coming: Future[tuple[Suggestion, ...]] | None = None
        self.suggestions: tuple[Suggestion, ...] = ()
        """The newest that were found, of the scene and time `suggested_of`."""
        self.suggested_of: tuple[CompiledScene, float] | None = None

    @property
    def picture(self) -> Picture:
        """What is to be filled."""
        lens = self._session.flight.live.lens
        width, height = self._session.settings.size
        return Picture(width / height, lens.film_back_width_mm, lens.film_back_height_mm, lens.f_number)

    @property
    def names(self) -> Sequence[str]:
        """Of what can be framed."""
        return [thing.name for thing in self._session.scene.objects]

    def blocking(self) -> Blocking:
        """Who and what stands where now."""
        scene, time_s = self._session.scene, self._session.transport.time_s
        if self._blocking is None or self._blocking[0] is not scene or self._blocking[1] != time_s:
            self._blocking = scene, time_s, blocking_at(scene, time_s)
        return self._blocking[2]

    def reading(self, phrase: str) -> Reading:
        """What a phrase says, as far as it is understood."""
        scene = self._session.scene
        if self._reading is None or self._reading[0] != phrase or self._reading[1] is not scene:
            self._reading = phrase, scene, read_shot(phrase, self.names)
        return self._reading[2]

    def framed(self, asked: str | Shot) -> Framing:
        """The camera of a shot, or of a phrase. A single without a side keeps to the line of action.
        Raises UsageError that says what is not understood."""
        shot = shot_from(asked, self.names) if isinstance(asked, str) else asked
        if shot.kind == "single" and shot.side is None:
            shot = replace(shot, side=side_kept(shot.subjects[0], self.blocking()))
        return solve(shot, self.blocking(), self.picture)

    @property
    def is_looking(self) -> bool:
        """Whether suggestions are being sought."""
        return self._coming is not None

    def look(self) -> None:
        """Seek suggestions for the scene and its time as they are now, if that was not done; collect those
        that were found. While the scene plays, or is being moved about, those of before stay."""
        if self._coming is not None and self._coming.done():
            self.suggestions = self._coming.result()
            assert self._asked is not None
            self.suggested_of = self._asked[:2]
            self._coming = None
        # The aperture does not change a framing.
        picture = replace(self.picture, f_number=Picture().f_number)
        wanted = (self._session.scene, self._session.transport.time_s, picture)
        is_same = self._seen is not None and self._seen[0] is wanted[0] and self._seen[1:] == wanted[1:]
        self._still, self._seen = (self._still + 1 if is_same else 0), wanted
        is_known = self._asked is not None and self._asked[0] is wanted[0] and self._asked[1:] == wanted[1:]
        is_playing = self._session.transport.is_playing and self._asked is not None
        is_moving = self._still < _STILL and self._asked is not None
        if is_known or is_playing or is_moving or self._coming is not None:
            return
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "suggestions")
        self._asked = wanted
        self._coming = self._worker.submit(_suggested, *wanted)

    def close(self) -> None:
        """End the thread; what it was about to find is dropped."""
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)
            self._worker = None


def _suggested(scene: CompiledScene, time_s: float, picture: Picture) -> tuple[Suggestion, ...]:
    return suggest(blocking_at(scene, time_s), picture)
