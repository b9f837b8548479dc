"""What the tests of exporters share: a small scene, takes of it, ffmpeg's word on a film."""

import json
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.scene.document import Scene
from director.scene.load import parse_scene
from director.take import ffmpeg
from director.take.exporters import ExportOptions, export_takes, exporter
from director.take.library import mark_take
from director.take.recorder import Plan, Recorder
from director.take.shoot import shoot
from director.take.stage import Request
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick

__all__ = [
    "FRAMES",
    "NOTE",
    "SIZE",
    "decoded",
    "export",
    "orbit_take",
    "probe",
    "recorded",
    "room",
    "scene_text",
    "shoot_small",
    "still_cameras",
    "tag",
]

SIZE = (64, 36)
FRAMES = 10
NOTE = "good 部屋; keep 'this' = yes, \"really\""


def scene_text() -> str:
    """A room with something that moves, someone who stands, someone who walks, and two camera moves."""
    scene: dict[str, Any] = {
        "schema_version": 1,
        "name": "the-room",
        "prompt": "a foggy harbour = dawn; with 'quotes'",
        "objects": [
            {"kind": "plane", "name": "ground", "class": "floor", "size": [20, 20]},
            {"kind": "mannequin", "name": "anna", "class": "person", "position": [0, 0, 0]},
            {
                "kind": "box",
                "name": "cart 1",
                "class": "car",
                "size": [1, 2, 3],
                "colour": "#ff8000",
                "keys": [
                    {"time_s": 0, "position": [-2, 0, -1], "rotation_deg": [0, 0, 0]},
                    {"time_s": 1, "position": [2, 0, -1], "rotation_deg": [90, 0, 0]},
                ],
            },
            {
                "kind": "mannequin",
                "name": "ben",
                "class": "person",
                "pose": "walk",
                "keys": [{"time_s": 0, "position": [-3, 0, -6]}, {"time_s": 4, "position": [3, 0, -6]}],
            },
        ],
        "moves": [
            {
                "kind": "orbit",
                "name": "round",
                "centre": {"object": "anna", "offset": [0, 1.4, 0]},
                "radius_m": 5,
            },
            {
                "kind": "dolly-in",
                "name": "push",
                "start": [0, 1.6, 8],
                "end": [0.5, 1.2, 3],
                "look_at": {"object": "anna", "offset": [0, 1.4, 0]},
            },
        ],
    }
    return json.dumps(scene)


def room(folder: Path) -> Scene:
    """That scene, read."""
    return parse_scene(scene_text(), file="room", folder=folder)


def shoot_small(root: Path, move: str, fps: Fraction = Fraction(24), seed: int = 7) -> Path:
    """A take of ten frames."""
    request = Request(room(root), move, *SIZE, fps=fps, seed=seed, generator="proxy")
    return shoot(request, root, FRAMES / float(fps), lambda share, words: None).take.folder


def recorded(
    root: Path, cameras: list[tuple[float, float, CameraState]], fps: Fraction = Fraction(24)
) -> Path:
    """A take of given (seconds since the tick before, scene time, camera)."""
    recorder = Recorder(Plan(root, room(root), "by hand", *SIZE, fps=fps), waits=True)
    for index, (dt_s, time_s, camera) in enumerate(cameras):
        line = TrackLine(Tick(index, time_s, dt_s), camera, Direction(prompt="dawn"))
        recorder.tick(line, np.full((SIZE[1], SIZE[0], 3), index * 8, np.uint8))
    return recorder.stop().folder


def orbit_take(root: Path) -> Path:
    """The take that most tests export, circled and with a note."""
    folder = shoot_small(root, "round")
    mark_take(folder, note=NOTE, rating=4, circled=True)
    return folder


def export(name: str, takes: list[Path], out: Path, **chosen: Any) -> tuple[Path, ...]:
    """Export as the command does."""
    return export_takes(exporter(name), takes, out, ExportOptions(**chosen), lambda share, words: None)


def probe(film: Path) -> str:
    """What ffmpeg says of a file."""
    done = subprocess.run(
        [ffmpeg.command(), "-hide_banner", "-i", str(film)], capture_output=True, check=False, timeout=60
    )
    return done.stderr.decode()


def tag(told: str, key: str) -> str:
    """The value of a tag in what ffmpeg says."""
    found = re.search(rf"^\s*{key}\s*: (.*)$", told, re.MULTILINE)
    return found[1] if found else ""


def decoded(film: Path, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """uint8[n, h, w, 3], sRGB."""
    raw = ffmpeg.run(
        [
            "-i",
            str(film),
            "-map",
            "0:v:0",
            "-vf",
            ffmpeg.FROM_BT709,
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ],
        film,
    )
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)


def still_cameras(count: int, fps: Fraction) -> list[tuple[float, float, CameraState]]:
    """A camera that stands, a tick a frame."""
    camera = CameraState((0, 1.5, 6), (0, 0, 0, 1))
    return [(float(1 / fps), float(k / fps), camera) for k in range(count)]
