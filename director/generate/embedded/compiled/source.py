"""The source of a kernel: a loop over the pixels of a picture, from the operations of its formulas.

Sixty-four pixels at a time: what is read of them is laid out number by number, then everything is computed,
then what was found is stored. So the long middle part touches one small array alone, and the compiler need
not ask whether it overwrites what it still has to read. All numbers are float32 and all places unsigned.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from director.generate.embedded.compiled.symbols import Argument, Constant, Program

__all__ = ["kernel_source", "module_source"]

_AT_ONCE: Final = 64
_HEAD: Final = '''"""Formulas of the embedded generator as loops over pixels. Made; see {made_by}."""

import numba
import numpy as np

from {loops} import FAST, NONE, ONE, ZERO, exp, floor, log, number, sqrt
from {loops} import lay, lay_between, lay_from, lay_looked_up, none_above, store
'''


def module_source(kernels: Sequence[str]) -> str:
    """A module of kernels."""
    package = __name__.rpartition(".")[0]
    return "\n\n".join((_HEAD.format(made_by=__name__, loops=f"{package}.loops"), *kernels))


def kernel_source(
    name: str,
    program: Program,
    arrays: Sequence[str],
    stores: Mapping[str, Sequence[Argument]],
    only: Sequence[int] = (),
) -> str:
    """A function of `arrays` (names, as the program's expressions use them), height and width, which stores
    by each call of `stores` the numbers beside it, `k` of them one after the other. Where in all of the
    `only` slots nothing is above a half, if there are any, pixels are left alone.

    Calls end with the place in the scratch array and how many pixels there are, which are added here. In them
    `p` is the place of the first of the pixels, `n` the number of all, `x` and `y` the first one's column and
    the row.
    """
    stored: list[Argument] = [number for numbers in stores.values() for number in numbers]
    names = ", ".join(arrays)
    lines = [
        *_computation(f"{name}_computed", program, names, stored),
        "",
        "",
        '@numba.njit(parallel=True, cache=True, error_model="numpy", boundscheck=False)',
        f"def {name}({names}, height, width):",
        "    n = np.uint64(height) * np.uint64(width)",
        "    for row in numba.prange(height):",
        "        y = np.uint64(row)",
        f"        scratch = np.empty({_AT_ONCE * (program.slots + len(stored))}, np.float32)",
        f"        for left in range(0, width, {_AT_ONCE}):",
        f"            count = min({_AT_ONCE}, width - left)",
        "            x = np.uint64(left)",
        "            p = y * np.uint64(width) + x",
    ]
    layouts = sorted(program.layouts, key=lambda layout: layout[1] not in only)
    for call, first, count in layouts[: len(only)]:
        lines += _calls(call, first, count)
    if only:
        empty = " and ".join(f"none_above(scratch, np.uint64({slot * _AT_ONCE}), count)" for slot in only)
        lines += [f"            if {empty}:", "                continue"]
    for call, first, count in layouts[len(only) :]:
        lines += _calls(call, first, count)
    lines.append(f"            {name}_computed({names}, height, width, scratch, count)")
    first = program.slots
    for call, numbers in stores.items():
        lines += _calls(call, first, len(numbers))
        first += len(numbers)
    return "\n".join(lines) + "\n"


def _computation(name: str, program: Program, names: str, stored: Sequence[Argument]) -> list[str]:
    """Constants, and a function that computes what is to be stored from what was laid out."""
    operations = {number: program.operations[number] for number in _needed(program, stored)}
    arguments = {value for operation in operations.values() for value in operation.arguments}
    constants = {each.value for each in (*arguments, *stored) if isinstance(each, Constant)}
    named = {value: f"_{name.upper()}_{k}" for k, value in enumerate(sorted(constants))}

    def called(value: Argument) -> str:
        return named[value.value] if isinstance(value, Constant) else f"v{value}"

    lines = [f"{at} = np.float32({float(np.float32(value))!r})" for value, at in named.items()]
    lines += [
        "",
        "",
        '@numba.njit(fastmath=FAST, error_model="numpy", boundscheck=False)',
        f"def {name}({names}, height, width, scratch, count):",
        "    n = np.uint64(height) * np.uint64(width)",
    ]
    lines += [
        f"    v{number} = {operation.template}"
        for number, operation in operations.items()
        if not operation.arguments and operation.slot is None
    ]
    lines += ["    for pixel in range(count):", "        c = np.uint64(pixel)"]
    for number, operation in operations.items():
        if operation.slot is not None:
            lines.append(f"        v{number} = {_scratch(operation.slot)}")
        elif operation.arguments:
            result = operation.template.format(*(called(value) for value in operation.arguments))
            lines.append(f"        v{number} = {result}")
    return lines + [
        f"        {_scratch(slot)} = {called(number)}" for slot, number in enumerate(stored, program.slots)
    ]


def _calls(call: str, first: int, count: int) -> list[str]:
    """A call for each of so many slots from the first on."""
    place = f"np.uint64({first} + k) * np.uint64({_AT_ONCE})"
    return [
        f"            for k in range({count}):",
        f"                {call.removesuffix(')')}, scratch, {place}, count)",
    ]


def _scratch(slot: int) -> str:
    return f"scratch[np.uint64({slot * _AT_ONCE}) + c]"


def _needed(program: Program, stored: Sequence[Argument]) -> list[int]:
    """Operations that what is stored depends on, in order."""
    found: set[int] = set()
    waiting = [value for value in stored if isinstance(value, int)]
    while waiting:
        number = waiting.pop()
        if number in found:
            continue
        found.add(number)
        waiting += [value for value in program.operations[number].arguments if isinstance(value, int)]
    return sorted(found)
