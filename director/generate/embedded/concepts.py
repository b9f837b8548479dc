"""What a known word does to a look: small steps on a parameter vector, applied in a fixed order.

A concept ("golden hour", "corduroy") is a tuple of steps. A step sets, shifts, scales or bounds some
parameters of a float32 vector and leaves the others alone, so that concepts combine: a rainy night is
the night's light, made greyer and weaker in proportion, on wet ground.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LUMA", "NAMED", "OPERATIONS", "Concept", "Step", "apply_steps"]

Look = NDArray[np.float32]

# How bright a colour seems, on sRGB values as they are (Rec. 601's weights): enough to compare two skies.
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)

# Colours in proportion to a dark sky keep a little more light than that: a fog at night is seen, not black.
_NIGHT_LIFT: Final = 0.8

# The target of a colour name that is itself known but lends nothing to unknown words.
NAMED: Final = "named"

OPERATIONS: Final[tuple[str, ...]] = ("set", "like", "add", "least", "most", "scale")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the parameters at `indices` (one of them, or the three of a colour).

    set    towards `values`
    like   towards `values` as if written for a neutral look: brightness keeps its proportion to neutral
    add    plus `values`
    least  at least `values`
    most   at most `values`
    scale  times `values`
    `weight` 0..1 is how far set and like go.
    """

    operation: str
    indices: tuple[int, ...]
    values: tuple[float, ...]
    weight: float = 1.0

    def packed(self) -> list[Any]:
        """As JSON."""
        return [self.operation, list(self.indices), [round(v, 4) for v in self.values], self.weight]

    @classmethod
    def unpacked(cls, raw: Sequence[Any]) -> "Step":
        """The step that `packed` wrote."""
        return cls(str(raw[0]), tuple(raw[1]), tuple(raw[2]), float(raw[3]))


@dataclass(frozen=True, slots=True)
class Concept:
    """A known meaning: the words for it, where it stands in the order, and its steps.

    `layer`: for scenes the number of the lexicon's file (looks, places, eras, …, styles); for materials
    its kind ("colour", "material", "kind", …). `target` names what a colour word before it colours.
    """

    words: tuple[str, ...]
    layer: str
    steps: tuple[Step, ...]
    target: str = ""

    @property
    def name(self) -> str:
        """The first of its words."""
        return self.words[0]

    def packed(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "words": list(self.words),
            "layer": self.layer,
            "target": self.target,
            "steps": [step.packed() for step in self.steps],
        }

    @classmethod
    def unpacked(cls, raw: dict[str, Any]) -> "Concept":
        """The concept that `packed` wrote."""
        return cls(
            tuple(raw["words"]),
            str(raw["layer"]),
            tuple(Step.unpacked(step) for step in raw["steps"]),
            str(raw["target"]),
        )


def apply_steps(look: Look, steps: Iterable[Step], neutral: Look, strength: float = 1.0) -> Look:
    """A new look: `look` after the steps; `neutral` is the default that proportions refer to.

    `strength` 0..1 goes only part of the way; above 1 single amounts overshoot (colours do not).
    """
    result = look.copy()
    for step in steps:
        where = list(step.indices)
        before = result[where]
        values = np.asarray(step.values, np.float32)
        after = _after(step, before, values, neutral[where])
        amount = min(strength, 1.0) if len(where) == 3 else strength
        result[where] = np.clip(before + amount * (after - before), 0.0, 1.0)
    return result


def _after(step: Step, before: Look, values: Look, neutral: Look) -> Look:
    if step.operation == "set":
        return before + step.weight * (values - before)
    if step.operation == "like":
        # Where neutral is nothing (no stars), the value is a plain factor.
        ratio = _brightness(before) / (_brightness(neutral) if neutral.any() else 1.0)
        if len(values) == 3:
            ratio **= _NIGHT_LIFT
        return np.asarray(before + step.weight * (np.clip(values * ratio, 0.0, 1.0) - before), np.float32)
    if step.operation == "add":
        return before + values
    if step.operation == "least":
        return np.maximum(before, values)
    if step.operation == "most":
        return np.minimum(before, values)
    if step.operation == "scale":
        return before * values
    raise ValueError(f"no operation {step.operation!r}")


def _brightness(values: Look) -> float:
    return float(values @ LUMA) if len(values) == 3 else float(values[0])
