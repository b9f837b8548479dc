"""The journal of unsaved edits beside a scene file: after a kill it ends with the last edit or one before.

One JSON object a line: `{"crc32": "…", "body": {…}}`, the checksum that of the body's own text. The first
body holds the whole scene, each further one what the next edit changed, with a running number. The file is
written anew now and then, whole or not at all, so that it stays a few times as large as its scene at most.

Lines are handed to the system as they are written, which a kill of the program cannot undo; they are not
forced to the disk one by one, so a power cut may cost the last few.
"""

import json
import zlib
from pathlib import Path
from typing import Any, TextIO

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit.delta import difference
from director.scene.load import scene_document, write_whole

__all__ = ["JOURNAL_VERSION", "Journal", "checked_body", "journal_line", "journal_path", "scene_of_journal"]

JOURNAL_VERSION = 1

_ENDING = ".autosave.jsonl"

_HEAD = '{"crc32": "'
_BODY = '", "body": '
# After so many edits, or when edits take so many times what the scene itself takes, it is written anew.
_MOST_EDITS = 400
_MOST_TIMES = 4
_LEAST_BYTES = 2**18


class Journal:
    """Writes what happens to the scene of a file. Nothing is written before the first edit.

    `base_sha256` is that of the scene file as it was read or saved last, "" where there is none: a recovery
    tells by it whether the file has changed since.
    """

    def __init__(self, scene_path: Path, base_sha256: str) -> None:
        self._path = journal_path(scene_path)
        self._folder = scene_path.parent
        self._base_sha256 = base_sha256
        self._file: TextIO | None = None
        self._scene: Scene | None = None
        self._edits = 0
        self._since_whole = 0
        self._whole_bytes = 0
        self._bytes = 0

    def record(self, scene: Scene, label: str) -> None:
        """Write down that an edit, an undo or a redo made this scene of the last one recorded.

        Raises SceneError where the journal cannot be written; the next record then starts it anew.
        """
        self._edits += 1
        try:
            if self._file is None or self._scene is None or self._is_long():
                self._write_whole(scene, label)
                return
            body = {"edit": self._edits, "label": label, "set": difference(self._scene, scene, self._folder)}
            line = journal_line(body)
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            self.close()
            raise SceneError(
                f"unsaved edits cannot be kept safe: {error.strerror or error}",
                file=str(self._path),
                mend="save the scene somewhere with room, where you may write",
            ) from error
        self._scene = scene
        self._since_whole += 1
        self._bytes += len(line)

    def restart(self, base_sha256: str) -> None:
        """After a save: there is nothing unsaved, and so no journal, until the next edit."""
        self._base_sha256 = base_sha256
        self.discard()

    def discard(self) -> None:
        """Close it and take the file away."""
        self.close()
        # What cannot be taken away is found by the next recovery, which sees that the file is newer.
        for path in (self._path, self._path.with_name(f".{self._path.name}.tmp")):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue

    def close(self) -> None:
        """Stop writing and leave the file as it is."""
        if self._file is not None:
            self._file.close()
        self._file, self._scene = None, None

    def _is_long(self) -> bool:
        most_bytes = max(_LEAST_BYTES, _MOST_TIMES * self._whole_bytes)
        return self._since_whole >= _MOST_EDITS or self._bytes > most_bytes

    def _write_whole(self, scene: Scene, label: str) -> None:
        self.close()
        body = {
            "journal": JOURNAL_VERSION,
            "edit": self._edits,
            "label": label,
            "base_sha256": self._base_sha256,
            "scene": scene_document(scene, self._folder),
        }
        text = journal_line(body)
        write_whole(self._path, text)
        self._file = self._path.open("a", encoding="utf-8", newline="\n")
        self._scene = scene
        self._since_whole, self._bytes, self._whole_bytes = 0, 0, len(text)


def journal_path(scene_path: Path) -> Path:
    """Where the journal of a scene file lies: beside it."""
    return scene_path.with_name(f".{scene_path.name.removesuffix('.json')}{_ENDING}")


def scene_of_journal(journal: Path) -> Path:
    """The scene file that a journal belongs to, whether or not it exists."""
    return journal.with_name(f"{journal.name.removeprefix('.').removesuffix(_ENDING)}.json")


def journal_line(body: dict[str, Any]) -> str:
    """A line of a journal, its end included."""
    text = json.dumps(body, ensure_ascii=True)
    return f"{_HEAD}{zlib.crc32(text.encode()):08x}{_BODY}{text}}}\n"


def checked_body(line: str) -> dict[str, Any]:
    """The body of a line. Raises ValueError for a line that is cut short or not as it was written."""
    start = len(_HEAD) + 8 + len(_BODY)
    if not (line.startswith(_HEAD) and line[len(_HEAD) + 8 : start] == _BODY and line.endswith("}")):
        raise ValueError("the line is not whole")
    text = line[start:-1]
    if f"{zlib.crc32(text.encode()):08x}" != line[len(_HEAD) : len(_HEAD) + 8]:
        raise ValueError("the checksum differs")
    body = json.loads(text)
    if not isinstance(body, dict):
        raise ValueError("the body is no object")
    return body
