"""Sets Director up if need be, and starts it: `python3 tools/start.py [arguments of director]`.

Without arguments the viewport opens on the sample scene; on a machine with no display the sample
scene's first move is shot to a film instead.
"""

import os
import sys

import environment

SAMPLE = "night_alley"


def main() -> int:
    python = environment.ready()
    arguments = sys.argv[1:]
    if not arguments and _has_display():
        arguments = ["open", SAMPLE]
    elif not arguments:
        print(f"No display here: shooting the first move of the sample scene, {SAMPLE}.", flush=True)
        arguments = ["shoot", SAMPLE, "--out", str(environment.ROOT / "takes")]
    status: int = environment.run([python, "-m", "director", *arguments])
    return status


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    raise SystemExit(main())
