"""The read-outs over the picture: two strips of shade with small type, and notices that fade."""

from director.viewport.pen import AMBER, FAINT, IVORY, RED, SHADE, Pen
from director.viewport.readout import GeneratorReadout, Readout, SpendingReadout

__all__ = ["STRIP", "draw_hud"]

STRIP = 34.0
"""Height of the shade with read-outs above and below the picture, in unscaled points."""
_EDGE = 14.0
_BASELINE = 9.0
_GAP = 18.0
_VIEW_NAMES = {
    "generated": "Generated",
    "proxy": "Proxy",
    "side-by-side": "Side by side",
    "wipe": "Wipe",
    "blend": "Blend",
    "depth": "Depth",
    "segmentation": "Segmentation",
    "normal": "Normals",
    "motion": "Motion",
    "anchor": "Anchors",
    "shadow": "Sun shadow",
    "noise": "Anchored noise",
    "object": "Object ids",
    "lamplight": "Lamplight",
    "structure": "Structure of surfaces",
}
_PHASES = {
    "loading": "loading",
    "running": "",
    "restarting": "restarting",
    "failed": "stopped",
    "closed": "closed",
}


def draw_hud(
    pen: Pen, width: float, height: float, shown: Readout, *, left: float = 0.0, foot: float = 0.0
) -> None:
    """Draw into a window of this size, in the pen's unscaled points. `left` and `foot` of it are panels', at
    the left and above the lower strip: notices keep clear of them."""
    pen.box(0, 0, width, STRIP, SHADE)
    pen.box(0, height - STRIP, width, STRIP, SHADE)
    right = _draw_rates(pen, width, shown)
    _draw_camera(pen, right - _GAP, shown)
    if shown.generator.phase in ("loading", "restarting", "running"):
        _draw_progress(pen, width, shown.generator)
    room_to = _draw_take(pen, width, height, shown)
    _draw_prompt(pen, room_to - _GAP, height, shown)
    _draw_notices(pen, left, width, height - foot, shown)


def _draw_camera(pen: Pen, room_to: float, shown: Readout) -> None:
    # What matters least comes last, and is left out first where the window is narrow.
    parts = [
        (shown.scene, IVORY, True),
        (shown.camera, IVORY, False),
        (f"{shown.focal_length_mm:g} mm", IVORY, True),
        (f"{shown.horizontal_fov_deg:.1f}°", FAINT, False),
        (f"f/{shown.f_number:g}", FAINT, False),
        (
            f"{_film_back(shown.film_back)} {shown.film_back_mm[0]:g} × {shown.film_back_mm[1]:g} mm".strip(),
            FAINT,
            False,
        ),
    ]
    parts[5:5] = [(mark, AMBER, False) for mark in shown.marks]
    x = _EDGE
    for text, colour, bold in parts:
        if x + pen.width(text, bold=bold) > room_to:
            return
        x = pen.text(x, _BASELINE, text, colour, bold=bold) + _GAP


def _film_back(name: str) -> str:
    # "super-35-3-perf" → "Super 35 3-perf".
    words = name.replace("-perf", "\N{NON-BREAKING HYPHEN}perf").split("-")
    capitals = {"alexa": "ALEXA", "imax": "IMAX", "lf": "LF", "vistavision": "VistaVision"}
    words = [capitals.get(word, word) for word in words]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]).replace("\N{NON-BREAKING HYPHEN}", "-")


def _draw_rates(pen: Pen, width: float, shown: Readout) -> float:
    generator = shown.generator
    x = width - _EDGE + _GAP
    if generator.phase == "running" and generator.is_settled:
        # Nothing changes, and so nothing is drawn: rates would say nothing.
        x = pen.text_left_of(x - _GAP, _BASELINE, "settled", IVORY)
    else:
        x = pen.text_left_of(x - _GAP, _BASELINE, f"{shown.displayed_fps:.0f} fps shown", FAINT)
    if generator.phase == "running" and not generator.is_settled:
        x = pen.text_left_of(x - _GAP, _BASELINE, f"{generator.fps:.1f} fps generated", IVORY)
    if generator.age_ms is not None and not generator.is_settled:
        x = pen.text_left_of(x - _GAP, _BASELINE, f"picture {_age(generator.age_ms)} old", FAINT)
    if generator.phase == "running" and not generator.is_settled and shown.spending is not None:
        spent = _spending(shown.spending)
        if x - _GAP - pen.width(spent) > _EDGE:
            x = pen.text_left_of(x - _GAP, _BASELINE, spent, IVORY)
    words = _PHASES[generator.phase]
    if words:
        colour = RED if generator.phase == "failed" else AMBER
        share = f" {generator.progress:.0%}" if generator.phase == "loading" else ""
        x = pen.text_left_of(x - _GAP, _BASELINE, f"{generator.name} {words}{share}", colour)
    else:
        x = pen.text_left_of(x - _GAP, _BASELINE, generator.name, FAINT)
    return x


