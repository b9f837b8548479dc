"""Fields of how a thing moves: its keys, or the route that it goes along."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.keying import key_time
from director.app.inspect.rows import Rows
from director.scene.edit import SetFields
from director.scene.proxy import Placed, Route

__all__ = ["draw_way"]


def draw_way(rows: Rows, desk: Desk, placed: Placed) -> None:
    """Keys at their times, to be gone to, set and taken away; the route with its pace."""
    ui = rows.ui
    ui.heading("Movement")
    time_s = rows.editing.time_s
    at_s = key_time(placed, time_s)
    is_key = any(key.time_s == at_s for key in placed.keys)
    gap = 5 * ui.scale
    width = (imgui.get_content_region_avail().x - gap) / 2 / ui.scale
    if ui.button(f"Key at {time_s:.2f} s", "Keep how it stands now (Alt+K)", lit=is_key, width=width):
        desk.act("set-key")
    imgui.same_line(0.0, gap)
    imgui.begin_disabled(not is_key)
    if ui.button("Delete key", "The key at this time (Alt+Shift+K)", width=width):
        desk.act("delete-key")
    imgui.end_disabled()
    if placed.keys:
        _draw_times(rows, desk, placed, at_s)
        to = rows.choice("Between", ("smooth", "linear"), placed.interpolation)
        if to is not None:
            rows.editing.do(SetFields((placed.name,), {"interpolation": to}))
    if ui.button("Route on to the middle", "One point more (Alt+R: to the mouse)"):
        desk.act("route-point")
    if placed.route is not None:
        _draw_route(rows, placed, placed.route)


def _draw_times(rows: Rows, desk: Desk, placed: Placed, at_s: float) -> None:
    ui, room = rows.ui, imgui.get_content_region_avail().x
    across = 0.0
    for key in placed.keys:
        words = f"{key.time_s:g} s"
        wide = imgui.calc_text_size(words).x + 14 * ui.scale
        if across and across + wide + 4 * ui.scale < room:
            imgui.same_line(0.0, 4 * ui.scale)
            across += wide + 4 * ui.scale
        else:
            across = wide
        imgui.push_id(f"key {key.time_s}")
        if ui.button(words, "Go to this time", lit=key.time_s == at_s):
            desk.session.shooting.scrub(key.time_s)
        imgui.pop_id()


def _draw_route(rows: Rows, placed: Placed, route: Route) -> None:
    ui, name = rows.ui, placed.name
    ui.faint(f"Route of {len(route.points)} points")

    def put(**fields: object) -> SetFields:
        return SetFields((name,), {"route": route.model_copy(update=fields)})

    rows.number(
        "Pace",
        route.speed_m_s or 1.35,
        lambda to: put(speed_m_s=to, duration_s=None),
        step=0.01,
        low=0.01,
        high=200.0,
        form="%.2f m/s",
    )
    rows.number(
        "Starts", route.start_s, lambda to: put(start_s=to), step=0.02, low=0.0, high=86400.0, form="%.2f s"
    )
    rows.check("Goes round", route.at_end == "loop", lambda is_on: put(at_end="loop" if is_on else "stop"))
    if len(route.points) > 2:
        if ui.button("Last point away", "Takes the last point of the route away"):
            rows.editing.do(put(points=route.points[:-1]))
        imgui.same_line()
    if ui.button("No route", "It stays where its route begins"):
        rows.editing.do(SetFields((name,), {"route": None, "position": route.points[0]}))
