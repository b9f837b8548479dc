"""The line in which a prompt is typed, live."""

from imgui_bundle import imgui

from director.viewport.imgui_backend import Fonts
from director.viewport.pen import AMBER, IVORY, SHADE

__all__ = ["PromptField"]

_HEIGHT = 46.0


class PromptField:
    """One line of text over the picture. While it is open it has the keyboard."""

    def __init__(self) -> None:
        self.is_open = False
        self.text = ""
        self.is_listening = False
        """Whether what is typed arrives: the field has the focus some turns after it has been opened."""

    def open(self, text: str) -> None:
        """Begin with this text, all of it selected: typing replaces it."""
        self.is_open = True
        self.text = text
        self.is_listening = False

    def close(self) -> None:
        """Leave the field; what was typed is dropped."""
        self.is_open = self.is_listening = False

    def draw(self, width: float, height: float, scale: float, fonts: Fonts) -> str | None:
        """Draw in a window of this size in points; the entered text when Enter was pressed, which also
        closes the field, otherwise None."""
        if not self.is_open:
            return None
        span = min(width - 40 * scale, 900 * scale)
        imgui.set_next_window_pos(((width - span) / 2, height - (_HEIGHT + 52) * scale))
        imgui.set_next_window_size((span, _HEIGHT * scale))
        imgui.push_font(fonts.regular, 17 * scale)
        imgui.push_style_var(imgui.StyleVar_.window_padding, (14 * scale, 11 * scale))
        imgui.push_style_var(imgui.StyleVar_.window_rounding, 6 * scale)
        imgui.push_style_var(imgui.StyleVar_.window_border_size, scale)
        # It may lie on panels of its own colour.
        imgui.push_style_color(imgui.Col_.border, (AMBER.red, AMBER.green, AMBER.blue, 0.8))
        imgui.push_style_color(imgui.Col_.window_bg, (SHADE.red, SHADE.green, SHADE.blue, 0.92))
        imgui.push_style_color(imgui.Col_.frame_bg, (0.0, 0.0, 0.0, 0.0))
        imgui.push_style_color(imgui.Col_.text, (IVORY.red, IVORY.green, IVORY.blue, 1.0))
        flags = imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_nav
        imgui.begin("prompt", None, flags)
        imgui.set_next_item_width(-1.0)
        if not self.is_listening:
            imgui.set_keyboard_focus_here()
        entered, self.text = imgui.input_text_with_hint(
            "##prompt",
            "what the picture shows: place, hour, weather, style …   Enter applies, Esc cancels",
            self.text,
            imgui.InputTextFlags_.enter_returns_true | imgui.InputTextFlags_.auto_select_all,
        )
        self.is_listening = imgui.is_item_active()
        imgui.end()
        imgui.pop_style_color(4)
        imgui.pop_style_var(3)
        imgui.pop_font()
        if not entered:
            return None
        self.close()
        return self.text.strip()
