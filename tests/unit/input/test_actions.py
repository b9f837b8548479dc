"""The table of actions: whole, unambiguous, and known to the devices."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from director.input.actions import ACTIONS, GROUPS, Kind, action, actions_of_key, bindings_text
from director.input.keyboard_mouse import KEY_CODES
from director.input.pad import PAD_NAMES


def test_names_are_unique_and_described() -> None:
    names = [entry.name for entry in ACTIONS]
    assert len(set(names)) == len(names)
    for entry in ACTIONS:
        assert entry.description[0].isupper()
        assert entry.description != entry.name
        assert action(entry.name) is entry
    assert set(GROUPS) == {entry.group for entry in ACTIONS}
    with pytest.raises(KeyError):
        action("make coffee")


def test_a_key_or_button_does_one_thing() -> None:
    keys = Counter(key for entry in ACTIONS for key in entry.keys)
    buttons = Counter(name for entry in ACTIONS for name in entry.pad)
    assert [key for key, count in keys.items() if count > 1] == []
    assert [name for name, count in buttons.items() if count > 1] == []
    codes = Counter(KEY_CODES.values())
    assert [code for code, count in codes.items() if count > 1] == []
    assert actions_of_key("W") == (action("forward"),)


def test_everything_can_be_done_somehow_and_help_can_say_how() -> None:
    for entry in ACTIONS:
        keys, pad = bindings_text(entry)
        assert keys or pad, entry.name
        if entry.kind is not Kind.AXIS:
            assert entry.keys, f"{entry.name} needs a key: every action is reachable by keyboard"
    assert bindings_text(action("prompt")) == ("Return or / or P", "")
    assert bindings_text(action("look")) == ("drag right button", "right stick")


def test_the_pad_is_bound_as_it_is_to_be_learnt() -> None:
    learnt = {
        "leftstick-axis": "travel",
        "rightstick-axis": "look",
        "righttrigger": "up",
        "lefttrigger": "down",
        "leftshoulder": "roll-left",
        "rightshoulder": "roll-right",
        "b": "boost",
        "a": "record",
        "y": "snapshot",
        "dpright": "next-camera",
        "dpleft": "previous-camera",
        "dpup": "reset-camera",
        "dpdown": "next-view",
    }
    bound = {name: entry.name for entry in ACTIONS for name in entry.pad}
    assert learnt.items() <= bound.items()
    assert set(bound) <= PAD_NAMES


def test_the_readme_names_every_key() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    section = readme.split("## In the viewport")[1].split("\n## ")[0]
    cells = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
    for entry in ACTIONS:
        if entry.keys:
            spelt = rf"(^|[\s]){re.escape(entry.keys[0])}([\s,;]|$)"
            assert any(re.search(spelt, cell) for cell in cells), f"{entry.name}: {entry.keys[0]}"


def test_the_table_needs_no_window_library() -> None:
    code = "import sys, director.input.actions; sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
