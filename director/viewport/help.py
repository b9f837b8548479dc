"""F1: every action and its bindings, made from the table of actions."""

from director.input.actions import ACTIONS, GROUPS, bindings_text
from director.viewport.pen import AMBER, FAINT, IVORY, SHADE, Pen

__all__ = ["draw_help"]

_LINE = 21.0
_HEADING = 30.0
_PAD = 26.0
_COLUMN = 470.0
_KEYS_AT = 215.0


def draw_help(pen: Pen, width: float, height: float) -> None:
    """Draw over a window of this size, in the pen's unscaled points. In a small window the lines are set
    closer and smaller, so that all of them are seen."""
    columns = _columns()
    tall = max(sum(_HEADING + _LINE * len(_entries(group)) + 8 for group in column) for column in columns)
    fit = min(1.0, (height - 40) / (tall + 2 * _PAD), (width - 40) / (_COLUMN * len(columns) + 2 * _PAD))
    panel_width = (_COLUMN * len(columns) + 2 * _PAD) * fit
    panel_height = (tall + 2 * _PAD) * fit
    left, top = (width - panel_width) / 2, (height - panel_height) / 2
    pen.box(0, 0, width, height, SHADE.faded(0.7))
    pen.box(left, top, panel_width, panel_height, SHADE.faded(1.45), round_by=8)
    for i, column in enumerate(columns):
        x, y = left + (_PAD + i * _COLUMN) * fit, top + _PAD * fit
        for group in column:
            pen.text(x, y, group, AMBER, size=16 * fit, bold=True)
            y += _HEADING * fit
            for description, keys, pad in _entries(group):
                pen.text(x, y, description, IVORY, size=14.5 * fit)
                end = pen.text(x + _KEYS_AT * fit, y, keys, FAINT, size=14.5 * fit)
                if pad:
                    start = max(end + 14 * fit, x + (_KEYS_AT + 110) * fit)
                    pen.text(start, y, pad, FAINT.faded(0.75), size=14.5 * fit)
                y += _LINE * fit
            y += 8 * fit


def _entries(group: str) -> list[tuple[str, str, str]]:
    return [(entry.description, *bindings_text(entry)) for entry in ACTIONS if entry.group == group]


def _columns() -> list[list[str]]:
    # Two columns of about equal height, groups in their order.
    heights = {group: 2 + len(_entries(group)) for group in GROUPS}
    best = min(
        range(1, len(GROUPS)),
        key=lambda cut: abs(sum(heights[g] for g in GROUPS[:cut]) - sum(heights[g] for g in GROUPS[cut:])),
    )
    return [list(GROUPS[:best]), list(GROUPS[best:])]
