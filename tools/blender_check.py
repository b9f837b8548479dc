"""Opens exports of a take in Blender and compares its camera with ours, frame by frame.

Blender's Python module is not among our packages: it wants a Python of its own version, here 3.11, and an
environment of its own.

    director export TAKE --to json --out a.json; director export TAKE --to gltf --out a.glb
    director export TAKE --to usd --out a.usdc
    python3.11 -m venv /tmp/blender && /tmp/blender/bin/pip install bpy
    /tmp/blender/bin/python tools/blender_check.py a.json a.glb a.usdc

The JSON is what the others are measured by. Blender is Z-up, so that (x, y, z) of ours is (x, −z, y) there;
its angle of view is taken from the frame that it would draw at the take's aspect, whatever it calls sensor
and fit. The last line is one JSON object: of each file the largest deviation of position in metres, of
rotation and of the vertical angle of view in radians, and the frames they are at. Exit status 1 where one is
above 1e-4. A glTF's angle of view cannot be animated: it is compared at the first frame, and what its extras
tell of it at each. Blender's importer of glTF multiplies by fps_base where it should divide, so that glTF is
read at the next whole rate: a second at 24000/1001 then lies at frame 24, not 23.976, and is looked for
there.
"""

import argparse
import contextlib
import json
import math
import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy  # type: ignore[import-not-found]
from mathutils import Matrix  # type: ignore[import-not-found]

_MOST = 1e-4
# Ours is Y-up: a turn about x.
_BLENDER_FROM_OURS = Matrix(((1, 0, 0, 0), (0, 0, -1, 0), (0, 1, 0, 0), (0, 0, 0, 1)))


class Worst:
    """The largest deviation, and where it is."""

    def __init__(self) -> None:
        self.value, self.frame = 0.0, -1
        self.count = 0

    def add(self, value: float, frame: int) -> None:
        """One more deviation."""
        self.count += 1
        if not value <= self.value:
            self.value, self.frame = value, frame

    def told(self) -> dict[str, float | int]:
        """As JSON."""
        return {"most": self.value, "at_frame": self.frame, "frames": self.count}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Importers print what they do, past Python; only what we say is to be on stdout."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _open(path: Path, told: dict[str, Any]) -> Any:
    """The camera of a file, in an empty scene with the take's rate and size."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    rate = Fraction(told["frame_rate"])
    scene.render.fps = math.ceil(rate)
    # fps_base divides: 24000/1001 is 24 by 1.001.
    scene.render.fps_base = 1.0 if _is_gltf(path) else float(math.ceil(rate) / rate)
    scene.render.resolution_x, scene.render.resolution_y = told["size"]
    scene.render.pixel_aspect_x = scene.render.pixel_aspect_y = 1.0
    if _is_gltf(path):
        bpy.ops.import_scene.gltf(filepath=str(path.absolute()))
    else:
        bpy.ops.wm.usd_import(filepath=str(path.absolute()))
    cameras = [thing for thing in scene.objects if thing.type == "CAMERA"]
    if len(cameras) != 1:
        sys.exit(f"{path}: Blender finds {len(cameras)} cameras in it")
    scene.camera = cameras[0]
    return cameras[0]


def _is_gltf(path: Path) -> bool:
    return path.suffix.lower() in (".glb", ".gltf")


def _set_frame(scene: Any, at: float) -> None:
    """Show what is at a frame, or between two."""
    if abs(at - round(at)) > 1e-6:
        # A hair late: a cut lies at such a time, and rounding must not show what was before it.
        at += 1e-5
    else:
        at = round(at)
    scene.frame_set(math.floor(at), subframe=at - math.floor(at))


def _vertical_angle(camera: Any, depsgraph: Any) -> float:
    """Radians, of the frame that Blender would draw."""
    corners = camera.evaluated_get(depsgraph).data.view_frame(scene=bpy.context.scene)
    heights = [corner.y / -corner.z for corner in corners]
    return math.atan(max(heights)) - math.atan(min(heights))


def _compare(path: Path, told: dict[str, Any]) -> dict[str, dict[str, float | int]]:
    with _quiet():
        camera = _open(path, told)
    is_gltf = _is_gltf(path)
    scene = bpy.context.scene
    place, turn, angle, extras = Worst(), Worst(), Worst(), Worst()
    for index, frame in enumerate(told["frames"]):
        # glTF counts seconds from 0, and a USD's time codes are the frames' numbers.
        _set_frame(scene, frame["time_s"] * scene.render.fps if is_gltf else frame["frame"])
        depsgraph = bpy.context.evaluated_depsgraph_get()
        found = camera.evaluated_get(depsgraph).matrix_world
        wanted = _BLENDER_FROM_OURS @ Matrix(frame["world_from_camera"])
        place.add((found.translation - wanted.translation).length, frame["frame"])
        # A scale would be a fault as well.
        axes = zip(found.to_3x3().col, wanted.to_3x3().col, strict=True)
        turn.add(max((one - two).length for one, two in axes), frame["frame"])
        fov = frame["lens"]["vertical_fov_rad"]
        if not is_gltf or index == 0:
            angle.add(abs(_vertical_angle(camera, depsgraph) - fov), frame["frame"])
        if is_gltf:
            extras.add(abs(camera.data["yfov_rad"][index] - fov), frame["frame"])
    found_all = {"position_m": place.told(), "rotation_rad": turn.told(), "vertical_fov_rad": angle.told()}
    return {**found_all, "extras_fov_rad": extras.told()} if is_gltf else found_all


def _main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("camera", metavar="CAMERA.json", type=Path, help="what `export --to json` wrote")
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="glTF and USD of the same take")
    given = parser.parse_args()
    told = json.loads(given.camera.read_text(encoding="utf-8"))
    found = {path.name: _compare(path, told) for path in given.files}
    print(json.dumps({"blender": bpy.app.version_string, **found}))
    most = max(one["most"] for file in found.values() for one in file.values())
    return 1 if not most <= _MOST else 0


if __name__ == "__main__":
    sys.exit(_main())
