"""The picture of each tick: passes, the newest generated frame, and the two composed."""

import math
from collections.abc import Mapping
from typing import Final

import moderngl

from director.app.asking import Asking
from director.camera.view import view_of
from director.clock import now_s
from director.composite.display import PASS_VIEWS, Display
from director.composite.generated import Moment
from director.composite.lens_effects import LensSettings
from director.composite.rectangle import Rectangle
from director.generate.deadline import DeadlineScheduler, rungs_of
from director.generate.protocol import Runner
from director.meters.surfaces import Seen
from director.passes.gbuffer import TARGETS, GBuffer
from director.passes.geometry import Geometry
from director.passes.maps import DemandMap, draw_map, map_class
from director.passes.rasterised import new_gbuffer
from director.scene.ade20k import PALETTE, class_index
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.take.track import PictureSettings
from director.types import CameraState, Direction, GeneratedFrame, Lens, Tick, View

__all__ = ["LivePicture"]

_SETTLING_TICKS, _FADING_TICKS = 9, 5
# What pictures are composed of; the other targets only some views show, and the lens.
_COMPOSED: Final = frozenset({"depth", "object", "base"})


class LivePicture:
    """Draws what has changed and asks for a new picture of it; where nothing has changed since the tick
    before, nothing is drawn and nothing asked.

    `map_size` is what the generator draws at and `maps` what it reads; a `scheduler` may have it draw
    at less. `is_software` says that OpenGL runs on the processor.
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
        is_software: bool,
        scheduler: DeadlineScheduler | None = None,
        film_fps: float = 24.0,
    ) -> None:
        self._context = context
        self._scene = scene
        self.scheduler = scheduler or DeadlineScheduler(rungs_of(map_size))
        self._asking = Asking(context, scene, runner, maps, self.scheduler, reads_at_once=is_software)
        self.display = Display(context, *size, sharp=not is_software)
        self._geometry = Geometry(context)
        self._own_gbuffers: dict[frozenset[str], GBuffer] = {}
        self._gbuffer = self._own_gbuffer(_COMPOSED)
        self._maps: dict[str, DemandMap] = {}
        self._set_palette()
        self._state: SceneState | None = None
        self._now: Moment | None = None
        self._drawn: object = None
        self._still: object = None
        self._moved = False
        self._composed: object = None
        self._settling = 0
        self.stabiliser_by_hand: float | None = None
        """What is kept of the picture before where the dial shall not say it, 0..1."""
        self.lens = LensSettings()
        """What the lens does to the picture, the generated one and the proxy alike."""
        self._film_fps = film_fps
        self.frame: GeneratedFrame | None = None
        """The newest generated frame, None since the last cut."""
        self.is_settled = False
        """Whether the picture is the last there will be of this camera, time and direction."""

    @property
    def stabiliser(self) -> float:
        """Share of the picture before that is kept, 0..1: as set by hand, or as the dial has it."""
        return self.scheduler.stabiliser if self.stabiliser_by_hand is None else self.stabiliser_by_hand

    @property
    def passes(self) -> Mapping[str, moderngl.Texture]:
        """The textures of the last tick, by the names of views that need them."""
        return {**self._gbuffer.textures, **{name: drawn.texture for name, drawn in self._maps.items()}}

    @property
    def view(self) -> View | None:
        """What the passes of the last tick were drawn with; None before the first and after a cut."""
        return None if self._now is None else self._now.view

    @property
    def settings(self) -> PictureSettings:
        """What the picture of the last tick was made by, besides camera and direction."""
        image = None if self.frame is None else self.frame.image
        return PictureSettings(
            stabiliser=self.stabiliser,
            depth_of_field=self.lens.depth_of_field,
            shutter_angle_deg=self.lens.shutter_angle_deg,
            quality=self.scheduler.quality,
            picture_rate=self.scheduler.rate,
            generated_size=None if image is None else (image.shape[1], image.shape[0]),
        )

    @property
    def age_s(self) -> float | None:
        """How long ago the tick was drawn that the newest frame answers."""
        asked = None if self.frame is None else self._asking.of(self.frame.conditioning.tick.index)
        return None if asked is None else now_s() - asked.drawn_s

    def seen(self) -> Seen | None:
        """What the passes of the last tick show, read back at the picture's size; None before the first.
        Waits for OpenGL."""
        if self._now is None:
            return None
        depth, ids = (self._gbuffer.pixels(name).copy() for name in ("depth", "object"))
        return Seen(depth, ids, self._now.view, self._now.world_from_object)

    def replace_scene(self, scene: CompiledScene) -> None:
        """Show another scene from the next tick on. The generated picture stays, and goes with the objects,
        where the ids of both mean the same; else the next tick must be a cut."""
        self._scene = scene
        self._asking.replace_scene(scene)
        self._set_palette()
        self._state = self._drawn = self._composed = self._still = None

    def _set_palette(self) -> None:
        classes = ("sky", *(thing.class_name for thing in self._scene.objects))
        self.display.set_palette([PALETTE[class_index(name)] for name in classes])

    def tick(self, tick: Tick, camera: CameraState, direction: Direction, view: str) -> bool:
        """Bring passes and picture up to this tick; `view` is what will be shown. Returns whether the
        picture differs from the tick's before."""
        if camera.is_cut:
            self._asking.cut()
            self.display.cut()
            self.frame = self._state = self._now = None
        # What is drawn for the generator lacks what only some views show, and motion.
        needs_motion = view == "motion" or "motion" in self.lens.passes
        still = (camera.position, camera.orientation, camera.lens, camera.correction, tick.time_s)
        wanted = (still, direction.unlocked)
        drawn = self._asking.tick(tick, camera, direction, wanted)
        needed = _COMPOSED | _needed(view) | self.lens.passes
        if drawn is not None and self._shares(drawn.gbuffer, needed) and not needs_motion:
            # Drawn a moment ago, for the generator, at the picture's size.
            self._take_over(drawn.gbuffer, drawn.state, drawn.view)
        elif camera.is_cut or self._drawn != (still, view) or (needs_motion and self._lacks_motion):
            self._draw_passes(tick, camera, needed)
            # Once everything has come to rest, its motion must be drawn once more: none.
            self._moved = self._still != still
        self._still = still
        if self._drawn != (still, view) or drawn is not None:
            self._draw_map(view, direction)
            self._drawn = (still, view)
        newest = self.frame = self._asking.newest()
        composed = (still, newest, self.stabiliser, self.lens, direction.locks)
        if self._composed != composed or camera.is_cut:
            self._composed = composed
            # What is kept of before fades out; with the last tick nothing of it is left.
            self._settling = _SETTLING_TICKS if self.stabiliser > 0 else 1
        is_new = self._settling > 0
        if is_new:
            self._settling -= 1
            frame_share = 1 / (self._film_fps * tick.dt_s) if tick.dt_s > 0 and not camera.is_cut else 0.0
            self._compose(self._kept_share, direction.locks, camera.lens, frame_share)
        self.is_settled = not is_new and self._asking.is_last(wanted) and self._asking.is_answered
        return is_new

    def show(
        self,
        target: moderngl.Framebuffer,
        size: tuple[int, int],
        view: str,
        amount: float,
        within: Rectangle | None = None,
    ) -> Rectangle:
        """Lay the view into a window of this size, or a part of it; returns where the picture lies."""
        shot = self._scene.scene if self._now is None else self._now.view
        depths = (shot.near_m, shot.far_m)
        return self.display.show(target, size, view, amount, self.passes, depths, within)

    def release(self) -> None:
        """Free what OpenGL holds."""
        self.display.release()
        for drawn in self._maps.values():
            drawn.release()
        for gbuffer in self._own_gbuffers.values():
            gbuffer.release()
        self._geometry.release()
        self._asking.release()

    def _draw_passes(self, tick: Tick, camera: CameraState, needed: frozenset[str]) -> None:
        aspect = self.display.width / self.display.height
        depths = self._scene.scene
        before = None if self._now is None else self._now.view
        now = view_of(camera, aspect, depths.near_m, depths.far_m, before)
        state = self._scene.at(tick.time_s)
        gbuffer = self._own_gbuffer(_COMPOSED if needed <= _COMPOSED else frozenset(TARGETS))
        gbuffer.draw(state, self._state, now)
        self._take_over(gbuffer, state, now)

    def _own_gbuffer(self, targets: frozenset[str]) -> GBuffer:
        if targets not in self._own_gbuffers:
            size = (self.display.width, self.display.height)
            self._own_gbuffers[targets] = new_gbuffer(self._context, *size, targets, self._geometry)
        return self._own_gbuffers[targets]

    def _shares(self, gbuffer: GBuffer, needed: frozenset[str]) -> bool:
        is_as_large = (gbuffer.width, gbuffer.height) == (self.display.width, self.display.height)
        return is_as_large and needed <= gbuffer.textures.keys()

    @property
    def _lacks_motion(self) -> bool:
        return self._moved or "motion" not in self._gbuffer.textures

    @property
    def _kept_share(self) -> float:
        # At rest what is kept fades out over the last ticks: the picture ends as it was generated.
        return self.stabiliser * min(1.0, self._settling / _FADING_TICKS)

    def _take_over(self, gbuffer: GBuffer, state: SceneState, view: View) -> None:
        self._gbuffer, self._state, self._now = gbuffer, state, Moment(view, state.world_from_object)

    def _draw_map(self, view: str, direction: Direction) -> None:
        # A map on demand, for those who look at it.
        if view not in PASS_VIEWS or view in (*self._gbuffer.textures, "segmentation"):
            return
        if view not in self._maps:
            self._maps[view] = map_class(view)(self._context, self._gbuffer.width, self._gbuffer.height)
        assert self._state is not None
        assert self._now is not None
        self._gbuffer.view_buffer.bind_to_uniform_block(0)
        draw_map(self._maps[view], self._gbuffer, self._state, self._now.view, direction)

    def at(self, u: float, v: float) -> tuple[int, float]:
        """The object's id and the distance in metres at a place of the picture, uv; (0, inf) for the sky and
        before the first tick. Waits for OpenGL."""
        seen = self.seen()
        if seen is None:
            return 0, math.inf
        height, width = seen.object.shape
        at = min(height - 1, max(0, int(v * height))), min(width - 1, max(0, int(u * width)))
        return int(seen.object[at]), float(seen.depth[at])

    def _compose(self, stabiliser: float, locks: frozenset[int], lens: Lens, frame_share: float) -> None:
        source = None
        if self.frame is not None:
            asked = self._asking.of(self.frame.conditioning.tick.index)
            source = None if asked is None else asked.moment
        self.display.hold(locks, self.frame, source)
        at_hand = self._gbuffer.at_hand
        self.display.draw(self.frame, self.passes, self._now, source, stabiliser, at_hand)
        self.display.look_through(lens, self.lens, self.passes, frame_share)


def _needed(view: str) -> frozenset[str]:
    """The targets that a view shows, or is drawn from."""
    if view in PASS_VIEWS and view not in (*TARGETS, "segmentation"):
        return map_class(view).reads
    return frozenset({view}) & TARGETS.keys()
