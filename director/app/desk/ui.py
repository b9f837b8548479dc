"""The desk's own look in ImGui: fonts, colours, and the few widgets that every panel uses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from imgui_bundle import imgui

from director.viewport.imgui_backend import Fonts
from director.viewport.pen import AMBER, FAINT, IVORY, Colour, Pen

__all__ = ["PANEL", "Ui"]

PANEL = Colour(0.065, 0.067, 0.075)
_FIELD = Colour(0.13, 0.135, 0.15)
_FIELD_LIT = Colour(0.19, 0.195, 0.215)
_CHOSEN = Colour(0.96, 0.74, 0.36, 0.26)
_TEXT = 14.5


class Ui:
    """Made anew each turn. Sizes are in unscaled points; `scale` makes everything larger."""

    def __init__(self, fonts: Fonts, scale: float, size: tuple[float, float]) -> None:
        self.fonts = fonts
        self.scale = scale
        self.size = size
        """Of the window, in points."""

    @property
    def background(self) -> Pen:
        """Draws over the picture and under every panel; takes unscaled points."""
        return Pen(imgui.get_background_draw_list(), self.fonts, self.scale)

    @contextmanager
    def styled(self) -> Iterator[None]:
        """ImGui in the desk's colours and type."""
        s = self.scale
        imgui.push_font(self.fonts.regular, _TEXT * s)
        colours = {
            imgui.Col_.window_bg: PANEL,
            imgui.Col_.child_bg: PANEL,
            imgui.Col_.popup_bg: Colour(0.09, 0.092, 0.10, 0.98),
            imgui.Col_.border: Colour(1, 1, 1, 0.07),
            imgui.Col_.text: IVORY,
            imgui.Col_.text_disabled: FAINT,
            imgui.Col_.frame_bg: _FIELD,
            imgui.Col_.frame_bg_hovered: _FIELD_LIT,
            imgui.Col_.frame_bg_active: _FIELD_LIT,
            imgui.Col_.button: _FIELD,
            imgui.Col_.button_hovered: _FIELD_LIT,
            imgui.Col_.button_active: _CHOSEN,
            imgui.Col_.header: _CHOSEN,
            imgui.Col_.header_hovered: Colour(1, 1, 1, 0.07),
            imgui.Col_.header_active: _CHOSEN,
            imgui.Col_.tab: PANEL,
            imgui.Col_.tab_hovered: _FIELD_LIT,
            imgui.Col_.tab_selected: _FIELD,
            imgui.Col_.tab_selected_overline: AMBER,
            imgui.Col_.check_mark: AMBER,
            imgui.Col_.slider_grab: AMBER.faded(0.75),
            imgui.Col_.slider_grab_active: AMBER,
            imgui.Col_.scrollbar_bg: Colour(0, 0, 0, 0),
            imgui.Col_.scrollbar_grab: _FIELD_LIT,
            imgui.Col_.separator: Colour(1, 1, 1, 0.08),
            imgui.Col_.nav_cursor: AMBER,
        }
        for name, colour in colours.items():
            imgui.push_style_color(name, (colour.red, colour.green, colour.blue, colour.alpha))
        numbers: list[tuple[imgui.StyleVar_, float | tuple[float, float]]] = [
            (imgui.StyleVar_.window_rounding, 0.0),
            (imgui.StyleVar_.window_border_size, 0.0),
            (imgui.StyleVar_.child_border_size, 0.0),
            (imgui.StyleVar_.frame_rounding, 3.0 * s),
            (imgui.StyleVar_.popup_rounding, 5.0 * s),
            (imgui.StyleVar_.frame_padding, (7.0 * s, 4.0 * s)),
            (imgui.StyleVar_.item_spacing, (7.0 * s, 6.0 * s)),
            (imgui.StyleVar_.window_padding, (10.0 * s, 8.0 * s)),
            (imgui.StyleVar_.scrollbar_size, 10.0 * s),
            (imgui.StyleVar_.grab_min_size, 9.0 * s),
        ]
        for variable, value in numbers:
            imgui.push_style_var(variable, value)
        yield
        imgui.pop_style_var(len(numbers))
        imgui.pop_style_color(len(colours))
        imgui.pop_font()

    def heading(self, text: str) -> None:
        """A line that begins a group of rows."""
        imgui.push_font(self.fonts.bold, _TEXT * self.scale)
        imgui.push_style_color(imgui.Col_.text, (AMBER.red, AMBER.green, AMBER.blue, 1.0))
        imgui.text_unformatted(text)
        imgui.pop_style_color()
        imgui.pop_font()

    def faint(self, text: str, *, wrapped: bool = False) -> None:
        """A line that explains."""
        imgui.push_style_color(imgui.Col_.text, (FAINT.red, FAINT.green, FAINT.blue, FAINT.alpha))
        if wrapped:
            imgui.text_wrapped(text)
        else:
            imgui.text_unformatted(text)
        imgui.pop_style_color()

    def label(self, text: str, width: float = 92.0) -> None:
        """The words before a field, which then fills what is left of the row."""
        imgui.align_text_to_frame_padding()
        self.faint(text)
        imgui.same_line(width * self.scale)
        imgui.set_next_item_width(-1.0)

    def chosen(self, label: str, items: Sequence[str], at: int) -> int | None:
        """A drop-down list; the place of what was chosen just now, else None."""
        changed, now = imgui.combo(f"##{label}", at, list(items))
        return int(now) if changed else None

    def button(self, text: str, tip: str = "", *, lit: bool = False, width: float = 0.0) -> bool:
        """Whether it was pressed just now. `lit` shows that what it stands for is so."""
        if lit:
            imgui.push_style_color(
                imgui.Col_.button, (_CHOSEN.red, _CHOSEN.green, _CHOSEN.blue, _CHOSEN.alpha)
            )
        pressed = bool(imgui.button(text, (width * self.scale, 0.0)))
        if lit:
            imgui.pop_style_color()
        if tip and imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
            imgui.set_tooltip(tip)
        return pressed
