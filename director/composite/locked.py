"""Surfaces that are held: what a locked object looked like stays on it until it is unlocked.

A held surface is kept as it was generated, in pictures with their depth and object ids, and carried to any
camera with the object. Surfaces that come into sight later join as soon as they are generated, so that they
hold from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.answer import image_and_key
from director.composite.carry import IDS_PER_ROW, Carry, Moment
from director.meters.surfaces import Seen, match
from director.passes.shader import load_program
from director.types import GeneratedFrame

__all__ = ["LockedSurfaces"]

_MOST_KEPT = 12
# Coverage is looked at on every fourth pixel: it decides only whether a picture is worth keeping.
_SPARSE = 4
_UNCOVERED = 0.03
"""Share of the locked pixels in sight that may be unknown before another picture is kept."""
_COVERED = 0.7
"""Share of a kept picture's surfaces that a larger one must show to take its place."""
_FEWEST = 16
"""Of the sparse pixels of an object that has not been kept yet, for it to be worth a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    image: moderngl.Texture
    key: moderngl.Texture
    table: moderngl.Texture
    moment: Moment
    seen: Seen
    ids: frozenset[int]
    look: object
    is_first: bool

    def release(self) -> None:
        for texture in (self.image, self.key, self.table):
            texture.release()


class LockedSurfaces:
    """Draws held surfaces over the picture."""

    def __init__(self, context: moderngl.Context) -> None:
        """Raises GraphicsError where the shader does not compile."""
        self._context = context
        self._program = load_program(
            context, "display/rectangle.vert", "display/generated.frag", {"LOCKED": "1"}
        )
        self._program["top_left"] = (-1.0, -1.0)
        self._program["bottom_right"] = (1.0, 1.0)
        self._strip = context.vertex_array(self._program, [])
        names = ("image", "depth", "object", "source_key", "objects")
        for unit, name in enumerate(names):
            self._program[name] = unit
        self._carry = Carry(context, self._program, len(names))
        self._kept: list[_Kept] = []
        self._locked: frozenset[int] = frozenset()
        self._unkept: frozenset[int] = frozenset()
        self._looked_at: GeneratedFrame | None = None

    @property
    def locked(self) -> frozenset[int]:
        """The ids that are held."""
        return self._locked

    @property
    def kept(self) -> int:
        """How many pictures are kept for them."""
        return len(self._kept)

    @property
    def kept_sizes(self) -> list[tuple[int, int]]:
        """The width and height of each, those that count first at the front."""
        return [(kept.image.width, kept.image.height) for kept in self._kept]

    def hold(self, ids: frozenset[int], frame: GeneratedFrame | None, source: Moment | None) -> None:
        """Hold exactly these ids from now on, as the newest frame shows them; `source` is the moment that it
        answers. To be called with every new frame: what comes into sight joins. Object maps are needed."""
        released = self._locked - ids
        if released:
            self._let_go(released)
        joined = ids - self._locked
        self._locked = ids
        self._unkept = (self._unkept | joined) & ids
        if not ids or frame is None or source is None:
            return
        maps = frame.conditioning.maps
        if "depth" not in maps or "object" not in maps or (frame is self._looked_at and not joined):
            return
        self._looked_at = frame
        whole = Seen(maps["depth"], maps["object"], source.view, source.world_from_object)
        seen = _sparse(whole)
        wanted = np.isin(seen.object, list(ids))
        if not wanted.any():
            return
        pixels = np.bincount(seen.object.ravel(), minlength=max(ids) + 1)
        # What is locked just now is in the director's eye, however small.
        new = frozenset(id_ for id_ in self._unkept if pixels[id_] >= (1 if id_ in joined else _FEWEST))
        smaller = self._smaller(frame, whole)
        known = np.zeros_like(wanted)
        for kept in self._kept:
            if kept not in smaller:
                known |= np.isin(seen.object, list(kept.ids)) & match(seen, _sparse(kept.seen)).visible
        # Single texels at silhouettes are never matched: what is unknown must be a surface.
        unknown = _eroded(wanted & ~known)
        if new or smaller or unknown.sum() > _UNCOVERED * wanted.sum():
            is_first = bool(new) or any(kept.is_first for kept in smaller)
            self._keep(frame, source, whole, is_first, smaller)
            self._unkept -= new

    def draw(self, now: Moment, passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw over the bound framebuffer, which holds the picture of `now`; `passes` are the G-buffer's."""
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        # The oldest last: where several know a surface, it is the one that has been held longest.
        for kept in reversed(self._kept):
            textures = (kept.image, passes["depth"], passes["object"], kept.key, kept.table)
            for unit, texture in enumerate(textures):
                texture.use(unit)
            self._carry.put(now, kept.moment)
            self._strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def release(self) -> None:
        """Free what OpenGL holds."""
        for kept in self._kept:
            kept.release()
        self._kept.clear()
        self._carry.release()
        self._strip.release()
        self._program.release()

    def _smaller(self, frame: GeneratedFrame, seen: Seen) -> list[_Kept]:
        """The pictures kept of the same look that this one shows at a larger size: where a picture rate was
        asked, what is locked while the camera moves is small, and becomes whole when it rests."""
        pixels, look = frame.image.shape[0] * frame.image.shape[1], _look(frame)
        found = []
        for kept in self._kept:
            if kept.image.width * kept.image.height >= pixels or kept.look != look:
                continue
            own = np.isin(kept.seen.object, list(kept.ids))
            covered = own & match(kept.seen, seen).visible
            if covered.sum() >= _COVERED * own.sum():
                found.append(kept)
        return found

    def _keep(
        self, frame: GeneratedFrame, source: Moment, seen: Seen, is_first: bool, instead_of: Sequence[_Kept]
    ) -> None:
        at = min((self._kept.index(kept) for kept in instead_of), default=len(self._kept))
        for kept in instead_of:
            self._kept.remove(kept)
            kept.release()
        if len(self._kept) >= _MOST_KEPT:
            # What the director saw when a lock was set stays longest.
            later = [index for index, kept in enumerate(self._kept) if not kept.is_first]
            self._kept.pop(later[0] if later else 0).release()
        image, key = image_and_key(frame)
        # A picture speaks only for what was locked when it was taken.
        table = _mask(self._locked, max(len(source.world_from_object), max(self._locked)))
        new = _Kept(
            self._texture(image, "f1"),
            self._texture(key, "f4"),
            self._texture(table, "f4"),
            source,
            seen,
            self._locked,
            _look(frame),
            is_first,
        )
        self._kept.insert(min(at, len(self._kept)), new)

    def _let_go(self, released: frozenset[int]) -> None:
        left: list[_Kept] = []
        for kept in self._kept:
            ids = kept.ids - released
            if not ids:
                kept.release()
                continue
            table = _mask(ids, kept.table.width * kept.table.height - 1)
            kept.table.write(table.tobytes())
            left.append(replace(kept, ids=ids))
        self._kept = left

    def _texture(self, array: NDArray[np.generic], dtype: str) -> moderngl.Texture:
        height, width, components = array.shape
        texture = self._context.texture(
            (width, height), components, np.ascontiguousarray(array).tobytes(), dtype=dtype, alignment=1
        )
        texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        texture.repeat_x = texture.repeat_y = False
        return texture


def _sparse(seen: Seen) -> Seen:
    step = (slice(None, None, _SPARSE), slice(None, None, _SPARSE))
    return replace(seen, depth=seen.depth[step], object=seen.object[step])


def _look(frame: GeneratedFrame) -> object:
    """What two pictures of the same look have in common."""
    return frame.conditioning.direction.unlocked


def _mask(ids: frozenset[int], most: int) -> NDArray[np.float32]:
    """float32[rows, 64, 4], an id a texel: alpha 1 where it is held."""
    rows = most // IDS_PER_ROW + 1
    table = np.zeros((rows * IDS_PER_ROW, 4), np.float32)
    table[[id_ for id_ in ids if id_ < len(table)], 3] = 1.0
    return table.reshape(rows, IDS_PER_ROW, 4)


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    inner = np.zeros_like(mask)
    inner[1:-1, 1:-1] = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    return inner
