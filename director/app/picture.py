"""The picture of each tick: passes, the generator's turn, and the two composed."""

from collections.abc import Mapping
from dataclasses import dataclass

import moderngl

from director.camera.view import view_of
from director.clock import now_s
from director.composite.display import PASS_VIEWS, Display
from director.composite.generated import Moment
from director.generate.protocol import Runner
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import GBuffer
from director.passes.maps import DemandMap, map_class
from director.scene.ade20k import PALETTE, class_index
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import CameraState, Direction, GeneratedFrame, Tick

__all__ = ["LivePicture"]

# Moments are kept until a newer picture comes; a generator that never answers must not fill the memory.
_MOST_MOMENTS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class _Submitted:
    """When a tick was drawn, and where everything then was."""

    moment: Moment
    drawn_s: float


class LivePicture:
    """Draws what has changed and asks the runner for a new picture of it; where nothing has changed since
    the tick before, nothing is drawn and nothing asked.

    `map_size` is what the generator draws at, `maps` what it reads; `ring` as for Conditioner. Depth and
    object maps are read back in any case: they carry old frames to the camera of now.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: CompiledScene,
        runner: Runner,
        maps: frozenset[str],
        map_size: tuple[int, int],
        size: tuple[int, int],
        *,
        ring: int,
        sharp: bool,
    ) -> None:
        self._context = context
        self._scene = scene
        self._runner = runner
        self.display = Display(context, *size, sharp=sharp)
        self.display.set_palette(
            [PALETTE[class_index("sky")], *(PALETTE[class_index(it.class_name)] for it in scene.objects)]
        )
        self._conditioner = Conditioner(context, scene, *map_size, maps | {"depth", "object"}, ring)
        # The picture's own passes, where the generator draws at another size.
        self._gbuffer = None if map_size == size else GBuffer(context, *size)
        self._own_maps: dict[str, DemandMap] = {}
        self._now: Moment | None = None
        self._state: SceneState | None = None
        self._moments: dict[int, _Submitted] = {}
        self._submitted: dict[int, object] = {}
        self._answered: object = None
        self._drawn: object = None
        self._composed: object = None
        self._view = ""
        self.frame: GeneratedFrame | None = None
        """The newest generated frame, None since the last cut."""
        self.is_settled = False
        """Whether the last tick found nothing to do."""

    @property
    def passes(self) -> Mapping[str, moderngl.Texture]:
        """The textures of the last tick, by the names of views that need them."""
        buffer = self._gbuffer or self._conditioner.gbuffer
        own = {name: drawn.texture for name, drawn in self._own_maps.items()}
        return {**buffer.textures, **own}

    @property
    def age_s(self) -> float | None:
        """How long ago the tick was drawn that the newest frame answers."""
        submitted = None if self.frame is None else self._moments.get(self.frame.conditioning.tick.index)
        return None if submitted is None else now_s() - submitted.drawn_s

    def tick(self, tick: Tick, camera: CameraState, direction: Direction, view: str) -> bool:
        """Bring passes and picture up to this tick; `view` is what will be shown. Returns whether the
        picture differs from the tick's before."""
        if camera.is_cut:
            self._runner.flush()
            self.frame = None
            self._answered = None
            self._moments.clear()
            self._submitted.clear()
        still = (camera.position, camera.orientation, camera.lens, camera.correction, tick.time_s)
        wanted = (still, direction)
        asks = wanted != self._answered
        if asks:
            self._condition(tick, camera, direction, wanted)
        if self._drawn != still or self._view != view or asks:
            self._draw_passes(tick, camera, direction, view)
            self._drawn, self._view = still, view
        newest = self._runner.newest()
        if newest is not self.frame:
            self.frame = newest
            self._forget_before(newest)
        composed = (still, newest)
        if composed == self._composed:
            self.is_settled = not asks
            return False
        self._compose()
        self._composed = composed
        self.is_settled = False
        return True

    def show(
        self, target: moderngl.Framebuffer, size: tuple[int, int], view: str, amount: float
    ) -> tuple[float, float, float, float]:
        """Lay the view into a window of this size; returns left, top, width, height of the picture."""
        depths = (self._scene.scene.near_m, self._scene.scene.far_m)
        place = self.display.show(target, size, view, amount, self.passes, depths)
        return place.left, place.top, place.width, place.height

    def release(self) -> None:
        """Free what OpenGL holds."""
        self.display.release()
        for drawn in self._own_maps.values():
            drawn.release()
        if self._gbuffer is not None:
            self._gbuffer.release()
        self._conditioner.release()

    def _condition(self, tick: Tick, camera: CameraState, direction: Direction, wanted: object) -> None:
        self._conditioner.draw(tick, camera, direction)
        state, view = self._conditioner.state, self._conditioner.view
        assert state is not None
        assert view is not None
        self._moments[tick.index] = _Submitted(Moment(view, state.world_from_object), now_s())
        if len(self._moments) > _MOST_MOMENTS:
            del self._moments[next(iter(self._moments))]
        self._submitted[tick.index] = wanted
        conditioning = self._conditioner.take()
        if conditioning is not None:
            # With a ring this is an earlier tick's: nothing is settled until the last one has gone.
            self._answered = self._submitted.pop(conditioning.tick.index, None)
            self._runner.submit(conditioning)

    def _draw_passes(self, tick: Tick, camera: CameraState, direction: Direction, view: str) -> None:
        state = self._conditioner.state
        source = self._conditioner.view
        assert state is not None
        assert source is not None
        buffer = self._conditioner.gbuffer
        if self._gbuffer is None:
            self._now = Moment(source, state.world_from_object)
        else:
            buffer = self._gbuffer
            aspect = self.display.width / self.display.height
            depths = self._scene.scene
            before = None if self._now is None or camera.is_cut else self._now.view
            now = view_of(camera, aspect, depths.near_m, depths.far_m, before)
            buffer.draw(state, None if camera.is_cut else self._state, now)
            self._state = state
            self._now = Moment(now, state.world_from_object)
        if view in PASS_VIEWS and view not in (*buffer.textures, "segmentation"):
            if view not in self._own_maps:
                self._own_maps[view] = map_class(view)(self._context, buffer.width, buffer.height)
            self._own_maps[view].draw(buffer, state, self._now.view, direction.seed)

    def _compose(self) -> None:
        source = None
        if self.frame is not None:
            conditioning = self.frame.conditioning
            kept = self._moments.get(conditioning.tick.index)
            source = None if kept is None else kept.moment
        self.display.draw(self.frame, self.passes, self._now, source)

    def _forget_before(self, newest: GeneratedFrame | None) -> None:
        if newest is None:
            return
        first = newest.conditioning.tick.index
        for index in [index for index in self._moments if index < first]:
            del self._moments[index]
