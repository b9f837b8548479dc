"""What the user has set, in files of their own: each written whole, or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from director.errors import UsageError

__all__ = ["read_settings", "settings_folder", "write_settings"]


def settings_folder(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Where a user's settings lie on `sys.platform`: Windows' AppData, macOS's Application Support, else the
    XDG base directory (https://specifications.freedesktop.org/basedir-spec/latest)."""
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "director"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "director"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "director"


def read_settings(path: Path) -> Any:
    """What a file holds, as JSON has it; None where there is none. Raises UsageError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot be read: {error}", subject=str(path), mend="delete it to start afresh"
        ) from error


def write_settings(path: Path, content: Mapping[str, object]) -> None:
    """Write a file beside, and then in place of what was there. Raises UsageError where that cannot be."""
    written = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            written = file.name
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(path)
    except OSError as error:
        if written:
            Path(written).unlink(missing_ok=True)
        raise UsageError(
            f"cannot be written: {error.strerror}",
            subject=str(path),
            mend="what was set holds until the window closes",
        ) from error
