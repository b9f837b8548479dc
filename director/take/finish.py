"""From a generated frame to the picture of a take: brought to its size, and seen through its lens."""

from dataclasses import dataclass, field, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.display import Display
from director.composite.generated import Moment
from director.composite.lens_effects import LensEffects, LensSettings
from director.errors import UsageError
from director.passes.conditioner import Conditioner, SceneSource
from director.types import CameraState, Direction, GeneratedFrame, Lens, Tick

__all__ = ["Finish", "LensRequest", "moment_of"]


@dataclass(frozen=True, slots=True)
class LensRequest:
    """What is asked of the lens: its effects, and what stands in the place of the move's own f-number and
    focus distance in metres (None: the move's, which pulls focus on what it looks at)."""

    settings: LensSettings = field(default_factory=LensSettings)
    f_number: float | None = None
    focus_distance_m: float | None = None

    def on(self, lens: Lens) -> Lens:
        """The move's lens, set as asked. Raises UsageError where it cannot be focused so near."""
        if self.f_number is not None:
            lens = replace(lens, f_number=self.f_number)
        if self.focus_distance_m is None:
            return lens
        if self.focus_distance_m * 1000 <= 2 * lens.focal_length_mm:
            raise UsageError(
                f"a lens of {lens.focal_length_mm:g} mm cannot be focused at {self.focus_distance_m:g} m",
                subject="--focus",
                mend=f"focus beyond {2 * lens.focal_length_mm / 1000:g} m",
            )
        return replace(lens, focus_distance_m=self.focus_distance_m)


class Finish:
    """Brings generated frames to the size of the picture as the viewport does, guided by depth and object ids
    drawn at that size, and then through the lens. Draws passes of its own: those that a frame was generated
    from may be overwritten by then. Motion is told against what was drawn before, which is a frame away.

    With a stabiliser above 0 that share of each picture is kept in the next, along exact motion, as in the
    viewport; and surfaces that the direction locks stay as they were first generated. Pictures must then come
    in order.
    """

    def __init__(
        self,
        context: moderngl.Context,
        scene: SceneSource,
        width: int,
        height: int,
        lens: LensSettings,
        stabiliser: float = 0.0,
    ) -> None:
        self._display = Display(context, width, height)
        shown = frozenset({"base"}) | lens.passes
        self._conditioner = Conditioner(context, scene, width, height, frozenset(), shown=shown)
        self._effects = LensEffects(context, width, height)
        self._lens = lens
        self._stabiliser = stabiliser or None

    def precede(self, tick: Tick, camera: CameraState, direction: Direction) -> None:
        """Draw the passes of a tick beside the one that is wanted."""
        self._conditioner.draw(tick, camera, direction)

    def picture(
        self, generated: GeneratedFrame, tick: Tick, camera: CameraState, source: Moment
    ) -> NDArray[np.uint8]:
        """uint8[height, width, 3]. `source` is the moment that the passes of the frame showed."""
        self._conditioner.draw(tick, camera, generated.conditioning.direction)
        passes = self._conditioner.gbuffer.textures
        if camera.is_cut:
            self._display.cut()
        now = moment_of(self._conditioner)
        locks = generated.conditioning.direction.locks
        self._display.hold(locks, generated, source)
        # Held surfaces are drawn in steadied pictures: with nothing kept besides, if need be.
        steadied = self._stabiliser if self._stabiliser is not None or not locks else 0.0
        at_hand = self._conditioner.gbuffer.at_hand
        drawn = self._display.draw(generated, passes, now, source, steadied, at_hand)
        seen = self._effects.draw(drawn, passes, camera.lens, self._lens)
        if seen is drawn:
            return self._display.read()
        width, height = seen.size
        rgba = np.frombuffer(seen.read(alignment=1), np.uint8).reshape(height, width, 4)
        return np.ascontiguousarray(rgba[..., :3])

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._effects.release()
        self._display.release()
        self._conditioner.release()


def moment_of(conditioner: Conditioner) -> Moment:
    """Camera and objects as a conditioner drew them last."""
    assert conditioner.view is not None
    assert conditioner.state is not None
    return Moment(conditioner.view, conditioner.state.world_from_object)