def _spending(spent: SpendingReadout) -> str:
    size = f"{spent.size[0]} × {spent.size[1]}"
    steadied = f"steadied {spent.stabiliser * 100:.0f} %" if spent.stabiliser else "not steadied"
    if spent.rate is None:
        return f"{spent.quality} · {size} · {steadied}"
    return f"{spent.rate:g} fps asked · {size} · {steadied} · {spent.late * 100:.1f} % late"


def _age(age_ms: float) -> str:
    return f"{age_ms:.0f} ms" if age_ms < 10_000 else f"{age_ms / 1000:.0f} s"


def _draw_progress(pen: Pen, width: float, generator: GeneratorReadout) -> None:
    # One that runs may have more to load: compiling for a size of picture, say.
    if generator.progress < 1:
        pen.box(0, STRIP, width, 2, SHADE)
        pen.box(0, STRIP, width * max(0.01, generator.progress), 2, AMBER)
    # Why it restarts is told by a notice.
    if generator.message and generator.phase != "restarting":
        words = pen.shortened(generator.message, width / 2, size=13)
        wide = pen.width(words, size=13)
        pen.box(width - wide - 2 * _EDGE, STRIP + 3, wide + 2 * _EDGE, 24, SHADE)
        pen.text_left_of(width - _EDGE, STRIP + 8, words, FAINT, size=13)


def _draw_take(pen: Pen, width: float, height: float, shown: Readout) -> float:
    y = height - STRIP + _BASELINE
    if shown.take is None:
        clock = f"{shown.time_s:05.2f} / {shown.end_s:.1f} s"
        x = pen.text_left_of(width - _EDGE, y, clock, IVORY if shown.is_playing else FAINT)
        x = pen.text_left_of(x - 10, y, "playing" if shown.is_playing else "paused", FAINT)
    else:
        x = pen.text_left_of(width - _EDGE, y, shown.take.timecode, IVORY, bold=True)
        x = pen.text_left_of(x - _GAP, y, f"Take {shown.take.number}", IVORY)
        pen.dot(x - 14, y + 9, 5.5, RED)
        x -= 24
        if shown.take.note:
            x = pen.text_left_of(x - _GAP, y, shown.take.note, AMBER)
    amount = "" if shown.amount is None else f" {shown.amount:.0%}"
    return pen.text_left_of(x - _GAP, y, f"{_VIEW_NAMES.get(shown.view, shown.view)}{amount}", FAINT)


def _draw_prompt(pen: Pen, room_to: float, height: float, shown: Readout) -> None:
    room = room_to - _EDGE
    if room < 60:
        return
    y = height - STRIP + _BASELINE
    if not shown.prompt:
        pen.text(_EDGE, y, pen.shortened("no prompt: press Return to type one", room), FAINT)
        return
    unheard = f"not understood: {', '.join(shown.not_understood)}" if shown.not_understood else ""
    # What changes nothing may take up to half.
    unheard = pen.shortened(unheard, room / 2) if unheard else ""
    told = pen.shortened(shown.prompt, room - (pen.width(unheard) + _GAP if unheard else 0))
    x = pen.text(_EDGE, y, told, IVORY) + _GAP
    if unheard:
        x = pen.text(x, y, unheard, AMBER) + _GAP
    if shown.hint and x + _GAP + pen.width(shown.hint) < room_to:
        pen.text_left_of(room_to, y, shown.hint, FAINT)


def _draw_notices(pen: Pen, left: float, width: float, height: float, shown: Readout) -> None:
    y = height - STRIP - 12
    for notice in reversed(shown.notices):
        words = pen.shortened(notice.text, width - left - 2 * _EDGE - 24)
        y -= 30
        box = pen.width(words) + 24
        pen.box(left + _EDGE, y, box, 28, SHADE.faded(notice.strength), round_by=4)
        if notice.is_problem:
            pen.box(left + _EDGE, y, 3, 28, AMBER.faded(notice.strength), round_by=1.5)
        pen.text(left + _EDGE + 12, y + 6, words, IVORY.faded(notice.strength))
