"""The figures of a take over its seconds, drawn: one small chart a figure, one scale of time for all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from director.take.folder import whole_file
from director.take.measure import Measures

__all__ = ["save_plot"]

_TITLES: Final = {
    "warp_error": "Warp error",
    "flicker": "Flicker",
    "detail_kept": "Detail kept",
    "edge_recall": "Edge recall",
    "edge_offset_px": "Edge offset, px",
    "drift": "Drift",
}
# What a chart shows at least, or the noise of a steady figure would fill it.
_LEAST: Final = {
    "warp_error": 0.005,
    "flicker": 0.005,
    "detail_kept": 1.0,
    "edge_recall": 1.0,
    "edge_offset_px": 1.0,
    "drift": 0.02,
}
_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 920, 104, 190, 40, 64
_PAPER, _INK, _FAINT, _LINE = (24, 24, 26), (232, 228, 218), (120, 118, 114), (232, 176, 84)
_GRID = (52, 52, 56)


def save_plot(found: Measures, title: str, path: Path) -> None:
    """Write a PNG, whole or not at all. Raises RecordingError."""
    from PIL import Image, ImageDraw, ImageFont

    # Drawn at twice the size, for smooth lines.
    scale = 2
    height = _TOP + _ROW * len(_TITLES) + 34
    image = Image.new("RGB", (_WIDTH * scale, height * scale), _PAPER)
    draw = ImageDraw.Draw(image)
    large, small = (ImageFont.load_default(size * scale) for size in (19, 13))

    def at(x: float, y: float) -> tuple[float, float]:
        return (x * scale, y * scale)

    draw.text(at(24, 18), title, _INK, large)
    draw.text(at(24, 42), f"{found.frames} frames", _FAINT, small)
    right, count = _WIDTH - _RIGHT, max(1, len(found.seconds))
    for row, (name, words) in enumerate(_TITLES.items()):
        top, foot = _TOP + row * _ROW + 12, _TOP + (row + 1) * _ROW - 14
        values = [second.get(name) for second in found.seconds]
        known = [value for value in values if value is not None]
        mean = found.figures.get(name)
        draw.text(at(24, top + 6), words, _INK, small)
        draw.text(at(24, top + 26), "not known" if mean is None else f"{mean:.4g}", _LINE, large)
        most = max([*known, _LEAST[name]]) * 1.15
        for share in (0.0, 0.5, 1.0):
            y = foot - share * (foot - top)
            draw.line([at(_LEFT, y), at(right, y)], _GRID, scale)
        if not known:
            continue
        draw.text(at(_LEFT - 8, top), f"{most:.2g}", _FAINT, small, anchor="rm")
        draw.text(at(_LEFT - 8, foot), "0", _FAINT, small, anchor="rm")
        points = [
            at(_LEFT + (second + 0.5) / count * (right - _LEFT), foot - max(0.0, value) / most * (foot - top))
            for second, value in enumerate(values)
            if value is not None
        ]
        _curve(draw, points, scale)
    for second in range(count):
        x = _LEFT + (second + 0.5) / count * (right - _LEFT)
        if count <= 30 or second % (count // 15) == 0:
            draw.text(at(x, height - 20), f"{second} s", _FAINT, small, anchor="mm")
    with whole_file(path) as temporary:
        image.resize((_WIDTH, height), Image.Resampling.LANCZOS).save(temporary, format="PNG")


def _curve(draw: "object", points: Sequence[tuple[float, float]], scale: int) -> None:
    from PIL import ImageDraw

    assert isinstance(draw, ImageDraw.ImageDraw)
    if len(points) > 1:
        draw.line(list(points), _LINE, 2 * scale, joint="curve")
    for x, y in points:
        draw.ellipse((x - 3 * scale, y - 3 * scale, x + 3 * scale, y + 3 * scale), _LINE)
