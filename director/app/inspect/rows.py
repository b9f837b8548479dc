"""Rows of fields that edit the scene: a drag is one line of the undo list, text is taken when it is done."""

from collections.abc import Callable, Sequence
from functools import partial

from imgui_bundle import imgui

from director.app.desk.editing import Editing
from director.app.desk.ui import Ui
from director.scene.edit import Edit
from director.scene.proxy import colour_values
from director.viewport.pen import Colour

__all__ = ["MIXED", "Rows", "hex_colour"]

MIXED = "·"
"""What stands for values of several things that differ."""

_LABEL = 78.0
_AXES = (Colour(0.80, 0.36, 0.32), Colour(0.48, 0.66, 0.36), Colour(0.36, 0.52, 0.82))
_Made = Callable[[float], Edit]


class Rows:
    """Draws label and field; `begin` and `end` embrace each turn. What is being typed when its field goes
    away (another thing is selected) is still taken, for the thing that it was typed for."""

    def __init__(self) -> None:
        self._editing: Editing | None = None
        self._ui: Ui | None = None
        self._texts: dict[str, tuple[str, Callable[[str], Edit | None]]] = {}
        self._drawn: set[str] = set()
        self._drags = False
        self._whose = ""
        self._find = ""

    @property
    def editing(self) -> Editing:
        """Whose fields are drawn."""
        assert self._editing is not None
        return self._editing

    @property
    def ui(self) -> Ui:
        """What is drawn with."""
        assert self._ui is not None
        return self._ui

    def begin(self, editing: Editing, ui: Ui) -> None:
        """Before the first row of a turn."""
        self._editing, self._ui = editing, ui
        self._whose = " ".join(editing.selection)
        self._drawn.clear()

    def end(self) -> None:
        """After the last: what has ended is sealed, what was left in mid-word is taken."""
        for name in [name for name in self._texts if name not in self._drawn]:
            text, made = self._texts.pop(name)
            self._take(made(text))
        if self._drags and not imgui.is_any_item_active():
            self._drags = False
            self.editing.seal()

    def number(
        self,
        label: str,
        value: float,
        made: _Made,
        *,
        step: float = 0.02,
        low: float = -1e5,
        high: float = 1e5,
        form: str = "%.2f",
    ) -> None:
        """A number that is dragged, or typed after a double click."""
        self.ui.label(label, _LABEL)
        self._drag(label, value, made, step, low, high, form)

    def numbers(
        self,
        label: str,
        values: Sequence[float],
        made: Callable[[int, float], Edit],
        *,
        step: float = 0.02,
        low: float = -1e5,
        high: float = 1e5,
        limits: Sequence[tuple[float, float]] = (),
        form: str = "%.2f",
        axes: Sequence[int] = (0, 1, 2),
    ) -> None:
        """Numbers along axes, side by side, each with its axis's colour; `limits` of each, else of all."""
        ui = self.ui
        ui.label(label, _LABEL)
        gap = 4 * ui.scale
        room = imgui.get_content_region_avail().x
        width = (room - gap * (len(values) - 1)) / len(values)
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (3 * ui.scale, 4 * ui.scale))
        for i, value in enumerate(values):
            if i:
                imgui.same_line(0.0, gap)
            imgui.set_next_item_width(width)
            least, most = limits[i] if limits else (low, high)
            self._drag(f"{label} {i}", value, partial(made, i), step, least, most, form)
            corner, foot = imgui.get_item_rect_min(), imgui.get_item_rect_max()
            ink = _AXES[axes[i]].faded(0.8).packed
            imgui.get_window_draw_list().add_rect_filled(
                (corner.x, corner.y + 3), (corner.x + 2 * ui.scale, foot.y - 3), ink
            )
        imgui.pop_style_var()

    def words(
        self,
        label: str,
        text: str,
        made: Callable[[str], Edit | None],
        *,
        lines: int = 1,
        hint: str = "",
        stacked: bool = False,
    ) -> None:
        """Text, taken at Enter and when another field is gone to; Escape leaves it as it was. `stacked` has
        the label over it."""
        if stacked:
            self.ui.faint(label)
            imgui.set_next_item_width(-1.0)
        else:
            self.ui.label(label, _LABEL)
        id_ = f"##{label} of {self._whose}"
        shown = self._texts[id_][0] if id_ in self._texts else text
        if lines > 1:
            flags = imgui.InputTextFlags_.ctrl_enter_for_new_line | imgui.InputTextFlags_.enter_returns_true
            flags |= imgui.InputTextFlags_.word_wrap
            tall = (lines * 1.0) * imgui.get_text_line_height() + 10 * self.ui.scale
            entered, new = imgui.input_text_multiline(id_, shown, (-1.0, tall), flags)
        else:
            entered, new = imgui.input_text_with_hint(
                id_, hint, shown, imgui.InputTextFlags_.enter_returns_true
            )
        self._drawn.add(id_)
        if imgui.is_item_active() and not entered:
            self._texts[id_] = (new, made)
            return
        waited = self._texts.pop(id_, None)
        if (entered or waited is not None) and new.strip() != text:
            self._take(made(new.strip()))

    def choice(self, label: str, items: Sequence[str], now: str) -> str | None:
        """One of a few; what was chosen just now, else None."""
        self.ui.label(label, _LABEL)
        chosen = None
        if imgui.begin_combo(f"##{label}", now):
            for item in items:
                if imgui.selectable(item, item == now)[0]:
                    chosen = item
            imgui.end_combo()
        return chosen if chosen != now else None

    def search(
        self, label: str, items: Callable[[], Sequence[str]], now: str, *, first: str = ""
    ) -> str | None:
        """One of many, found by typing; `first` is offered before all. What was chosen now, else None."""
        self.ui.label(label, _LABEL)
        chosen = None
        if imgui.begin_combo(f"##{label}", now or first, imgui.ComboFlags_.height_large):
            if imgui.is_window_appearing():
                self._find = ""
                imgui.set_keyboard_focus_here()
            imgui.set_next_item_width(-1.0)
            flags = imgui.InputTextFlags_.enter_returns_true
            entered, self._find = imgui.input_text_with_hint("##find", "find", self._find, flags)
            words = self._find.casefold().split()
            found = [item for item in items() if all(word in item.casefold() for word in words)]
            # What begins with the words is meant before what holds them.
            found.sort(key=lambda item: not item.casefold().startswith("".join(words[:1])))
            if entered and found:
                chosen = found[0]
                imgui.close_current_popup()
            if first and not words and imgui.selectable(first, not now)[0]:
                chosen = first
            imgui.begin_child("##found", (0.0, 220 * self.ui.scale))
            for item in found:
                if imgui.selectable(item, item == now, imgui.SelectableFlags_.no_auto_close_popups)[0]:
                    chosen = item
            imgui.end_child()
            if chosen is not None:
                imgui.close_current_popup()
            imgui.end_combo()
        return chosen if chosen != now else None

    def colour(self, label: str, colour: str, made: Callable[[str], Edit]) -> None:
        """A colour, #rrggbb."""
        self.ui.label(label, _LABEL)
        flags = imgui.ColorEditFlags_.display_hex | imgui.ColorEditFlags_.no_options
        red, green, blue = colour_values(colour)
        changed, new = imgui.color_edit3(f"##{label}", [red, green, blue], flags)
        if changed and hex_colour(new) != colour.lower():
            self._pull(made(hex_colour(new)), label)

    def check(self, label: str, is_on: bool, made: Callable[[bool], Edit], words: str = "") -> None:
        """Something that is so or not."""
        self.ui.label(label, _LABEL)
        changed, now = imgui.checkbox(f"{words}##{label}", is_on)
        if changed:
            self._take(made(now))

    def _drag(
        self, label: str, value: float, made: _Made, step: float, low: float, high: float, form: str
    ) -> None:
        flags = imgui.SliderFlags_.always_clamp
        changed, new = imgui.drag_float(f"##{label}", value, step, low, high, form, flags)
        if changed and abs(new - value) > 1e-9:
            # What float32 adds behind the last decimal is not what was meant.
            self._pull(made(round(float(new), 4)), label)

    def _pull(self, edit: Edit, label: str) -> None:
        self._drags = True
        self.editing.drag(edit, f"{label} of {self._whose}")

    def _take(self, edit: Edit | None) -> None:
        if edit is not None:
            self.editing.do(edit)


def hex_colour(values: Sequence[float]) -> str:
    """#rrggbb of sRGB 0..1."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, value))):02x}" for value in values[:3])
