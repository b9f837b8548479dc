"""Where an export goes: refused early where it cannot be, and written whole or not at all."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from director.errors import RecordingError, UsageError
from director.take.processes import is_gone

__all__ = ["check_target", "tidy", "whole_folder"]

_ELSEWHERE = "choose another --out"


def check_target(
    out: Path, suffixes: Sequence[str], member_suffix: str, overwrite: bool, takes: Sequence[Path]
) -> None:
    """Refuse a place that cannot be written to, or whose content is not to be lost. Makes the folder
    above it, and takes away what an export that was killed left there.

    Raises UsageError for a wrong ending, for what is there already, and for a place within one of `takes`;
    RecordingError where no file can be made there.
    """
    try:
        tidy(out)
        _refuse(out, suffixes, member_suffix, overwrite, takes)
        out.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(out.parent, os.W_OK):
            raise PermissionError(None, "Permission denied")
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise RecordingError(
            f"cannot be written there: {told or error}", subject=str(out), mend=_ELSEWHERE
        ) from error


def tidy(out: Path) -> None:
    """What whole_file and whole_folder left beside a target when their process was killed goes; what it had
    just put aside for the new comes back."""
    if not out.parent.is_dir():
        return
    left = re.compile(
        rf"\.{re.escape(out.name)}\.(?P<folder>\d+)\.(part|old)"
        rf"|\.{re.escape(out.stem)}\.(?P<file>\d+){re.escape(out.suffix)}"
    )
    for path in out.parent.iterdir():
        found = left.fullmatch(path.name)
        if found is None or not is_gone(int(found["folder"] or found["file"])):
            continue
        with contextlib.suppress(OSError):
            if found["folder"] is None:
                path.unlink()
            elif path.suffix == ".old" and not out.exists():
                path.rename(out)
            else:
                shutil.rmtree(path)


def _refuse(
    out: Path, suffixes: Sequence[str], member_suffix: str, overwrite: bool, takes: Sequence[Path]
) -> None:
    place = out.resolve()
    for take in takes:
        if place.is_relative_to(take.resolve()) or take.resolve().is_relative_to(place):
            raise UsageError("is where the take itself lies", subject=str(out), mend=_ELSEWHERE)
    if suffixes and out.suffix.lower() not in suffixes:
        raise UsageError(
            f"does not end in {' or '.join(suffixes)}",
            subject=str(out),
            mend=f"name it {out.stem}{suffixes[0]}",
        )
    if not os.path.lexists(out):
        return
    if suffixes and out.is_dir():
        raise UsageError("is a folder", subject=str(out), mend="name a file")
    if not suffixes and not out.is_dir():
        raise UsageError("is a file, and a folder is wanted", subject=str(out), mend=_ELSEWHERE)
    if not suffixes and any(path.suffix != member_suffix or path.is_dir() for path in out.iterdir()):
        # Whatever --overwrite says: what lies there was not made by this export.
        raise UsageError(f"holds more than {member_suffix} files", subject=str(out), mend=_ELSEWHERE)
    if not overwrite and (suffixes or any(out.iterdir())):
        raise UsageError(
            "is there already", subject=str(out), mend="add --overwrite, or choose another --out"
        )


@contextlib.contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A new folder beside `out` to write to; at the end it takes the place of `out`, whose old content goes.
    Where the writing fails, `out` stays as it was and nothing is left behind.

    Raises RecordingError for an OSError.
    """
    made = out.with_name(f".{out.name}.{os.getpid()}.part")
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    try:
        made.mkdir()
        yield made
        if out.exists():
            out.rename(old)
        try:
            made.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        raise RecordingError(
            f"cannot be written: {error.strerror or error}",
            subject=str(out),
            mend="make room or choose another --out",
        ) from error
    finally:
        if old.exists() and not out.exists():
            # Interrupted just between the two.
            with contextlib.suppress(OSError):
                old.rename(out)
        for left in (made, old):
            shutil.rmtree(left, ignore_errors=True)
