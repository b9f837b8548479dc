"""Passes as loops compiled by Numba, for where OpenGL runs on the processor anyway."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import moderngl

from director.compiling import Compiler, has_numba
from director.passes.context import describe

__all__ = ["COMPILING", "compiler", "declare", "drawn_by_kernels", "prepare"]

COMPILING: Final = "compiling passes for this processor, which is done once"
_DONE: Final = "compiled"


@cache
def compiler() -> Compiler:
    """The one of this process; to be called before a module of kernels is imported. Imports Numba."""
    return Compiler("passes", sorted(Path(__file__).parent.glob("*.py")))


def drawn_by_kernels(context: moderngl.Context) -> bool:
    """Whether these loops draw what they can: where OpenGL runs on the processor too, and Numba is
    installed."""
    return describe(context).is_software and has_numba()


def prepare(tell: Callable[[str], None]) -> None:
    """Compile all that has not been, which takes some twenty seconds: `tell` is told before. Otherwise
    load it."""
    done = compiler().folder / _DONE
    if not done.exists():
        tell(COMPILING)
    for module in declare():
        if hasattr(module, "prepare"):
            module.prepare()
    done.touch()


def declare() -> list[ModuleType]:
    """All modules of kernels, imported: whatever is declared after this belongs to others. Imports Numba."""
    compiler()
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names if name != "__main__"]
