"""A .chan file: the camera as text, a line a frame, as Nuke, Blender, Houdini and others read it.

frame, tx ty tz in metres, rx ry rz in degrees for the rotation order ZXY (about Z first: R = Ry · Rx · Rz),
and the vertical angle of view in degrees of the picture as it is seen.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take.exporters._camera import angles_of, frame_cameras, vertical_fov_of
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source
from director.take.folder import whole_file

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    (source,) = takes
    cameras = frame_cameras(source)
    rows = []
    for frame, (yaw, pitch, roll) in zip(cameras, angles_of(cameras), strict=True):
        fov = math.degrees(vertical_fov_of(frame.camera.lens, source))
        numbers = (*frame.camera.position, pitch, yaw, roll, fov)
        # + 0.0: no minus before a zero.
        told = " ".join(f"{round(number, 9) + 0.0:.9f}" for number in numbers)
        rows.append(f"{options.first_frame + frame.index} {told}\n")
    with whole_file(out) as temporary:
        temporary.write_text("".join(rows), encoding="ascii", newline="\n")
    progress(1.0, f"wrote {out.name}")


EXPORTER = Exporter(
    "chan", "the camera as text, a line a frame", (".chan",), _export, heeds=frozenset({"first_frame"})
)
