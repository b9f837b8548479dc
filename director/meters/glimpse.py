"""What a short look at a live picture tells: a few ticks in a row, held against exact scene data.

The same figures as a take's (DESIGN, "What measure means"), but for two: what a generator makes without
history is not known live, so detail is compared with the generated frame as it came, and drift is told from
an earlier picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.meters.colour import contrast, saturation, unit_range
from director.meters.detail import high_energy
from director.meters.edges import find_edges, scene_edges
from director.meters.steadiness import flicker, warp_error
from director.meters.surfaces import Match, Seen, match
from director.types import GeneratedFrame

__all__ = ["MOST_TICKS", "Figures", "Glimpse", "figures_of", "mean_of"]

MOST_TICKS: Final = 3
"""A look takes no more: flicker is about three."""
# Colours of less than this share of the picture say nothing of the whole.
_LEAST_SHARE = 0.05
_SPARSE = 2
"""Every second pixel of every second row is enough for how colourful a picture is."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """One tick: its picture uint8[h, w, 3], sRGB, and what its passes showed, of the same size."""

    picture: NDArray[np.uint8]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Figures:
    """Each None where it is not known.

    warp_error      mean |difference| along exact motion, of sRGB 0..1
    flicker         the same of the second difference
    detail_kept     energy of fine detail on surfaces ÷ that of the generated frame; 1 is all of it
    edge_recall     share of the scene's borders found, corrected for chance; 1 is all of them
    edge_offset_px  median distance of those found, in pixels
    drift           change of saturation or contrast on the same surfaces, the larger, as a share
    """

    warp_error: float | None = None
    flicker: float | None = None
    detail_kept: float | None = None
    edge_recall: float | None = None
    edge_offset_px: float | None = None
    drift: float | None = None


def figures_of(
    look: Sequence[Glimpse], generated: GeneratedFrame | None, reference: Glimpse | None, seed: int = 0
) -> Figures:
    """Measure one to three ticks in a row, oldest first and all of one size.

    `generated` is the frame that the last of them shows; of another size it is not compared. `reference` is
    an earlier picture, from which drift is told where both show at least a twentieth of the picture. `seed`
    is find_edges'. Raises ValueError for no tick.
    """
    if not look:
        raise ValueError("there is nothing to measure")
    now = look[-1]
    pictures = [unit_range(glimpse.picture) for glimpse in look[-MOST_TICKS:]]
    error = boiling = None
    if len(look) > 1:
        motion = match(now.seen, look[-2].seen)
        error = _mean(warp_error(pictures[-1], pictures[-2], motion))
        if len(look) > 2:
            longer = match(now.seen, look[-3].seen)
            boiling = _mean(flicker(pictures[-1], pictures[-2], pictures[-3], motion, longer))
    found = find_edges(pictures[-1], scene_edges(now.seen.depth, now.seen.object), seed)
    offset_px = math.nan if found is None else found.offset_px
    return Figures(
        warp_error=error,
        flicker=boiling,
        detail_kept=_detail_kept(pictures[-1], now.seen, generated),
        edge_recall=None if found is None else found.recall,
        edge_offset_px=None if math.isnan(offset_px) else offset_px,
        drift=None if reference is None else _drift(pictures[-1], now.seen, reference),
    )


def mean_of(several: Sequence[Figures]) -> Figures:
    """The mean of each figure over those that know it."""
    names = Figures.__dataclass_fields__
    known = {name: [value for it in several if (value := getattr(it, name)) is not None] for name in names}
    return Figures(**{name: sum(values) / len(values) for name, values in known.items() if values})


def _detail_kept(picture: Floats, seen: Seen, generated: GeneratedFrame | None) -> float | None:
    if generated is None or generated.image.shape != picture.shape:
        return None
    ids = generated.conditioning.maps.get("object", seen.object)
    if ids.shape != seen.object.shape:
        return None
    # Each on its own surfaces: the frame is some ticks older, and the sky has no detail to keep.
    kept = _mean(high_energy(picture)[seen.object > 0])
    raw = _mean(high_energy(unit_range(generated.image))[ids > 0])
    return kept / raw if kept is not None and raw else None


def _drift(picture: Floats, seen: Seen, reference: Glimpse) -> float | None:
    # Only what both pictures show: a camera that turns to something greyer is no drift.
    whole = match(seen, reference.seen)
    thin = (slice(None, None, _SPARSE),) * 2
    there = Match(whole.column[thin], whole.row[thin], whole.visible[thin])
    if there.visible.mean() < _LEAST_SHARE:
        return None
    then = there.warped(unit_range(reference.picture))[there.visible]
    now = picture[thin][there.visible]
    changes = (figure(now) / max(figure(then), 1e-6) - 1 for figure in (saturation, contrast))
    return max(abs(change) for change in changes)


def _mean(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None
