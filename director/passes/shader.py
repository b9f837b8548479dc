"""GLSL programs from files, with `#include "file"` and errors that name the file and line.

A stage is put together into one text without `#line`: Mesa ignores its source string number. The text
remembers where each of its lines came from, and a compiler's line is looked up there.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.errors import GraphicsError
from director.resources import shaders_folder

__all__ = [
    "LAMPS_BINDING",
    "VIEW_BINDING",
    "Source",
    "attributes",
    "load_program",
    "load_source",
    "set_matrix",
]

VIEW_BINDING, LAMPS_BINDING = 0, 1
"""Where the uniform blocks of view.glsl and lamplight.frag are bound."""

_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"\s*(?://.*)?$')
_ANY_INCLUDE = re.compile(r"^\s*#\s*include\b")
_VERSION = "#version 330 core"
# Mesa and Intel "0:12(5): error", Apple and AMD "ERROR: 0:12: …", NVIDIA "0(12) : error".
_PLACES = (
    re.compile(r"^(?:ERROR:\s*|WARNING:\s*)?\d+:(\d+)(?:\(\d+\))?"),
    re.compile(r"^\d+\((\d+)\)"),
)


class Source:
    """One stage put together: `text` for the compiler, and for each of its lines the file and line it came
    from (an empty name: the loader's own)."""

    def __init__(self, text: str, origins: tuple[tuple[str, int], ...]) -> None:
        self.text = text
        self.origins = origins

    def locate(self, line: str) -> str | None:
        """A line of a compile log with `file:line` in place of the compiler's numbers, or None if it names
        no place."""
        for pattern in _PLACES:
            match = pattern.match(line.strip())
            if match and 1 <= int(match[1]) <= len(self.origins):
                rest = line.strip()[match.end() :].lstrip(" :")
                name, number = self.origins[int(match[1]) - 1]
                return f"{name or 'before the file'}:{number}: {rest}"
        return None


def load_source(name: str, defines: Mapping[str, str] | None = None, folder: Path | None = None) -> Source:
    """Put a stage together from `shaders/<name>`. The version is always 3.30; a file is included once.

    Raises GraphicsError, naming file and line, for a file that is not there and for a circle of includes.
    """
    folder = shaders_folder() if folder is None else folder
    lines = [_VERSION, *(f"#define {key} {value}" for key, value in (defines or {}).items())]
    origins = [("", i + 1) for i in range(len(lines))]
    _append(name, folder, (), lines, origins, asked_at="")
    return Source("\n".join(lines) + "\n", tuple(origins))


def load_program(
    context: moderngl.Context,
    vertex: str,
    fragment: str,
    defines: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> moderngl.Program:
    """Compile and link `shaders/<vertex>` and `shaders/<fragment>`; uniform blocks are bound by name.

    Raises GraphicsError with `file:line` of the first error.
    """
    stages = {"vertex_shader": vertex, "fragment_shader": fragment}
    sources = {stage: load_source(name, defines, folder) for stage, name in stages.items()}
    try:
        program = context.program(
            vertex_shader=sources["vertex_shader"].text, fragment_shader=sources["fragment_shader"].text
        )
    except moderngl.Error as problem:
        raise _explained(str(problem), stages, sources) from problem
    for name in program:
        block = program[name]
        if isinstance(block, moderngl.UniformBlock):
            block.binding = _BINDINGS[name]
    return program


def attributes(program: moderngl.Program) -> dict[str, int]:
    """Location of each vertex attribute that the compiler kept."""
    return {
        name: member.location for name in program if isinstance(member := program[name], moderngl.Attribute)
    }


def set_matrix(program: moderngl.Program, name: str, matrix: NDArray[np.floating[Any]]) -> None:
    """Give a uniform mat4 or mat3 its value; GLSL stores matrices by columns."""
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"{name} is no uniform")
    member.write(np.ascontiguousarray(matrix.T, np.float32))


_BINDINGS = {"View": VIEW_BINDING, "Lamps": LAMPS_BINDING}


def _append(
    name: str,
    folder: Path,
    path: tuple[str, ...],
    lines: list[str],
    origins: list[tuple[str, int]],
    asked_at: str,
) -> None:
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        raise GraphicsError(f"a circle of includes: {circle}", subject=asked_at, mend="break the circle")
    if any(origin == name for origin, _ in origins):
        return
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except OSError as problem:
        raise GraphicsError(
            f"there is no shader file {name!r}", subject=asked_at or str(folder), mend="check its name"
        ) from problem
    for i, line in enumerate(text.splitlines() or [""], start=1):
        origins.append((name, i))
        match = _INCLUDE.match(line)
        if match:
            lines.append("")
            _append(match[1], folder, (*path, name), lines, origins, asked_at=f"{name}:{i}")
        elif line.startswith("#version"):
            lines.append("")  # the loader's own stands at the top; kept in files for editors' sake
        elif _ANY_INCLUDE.match(line):
            raise GraphicsError(
                "an include that cannot be read", subject=f"{name}:{i}", mend='write #include "file.glsl"'
            )
        else:
            lines.append(line)


def _explained(log: str, stages: Mapping[str, str], sources: Mapping[str, Source]) -> GraphicsError:
    stage = next((s for s in stages if s in log), None)
    if stage is not None:
        for line in log.splitlines():
            place = sources[stage].locate(line)
            if place is not None:
                subject, number, problem = place.split(":", 2)
                return GraphicsError(problem.strip(), subject=f"{subject}:{number}", mend="mend the shader")
    names = " + ".join(stages.values())
    return GraphicsError(" ".join(log.split()), subject=names, mend="mend the shaders")
