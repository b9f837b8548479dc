"""The list of what is in the scene: choose, find, hide, lock, rename, hang."""

from collections.abc import Callable, Mapping

import pygame
from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.icons import draw_eye, draw_folder, draw_padlock
from director.app.desk.panel import Place
from director.app.desk.tree_rows import Row, TreeRows, parents_of
from director.app.desk.ui import Ui
from director.scene.edit import HangFrom, Hide, Lock, Rename
from director.scene.edit.tree import hanging, is_hidden, is_locked
from director.viewport.pen import AMBER, FAINT, IVORY, Colour

__all__ = ["PANEL", "Objects"]

_ROW = 23.0
_INDENT = 13.0
_MOST_PARENTS = 60


class Objects:
    """Groups with what hangs from them, then the rest, as a tree. Ctrl adds one, Shift a range; with the
    focus here, Up and Down go through the list."""

    title = "Objects"
    place: Place = "left"
    order = 0

    def __init__(self) -> None:
        self._search = ""
        self._rows = TreeRows()
        self._folded: set[str] = set()
        self._renaming: str | None = None
        self._name = ""
        self._starts = False
        self._anchor: str | None = None
        self._seen: tuple[str, ...] = ()
        self._chosen_of: tuple[str, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self._focused_at = -10
        self._goes_to: str | None = None

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "rename": lambda: self._rename_selected(desk),
            "select-previous": lambda: self._step(desk, -1, extends=False),
            "select-next": lambda: self._step(desk, 1, extends=False),
        }

    def takes_key(self, desk: Desk, event: pygame.event.Event) -> bool:
        """Up and Down while the list has the focus; with Shift they add."""
        if event.type != pygame.KEYDOWN or imgui.get_frame_count() - self._focused_at > 2:
            return False
        mods = getattr(event, "mod", 0)
        if mods & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
            return False
        step = {pygame.K_UP: -1, pygame.K_DOWN: 1}.get(event.key)
        if step is None:
            return False
        self._step(desk, step, extends=bool(mods & pygame.KMOD_SHIFT))
        return True

    def draw(self, desk: Desk, ui: Ui) -> None:
        imgui.set_next_item_width(-1.0)
        _, self._search = imgui.input_text_with_hint("##find", "find by name, class or prompt", self._search)
        scene = desk.editing.scene
        selection = desk.editing.selection
        if selection is not self._chosen_of:
            self._chosen_of, self._chosen = selection, frozenset(selection)
        if selection is not self._seen and selection != self._seen:
            self._seen = selection
            if selection:
                self._goes_to = selection[-1]
                self._folded -= set(parents_of(scene, selection[-1]))
        rows = self._rows.of(scene, self._search, self._folded)
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (0.0, 0.0))
        imgui.begin_child("##rows")
        if imgui.is_window_focused():
            self._focused_at = imgui.get_frame_count()
        if not rows:
            ui.faint("nothing of that name" if self._search else "the scene is empty: add to it")
        self._scroll(rows, _ROW * ui.scale)
        clipper = imgui.ListClipper()
        clipper.begin(len(rows), _ROW * ui.scale)
        while clipper.step():
            for i in range(clipper.display_start, clipper.display_end):
                self._draw_row(desk, ui, rows, i)
        imgui.end_child()
        imgui.pop_style_var()

    def _scroll(self, rows: tuple[Row, ...], tall: float) -> None:
        # To what was selected elsewhere, if it is out of sight.
        if self._goes_to is None:
            return
        at = next((i for i, row in enumerate(rows) if row.placed.name == self._goes_to), None)
        self._goes_to = None
        if at is None:
            return
        top, seen = imgui.get_scroll_y(), imgui.get_window_height()
        if at * tall < top:
            imgui.set_scroll_y(at * tall)
        elif (at + 1) * tall > top + seen:
            imgui.set_scroll_y((at + 1) * tall - seen)

    def _draw_row(self, desk: Desk, ui: Ui, rows: tuple[Row, ...], i: int) -> None:
        row, s = rows[i], ui.scale
        name, tall = row.placed.name, _ROW * ui.scale
        imgui.push_id(name)
        left = imgui.get_cursor_screen_pos()
        if self._renaming == name:
            self._draw_renaming(desk, row, ui)
            imgui.pop_id()
            return
        width = imgui.get_content_region_avail().x
        is_chosen = name in self._chosen
        flags = imgui.SelectableFlags_.allow_overlap | imgui.SelectableFlags_.allow_double_click
        pressed, _ = imgui.selectable("##row", is_chosen, flags, (width, tall))
        is_over = imgui.is_mouse_hovering_rect(
            (left.x, left.y), (left.x + width, left.y + tall)
        ) and imgui.is_window_hovered(imgui.HoveredFlags_.allow_when_blocked_by_active_item)
        arrow = left.x + (4 + _INDENT * row.depth) * s
        if pressed:
            self._press(desk, rows, i, on_arrow=imgui.get_mouse_pos().x < arrow + _INDENT * s)
        self._draw_menu(desk, row)
        middle = left.y + tall / 2
        pen = imgui.get_window_draw_list()
        if row.has_children:
            self._draw_arrow(pen, arrow + 5 * s, middle, 3.6 * s, is_open=name not in self._folded)
        x = arrow + _INDENT * s
        shade = FAINT.faded(0.62) if is_hidden(desk.editing.scene, name) else IVORY
        if row.is_group:
            draw_folder(pen, (x + 6 * s, middle), 11 * s, FAINT)
            x += 18 * s
        size = imgui.get_font_size()
        pen.push_clip_rect((left.x, left.y), (left.x + width - 46 * s, left.y + tall), True)
        pen.add_text((x, round(middle - size / 2)), shade.packed, name)
        pen.pop_clip_rect()
        self._draw_marks(desk, row, (left.x + width, left.y), s, is_over=is_over)
        imgui.set_cursor_screen_pos((left.x, left.y + tall))
        imgui.dummy((0.0, 0.0))
        imgui.pop_id()

    def _press(self, desk: Desk, rows: tuple[Row, ...], i: int, *, on_arrow: bool) -> None:
        row, io = rows[i], imgui.get_io()
        name = row.placed.name
        if on_arrow and row.has_children:
            self._folded ^= {name}
            return
        if imgui.is_mouse_double_clicked(0) and not (io.key_ctrl or io.key_shift):
            self._begin_renaming(name)
            return
        names = [it.placed.name for it in rows]
        if io.key_shift and self._anchor in names:
            a, b = sorted((names.index(self._anchor or name), i))
            run = [it for it in names[a : b + 1] if it != name]
            kept = (
                [it for it in desk.editing.selection if it not in run and it != name] if io.key_ctrl else []
            )
            desk.editing.select((*kept, *run, name))
        else:
            desk.editing.select((name,), adds=io.key_ctrl or io.key_super)
            self._anchor = name
        self._seen = desk.editing.selection

    def _step(self, desk: Desk, step: int, *, extends: bool) -> None:
        rows = self._rows.of(desk.editing.scene, self._search, self._folded)
        if not rows:
            return
        names = [row.placed.name for row in rows]
        last = desk.editing.selection[-1] if desk.editing.selection else None
        at = names.index(last) + step if last in names else (0 if step > 0 else len(names) - 1)
        to = names[min(len(names) - 1, max(0, at))]
        if extends:
            desk.editing.select((*(it for it in desk.editing.selection if it != to), to))
        else:
            desk.editing.select((to,))
            self._anchor = to
        self._goes_to = to

    @staticmethod
    def _draw_arrow(pen: imgui.ImDrawList, x: float, y: float, size: float, *, is_open: bool) -> None:
        ink = FAINT.packed
        if is_open:
            pen.add_triangle_filled(
                (x - size, y - size * 0.6), (x + size, y - size * 0.6), (x, y + size * 0.8), ink
            )
        else:
            pen.add_triangle_filled(
                (x - size * 0.6, y - size), (x + size * 0.8, y), (x - size * 0.6, y + size), ink
            )

    def _draw_marks(
        self, desk: Desk, row: Row, corner: tuple[float, float], s: float, *, is_over: bool
    ) -> None:
        """An eye and a padlock at the end of the row, faint until the pointer is on it or they are set."""
        placed, tall = row.placed, _ROW * s
        pen = imgui.get_window_draw_list()
        for i, (word, is_set) in enumerate((("Hide", placed.hidden), ("Lock", placed.locked))):
            x = corner[0] - (44 - 21 * i) * s
            imgui.set_cursor_screen_pos((x, corner[1]))
            if imgui.invisible_button(word, (20 * s, tall)):
                edit = (
                    Hide((placed.name,), not is_set) if word == "Hide" else Lock((placed.name,), not is_set)
                )
                desk.editing.do(edit)
            is_on = imgui.is_item_hovered()
            if is_on:
                opposite = {"Hide": "Show", "Lock": "Unlock"}[word] if is_set else word
                imgui.set_item_tooltip(opposite)
            middle = (x + 10 * s, corner[1] + tall / 2)
            colour = _mark_colour(is_set, is_on, is_over)
            if word == "Hide":
                draw_eye(pen, middle, 13 * s, colour, shut=is_set)
            else:
                draw_padlock(pen, (middle[0], middle[1] - s), 12 * s, colour, shut=is_set)

    def _draw_menu(self, desk: Desk, row: Row) -> None:
        if not imgui.begin_popup_context_item("##menu"):
            return
        editing, name = desk.editing, row.placed.name
        if imgui.is_window_appearing() and name not in editing.selection:
            editing.select((name,))
            self._seen = editing.selection
        imgui.push_style_var(imgui.StyleVar_.item_spacing, (8.0, 6.0))
        scene = editing.scene
        entries = (
            ("Rename", "Ctrl+R", "rename"),
            ("Duplicate", "Ctrl+D", "duplicate"),
            ("Group", "Ctrl+G", "group"),
            ("Ungroup", "Ctrl+Shift+G", "ungroup" if row.is_group else ""),
            ("Show" if row.placed.hidden else "Hide", "Ctrl+H", "hide"),
            ("Unlock" if row.placed.locked else "Lock", "Ctrl+L", "lock"),
            ("Drop", "End", "drop"),
            ("Delete", "Delete", "delete"),
        )
        for word, key, act in entries:
            if act and imgui.menu_item(word, key, False)[0]:
                desk.act(act)
        imgui.separator()
        can_hang = not is_locked(scene, name)
        if imgui.begin_menu("Hang from", can_hang):
            own = set(hanging(scene, editing.selection))
            others = [it for _, it in scene.placed() if it.name not in own]
            for other in others[:_MOST_PARENTS]:
                if imgui.menu_item(other.name, "", other.name == row.placed.parent)[0]:
                    editing.do(HangFrom(editing.selection, other.name, editing.time_s))
            imgui.end_menu()
        if row.placed.parent is not None and imgui.menu_item("Free", "", False, can_hang)[0]:
            editing.do(HangFrom(editing.selection, None, editing.time_s))
        imgui.pop_style_var()
        imgui.end_popup()

    def _rename_selected(self, desk: Desk) -> None:
        if not desk.editing.selection:
            desk.session.notices.add("Nothing is selected: click an object")
            return
        name = desk.editing.selection[-1]
        self._search = ""
        self._folded -= set(parents_of(desk.editing.scene, name))
        self._goes_to = name
        self._begin_renaming(name)
        desk.bring_up(self.title)

    def _begin_renaming(self, name: str) -> None:
        self._renaming, self._name, self._starts = name, name, True

    def _draw_renaming(self, desk: Desk, row: Row, ui: Ui) -> None:
        s = ui.scale
        imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + (4 + _INDENT * (row.depth + 1)) * s - 6 * s)
        imgui.set_next_item_width(-1.0)
        if self._starts:
            imgui.set_keyboard_focus_here()
        flags = imgui.InputTextFlags_.enter_returns_true | imgui.InputTextFlags_.auto_select_all
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (6 * s, (_ROW * s - imgui.get_font_size()) / 2))
        entered, self._name = imgui.input_text("##name", self._name, flags)
        imgui.pop_style_var()
        left_it = imgui.is_item_deactivated() and not self._starts
        self._starts = False
        if not entered and not left_it:
            return
        new, old = self._name.strip(), row.placed.name
        gives_up = imgui.is_key_pressed(imgui.Key.escape)
        if new and new != old and not gives_up:
            desk.editing.do(Rename(old, new))
        self._renaming = None


def _mark_colour(is_set: bool, is_on: bool, is_over: bool) -> Colour:
    if is_on:
        return AMBER
    if is_set:
        return IVORY.faded(0.9)
    return FAINT.faded(0.7 if is_over else 0.22)


PANEL = Objects
