"""Films that are damaged, or are something else than a film."""

import random
import struct
from pathlib import Path

from director.take import ffmpeg
from tests.unit.take.faults.damage import Damage

__all__ = ["other_film"]


def other_film(folder: Path, outside: Path, rng: random.Random) -> Damage:
    """Another film, another container, or none."""
    path = folder / "video.mp4"
    other = str(outside / "film.mp4")
    lists = {
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n",
        "file list": f"ffconcat version 1.0\nfile '{other}'\n",
        "description": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns={other}\nm=video 9 RTP/AVP 96\n",
    }
    made: dict[str, list[str]] = {
        "matroska": ["-c", "copy", "-f", "matroska"],
        "avi": ["-c", "copy", "-f", "avi"],
        "stream": ["-c", "copy", "-f", "mpegts"],
        "picture": ["-frames:v", "1", "-f", "image2", "-c:v", "png", "-update", "1"],
        "bytes": ["-f", "rawvideo"],
        "no frames": ["-frames:v", "0", "-f", "mp4"],
        "one frame": ["-frames:v", "1", "-f", "mp4"],
        "size": ["-vf", "scale=128:72", "-f", "mp4"],
        "tall": ["-vf", "transpose", "-f", "mp4"],
        "lossless": ["-c:v", "png", "-f", "mov"],
        "rate": ["-r", "1000", "-f", "mp4"],
        "late": ["-c", "copy", "-output_ts_offset", "100000", "-f", "mp4"],
        "changing": ["-vf", "scale=w='if(gt(n,4),128,64)':h=36:eval=frame", "-f", "mp4"],
        "sound": ["-f", "lavfi", "-i", "sine=duration=1", "-map", "1:a", "-f", "mp4"],
        "two": ["-map", "0:v", "-map", "0:v", "-c", "copy", "-f", "mp4"],
        "turned": ["-c", "copy", "-metadata:s:v:0", "rotate=90", "-f", "mp4"],
    }
    kind = rng.choice((*lists, *made, "boxes", "boxes", "table", "index bytes", "index bytes", "sizes"))
    raw = bytearray(path.read_bytes())
    at = raw.find(b"moov")
    if kind in lists:
        path.write_text(lists[kind])
    elif kind in made:
        old = folder / "old.mp4"
        path.rename(old)
        ffmpeg.run(["-y", "-i", str(old), *made[kind], str(path)], path)
        old.unlink()
    elif kind == "boxes":
        # A box's length is four bytes before its name.
        box = rng.choice((b"moov", b"trak", b"mdia", b"stbl", b"stsz", b"stco", b"mdat", b"avcC", b"mvhd"))
        where = raw.find(box)
        raw[where - 4 : where] = struct.pack(">I", rng.choice((0, 1, 7, 2**31, 2**32 - 1)))
    elif kind == "table":
        # How many samples a table tells of.
        box = rng.choice((b"stsz", b"stts", b"stsc", b"stco", b"ctts"))
        where = raw.find(box) + (12 if box == b"stsz" else 8)
        raw[where : where + 4] = struct.pack(">I", rng.choice((0, 2**24, 2**31 - 1, 2**32 - 1)))
    elif kind == "sizes":
        where = raw.find(b"avc1") + 28
        raw[where : where + 4] = struct.pack(">HH", *rng.choice(((0, 0), (65535, 65535), (36, 64), (64, 37))))
    else:
        for _ in range(rng.randint(1, 12)):
            raw[at + rng.randrange(len(raw) - at)] = rng.randrange(256)
    if kind in ("boxes", "table", "index bytes", "sizes"):
        path.write_bytes(bytes(raw))
    return Damage(kind, leads_out=kind in lists)
