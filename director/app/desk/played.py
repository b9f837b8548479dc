"""The transport over a film that is played: what it is, where it stands, and the way back."""

from imgui_bundle import imgui

from director.app.desk.ui import Ui
from director.app.playing import Playing
from director.composite.rectangle import Rectangle
from director.viewport.hud import STRIP
from director.viewport.pen import AMBER, FAINT, IVORY, SHADE, Colour

__all__ = ["draw_played", "top_of_played"]

_HEIGHT = 40.0
_EDGE = 14.0


def draw_played(playing: Playing, ui: Ui, place: Rectangle) -> None:
    """Draw at the foot of the picture, which lies at `place`; its line is clicked and dragged to go to a
    frame, and the wipe's edge dragged above it."""
    s = ui.scale
    pen = ui.background
    left, width = place.left / s, place.width / s
    top = top_of_played(place, s, ui.size[1] / s)
    pen.box(left, top, width, _HEIGHT, SHADE.faded(1.25))
    done = playing.frame / max(1, playing.frames - 1)
    pen.box(left, top, width, 3, Colour(1, 1, 1, 0.12))
    pen.box(left, top, width * done, 3, AMBER)
    y = top + 13
    _draw_mark(
        pen_list=imgui.get_background_draw_list(), playing=playing, at=((left + _EDGE) * s, y * s), s=s
    )
    now, end = playing.clock
    x = pen.text(left + _EDGE + 22, y, now, IVORY, bold=True)
    x = pen.text(x + 8, y, f"/ {end}", FAINT)
    way = f"{playing.way}  ·  " if len(playing.takes) > 1 else ""
    right = left + width - _EDGE
    told = "Space, arrows   Esc: live"
    if x + 40 + pen.width(told) < right - 120:
        right = pen.text_left_of(right, y, told, FAINT) - 18
    pen.text(x + 18, y, pen.shortened(f"{way}{playing.title}", max(20.0, right - x - 18)), AMBER)
    _drag(playing, place, top * s)


def top_of_played(place: Rectangle, scale: float, height: float) -> float:
    """Where it begins in a window of this height, from above, before scaling: clear of the read-outs, where
    the picture fills the window."""
    return min((place.top + place.height) / scale, height - STRIP) - _HEIGHT


def _draw_mark(*, pen_list: imgui.ImDrawList, playing: Playing, at: tuple[float, float], s: float) -> None:
    x, y = at[0], at[1] + 2 * s
    if playing.is_running:
        pen_list.add_rect_filled((x, y), (x + 4 * s, y + 13 * s), IVORY.packed)
        pen_list.add_rect_filled((x + 8 * s, y), (x + 12 * s, y + 13 * s), IVORY.packed)
    else:
        pen_list.add_triangle_filled((x, y), (x, y + 13 * s), (x + 12 * s, y + 6.5 * s), IVORY.packed)


def _drag(playing: Playing, place: Rectangle, top: float) -> None:
    io = imgui.get_io()
    if io.want_capture_mouse or not imgui.is_mouse_down(0):
        return
    gone = imgui.get_mouse_drag_delta(0, 0.0)
    begun_x, begun_y = io.mouse_pos.x - gone.x, io.mouse_pos.y - gone.y
    if not place.holds(begun_x, begun_y):
        return
    share = min(1.0, max(0.0, (io.mouse_pos.x - place.left) / max(1.0, place.width)))
    if begun_y >= top - 4:
        playing.go_to(round(share * (playing.frames - 1)))
    elif len(playing.takes) > 1 and playing.way in ("wipe", "blend"):
        playing.amount = share
