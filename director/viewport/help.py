"""F1: every action and its bindings, made from the table of actions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from director.input.actions import ACTIONS, GROUPS, Action, bindings_text
from director.viewport.pen import AMBER, IVORY, SHADE, Pen

__all__ = ["Row", "draw_help", "flowed", "rows_of"]

_LINE = 20.0
_HEADING = 25.0
_GROUP_GAP = 9.0
_PAD = 22.0
_GUTTER = 30.0
_KEYS_GAP = 12.0
_SIZE = 14.5
_MOST_COLUMNS = 8
# A comma in grey is nothing to see.
_KEY = IVORY.faded(0.75)
# Actions that go together stand in one line, as long as it stays short.
_LONGEST_WORDS = 34
_LONGEST_REST = 2
_LONGEST_KEYS = 24


@dataclass(frozen=True, slots=True)
class Row:
    """A line of help: words and keys; a heading has no keys."""

    words: str
    keys: str
    is_heading: bool = False

    @property
    def height(self) -> float:
        """In unscaled points."""
        return _HEADING if self.is_heading else _LINE


def rows_of(group: str) -> list[Row]:
    """The lines of a group: neighbours whose names begin alike are one line, as are their keys."""
    entries = [entry for entry in ACTIONS if entry.group == group and bindings_text(entry)[0]]
    rows: list[Row] = []
    begun: list[Action] = []
    for entry in entries:
        if begun and _joined([*begun, entry]) is None:
            rows.append(_row(begun))
            begun = []
        begun.append(entry)
    return [*rows, _row(begun)] if begun else rows


def draw_help(pen: Pen, width: float, height: float) -> None:
    """Draw over a window of this size, in the pen's unscaled points: in as many columns as make it largest,
    so that all of it is seen."""
    rows = [row for name, rows in _groups() for row in (Row(name, "", is_heading=True), *rows)]
    best, columns = 0.0, [rows]
    for count in range(2, _MOST_COLUMNS + 1):
        tried = flowed(rows, count)
        fit = _fit(pen, tried, width, height)
        if fit > best:
            best, columns = fit, tried
    fit = best
    widths = [_width(pen, column) for column in columns]
    panel_width = (sum(widths) + _GUTTER * (len(columns) - 1) + 2 * _PAD) * fit
    panel_height = (max(_height(column) for column in columns) + 2 * _PAD) * fit
    left, top = (width - panel_width) / 2, (height - panel_height) / 2
    pen.box(0, 0, width, height, SHADE.faded(0.8))
    pen.box(left, top, panel_width, panel_height, SHADE.faded(1.45), round_by=8)
    x = left + _PAD * fit
    for column, wide in zip(columns, widths, strict=True):
        _draw_column(pen, column, x, top + _PAD * fit, wide * fit, fit)
        x += (wide + _GUTTER) * fit


def flowed(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """The rows in `count` columns or fewer, as level as can be. A heading is never the last of its column; a
    group that goes on in the next has its heading there again."""
    low, high = _HEADING + 2 * _LINE, sum(row.height + _GROUP_GAP for row in rows) + _HEADING
    # The lowest height that they find room in; by halves, to a point.
    while high - low > 1:
        middle = (low + high) / 2
        if len(_filled(rows, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(rows, high)


def _filled(rows: Sequence[Row], height: float) -> list[list[Row]]:
    columns: list[list[Row]] = [[]]
    heading: Row | None = None
    for index, row in enumerate(rows):
        wanted = [row]
        if row.is_heading:
            heading = row
            # With two lines below it, or it would stand there alone.
            wanted += rows[index + 1 : index + 3]
        if columns[-1] and _height([*columns[-1], *wanted]) > height:
            columns.append([])
            if not row.is_heading and heading is not None:
                columns[-1].append(heading)
        columns[-1].append(row)
    return columns


def _groups() -> Iterator[tuple[str, list[Row]]]:
    for group in GROUPS:
        yield group, rows_of(group)
    yield "Pad", [Row(entry.description, bindings_text(entry)[1]) for entry in ACTIONS if entry.pad]


def _draw_column(pen: Pen, column: Sequence[Row], x: float, y: float, width: float, fit: float) -> None:
    for index, row in enumerate(column):
        if row.is_heading:
            y += _GROUP_GAP * fit if index else 0.0
            pen.text(x, y, row.words, AMBER, size=15.5 * fit, bold=True)
        else:
            pen.text(x, y, row.words, IVORY, size=_SIZE * fit)
            pen.text_left_of(x + width, y, row.keys, _KEY, size=_SIZE * fit)
        y += row.height * fit


def _fit(pen: Pen, columns: Sequence[Sequence[Row]], width: float, height: float) -> float:
    wide = sum(_width(pen, column) for column in columns) + _GUTTER * (len(columns) - 1) + 2 * _PAD
    tall = max(_height(column) for column in columns) + 2 * _PAD
    return min(1.0, (width - 16) / wide, (height - 16) / tall)


def _width(pen: Pen, column: Sequence[Row]) -> float:
    return max(
        pen.width(row.words, size=_SIZE, bold=row.is_heading)
        + (_KEYS_GAP + pen.width(row.keys, size=_SIZE) if row.keys else 0.0)
        for row in column
    )


def _height(column: Sequence[Row]) -> float:
    gaps = sum(row.is_heading for row in column[1:])
    return sum(row.height for row in column) + _GROUP_GAP * gaps


def _row(entries: Sequence[Action]) -> Row:
    joined = _joined(entries)
    assert joined is not None
    return joined


def _joined(entries: Sequence[Action]) -> Row | None:
    """One line of several actions; None where that says too little or takes too much room."""
    keys = [entry.keys or entry.mouse for entry in entries]
    if len(entries) == 1:
        return Row(entries[0].description, bindings_text(entries[0])[0])
    if any(len(each) != 1 for each in keys):
        return None
    words = [entry.description.split() for entry in entries]
    alike = takewhile(lambda same: len(set(same)) == 1, zip(*words, strict=False))
    begin = [same[0] for same in alike]
    rest = [" ".join(each[len(begin) :]) for each in words]
    lengths = {len(each) - len(begin) for each in words}
    if not begin or len(lengths) > 1 or not 0 < max(lengths) <= _LONGEST_REST:
        return None
    text = f"{' '.join(begin)} {', '.join(rest)}"
    told = _keys([each[0] for each in keys])
    if len(text) > _LONGEST_WORDS or len(told) > _LONGEST_KEYS:
        return None
    return Row(text, told)


def _keys(keys: Sequence[str]) -> str:
    # A chord's modifiers are said once.
    chords = [key.rpartition("+")[0] if len(key) > 1 else "" for key in keys]
    if not chords[0] or len(set(chords)) > 1:
        return " ".join(keys)
    return " ".join([keys[0], *(key.rpartition("+")[2] or "+" for key in keys[1:])])
