"""One variable changed while the camera stands: the picture before and after, and what of it held."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from director.app.session import Session
from director.meters.hold import Hold, hold_per_object, matched, share_of_change
from director.meters.oklab import oklab
from director.meters.surfaces import Seen
from director.take.heat import heat_map

__all__ = ["Change", "Exploring", "Found", "Phase", "compare"]

Phase = Literal["idle", "before", "after", "measuring", "done"]
Picture = NDArray[np.uint8]

_PATIENCE_S = 90.0
# A change needs a tick to be asked for, before the picture can be said to have settled on it.
_TICKS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried: in words; how it is made, taken back and kept; and the objects that it is about, none
    where it is about the whole picture. `make`, `take_back` and `keep` return whether they could be done."""

    words: str
    make: Callable[[], bool]
    take_back: Callable[[], bool]
    keep: Callable[[], bool]
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Two pictures, uint8[h, w, 3], where they differ as a heat map, the hold of each object by name, that
    of all by their pixels, and the share of the change in place that lies on what was touched."""

    before: Picture
    after: Picture
    heat: Picture
    objects: Mapping[str, Hold]
    hold: float | None
    share_on_object: float | None
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    picture: Picture
    seen: Seen
    names: Mapping[int, str]


class Exploring:
    """Tries one change at a time on the live picture, and measures in a thread. `tick` it each tick."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="explore")
        self._before: _Drawn | None = None
        self._measuring: Future[Found] | None = None
        self._ticks = 0
        self._waited_s = 0.0
        self._scene = ""
        self.phase: Phase = "idle"
        self.change: Change | None = None
        """What is being tried, or was last."""
        self.found: Found | None = None
        """What came of it, once that is known."""
        self.count = 0
        """How many changes were tried: tells pictures of one from those of another."""

    @property
    def is_open(self) -> bool:
        """Whether a change was made that is neither kept nor taken back."""
        return self.phase in ("after", "measuring", "done")

    def attempt(self, change: Change) -> None:
        """Try a change, as soon as the picture as it is has come to rest. What was tried before and not kept
        is taken back first."""
        if self.is_open:
            self.go_back()
        self._session.transport.is_playing = False
        self.change, self.found, self._before = change, None, None
        self.count += 1
        self._scene = self._session.document.name
        self._enter("before")

    def go_back(self) -> bool:
        """Take the change back; whether that could be done."""
        is_done = self.change is not None and self.is_open and self.change.take_back()
        self._enter("idle")
        return is_done

    def keep(self) -> bool:
        """Leave the change as it is; edits of objects become edits of the scene. Whether that could be
        done: else it is taken back."""
        is_done = self.change is not None and self.is_open and self.change.keep()
        self._enter("idle")
        return is_done

    def tick(self, dt_s: float) -> None:
        """Go on, if something is being tried."""
        if self._session.document.name != self._scene and self.phase != "idle":
            # Another scene was opened: what was tried is gone with the one before.
            self._enter("idle")
            self.change = self.found = None
        if self.phase in ("idle", "done"):
            return
        self._ticks += 1
        self._waited_s += dt_s
        if self.phase == "measuring":
            self._take_result()
        elif self._waited_s > _PATIENCE_S:
            self._session.notices.add("The picture does not come to rest: nothing was measured")
            self._enter("done" if self.phase == "after" else "idle")
        elif self._ticks > _TICKS and self._has_settled:
            if self.phase == "before":
                self._begin()
            else:
                self._measure()

    def close(self) -> None:
        """End the thread."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    @property
    def _has_settled(self) -> bool:
        frame = self._session.picture.frame
        arrived = frame is not None and frame.conditioning.direction.arrived >= 1
        return self._session.picture.is_settled and arrived

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self._ticks, self._waited_s = 0, 0.0

    def _begin(self) -> None:
        assert self.change is not None
        self._before = self._drawn()
        self._enter("after" if self.change.make() else "idle")

    def _measure(self) -> None:
        after = self._drawn()
        before, change = self._before, self.change
        if before is None or after is None or change is None:
            self._enter("done")
            return
        frame = self._session.picture.frame
        unknown = () if frame is None else frame.not_understood
        self._measuring = self._worker.submit(_compared, before, after, change.touched, unknown)
        self._enter("measuring")

    def _take_result(self) -> None:
        if self._measuring is not None and self._measuring.done():
            self.found = self._measuring.result()
            self._measuring = None
            self._enter("done")

    def _drawn(self) -> _Drawn | None:
        seen = self._session.picture.seen()
        if seen is None:
            return None
        names = {0: "sky", **{thing.id: thing.name for thing in self._session.scene.objects}}
        return _Drawn(self._session.picture.display.read().copy(), seen, names)


def compare(
    before: Picture,
    after: Picture,
    seen_before: Seen,
    seen_after: Seen,
    names: Mapping[int, str],
    touched: tuple[str, ...] = (),
    not_understood: tuple[str, ...] = (),
) -> Found:
    """What a change did. Pictures are uint8[h, w, 3], what was seen is of the same size; `names` go by id."""
    back, onward = matched(seen_after, seen_before), matched(seen_before, seen_after)
    ids_before, ids_after = seen_before.object, seen_after.object
    held = hold_per_object(before, after, ids_before, ids_after, back, onward)
    objects = {names[i]: hold for i, hold in held.items() if i in names}
    pixels = sum(hold.pixels for hold in held.values())
    whole = sum(hold.hold * hold.pixels for hold in held.values()) / pixels if pixels else None
    first, second = oklab(before), oklab(after)
    if np.array_equal(seen_before.view.clip_from_world, seen_after.view.clip_from_world):
        compared = np.ones(ids_after.shape, np.bool_)
        upon_ids = [i for i, name in names.items() if name in touched]
        upon = np.isin(ids_before, upon_ids) | np.isin(ids_after, upon_ids)
        share = share_of_change(before, after, upon) if touched else None
    else:
        first, compared, share = back.warped(first), back.visible, None
    heat = heat_map(np.linalg.norm(second - first, axis=2), compared)
    return Found(before, after, heat, objects, whole, share, not_understood)


def _compared(before: _Drawn, after: _Drawn, touched: tuple[str, ...], unknown: tuple[str, ...]) -> Found:
    return compare(before.picture, after.picture, before.seen, after.seen, after.names, touched, unknown)
