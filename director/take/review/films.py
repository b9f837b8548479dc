"""Films as every browser plays them and stops at any frame of them: H.264, 4:2:0, frames evenly spaced and in
order, a key frame at least once a second, the index first."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.take import ffmpeg
from director.take.exporters._encode import encode
from director.take.exporters._feed import feed
from director.take.exporters._source import Source
from director.take.folder import whole_file
from director.take.playback import FilmReader

__all__ = ["plays_as_it_is", "proxy_size", "write_film", "write_picture", "write_proxies"]

# Without pictures that refer to later ones the first is shown at 0, and a seek ends where it should.
_H264 = ("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "medium", "-bf", "0")
_PLAIN = ("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart")
_WIDEST_PROXIES = 640
_PICTURE_PX = 800


def write_film(source: Source, out: Path) -> None:
    """A take's film for browsers: the very same pictures where they can play it, else encoded anew.
    Raises RecordingError."""
    if plays_as_it_is(source):
        how = ["-c:v", "copy"]
    else:
        # Whatever times they had: frame k is at k / fps.
        rate, tick = source.fps, 1 / source.fps
        evenly = f"setpts=N/({rate.numerator}/{rate.denominator})/TB"
        how = [
            "-vf",
            f"{ffmpeg.FROM_BT709},{ffmpeg.TO_BT709},{ffmpeg.AS_BT709},{evenly}",
            "-fps_mode",
            "passthrough",
        ]
        how += ["-enc_time_base", f"{tick.numerator}/{tick.denominator}"]
        how += [*_H264, "-crf", "16", *_keyed(rate)]
    encode([*source.take.film_input, "-frames:v", str(source.frames), *how, *_PLAIN], out, source.video)


def plays_as_it_is(source: Source) -> bool:
    """Whether browsers play its film and seek in it to the frame. Raises RecordingError."""
    copied = [*source.take.film_input, "-c", "copy", "-f", "framecrc", "-"]
    told = ffmpeg.run(copied, source.video).decode(errors="replace")
    facts = dict(line[1:].split(": ", 1) for line in told.splitlines() if line.startswith("#"))
    if facts.get("codec_id 0") != "h264" or not _is_420(source):
        return False
    tick_s = Fraction(facts.get("tb 0", "1/1").strip())
    key = -1
    rows = [line.split(",") for line in told.splitlines() if line[:1].isdigit()]
    for frame, row in enumerate(rows[: source.frames]):
        # As they are decoded: where pictures refer to later ones they do not come in order.
        if abs(int(row[2]) * tick_s - frame / source.fps) > tick_s:
            return False
        # A packet that is nothing but a key frame has its flags left out.
        if not any(part.strip().startswith("F=") for part in row[6:]):
            key = frame
        if key < 0 or frame - key > max(Fraction(1), source.fps):
            return False
    return True


def write_picture(source: Source, out: Path) -> None:
    """A small JPEG of the frame in the middle of a take. Raises RecordingError."""
    from PIL import Image

    take = source.take
    with FilmReader(source.video, take.width, take.height, source.fps, source.frames) as film:
        picture = Image.fromarray(film.frame(source.frames // 2))
    picture.thumbnail((_PICTURE_PX, _PICTURE_PX), Image.Resampling.LANCZOS)
    with whole_file(out) as temporary:
        picture.save(temporary, format="JPEG", quality=88, optimize=True)


def proxy_size(source: Source) -> tuple[int, int]:
    """(width, height) of a take's film of proxies, even; never larger than the take's own."""
    width = min(_WIDEST_PROXIES, source.take.width)
    height = source.take.height * width / source.take.width
    return max(2, width // 2 * 2), max(2, round(height / 2) * 2)


def write_proxies(
    source: Source, pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], out: Path
) -> int:
    """A film at the rate of a take from pictures uint8[h, w, 3] of `size` (width, height), brought to
    `proxy_size`. Returns how many they were. Raises RecordingError."""
    width, height = proxy_size(source)
    scale = f"scale={width}:{height}:out_color_matrix=bt709:out_range=limited"
    scale += ":flags=area+accurate_rnd+full_chroma_int"
    coded = ["-vf", f"{scale},{ffmpeg.AS_BT709}", *_H264, "-crf", "20", *_keyed(source.fps)]
    return feed(pictures, [*ffmpeg.raw_input(size, source.fps), *coded, *_PLAIN], out)


def _keyed(fps: Fraction) -> tuple[str, ...]:
    frames = str(max(1, round(fps / 2)))
    return ("-g", frames, "-keyint_min", frames, "-sc_threshold", "0")


def _is_420(source: Source) -> bool:
    """Whether its pictures are 4:2:0 with eight bits: told by the bytes of one of them."""
    decoded = [*source.take.film_input, "-frames:v", "1", "-f", "framecrc", "-"]
    told = ffmpeg.run(decoded, source.video).decode(errors="replace")
    sizes = [int(line.split(",")[4]) for line in told.splitlines() if line[:1].isdigit()]
    return sizes == [source.take.width * source.take.height * 3 // 2]
