"""One window a scene file: a small file beside it tells who has it, by process and machine.

A process that is gone gives its lease up; of one on another machine nobody can tell: a person decides.
Two that take over in the same instant both believe they hold it until they ask again, which is done before
each save and each line of the journal: the later one keeps it.
"""

import ctypes
import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from director.clock import today
from director.errors import SceneError
from director.scene.load import write_whole

__all__ = ["Holder", "Lease", "claim", "holder_of", "lease_path"]

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a scene open: process id and its start (so that a number used again is not taken for it),
    machine, since when, and a number of the lease among those of that process."""

    pid: int
    host: str
    started: str
    since: str
    number: int

    @property
    def described(self) -> str:
        """For a sentence: "process 312 on stage-2, since 2026-05-01T09:12:00+00:00"."""
        return f"process {self.pid} on {self.host}, since {self.since}"

    @property
    def is_gone(self) -> bool:
        """Whether it is certain that the process runs no more. Of another machine's it never is."""
        if self.host != socket.gethostname():
            return False
        if not _runs(self.pid):
            return True
        return bool(self.started) and _started(self.pid) not in ("", self.started)


class Lease:
    """The right to write a scene file and its journal, as long as `holds` is true."""

    def __init__(self, path: Path, holder: Holder, replaced: Holder | None) -> None:
        self._path = path
        self._holder = holder
        self.replaced = replaced
        """Whose it was: of a process that is gone, or one that it was taken over from."""

    @property
    def holds(self) -> bool:
        """Whether nobody has taken it over."""
        return _read(self._path) == self._holder

    @property
    def taken_by(self) -> Holder | None:
        """Who has taken it over, if somebody has."""
        now = _read(self._path)
        return None if now == self._holder else now

    def release(self) -> None:
        """Give it up; of one that was taken over nothing is touched."""
        if self.holds:
            try:
                self._path.unlink(missing_ok=True)
            except OSError:
                # It names a process that will soon be gone, which the next one notices.
                return


def claim(scene_path: Path, *, take_over: bool = False) -> Lease | Holder:
    """The lease of a scene file, or whoever has it. One whose process is gone is replaced; with `take_over`,
    any is.

    Raises SceneError where nothing can be written beside the scene.
    """
    path = lease_path(scene_path)
    mine = Holder(os.getpid(), socket.gethostname(), _started(os.getpid()), today(), next(_numbers))
    text = json.dumps(asdict(mine)) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        return Lease(path, mine, None)
    except FileExistsError:
        pass
    except OSError as error:
        raise SceneError(
            f"nothing can be written beside it: {error.strerror or error}",
            file=str(scene_path),
            mend="open it read-only, or save it where you may write",
        ) from error
    holder = _read(path)
    # What cannot be read is left from a crash while it was written.
    if holder is not None and not holder.is_gone and not take_over:
        return holder
    write_whole(path, text)
    now = _read(path)
    return Lease(path, mine, holder) if now in (mine, None) else now


def holder_of(scene_path: Path) -> Holder | None:
    """Who has a scene file open, as far as can be told; None where nobody has, or a process that is gone."""
    holder = _read(lease_path(scene_path))
    return None if holder is None or holder.is_gone else holder


def lease_path(scene_path: Path) -> Path:
    """Where the lease of a scene file lies: beside it."""
    return scene_path.with_name(f".{scene_path.name.removesuffix('.json')}.open")


def _read(path: Path) -> Holder | None:
    try:
        raw = json.loads(path.read_text("utf-8"))
        return Holder(
            int(raw["pid"]), str(raw["host"]), str(raw["started"]), str(raw["since"]), int(raw["number"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _runs(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        # Asking with signal 0 would end the process there.
        synchronise, still_running = 0x00100000, 0x102
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(synchronise, False, pid)
        if not handle:
            return False
        waiting = kernel.WaitForSingleObject(handle, 0) == still_running
        kernel.CloseHandle(handle)
        return bool(waiting)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    """When a process started, in the system's own count; "" where that is not to be had. Linux tells it in
    the 22nd field of /proc/PID/stat (proc_pid_stat(5)), after a name that may hold spaces and brackets."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
