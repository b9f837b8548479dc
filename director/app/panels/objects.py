"""The list of what is in the scene: choose, hide, lock, rename."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.ui import Ui
from director.scene.edit import Hide, Lock, Rename
from director.scene.proxy import Placed

__all__ = ["PANEL", "Objects"]


class Objects:
    """Groups with what hangs from them, then the rest, as a tree."""

    title = "Objects"
    place: Place = "left"
    order = 0

    def __init__(self) -> None:
        self._filter = ""
        self._renaming: str | None = None
        self._name = ""

    def draw(self, desk: Desk, ui: Ui) -> None:
        imgui.set_next_item_width(-1.0)
        _, self._filter = imgui.input_text_with_hint(
            "##filter", "find by name, class or prompt", self._filter
        )
        placed = [item for _, item in desk.editing.scene.placed()]
        if self._filter.strip():
            words = self._filter.casefold().split()
            for item in placed:
                told = " ".join(
                    (item.name, str(getattr(item, "class_name", "group")), str(getattr(item, "prompt", "")))
                ).casefold()
                if all(word in told for word in words):
                    self._draw_row(desk, ui, item, has_children=False)
            return
        children: dict[str | None, list[Placed]] = {}
        for item in placed:
            children.setdefault(item.parent, []).append(item)
        for item in children.get(None, []):
            self._draw_tree(desk, ui, item, children)

    def _draw_tree(self, desk: Desk, ui: Ui, item: Placed, children: dict[str | None, list[Placed]]) -> None:
        own = children.get(item.name, [])
        if self._draw_row(desk, ui, item, has_children=bool(own)) and own:
            for child in own:
                self._draw_tree(desk, ui, child, children)
            imgui.tree_pop()

    def _draw_row(self, desk: Desk, ui: Ui, item: Placed, *, has_children: bool) -> bool:
        if self._renaming == item.name:
            self._draw_renaming(desk, item)
            return False
        flags = imgui.TreeNodeFlags_.span_avail_width | imgui.TreeNodeFlags_.open_on_arrow
        flags |= imgui.TreeNodeFlags_.allow_overlap
        if not has_children:
            flags |= imgui.TreeNodeFlags_.leaf | imgui.TreeNodeFlags_.no_tree_push_on_open
        if item.name in desk.editing.selection:
            flags |= imgui.TreeNodeFlags_.selected
        if item.hidden:
            imgui.push_style_color(imgui.Col_.text, imgui.get_style_color_vec4(imgui.Col_.text_disabled))
        is_open = bool(imgui.tree_node_ex(f"{item.name}##row", flags))
        if item.hidden:
            imgui.pop_style_color()
        if imgui.is_item_clicked() and not imgui.is_item_toggled_open():
            desk.editing.select((item.name,), adds=imgui.get_io().key_shift)
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            self._renaming, self._name = item.name, item.name
        self._draw_marks(desk, ui, item)
        return is_open

    def _draw_marks(self, desk: Desk, ui: Ui, item: Placed) -> None:
        s = ui.scale
        imgui.same_line(imgui.get_window_width() - 56 * s)
        imgui.push_style_color(imgui.Col_.button, (0.0, 0.0, 0.0, 0.0))
        imgui.push_id(item.name)
        if ui.button("o" if not item.hidden else "-", "Hide" if not item.hidden else "Show", width=18):
            desk.editing.do(Hide((item.name,), not item.hidden))
        imgui.same_line(0.0, 2.0 * s)
        if ui.button("L" if item.locked else "·", "Unlock" if item.locked else "Lock", width=18):
            desk.editing.do(Lock((item.name,), not item.locked))
        imgui.pop_id()
        imgui.pop_style_color()

    def _draw_renaming(self, desk: Desk, item: Placed) -> None:
        imgui.set_next_item_width(-1.0)
        imgui.set_keyboard_focus_here()
        flags = imgui.InputTextFlags_.enter_returns_true | imgui.InputTextFlags_.auto_select_all
        entered, self._name = imgui.input_text("##name", self._name, flags)
        if entered and self._name.strip() and self._name.strip() != item.name:
            if desk.editing.do(Rename(item.name, self._name.strip())):
                desk.editing.select((self._name.strip(),))
            self._renaming = None
        elif entered or imgui.is_key_pressed(imgui.Key.escape) or imgui.is_mouse_clicked(1):
            self._renaming = None


PANEL = Objects
