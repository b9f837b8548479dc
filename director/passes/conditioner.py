"""From a tick, a camera and a direction to the conditioning a generator reads; the same live and offline."""

from collections import deque
from typing import Any, Protocol

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.camera.view import view_of
from director.passes.finished import FinishedPasses, Finisher
from director.passes.gbuffer import TARGETS
from director.passes.maps import DemandMap, draw_map, map_class
from director.passes.rasterised import new_gbuffer
from director.passes.readback import Readback, Source
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FINISHED, PIECES
from director.scene.state import SceneState
from director.types import CameraState, Conditioning, Direction, Tick, View

__all__ = ["POSES", "Conditioner", "SceneSource"]

POSES = "poses"
"""Asked for like a map: where each object is, float32[n, 4, 4], for ids 1 … n."""

# What a generator sees of the targets: the type and the channels of GBufferArrays.
_SEEN: dict[str, tuple[int, type[np.generic]]] = {
    "depth": (1, np.float32),
    "object": (1, np.uint16),
    "normal": (3, np.float16),
    "motion": (2, np.float16),
    "anchor": (3, np.float32),
    "base": (3, np.uint8),
}


class _DepthRange(Protocol):
    @property
    def near_m(self) -> float: ...
    @property
    def far_m(self) -> float: ...


class SceneSource(Protocol):
    """What is asked of a scene: `director.scene.compile.CompiledScene`, or anything like it."""

    @property
    def scene(self) -> _DepthRange: ...

    def at(self, time_s: float) -> SceneState: ...


class Conditioner:
    """Draws every map asked for, each tick, and brings them back.

    `maps` names G-buffer targets and maps on demand; exactly those are read back. With `ring` 1, `take`
    gives the conditioning just drawn; with n, that of n − 1 draws ago, without waiting for the GPU.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: SceneSource,
        width: int,
        height: int,
        maps: frozenset[str],
        ring: int = 1,
        shown: frozenset[str] = frozenset(),
        finisher: Finisher | None = None,
    ) -> None:
        """`shown` names targets that are drawn beside, and not read back. Maps of the finished scene are
        drawn of what `finisher` makes, which is its owner's to release; without one it has its own.

        Raises UsageError for a map there is not, GraphicsError if a shader does not compile.
        """
        # One matrix an object, and no picture: nothing is drawn for it.
        self._tells_poses, self._tells_pieces = POSES in maps, PIECES in maps
        self.width, self.height = width, height
        self.maps = maps = maps - {POSES, PIECES}
        finished = frozenset(name for name in maps if name.startswith(FINISHED))
        maps = maps - finished
        kinds = {name: map_class(name) for name in sorted(maps - TARGETS.keys())}
        # Where only the finished scene is asked for, nobody looks at the blocking.
        self._draws_proxies = bool(maps or shown or not finished)
        sampled = frozenset[str]().union(*(kind.reads for kind in kinds.values()))
        self.gbuffer = new_gbuffer(context, width, height, maps | sampled | shown)
        self.demanded: dict[str, DemandMap] = {
            name: kind(context, width, height) for name, kind in kinds.items()
        }
        sources = {
            name: Source(self.gbuffer.textures[name], *_SEEN[name]) for name in TARGETS if name in maps
        }
        for name, drawn in self.demanded.items():
            sources[name] = Source(drawn.texture, drawn.channels, drawn.dtype)
        self._own_finisher: Finisher | None = None
        self._finished: FinishedPasses | None = None
        if finished or self._tells_pieces:
            if finisher is None:
                finisher = self._own_finisher = Finisher(context)
            names = frozenset(name.removeprefix(FINISHED) for name in finished)
            self._finished = FinishedPasses(context, width, height, names, finisher.geometry)
            for name in names:
                if name in TARGETS:
                    source = Source(self._finished.gbuffer.textures[name], *_SEEN[name])
                else:
                    drawn = self._finished.demanded[name]
                    source = Source(drawn.texture, drawn.channels, drawn.dtype)
                sources[FINISHED + name] = source
        self._finisher = finisher
        self._readback = Readback(context, sources, ring)
        self._scene = scene
        self._asked: deque[tuple[Tick, View, Direction, SceneState, NDArray[np.int32] | None]] = deque()
        self.state: SceneState | None = None
        """The scene as last drawn; None before the first draw and after a cut."""
        self.view: View | None = None
        """The view last drawn; None before the first draw and after a cut."""

    def draw(self, tick: Tick, camera: CameraState, direction: Direction) -> None:
        """Draw a tick and begin to read it. Motion is told against the draw before, unless that was cut
        off by `cut`, `reset_scene` or the camera's own `is_cut`."""
        if camera.is_cut:
            self.cut()
        depths = self._scene.scene
        state = self._scene.at(tick.time_s)
        view = view_of(camera, self.width / self.height, depths.near_m, depths.far_m, self.view)
        if self._draws_proxies:
            self.gbuffer.draw(state, self.state, view)
        for drawn in self.demanded.values():
            draw_map(drawn, self.gbuffer, state, view, direction)
        pieces = self._draw_finished(state, view, direction)
        while self._readback.pending >= self._readback.ring:
            # Never taken: the oldest makes room, as everywhere the newest wins.
            self._readback.finish()
            self._asked.popleft()
        self._readback.start()
        self._asked.append((tick, view, direction, state, pieces))
        self.state, self.view = state, view

    def is_ready(self, direction: Direction) -> bool:
        """Whether `draw` need not wait for things to be finished; begins with them."""
        return (
            self._finished is None
            or self._finisher is None
            or not isinstance(self._scene, CompiledScene)
            or self._finisher.is_ready(self._scene, direction)
        )

    def take(self) -> Conditioning | None:
        """The oldest in the ring once it is full, each once; None while it fills."""
        return self._finish() if self._readback.is_ready else None

    def drain(self) -> list[Conditioning]:
        """All that was drawn and not taken, oldest first, at the end."""
        return [self._finish() for _ in range(self._readback.pending)]

    def cut(self) -> None:
        """Forget the previous tick: the next draw stands alone. What was drawn can still be taken."""
        self.state = self.view = None

    def reset_scene(self, scene: SceneSource) -> None:
        """Go on with another scene: a cut, and what was drawn and not taken is dropped."""
        self.cut()
        self._readback.forget()
        self._asked.clear()
        self._scene = scene

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._readback.release()
        for drawn in self.demanded.values():
            drawn.release()
        self.gbuffer.release()
        if self._finished is not None:
            self._finished.release()
        if self._own_finisher is not None:
            self._own_finisher.release()

    def _draw_finished(self, state: SceneState, view: View, direction: Direction) -> NDArray[np.int32] | None:
        if self._finished is None or self._finisher is None:
            return None
        if isinstance(self._scene, CompiledScene):
            scene = self._finisher.finished(self._scene, direction)
            finished, pieces = scene.at(state), scene.pieces
        else:
            # A scene without proxies has nothing to finish.
            finished = state
            own = np.arange(1, len(state.objects) + 1, dtype=np.int32)
            pieces = np.stack([own, np.zeros_like(own), np.zeros_like(own)], 1)
        self._finished.draw(finished, view, direction)
        return pieces

    def _finish(self) -> Conditioning:
        arrays: dict[str, Any] = self._readback.finish()
        tick, view, direction, state, pieces = self._asked.popleft()
        if self._tells_poses:
            arrays = {**arrays, POSES: state.world_from_object}
        if pieces is not None and self._tells_pieces:
            arrays = {**arrays, PIECES: pieces}
        return Conditioning(tick, view, arrays, direction, state.objects, state.sun_direction, state.lamps)
