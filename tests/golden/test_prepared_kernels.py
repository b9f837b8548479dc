"""The passes' loops are compiled ahead, and whoever waits for it is told so."""

import moderngl
import pytest

from director.passes.context import describe
from director.passes.kernels import COMPILING, compiler, drawn_by_kernels, prepare

pytest.importorskip("numba", reason="Numba has no wheels for Intel Macs, where shaders draw this")


def test_who_waits_is_told_once() -> None:
    told: list[str] = []
    prepare(told.append)
    done = compiler().folder / "compiled"
    assert done.is_file()
    told.clear()
    prepare(told.append)
    assert told == []
    done.unlink()
    prepare(told.append)
    assert told == [COMPILING]
    assert done.is_file()
    # What Numba keeps lies beside it.
    assert list(done.parent.rglob("*.nbi"))


def test_software_opengl_is_what_they_stand_in_for(gl: moderngl.Context) -> None:
    assert drawn_by_kernels(gl) is describe(gl).is_software
