"""The live picture as loops compiled by Numba, for where OpenGL runs on the processor anyway.

What they do, and why, is told by the shaders that do the same on a graphics card: generated.frag,
overhang.frag, steady.frag and crisper.frag of shaders/display.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.compiling import Compiler
from director.passes import kernels as passes_kernels

__all__ = ["COMPILING", "compiler", "prepare", "still"]

COMPILING: Final = "compiling the live picture for this processor, which is done once"
_DONE: Final = "compiled"


@cache
def compiler() -> Compiler:
    """The one of this process, with all of its kernels declared. Imports Numba."""
    # What belongs to the passes is declared first: the rest is kept in another folder.
    passes_kernels.declare()
    from director.passes.kernels import numbers

    own = sorted(Path(__file__).parent.glob("*.py"))
    made = Compiler("composite", [*own, Path(numbers.__file__)])
    for found in pkgutil.iter_modules(__path__):
        if found.name != "__main__":
            importlib.import_module(f"{__name__}.{found.name}")
    return made


def still(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, one after the other and not to be written to: loops are compiled for arrays that are
    so, and would be compiled anew for others."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def prepare(tell: Callable[[str], None]) -> None:
    """Compile all of the passes' and of the picture's that has not been, which takes half a minute: `tell` is
    told before. Otherwise load it."""
    passes_kernels.prepare(tell)
    done = compiler().folder / _DONE
    if not done.exists():
        tell(COMPILING)
    from director.composite.kernels import carried, steadied

    carried.prepare(compiler().run, still)
    steadied.prepare(compiler().run, still)
    done.touch()
