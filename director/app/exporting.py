"""Takes handed to other programs from the window: the same commands as on the command line, in a process of
their own, so that neither the picture nor the camera waits for them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from director.app.notices import Notices
from director.take.exporters import exporter, exporter_names
from director.take.folder import plain_name
from director.take.library import TakeEntry

__all__ = ["Exporting", "formats"]

_POLITE = 10
_TIDYING_S = 3.0


def formats(*, of_many: bool) -> tuple[str, ...]:
    """The names of the formats that tell of one take, or of those in which one file tells of several."""
    return tuple(name for name in exporter_names() if exporter(name).takes_many == of_many)


class Exporting:
    """One export at a time, into `folder`. What it comes to becomes a notice; a window that closes ends it,
    and then nothing is left of it, as files are written whole or not at all."""

    def __init__(self, folder: Path, notices: Notices) -> None:
        self.folder = folder
        self._notices = notices
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._answer = ""
        self._said: list[str] = []
        self._label = ""

    @property
    def is_running(self) -> bool:
        """Whether one is under way."""
        return self._process is not None

    @property
    def told(self) -> str:
        """How far it is, in a few words; "" where none is under way."""
        if self._process is None:
            return ""
        return self._said[-1] if self._said else self._label

    def export(self, format_name: str, takes: Sequence[TakeEntry]) -> None:
        """Begin to write these takes in a format, beside what was exported before."""
        if not self._may(takes):
            return
        suffixes = exporter(format_name).suffixes
        out = self._free(takes, suffixes[0] if suffixes else f" {format_name}")
        folders = [str(take.folder) for take in takes]
        self._begin(
            ["export", *folders, "--to", format_name, "--out", str(out)], f"{format_name}: {out.name}"
        )

    def cut(self, takes: Sequence[TakeEntry]) -> None:
        """Begin to join these takes in their order into one film."""
        if self._may(takes):
            out = self._free(takes, " cut.mp4")
            folders = [str(take.folder) for take in takes]
            self._begin(["cut", *folders, "--out", str(out)], f"cut: {out.name}")

    def tick(self) -> None:
        """Once a turn: tell what has come to an end."""
        process, reader = self._process, self._reader
        if process is None or process.poll() is None or (reader is not None and reader.is_alive()):
            return
        self._process = self._reader = None
        if process.returncode == 0:
            self._notices.add(f"Exported: {_made(self._answer)}")
        elif process.returncode > 0:
            self._notices.add(self._said[-1] if self._said else f"{self._label} failed", is_problem=True)
        else:
            self._notices.add(f"{self._label}: ended from outside, nothing is written", is_problem=True)

    def cancel(self) -> None:
        """End what is under way; nothing of it stays."""
        if self._process is not None:
            self._stop(self._process)
            self._process = None
            self._notices.add(f"Export given up: {self._label}")

    def close(self) -> None:
        """End what is under way, for good."""
        if self._process is not None:
            self._stop(self._process)
            self._process = None

    def _may(self, takes: Sequence[TakeEntry]) -> bool:
        if self._process is not None:
            self._notices.add(f"An export is under way: {self.told}")
            return False
        if not takes:
            self._notices.add("No take is circled: Ctrl+K circles the chosen one")
            return False
        for take in takes:
            if take.state not in ("complete", "short"):
                self._notices.add(f"{take.folder.name}: {take.error or take.state}", is_problem=True)
                return False
        return True

    def _free(self, takes: Sequence[TakeEntry], suffix: str) -> Path:
        one = takes[0]
        stem = plain_name(f"{one.scene} {one.shot} {one.number}" if len(takes) == 1 else one.scene)
        path, number = self.folder / f"{stem}{suffix}", 1
        while path.exists():
            number += 1
            path = self.folder / f"{stem} {number}{suffix}"
        return path

    def _begin(self, words: Sequence[str], label: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            process = subprocess.Popen(
                [sys.executable, "-m", "director", *words, "--json"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
        except OSError as error:
            self._notices.add(f"cannot export to {self.folder}: {error.strerror}", is_problem=True)
            return
        if hasattr(os, "setpriority"):
            # The window goes before.
            os.setpriority(os.PRIO_PROCESS, process.pid, _POLITE)
        self._process, self._label, self._answer, self._said = process, label, "", []
        self._reader = threading.Thread(target=self._read, args=(process, self._said), daemon=True)
        self._reader.start()
        self._notices.add(f"Exporting {label}")

    def _read(self, process: "subprocess.Popen[str]", said: list[str]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip():
                said.append(line.strip().removeprefix("director: "))
        answer = process.stdout.read()
        if said is self._said:
            self._answer = answer

    @staticmethod
    def _stop(process: "subprocess.Popen[str]") -> None:
        # Asked first, so that it tidies up after itself.
        if os.name == "posix":
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_TIDYING_S)
        process.kill()
        process.wait()


def _made(answer: str) -> str:
    last = (answer.strip().splitlines() or [""])[-1]
    try:
        data = json.loads(last)
    except ValueError:
        return last
    files = data.get("files") or [data.get("file", "")]
    return ", ".join(str(file) for file in files)
