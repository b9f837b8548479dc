"""The pad's buttons as the user has bound them, in a file of the user's own."""

from collections.abc import Mapping
from pathlib import Path

from director.app.user_settings import read_settings, write_settings
from director.errors import UsageError
from director.input.actions import Kind, action
from director.input.pad import DEFAULT_BUTTONS

__all__ = ["load_buttons", "rebound", "save_buttons"]

_FILE = "pad.json"


def load_buttons(folder: Path) -> Mapping[str, str]:
    """Button → action as saved in a folder; as the table has them where nothing was saved. Raises UsageError
    for a file that does not hold that."""
    path = folder / _FILE
    read = read_settings(path)
    if read is None:
        return DEFAULT_BUTTONS
    buttons = read.get("buttons") if isinstance(read, dict) else None
    if not isinstance(buttons, dict) or not _is_whole(buttons):
        raise UsageError("binds no pad's buttons", subject=str(path), mend="delete it to start afresh")
    return buttons


def save_buttons(folder: Path, buttons: Mapping[str, str]) -> None:
    """Write them beside, and then in place of what was there. Raises UsageError where that cannot be."""
    write_settings(folder / _FILE, {"buttons": dict(sorted(buttons.items()))})


def rebound(buttons: Mapping[str, str], name: str, button: str) -> dict[str, str]:
    """Bound so that this button does the action of that name; what it did goes to the button that did it
    before, so that nothing is lost."""
    made = dict(buttons)
    before = next((key for key, value in made.items() if value == name), None)
    was = made.get(button)
    made[button] = name
    if before is not None and before != button:
        if was is None:
            del made[before]
        else:
            made[before] = was
    return made


def _is_whole(buttons: Mapping[object, object]) -> bool:
    for button, name in buttons.items():
        if button not in DEFAULT_BUTTONS or not isinstance(name, str):
            return False
        try:
            if action(name).kind is Kind.AXIS:
                return False
        except KeyError:
            return False
    return True
