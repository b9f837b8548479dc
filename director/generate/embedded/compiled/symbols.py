"""Tensors of symbols: formulas are run on them once, and what they did is known as a list of operations.

A `Symbols` stands for a tensor whose values differ from pixel to pixel, as one pixel has them: where a tensor
has the height and the width of the picture, it has ones. It takes part in torch's functions as a tensor does
(https://docs.pytorch.org/docs/stable/notes/extending.html#extending-torch-with-a-tensor-like-type); what
rearranges is done at once, what computes is noted.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
import torch

__all__ = ["Constant", "Operation", "Program", "Symbols"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that is known; not an operation of that number."""

    value: float


Argument = int | Constant


@dataclass(frozen=True, slots=True)
class Operation:
    """`template` with the names of its arguments filled in: earlier operations by number, or constants. One
    without arguments reads, the same for all of a picture, or what was laid out as `slot` of a pixel."""

    template: str
    arguments: tuple[Argument, ...] = ()
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """One number of a pixel: an operation's result, or a constant."""

    value: Argument
    """An int is the number of an operation."""


@dataclass(slots=True)
class Program:
    """Operations in the order in which they were asked for, each once."""

    operations: list[Operation] = field(default_factory=list)
    layouts: list[tuple[str, int, int]] = field(default_factory=list)
    """Calls that lay out what is read of pixels: of which slots the first, and how many."""
    _known: dict[Operation, _Cell] = field(default_factory=dict)

    def note(self, template: str, *arguments: Argument) -> _Cell:
        """The result of an operation."""
        return self._noted(Operation(template, arguments))

    def _noted(self, operation: Operation) -> _Cell:
        if operation not in self._known:
            self._known[operation] = _Cell(len(self.operations))
            self.operations.append(operation)
        return self._known[operation]

    def read(self, expression: str, shape: tuple[int, ...], first: int = 0) -> "Symbols":
        """What is the same for all of a picture: read by an expression of the kernel's language, one number
        for each place of the shape, in which `{}` is how many come before it, from `first` on."""
        numbers = range(first, first + math.prod(shape))
        return self._shaped([Operation(expression.format(number)) for number in numbers], shape)

    def lay(self, call: str, shape: tuple[int, ...]) -> "Symbols":
        """What each pixel has of its own: laid out by a call, once for each place of the shape, `k`."""
        count = math.prod(shape)
        first = self.slots
        self.layouts.append((call, first, count))
        return self._shaped([Operation("", (), slot) for slot in range(first, first + count)], shape)

    @property
    def slots(self) -> int:
        """How many numbers of a pixel are laid out."""
        return sum(count for _, _, count in self.layouts)

    def _shaped(self, operations: list[Operation], shape: tuple[int, ...]) -> "Symbols":
        cells = np.empty(shape, object)
        for operation, at in zip(operations, np.ndindex(shape), strict=True):
            cells[at] = self._noted(operation)
        return Symbols(self, cells)


_SUM, _PRODUCT, _DIFFERENCE, _QUOTIENT = "{0} + {1}", "{0} * {1}", "{0} - {1}", "{0} / {1}"
_LESSER, _GREATER = "{0} if {0} < {1} else {1}", "{0} if {0} > {1} else {1}"
_CHOSEN = "{1} if {0} else {2}"
_MOST: Final = 3.0e38
_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    _SUM: lambda a, b: a + b,
    _PRODUCT: lambda a, b: a * b,
    _DIFFERENCE: lambda a, b: a - b,
    _QUOTIENT: lambda a, b: a / b,
}


