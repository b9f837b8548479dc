"""Loops compiled for this processor by Numba, where it is installed: where what is compiled is kept, and one
loop at a time."""

import atexit
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["Compiler", "cache_folder", "has_numba"]

# Numba's simpler pools of threads break where two threads of Python start loops at once.
_ONE_AT_A_TIME: Final = threading.Lock()
_OTHERS: Final = 3


def has_numba() -> bool:
    """Whether Numba is installed; it is not imported."""
    return importlib.util.find_spec("numba") is not None


def cache_folder(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Where compiled kernels are kept between runs, by the conventions of the platform."""
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "director" / "kernels"
    if platform == "darwin":
        return home / "Library" / "Caches" / "director" / "kernels"
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "director" / "kernels"


class Compiler:
    """Numba set up for one family of kernels: whatever is declared with `cache=True` between this and the
    next Compiler is kept in `folder`. Imports Numba."""

    def __init__(self, family: str, sources: Sequence[Path], text: str = "", threads: int = 0) -> None:
        """`sources` and `text` are what kernels are made of, and what they take constants from: other bytes
        are another version, with a folder of its own. `threads` is how many share a loop, 0 for as many as
        there are."""
        place = cache_folder(sys.platform, os.environ, Path.home()) / family
        self.folder = _kept_in(_writable(place), _digest(sources, text))
        # Threads that wait for each other would spin, which beside other work on the same cores costs as much
        # as the loops themselves (measured: 24 ms in place of 14). Read when the first loop is begun.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import numba

        # Numba would look for places of its own, and give up where it may write to none; and take for new
        # whatever is no older than its file, though constants come from other files.
        numba.config.CACHE_DIR = str(self.folder)  # type: ignore[attr-defined]
        most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
        self.threads = min(threads or most, most)
        self.version = str(numba.__version__)
        self._share = numba.set_num_threads

    def run(self, kernel: Any, *arguments: Any) -> Any:
        """Call a kernel, and give what it returns."""
        with _ONE_AT_A_TIME:
            self._share(self.threads)
            return kernel(*arguments)


def _digest(sources: Sequence[Path], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for file in sorted(sources):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> Path:
    """The folder, or where it cannot be written to one that lasts as long as the process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        found = Path(tempfile.mkdtemp(prefix="director-kernels-"))
        atexit.register(shutil.rmtree, found, ignore_errors=True)
        return found


def _kept_in(folder: Path, version: str) -> Path:
    """The folder of a version; the newest few of others are kept."""
    own = folder / version
    if not own.is_dir():
        others = sorted(
            (path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
        )
        for path in others[:-_OTHERS]:
            shutil.rmtree(path, ignore_errors=True)
        own.mkdir(exist_ok=True)
    return own
