"""The sheets of an exploration: before, after, what changed, and how much of each object's look held."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from director.meters.hold import Hold
from director.take.heat import NOTHING, TICKS, TOP, heat

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

__all__ = ["Shown", "difference_picture", "overview", "sheet"]

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]

_GROUND: Colour = (20, 21, 25)
_TROUGH: Colour = (44, 47, 54)
_WORDS: Colour = (232, 230, 224)
_QUIET: Colour = (150, 152, 156)
_TOUCHED: Colour = (255, 196, 84)
# From lost to held.
_LOST, _HALF, _HELD = (214, 84, 72), (222, 170, 84), (92, 182, 150)

_MARGIN, _GAP = 28, 16
_NARROWEST, _WIDEST = 480, 800
_ROW = 25
_MOST_ROWS = 24
_LEGEND = 46


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a sheet tells of one change. Pictures are uint8[h, w, 3]; `objects` go by name, `touched` names
    those that the change was about, `hold` is that of the whole picture, weighted by pixels."""

    change: str
    before: Picture
    after: Picture
    difference: Picture
    objects: Mapping[str, Hold]
    touched: Sequence[str]
    hold: float | None
    remark: str


def sheet(shown: Shown, subject: str) -> "Image":
    """Before, after and difference side by side, with a bar for each of the largest objects beneath.

    `subject` says what was drawn: scene, move, time.
    """
    width, height = _shown_size(shown.before)
    across = 3 * width + 2 * _GAP
    rows = _ranked(shown)
    columns = 3 if across >= 1800 else 2
    deep = math.ceil(len(rows) / columns)
    top = _MARGIN + 74
    bars = top + 30 + height + _LEGEND + 18
    image, draw = _board(across + 2 * _MARGIN, bars + 60 + deep * _ROW + 52)
    large = next((size for size in (30, 25, 21) if _width(shown.change, size) <= across), 18)
    _say(draw, (_MARGIN, _MARGIN + 24 - large), shown.change, large, _WORDS, across)
    _say(draw, (_MARGIN, _MARGIN + 36), subject, 15, _QUIET, across)
    panels = (("BEFORE", shown.before), ("AFTER", shown.after), ("DIFFERENCE", shown.difference))
    for i, (caption, picture) in enumerate(panels):
        x = _MARGIN + i * (width + _GAP)
        _say(draw, (x, top + 2), caption, 14, _QUIET, width)
        _put(image, picture, (x, top + 26), (width, height))
    _legend(image, draw, (_MARGIN + 2 * (width + _GAP), top + 30 + height + 4), width)
    _say(draw, (_MARGIN, bars - 32), "What held", 24, _WORDS, width)
    _say(draw, (_MARGIN, bars + 2), shown.remark, 15, _QUIET, across)
    column = (across - (columns - 1) * 3 * _GAP) // columns
    for i, name in enumerate(rows):
        x = _MARGIN + (i // deep) * (column + 3 * _GAP)
        if i % deep == 0:
            _heading(draw, (x, bars + 30), column)
        _bar(draw, (x, bars + 54 + i % deep * _ROW), column, name, shown.objects[name], name in shown.touched)
    left_out = len(shown.objects) - len(rows)
    more = f"  {left_out} smaller objects are in explore.json." if left_out else ""
    foot = "Hold 100%: the whole look survived, colour and detail, on the surfaces that both pictures show."
    _say(draw, (_MARGIN, bars + 54 + deep * _ROW + 16), foot + more, 14, _QUIET, across)
    return image


def overview(original: Picture, steps: Sequence[Shown], subject: str) -> "Image":
    """The original, and beside it each change with its hold."""
    width, height = _shown_size(original)
    columns = min(3, len(steps) + 1)
    across = columns * width + (columns - 1) * _GAP
    cell = height + 96
    deep = math.ceil((len(steps) + 1) / columns)
    image, draw = _board(across + 2 * _MARGIN, _MARGIN + 62 + deep * cell + 8)
    _say(draw, (_MARGIN, _MARGIN - 6), "One variable at a time", 30, _WORDS, across)
    _say(draw, (_MARGIN, _MARGIN + 34), subject, 15, _QUIET, across)
    for i in range(len(steps) + 1):
        x = _MARGIN + i % columns * (width + _GAP)
        y = _MARGIN + 66 + i // columns * cell
        if i == 0:
            _put(image, original, (x, y), (width, height))
            _say(draw, (x, y + height + 6), "as it was", 18, _WORDS, width)
            continue
        step = steps[i - 1]
        _put(image, step.after, (x, y), (width, height))
        _say(draw, (x, y + height + 6), step.change, 18, _WORDS, width)
        if step.hold is not None:
            _gauge(draw, (x, y + height + 36), width - 64, step.hold)
            _say(draw, (x + width - 52, y + height + 29), f"{step.hold:.0%}", 17, _WORDS, 60)
        _say(draw, (x, y + height + 52), _extremes(step), 14, _QUIET, width)
    return image


def difference_picture(difference: Picture) -> "Image":
    """The heat map with its scale beneath."""
    height, width = difference.shape[:2]
    image, draw = _board(width, height + _LEGEND)
    _put(image, difference, (0, 0), (width, height))
    _legend(image, draw, (0, height + 6), width)
    return image


def _ranked(shown: Shown) -> list[str]:
    """The objects that a sheet has room for: those that were touched, then the largest; least held first."""
    touched = [name for name in shown.objects if name in shown.touched]
    others = [name for name in shown.objects if name not in shown.touched]
    by_size = [
        name
        for group in (touched, others)
        for name in sorted(group, key=lambda name: (-shown.objects[name].pixels, name))
    ]
    kept = by_size[:_MOST_ROWS]
    return sorted(kept, key=lambda name: (name not in shown.touched, shown.objects[name].hold, name))


def _extremes(step: Shown) -> str:
    ranked = sorted(_ranked(step), key=lambda name: step.objects[name].hold)
    if not ranked:
        return "nothing could be compared"
    words = [f"{name} ({step.objects[name].hold:.0%})" for name in ranked]
    return f"least {', '.join(words[:2])}" + (f"  ·  most {words[-1]}" if len(words) > 2 else "")


def _bar(draw: "ImageDraw", at: tuple[int, int], width: int, name: str, hold: Hold, touched: bool) -> None:
    x, y = at
    naming = min(210, width // 3)
    if touched:
        draw.polygon([(x, y + 5), (x + 7, y + 9), (x, y + 13)], fill=_TOUCHED)
    _say(draw, (x + 12, y), name, 15, _TOUCHED if touched else _WORDS, naming - 18)
    trough = max(40, width - naming - 252)
    _gauge(draw, (x + naming, y + 6), trough, hold.hold)
    for place, share in zip(_places(x, width), _figures(hold), strict=True):
        quiet = place != _places(x, width)[0]
        _right(draw, (place, y), f"{share:.0%}", 15, _QUIET if quiet else _WORDS)


def _heading(draw: "ImageDraw", at: tuple[int, int], width: int) -> None:
    for place, words in zip(_places(at[0], width), ("hold", "colour", "detail", "compared"), strict=True):
        _right(draw, (place, at[1]), words, 13, _QUIET)


def _places(x: int, width: int) -> tuple[int, int, int, int]:
    """Where the columns of figures end."""
    right = x + width
    return right - 198, right - 136, right - 78, right


def _figures(hold: Hold) -> tuple[float, float, float, float]:
    return hold.hold, hold.colour, hold.detail, hold.coverage


def _gauge(draw: "ImageDraw", at: tuple[int, int], width: int, share: float) -> None:
    x, y = at
    draw.rounded_rectangle((x, y, x + width, y + 9), 4, fill=_TROUGH)
    low, high, mixed = (_LOST, _HALF, share * 2) if share < 0.5 else (_HALF, _HELD, share * 2 - 1)
    colour = tuple(round(a + (b - a) * mixed) for a, b in zip(low, high, strict=True))
    draw.rounded_rectangle((x, y, x + max(8, round(width * share)), y + 9), 4, fill=colour)


def _legend(image: "Image", draw: "ImageDraw", at: tuple[int, int], width: int) -> None:
    x, y = at
    across = max(16, width - 120)
    ramp = heat(np.broadcast_to(np.linspace(0, 1, across), (10, across)))
    _put(image, ramp, (x, y), (across, 10))
    draw.rectangle((x + across + 14, y, x + across + 26, y + 9), fill=NOTHING)
    _say(draw, (x + across + 30, y - 4), "not compared", 12, _QUIET, width - across - 30)
    free = x
    for distance, words in TICKS:
        place = x + round((across - 1) * distance / TOP)
        long = _width(words, 12)
        start = min(max(place - long // 2, free), x + width - long)
        if place != x and start > place + 4:
            # Too near to the word before: a tick alone.
            start = place + 3
        draw.line((place, y + 10, place, y + 13), fill=_QUIET)
        if start >= free and start + long <= x + width:
            _say(draw, (start, y + 14), words, 12, _QUIET, long + 2)
            free = start + long + 10


def _shown_size(picture: Picture) -> tuple[int, int]:
    height, width = picture.shape[:2]
    across = min(max(width, _NARROWEST), _WIDEST)
    return across, max(1, round(height * across / width))


def _board(width: int, height: int) -> tuple["Image", "ImageDraw"]:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), _GROUND)
    return image, ImageDraw.Draw(image)


def _put(image: "Image", picture: Picture, at: tuple[int, int], size: tuple[int, int]) -> None:
    from PIL import Image

    shown = Image.fromarray(picture)
    image.paste(shown if shown.size == size else shown.resize(size, Image.Resampling.LANCZOS), at)


def _say(draw: "ImageDraw", at: tuple[int, int], text: str, size: int, colour: Colour, width: int) -> None:
    """Write one line, cut short where it is wider than `width` pixels."""
    shown = " ".join(text.split())
    while len(shown) > 1 and _width(shown, size) > width:
        shown = shown[:-2].rstrip() + "…"
    draw.text(at, shown, font=_font(size), fill=colour)


def _right(draw: "ImageDraw", at: tuple[int, int], text: str, size: int, colour: Colour) -> None:
    """Write a line that ends at `at`."""
    draw.text((at[0] - _width(text, size), at[1]), text, font=_font(size), fill=colour)


def _width(text: str, size: int) -> int:
    return math.ceil(_font(size).getlength(text))


@cache
def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)
