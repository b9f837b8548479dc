"""Brings the recorded camera shakes of Camera Shakify into the form that Director reads.

    python -m tools.recorded_shakes shake_data.py --out director/camera/stages/noise/recorded.json

The data (https://github.com/EatTheFuture/camera_shakify, shake_data.py, version 0.5.1) is CC0; the add-on's
code is not, and none of it is used: its file is read as a literal and never run. Each shake is a loop of
frames, camera space in metres and Blender's XYZ Euler angles; it is closed exactly, centred on zero, and
written as millimetres and degrees of pan, tilt and roll.
"""

import argparse
import ast
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

__all__ = ["main", "shake_of"]

_NAMES: Final = {
    "INVESTIGATION": "investigation",
    "THE_CLOSEUP": "close-up",
    "THE_WEDDING": "wedding",
    "WALK_TO_THE_STORE": "walk",
    "HANDYCAM_RUN": "handycam run",
    "OUT_CAR_WINDOW": "car window",
    "BIKE_ON_GRAVEL_2D": "bike on gravel",
    "THE_ZEEK_2D": "held still",
}
_SOURCE: Final = {
    "source": "https://github.com/EatTheFuture/camera_shakify, shake_data.py, version 0.5.1",
    "licence": "CC0-1.0",
}


def shake_of(channels: Mapping[tuple[str, int], Sequence[tuple[int, float]]]) -> NDArray[np.float64]:
    """float64[n, 6]: millimetres right, up and back, degrees of pan, tilt and roll, one period, about zero.
    Channels that were not recorded are 0."""
    frames = max(len(channel) for channel in channels.values())
    tracks = np.zeros((frames, 6))
    for (name, axis), keys in channels.items():
        tracks[:, axis + (0 if name == "location" else 3)] = [value for _, value in keys]
    # The last frame is the first again, all but for rounding.
    tracks -= (tracks[-1] - tracks[0]) * np.linspace(0, 1, frames)[:, None]
    tracks = tracks[:-1]
    turned = Rotation.from_euler("xyz", tracks[:, 3:]).as_euler("YXZ", degrees=True)
    made = np.hstack([tracks[:, :3] * 1000, turned])
    centred: NDArray[np.float64] = made - made.mean(0)
    return centred


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tools.recorded_shakes", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("shake_data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("director/camera/stages/noise/recorded.json"))
    chosen = parser.parse_args(arguments)
    (assigned,) = ast.parse(chosen.shake_data.read_text(encoding="utf-8")).body
    assert isinstance(assigned, ast.Assign)
    recorded: dict[str, tuple[str, float, Any]] = ast.literal_eval(assigned.value)
    shakes: dict[str, Any] = {}
    for key, name in _NAMES.items():
        _, fps, channels = recorded[key]
        track = shake_of(channels)
        shakes[name] = {
            "fps": fps,
            "frames": [[round(float(value), 3) for value in frame] for frame in track],
        }
    text = json.dumps({**_SOURCE, "shakes": shakes}, separators=(",", ":"))
    # A line a shake, for who looks at it or compares two.
    chosen.out.write_text(text.replace('":{"fps"', '":\n{"fps"') + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
