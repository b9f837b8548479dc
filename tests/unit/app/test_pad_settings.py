"""The pad's buttons in the user's own file, and how one is bound otherwise."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.app.overlays.pad_picture import control_words
from director.app.pad_settings import load_buttons, rebound, save_buttons
from director.app.user_settings import settings_folder
from director.errors import UsageError
from director.input.pad import DEFAULT_BUTTONS

HOME = Path("home")
buttons = st.sampled_from(sorted(DEFAULT_BUTTONS))
names = st.sampled_from(sorted(DEFAULT_BUTTONS.values()))


def test_what_is_saved_is_loaded_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "director"
    assert load_buttons(folder) == DEFAULT_BUTTONS
    changed = rebound(DEFAULT_BUTTONS, "record", "x")
    save_buttons(folder, changed)
    assert load_buttons(folder) == changed
    assert [path.name for path in folder.iterdir()] == ["pad.json"]


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"buttons": {"a": "no such"}}', '{"buttons": {"q": "play"}}', '{"buttons": {"a": 3}}'],
)
def test_a_file_that_is_no_binding_is_told_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pad.json"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_buttons(tmp_path)
    assert "pad.json" in str(caught.value)
    assert "delete it" in str(caught.value)
    assert path.read_text() == text


def test_where_nothing_can_be_written_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("")
    with pytest.raises(UsageError):
        save_buttons(tmp_path / "occupied", DEFAULT_BUTTONS)
    (tmp_path / "pad.json").mkdir()
    with pytest.raises(UsageError):
        save_buttons(tmp_path, DEFAULT_BUTTONS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["occupied", "pad.json"]


@given(st.lists(st.tuples(names, buttons), max_size=8))
def test_however_often_it_is_bound_each_action_keeps_one_button(asked: list[tuple[str, str]]) -> None:
    bound = dict(DEFAULT_BUTTONS)
    for name, button in asked:
        bound = rebound(bound, name, button)
        assert bound[button] == name
    assert sorted(bound.values()) == sorted(DEFAULT_BUTTONS.values())
    assert json.loads(json.dumps(bound)) == bound


def test_a_button_that_did_nothing_leaves_the_old_one_free() -> None:
    assert rebound({"a": "record"}, "record", "b") == {"b": "record"}
    assert rebound({"a": "record"}, "play", "b") == {"a": "record", "b": "play"}


def test_each_system_s_place_for_settings() -> None:
    assert settings_folder("linux", {}, HOME) == HOME / ".config" / "director"
    assert settings_folder("linux", {"XDG_CONFIG_HOME": "conf"}, HOME) == Path("conf") / "director"
    assert settings_folder("darwin", {}, HOME) == HOME / "Library" / "Application Support" / "director"
    assert settings_folder("win32", {"APPDATA": "roaming"}, HOME) == Path("roaming") / "director"
    assert settings_folder("win32", {}, HOME) == HOME / "AppData" / "Roaming" / "director"


def test_the_picture_tells_what_controls_do_as_they_are_bound() -> None:
    assert control_words("leftstick-axis", DEFAULT_BUTTONS) == "Move"
    assert control_words("righttrigger", {}) == "Crane up"
    assert control_words("a", DEFAULT_BUTTONS) == "Start or stop a take"
    assert control_words("a", rebound(DEFAULT_BUTTONS, "play", "a")) == "Play or pause"
    assert control_words("a", {}) == ""
