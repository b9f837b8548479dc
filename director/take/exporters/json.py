"""The camera of a take as JSON: slate, and for each frame place, turn, matrices, lens and focus.

Metres, right-handed, Y up, the camera looks down −Z; matrices are lists of rows and act on columns;
quaternions are x, y, z, w. `projection` is OpenGL's clip_from_view for the picture's aspect and the depth
range named beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from director import __version__
from director.camera.view import view_of
from director.generate.protocol import Progress
from director.take.exporters._camera import FrameCamera, frame_cameras, vertical_aperture_of, vertical_fov_of
from director.take.exporters._encode import start_timecode
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source
from director.take.folder import whole_file
from director.take.timecode import frames_of, timecode

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    (source,) = takes
    start = start_timecode(options.timecode, source)
    entry = source.entry
    content = {
        "format": "director camera",
        "version": 1,
        "software": f"director {__version__}",
        "slate": {
            "scene": entry.scene,
            "shot": entry.shot,
            "take": entry.number,
            "date": entry.date,
            "note": entry.note,
            "circled": entry.circled,
            "rating": entry.rating,
        },
        "prompt": source.take.lines[0].direction.prompt,
        "seed": source.seed,
        "generator": source.generator,
        "conventions": {
            "unit": "metre",
            "up": "+Y",
            "camera_looks": "-Z",
            "handedness": "right",
            "quaternion": "x y z w, world_from_camera",
            "matrix": "rows, acting on columns",
            "film_back_fit": "horizontal",
        },
        "frame_rate": f"{source.fps.numerator}/{source.fps.denominator}",
        "size": [source.take.width, source.take.height],
        "start_timecode": start,
        "frames": [_frame(source, frame, options, start) for frame in frame_cameras(source)],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    with whole_file(out) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", errors="replace", newline="\n")
    progress(1.0, f"wrote {out.name}")


def _frame(source: Source, frame: FrameCamera, options: ExportOptions, start: str) -> dict[str, object]:
    camera, scene = frame.camera, source.take.scene
    view = view_of(camera, source.aspect, scene.near_m, scene.far_m, None)
    number = frames_of(start, source.fps) + frame.index
    return {
        "frame": options.first_frame + frame.index,
        "timecode": timecode(number, source.fps, ";" in start),
        "time_s": frame.time_s,
        "scene_time_s": frame.scene_time_s,
        "is_cut": frame.is_cut,
        "position_m": list(camera.position),
        "orientation": list(camera.orientation),
        "world_from_camera": frame.world_from_camera.tolist(),
        "camera_from_world": view.view_from_world.tolist(),
        "projection": view.clip_from_view.tolist(),
        "depth_range_m": [view.near_m, view.far_m],
        "lens": {
            **asdict(camera.lens),
            "picture_height_mm": vertical_aperture_of(camera.lens, source),
            "vertical_fov_rad": vertical_fov_of(camera.lens, source),
        },
    }


EXPORTER = Exporter(
    "json",
    "the camera as JSON, frame by frame",
    (".json",),
    _export,
    heeds=frozenset({"timecode", "first_frame"}),
)
