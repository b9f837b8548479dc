"""Undo and redo without limit. A state is a scene; scenes share all that did not change between them."""

from dataclasses import dataclass

from director.scene.document import Scene
from director.scene.edit.edit import Edit, changed_names

__all__ = ["History", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """What an edit, an undo or a redo did: its label, the scene now, and the names of what changed."""

    label: str
    scene: Scene
    changed: frozenset[str]


@dataclass(slots=True)
class _Entry:
    """One line of the undo list: the scene to go back to (on the undo side) or on to (on the redo side)."""

    label: str
    scene: Scene


class History:
    """The present scene, what led to it, and what was undone.

    An edit with a `key` joins the last one if that had the same key and nothing came between: so a drag or a
    slider is one line of the list. An edit that changes nothing leaves no line.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._saved = scene
        self._undo: list[_Entry] = []
        self._redo: list[_Entry] = []
        self._open_key = ""
        self._open_base: Scene | None = None

    @property
    def scene(self) -> Scene:
        """The scene as it is now."""
        return self._scene

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from what was saved last; undoing back to that makes it clean again."""
        return self._scene is not self._saved

    @property
    def undo_labels(self) -> list[str]:
        """What can be undone, the next first."""
        return [entry.label for entry in reversed(self._undo)]

    @property
    def redo_labels(self) -> list[str]:
        """What can be done again, the next first."""
        return [entry.label for entry in reversed(self._redo)]

    def do(self, edit: Edit, *, key: str = "") -> Step:
        """Make an edit of the present scene. Raises SceneError, and then nothing has changed."""
        return self._put(edit.label, edit.apply(self._scene), key)

    def drag(self, edit: Edit, key: str) -> Step:
        """Make an edit of the scene as it was when this key began, in place of the last edit with this key.

        So what is dragged to and fro gathers no rounding, and a limit that was met is left again.
        Raises SceneError.
        """
        base = self._scene if not key or key != self._open_key else self._open_base
        return self._put(edit.label, edit.apply(self._scene if base is None else base), key)

    def replace(self, label: str, scene: Scene) -> Step:
        """Put another scene in the place of the present one (a recovery), as one line of the list."""
        return self._put(label, scene, "")

    def seal(self) -> None:
        """End a drag: the next edit is a line of its own, whatever its key."""
        self._open_key, self._open_base = "", None

    def undo(self) -> Step | None:
        """Go back by one line; None where there is none."""
        return self._go(self._undo, self._redo)

    def redo(self) -> Step | None:
        """Do again what was undone last; None where there is none."""
        return self._go(self._redo, self._undo)

    def copied(self) -> "History":
        """This as it is now, to go back to."""
        made = History(self._scene)
        made._saved = self._saved
        made._undo, made._redo = [*self._undo], [*self._redo]
        made._open_key, made._open_base = self._open_key, self._open_base
        return made

    def mark_saved(self) -> None:
        """The present scene is what the file holds."""
        self.seal()
        self._saved = self._scene

    def _put(self, label: str, new: Scene, key: str) -> Step:
        before = self._scene
        joins = bool(key) and key == self._open_key and self._open_base is not None
        base = self._open_base if joins and self._open_base is not None else before
        # Back where a drag began, or no change at all: the same scene again, so that clean stays clean.
        after = base if new == base else before if new == before else new
        if joins and self._undo and self._undo[-1].scene is base:
            self._undo.pop()
        if after is not base:
            self._undo.append(_Entry(label, base))
            self._redo.clear()
        self._open_key, self._open_base = (key, base) if key else ("", None)
        self._scene = after
        return Step(label, after, changed_names(before, after))

    def _go(self, source: list[_Entry], target: list[_Entry]) -> Step | None:
        self.seal()
        if not source:
            return None
        entry = source.pop()
        before, self._scene = self._scene, entry.scene
        target.append(_Entry(entry.label, before))
        return Step(entry.label, self._scene, changed_names(before, self._scene))
