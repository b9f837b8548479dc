"""A storyboard as PDF: six takes a page, each with a picture, number, size, lens, move, prompt and note."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from director.generate.protocol import Progress
from director.scene.compile import CompiledScene
from director.take.burn_in import lens_words
from director.take.exporters._camera import FrameCamera, frame_cameras
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._shot_size import shot_size
from director.take.exporters._source import Source, one_line
from director.take.folder import whole_file
from director.take.letterbox import fitted_size
from director.take.playback import FilmReader
from director.take.timecode import timecode

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

__all__ = ["EXPORTER", "panel_words"]

# A4 across at 150 dots an inch.
_DPI = 150
_PAGE = (1754, 1240)
_MARGIN, _GAP, _HEAD = 70, 36, 60
_ACROSS, _DOWN = 3, 2
_LARGE, _SMALL = 26, 19
_INK, _GREY, _LINE = (20, 20, 20), (110, 110, 110), (200, 200, 200)
# How many lines of prompt and of note there is room for.
_MOST_LINES = {"prompt": 3, "note": 3}


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    title = takes[0].entry.scene if len({source.entry.scene for source in takes}) == 1 else "Storyboard"
    on_page = _ACROSS * _DOWN
    count = -(-len(takes) // on_page)
    pages: list[Image] = []
    for number, source in enumerate(takes):
        if number % on_page == 0:
            pages.append(_page(title, len(pages) + 1, count))
        _panel(pages[-1], number % on_page, number + 1, source)
        progress((number + 1) / len(takes), f"drawing panel {number + 1} of {len(takes)}")
    told: dict[str, Any] = {"title": title, "producer": "director", "resolution": _DPI, "quality": 92}
    # The take's day, not today: the same takes give the same bytes.
    made = _day(takes[0].entry.date)
    with whole_file(out) as temporary:
        pages[0].save(
            temporary,
            format="PDF",
            save_all=True,
            append_images=pages[1:],
            creationDate=made,
            modDate=made,
            **told,
        )


def panel_words(source: Source, number: int) -> dict[str, str]:
    """What stands under a picture: number, size, lens, move, length, prompt and note."""
    cameras = frame_cameras(source)
    middle = cameras[len(cameras) // 2]
    entry = source.entry
    shots = [shot for shot in source.take.scene.shots if shot.name == entry.shot]
    numbered = shots[0].number if shots and shots[0].number else str(number)
    move = source.take.settings.get("move")
    dialogue = one_line(shots[0].slate.dialogue, 300) if shots else ""
    return {
        "number": numbered,
        "name": f"{entry.shot}  take {entry.number}",
        "size": shot_size(source, CompiledScene(source.take.scene), middle),
        "lens": _lens(cameras),
        "move": one_line(str(move), 60) if isinstance(move, str) else "by hand",
        "length": timecode(source.frames, source.fps),
        "prompt": one_line(source.take.lines[0].direction.prompt, 600),
        "note": " ".join(words for words in (dialogue and f"“{dialogue}”", entry.note) if words),
    }


def _lens(cameras: Sequence[FrameCamera]) -> str:
    first, last = cameras[0].camera.lens, cameras[-1].camera.lens
    if abs(first.focal_length_mm - last.focal_length_mm) < 0.1:
        return lens_words(first)
    return f"{first.focal_length_mm:.4g} to {last.focal_length_mm:.4g} mm  f/{first.f_number:.2g}"


def _page(title: str, number: int, count: int) -> "Image":
    from PIL import Image, ImageDraw

    page = Image.new("RGB", _PAGE, "white")
    draw = ImageDraw.Draw(page)
    _write(draw, (_MARGIN, _MARGIN - 30), _fitted(title, _LARGE, 1200), _LARGE, _INK)
    _write(draw, (_PAGE[0] - _MARGIN - 80, _MARGIN - 26), f"{number} / {count}", _SMALL, _GREY)
    return page


def _panel(page: "Image", place: int, number: int, source: Source) -> None:
    from PIL import Image, ImageDraw

    wide = (_PAGE[0] - 2 * _MARGIN - (_ACROSS - 1) * _GAP) // _ACROSS
    high = (_PAGE[1] - 2 * _MARGIN - _HEAD - (_DOWN - 1) * _GAP) // _DOWN
    left = _MARGIN + (place % _ACROSS) * (wide + _GAP)
    top = _MARGIN + _HEAD // 2 + (place // _ACROSS) * (high + _GAP)
    tall = wide * 9 // 16
    picture = Image.fromarray(_middle(source))
    size = fitted_size(picture.size, (wide, tall))
    page.paste(picture.resize(size, Image.Resampling.LANCZOS), (left + (wide - size[0]) // 2, top))
    draw = ImageDraw.Draw(page)
    draw.rectangle((left - 1, top - 1, left + wide, top + tall), outline=_LINE)
    words = panel_words(source, number)
    y = top + tall + 8
    heading = _fitted(f"{words['number']}   {words['name']}", _LARGE, wide)
    _write(draw, (left, y), heading, _LARGE, _INK)
    y += _LARGE + 8
    for keys in (("size", "move"), ("lens", "length")):
        facts = "   ".join(words[key] for key in keys if words[key])
        _write(draw, (left, y), _fitted(facts, _SMALL, wide), _SMALL, _GREY)
        y += _SMALL + 5
    for key, colour in (("prompt", _INK), ("note", _GREY)):
        for line in _wrapped(words[key], _SMALL, wide, _MOST_LINES[key]):
            _write(draw, (left, y), line, _SMALL, colour)
            y += _SMALL + 4


def _middle(source: Source) -> NDArray[np.uint8]:
    take = source.take
    with FilmReader(source.video, take.width, take.height, source.fps, source.frames) as film:
        return np.array(film.frame(source.frames // 2))


def _day(date: str) -> time.struct_time:
    try:
        return datetime.fromisoformat(date).astimezone(UTC).timetuple()
    except (ValueError, OverflowError, OSError):
        return datetime(2000, 1, 1, tzinfo=UTC).timetuple()


def _write(
    draw: "ImageDraw", at: tuple[int, int], text: str, size: int, colour: tuple[int, int, int]
) -> None:
    from PIL import ImageFont

    draw.text(at, text, font=ImageFont.load_default(size), fill=colour)


def _width(text: str, size: int) -> float:
    from PIL import ImageFont

    return float(ImageFont.load_default(size).getlength(text))


def _fitted(text: str, size: int, most: int) -> str:
    """A line no wider than `most`; what is too long ends in dots."""
    while _width(text, size) > most and len(text) > 1:
        text = text[:-2].rstrip() + "…"
    return text


def _wrapped(text: str, size: int, wide: int, most: int) -> list[str]:
    """At most so many lines; the last one ends in dots where there is more."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and _width(f"{line} {words[0]}", size) <= wide:
            line = f"{line} {words.pop(0)}"
        if words and len(lines) == most - 1:
            line = f"{line} …"
        lines.append(_fitted(line, size, wide))
    return lines


EXPORTER = Exporter("pdf", "a storyboard", (".pdf",), _export, takes_many=True)
