"""A PNG file for each frame, numbered, sRGB, with what the take was made of in its text."""

from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take.exporters._encode import metadata_of, start_timecode
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._pictures import pictures
from director.take.exporters._source import Source, check_film
from director.take.exporters._writing import whole_folder
from director.take.folder import plain_name
from director.take.timecode import frames_of, timecode

__all__ = ["EXPORTER"]

_PERCEPTUAL = bytes([0])


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    (source,) = takes
    start = start_timecode(options.timecode, source)
    check_film(source)
    stem, told = plain_name(source.name), metadata_of(source)
    first, drops = frames_of(start, source.fps), ";" in start
    with whole_folder(out) as folder:
        for index, picture in enumerate(pictures(source, start, options.burn_in)):
            info = PngInfo()
            info.add(b"sRGB", _PERCEPTUAL)
            for key, value in told.items():
                info.add_itxt(key, value)
            info.add_itxt("timecode", timecode(first + index, source.fps, drops))
            path = folder / f"{stem}.{options.first_frame + index:04d}.png"
            Image.fromarray(picture).save(path, format="PNG", pnginfo=info, compress_level=4)
            progress((index + 1) / source.frames, f"writing frame {index + 1} of {source.frames}")


EXPORTER = Exporter(
    "png",
    "a PNG file for each frame",
    (),
    _export,
    member_suffix=".png",
    heeds=frozenset({"timecode", "first_frame", "burn_in"}),
)
