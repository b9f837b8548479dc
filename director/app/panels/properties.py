"""What the selected things are, where they are and how they move; with nothing selected, the scene itself."""

from collections.abc import Callable, Mapping

from imgui_bundle import imgui

from director.app.desk.aim import standing_place
from director.app.desk.desk import Desk
from director.app.desk.keying import key_here, key_time, route_on
from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.app.inspect.figure import draw_figure
from director.app.inspect.look import Common, draw_common, draw_flags, draw_look, draw_looks, draw_name
from director.app.inspect.place import draw_place
from director.app.inspect.rows import Rows
from director.app.inspect.way import draw_way
from director.app.inspect.whole import draw_whole
from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit import DeleteKey, Edit
from director.scene.edit.tree import named
from director.scene.proxy import Placed, Proxy

__all__ = ["PANEL", "Properties"]


class Properties:
    """Fields go through the undo list like everything; what several things have in common is set together."""

    title = "Properties"
    place: Place = "right"
    order = 0

    def __init__(self) -> None:
        self._rows = Rows()
        self._common: Common | None = None
        self._of_group: tuple[object, str, Common | None] = (None, "", None)
        self._found: tuple[object, object, tuple[Placed, ...]] = (None, None, ())

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "set-key": lambda: self._each(desk, self._key),
            "delete-key": lambda: self._each(desk, self._no_key),
            "route-point": lambda: self._each(desk, self._route, last=True),
        }

    def draw(self, desk: Desk, ui: Ui) -> None:
        rows = self._rows
        rows.begin(desk.editing, ui)
        chosen = self._chosen(desk.editing.scene, desk.editing.selection)
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (7 * ui.scale, 5 * ui.scale))
        if not chosen:
            draw_whole(rows)
        elif len(chosen) > 1:
            if self._common is None or self._common.chosen is not chosen:
                self._common = Common.of(chosen)
            draw_common(rows, self._common)
        else:
            self._draw_one(desk, chosen[0])
        imgui.pop_style_var()
        rows.end()

    def _chosen(self, scene: Scene, selection: tuple[str, ...]) -> tuple[Placed, ...]:
        if self._found[0] is not scene or self._found[1] is not selection:
            by_name = {placed.name: placed for _, placed in scene.placed()}
            found = tuple(by_name[name] for name in selection if name in by_name)
            self._found = (scene, selection, found)
        return self._found[2]

    def _draw_one(self, desk: Desk, placed: Placed) -> None:
        rows = self._rows
        draw_name(rows, placed)
        if isinstance(placed, Proxy):
            draw_look(rows, placed)
        elif members := self._members(desk.editing.scene, placed.name):
            # A table is a group to us, and a table to who has set it down.
            draw_looks(rows, members)
        draw_flags(rows, (placed,))
        imgui.spacing()
        rows.ui.heading("Place")
        draw_place(rows, placed)
        imgui.spacing()
        if isinstance(placed, Proxy) and placed.kind == "mannequin":
            draw_figure(rows, placed)
            imgui.spacing()
        draw_way(rows, desk, placed)

    def _members(self, scene: Scene, name: str) -> Common | None:
        """What the objects of a group have in common; None where it has none."""
        if self._of_group[0] is not scene or self._of_group[1] != name:
            inside = {name}
            # Who hangs from a group may come before it.
            while more := {p.name for _, p in scene.placed() if p.parent in inside} - inside:
                inside |= more
            found = tuple(proxy for proxy in scene.objects if proxy.name in inside)
            self._of_group = (scene, name, Common.of(found) if found else None)
        return self._of_group[2]

    def _each(self, desk: Desk, made: Callable[[Desk, str], Edit], *, last: bool = False) -> None:
        names = desk.editing.selection[-1:] if last else desk.editing.selection
        if not names:
            desk.session.notices.add("Nothing is selected: click an object")
        key = f"keys {desk.editing.time_s} of {' '.join(names)}"
        for name in names:
            try:
                desk.editing.do(made(desk, name), key=key)
            except SceneError as error:
                desk.session.notices.add(str(error), is_problem=True)
        desk.editing.seal()

    @staticmethod
    def _key(desk: Desk, name: str) -> Edit:
        return key_here(desk.editing.scene, name, desk.editing.time_s)

    @staticmethod
    def _no_key(desk: Desk, name: str) -> Edit:
        placed = named(desk.editing.scene, name)
        return DeleteKey(name, key_time(placed, desk.editing.time_s))

    @staticmethod
    def _route(desk: Desk, name: str) -> Edit:
        point = standing_place(desk.session)
        return route_on(desk.editing.scene, name, point, desk.editing.time_s)


PANEL = Properties
