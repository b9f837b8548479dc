"""What stands where a scene has rough proxies: one file a family of things.

A director blocks a building as a box; the finisher of buildings makes a facade of it, with ledges, panes and
doors. A file in this folder that defines `FINISHERS`, a mapping from ADE20K class name to a function from a
`Thing` to its `Piece`s, is found by itself. finished.py runs a whole scene through them; the passes that the
embedded generator reads are drawn of that, and so are the pictures that its network is taught by.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from director.scene.finish.thing import Piece, Thing

__all__ = ["Finish", "finishers"]

Finish = Callable[[Thing], Sequence[Piece] | None]
"""None, or no pieces: the thing stays as it was blocked."""


@cache
def finishers() -> Mapping[str, Finish]:
    """Class name → what finishes things of that class. Raises ValueError if two files claim a class."""
    found: dict[str, Finish] = {}
    for module in pkgutil.iter_modules(__path__):
        family: Mapping[str, Finish] = getattr(
            importlib.import_module(f"{__name__}.{module.name}"), "FINISHERS", {}
        )
        twice = found.keys() & family.keys()
        if twice:
            raise ValueError(f"{module.name}: {', '.join(sorted(twice))} is finished by another file")
        found.update(family)
    return found
