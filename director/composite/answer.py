"""The newest generated frame, made ready to be carried to other cameras: what both the shaders and the loops
of the live picture begin with."""

import numpy as np
from numpy.typing import NDArray

from director.composite.carry import IDS_PER_ROW, Moment
from director.composite.overhang import Overhang, moved
from director.types import GeneratedFrame

__all__ = ["Answer", "can_carry", "image_and_key", "key_of", "object_colours"]

# Alpha of the image: what a pixel is worth to another camera. At a silhouette colours of both sides are
# mixed, and would show as an outline where one side has moved away.
_INSIDE, _MIXED = 255, 20
_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)
# What proxy shading leaves of an object's colour, on the mean.
_BLOCKED = 0.8
_NONE = np.zeros(0, np.int64)
_SPARSE = 2
"""Every second pixel of every second row is enough for a mean."""


class Answer:
    """A frame, and what is known of the tick that it answers.

    image    uint8[h, w, 4]; alpha says what a pixel is worth to another camera
    colours  as object_colours has them; None where the frame cannot be carried
    overhang what moves otherwise than what was blocked in its place
    """

    def __init__(self) -> None:
        self.image = np.zeros((0, 0, 4), np.uint8)
        self.colours: NDArray[np.float32] | None = None
        self.overhang = Overhang()
        self.frame: GeneratedFrame | None = None
        self._source: Moment | None = None
        self._movers = _NONE

    def take(self, frame: GeneratedFrame, now: Moment | None, source: Moment | None) -> bool:
        """Take up a frame that answers `source`. Returns whether anything is new: the frame, or that
        something has begun to move since."""
        is_new = frame is not self.frame
        movers = self._movers_at(now, source, is_new)
        if not is_new and np.isin(movers, self._movers).all():
            return False
        self.frame, self._source, self._movers = frame, source, movers
        beyond = self.overhang.take(frame, source, movers)
        self.image = np.full((*frame.image.shape[:2], 4), _INSIDE, np.uint8)
        self.image[..., :3] = frame.image
        self.colours = None
        if can_carry(frame):
            _mark_silhouettes(self.image, frame)
            self.colours = object_colours(frame)
            if beyond is not None:
                self.image[..., 3][beyond] = 0
        return True

    def _movers_at(self, now: Moment | None, source: Moment | None, is_new: bool) -> NDArray[np.int64]:
        """Ids of what has moved since the frame was asked for, or between the frame before and this one."""
        if now is None or source is None:
            return _NONE
        movers = moved(now, source)
        if not is_new:
            return np.union1d(movers, self._movers)
        return movers if self._source is None else np.union1d(movers, moved(self._source, source))


def can_carry(frame: GeneratedFrame) -> bool:
    """Whether the frame's conditioning holds what carrying it needs: depth and object maps."""
    return "depth" in frame.conditioning.maps and "object" in frame.conditioning.maps


def image_and_key(frame: GeneratedFrame) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """What generated.frag reads of a frame: the image as uint8[h, w, 4], alpha low at silhouettes, and depth
    and object ids together (one texel to fetch instead of two), float32[h, w, 2]."""
    image = np.full((*frame.image.shape[:2], 4), _INSIDE, np.uint8)
    image[..., :3] = frame.image
    _mark_silhouettes(image, frame)
    return image, key_of(frame)


def key_of(frame: GeneratedFrame) -> NDArray[np.float32]:
    """float32[h, w, 2]: depth and object ids of the tick that a frame answers."""
    depth, ids = frame.conditioning.maps["depth"], frame.conditioning.maps["object"]
    return np.stack([depth, ids.astype(np.float32)], -1)


def object_colours(frame: GeneratedFrame) -> NDArray[np.float32]:
    """float32[rows, 64, 4], an id a texel: the mean colour that the frame gives it, sRGB 0..1, and how bright
    its blocking is on the mean. For what the frame does not show: the factors by which it grades blocking
    colours on the mean, and 0."""
    objects = frame.conditioning.objects
    ids = frame.conditioning.maps["object"]
    height, width = frame.image.shape[:2]
    rows = np.arange(0, height, _SPARSE) * ids.shape[0] // height
    columns = np.arange(0, width, _SPARSE) * ids.shape[1] // width
    at = ids[np.ix_(rows, columns)].ravel().astype(np.intp)
    seen = frame.image[::_SPARSE, ::_SPARSE].reshape(-1, 3).astype(np.float32) * np.float32(1 / 255)
    count = max([int(at.max(initial=0)), *(thing.id for thing in objects)]) + 1
    pixels = np.bincount(at, minlength=count)
    sums = np.stack([np.bincount(at, seen[:, k], count) for k in range(3)], 1)
    blocked = np.full((count, 3), 0.5, np.float32)
    for thing in objects:
        blocked[thing.id] = np.multiply(thing.colour, _BLOCKED)
    # The sky is no surface: its colour says nothing about how surfaces are graded.
    shown, meant = sums[1:].sum(0), (pixels[1:, None] * blocked[1:]).sum(0)
    grade = np.ones(3)
    if pixels[1:].any():
        # Half of it the tint, half of it the brightness alone: a red picture must not make grass black.
        grade = 0.5 * (shown / np.maximum(meant, 1e-3) + (shown @ _LUMA) / max(meant @ _LUMA, 1e-3))
    known = pixels > 0
    table = np.zeros((-(-count // IDS_PER_ROW) * IDS_PER_ROW, 4), np.float32)
    table[:, :3] = grade
    table[:count][known, :3] = sums[known] / pixels[known, None]
    table[:count][known, 3] = np.maximum(blocked[known] @ _LUMA, 0.02)
    return table.reshape(-1, IDS_PER_ROW, 4)


def _mark_silhouettes(image: NDArray[np.uint8], frame: GeneratedFrame) -> None:
    ids = frame.conditioning.maps["object"]
    if ids.shape == image.shape[:2]:
        image[..., 3][_silhouettes(ids)] = _MIXED


def _silhouettes(ids: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """bool[h, w]: pixels beside another object's."""
    edge = np.zeros(ids.shape, np.bool_)
    for first, second, a, b in (
        (edge[:-1], edge[1:], ids[:-1], ids[1:]),
        (edge[:, :-1], edge[:, 1:], ids[:, :-1], ids[:, 1:]),
    ):
        border = a != b
        first |= border
        second |= border
    return edge
