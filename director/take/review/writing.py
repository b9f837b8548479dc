"""The page itself: files that browsers open from disk, and the takes' data as a script beside them.

Browsers fetch nothing for a page that lies on disk, so data come as a script that names one constant.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

__all__ = ["PAGE", "as_script", "write_page"]

PAGE = Path(__file__).with_name("page")
"""Where the page's own files lie: index.html, and what it loads from `page/`."""

_DATA = "takes.js"


def write_page(folder: Path, data: Mapping[str, object]) -> None:
    """Write the page into a folder. Raises OSError."""
    (folder / "page").mkdir()
    for path in sorted(PAGE.iterdir()):
        if path.suffix not in (".html", ".css", ".js"):
            continue
        target = folder / path.name if path.suffix == ".html" else folder / "page" / path.name
        shutil.copyfile(path, target)
    (folder / _DATA).write_text(as_script(data), encoding="ascii", newline="\n")


def as_script(data: Mapping[str, object]) -> str:
    """ASCII, and nothing in it that could end a script or begin a tag, wherever it is put."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f"const DIRECTOR_REVIEW = {text};\n"
