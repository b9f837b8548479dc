"""Hold: how much of an object's look survived a change, 0..1; 1 is all of it.

Two pictures are compared on surfaces that both show: in place where neither camera nor object moved, else
carried there by exact geometry (`meters.surfaces`). Of each object's pixels that can be compared:

colour  Mean OKLab colour before and after, ΔE apart: 2^−(ΔE / 0.1)². What is just noticed (ΔE 0.02) leaves
        97 %, five times that a half, ten times that 6 %.
detail  The correlation of fine detail, 0 where it is negative: lightness less its blur, both within the
        object alone. The same grain, half a step in 255, is taken to lie over both: where neither has any
        detail none is lost, and where one has none nothing is left. A surface that is lit less, evenly,
        keeps its detail.
        Where one picture shows surfaces larger, fineness is that of the other.
hold    √(colour · detail): either of them lost is the look lost.

Coverage tells what these figures rest on. They say nothing of shape: what moved or was uncovered is not
compared, and a limb that turned against its body is matched only where it still lies alike.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.meters.oklab import oklab
from director.meters.surfaces import Match, Seen, match

__all__ = ["Hold", "hold_per_object", "matched", "share_of_change"]

_HALF_COLOUR = 0.1
_GRAIN = 0.5 / 255
# Widths of the two blurs between which detail lies, in pixels of a picture 512 wide. The finer leaves out
# what resampling a moved picture loses anyhow.
_FINE_PX, _COARSE_PX, _ACROSS_PX = 0.8, 3.2, 512
# Fewer pixels than this say nothing of a surface.
_LEAST_PIXELS = 16
# Beyond this magnification what is left of detail is too coarse to speak of.
_MOST_LARGER = 4.0
# Rounding of depths, as a share, between two drawings of one place.
_SAME_DEPTH = 1e-4

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Ids = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Hold:
    """What was found of one object: `hold`, `colour` and `detail` 0..1 as above.

    `coverage` is the share of its pixels that could be compared, of the two pictures the smaller.
    `pixels` is how many those are, in the picture that shows surfaces the larger, and `change_255` their
    mean |after − before| in 1/255 of sRGB: how far it was disturbed, if it was to stay as it is.
    """

    hold: float
    colour: float
    detail: float
    coverage: float
    change_255: float
    pixels: int


def matched(here: Seen, there: Seen) -> Match:
    """Where each surface of `here` lies `there`, and whether it is seen: exactly in place, the sky
    included, for what moved against neither camera nor world; else as `meters.surfaces.match` has it.

    Both must be of one size; raises ValueError if they are not.
    """
    if here.object.shape != there.object.shape:
        raise ValueError(f"two sizes: {here.object.shape} and {there.object.shape}")
    height, width = here.object.shape
    row, column = np.mgrid[:height, :width].astype(np.float32)
    if not np.array_equal(here.view.clip_from_world, there.view.clip_from_world):
        return match(here, there)
    moved = (here.world_from_object != there.world_from_object).any(axis=(1, 2))
    still = ~np.concatenate([[False], moved])[here.object]
    alike = np.isclose(here.depth, there.depth, rtol=_SAME_DEPTH, atol=0)
    in_place = still & (here.object == there.object) & alike
    if not moved.any():
        return Match(column, row, in_place)
    found = match(here, there)
    return Match(
        np.where(still, column, found.column),
        np.where(still, row, found.row),
        np.where(still, in_place, found.visible),
    )


def hold_per_object(
    before: Picture,
    after: Picture,
    ids_before: Ids,
    ids_after: Ids,
    back: Match | None = None,
    onward: Match | None = None,
) -> dict[int, Hold]:
    """The hold of every object that both pictures show, by its id; 0 is the sky.

    Pictures are uint8[h, w, 3], sRGB, ids uint16[h, w]. `back` tells where each pixel of `after` lies in
    `before`, and `onward` the other way round; without them pixels of one id are compared in place. An
    object with fewer than 16 pixels to compare is left out.
    """
    rows, columns = np.mgrid[: ids_after.shape[0], : ids_after.shape[1]].astype(np.float32)
    in_place = Match(columns, rows, ids_before == ids_after)
    back, onward = back or in_place, onward or in_place
    size = _size(back)
    if size > 1:
        # Resampled to fewer pixels a picture aliases: both are judged where surfaces are the larger.
        before, after, ids_before, ids_after = after, before, ids_after, ids_before
        back, onward, size = onward, back, 1 / size
    count = 1 + max(int(ids_before.max(initial=0)), int(ids_after.max(initial=0)))
    compared = _counted(ids_after, count, back.visible)
    coverage = np.minimum(
        compared / np.maximum(_counted(ids_after, count), 1),
        _counted(ids_before, count, onward.visible) / np.maximum(_counted(ids_before, count), 1),
    )
    # Zero is what is not compared.
    labels = np.where(back.visible, ids_after.astype(np.int64) + 1, 0)
    lab = np.concatenate([_carried(oklab(before), back), oklab(after)], axis=2)
    colour = _mean(lab, ids_after, back.visible, count)
    apart = np.linalg.norm(colour[:, 3:] - colour[:, :3], axis=1)
    detail = _correlation(_detail(lab[..., [0, 3]], labels, 1 / size), ids_after, back.visible, count)
    change = np.abs(after - _carried(before.astype(np.float32), back)).mean(axis=2)
    change_255 = _mean(change[..., None], ids_after, back.visible, count)[:, 0]
    held: dict[int, Hold] = {}
    for i in np.flatnonzero(compared >= _LEAST_PIXELS):
        kept = 2.0 ** -((float(apart[i]) / _HALF_COLOUR) ** 2)
        same = min(1.0, max(0.0, float(detail[i])))
        held[int(i)] = Hold(
            math.sqrt(kept * same), kept, same, float(coverage[i]), float(change_255[i]), int(compared[i])
        )
    return held


def share_of_change(
    before: Picture, after: Picture, upon: NDArray[np.bool_], aside: NDArray[np.bool_] | None = None
) -> float | None:
    """The share of Σ|after − before|, in place, that lies on the pixels `upon`, bool[h, w]; pixels
    `aside` that are not among them are not counted at all. None where nothing changed."""
    change = np.abs(after.astype(np.float64) - before).sum(axis=2)
    on = float(change[upon].sum())
    off = float(change[~upon if aside is None else ~(upon | aside)].sum())
    return on / (on + off) if on + off > 0 else None


def _carried(picture: Floats, back: Match) -> Floats:
    carried = back.warped(picture)
    carried[~back.visible] = 0
    return carried


def _counted(ids: Ids, count: int, among: NDArray[np.bool_] | None = None) -> NDArray[Any]:
    return np.bincount((ids if among is None else ids[among]).ravel(), minlength=count)


def _mean(
    values: NDArray[np.floating[Any]], ids: Ids, among: NDArray[np.bool_], count: int
) -> NDArray[np.float64]:
    """float64[count, n]: means of float[h, w, n] over each object's pixels."""
    at = ids[among]
    weights = values[among].astype(np.float64)
    sums = [np.bincount(at, weights[:, i], count) for i in range(values.shape[2])]
    return np.asarray(np.stack(sums, axis=1) / np.maximum(np.bincount(at, minlength=count), 1)[:, None])


