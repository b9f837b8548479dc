"""F1's lines: everything in the table stands in them, in level columns, and neighbours share a line."""

from hypothesis import given
from hypothesis import strategies as st

from director.input.actions import ACTIONS, GROUPS
from director.viewport.help import Row, flowed, rows_of


def test_every_action_with_a_key_stands_in_help() -> None:
    for group in GROUPS:
        text = " ".join(f"{row.words} {row.keys}" for row in rows_of(group))
        for entry in ACTIONS:
            if entry.group == group and (entry.keys or entry.mouse):
                for word in entry.description.split():
                    assert word in text
                for key in entry.keys:
                    assert key.rpartition("+")[2] in text
    assert sum(len(rows_of(group)) for group in GROUPS) < len(ACTIONS)


def test_neighbours_that_begin_alike_share_a_line() -> None:
    rows = {row.words: row.keys for row in rows_of("Camera")}
    assert rows["Move forward, back, left, right"] == "W S A D"
    assert rows["Pan left, right"] == "Left Right"


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 8))
def test_columns_hold_every_line_in_order_and_no_heading_ends_one(headings: list[bool], count: int) -> None:
    rows = [Row("group", "", is_heading=True)]
    for index, is_heading in enumerate(headings):
        if is_heading and not rows[-1].is_heading:
            rows.append(Row(f"group {index}", "", is_heading=True))
        rows.append(Row(f"line {index}", "K"))
    columns = flowed(rows, count)
    assert 1 <= len(columns) <= count
    lines = [row for column in columns for row in column if not row.is_heading]
    assert lines == [row for row in rows if not row.is_heading]
    assert all(not column[-1].is_heading for column in columns)
    assert all(column[0].is_heading for column in columns)
