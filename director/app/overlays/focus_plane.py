"""What is in focus, washed in amber over the picture: the depth of field, and the plane of focus in it."""

import math

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.camera.lens import depth_of_field_m
from director.composite.layer import Layer, Number
from director.composite.rectangle import Rectangle
from director.types import Lens
from director.viewport.pen import AMBER

__all__ = ["OVERLAY", "FocusPlane"]

_FARTHEST_M = 1e6


class FocusPlane:
    """Drawn from the exact depth of the tick, and anew only where that or the lens has changed."""

    order = 4
    takes_mouse = False

    def __init__(self) -> None:
        self._layer: Layer | None = None
        self._size = (0, 0)

    def draw(self, desk: Desk, ui: Ui, place: Rectangle) -> None:
        depth = desk.session.picture.passes.get("depth")
        if not desk.cameras.shows_focus_plane or depth is None or desk.session.view == "side-by-side":
            return
        if self._layer is None or self._size != depth.size:
            self.close()
            self._size = depth.size
            self._layer = Layer(depth.ctx, depth.size, "focus_plane.frag", [(4, "f1")])
        near_m, far_m, focus_m = _limits(desk.session.flight.camera.lens)
        wash = (AMBER.red, AMBER.green, AMBER.blue)
        numbers: dict[str, Number] = {"near_m": near_m, "far_m": far_m, "focus_m": focus_m, "wash": wash}
        self._layer.draw({"depth": depth}, numbers)
        # The HUD goes on into the window.
        depth.ctx.screen.use()
        end = (place.left + place.width, place.top + place.height)
        reference = imgui.ImTextureRef(int(self._layer.texture.glo))
        imgui.get_background_draw_list().add_image(reference, (place.left, place.top), end)

    def close(self) -> None:
        """Free what OpenGL holds."""
        if self._layer is not None:
            self._layer.release()
            self._layer = None


def _limits(lens: Lens) -> tuple[float, float, float]:
    """Near and far limit and focus in metres; all of it finite, and 0 where the lens cannot focus so near."""
    try:
        near_m, far_m = depth_of_field_m(lens)
    except ValueError:
        return 0.0, 0.0, 1.0
    return near_m, min(far_m, _FARTHEST_M) if math.isfinite(far_m) else _FARTHEST_M, lens.focus_distance_m


OVERLAY = FocusPlane
