"""Asking a generator for pictures: when it is worth drawing what it reads, at which size, and what was where
then."""

import time
from collections import deque
from dataclasses import dataclass

import moderngl

from director.clock import now_s
from director.composite.generated import Moment
from director.generate.deadline import DeadlineScheduler, Size
from director.generate.protocol import Runner
from director.passes.conditioner import Conditioner
from director.passes.finished import Finisher
from director.passes.gbuffer import GBuffer
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import CameraState, Direction, GeneratedFrame, Tick, View

__all__ = ["Asked", "Asking", "Drawn"]

# Kept until a newer picture comes; a generator that never answers must not fill the memory.
_MOST_KEPT = 1000
_WHILE_LOADING_S = 0.25
# Left to the runner's thread, which hands over what was asked: drawing on at once would keep the interpreter
# from it for as long as OpenGL takes, and one picture in a hundred would set out up to 80 ms late (measured).
_HAND_OVER_S = 0.001
# So long nothing may have changed before a still is drawn: a hand that moves in steps pauses between them.
_REST_S = 0.3
# And so long before one that is larger than what moves is drawn at: it keeps a slow machine busy for longer.
_LARGE_REST_S = 0.8
# So many ticks tell how long the next may take.
_TICKS = 8
# The viewport shows what was drawn for the generator, where the sizes agree; motion it draws by itself.
_SHOWN = frozenset({"base"})


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """When a conditioning was drawn, and where everything then was. `begun_s` is when drawing it began;
    `is_told` says whether the scheduler is to hear what it cost."""

    moment: Moment
    drawn_s: float
    begun_s: float
    size: Size
    is_told: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The passes drawn in a tick, which others may use until the next, and of what."""

    gbuffer: GBuffer
    state: SceneState
    view: View


class Asking:
    """Draws a conditioning when the runner can make use of one, and hands it over.

    The maps of a generator may cost more than the rest of a tick, above all on software OpenGL. A runner
    draws one conditioning and lets one wait; more would be drawn to be dropped. So one is drawn when
    nothing is under way, and the next just before the picture under way is due; where the scheduler has a
    rate, no oftener than that.

    The scheduler says at which size. What has come to rest is drawn once more, at the dial's size, if it was
    last drawn at another. It says too how long pictures are held back that come early: whatever the camera
    does meanwhile is answered by carrying the one before, and they follow each other at an even pace.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: CompiledScene,
        runner: Runner,
        maps: frozenset[str],
        scheduler: DeadlineScheduler,
        *,
        reads_at_once: bool,
    ) -> None:
        """`reads_at_once` where waiting for OpenGL costs nothing (software); otherwise maps are read one
        tick after they were drawn. Depth and object maps are read in any case: pictures are carried by
        them."""
        self._context = context
        self._scene = scene
        self._runner = runner
        self._maps = maps | {"depth", "object"}
        self._scheduler = scheduler
        self._reads_at_once = reads_at_once
        self._finisher = Finisher(context, in_background=True)
        self._conditioners: dict[Size, Conditioner] = {}
        self._conditioner = self._conditioner_of(scheduler.size)
        self._kept: dict[int, Asked] = {}
        self._newest: GeneratedFrame | None = None
        self._arrived: GeneratedFrame | None = None
        self._held: deque[tuple[GeneratedFrame, float]] = deque()
        self._ticks_s: deque[float] = deque(maxlen=_TICKS)
        self._ticked_s: float | None = None
        self._last: object = None
        self._last_s = self._due_s = 0.0
        self._last_size = scheduler.size
        self._last_is_still = False
        self._seen: object = None
        self._rests_since_s = 0.0
        self._submitted = 0
        self._is_pending = False
        self._expected_s = 0.0
        self._restarts = 0
        self._came_s = 0.0

    @property
    def is_answered(self) -> bool:
        """Whether all that was asked has been answered and handed on, or never will be."""
        return self._under_way == 0 and not self._held

    def is_last(self, wanted: object) -> bool:
        """Whether this is what was asked last, at the size of what rests; or would be, were there anybody
        to ask."""
        return (self._last == wanted and not self._owes_still) or not self._has_ears

    def of(self, index: int) -> Asked | None:
        """What was so at a tick that was asked about; None where that is forgotten."""
        return self._kept.get(index)

    def cut(self) -> None:
        """What was asked before belongs to another shot."""
        self._runner.flush()
        self._conditioner.drain()
        # The tick of the cut itself may not be asked about: the next one must not look back past it.
        self._conditioner.cut()
        self._is_pending = False
        self._kept.clear()
        self._held.clear()
        self._newest = self._arrived = self._last = None

    def replace_scene(self, scene: CompiledScene) -> None:
        """Ask about another scene from now on. What is under way is still of use, if its objects are those of
        the new one."""
        self._scene = scene
        for conditioner in self._conditioners.values():
            conditioner.reset_scene(scene)
        self._is_pending = False
        self._last = None

    def newest(self) -> GeneratedFrame | None:
        """The newest picture to be shown of what was asked since the cut. What lies before its tick is
        forgotten."""
        arrived = self._runner.newest()
        if arrived is None:
            self._held.clear()
            self._newest = None
        elif arrived is not self._arrived:
            self._heed(arrived)
            self._held.append((arrived, self._shown_from_s(arrived)))
        self._arrived = arrived
        # To the nearest tick.
        until_s = now_s() + sum(self._ticks_s) / max(1, len(self._ticks_s)) / 2
        for frame, from_s in reversed(self._held):
            if from_s <= until_s:
                self._hand_on(frame)
                break
        return self._newest

    def tick(self, tick: Tick, camera: CameraState, direction: Direction, wanted: object) -> Drawn | None:
        """Ask for `wanted`, a value that is equal for equal pictures, if it is new and it is time; returns
        what was drawn for it, if so."""
        now = now_s()
        if self._ticked_s is not None:
            self._ticks_s.append(now - self._ticked_s)
        self._ticked_s = now
        if self._is_pending:
            self._submit()
        # Before anything is drawn: the scheduler then knows what came since the last tick.
        self.newest()
        if self._seen != wanted:
            self._seen, self._rests_since_s = wanted, now_s()
        is_still = self._last == wanted
        if not self._has_ears or not (self._is_time_for_still() if is_still else self._is_time(tick.dt_s)):
            return None
        begun_s = now_s()
        size = self._scheduler.still_size if is_still else self._scheduler.size
        if not self._conditioner_of(size).is_ready(direction):
            # Things are being finished.
            return None
        is_told = self._is_telling(is_still)
        if self._scheduler.rate is not None:
            # Counted on from what was due, ticks make it the rate on the average; after a rest, from now.
            period_s = 1 / self._scheduler.rate
            self._due_s = max(self._due_s + period_s, begun_s + period_s / 2)
        self._take_up(size)
        self._conditioner.draw(tick, camera, direction)
        state, view = self._conditioner.state, self._conditioner.view
        assert state is not None
        assert view is not None
        self._last, self._last_s = wanted, now_s()
        # What moves meanwhile is asked about just before this one is due, not long before.
        self._expected_s *= _pixels(size) / _pixels(self._last_size)
        self._last_size, self._last_is_still = size, is_still
        asked = Asked(Moment(view, state.world_from_object), self._last_s, begun_s, size, is_told)
        self._kept[tick.index] = asked
        if len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._is_pending = True
        if self._reads_at_once:
            self._submit()
        return Drawn(self._conditioner.gbuffer, state, view)

    def release(self) -> None:
        """Free what OpenGL holds."""
        for conditioner in self._conditioners.values():
            conditioner.release()
        self._finisher.release()

    @property
    def _has_ears(self) -> bool:
        return self._runner.state.phase not in ("failed", "closed")

    @property
    def _under_way(self) -> int:
        state = self._runner.state
        return self._submitted + self._is_pending - state.generated - state.dropped

    @property
    def _owes_still(self) -> bool:
        return self._last_size != self._scheduler.still_size

    def _is_time(self, dt_s: float) -> bool:
        under_way, now = self._under_way, now_s()
        since_s = now - self._last_s
        if under_way and self._runner.state.phase != "running":
            # Now and then, so that the first picture after loading is of about now.
            return since_s > _WHILE_LOADING_S
        if self._scheduler.rate is not None and now < self._due_s - dt_s / 2:
            # To the nearest tick.
            return False
        # What is under way began when it was asked for, or when the one came that it waited for.
        busy_s = now - max(self._last_s, self._came_s)
        return under_way == 0 or (under_way == 1 and busy_s > self._expected_s - 1.5 * dt_s)

    def _is_time_for_still(self) -> bool:
        is_large = _pixels(self._scheduler.still_size) > _pixels(self._scheduler.dial_size)
        rest_s = _LARGE_REST_S if is_large else _REST_S
        return self._owes_still and self._under_way == 0 and now_s() - self._rests_since_s > rest_s

    def _is_telling(self, is_still: bool) -> bool:
        # A still waits for nothing, and what waits behind one, or behind loading, is not late by its size.
        state = self._runner.state
        is_behind = self._last_is_still and self._under_way > 0
        if state.restarts != self._restarts:
            self._restarts = state.restarts
            return False
        return state.phase == "running" and not is_still and not is_behind

    def _heed(self, frame: GeneratedFrame) -> None:
        self._expected_s = frame.seconds
        index = frame.conditioning.tick.index
        asked = self._kept.get(index)
        state = self._runner.state
        before_s, self._came_s = self._came_s, now_s() if state.finished_s is None else state.finished_s
        if asked is not None and asked.is_told and state.restarts == self._restarts:
            waited_s = max(0.0, min(before_s, self._came_s) - asked.drawn_s)
            self._scheduler.answered(asked.size, self._came_s - asked.begun_s, waited_s)

    def _shown_from_s(self, frame: GeneratedFrame) -> float:
        asked, rate = self._kept.get(frame.conditioning.tick.index), self._scheduler.rate
        if asked is None or rate is None or not asked.is_told:
            return 0.0
        # Holding back must not make a picture late: a tick is left for showing it, as long as they have been.
        room_s = max(0.0, 1 / rate - max(self._ticks_s, default=0.0))
        return asked.begun_s + min(self._scheduler.hold_s, room_s)

    def _hand_on(self, frame: GeneratedFrame) -> None:
        while self._held.popleft()[0] is not frame:
            pass
        self._newest = frame
        index = frame.conditioning.tick.index
        for old in [old for old in self._kept if old < index]:
            del self._kept[old]

    def _take_up(self, size: Size) -> None:
        before = self._conditioner
        self._conditioner = self._conditioner_of(size)
        # Motion is told against what was drawn last, at whichever size.
        self._conditioner.state, self._conditioner.view = before.state, before.view

    def _conditioner_of(self, size: Size) -> Conditioner:
        if size not in self._conditioners:
            ring = 1 if self._reads_at_once else 2
            self._conditioners[size] = Conditioner(
                self._context, self._scene, *size, self._maps, ring, _SHOWN, self._finisher
            )
        return self._conditioners[size]

    def _submit(self) -> None:
        self._is_pending = False
        for conditioning in self._conditioner.drain():
            self._submitted += 1
            self._runner.submit(conditioning)
            time.sleep(_HAND_OVER_S)


def _pixels(size: Size) -> int:
    return size[0] * size[1]