def _correlation(detail: Floats, ids: Ids, among: NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """float64[count]: of the two channels of float32[h, w, 2] over each object, both with common grain."""
    first, second = detail[..., 0].astype(np.float64), detail[..., 1].astype(np.float64)
    products = np.stack([first, second, first**2, second**2, first * second], axis=2)
    means = _mean(products, ids, among, count).T
    grain = _GRAIN**2
    spread = means[2] - means[0] ** 2 + grain, means[3] - means[1] ** 2 + grain
    return np.asarray((means[4] - means[0] * means[1] + grain) / np.sqrt(spread[0] * spread[1]))


def _detail(values: Floats, labels: NDArray[np.int64], larger: float) -> Floats:
    """Lightness between two blurs, of float32[h, w, 2]; `larger` is by how much surfaces are larger than in
    the picture that was resampled."""
    scale = max(1.0, values.shape[1] / _ACROSS_PX) * min(max(larger, 1.0), _MOST_LARGER)
    return _within(values, labels, _FINE_PX * scale) - _within(values, labels, _COARSE_PX * scale)


def _size(found: Match) -> float:
    """How many pixels of the other picture a step of one pixel here is, the median; 1 where that cannot be
    told."""
    place = np.stack([found.column, found.row])
    across, down = place[:, :-1, 1:] - place[:, :-1, :-1], place[:, 1:, :-1] - place[:, :-1, :-1]
    seen = found.visible
    whole = seen[:-1, :-1] & seen[:-1, 1:] & seen[1:, :-1]
    area = np.abs(across[0] * down[1] - across[1] * down[0])[whole]
    # What lies at an object's edge steps from surface to surface; a median does not mind.
    size = math.sqrt(float(np.median(area))) if area.size else 1.0
    return size if size > 0 else 1.0


def _within(values: Floats, labels: NDArray[np.int64], sigma_px: float) -> Floats:
    """float32[h, w, n] blurred by a Gaussian that never reaches over to another label, along rows and then
    columns."""
    total = np.concatenate([values, np.ones_like(values[..., :1])], axis=2)
    for axis in (1, 0):
        total = _along(total, labels, sigma_px, axis)
    return np.asarray(total[..., :-1] / total[..., -1:], np.float32)


def _along(values: Floats, labels: NDArray[np.int64], sigma_px: float, axis: int) -> Floats:
    reach = min(max(1, round(3 * sigma_px)), labels.shape[axis] - 1)
    blurred = values.copy()
    here, there = np.moveaxis(blurred, axis, 0), np.moveaxis(values, axis, 0)
    marks = np.moveaxis(labels, axis, 0)
    for step in range(1, reach + 1):
        weight = np.float32(math.exp(-0.5 * (step / sigma_px) ** 2))
        same = (marks[step:] == marks[:-step])[..., None] * weight
        here[step:] += there[:-step] * same
        here[:-step] += there[step:] * same
    return blurred
