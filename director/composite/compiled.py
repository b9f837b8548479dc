"""The live picture by compiled loops: what generated.py and steady.py do with shaders. Needs Numba."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.composite.answer import Answer
from director.composite.carry import Moment, carry_table, eye_of
from director.composite.kernels import compiler, still
from director.types import GeneratedFrame

__all__ = ["Before", "CompiledPicture"]

# As generated.frag looks about a gap: the golden angle, radii evenly spread over the logarithm.
_SPOTS, _TURN, _NEAREST, _APART = 24, 2.39996, 0.015, 0.16
_INSIDE: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """A steadied picture, float32[h, w, 4], sRGB 0..1 and how far it is known, with depth float32[h, w] and
    ids uint16[h, w], and of when it is."""

    picture: NDArray[np.float32]
    depth: NDArray[np.float32]
    ids: NDArray[np.uint16]
    moment: Moment


class CompiledPicture:
    """Carries and steadies pictures of `width` × `height`, tick after tick."""

    def __init__(self, width: int, height: int) -> None:
        """Loads the loops, or compiles them where that has not been done."""
        self._compiler = compiler()
        from director.composite.kernels import carried, steadied

        self._carried, self._splat = carried.carried, carried.splat
        self._steadied, self._crisped = steadied.steadied, steadied.crisped
        self._nowhere = steadied.NOWHERE
        self._answer = Answer()
        self._current = np.zeros((height, width, 4), np.uint8)
        self._made = [np.zeros((height, width, 4), np.float32) for _ in range(2)]
        self._at = 0
        self._picture = np.zeros((height, width, 4), np.uint8)
        self.before: Before | None = None
        """What the next picture continues; None where it continues nothing."""

    def draw(
        self,
        frame: GeneratedFrame,
        pixels: Mapping[str, NDArray[Any]],
        now: Moment,
        source: Moment,
        steadied: float,
        soften: float,
        crisper: float,
    ) -> NDArray[np.uint8]:
        """uint8[h, w, 4]: the frame, which answers `source` and can be carried, as seen `now`, steadied.

        `pixels` are depth, object and base of now, of the picture's size. `soften` is how much silhouettes
        are softened where a frame is carried to another camera, `crisper` how much detail is given back
        where pictures are averaged. Good until the next draw.
        """
        self._answer.take(frame, now, source)
        pixels = {name: still(pixels[name]) for name in ("depth", "object", "base")}
        depth, object_ = pixels["depth"], pixels["object"]
        is_carried = not now.is_same(source) or frame.image.shape[:2] != depth.shape
        if is_carried:
            self._carry(frame, pixels, now, source)
        else:
            self._current[..., :3] = frame.image
            self._current[..., 3] = _INSIDE
        points = self._answer.overhang.points(now, len(depth))
        if len(points):
            parts = [np.ascontiguousarray(points[name]) for name in points.dtype.names or ()]
            self._compiler.run(self._splat, *parts, depth, object_, self._current)
        before = self.before
        if before is None:
            # Nothing is found in what has no object: nothing is kept.
            ids = np.full(depth.shape, self._nowhere, np.uint16)
            before = Before(np.zeros_like(self._made[0]), np.zeros_like(depth), ids, now)
            crisper = 0.0
        self._at = 1 - self._at
        made = self._made[self._at]
        is_other_view = is_carried and not now.has_view_of(source)
        self._compiler.run(
            self._steadied, self._current, depth, object_, before.picture, before.depth, before.ids,
            _rows(now, before.moment), _eye(now), np.float32(steadied),
            np.float32(soften if is_other_view else 0.0), made,
        )  # fmt: skip
        self.before = Before(made, depth.copy(), object_.copy(), now)
        self._compiler.run(self._crisped, made, np.float32(crisper * steadied), self._picture)
        return self._picture

    def _carry(
        self, frame: GeneratedFrame, pixels: Mapping[str, NDArray[Any]], now: Moment, source: Moment
    ) -> None:
        answer, maps = self._answer, frame.conditioning.maps
        assert answer.colours is not None
        table = _rows(now, source)
        colours = answer.colours.reshape(-1, 4)
        if len(colours) < len(table):
            # Objects that the frame knows nothing of.
            colours = np.concatenate([colours, np.zeros((len(table) - len(colours), 4), np.float32)])
        self._compiler.run(
            self._carried, pixels["depth"], pixels["object"], pixels["base"], answer.image,
            still(maps["depth"]), still(maps["object"]),
            _over(frame.image.shape[:2], maps["depth"].shape), table, colours, _eye(now),
            _spots(len(frame.image)), self._current,
        )  # fmt: skip


def _rows(now: Moment, then: Moment) -> NDArray[np.float32]:
    """float32[n, 12]: the rows x, y and w of the matrices of carry_table."""
    columns = carry_table(now, then).reshape(-1, 4, 4)
    return np.ascontiguousarray(columns.transpose(0, 2, 1)[:, (0, 1, 3)]).reshape(-1, 12)


def _eye(now: Moment) -> NDArray[np.float32]:
    return eye_of(now.view).astype(np.float32).ravel()


def _over(image: tuple[int, ...], maps: tuple[int, ...]) -> NDArray[np.int32]:
    """int32[2, the larger of the image's height and width]: which row of the maps belongs to each row of the
    image, and which column to each column."""
    over = np.zeros((2, max(image)), np.int32)
    for axis, (size, of_maps) in enumerate(zip(image, maps, strict=True)):
        over[axis, :size] = (np.arange(size) + 0.5) / size * of_maps
    return over


def _spots(rows: int) -> NDArray[np.float32]:
    """float32[_SPOTS, 3], as carried.carried has them, for an image of so many rows."""
    k = np.arange(_SPOTS, dtype=np.float32)
    share = np.exp2(k * _APART)
    radius = rows * _NEAREST * share
    return np.stack([radius * np.cos(_TURN * k), radius * np.sin(_TURN * k), 1 / share], 1).astype(np.float32)
