"""What the set is built from: pieces to set down, meshes to bring in, and scenes to begin with or open."""

from collections.abc import Callable, Mapping
from pathlib import Path

from imgui_bundle import imgui

from director.app.desk.adding import add_piece, found_mesh, import_mesh
from director.app.desk.desk import Desk
from director.app.desk.icons import draw_piece
from director.app.desk.panel import Place
from director.app.desk.paths import path_from
from director.app.desk.ui import Ui
from director.scene.edit import PIECES, Piece, template_names
from director.scene.edit.mesh_import import UNITS, MeshFindings, Up
from director.scene.load import scene_names
from director.viewport.pen import AMBER, FAINT, IVORY

__all__ = ["PANEL", "Add"]

_TILE, _LABEL = 58.0, 18.0
_ASKED_WIDTH = 380.0
_UPS: tuple[Up, ...] = ("y", "z")


class Add:
    """A press sets a piece down in the middle of the picture; dragged, it lands where it is let go."""

    title = "Add"
    place: Place = "left"
    order = 1

    def __init__(self) -> None:
        self._search = ""
        self._starts = False
        self._dragged: str | None = None
        self._asks = ""
        self._opens = ""
        self._path = ""
        self._mesh: MeshFindings | None = None
        self._mesh_path = ""
        self._unit, self._up = "m", "y"
        self._refocuses = False

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""

        def asking(what: str) -> Callable[[], None]:
            return lambda: self._ask(desk, what)

        return {
            "add": lambda: self._find(desk),
            "open-scene": asking("open"),
            "save-as": asking("save"),
            "new-scene": asking("new"),
            "import-mesh": asking("mesh"),
        }

    def draw(self, desk: Desk, ui: Ui) -> None:
        self._draw_files(desk, ui)
        imgui.set_next_item_width(-1.0)
        if self._starts:
            imgui.set_keyboard_focus_here()
            self._starts = False
        flags = imgui.InputTextFlags_.enter_returns_true
        entered, self._search = imgui.input_text_with_hint(
            "##find", "find: chair, wave, tree …", self._search, flags
        )
        found = _found(self._search)
        if entered and found and self._search.strip():
            add_piece(desk.editing, _meant(found, self._search).name)
            self._search = ""
        imgui.begin_child("##pieces")
        family = ""
        across = 0
        room = imgui.get_content_region_avail().x
        columns = max(2, int(room // (_TILE * 1.12 * ui.scale)))
        width = room / columns
        for piece in found:
            if piece.family != family:
                family, across = piece.family, 0
                ui.heading(family)
            if across % columns:
                imgui.same_line(0.0, 0.0)
            self._draw_tile(desk, ui, piece, width)
            across += 1
        imgui.end_child()
        self._drop(desk)
        self._draw_asked(desk, ui)

    def _draw_files(self, desk: Desk, ui: Ui) -> None:
        width = (imgui.get_content_region_avail().x / ui.scale - 3 * 5) / 4
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (5 * ui.scale, 6 * ui.scale))
        for i, (word, tip, act) in enumerate(
            (
                ("New", "A new scene from a template (Ctrl+N)", "new-scene"),
                ("Open", "Open another scene (Ctrl+O)", "open-scene"),
                ("Save as", "Save the scene under a name (Ctrl+Shift+S)", "save-as"),
                ("Mesh", "Import a mesh: glTF, OBJ, PLY, STL (Ctrl+M)", "import-mesh"),
            )
        ):
            if i:
                imgui.same_line()
            imgui.push_style_var(imgui.StyleVar_.frame_padding, (2 * ui.scale, 4 * ui.scale))
            if ui.button(word, tip, width=width):
                desk.act(act)
            imgui.pop_style_var()
        imgui.pop_style_var()

    def _draw_tile(self, desk: Desk, ui: Ui, piece: Piece, width: float) -> None:
        s = ui.scale
        at, tall = imgui.get_cursor_screen_pos(), (_TILE + _LABEL) * s
        imgui.push_id(piece.name)
        pressed = imgui.invisible_button("##tile", (width, tall))
        imgui.pop_id()
        is_on, is_held = imgui.is_item_hovered(), imgui.is_item_active()
        if is_held and imgui.is_mouse_dragging(0, 6 * s):
            self._dragged = piece.name
        elif pressed and self._dragged is None:
            add_piece(desk.editing, piece.name)
        if not imgui.is_rect_visible((at.x, at.y), (at.x + width, at.y + tall)):
            return
        pen = imgui.get_window_draw_list()
        gap = 2 * s
        if is_on or is_held:
            ink = (AMBER.faded(0.16) if is_held else IVORY.faded(0.07)).packed
            pen.add_rect_filled((at.x + gap, at.y + gap), (at.x + width - gap, at.y + tall - gap), ink, 4 * s)
        inset = 6 * s
        draw_piece(
            pen,
            (at.x + inset, at.y + inset),
            (at.x + width - inset, at.y + _TILE * s - 2 * s),
            piece,
            0.95 if is_on else 0.75,
        )
        size = 12.5 * s
        imgui.push_font(ui.fonts.regular, size)
        words = piece.name.removeprefix("plain ").replace("wall with ", "wall, ")
        wide = imgui.calc_text_size(words).x
        pen.add_text(
            (round(at.x + (width - wide) / 2), round(at.y + _TILE * s)),
            (IVORY if is_on else FAINT).packed,
            words,
        )
        imgui.pop_font()

    def _drop(self, desk: Desk) -> None:
        if self._dragged is None:
            return
        mouse, place = imgui.get_mouse_pos(), desk.picture_place
        is_inside = place.holds(mouse.x, mouse.y)
        if imgui.is_mouse_down(0):
            imgui.set_tooltip(f"{self._dragged}: let go in the picture")
            return
        if is_inside:
            at = ((mouse.x - place.left) / place.width, (mouse.y - place.top) / place.height)
            add_piece(desk.editing, self._dragged, at)
        self._dragged = None

    def _find(self, desk: Desk) -> None:
        self._search, self._starts = "", True
        desk.bring_up(self.title)

    def _ask(self, desk: Desk, what: str) -> None:
        desk.bring_up(self.title)
        self._asks = self._opens = what
        self._mesh = None
        self._path = ""
        if what == "save":
            self._path = str(desk.editing.path_to_save_as)

    def _draw_asked(self, desk: Desk, ui: Ui) -> None:
        if self._opens:
            imgui.open_popup("##asked")
        place, s = desk.picture_place, ui.scale
        imgui.set_next_window_pos((place.left + 24 * s, place.top + 48 * s))
        imgui.set_next_window_size((_ASKED_WIDTH * s, 0.0))
        imgui.push_style_var(imgui.StyleVar_.window_padding, (14 * s, 12 * s))
        shown = imgui.begin_popup("##asked", imgui.WindowFlags_.no_move)
        imgui.pop_style_var()
        if not shown:
            return
        drawing = {
            "open": self._draw_open,
            "save": self._draw_save,
            "new": self._draw_new,
            "mesh": self._draw_mesh,
        }
        if drawing[self._asks](desk, ui):
            imgui.close_current_popup()
        self._opens = ""
        imgui.end_popup()

    def _draw_path(self, hint: str) -> bool:
        imgui.set_next_item_width(-1.0)
        if self._opens or self._refocuses:
            imgui.set_keyboard_focus_here()
            self._refocuses = False
        flags = imgui.InputTextFlags_.enter_returns_true
        entered, self._path = imgui.input_text_with_hint("##path", hint, self._path, flags)
        return bool(entered) and bool(self._path.strip())

    def _draw_open(self, desk: Desk, ui: Ui) -> bool:
        ui.heading("Open a scene")
        if self._draw_path("a .json file, or a shipped scene's name"):
            return desk.editing.open(self._path.strip())
        files = sorted(path for path in Path("sets").glob("*.json") if path.is_file())[:12]
        for name in (*scene_names(), *(str(path) for path in files)):
            if imgui.selectable(name, False)[0]:
                return desk.editing.open(name)
        return False

    def _draw_save(self, desk: Desk, ui: Ui) -> bool:
        ui.heading("Save the scene as")
        return self._draw_path("a .json file") and desk.editing.save_as(path_from(self._path))

    def _draw_new(self, desk: Desk, ui: Ui) -> bool:
        ui.heading("A new scene from a template")
        entered = self._draw_path("its name (untitled)")
        name = "_".join(self._path.split()) or "untitled"
        for template in template_names():
            if imgui.selectable(template.replace("_", " "), False)[0]:
                return desk.editing.new(template, name)
        ui.faint("Enter begins with the empty stage")
        return entered and desk.editing.new("empty_stage", name)

    def _draw_mesh(self, desk: Desk, ui: Ui) -> bool:
        ui.heading("Import a mesh")
        entered = self._draw_path("a .glb, .gltf, .obj, .ply, .stl or .off file")
        read = None if self._mesh is None else self._mesh_path
        if entered and read != self._path.strip():
            entered, self._refocuses = False, True
            self._mesh_path = self._path.strip()
            self._mesh = found_mesh(desk.editing, self._mesh_path)
            if self._mesh is not None:
                self._unit, self._up = self._mesh.unit, self._mesh.up
                if not self._mesh.questions:
                    return import_mesh(desk.editing, self._mesh, self._mesh.scale, self._mesh.up)
        found = self._mesh
        if found is None:
            ui.faint("Enter reads it")
            return False
        for question in found.questions:
            ui.faint(question[:1].upper() + question[1:], wrapped=True)
        ui.label("Unit")
        units = list(UNITS)
        unit = ui.chosen("unit", units, units.index(self._unit))
        self._unit = self._unit if unit is None else units[unit]
        ui.label("Upward axis")
        up = ui.chosen("up", [axis.upper() for axis in _UPS], _UPS.index("z" if self._up == "z" else "y"))
        self._up = self._up if up is None else _UPS[up]
        wide, high, deep = found.size_m(self._unit, "z" if self._up == "z" else "y")
        ui.faint(f"{wide:.3g} m wide, {high:.3g} m high, {deep:.3g} m deep, {found.triangles:,} triangles")
        if not ui.button("Import", "Set it down in the middle of the picture (Enter)") and not entered:
            return False
        return import_mesh(desk.editing, found, UNITS[self._unit], "z" if self._up == "z" else "y")


def _found(search: str) -> list[Piece]:
    words = search.casefold().split()
    told = {piece.name: f"{piece.name} {piece.family}".casefold() for piece in PIECES}
    return [piece for piece in PIECES if all(word in told[piece.name] for word in words)]


def _meant(found: list[Piece], search: str) -> Piece:
    # What is called just so, before what begins so, before what holds the words.
    words = " ".join(search.casefold().split())
    return min(found, key=lambda piece: (piece.name != words, not piece.name.startswith(words)))


PANEL = Add
