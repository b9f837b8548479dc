"""Sets Director up with what its tests need, and runs them: `python3 tools/test.py [arguments of pytest]`.

Lint, types and tests, in that order; with arguments, only pytest.
"""

import sys
import time

import environment

CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
)


def main() -> int:
    python = environment.ready(extras=("test",))
    arguments = sys.argv[1:]
    failed = []
    if not arguments:
        for name, command in CHECKS:
            if _step(name, [python, "-m", *command]) != 0:
                failed.append(name)
    if _step("tests", [python, "-m", "pytest", *arguments]) != 0:
        failed.append("tests")
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _step(name: str, command: list[object]) -> int:
    print(f"── {name}: {' '.join(str(part) for part in command[2:])}", flush=True)
    started = time.monotonic()
    status: int = environment.run([str(part) for part in command])
    print(f"   {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
