"""Fields of where a thing is: its place, its turn, its size, and what it hangs from."""

from imgui_bundle import imgui

from director.app.desk.keying import angles_now, placed_edit
from director.app.inspect.rows import Rows
from director.scene.edit import Edit, HangFrom, SetFields
from director.scene.edit.places import local_place
from director.scene.edit.tree import hanging
from director.scene.proxy import Placed, Proxy
from director.types import Vector

__all__ = ["draw_place"]

_FREE = "the world"

# Further numbers of kinds: field → label, step, lowest, highest, how it is written.
_NUMBERS = {
    "height_m": ("Height", 0.01, 0.01, 1e4, "%.2f m"),
    "scale": ("Scale", 0.005, 0.0001, 1e4, "%.4g"),
    "round_m": ("Rounding", 0.005, 0.0, 100.0, "%.3f m"),
    "top_share": ("Top", 0.005, 0.0, 1.0, "%.2f"),
    "gaps": ("Gaps", 0.005, 0.0, 1.0, "%.2f"),
    "vary": ("Variation", 0.005, 0.0, 1.0, "%.2f"),
}
_COUNTS = {"sides": ("Sides", 3, 128), "steps": ("Steps", 1, 200)}


def draw_place(rows: Rows, placed: Placed) -> None:
    """Position and rotation in the parent's space, as it stands at this time; size in metres."""
    editing, name = rows.editing, placed.name
    time_s = editing.time_s
    stands = local_place(placed, time_s)
    x, y, z = (float(value) for value in stands[:3, 3])
    turned = angles_now(placed, time_s)

    def move(axis: int, to: float) -> Edit:
        return placed_edit(editing.scene, name, time_s, position=_with((x, y, z), axis, to))

    def turn(axis: int, to: float) -> Edit:
        return placed_edit(editing.scene, name, time_s, rotation_deg=_with(turned, axis, to))

    rows.numbers("Position", (x, y, z), move, step=0.01)
    # Yaw turns about y, pitch about x, roll about z.
    if placed.route is None:
        rows.numbers(
            "Rotation", turned, turn, step=0.5, low=-36000.0, high=36000.0, form="%.1f°", axes=(1, 0, 2)
        )
    _draw_size(rows, placed)

    def others() -> list[str]:
        own = set(hanging(editing.scene, [name]))
        return [it.name for _, it in editing.scene.placed() if it.name not in own]

    parent = rows.search("Hangs from", others, placed.parent or "", first=_FREE)
    if parent is not None:
        editing.do(HangFrom((name,), None if parent == _FREE else parent, time_s))


def _draw_size(rows: Rows, placed: Placed) -> None:
    name = placed.name
    size = getattr(placed, "size", None)
    if isinstance(size, tuple):
        axes = (0, 1, 2) if len(size) == 3 else (0, 2)

        def stretch(axis: int, to: float) -> Edit:
            return SetFields((name,), {"size": tuple(to if i == axis else it for i, it in enumerate(size))})

        rows.numbers("Size", size, stretch, step=0.01, low=0.01, high=1e4, axes=axes)
    if not isinstance(placed, Proxy) or placed.kind == "mannequin":
        return
    for field, (label, step, low, high, form) in _NUMBERS.items():
        value = getattr(placed, field, None)
        if isinstance(value, float):
            rows.number(
                label,
                value,
                lambda to, field=field: SetFields((name,), {field: to}),  # type: ignore[misc]
                step=step,
                low=low,
                high=high,
                form=form,
            )
    for field, (label, least, most) in _COUNTS.items():
        value = getattr(placed, field, None)
        if isinstance(value, int):
            rows.number(
                label,
                value,
                lambda to, field=field: SetFields((name,), {field: round(to)}),  # type: ignore[misc]
                step=0.1,
                low=least,
                high=most,
                form="%.0f",
            )
    counts = getattr(placed, "counts", None)
    if isinstance(counts, tuple):
        rows.numbers(
            "Counts",
            counts,
            lambda axis, to: SetFields(
                (name,), {"counts": tuple(round(to) if i == axis else it for i, it in enumerate(counts))}
            ),
            step=0.05,
            low=1,
            high=500,
            form="%.0f",
        )
        spacing: Vector = getattr(placed, "spacing", (0.0, 0.0, 0.0))
        rows.numbers(
            "Spacing",
            spacing,
            lambda axis, to: SetFields((name,), {"spacing": _with(spacing, axis, to)}),
            step=0.01,
            low=0.0,
            high=1e4,
        )
    imgui.spacing()


def _with(values: Vector, axis: int, to: float) -> Vector:
    x, y, z = (to if i == axis else value for i, value in enumerate(values))
    return (x, y, z)
