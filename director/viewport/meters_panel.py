"""The live meters: a small panel of figures below the upper strip, at the right."""

from director.viewport.pen import AMBER, FAINT, IVORY, SHADE, Colour, Pen
from director.viewport.readout import MetersReadout, Readout

__all__ = ["draw_meters"]

_TOP = 44.0
_LOADING = 22.0
"""Room for what a generator says while it loads."""
_EDGE = 14.0
_PAD = 12.0
_LINE = 19.0
_GAP = 8.0
_WIDTH = 264.0
_SIZE = 14.0
_FOOT = 104.0
"""What the lower strip and the field for prompts take of a window."""
_UNKNOWN = "–"
_OF_PICTURE = 5
"""The first lines are of the picture, the rest of how soon it comes."""


def draw_meters(pen: Pen, width: float, height: float, shown: Readout) -> None:
    """Draw into a window of this size, in the pen's unscaled points. Lines that have no room are left out
    from below; without meters nothing is drawn."""
    if shown.meters is None:
        return
    top = _TOP + (_LOADING if shown.generator.progress < 1 else 0.0)
    room = int((height - _FOOT - top - 2 * _PAD - _GAP) // _LINE)
    lines = _lines(shown.meters)[: max(0, room)]
    if not lines:
        return
    left, right = width - _EDGE - _WIDTH, width - _EDGE - _PAD
    tall = 2 * _PAD + _LINE * len(lines) + (_GAP if len(lines) > _OF_PICTURE else 0.0) - 4
    pen.box(left, top, _WIDTH, tall, SHADE, round_by=4)
    y = top + _PAD - 3
    for number, (label, figure, colour) in enumerate(lines):
        if number == _OF_PICTURE:
            y += _GAP
        pen.text(left + _PAD, y, label, FAINT, size=_SIZE)
        pen.text_left_of(right, y, figure, FAINT if figure == _UNKNOWN else colour, size=_SIZE)
        y += _LINE


def _lines(meters: MetersReadout) -> list[tuple[str, str, Colour]]:
    is_late = meters.late is not None and meters.late > 0.01
    return [
        ("warp error", _number(meters.warp_error), IVORY),
        ("flicker", _number(meters.flicker), IVORY),
        ("detail kept", _share(meters.detail_kept), IVORY),
        ("edges found", _edges(meters), IVORY),
        ("drift", _share(meters.drift, 1), IVORY),
        ("latency p50 / 95 / 99", _latency(meters.latency_ms), IVORY),
        ("camera answers in", f"{meters.camera_ticks} tick{'' if meters.camera_ticks == 1 else 's'}", IVORY),
        ("late pictures", _late(meters), AMBER if is_late else IVORY),
    ]


def _number(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.4f}"


def _share(value: float | None, digits: int = 0) -> str:
    return _UNKNOWN if value is None else f"{value:.{digits}%}".replace("%", " %")


def _edges(meters: MetersReadout) -> str:
    if meters.edge_recall is None or meters.edge_offset_px is None:
        return _share(meters.edge_recall)
    return f"{_share(meters.edge_recall)} · {round(meters.edge_offset_px, 1):g} px off"


def _latency(latency_ms: tuple[float, float, float] | None) -> str:
    if latency_ms is None:
        return _UNKNOWN
    if latency_ms[-1] >= 1000:
        return f"{' / '.join(f'{value / 1000:.2f}' for value in latency_ms)} s"
    return f"{' / '.join(f'{value:.0f}' for value in latency_ms)} ms"


def _late(meters: MetersReadout) -> str:
    if meters.late is None or meters.rate is None:
        return _UNKNOWN
    return f"{_share(meters.late, 1)} at {meters.rate:g} fps"
