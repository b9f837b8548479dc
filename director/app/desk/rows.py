"""Buttons in rows that fill the width of a panel."""

from collections.abc import Sequence

from imgui_bundle import imgui

from director.app.desk.ui import Ui

__all__ = ["row", "shortened"]

_GAP = 4.0


def row(
    ui: Ui,
    labels: Sequence[str],
    lit: Sequence[bool],
    name: str,
    columns: int = 0,
    tips: Sequence[str] = (),
) -> int | None:
    """Buttons side by side that share the row; the place of the one that was pressed just now."""
    s = ui.scale
    count = columns or len(labels)
    room = imgui.get_content_region_avail().x
    width = (room - (count - 1) * _GAP * s) / count / s
    pressed: int | None = None
    imgui.push_id(name)
    imgui.push_style_var(imgui.StyleVar_.frame_padding, (2.0 * s, 4.0 * s))
    for i, (label, is_lit) in enumerate(zip(labels, lit, strict=True)):
        if i:
            imgui.same_line(0.0, _GAP * s)
        fitted = shortened(label, (width - 4) * s)
        if ui.button(f"{fitted}##{i}", tips[i] if tips else "", lit=is_lit, width=width):
            pressed = i
    imgui.pop_style_var()
    imgui.pop_id()
    return pressed


def shortened(label: str, room: float) -> str:
    """As much of a label as has room, with an ellipsis where something is left out."""
    if imgui.calc_text_size(label).x <= room:
        return label
    end = len(label)
    while end > 1 and imgui.calc_text_size(label[:end].rstrip() + "…").x > room:
        end -= 1
    return label[:end].rstrip() + "…"
