"""What `director bench` measures: one file a suite, each with `SUITE`, found by pkgutil.

A figure of milliseconds says something of one machine only; figures that are to be compared are ratios
within one run (a share of this machine's own matmul speed, for example).
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from director.family import member_names
from director.generate.protocol import Progress

__all__ = ["Beside", "Figures", "Suite", "spread", "suite", "suite_names"]

Figures = Mapping[str, Mapping[str, float]]
"""For each case its figures by name; the unit is the end of the name."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a suite may be asked to measure besides: a `peer`, by its checkout, and `real` sizes where it
    would take smaller ones."""

    peer: Path | None = None
    real: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite; `run` takes the generator's name and a progress, and raises what the parts it runs raise. A
    long one runs only where it is named, and one that opens a window only where it is named or there is a
    display; `run_beside` is of one that has something to measure besides."""

    summary: str
    run: Callable[[str, Progress], Figures]
    is_long: bool = False
    needs_display: bool = False
    run_beside: Callable[[str, Progress, Beside], Figures] | None = None


def suite_names() -> tuple[str, ...]:
    """In alphabetical order."""
    return member_names(__path__)


def suite(name: str) -> Suite:
    """A suite by its name."""
    found: Suite = importlib.import_module(f"{__name__}.{name}").SUITE
    return found


def spread(name: str, unit: str, values: Sequence[float], quantiles: Sequence[int]) -> dict[str, float]:
    """Quantiles in per cent, as figures `<name>_p50_<unit>`; nearest rank, so that each was measured."""
    ordered = sorted(values)
    return {
        f"{name}_p{q}_{unit}": round(ordered[max(0, -(-len(ordered) * q // 100) - 1)], 3) for q in quantiles
    }
