"""A word while the camera moves faster than the generator's pictures hold together."""

import numpy as np
from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.camera.guard import Guard, GuardState, Limits
from director.composite.rectangle import Rectangle
from director.types import CameraState, GeneratedFrame
from director.viewport.hud import STRIP
from director.viewport.pen import AMBER, IVORY, SHADE

__all__ = ["OVERLAY", "Pace"]

_SLOWEST_FPS = 0.2
_SAMPLED = 8
_FAR_M = 50.0
_UNDER_BAR = 36.0


class Pace:
    """Goes by the measured rate of generated pictures and the median depth of the newest."""

    order = 60
    takes_mouse = False

    def __init__(self) -> None:
        self._state = GuardState()
        self._before: CameraState | None = None
        self._depth: tuple[GeneratedFrame | None, float] = (None, _FAR_M)
        self.warning: str | None = None
        """What is said just now."""

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        session = desk.session
        camera, before = session.flight.camera, self._before
        self._before = camera
        fps = session.runner.state.generated_fps
        if before is None or fps < _SLOWEST_FPS or session.runner.state.phase != "running":
            self._state, self.warning = GuardState(), None
            return
        dt_s = float(imgui.get_io().delta_time)
        guard = Guard(Limits.for_generator(fps))
        aspect = place.width / place.height
        self._state = guard.step(
            self._state, before, camera, dt_s, self._depth_m(session.picture.frame), aspect
        )
        self.warning = self._state.warning
        if self.warning is not None:
            # Below the handles' bar, where that may be.
            _write(
                ui, place, _UNDER_BAR if desk.is_open else 0.0, self.warning[:1].upper() + self.warning[1:]
            )

    def _depth_m(self, frame: GeneratedFrame | None) -> float:
        if frame is not None and frame is not self._depth[0]:
            depth = frame.conditioning.maps.get("depth")
            known = np.empty(0) if depth is None else depth[::_SAMPLED, ::_SAMPLED]
            known = known[np.isfinite(known)]
            self._depth = (frame, max(0.1, float(np.median(known))) if known.size else _FAR_M)
        return self._depth[1]


def _write(ui: Ui, place: Rectangle, lower: float, words: str) -> None:
    s, pen = ui.scale, ui.background
    words = pen.shortened(words, place.width / s - 60, size=14)
    width = pen.width(words, size=14) + 38
    left = (place.left + place.width / 2) / s - width / 2
    top = max(place.top / s, STRIP) + 12 + lower
    pen.box(left, top, width, 26, SHADE, round_by=13)
    pen.dot(left + 15, top + 13, 3.5, AMBER)
    pen.text(left + 26, top + 5, words, IVORY, size=14)


OVERLAY = Pace
