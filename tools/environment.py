"""Makes the project's environment, `.venv` at the root: what start.py and test.py share.

Plain standard-library Python, because it runs before anything is installed.
"""

# So that an older Python comes as far as being told that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
CONSTRAINTS = ROOT / "tools" / "constraints.txt"
STAMP = FOLDER / "director-setup.json"
LOG = FOLDER / "director-setup.log"

# library → Debian package. libGL is for a window, libEGL for work without one; libgl1-mesa-dri holds
# the drivers, the software renderer among them, but no library that a program links to.
GRAPHICS = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libGLX_mesa.so.0": "libglx-mesa0"}
DRIVERS = "libgl1-mesa-dri"
# program → Debian package, for tests that drive a real window on a virtual display
WINDOW_TESTS = {"Xvfb": "xvfb", "xdotool": "xdotool"}


def ready(extras: Sequence[str] = ()) -> Path:
    """The environment's Python, made and filled if it is not yet. Exits with one line if it cannot be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file or pipe on Windows may lack letters that are printed here.
            stream.reconfigure(errors="replace")
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        _stop(f"Director needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}")
    try:
        return _ready(extras)
    except KeyboardInterrupt:
        _stop("Interrupted. The next start goes on with the set-up.")
    except OSError as error:
        _stop(f"The set-up failed: {error}")


def _ready(extras: Sequence[str]) -> Path:
    if sys.platform.startswith("linux"):
        _graphics_libraries("test" in extras)
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = _wanted()
    inputs, installed = _stamp()
    if inputs == wanted and set(extras) <= set(installed) and python.exists():
        return python
    extras = sorted({*extras, *installed})
    _make(python)
    _install(python, extras)
    _compile(python)
    # Written last: a set-up that was interrupted is taken up again the next time.
    STAMP.write_text(json.dumps({"inputs": wanted, "extras": extras}), encoding="utf-8")
    return python


def run(command: Sequence[str | Path]) -> int:
    """Run to the end in the foreground and give its exit status; Ctrl-C reaches the command, not us."""
    process = subprocess.Popen([str(part) for part in command])
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _wanted() -> str:
    """A digest of all that decides what is installed, and where: a moved checkout is set up afresh."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp() -> tuple[str, list[str]]:
    """The digest and the extras of the last set-up that ended well; empty where there was none."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
        return str(found["inputs"]), list(found["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", []


def _make(python: Path) -> None:
    if (
        python.exists()
        and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return
    print(f"Making the environment {FOLDER} …", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(FOLDER)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode != 0 and _apt(["python3-venv"], why="to make an environment"):
        made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode != 0:
        _stop(f"python -m venv failed: {(made.stderr or made.stdout).strip()}")


def _install(python: Path, extras: Sequence[str]) -> None:
    target = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--constraint", str(CONSTRAINTS), "--editable", target]
    print("Installing what Director needs (a few minutes the first time) …", flush=True)
    started, complaint = time.monotonic(), "pip gave no reason"
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as pip,
    ):
        assert pip.stdout is not None
        for line in pip.stdout:
            log.write(line)
            if "error: " in line.lower():
                complaint = line.strip()
            step = _step(line)
            if step:
                _show(f"  {time.monotonic() - started:4.0f} s  {step}")
    _show("")
    if pip.returncode != 0:
        _stop(f"the installation failed: {complaint}; the whole output is in {LOG}")
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def _compile(python: Path) -> None:
    """What the first picture would have to wait for. Not done, it waits; so nothing is made of a failure."""
    print("Compiling formulas, passes and pictures for this processor (a minute, once) …", flush=True)
    for module in ("director.generate.embedded.compiled", "director.composite.kernels"):
        subprocess.run([python, "-m", module], capture_output=True)


def _step(line: str) -> str:
    """What a line of pip's output says is being done; empty for the rest."""
    words = line.split()
    if not words:
        return ""
    if words[0] in ("Collecting", "Downloading", "Building", "Using"):
        return " ".join(words[:2] + [word for word in words if word.startswith("(")][:1])
    if line.startswith("Installing collected packages"):
        return f"installing {line.count(',') + 1} packages"
    return ""


def _show(line: str) -> None:
    """One line that is written over on a terminal, and a plain line elsewhere."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[2K{line[:width]}", end="", flush=True)
    elif line:
        print(line, flush=True)


def _graphics_libraries(with_window_tests: bool) -> None:
    libraries = [library for library in GRAPHICS if not _loads(library)]
    packages = [GRAPHICS[library] for library in libraries]
    if libraries:
        packages.append(DRIVERS)
    if with_window_tests:
        packages += [package for program, package in WINDOW_TESTS.items() if not shutil.which(program)]
    # Tests of the window pass over what is missing; nothing is drawn without the libraries.
    if packages and not _apt(packages, why="OpenGL and a display") and libraries:
        _stop("OpenGL libraries are missing; install the packages that hold " + ", ".join(libraries))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt(packages: Sequence[str], why: str) -> bool:
    """Install Debian packages if we may; with apt but without the rights, say the one command and stop."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    names = " ".join(packages)
    if os.geteuid() != 0:
        _stop(f"Debian packages are missing ({why}). Run: sudo apt-get install -y {names}")
    print(f"Installing {names} ({why}) …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", *packages]):
        done = subprocess.run(command, capture_output=True, text=True, env=quiet)
    if done.returncode != 0:
        complaints = (done.stderr or done.stdout).strip().splitlines() or [f"status {done.returncode}"]
        _stop(f"apt-get install {names} failed: {complaints[-1]}")
    return True


def _stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)
