"""The takes of a session, as panels show them: listed, rated and thrown away by a thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from director.app.notices import Notices
from director.errors import RecordingError, TakeError
from director.take.folder import plain_name
from director.take.library import Library, TakeEntry, mark_take
from director.take.trash import Trashed, restore_take, trash_take, trashed_takes

__all__ = ["Shelf"]

_AGAIN_S = 1.0
"""While somebody looks, the folder is looked at again so often."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What lies on disk, and what there is to tell."""

    takes: tuple[TakeEntry, ...]
    trash: tuple[Trashed, ...]
    told: str
    problem: str


class Shelf:
    """Takes under `root`, newest knowledge first. What goes wrong becomes a notice."""

    def __init__(self, root: Path, notices: Notices) -> None:
        self.root = root
        self._notices = notices
        self._library = Library(root)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="takes")
        self._jobs: list[Future[_Listed]] = []
        self._takes: tuple[TakeEntry, ...] = ()
        # Asked for each tick, and the same until something is listed anew.
        self._of_scene: tuple[tuple[TakeEntry, ...], str, tuple[TakeEntry, ...]] = ((), "", ())
        self._numbers: tuple[tuple[TakeEntry, ...], dict[tuple[str, str], int]] = ((), {})
        self._since_s = _AGAIN_S
        self._is_watched = False
        self._recorded: Path | None = None
        self._scene = ""
        self.trash: tuple[Trashed, ...] = ()
        """Takes that can be brought back, last thrown away first."""
        self.all_scenes = False
        """Whether takes of other scenes are shown too."""
        self.finishing: frozenset[Path] = frozenset()
        """Takes whose films are being finished."""
        self.chosen: Path | None = None
        """The folder of the take that keys act on."""
        self.second: Path | None = None
        """That of the one it is compared with."""
        self.next_note = ""
        """Written on the slate of the take that is recorded next."""

    @property
    def shown(self) -> tuple[TakeEntry, ...]:
        """The takes of this scene, or of all, newest shots' takes last."""
        if self.all_scenes:
            return self._takes
        if self._of_scene[0] is not self._takes or self._of_scene[1] != self._scene:
            names = {self._scene, plain_name(self._scene)}
            found = tuple(take for take in self._takes if take.scene in names)
            self._of_scene = (self._takes, self._scene, found)
        return self._of_scene[2]

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not done yet."""
        return bool(self._jobs)

    def entry(self, folder: Path | None) -> TakeEntry | None:
        """The take in a folder, if there is one."""
        return next((take for take in self._takes if take.folder == folder), None)

    def next_number(self, shot: str) -> int:
        """The number that the next take of a shot will get, as far as is known."""
        stem = plain_name(shot)
        if self._numbers[0] is not self._takes:
            numbers: dict[tuple[str, str], int] = {}
            for take in self._takes:
                name, _, number = take.folder.name.rpartition("_T")
                if number.isdecimal():
                    key = (take.folder.parent.name, name)
                    numbers[key] = max(numbers.get(key, 0), int(number))
            self._numbers = (self._takes, numbers)
        return self._numbers[1].get((plain_name(self._scene), stem), 0) + 1

    def watch(self) -> None:
        """Somebody looks: keep the list up to date for another tick."""
        self._is_watched = True

    def tick(self, dt_s: float, scene: str, recording: Path | None) -> None:
        """Take in what the thread has done. `recording` is the folder of the take that is being recorded."""
        self._scene = scene
        self._since_s += dt_s
        for job in [job for job in self._jobs if job.done()]:
            self._jobs.remove(job)
            error = job.exception()
            if error is not None:
                self._notices.add(str(error), is_problem=True)
                continue
            listed = job.result()
            if not self._jobs:
                # Else what was asked for meanwhile is shown already, and would vanish for a moment.
                self._takes, self.trash = listed.takes, listed.trash
            for text, is_problem in ((listed.told, False), (listed.problem, True)):
                if text:
                    self._notices.add(text, is_problem=is_problem)
        if recording is not None and recording != self._recorded and self.next_note.strip():
            self.note(recording, self.next_note.strip())
            self.next_note = ""
        if recording != self._recorded:
            self._since_s = _AGAIN_S
        self._recorded = recording
        if self._is_watched and self._since_s >= _AGAIN_S and not self._jobs:
            self.refresh()
        self._is_watched = False

    def refresh(self) -> None:
        """List the takes again."""
        self._since_s = 0.0
        self._do(lambda: "")

    def step(self, by: int) -> None:
        """Choose the next (1) or previous (−1) take of those shown."""
        folders = [take.folder for take in self.shown]
        if not folders:
            self._notices.add("No takes yet: R records one")
            return
        if self.chosen not in folders:
            self.chosen = folders[-1] if by < 0 else folders[0]
            return
        self.chosen = folders[(folders.index(self.chosen) + by) % len(folders)]

    def rate(self, folder: Path, rating: int) -> None:
        """Give a take 0 to 5 stars."""
        self._expect(folder, rating=rating)
        self._do(lambda: _marked(folder, rating=rating))

    def circle(self, folder: Path, circled: bool) -> None:
        """Circle a take, or take that back."""
        self._expect(folder, circled=circled)
        self._do(lambda: _marked(folder, circled=circled))

    def note(self, folder: Path, text: str) -> None:
        """Write what is to be said of a take."""
        self._expect(folder, note=text)
        self._do(lambda: _marked(folder, note=text))

    def throw_away(self, folder: Path) -> None:
        """Put a take into the trash; not one that is being recorded, or whose film is being finished."""
        if folder == self._recorded:
            self._notices.add("That take is being recorded: stop it first")
            return
        if folder in self.finishing:
            self._notices.add("The film of that take is being finished: in a moment")
            return

        def throw() -> str:
            trash_take(self.root, folder)
            return f"Thrown away: {folder.name}. Ctrl+Shift+Delete brings it back"

        shown = [take.folder for take in self.shown]
        at = shown.index(folder) if folder in shown else 0
        self._takes = tuple(take for take in self._takes if take.folder != folder)
        left = [take.folder for take in self.shown]
        if self.chosen == folder:
            self.chosen = left[min(at, len(left) - 1)] if left else None
        if self.second == folder:
            self.second = None
        self._do(throw)

    def bring_back(self) -> None:
        """Bring back the take that was thrown away last."""

        def restore() -> str:
            trash = trashed_takes(self.root)
            return f"Back again: {restore_take(trash[0]).folder.name}" if trash else "The trash is empty"

        self._do(restore)

    def close(self) -> None:
        """Finish what was asked for."""
        self._worker.shutdown(wait=True)

    def _expect(self, folder: Path, **changes: object) -> None:
        # Shown at once; the disk is asked by the thread.
        self._takes = tuple(
            replace(take, **changes) if take.folder == folder else take  # type: ignore[arg-type]
            for take in self._takes
        )

    def _do(self, work: Callable[[], str]) -> None:
        def run() -> _Listed:
            told = problem = ""
            try:
                told = work()
            except (TakeError, RecordingError) as error:
                problem = str(error)
            # Also then: what is shown is what lies there.
            return _Listed(self._library.takes(), trashed_takes(self.root), told, problem)

        self._jobs.append(self._worker.submit(run))


def _marked(
    folder: Path, *, note: str | None = None, rating: int | None = None, circled: bool | None = None
) -> str:
    mark_take(folder, note=note, rating=rating, circled=circled)
    return ""
