"""A scene that is open for editing: its file, its history, its journal, and who may write it.

It is safe to end at any moment: what was saved is whole, and what was not is in the journal. At the next open
`recovery` tells what the journal holds, for `recover` or `dismiss_recovery`.
"""

import hashlib
import re
import shutil
from pathlib import Path

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit.edit import Edit
from director.scene.edit.history import History, Step
from director.scene.edit.journal import Journal, journal_path, scene_of_journal
from director.scene.edit.lease import Holder, Lease, claim
from director.scene.edit.recovery import Recovery, read_journal
from director.scene.edit.world import SetScene
from director.scene.load import load_scene, save_scene, scene_path

__all__ = ["OpenScene"]


class OpenScene:
    """One scene file, open in one window.

    `read_only` is true where another window has it (`holder`), or nothing can be written beside it: then
    edits are refused until `take_over` or `save_as`. `trouble` is what last went wrong in the background (an
    edit that could not be kept safe), for the window to show; "" if nothing.
    """

    def __init__(
        self, scene: Scene, path: Path, sha256: str, lease: Lease | Holder | None, trouble: str = ""
    ) -> None:
        """Not to be called: see `open` and `new`."""
        self.path = path
        self.history = History(scene)
        self.holder = lease if isinstance(lease, Holder) else None
        self.trouble = trouble
        self.recovery: Recovery | None = None
        self._lease = lease if isinstance(lease, Lease) else None
        self._sha256 = sha256
        self._journal = Journal(path, self._sha256)
        self._was_saved = bool(self._sha256)
        self._find_recovery()

    @classmethod
    def open(
        cls, name_or_path: str | Path, *, take_over: bool = False, read_only: bool = False
    ) -> "OpenScene":
        """Open a scene file. Raises SceneError where it is no scene."""
        path = scene_path(name_or_path)
        # Before it is read: what is written in between is then noticed as a change, not missed.
        sha256 = _digest(path)
        scene = load_scene(path)
        lease, trouble = (None, "") if read_only else _claimed(path, take_over)
        return cls(scene, path, sha256, lease, trouble)

    @classmethod
    def new(cls, scene: Scene, folder: Path) -> "OpenScene":
        """A scene without a file yet, to be saved in a folder under its own name, or with the first number
        that is free. Its edits are kept safe there from the first on."""
        number = 1
        while True:
            path = folder / f"{scene.name}{'' if number == 1 else f'-{number}'}.json"
            number += 1
            if path.exists() or journal_path(path).exists():
                continue
            lease, trouble = _claimed(path, False)
            if not isinstance(lease, Holder):
                return cls(scene, path, "", lease, trouble)

    @classmethod
    def reopen(cls, journal: Path) -> "OpenScene":
        """What a journal holds of a scene that was never saved (see `recovery.leftovers`); of one that has a
        file, as `open`. Raises SceneError where nothing can be read."""
        path = scene_of_journal(journal)
        if path.exists():
            return cls.open(path)
        found = read_journal(journal)
        if found.scene is None:
            raise SceneError(found.message, file=str(journal), mend="take it away")
        lease, trouble = _claimed(path, False)
        opened = cls(found.scene, path, "", lease, trouble)
        opened.recovery = None
        return opened

    @property
    def scene(self) -> Scene:
        """The scene as it is now."""
        return self.history.scene

    @property
    def read_only(self) -> bool:
        """Whether edits are refused, as far as is known without asking the disk anew."""
        return self._lease is None

    @property
    def is_held_elsewhere(self) -> bool:
        """Whether another window has it just now; asks the disk."""
        return self.holder is not None if self._lease is None else not self._lease.holds

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to save: an edit, or a scene that has no file yet."""
        return self.history.is_dirty or not self._was_saved

    def changed_on_disk(self) -> bool:
        """Whether the file is another than was read or saved here last. One that is gone is not another."""
        now = _digest(self.path)
        return bool(now) and now != self._sha256

    def do(self, edit: Edit, *, key: str = "") -> Step:
        """As `History.do`, and kept safe. Raises SceneError."""
        self._check_writable()
        before = self.scene
        return self._kept(before, self.history.do(edit, key=key))

    def drag(self, edit: Edit, key: str) -> Step:
        """As `History.drag`, and kept safe. Raises SceneError."""
        self._check_writable()
        before = self.scene
        return self._kept(before, self.history.drag(edit, key))

    def undo(self) -> Step | None:
        """As `History.undo`, and kept safe. Raises SceneError."""
        self._check_writable()
        before, step = self.scene, self.history.undo()
        return None if step is None else self._kept(before, step, "Undo: ")

    def redo(self) -> Step | None:
        """As `History.redo`, and kept safe. Raises SceneError."""
        self._check_writable()
        before, step = self.scene, self.history.redo()
        return None if step is None else self._kept(before, step, "Redo: ")

    def recover(self) -> Step:
        """Put what the journal of the last time holds in the place of the scene, as an edit to be undone.

        Raises SceneError where it holds none.
        """
        self._check_writable()
        found = self.recovery
        if found is None or found.scene is None:
            raise SceneError(
                "there is nothing to recover" if found is None else found.message,
                file=str(self.path),
                mend="go on with the scene as it was saved",
            )
        # The journal goes on from a whole scene: until that is written, the old one stays. Where it holds
        # more than could be read, perhaps for a mesh on a disk that is away, it stays beside for good.
        if found.lost_lines:
            self.trouble = self._set_aside(copies=True)
        self.recovery = None
        before = self.scene
        return self._kept(before, self.history.replace("Recover unsaved edits", found.scene))

    def take_back(self, before: History) -> None:
        """Go on with a history as it was (see `History.copied`): what came since cannot be shown."""
        is_other, self.history = self.history.scene is not before.scene, before
        if not is_other:
            return
        try:
            self._journal.record(before.scene, "Taken back")
        except SceneError as error:
            self.trouble = str(error)

    def dismiss_recovery(self) -> None:
        """Drop what the journal of the last time holds."""
        self.recovery = None
        self._journal.discard()

    def save(self, *, overwrite: bool = False) -> None:
        """Write the file, whole or not at all.

        Raises SceneError where that cannot be done, where another window has taken the scene over, and unless
        `overwrite`, where the file has changed on disk since.
        """
        self._check_writable()
        if self.changed_on_disk() and not overwrite:
            raise SceneError(
                "has changed on disk since it was opened here",
                file=str(self.path),
                mend="save it under another name, open it again, or overwrite it",
            )
        save_scene(self.scene, self.path)
        self.history.mark_saved()
        self._sha256, self._was_saved = _digest(self.path), True
        if self.recovery is None:
            self._journal.restart(self._sha256)

    def save_as(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the scene to another file and go on with that one; the former file and its journal are given
        up. A scene that is called as its file was takes the new file's name.

        Raises SceneError, and then nothing has changed, where the file is there already (unless `overwrite`),
        is open in another window, or cannot be written.
        """
        path = path if path.suffix else path.with_name(f"{path.name}.json")
        if path.resolve() == self.path.resolve() and not self.read_only:
            self.save(overwrite=overwrite)
            return
        if path.exists() and not overwrite:
            raise SceneError("is there already", file=str(path), mend="choose another name, or overwrite it")
        lease = claim(path)
        if isinstance(lease, Holder):
            raise SceneError(
                f"is open in {lease.described}", file=str(path), mend="choose another name, or close it there"
            )
        scene = self.scene
        if scene.name in (self.path.stem, "untitled") and re.fullmatch(r"[A-Za-z0-9_\-]{1,80}", path.stem):
            scene = SetScene({"name": path.stem}).apply(scene)
        try:
            save_scene(scene, path)
        except SceneError:
            lease.release()
            raise
        # Another window's journal is that window's, whose edits it keeps safe.
        if self.recovery is None and self._lease is not None and self._lease.holds:
            self._journal.discard()
        self._give_up()
        if scene is not self.scene:
            self.history.replace(f"Save as {path.stem}", scene)
        self.history.mark_saved()
        self.path, self._lease, self.holder, self.recovery = path, lease, None, None
        self._sha256, self._was_saved = _digest(path), True
        self._journal = Journal(path, self._sha256)

    def take_over(self) -> None:
        """Take the scene from the window that has it; that one can then save only under another name.

        What that window had saved meanwhile is read, and what it had not is there to `recover`. Raises
        SceneError where nothing can be written beside the scene, or the file is no scene any more.
        """
        lease = claim(self.path, take_over=True)
        if isinstance(lease, Holder):
            self.holder = lease
            self._check_writable()
            return
        self._journal.close()
        if self.changed_on_disk() and not self.history.is_dirty:
            try:
                scene = load_scene(self.path)
            except SceneError:
                lease.release()
                raise
            self._sha256, self.history = _digest(self.path), History(scene)
        self._lease, self.holder = lease, None
        self._journal = Journal(self.path, self._sha256)
        self._find_recovery()

    def close(self) -> None:
        """Close it, and drop what was not saved: the caller has asked."""
        if self._lease is not None and self._lease.holds and self.recovery is None:
            self._journal.discard()
        self._journal.close()
        self._give_up()

    def leave(self) -> None:
        """Close it as a window does that is closed: what was not saved stays in the journal."""
        if not self.is_dirty:
            self.close()
            return
        self._journal.close()
        self._give_up()

    def _kept(self, before: Scene, step: Step, undone: str = "") -> Step:
        if step.scene is before:
            return step
        trouble = ""
        if self.recovery is not None:
            # Nobody has decided about it yet: it is set aside, not written over.
            trouble = self._set_aside(copies=False)
            self.recovery = None
        try:
            self._journal.record(step.scene, f"{undone}{step.label}")
            self.trouble = trouble
        except SceneError as error:
            self.trouble = str(error)
        return step

    def _find_recovery(self) -> None:
        if self._lease is not None and journal_path(self.path).exists():
            found = read_journal(journal_path(self.path), file_sha256=self._sha256)
            if found.scene == self.scene and self._was_saved:
                # It was saved, and the end came before the journal was taken away.
                self._journal.discard()
            else:
                self.recovery = found

    def _set_aside(self, *, copies: bool) -> str:
        """The journal of last time goes, or is copied, to a name of its own; why not, where it could not."""
        journal, number = journal_path(self.path), 1
        kept = journal.with_suffix(".kept")
        while kept.exists():
            # What was set aside before is somebody's work too.
            number += 1
            kept = journal.with_suffix(f".{number}.kept")
        try:
            if copies:
                shutil.copyfile(journal, kept)
            else:
                journal.replace(kept)
        except OSError as error:
            return f"{kept.name}: what was kept of last time is lost ({error.strerror or error})"
        return ""

    def _check_writable(self) -> None:
        if self._lease is None:
            by = "" if self.holder is None else f": {self.holder.described} has it"
            raise SceneError(
                f"is open read-only{by}",
                file=str(self.path),
                mend="take it over, or save it under another name",
            )
        if not self._lease.holds:
            taken = self._lease.taken_by
            self.holder, self._lease = taken, None
            self._journal.close()
            by = "another window" if taken is None else taken.described
            raise SceneError(
                f"was taken over by {by}", file=str(self.path), mend="save it under another name"
            )

    def _give_up(self) -> None:
        if self._lease is not None:
            self._lease.release()
        self._lease = None


def _claimed(path: Path, take_over: bool) -> tuple[Lease | Holder | None, str]:
    try:
        return claim(path, take_over=take_over), ""
    except SceneError as error:
        return None, str(error)


def _digest(path: Path) -> str:
    """SHA-256 of a file, "" where there is none that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""
