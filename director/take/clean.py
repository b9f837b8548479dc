"""Cleaning up a render: slow changes of brightness and colour taken out along exact motion, and the colour of
each shot brought to that of the first. Off unless asked for, for it changes what was generated.
"""

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.meters.colour import unit_range
from director.meters.detail import blurred, high_energy
from director.meters.steadiness import warp_error
from director.meters.surfaces import Match, Seen, match
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.finish import moment_of
from director.take.track import TrackLine

__all__ = ["Cleaner"]

# How much of what changed against the frame before, along the surface, is taken back.
_SHARE = 0.7
# Only what is broader than this is: fine detail stays that of the frame itself.
_BREADTH = 1 / 48
# What changed by more than this is no flicker: a light was switched on, or a prompt went over.
_MOST = 0.12
_GAINS = (0.67, 1.5)

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]


class Cleaner:
    """Cleans frame after frame, of one size, in order; `steps` are "deflicker" and "match". The one corrects
    each frame towards the one before, as that was cleaned, where both show a surface; the other gives every
    shot the mean and spread of each colour that the first shot had in its first frame (after Reinhard,
    Ashikhmin, Gooch and Shirley, "Color Transfer between Images", 2001, in sRGB)."""

    def __init__(
        self,
        context: moderngl.Context,
        compiled: CompiledScene,
        size: tuple[int, int],
        steps: frozenset[str],
    ) -> None:
        self._passes = Conditioner(
            context, compiled, *size, frozenset({"depth", "object"}), shown=frozenset({"base"})
        )
        self._steps = steps
        self._before: tuple[Seen, Floats, Floats] | None = None
        self._first: tuple[Floats, Floats] | None = None
        self._transfer: tuple[Floats, Floats] | None = None
        self._sums: dict[str, list[float]] = {}

    def picture(self, line: TrackLine, picture: Picture) -> Picture:
        """uint8[h, w, 3] of the tick of a line, cleaned."""
        raw = unit_range(picture)
        self._passes.draw(line.tick, line.camera, line.direction)
        conditioning = self._passes.take()
        assert conditioning is not None
        maps = conditioning.maps
        poses = moment_of(self._passes).world_from_object
        seen = Seen(maps["depth"], maps["object"], conditioning.view, poses)
        if line.camera.is_cut:
            self._before = None
        cleaned = self._matched(raw) if "match" in self._steps else raw
        motion = None if self._before is None else match(seen, self._before[0])
        if motion is not None and self._before is not None and "deflicker" in self._steps:
            cleaned = _steadied(cleaned, self._before[2], motion)
        cleaned = np.clip(cleaned, 0, 1)
        self._count(seen, raw, cleaned, motion)
        self._before = (seen, raw, cleaned)
        return np.asarray(np.round(cleaned * 255), np.uint8)

    @property
    def figures(self) -> dict[str, dict[str, float | None]]:
        """Warp error and fine detail, before and after, as `measure` defines them; None where nothing
        was seen twice."""
        found: dict[str, dict[str, float | None]] = {}
        for name in ("warp_error", "detail"):
            values = (self._sums.get(f"{name} {when}") for when in ("before", "after"))
            before, after = (float(np.mean(some)) if some else None for some in values)
            found[name] = {"before": before, "after": after}
        return found

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._passes.release()

    def _matched(self, picture: Floats) -> Floats:
        if self._before is None:
            # A shot begins.
            mean, spread = picture.mean((0, 1)), picture.std((0, 1))
            self._first = self._first or (mean, spread)
            gain = np.clip(self._first[1] / np.maximum(spread, 1e-3), *_GAINS).astype(np.float32)
            self._transfer = gain, np.asarray(self._first[0] - gain * mean, np.float32)
            if np.array_equal(mean, self._first[0]) and np.array_equal(spread, self._first[1]):
                self._transfer = None
        if self._transfer is None:
            return picture
        gain, offset = self._transfer
        return np.asarray(np.clip(picture * gain + offset, 0, 1), np.float32)

    def _count(self, seen: Seen, raw: Floats, cleaned: Floats, motion: Match | None) -> None:
        surface = seen.object > 0
        if surface.any():
            self._add("detail before", float(high_energy(raw)[surface].mean()))
            self._add("detail after", float(high_energy(cleaned)[surface].mean()))
        if motion is not None and self._before is not None and motion.visible.any():
            _, raw_before, cleaned_before = self._before
            self._add("warp_error before", float(np.nanmean(warp_error(raw, raw_before, motion))))
            self._add("warp_error after", float(np.nanmean(warp_error(cleaned, cleaned_before, motion))))

    def _add(self, name: str, value: float) -> None:
        self._sums.setdefault(name, []).append(value)


def _steadied(picture: Floats, before: Floats, motion: Match) -> Floats:
    gap = motion.warped(before) - picture
    usable = motion.visible & (np.abs(gap).max(-1) < _MOST)
    breadth_px = max(1.5, picture.shape[1] * _BREADTH)
    weight = usable.astype(np.float32)[..., None]
    # Where little around is known the correction fades out.
    spread = blurred(weight, breadth_px)
    broad = blurred(gap * weight, breadth_px) / np.maximum(spread, 0.05)
    return np.asarray(picture + _SHARE * broad * np.minimum(1.0, spread * 4), np.float32)
