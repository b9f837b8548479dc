"""Edits of the open scene: made, undone and saved, each shown on the next tick."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from director.app.desk.file_words import free_path, words_of_change, words_of_opening, words_of_refusal
from director.app.session import Session
from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit import (
    Delete,
    DropToGround,
    Duplicate,
    Edit,
    GroupTogether,
    Hide,
    Lock,
    OpenScene,
    Step,
    Ungroup,
    boxes_of,
    load_template,
)
from director.scene.load import load_scene, scene_names

__all__ = ["SETS", "Editing", "begun"]

_ASIDE_M = (0.6, 0.0, 0.0)
SETS = Path("sets")
"""Where a shipped scene is saved once it was edited: it stays as it was shipped."""


def begun(template: str, name: str = "untitled", sets: Path = SETS) -> OpenScene:
    """A new scene after a template, to be saved in a folder under its own name. Raises SceneError."""
    scene = load_template(template, name)
    try:
        sets.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SceneError(
            f"cannot be made: {error.strerror}", file=str(sets), mend="start where you may write"
        ) from error
    return OpenScene.new(scene, sets)


class Editing:
    """The scene of a session with its file, its history, and what of it is selected.

    `scene` is what was opened: a shipped scene's name, a file, or a scene that was begun. What goes wrong
    becomes a notice.
    """

    def __init__(self, session: Session, scene: str | OpenScene, sets: Path = SETS) -> None:
        self._session = session
        self._notices = session.notices
        self._sets = sets
        self._opened: OpenScene | None
        if isinstance(scene, OpenScene):
            self._opened = scene
        else:
            self._opened = None if scene in scene_names() else OpenScene.open(scene)
        self.untried: Scene | None = None
        """The scene as it is, while another is shown to try a change."""
        self.selection: tuple[str, ...] = ()
        """Names of objects and groups, the one that was chosen last at the end."""
        self._tell_of_opening()

    @property
    def session(self) -> Session:
        """Whose scene it is."""
        return self._session

    @property
    def scene(self) -> Scene:
        """As it is now."""
        return self._session.document

    @property
    def time_s(self) -> float:
        """Scene time: what moves is edited where it is now."""
        return self._session.transport.time_s

    @property
    def path(self) -> Path | None:
        """The file it is saved to; None while a shipped scene has not been edited."""
        return None if self._opened is None else self._opened.path

    @property
    def path_to_save_as(self) -> Path:
        """What is proposed where another name is asked for: a free one, where the scene's own may not be
        written."""
        opened = self._opened
        if opened is None:
            return self._sets / f"{self.scene.name}.json"
        is_own = not opened.read_only and not opened.changed_on_disk()
        return opened.path if is_own else free_path(opened.path)

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to save."""
        return self._opened is not None and self._opened.is_dirty

    @property
    def undo_labels(self) -> Sequence[str]:
        """What can be undone, the next first."""
        return [] if self._opened is None else self._opened.history.undo_labels

    @property
    def redo_labels(self) -> Sequence[str]:
        """What can be done again, the next first."""
        return [] if self._opened is None else self._opened.history.redo_labels

    @property
    def has_recovery(self) -> bool:
        """Whether edits of last time wait to be taken up again."""
        return self._opened is not None and self._opened.recovery is not None

    def do(self, edit: Edit, *, key: str = "") -> bool:
        """Make an edit; edits in a row with the same key are one line of the undo list. Says in a notice why
        it cannot be made."""
        return self._made(lambda opened: opened.do(edit, key=key))

    def drag(self, edit: Edit, key: str) -> bool:
        """Make an edit of the scene as it was when this key began, in place of the last with this key."""
        return self._made(lambda opened: opened.drag(edit, key))

    def seal(self) -> None:
        """A drag has ended."""
        if self._opened is not None:
            self._opened.history.seal()

    def undo(self) -> None:
        """Go back by one edit."""
        self._go(lambda opened: opened.undo(), "Undone", "Nothing to undo")

    def redo(self) -> None:
        """Do again what was undone."""
        self._go(lambda opened: opened.redo(), "Done again", "Nothing to do again")

    def save(self) -> None:
        """Write the scene's file, unless another program has changed it."""
        self._save(overwrites=False)

    def overwrite(self) -> None:
        """Write the scene's file, whatever another program has written there."""
        self._save(overwrites=True)

    def take_over(self) -> None:
        """Take the scene's file from the window that has it: that one may then save under another name only.
        What it had saved is read, unless there are edits here; what it had not is there to be recovered."""
        opened = self._opened
        if opened is None or not (opened.read_only or opened.is_held_elsewhere):
            self._notices.add("Nobody else has this scene open")
            return
        try:
            opened.take_over()
            self._show(Step("Take over", opened.scene, frozenset()))
        except SceneError as error:
            self._tell(words_of_refusal(opened, error))
            return
        self._notices.add(f"Taken over: {opened.path}")
        if opened.changed_on_disk():
            self._tell(words_of_change(opened.path))
        self._tell_of_opening()

    def save_as(self, path: Path) -> bool:
        """Write the scene to another file, and go on with that."""
        if self._opened is None and not self._open_copy():
            return False
        assert self._opened is not None
        try:
            self._opened.save_as(path)
        except (SceneError, OSError) as error:
            self._notices.add(f"Not saved: {error}", is_problem=True)
            return False
        if self._opened.scene is not self.scene:
            # It is called as its file is now.
            self._session.replace_scene(self._opened.scene)
        self._notices.add(f"Saved: {path}")
        return True

    def _save(self, *, overwrites: bool) -> None:
        if self._opened is None and not self._open_copy():
            return
        opened = self._opened
        assert opened is not None
        if not overwrites and not opened.read_only and opened.changed_on_disk():
            self._tell(words_of_change(opened.path))
            return
        try:
            opened.save(overwrite=overwrites)
        except SceneError as error:
            self._tell(words_of_refusal(opened, error))
            return
        self._notices.add(f"Saved: {opened.path}")

    def open(self, name_or_path: str) -> bool:
        """Go over to another scene: a shipped one's name, or a file. What was not saved of this stays in its
        journal. Says in a notice why it cannot be opened."""
        if not self._may_go_over():
            return False
        try:
            if name_or_path in scene_names():
                return self._go_over(load_scene(name_or_path), None)
            path = Path(name_or_path).expanduser()
            if not path.exists() and path.with_name(f"{path.name}.json").exists():
                path = path.with_name(f"{path.name}.json")
            if self.path is not None and path.resolve() == self.path.resolve():
                self._notices.add(f"{path} is open already")
                return False
            opened = OpenScene.open(path)
            return self._go_over(opened.scene, opened)
        except (SceneError, OSError, RuntimeError) as error:
            # RuntimeError: a ~ of nobody's; OSError: a name too long for the disk.
            self._notices.add(str(error), is_problem=True)
            return False

    def new(self, template: str, name: str = "untitled") -> bool:
        """Go over to a new scene after a template; its edits go to a file of that name among the sets."""
        if not self._may_go_over():
            return False
        try:
            opened = begun(template, name, self._sets)
            return self._go_over(opened.scene, opened)
        except SceneError as error:
            self._notices.add(str(error), is_problem=True)
        return False

    def recover(self) -> None:
        """Take up the edits of last time again."""
        self._made(lambda opened: opened.recover())

    def select(self, names: Sequence[str], *, adds: bool = False) -> None:
        """Choose objects and groups; `adds` turns each over and leaves the others as they are."""
        if not adds:
            self.selection = tuple(dict.fromkeys(names))
            return
        chosen = dict.fromkeys(self.selection)
        for name in names:
            if name in chosen:
                del chosen[name]
            else:
                chosen[name] = None
        self.selection = tuple(chosen)

    def pick(self, u: float, v: float, *, adds: bool = False, deep: bool = False) -> None:
        """Select what is seen at a place of the picture, uv: the topmost group that it belongs to, or with
        `deep`, or once that is selected, the thing itself. The sky selects nothing."""
        id_, _ = self._session.picture.at(u, v)
        if id_ > len(self._session.scene.objects):
            # Taken away since the picture was drawn.
            return
        if id_ == 0:
            if not adds:
                self.selection = ()
            return
        name = self._session.scene.objects[id_ - 1].name
        parents = {placed.name: placed.parent for _, placed in self.scene.placed()}
        top = name
        while (parent := parents.get(top)) is not None:
            top = parent
        whole = top if not deep and (adds or top not in self.selection) else name
        self.select((whole,), adds=adds)

    def close(self) -> None:
        """Let the file go. What was not saved stays in the journal, to be recovered."""
        if self._opened is not None:
            self._opened.leave()

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "undo": self.undo,
            "redo": self.redo,
            "save": self.save,
            "recover": self.recover,
            "overwrite": self.overwrite,
            "take-over": self.take_over,
            "delete": lambda: self._of_selection(Delete),
            "duplicate": self._duplicate,
            "drop": self._drop,
            "group": self._group,
            "ungroup": lambda: self._of_selection(lambda names: Ungroup(names, self.time_s)),
            "hide": lambda: self._toggle("hidden", Hide),
            "lock": lambda: self._toggle("locked", Lock),
            "select-all": lambda: self.select([placed.name for placed in self.scene.objects]),
            "select-none": lambda: self.select(()),
        }

    def _may_go_over(self) -> bool:
        if self._session.recording is not None:
            self._notices.add("A take is being recorded: stop it first", is_problem=True)
            return False
        return True

    def _go_over(self, scene: Scene, opened: OpenScene | None) -> bool:
        try:
            self._session.open_scene(scene)
        except SceneError:
            if opened is not None:
                opened.leave()
            raise
        if self._opened is not None:
            if self._opened.is_dirty:
                self._notices.add(
                    f"Unsaved edits of {self._opened.path.name} are kept: open it to recover them"
                )
            self._opened.leave()
        self._opened = opened
        self.selection = ()
        self._tell_of_opening()
        return True

    def _drop(self) -> None:
        boxes = boxes_of(self._session.scene, self.time_s)
        self._of_selection(lambda names: DropToGround(names, boxes, self.time_s))

    def _duplicate(self) -> None:
        before = {placed.name for _, placed in self.scene.placed()}
        if self._of_selection(lambda names: Duplicate(names, _ASIDE_M, self.time_s)):
            new = [placed for _, placed in self.scene.placed() if placed.name not in before]
            names = {placed.name for placed in new}
            self.select([placed.name for placed in new if placed.parent not in names])

    def _of_selection(self, kind: Callable[[tuple[str, ...]], Edit]) -> bool:
        if not self.selection:
            self._notices.add("Nothing is selected: click an object")
            return False
        return self.do(kind(self.selection))

    def _group(self) -> None:
        before = {placed.name for placed in self.scene.groups}
        if self._of_selection(lambda names: GroupTogether(names, time_s=self.time_s)):
            self.select([placed.name for placed in self.scene.groups if placed.name not in before])

    def _toggle(self, field: str, kind: Callable[[tuple[str, ...], bool], Edit]) -> None:
        chosen = [placed for _, placed in self.scene.placed() if placed.name in self.selection]
        is_on = bool(chosen) and all(getattr(placed, field, False) for placed in chosen)
        self._of_selection(lambda names: kind(names, not is_on))

    def _made(self, make: Callable[[OpenScene], Step]) -> bool:
        if self._opened is None and not self._open_copy():
            return False
        assert self._opened is not None
        if self._stepped(self._opened, make) is None:
            return False
        if self._opened.trouble:
            self._notices.add(self._opened.trouble, is_problem=True)
        return True

    def _go(self, step: Callable[[OpenScene], Step | None], done: str, nothing: str) -> None:
        if self._opened is None:
            self._notices.add(nothing)
            return
        made = self._stepped(self._opened, step)
        if made is not None:
            self._notices.add(f"{done}: {made.label}" if made.label else nothing)

    def _stepped(self, opened: OpenScene, step: Callable[[OpenScene], Step | None]) -> Step | None:
        """The step, made and shown; one without a label where there was none to make, None where it is
        refused. What cannot be shown (a mesh file that is gone) is taken back."""
        before = opened.history.copied()
        try:
            made = step(opened)
            if made is None:
                return Step("", opened.scene, frozenset())
            self._show(made)
        except SceneError as error:
            opened.take_back(before)
            self._tell(words_of_refusal(opened, error))
            return None
        return made

    def _show(self, step: Step) -> None:
        before, after = self.scene.placed(), step.scene.placed()
        self._session.replace_scene(step.scene)
        known = {placed.name for _, placed in after}
        # What was renamed, there or back, stays selected: it stands where it stood.
        pairs = zip(before, after, strict=True) if len(before) == len(after) else ()
        now = {old.name: new.name for (_, old), (_, new) in pairs}
        names = (name if name in known else now.get(name) for name in self.selection)
        self.selection = tuple(name for name in names if name is not None)

    def _open_copy(self) -> bool:
        try:
            self._sets.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._notices.add(f"{self._sets} cannot be made: {error.strerror}", is_problem=True)
            return False
        self._opened = OpenScene.new(self.untried or self.scene, self._sets)
        self._notices.add(f"A shipped scene stays as it is: your edits go to {self._opened.path}")
        return True

    def _tell_of_opening(self) -> None:
        if self._opened is not None:
            self._tell(words_of_opening(self._opened))

    def _tell(self, words: Iterable[str]) -> None:
        for sentence in words:
            self._notices.add(sentence, is_problem=True)
