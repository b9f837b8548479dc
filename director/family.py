"""Families: folders in which each module is one member (a generator, a rig, a command), found by looking."""

import pkgutil
from collections.abc import Iterable

__all__ = ["member_names"]


def member_names(path: Iterable[str]) -> tuple[str, ...]:
    """The members' names in a package's `__path__`, as a command line spells them, in alphabetical order.
    Imports none of them; a module whose name begins with an underscore is no member."""
    names = (module.name for module in pkgutil.iter_modules(path))
    return tuple(sorted(name.replace("_", "-") for name in names if not name.startswith("_")))
