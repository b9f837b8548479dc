"""What the palette finds by what is typed."""

from hypothesis import given
from hypothesis import strategies as st

from director.app.desk.command import Command
from director.app.desk.palette import Palette, found, score


def command(text: str, group: str = "Shot", keys: str = "") -> Command:
    return Command(text, group, lambda: None, keys)


RECORD = command("Start or stop a take", "Shot", "R")
ORBIT = command("Ride move orbit", "Moves")
COMMANDS = (
    RECORD,
    ORBIT,
    command("Wipe or blend towards the proxy", "View", "."),
    command("Select sofa arm left", "Objects"),
    command("Select café table", "Objects"),
    command("Live meters", "View", "F5"),
)


def names(query: str, *recent: str) -> list[str]:
    return [each.text for each in found(query, COMMANDS, recent)]


def test_the_beginning_of_a_word_is_meant_rather_than_its_middle_or_scattered_letters() -> None:
    assert names("orb")[0] == "Ride move orbit"
    assert names("take")[0] == "Start or stop a take"
    assert names("mtrs") == ["Live meters"]
    assert names("left sofa") == ["Select sofa arm left"]
    assert names("zzz") == []


def test_accents_groups_and_keys_are_found() -> None:
    assert names("cafe") == ["Select café table"]
    assert names("f5") == ["Live meters"]
    assert set(names("view")) >= {"Live meters", "Wipe or blend towards the proxy"}


def test_what_was_used_lately_comes_first() -> None:
    assert names("")[0] == RECORD.text
    assert names("", "Live meters", ORBIT.text)[:3] == ["Live meters", ORBIT.text, RECORD.text]
    assert names("select")[0] == "Select sofa arm left" or names("select")[0] == "Select café table"
    for last in ("Select sofa arm left", "Select café table"):
        assert names("select", last)[0] == last


@given(st.sampled_from(COMMANDS), st.integers(1, 40), st.booleans())
def test_any_beginning_of_a_name_finds_it(wanted: Command, letters: int, shouts: bool) -> None:
    typed = wanted.text[:letters]
    assert wanted in found(typed.upper() if shouts else typed, COMMANDS, ())


@given(st.text(max_size=12))
def test_nothing_that_is_typed_is_an_error_and_more_never_finds_more(typed: str) -> None:
    few = found(typed + " q", COMMANDS, ())
    assert set(map(id, few)) <= set(map(id, found(typed, COMMANDS, ())))
    assert all(score(typed, each) is not None for each in COMMANDS if not typed.strip())


def test_it_opens_empty_and_remembers_what_was_done() -> None:
    palette = Palette()
    palette.open(COMMANDS)
    assert palette.is_open
    assert palette.shown == list(COMMANDS)
    palette.used(ORBIT)
    palette.close()
    palette.open(COMMANDS)
    assert palette.shown[0] is ORBIT
