"""The values of one key, written out."""

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.ui import Ui
from director.curves import TextKey
from director.scene.shots import Shot
from director.shots.keying import KeyRef, Value, key_of

__all__ = ["KeyPopup"]

_STEPS = {"f_number": 0.1, "focal_length_mm": 1.0, "focus_distance_m": 0.1}


class KeyPopup:
    """Opens at the mouse. A key of numbers has a field for each, a key of words one, and the time its change
    takes; what is entered is one line of the undo list."""

    def __init__(self) -> None:
        self._ref: KeyRef | None = None
        self._words = ""
        self._opens = False

    def open(self, shot: Shot, ref: KeyRef) -> None:
        """Show this key."""
        key = key_of(shot, ref)
        self._ref, self._opens = ref, True
        self._words = key.value if isinstance(key, TextKey) else ""

    def draw(self, desk: Desk, ui: Ui) -> None:
        """Draw it, if it is open."""
        if self._opens:
            imgui.open_popup("##key")
        if not imgui.begin_popup("##key"):
            self._opens = False
            return
        board = desk.shots
        key = None if board.shot is None or self._ref is None else key_of(board.shot, self._ref)
        if key is None or self._ref is None:
            imgui.close_current_popup()
            imgui.end_popup()
            return
        board.choose_keys(frozenset({self._ref}))
        ui.faint(f"{self._ref[1]:.3f} s")
        if isinstance(key, TextKey):
            self._draw_words(desk, ui, key)
        else:
            _draw_numbers(desk, ui, self._ref, key.value)
        if imgui.menu_item_simple("Delete", "Delete"):
            desk.act("delete")
            imgui.close_current_popup()
        imgui.end_popup()
        self._opens = False

    def _draw_words(self, desk: Desk, ui: Ui, key: TextKey) -> None:
        assert self._ref is not None
        imgui.set_next_item_width(300 * ui.scale)
        if self._opens:
            imgui.set_keyboard_focus_here()
        entered, self._words = imgui.input_text(
            "##words", self._words, imgui.InputTextFlags_.enter_returns_true
        )
        if entered:
            desk.shots.add_key(*self._ref, self._words.strip())
            imgui.close_current_popup()
        imgui.set_next_item_width(110 * ui.scale)
        changed, ease_s = imgui.slider_float("eases over", key.ease_s, 0.0, 10.0, "%.1f s")
        if changed:
            desk.shots.set_ease(self._ref, ease_s)
        if imgui.is_item_deactivated():
            desk.editing.seal()


def _draw_numbers(desk: Desk, ui: Ui, ref: KeyRef, value: Value) -> None:
    step = _STEPS.get(ref[0][-1], 0.05)
    if ref[0][-1] == "rotation_deg":
        step = 0.5
    numbers = list(value) if isinstance(value, tuple) else [float(value)]
    made: list[float] = []
    is_changed = False
    for i, number in enumerate(numbers):
        imgui.set_next_item_width(84 * ui.scale)
        changed, now = imgui.drag_float(f"##{i}", number, step, 0.0, 0.0, "%.3f")
        is_changed = is_changed or changed
        # What was not touched stays as it is: the field holds single floats.
        made.append(float(now) if changed else number)
        if imgui.is_item_deactivated():
            desk.editing.seal()
        if i < len(numbers) - 1:
            imgui.same_line(0.0, 4.0 * ui.scale)
    if is_changed:
        desk.shots.set_value(ref, made[0] if len(made) == 1 else (made[0], made[1], made[2]))
