"""Fields of a figure: pose and build, what it looks at, its clothes, and its joints."""

from collections.abc import Mapping
from typing import Any

from imgui_bundle import imgui

from director.app.inspect.rows import Rows
from director.camera.points import ObjectPoint
from director.scene.edit import Edit, SetFields
from director.scene.figure_joints import JOINT_LIMITS_DEG
from director.scene.poses import pose_names
from director.scene.proxy import Proxy

__all__ = ["draw_figure"]

_NOBODY = "nothing"
# field → label, poses that have it (none: all), step, lowest, highest, how it is written
_NUMBERS: Mapping[str, tuple[str, tuple[str, ...], float, float, float, str]] = {
    "height_m": ("Height", (), 0.005, 0.4, 3.0, "%.2f m"),
    "build": ("Build", (), 0.005, 0.0, 1.0, "%.2f"),
    "phase": ("Phase", ("walk", "run", "wave"), 0.005, 0.0, 1.0, "%.2f"),
    "seat_m": ("Seat", ("sit", "drive"), 0.005, 0.05, 2.0, "%.2f m"),
    "wheel_m": ("Wheel", ("drive",), 0.005, 0.2, 1.0, "%.2f m"),
    "hold_m": ("Holds", ("carry",), 0.005, 0.05, 1.0, "%.2f m"),
}
_COLOURS = {"skin": "Skin", "hair": "Hair", "legs": "Legs", "shoes": "Shoes"}
_HAIR = ("short", "long", "none")
_NO_TURN = (0.0, 0.0, 0.0)


def draw_figure(rows: Rows, placed: Proxy) -> None:
    """Of a mannequin."""
    raw: dict[str, Any] = {field: getattr(placed, field) for field in type(placed).model_fields}
    name, pose = placed.name, str(raw["pose_name"])

    def put(field: str, value: object) -> Edit:
        return SetFields((name,), {field: value})

    rows.ui.heading("Figure")
    chosen = rows.choice("Pose", pose_names(), pose)
    if chosen is not None:
        rows.editing.do(put("pose", chosen))
    for field, (label, poses, step, low, high, form) in _NUMBERS.items():
        if not poses or pose in poses:
            made = _putting(name, field)
            rows.number(label, float(raw[field]), made, step=step, low=low, high=high, form=form)
    goal = raw["look_at"]
    looks = goal.object if isinstance(goal, ObjectPoint) else ""

    def others() -> list[str]:
        return [it.name for _, it in rows.editing.scene.placed() if it.name != name]

    to = rows.search("Looks at", others, looks or ("a point" if goal is not None else ""), first=_NOBODY)
    if to is not None:
        rows.editing.do(put("look_at", None if to == _NOBODY else {"object": to}))
    hair = rows.choice("Hair", _HAIR, str(raw["hair_style"]))
    if hair is not None:
        rows.editing.do(put("hair_style", hair))
    rows.check("Coat", bool(raw["coat"]), lambda is_on: put("coat", is_on))
    field_colour = imgui.get_style_color_vec4(imgui.Col_.frame_bg)
    imgui.push_style_color(imgui.Col_.header, field_colour)
    shows_colours = imgui.collapsing_header("Colours of the figure")
    imgui.pop_style_color()
    if shows_colours:
        for field, label in _COLOURS.items():
            rows.colour(label, str(raw[field]), lambda colour, field=field: put(field, colour))  # type: ignore[misc]
    imgui.push_style_color(imgui.Col_.header, field_colour)
    shows_joints = imgui.collapsing_header("Joints")
    imgui.pop_style_color()
    if shows_joints:
        _draw_joints(rows, name, raw["joints"])


def _draw_joints(rows: Rows, name: str, joints: Any) -> None:
    turns = {joint: getattr(joints, joint) for joint in JOINT_LIMITS_DEG}
    turned = {joint: turn for joint, turn in turns.items() if turn is not None}
    rows.ui.faint("yaw, pitch, roll over the pose, degrees", wrapped=True)
    if turned and rows.ui.button("Back to the pose", "Turns no joint by hand"):
        rows.editing.do(SetFields((name,), {"joints": {}}))
    for joint, limits in JOINT_LIMITS_DEG.items():
        turn = turned.get(joint, _NO_TURN)

        def made(axis: int, to: float, joint: str = joint, turn: tuple[float, ...] = turn) -> Edit:
            new = tuple(to if i == axis else angle for i, angle in enumerate(turn))
            kept = {other: angles for other, angles in turned.items() if other != joint}
            return SetFields((name,), {"joints": {**kept, joint: new} if any(new) else kept})

        name_of, _, side = joint.partition("_")
        words = f"{side.upper()} {name_of}" if side else name_of
        rows.numbers(words, turn, made, step=0.4, limits=limits, form="%.0f", axes=(1, 0, 2))


def _putting(name: str, field: str) -> Any:
    def made(to: float) -> Edit:
        return SetFields((name,), {field: to})

    return made
