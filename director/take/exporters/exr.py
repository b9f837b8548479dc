"""OpenEXR, a file a frame with layers for compositing: picture, depth, object ids, normals, motion, camera.

    R G B        half   the take's picture in linear light, Rec. 709 primaries
    Z            float  metres along the view axis; sky = inf
    id           uint   object id, 0 = sky; never antialiased; names in the header's `objectManifest`, JSON
    N.X Y Z      half   normal in the world, unit; sky = 0
    motion.X Y   half   pixels since the frame before, x to the right, y down; object motion included

All but the picture are drawn anew from the take's scene and camera, pixel by pixel with it. Header attributes
are OpenEXR's standard ones where there is one; matrices act on rows there, as Imath's do.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.generate.protocol import Progress
from director.math3d import inverse_rigid
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.take.exporters._camera import FrameCamera, frame_cameras, vertical_aperture_of
from director.take.exporters._cutlist import reel_of
from director.take.exporters._encode import metadata_of, start_timecode
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._pictures import pictures
from director.take.exporters._source import Source, check_film, one_line
from director.take.exporters._writing import whole_folder
from director.take.folder import plain_name
from director.take.timecode import frames_of, timecode
from director.types import Direction, Tick

__all__ = ["EXPORTER"]

_PASSES = frozenset({"depth", "object", "normal", "motion"})
# Red, green, blue, white: ITU-R BT.709.
_REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    import OpenEXR

    (source,) = takes
    start = start_timecode(options.timecode, source)
    check_film(source)
    # Of a live take the film shows a tick, and not the time between two: the passes lie under that.
    cameras = [frame.as_shown for frame in frame_cameras(source)]
    stem = plain_name(source.name)
    frames = zip(pictures(source, start, options.burn_in), _passes(source, cameras), cameras, strict=True)
    with whole_folder(out) as folder:
        for picture, passes, frame in frames:
            channels = _channels(picture, passes)
            header = _header(source, frame, options, start)
            path = folder / f"{stem}.{options.first_frame + frame.index:04d}.exr"
            try:
                OpenEXR.File(header, channels).write(str(path))
            except RuntimeError as error:
                # It begins with the name that the file has until it is whole.
                told = one_line(str(error).rpartition('". ')[2], 200).rstrip(".")
                raise RecordingError(
                    f"cannot be written: {told}", subject=str(out), mend="make room or choose another --out"
                ) from error
            done = frame.index + 1
            progress(done / source.frames, f"writing frame {done} of {source.frames}")


def _passes(source: Source, cameras: Sequence[FrameCamera]) -> Iterator[dict[str, NDArray[Any]]]:
    """The maps of each frame, at the size of its picture."""
    take = source.take
    context = headless_context()
    try:
        conditioner = Conditioner(
            context, CompiledScene(take.scene), take.width, take.height, _PASSES, ring=1
        )
        for frame in cameras:
            tick = Tick(frame.index, frame.scene_time_s, float(1 / source.fps) if frame.index else 0.0)
            conditioner.draw(tick, replace(frame.camera, is_cut=frame.is_cut), Direction())
            drawn = conditioner.take()
            assert drawn is not None
            yield dict(drawn.maps)
        conditioner.release()
    finally:
        context.release()


def _channels(picture: NDArray[np.uint8], passes: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    height, width = picture.shape[:2]
    # From uv to pixels; a half holds a sixteenth of a pixel up to 128 of them.
    motion = passes["motion"].astype(np.float32) * np.array([width, height], np.float32)
    normal = passes["normal"].astype(np.float16)
    return {
        "RGB": _LINEAR[picture],
        "Z": np.ascontiguousarray(passes["depth"], np.float32),
        "id": np.ascontiguousarray(passes["object"], np.uint32),
        **{f"N.{axis}": np.ascontiguousarray(normal[..., i]) for i, axis in enumerate("XYZ")},
        **{f"motion.{axis}": np.ascontiguousarray(motion[..., i], np.float16) for i, axis in enumerate("XY")},
    }


def _linear_table() -> NDArray[np.float16]:
    """float16[256]: linear light of an sRGB byte (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float16)


_LINEAR = _linear_table()


def _header(source: Source, frame: FrameCamera, options: ExportOptions, start: str) -> dict[str, Any]:
    import OpenEXR

    lens = frame.camera.lens
    drops = ";" in start
    told = timecode(frames_of(start, source.fps) + frame.index, source.fps, drops)
    hours, minutes, seconds, number = (int(part) for part in told.replace(";", ":").split(":"))
    # Fields that broadcast uses, all off: colour frame, field phase, three flags, eight user groups.
    unused = [False] * 5 + [0] * 8
    names = {str(proxy_id): proxy.name for proxy_id, proxy in enumerate(source.take.scene.objects, start=1)}
    width_mm, height_mm = lens.film_back_width_mm, vertical_aperture_of(lens, source)
    header: dict[str, Any] = {
        "compression": OpenEXR.ZIP_COMPRESSION,
        "type": OpenEXR.scanlineimage,
        "chromaticities": _REC709,
        "framesPerSecond": Fraction(source.fps),
        "imageCounter": options.first_frame + frame.index,
        "reelName": reel_of(source),
        "aperture": float(lens.f_number),
        "focus": float(lens.focus_distance_m),
        "effectiveFocalLength": float(lens.focal_length_mm),
        "sensorOverallDimensions": np.array([width_mm, height_mm], np.float32),
        # Contiguous: the library goes by the bytes, not by the strides.
        "worldToCamera": np.ascontiguousarray(inverse_rigid(frame.world_from_camera).T, np.float32),
        "objectManifest": json.dumps(names, ensure_ascii=False),
        **{f"director.{key}": value for key, value in metadata_of(source).items()},
    }
    # The standard's field for frames ends at 39: faster films tell theirs in words.
    if number < 40:
        header["timeCode"] = OpenEXR.TimeCode(hours, minutes, seconds, number, drops, *unused)
    header["director.timecode"] = told
    return header


EXPORTER = Exporter(
    "exr",
    "picture, depth, ids, normals, motion and camera as OpenEXR, a file a frame",
    (),
    _export,
    member_suffix=".exr",
    extra="exr",
    packages=("OpenEXR",),
    heeds=frozenset({"timecode", "first_frame", "burn_in"}),
)
