"""Stability figures as the page draws them, and as a review keeps them from one run to the next."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from director.errors import DirectorError
from director.generate.protocol import Progress
from director.take.exporters._source import one_line
from director.take.measure import Measures, measure
from director.take.review.takes import reason

__all__ = ["FIGURES", "kept_figures", "measured"]

FIGURES = ("warp_error", "flicker", "detail_kept", "edge_recall", "edge_offset_px", "drift")
"""Names as DESIGN's page defines them; only these are told."""

_MOST_SECONDS = 24 * 3600


def measured(folder: Path, progress: Progress, quick: bool) -> dict[str, object]:
    """The figures of a take as JSON values; `quick` leaves out what needs its pictures to be generated
    again. Where it cannot be measured a note says why, in the place of figures."""
    try:
        found = measure(folder, progress, quick)
    except DirectorError as error:
        return {"quick": quick, "notes": [one_line(f"not measured: {reason(error, folder)}", 300)]}
    return _told(found, quick, folder)


def kept_figures(told: object) -> dict[str, object] | None:
    """Figures that an earlier run wrote, read with distrust; None where they are none."""
    if not isinstance(told, Mapping) or not isinstance(told.get("values"), Mapping):
        return None
    seconds, notes, latency = told.get("seconds"), told.get("notes"), told.get("latency_ms")
    if not isinstance(seconds, list) or len(seconds) > _MOST_SECONDS:
        return None
    return {
        "quick": bool(told.get("quick")),
        "values": _numbers(told["values"]),
        "seconds": [_numbers(second) for second in seconds],
        "latency_ms": _latency(latency),
        "deadline_miss": _number(told.get("deadline_miss")),
        "notes": [one_line(str(note), 300) for note in notes] if isinstance(notes, list) else [],
    }


def _told(found: Measures, quick: bool, folder: Path) -> dict[str, object]:
    return {
        "quick": quick,
        "values": _numbers(found.figures),
        "seconds": [_numbers(second) for second in found.seconds],
        "latency_ms": _latency(found.latency_ms),
        "deadline_miss": _number(found.deadline_miss),
        "notes": [one_line(note.replace(str(folder), ""), 300) for note in found.notes],
    }


def _latency(told: object) -> dict[str, float | None] | None:
    if not isinstance(told, Mapping):
        return None
    return {key: _number(told.get(key)) for key in ("p50", "p95", "p99")}


def _numbers(told: object) -> dict[str, float | None]:
    values: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    return {name: _number(values.get(name)) for name in FIGURES}


def _number(value: object) -> float | None:
    # A whole number may be longer than any float.
    if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > 1e12:
        return None
    return float(f"{value:.5g}") if math.isfinite(value) else None
