"""The picture before, moved to where its surfaces are now, and how much of it may be kept."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from director.meters.surfaces import Seen, match
from director.types import Conditioning

__all__ = ["History", "Kept", "strengths_of"]

Floats = NDArray[np.float32]


class Kept:
    """What is left of a history in the present view: `picture` float32[h, w, 3], sRGB 0..1, and `known`
    float32[h, w], 1 where it shows what is seen now."""

    __slots__ = ("known", "picture")

    def __init__(self, picture: Floats, known: Floats) -> None:
        self.picture = picture
        self.known = known


class History:
    """Remembers the last picture. Camera and objects may have moved since: both are followed exactly, unless
    it is to stay where it was on the screen (`follows` False: what a stream without motion has)."""

    def __init__(self, follows: bool = True) -> None:
        self._follows = follows
        self._picture: Floats | None = None
        self._seen: Seen | None = None
        self.tick: int | None = None
        """The tick of the picture that is remembered."""

    def forget(self) -> None:
        """A cut."""
        self._picture = self._seen = self.tick = None

    def kept(self, conditioning: Conditioning) -> Kept | None:
        """In the view of a conditioning; None where nothing is remembered, or nothing of it is in view. The
        sky is taken as it was where the camera stands still, and else as unknown."""
        if self._picture is None or self._seen is None:
            return None
        seen = _seen(conditioning)
        if seen.depth.shape != self._seen.depth.shape or (seen.view.near_m, seen.view.far_m) != (
            self._seen.view.near_m,
            self._seen.view.far_m,
        ):
            return None
        if not self._follows:
            return Kept(self._picture, np.ones(seen.depth.shape, np.float32))
        found = match(seen, self._seen)
        known = found.visible
        picture = found.warped(self._picture)
        if np.array_equal(seen.view.clip_from_world, self._seen.view.clip_from_world):
            sky = (seen.object == 0) & (self._seen.object == 0)
            picture = np.where(sky[..., None], self._picture, picture)
            known = known | sky
        if not known.any():
            return None
        return Kept(np.asarray(picture, np.float32), known.astype(np.float32))

    def remember(self, conditioning: Conditioning, picture: Floats) -> None:
        """The picture float32[h, w, 3] of a conditioning."""
        self._picture, self._seen = picture, _seen(conditioning)
        self.tick = conditioning.tick.index


def _seen(conditioning: Conditioning) -> Seen:
    maps = conditioning.maps
    return Seen(maps["depth"], maps["object"], conditioning.view, maps["poses"])


def strengths_of(
    conditioning: Conditioning, known: Floats, strength: float, own: Mapping[int, float]
) -> Floats:
    """float32[h, w]: how far each pixel is drawn anew: `strength` where the history is known (an object's own
    in its place), 1 where not."""
    table = np.full(1 + max(int(conditioning.maps["object"].max(initial=0)), *own, 0), strength, np.float32)
    for id_, value in own.items():
        table[id_] = value
    anew = table[conditioning.maps["object"]]
    return np.asarray(np.where(known > 0.5, anew, np.float32(1.0)), np.float32)