class Symbols:
    """See the module. Only what the formulas use is there."""

    __slots__ = ("_cells", "_program")
    __hash__ = None  # type: ignore[assignment]
    dtype, device, is_symbolic = torch.float32, torch.device("cpu"), True

    def __init__(self, program: Program, cells: Any) -> None:
        """`cells`: object array of the tensor's shape."""
        self._program = program
        self._cells = np.asarray(cells, object)

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name, given = function.__name__, dict(kwargs or {})
        if name in ("stack", "cat"):
            parts, *rest = args
            program = next(part._program for part in parts if isinstance(part, Symbols))
            joined = np.stack if name == "stack" else np.concatenate
            axis = given.get("dim", rest[0] if rest else 0)
            return cls(program, joined([_cells(part) for part in parts], axis))
        program = next(part._program for part in (*args, *given.values()) if isinstance(part, Symbols))
        return getattr(cls(program, _cells(args[0])), name)(*args[1:], **given)

    # What rearranges.

    @property
    def shape(self) -> tuple[int, ...]:
        return self._cells.shape

    def dim(self) -> int:
        return self._cells.ndim

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator["Symbols"]:
        return (Symbols(self._program, part) for part in self._cells)

    def __getitem__(self, place: Any) -> "Symbols":
        return Symbols(self._program, self._cells[place])

    def unbind(self, dim: int = 0) -> tuple["Symbols", ...]:
        return tuple(Symbols(self._program, part) for part in np.moveaxis(self._cells, dim, 0))

    def chunk(self, chunks: int, dim: int = 0) -> tuple["Symbols", ...]:
        return tuple(Symbols(self._program, part) for part in np.array_split(self._cells, chunks, dim))

    def permute(self, *dims: int) -> "Symbols":
        return Symbols(self._program, self._cells.transpose(*dims))

    def transpose(self, first: int, second: int) -> "Symbols":
        return Symbols(self._program, self._cells.swapaxes(first, second))

    def reshape(self, *shape: int) -> "Symbols":
        return Symbols(self._program, self._cells.reshape(*shape))

    view = reshape

    def expand(self, *shape: int) -> "Symbols":
        known = self._cells.shape
        full = [known[i - len(shape)] if size == -1 else size for i, size in enumerate(shape)]
        return Symbols(self._program, np.broadcast_to(self._cells, full))

    def expand_as(self, other: "Symbols") -> "Symbols":
        return self.expand(*other.shape)

    def detach(self) -> "Symbols":
        return self

    def to(self, *_: object, **__: object) -> "Symbols":
        return self

    def new_tensor(self, values: Any) -> "Symbols":
        return Symbols(self._program, _cells(values))

    def full_like(self, value: float) -> "Symbols":
        return Symbols(self._program, np.broadcast_to(_cells(value), self.shape))

    def max(self) -> float:
        """Larger than anything: what is left out where a number is small everywhere is not left out here."""
        return math.inf

    # What computes.

    def _noted(self, template: str, *others: Any) -> "Symbols":
        arrays: list[Any] = list(np.broadcast_arrays(self._cells, *(_cells(other) for other in others)))
        made = np.empty(arrays[0].shape, object)
        for at in np.ndindex(made.shape):
            made[at] = self._once(template, *(array[at].value for array in arrays))
        return Symbols(self._program, made)

    def _once(self, template: str, *values: Argument) -> _Cell:
        """An operation, or what is left of it where constants stand: x · 1 is x, as it is to the bit."""
        known = [value.value for value in values if isinstance(value, Constant)]
        if template in _ARITHMETIC and len(known) == 2:
            return _Cell(Constant(_ARITHMETIC[template](*known)))
        if template == _PRODUCT and known == [1.0]:
            return _Cell(next(value for value in values if not isinstance(value, Constant)))
        return self._program.note(template, *values)

    def _changed(self, other: "Symbols") -> Self:
        self._cells = other._cells
        return self

    def __add__(self, other: Any) -> "Symbols":
        return self._noted(_SUM, other)

    def __radd__(self, other: Any) -> "Symbols":
        return self._noted(_SUM, other)

    def __mul__(self, other: Any) -> "Symbols":
        return self._noted(_PRODUCT, other)

    def __rmul__(self, other: Any) -> "Symbols":
        return self._noted(_PRODUCT, other)

    def __sub__(self, other: Any) -> "Symbols":
        return self._noted(_DIFFERENCE, other)

    def __rsub__(self, other: Any) -> "Symbols":
        return Symbols(self._program, _cells(other))._noted(_DIFFERENCE, self)

    def __truediv__(self, other: Any) -> "Symbols":
        return self._noted(_QUOTIENT, other)

    def __rtruediv__(self, other: Any) -> "Symbols":
        return Symbols(self._program, _cells(other))._noted(_QUOTIENT, self)

    def __neg__(self) -> "Symbols":
        return self._noted("-{0}")

    def __pow__(self, power: Any) -> "Symbols":
        if not isinstance(power, int):
            return Symbols.exp(self.log() * power)
        made = self
        for _ in range(power - 1):
            made = made * self
        return made

    def __matmul__(self, other: "Symbols") -> "Symbols":
        terms = self._cells[..., :, :, None], other._cells[..., None, :, :]
        products = Symbols(self._program, terms[0])._noted(_PRODUCT, Symbols(self._program, terms[1]))
        return products.sum(-2)

    def sum(self, dim: int, keepdim: bool = False) -> "Symbols":
        first, *rest = self.unbind(dim)
        for part in rest:
            first = first + part
        return Symbols(self._program, np.expand_dims(first._cells, dim)) if keepdim else first

    def amax(self, dim: int, keepdim: bool = False) -> "Symbols":
        first, *rest = self.unbind(dim)
        for part in rest:
            first = first._noted(_GREATER, part)
        return Symbols(self._program, np.expand_dims(first._cells, dim)) if keepdim else first

    def __lt__(self, other: Any) -> "Symbols":
        return self._noted("{0} < {1}", other)

    def __le__(self, other: Any) -> "Symbols":
        return self._noted("{0} <= {1}", other)

    def __gt__(self, other: Any) -> "Symbols":
        return self._noted("{0} > {1}", other)

    def __and__(self, other: Any) -> "Symbols":
        return self._noted("{0} & {1}", other)

    def __or__(self, other: Any) -> "Symbols":
        return self._noted("{0} | {1}", other)

    def isinf(self) -> "Symbols":
        return self > _MOST

    def where(self, one: Any, other: Any) -> "Symbols":
        """torch.where(self, one, other)."""
        return self._noted(_CHOSEN, one, other)

    def clamp_min(self, least: Any) -> "Symbols":
        return self._noted(_GREATER, least)

    def clamp_max(self, most: Any) -> "Symbols":
        return self._noted(_LESSER, most)

    def clamp(self, least: Any, most: Any) -> "Symbols":
        return self.clamp_min(least).clamp_max(most)

    def square(self) -> "Symbols":
        return self * self

    def abs(self) -> "Symbols":
        return self._noted("{0} if {0} > ZERO else -{0}")

    def exp(self) -> "Symbols":
        return self._noted("exp({0})")

    def exp2(self) -> "Symbols":
        return (self * math.log(2.0)).exp()

    def log(self) -> "Symbols":
        return self._noted("log({0})")

    def log1p(self) -> "Symbols":
        return (self + 1.0).log()

    def floor(self) -> "Symbols":
        return self._noted("floor({0})")

    def sqrt(self) -> "Symbols":
        return self._noted("sqrt({0})")

    def rsqrt(self) -> "Symbols":
        return self.sqrt().__rtruediv__(1.0)

    def hypot(self, other: "Symbols") -> "Symbols":
        return (self.square() + other.square()).sqrt()

    def sigmoid(self) -> "Symbols":
        return (Symbols.exp(-self) + 1.0).__rtruediv__(1.0)

    def lerp(self, end: Any, share: Any) -> "Symbols":
        return self._noted(_SUM, (Symbols(self._program, _cells(end)) - self) * share)

    def add(self, other: Any, alpha: float = 1.0) -> "Symbols":
        return self + Symbols(self._program, _cells(other)) * alpha

    # What changes in place.

    def mul_(self, other: Any) -> Self:
        return self._changed(self * other)

    def add_(self, other: Any, alpha: float = 1.0) -> Self:
        return self._changed(self.add(other, alpha))

    def sub_(self, other: Any) -> Self:
        return self._changed(self - other)

    def neg_(self) -> Self:
        return self._changed(-self)

    def sqrt_(self) -> Self:
        return self._changed(self.sqrt())

    def clamp_(self, least: Any, most: Any) -> Self:
        return self._changed(self.clamp(least, most))

    @property
    def numbers(self) -> list[Argument]:
        """Of the flattened tensor: operations by number, or constants."""
        return [cell.value for cell in self._cells.ravel()]


def _cells(value: Any) -> Any:
    """An object array of cells, from symbols or from numbers."""
    if isinstance(value, Symbols):
        return value._cells
    numbers = np.asarray(value.detach().cpu() if isinstance(value, torch.Tensor) else value, np.float64)
    cells = np.empty(numbers.shape, object)
    for at in np.ndindex(numbers.shape):
        cells[at] = _Cell(Constant(float(numbers[at])))
    return cells
