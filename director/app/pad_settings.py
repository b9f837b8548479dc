"""The pad's buttons as the user has bound them, in a file of the user's own: written whole, or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from director.errors import UsageError
from director.input.actions import Kind, action
from director.input.pad import DEFAULT_BUTTONS

__all__ = ["load_buttons", "rebound", "save_buttons", "settings_folder"]

_FILE = "pad.json"


def settings_folder(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Where a user's settings lie on `sys.platform`: Windows' AppData, macOS's Application Support, else the
    XDG base directory (https://specifications.freedesktop.org/basedir-spec/latest)."""
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "director"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "director"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "director"


def load_buttons(folder: Path) -> Mapping[str, str]:
    """Button → action as saved in a folder; as the table has them where nothing was saved. Raises UsageError
    for a file that does not hold that."""
    path = folder / _FILE
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DEFAULT_BUTTONS
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot be read: {error}", subject=str(path), mend="delete it to start afresh"
        ) from error
    buttons = read.get("buttons") if isinstance(read, dict) else None
    if not isinstance(buttons, dict) or not _is_whole(buttons):
        raise UsageError("binds no pad's buttons", subject=str(path), mend="delete it to start afresh")
    return buttons


def save_buttons(folder: Path, buttons: Mapping[str, str]) -> None:
    """Write them beside, and then in place of what was there. Raises UsageError where that cannot be."""
    path = folder / _FILE
    written = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            written = file.name
            json.dump({"buttons": dict(sorted(buttons.items()))}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(path)
    except OSError as error:
        if written:
            Path(written).unlink(missing_ok=True)
        raise UsageError(
            f"cannot be written: {error.strerror}",
            subject=str(path),
            mend="the binding holds until the window closes",
        ) from error


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
