"""Asking a generator for pictures: when it is worth drawing what it reads, and what was where then."""

from dataclasses import dataclass

import moderngl

from director.clock import now_s
from director.composite.generated import Moment
from director.generate.protocol import Runner
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import GBuffer
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import CameraState, Direction, Tick, View

__all__ = ["Asked", "Asking", "Drawn"]

# Kept until a newer picture comes; a generator that never answers must not fill the memory.
_MOST_KEPT = 1000
_WHILE_LOADING_S = 0.25
# The viewport shows what was drawn for the generator, where the sizes agree; motion it draws by itself.
_SHOWN = frozenset({"base"})


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """When a conditioning was drawn, and where everything then was."""

    moment: Moment
    drawn_s: float


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
    nothing is under way, and the next just before the picture under way is due.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: CompiledScene,
        runner: Runner,
        maps: frozenset[str],
        size: tuple[int, int],
        *,
        reads_at_once: bool,
    ) -> None:
        """`reads_at_once` where waiting for OpenGL costs nothing (software); otherwise maps are read one
        tick after they were drawn. Depth and object maps are read in any case: pictures are carried by
        them."""
        self._runner = runner
        self._reads_at_once = reads_at_once
        ring = 1 if reads_at_once else 2
        self._conditioner = Conditioner(context, scene, *size, maps | {"depth", "object"}, ring, _SHOWN)
        self._kept: dict[int, Asked] = {}
        self._last: object = None
        self._last_s = 0.0
        self._submitted = 0
        self._is_pending = False
        self._expected_s = 0.0

    @property
    def is_answered(self) -> bool:
        """Whether all that was asked has been answered, or never will be."""
        return self._under_way == 0

    def is_last(self, wanted: object) -> bool:
        """Whether this is what was asked last; or would be, were there anybody to ask."""
        return self._last == wanted or not self._has_ears

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
        self._last = None

    def answered(self, index: int, seconds: float) -> None:
        """A picture of that tick has come, which took so long: what lies before it is forgotten."""
        self._expected_s = seconds
        for old in [old for old in self._kept if old < index]:
            del self._kept[old]

    def tick(self, tick: Tick, camera: CameraState, direction: Direction, wanted: object) -> Drawn | None:
        """Ask for `wanted`, a value that is equal for equal pictures, if it is new and it is time; returns
        what was drawn for it, if so."""
        if self._is_pending:
            self._submit()
        if self._last == wanted or not self._has_ears or not self._is_time(tick.dt_s):
            return None
        self._conditioner.draw(tick, camera, direction)
        state, view = self._conditioner.state, self._conditioner.view
        assert state is not None
        assert view is not None
        self._last, self._last_s = wanted, now_s()
        self._kept[tick.index] = Asked(Moment(view, state.world_from_object), self._last_s)
        if len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._is_pending = True
        if self._reads_at_once:
            self._submit()
        return Drawn(self._conditioner.gbuffer, state, view)

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._conditioner.release()

    @property
    def _has_ears(self) -> bool:
        return self._runner.state.phase not in ("failed", "closed")

    @property
    def _under_way(self) -> int:
        state = self._runner.state
        return self._submitted + self._is_pending - state.generated - state.dropped

    def _is_time(self, dt_s: float) -> bool:
        under_way = self._under_way
        if under_way == 0:
            return True
        since_s = now_s() - self._last_s
        if self._runner.state.phase != "running":
            # Now and then, so that the first picture after loading is of about now.
            return since_s > _WHILE_LOADING_S
        return under_way == 1 and since_s > self._expected_s - 1.5 * dt_s

    def _submit(self) -> None:
        self._is_pending = False
        for conditioning in self._conditioner.drain():
            self._submitted += 1
            self._runner.submit(conditioning)
