"""Where takes lie: numbered folders that are never overwritten, and JSON files that are whole or absent."""

import contextlib
import itertools
import json
import math
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from director.errors import RecordingError

__all__ = [
    "check_letters",
    "free_places",
    "make_root",
    "make_take_folder",
    "plain_name",
    "read_json",
    "read_text",
    "refuse_constant",
    "take_places",
    "whole_file",
    "write_json",
]

_LONGEST_NAME, _LONGEST_BYTES = 80, 200
# A scene has 64 MB at most, and a take.json holds one.
_LARGEST_DOCUMENT = 96 * 2**20


def plain_name(name: str) -> str:
    """A name that every file system takes: letters, digits, `-`, `_` and single dots; never empty."""
    plain = re.sub(r"[^\w.-]+", "-", name, flags=re.UNICODE)
    plain = re.sub(r"\.{2,}", ".", plain).strip(".-_ ")[:_LONGEST_NAME]
    # Letters of other scripts take up to four bytes, and a name has 255 of them.
    return plain.encode()[:_LONGEST_BYTES].decode(errors="ignore") or "untitled"


def make_root(root: Path) -> None:
    """Make the folder that takes go into, to find out early that it cannot be. Raises RecordingError."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(
            f"no folder can be made here: {error.strerror}", subject=str(root), mend="choose another --out"
        ) from error


def free_places(parent: Path, stem: str, digits: int) -> Iterator[tuple[Path, int]]:
    """Places in a folder, each `stem` and a number that nothing there has, and that number: one more than the
    largest first, and the one after for as long as another program is quicker. Raises OSError."""
    taken = re.compile(re.escape(stem) + r"(\d+)")
    numbers = [int(match[1]) for path in parent.iterdir() if (match := taken.fullmatch(path.name))]
    for number in itertools.count(max(numbers, default=0) + 1):
        yield parent / f"{stem}{number:0{digits}d}", number


def take_places(root: Path, scene: str, shot: str) -> Iterator[tuple[Path, int]]:
    """Places for a new take, `root/<scene>/<shot>_T<nnn>`, and its number, as `free_places` tells them; the
    folder of the scene is made. Raises OSError."""
    parent = root / plain_name(scene)
    parent.mkdir(parents=True, exist_ok=True)
    yield from free_places(parent, f"{plain_name(shot)}_T", 3)


def make_take_folder(root: Path, scene: str, shot: str) -> tuple[Path, int]:
    """Make `root/<scene>/<shot>_T<nnn>` with the next free number, and return it with that number.

    Two programs that record at once get different folders. Raises RecordingError where nothing can be
    made.
    """
    try:
        for folder, number in take_places(root, scene, shot):
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
                return folder, number
    except OSError as error:
        raise RecordingError(
            f"no take folder can be made here: {error.strerror}",
            subject=str(root / plain_name(scene)),
            mend="choose another --out",
        ) from error
    raise AssertionError("numbers do not end")


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place beside `path`, with its suffix, to write to; what lies there at the end becomes `path` in one
    step. Where the writing fails, `path` stays as it was and nothing is left behind.

    Raises RecordingError for an OSError.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise RecordingError(
            f"cannot be written: {error.strerror or error}",
            subject=str(path),
            mend="make room or choose another --out",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file whole: a reader sees the old content or the new, also after a power cut.

    Raises RecordingError.
    """
    # A line for each key: json's own indentation takes Python's slow encoder, 30 ms for a scene, and a
    # viewport may be waiting.
    rows = [f" {json.dumps(key)}: {_compact(value)}" for key, value in content.items()]
    text = "{\n" + ",\n".join(rows) + "\n}"
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read_json(path: Path) -> dict[str, object]:
    """The object in a JSON file. Raises OSError, and ValueError for what is no file of such, holds numbers
    that are none, letters that are none, or is nested without an end."""
    try:
        text = read_text(path, _LARGEST_DOCUMENT)
        content = json.loads(text, parse_constant=refuse_constant, parse_float=_finite)
        if not isinstance(content, dict):
            raise ValueError("not a JSON object")
        check_letters(content, text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return content


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a file that someone else may have put there. Raises OSError, and ValueError for what is no
    plain file, is larger, or is no UTF-8."""
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        # To open a pipe would be to wait for who writes into it.
        raise ValueError("it is no plain file")
    if told.st_size > most_bytes:
        raise ValueError(f"it is too large: {told.st_size / 2**20:.0f} MB")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        # Its own words may quote the whole file.
        raise ValueError(f"it is not UTF-8 text (byte {error.start})") from error


def refuse_constant(name: str) -> float:
    """For json.loads: NaN and Infinity are no JSON. Raises ValueError."""
    raise ValueError(f"{name} is not JSON")


def check_letters(content: object, text: str) -> None:
    """Raises ValueError for JSON values with letters in them that no text file can hold; `text` is what they
    were read from. Raises RecursionError."""
    if "\\u" not in text:
        # Only escapes can tell of half a letter.
        return
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("there is half a letter in it") from error


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large a number")
    return value
