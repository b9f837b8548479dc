"""The passes of a finished scene: what was blocked, drawn as what it stands for.

Maps of it are named like those of the proxies, after FINISHED; PIECES tells what their ids are.
"""

from collections.abc import Mapping
from threading import Thread
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.direction.seeds import seeds_of
from director.passes.gbuffer import TARGETS, GBuffer
from director.passes.geometry import Geometry
from director.passes.kernels import drawn_by_kernels
from director.passes.maps import DemandMap, draw_map, map_class
from director.passes.rasterised import RASTERISED, RasterisedGBuffer
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FinishedScene, missing_pieces
from director.scene.finish.told import Told, told_by
from director.scene.finish.variants import variants_between
from director.scene.state import SceneState
from director.types import Direction, View

__all__ = ["FinishedPasses", "Finisher"]

# So many things are finished at once, while everybody waits: an edit changes no more.
_AT_ONCE: Final = 1


class Finisher:
    """Finishes scenes, once each, and keeps their meshes on the graphics side for all who draw them."""

    def __init__(self, context: moderngl.Context, *, in_background: bool = False) -> None:
        """With `in_background`, `is_ready` has scenes finished by a thread, and tells when that is done."""
        self.geometry = Geometry(context, is_rigid=True)
        self._in_background = in_background
        self._scene: CompiledScene | None = None
        self._finished: FinishedScene | None = None
        self._working: _Working | None = None

    def is_ready(self, scene: CompiledScene, direction: Direction) -> bool:
        """Whether `finished` answers at once; begins with what is missing."""
        dealt = _dealt(scene, direction)
        if not self._in_background or self._has(scene, *dealt):
            return True
        working = self._working
        if working is not None and not working.is_done:
            # One at a time: what an older scene's has made is there for this one.
            return False
        if working is None or not working.is_of(scene, *dealt):
            self._working = None
            if missing_pieces(scene, *dealt) > _AT_ONCE:
                self._working = _Working(scene, *dealt)
                return False
        self.finished(scene, direction)
        return True

    def finished(self, scene: CompiledScene, direction: Direction) -> FinishedScene:
        """The scene, finished; waits for it if need be."""
        dealt = _dealt(scene, direction)
        if not self._has(scene, *dealt):
            working = self._working
            if working is not None and working.is_of(scene, *dealt):
                self._finished = working.result()
            else:
                self._finished = FinishedScene(scene, dealt=dealt[0], told=dealt[1])
            self._scene, self._working = scene, None
        assert self._finished is not None
        return self._finished

    def release(self) -> None:
        """Free what OpenGL holds."""
        self.geometry.release()

    def _has(self, scene: CompiledScene, dealt: NDArray[np.int64], told: Mapping[int, Told]) -> bool:
        finished = self._finished if self._scene is scene else None
        return finished is not None and finished.deals_as(dealt, told)


def _dealt(scene: CompiledScene, direction: Direction) -> tuple[NDArray[np.int64], Mapping[int, Told]]:
    """The variants, and what is told of shapes where a direction says otherwise than the scene."""
    told = {}
    for object_id, prompt in direction.object_prompts.items():
        if object_id <= len(scene.objects):
            item = scene.objects[object_id - 1]
            said = told_by(prompt, item.class_name)
            if said != told_by(item.prompt, item.class_name):
                told[object_id] = said
    return variants_between(len(scene.objects), seeds_of(direction)), told


class _Working:
    """A scene being finished by a thread."""

    def __init__(self, scene: CompiledScene, dealt: NDArray[np.int64], told: Mapping[int, Told]) -> None:
        self._scene, self._dealt, self._told = scene, dealt, told
        self._result: FinishedScene | None = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._work, name="finishing", daemon=True)
        self._thread.start()

    def is_of(self, scene: CompiledScene, dealt: NDArray[np.int64], told: Mapping[int, Told]) -> bool:
        return self._scene is scene and np.array_equal(self._dealt, dealt) and self._told == told

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> FinishedScene:
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def _work(self) -> None:
        try:
            self._result = FinishedScene(self._scene, dealt=self._dealt, told=self._told)
        except BaseException as error:
            # Told by whoever asks for the result.
            self._error = error


class FinishedPasses:
    """Targets and maps of one size, drawn of a finished scene; `names` without FINISHED before them."""

    def __init__(
        self,
        context: moderngl.Context,
        width: int,
        height: int,
        names: frozenset[str],
        geometry: Geometry,
        *,
        compiled: bool | None = None,
    ) -> None:
        """With `compiled` kernels draw the targets, without it OpenGL; None: as `drawn_by_kernels`.

        Raises UsageError for a map there is not, GraphicsError if a shader does not compile, ValueError for
        targets that kernels do not draw.
        """
        kinds = {name: map_class(name) for name in sorted(names - TARGETS.keys())}
        sampled = frozenset[str]().union(*(kind.reads for kind in kinds.values()))
        targets = (names | sampled) & TARGETS.keys()
        if compiled is None:
            compiled = geometry.is_rigid and targets <= RASTERISED and drawn_by_kernels(context)
        kind = RasterisedGBuffer if compiled else GBuffer
        self.gbuffer: GBuffer = kind(context, width, height, targets, geometry)
        self.demanded: Mapping[str, DemandMap] = {
            name: drawn(context, width, height) for name, drawn in kinds.items()
        }

    def draw(self, state: SceneState, view: View, direction: Direction) -> None:
        """Draw a state as FinishedScene.at gives it."""
        self.gbuffer.draw(state, None, view)
        for drawn in self.demanded.values():
            draw_map(drawn, self.gbuffer, state, view, direction)

    def release(self) -> None:
        """Free everything on the graphics side but the meshes."""
        for drawn in self.demanded.values():
            drawn.release()
        self.gbuffer.release()
