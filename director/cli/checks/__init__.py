"""What `director doctor` looks at: one file a check, each with `NAME` and `run`, found by pkgutil.

Each runs in a process of its own (`python -m director.cli.checks NAME`): a driver that crashes takes its
check with it, not the doctor.
"""

import importlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from types import ModuleType

from director.family import member_names

__all__ = ["Finding", "check_names", "module_of", "run_apart"]

_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether it is as it should be, what was found, and what to do if it is not."""

    ok: bool
    found: str
    mend: str = ""


def check_names() -> tuple[str, ...]:
    """In alphabetical order."""
    return member_names(__path__)


def module_of(name: str) -> ModuleType:
    """The check's module."""
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def run_apart(name: str) -> Finding:
    """The finding of a check; one that ends without a finding has found something too."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, name],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return Finding(False, f"no answer within {_LONGEST_S:.0f} s", "try again when the machine is idle")
    except OSError as error:
        return Finding(False, f"the check could not be started: {error}", "reinstall Director")
    rows = done.stdout.strip().splitlines()
    if done.returncode == 0 and rows:
        try:
            return Finding(**json.loads(rows[-1]))
        except (ValueError, TypeError):
            return Finding(False, f"the check said: {rows[-1]}", module_of(name).MEND)
    complaints = done.stderr.strip().splitlines()
    last = complaints[-1] if complaints else f"ended with status {done.returncode}"
    return Finding(False, last, module_of(name).MEND)


def main(name: str) -> None:
    """Run one check here and print its finding."""
    finding: Finding = module_of(name).run()
    print(json.dumps(asdict(finding)))
