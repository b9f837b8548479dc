"""The family of exporters: what hands a take to another program, one format a file.

A member is a module with `EXPORTER`. It writes whole or not at all, and imports the packages that it needs
where it needs them.
"""

import difflib
import importlib

from director.errors import UsageError
from director.family import member_names
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._film import CutOptions, cut_film
from director.take.exporters._run import export_takes

__all__ = [
    "CutOptions",
    "ExportOptions",
    "Exporter",
    "cut_film",
    "export_takes",
    "exporter",
    "exporter_names",
]


def exporter_names() -> tuple[str, ...]:
    """In alphabetical order; there may be none. Imports none of them."""
    return member_names(__path__)


def exporter(name: str) -> Exporter:
    """The exporter of a format. Raises UsageError that lists those there are."""
    names = exporter_names()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UsageError("is no format", subject=repr(name), mend=f"{meant}formats: {', '.join(names)}")
    found: Exporter = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").EXPORTER
    return found
