"""Which button of the pad does what, as rows to change it by pressing a button."""

from dataclasses import replace

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.rows import row, shortened
from director.app.desk.ui import Ui
from director.input.actions import action, bindings_text
from director.input.pad import DEFAULT_BUTTONS

__all__ = ["PadRows", "button_words"]

_LABEL = 0.62
"""Of the row."""


class PadRows:
    """Waits for one button at a time; sticks and triggers stay where they are."""

    def __init__(self) -> None:
        self._waiting: str | None = None
        self._is_open = False

    def draw(self, desk: Desk, ui: Ui) -> None:
        """Draw into the open ImGui child."""
        cameras = desk.cameras
        pad = cameras.pad
        if pad is None:
            return
        ui.faint(pad.names[0] if pad.names else "no pad is connected")
        tips = ["Show what its buttons do", "Bind buttons otherwise", "Bind every button as from the start"]
        lit = [cameras.shows_pad, self._is_open, False]
        pressed = row(ui, ["Show", "Bind", "As learnt"], lit, "pad", tips=tips)
        if pressed == 0:
            desk.act("pad-picture")
        elif pressed == 1:
            self._is_open = not self._is_open
        elif pressed == 2:
            cameras.bind_as_learnt()
        captured = pad.take_captured()
        if captured is not None and self._waiting is not None:
            cameras.bind(self._waiting, captured)
            self._waiting = None
        if not self._is_open:
            self.stop(desk)
            return
        of_action = {name: button for button, name in pad.buttons.items()}
        for name in DEFAULT_BUTTONS.values():
            room = imgui.get_content_region_avail().x * _LABEL
            ui.label(shortened(action(name).description, room - 6 * ui.scale), room / ui.scale)
            is_waiting = self._waiting == name
            words = "press a button" if is_waiting else button_words(of_action.get(name))
            if ui.button(f"{words}##{name}", "Press, then press the pad's button", lit=is_waiting, width=-1):
                self.wait_for(desk, None if is_waiting else name)

    def wait_for(self, desk: Desk, name: str | None) -> None:
        """The next button that is pressed is bound to this action; None: it does what it is bound to."""
        self._waiting = name
        if desk.cameras.pad is not None:
            desk.cameras.pad.capture(name is not None)

    def stop(self, desk: Desk) -> None:
        """Wait for no button any more: the pad's next press does what it is bound to."""
        if self._waiting is not None:
            self.wait_for(desk, None)


def button_words(button: str | None) -> str:
    """A button of the pad in words; "none" for none."""
    if button is None:
        return "none"
    entry = action(DEFAULT_BUTTONS[button])
    return bindings_text(replace(entry, pad=(button,)))[1].removeprefix("press ")
