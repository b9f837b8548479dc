"""Small drawings for panels: marks of rows, and set pieces seen from a corner, made of their parts."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from imgui_bundle import imgui
from imgui_bundle.imgui import ImVec2Like
from numpy.typing import NDArray

from director.app.desk.ui import PANEL
from director.scene.edit import Piece
from director.scene.figure_body import PARENTS
from director.scene.figure_pose import part_numbers, posed
from director.scene.proxies import proxy_kinds
from director.viewport.pen import IVORY, Colour

__all__ = ["draw_eye", "draw_folder", "draw_padlock", "draw_piece"]

Points = NDArray[np.float64]
Spot = tuple[float, float]

# The corner that pieces are seen from: turned so far to the left, and from so far above.
_TURN, _ABOVE = math.radians(38), math.radians(24)
_FACES = {"top": 1.0, "front": 0.62, "side": 0.42}


def draw_eye(pen: imgui.ImDrawList, middle: Spot, size: float, colour: Colour, *, shut: bool) -> None:
    """An eye as wide as `size`; shut, its lid with lashes."""
    x, y = middle
    half, ink, line = size / 2, colour.packed, max(1.0, size / 11)
    bend = half * 0.75
    if not shut:
        pen.add_bezier_quadratic((x - half, y), (x, y - 2 * bend), (x + half, y), ink, line)
        pen.add_bezier_quadratic((x - half, y), (x, y + 2 * bend), (x + half, y), ink, line)
        pen.add_circle_filled((x, y), half * 0.36, ink, 12)
        return
    pen.add_bezier_quadratic(
        (x - half, y - half * 0.1), (x, y + bend * 1.6), (x + half, y - half * 0.1), ink, line
    )
    for across, down in ((-0.62, 0.62), (0.0, 0.95), (0.62, 0.62)):
        foot = (x + across * half, y + down * half * 0.55)
        pen.add_line(foot, (x + across * half * 1.35, y + down * half * 1.05), ink, line)


def draw_padlock(pen: imgui.ImDrawList, middle: Spot, size: float, colour: Colour, *, shut: bool) -> None:
    """A padlock as high as `size`; open, its shackle stands aside."""
    x, y = middle
    half, ink, line = size / 2, colour.packed, max(1.0, size / 10)
    pen.add_rect_filled((x - half * 0.68, y - half * 0.1), (x + half * 0.68, y + half), ink, line)
    left = x - half * 0.42 + (0.0 if shut else half * 0.84)
    pen.path_line_to((left, y - half * 0.1))
    pen.path_arc_to((left + half * 0.42, y - half * 0.48), half * 0.42, math.pi, 2 * math.pi, 10)
    if shut:
        pen.path_line_to((left + half * 0.84, y - half * 0.1))
    pen.path_stroke(ink, line)


def draw_folder(pen: imgui.ImDrawList, middle: Spot, size: float, colour: Colour) -> None:
    """A small folder, for groups."""
    x, y = middle
    half, ink, line = size / 2, colour.packed, max(1.0, size / 11)
    outline: list[ImVec2Like] = [
        (x - half, y + half * 0.7),
        (x - half, y - half * 0.7),
        (x - half * 0.2, y - half * 0.7),
        (x, y - half * 0.4),
        (x + half, y - half * 0.4),
        (x + half, y + half * 0.7),
    ]
    pen.add_polyline(outline, ink, line, imgui.ImDrawFlags_.closed)


def draw_piece(pen: imgui.ImDrawList, low: Spot, high: Spot, piece: Piece, share: float = 1.0) -> None:
    """A piece, as large as fits between two corners; `share` of its brightness."""
    shapes, (left, top, right, foot) = _drawing(piece)
    width, height = high[0] - low[0], high[1] - low[1]
    scale = min(width / max(right - left, 1e-6), height / max(foot - top, 1e-6))
    x0 = (low[0] + high[0]) / 2 - scale * (left + right) / 2
    y0 = (low[1] + high[1]) / 2 - scale * (top + foot) / 2
    for points, colour, line in shapes:
        placed: list[ImVec2Like] = [(x0 + scale * x, y0 + scale * y) for x, y in points]
        ink = _dimmed(colour, share).packed
        if line:
            pen.add_polyline(placed, ink, max(1.5, line * scale), imgui.ImDrawFlags_.none)
        else:
            pen.add_convex_poly_filled(placed, ink)


def _dimmed(colour: Colour, share: float) -> Colour:
    # Solid: what lies behind must not show through.
    red, green, blue = (
        share * value + (1 - share) * under
        for value, under in zip(
            (colour.red, colour.green, colour.blue), (PANEL.red, PANEL.green, PANEL.blue), strict=True
        )
    )
    return Colour(red, green, blue)


Shape = tuple[tuple[Spot, ...], Colour, float]


@lru_cache(maxsize=256)
def _drawing(piece: Piece) -> tuple[tuple[Shape, ...], tuple[float, float, float, float]]:
    """Filled shapes and lines in order, and the rectangle that holds them: x to the right, y down, metres."""
    shapes: list[Shape] = []
    placed = sorted(piece.parts, key=lambda part: _nearness(part.fields))
    for part in placed:
        if part.kind == "mannequin":
            shapes += _figure(str(part.fields.get("pose", "stand")))
        else:
            shapes += _solid(part.kind, part.fields)
    points = np.array([point for shape in shapes for point in shape[0]])
    margin = 0.07 if piece.parts[0].kind == "mannequin" else 0.0
    (left, top), (right, foot) = points.min(axis=0) - margin, points.max(axis=0) + margin
    return tuple(shapes), (float(left), float(top), float(right), float(foot))


def _nearness(fields: Mapping[str, Any]) -> float:
    x, y, z = fields.get("position", (0.0, 0.0, 0.0))
    return float(-x * math.sin(_TURN) + z * math.cos(_TURN) + 2 * y)


def _flat(points: Points) -> tuple[Spot, ...]:
    """What is seen of points float64[n, 3] from the corner."""
    x, y, z = points.T
    across = x * math.cos(_TURN) + z * math.sin(_TURN)
    towards = -x * math.sin(_TURN) + z * math.cos(_TURN)
    down = -y * math.cos(_ABOVE) + towards * math.sin(_ABOVE)
    return tuple((float(a), float(b)) for a, b in zip(across, down, strict=True))


def _solid(kind: str, fields: Mapping[str, Any]) -> list[Shape]:
    at = np.array(fields.get("position", (0.0, 0.0, 0.0)), float)
    paint = _paint(fields.get("light"))
    if kind == "stairs":
        return [
            shape
            for i in range(4)
            for shape in _box(np.array([0.0, 0.0, -0.3 * i]), (1.0, 0.2 * (i + 1), 0.3), paint)
        ]
    size = fields.get("size", proxy_kinds()[kind].model_fields["size"].default)
    if kind == "array":
        counts = fields.get("counts", (5, 1, 1))
        apart = fields.get("spacing", (0.3, 0.3, 0.3))
        few = [min(int(count), 7) for count in counts]
        offsets = [
            np.array([(i - (few[0] - 1) / 2) * apart[0], 0.0, (k - (few[2] - 1) / 2) * apart[2]])
            for k in range(few[2])
            for i in range(few[0])
        ]
        return [shape for offset in offsets for shape in _box(at + offset, tuple(size), paint)]
    wide, high, deep = (size[0], 0.02, size[1]) if kind == "plane" else tuple(size)
    if kind == "sphere":
        return _ball(at, (wide, high, deep), paint)
    if kind in ("cylinder", "cone"):
        if tuple(fields.get("rotation_deg", (0, 0, 0))) != (0, 0, 0):
            return _disc(at, wide, paint)
        return _round(
            at, (wide, high, deep), float(fields.get("top_share", 1.0 if kind == "cylinder" else 0.0)), paint
        )
    if kind == "ramp":
        return _ramp(at, (wide, high, deep), paint)
    shapes = _box(at, (wide, high, deep), paint)
    for hole in fields.get("openings", ()):
        x, y = hole["x"], hole["y"]
        corners = [(-0.5, 0), (0.5, 0), (0.5, 1), (-0.5, 1)]
        edge = np.array([[x + a * hole["width"], y + b * hole["height"], deep / 2] for a, b in corners])
        shapes.append((_flat(at + edge), Colour(0.07, 0.07, 0.08), 0.0))
    return shapes


def _paint(light: object) -> Mapping[str, Colour]:
    base = Colour(0.96, 0.80, 0.45) if light else IVORY
    return {
        face: Colour(base.red * share, base.green * share, base.blue * share)
        for face, share in _FACES.items()
    }


def _box(at: Points, size: Sequence[float], paint: Mapping[str, Colour]) -> list[Shape]:
    x, z, high = size[0] / 2, size[2] / 2, size[1]
    faces = {
        "side": [(-x, 0, -z), (-x, 0, z), (-x, high, z), (-x, high, -z)],
        "front": [(-x, 0, z), (x, 0, z), (x, high, z), (-x, high, z)],
        "top": [(-x, high, z), (x, high, z), (x, high, -z), (-x, high, -z)],
    }
    return [(_flat(at + np.array(face, float)), paint[name], 0.0) for name, face in faces.items()]


def _ramp(at: Points, size: Sequence[float], paint: Mapping[str, Colour]) -> list[Shape]:
    x, z, high = size[0] / 2, size[2] / 2, size[1]
    side = np.array([(-x, 0, -z), (-x, 0, z), (-x, high, -z)], float)
    slope = np.array([(-x, 0, z), (x, 0, z), (x, high, -z), (-x, high, -z)], float)
    return [(_flat(at + side), paint["side"], 0.0), (_flat(at + slope), paint["top"], 0.0)]


def _ball(at: Points, size: Sequence[float], paint: Mapping[str, Colour]) -> list[Shape]:
    ((x, y),) = _flat(at[None] + (0.0, size[1] / 2, 0.0))
    shapes: list[Shape] = []
    for share, up, face in ((1.0, 0.0, "side"), (0.86, 0.06, "front"), (0.5, 0.2, "top")):
        ring = [
            (
                x - up * size[0] * 0.5 + math.cos(a) * size[0] / 2 * share,
                y - up * size[1] + math.sin(a) * size[1] / 2 * share,
            )
            for a in np.linspace(0, 2 * math.pi, 20, endpoint=False)
        ]
        shapes.append((tuple(ring), paint[face], 0.0))
    return shapes


def _disc(at: Points, wide: float, paint: Mapping[str, Colour]) -> list[Shape]:
    turns = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    ring = np.stack([np.zeros(16), np.sin(turns) * wide / 2, np.cos(turns) * wide / 2], -1)
    return [(_flat(at + ring), paint["side"], 0.0)]


def _round(at: Points, size: Sequence[float], top_share: float, paint: Mapping[str, Colour]) -> list[Shape]:
    turns = np.linspace(0, 2 * math.pi, 20, endpoint=False)
    ring = np.stack([np.cos(turns) * size[0] / 2, np.zeros(20), np.sin(turns) * size[2] / 2], -1)
    top = ring * (top_share, 0.0, top_share) + (0.0, size[1], 0.0)
    both = np.array(_flat(at + np.concatenate([ring, top])))
    hull = _hull(both)
    middle = float(both[:, 0].mean())
    lit = [(max(middle, x), y) for x, y in hull]
    return [
        (tuple(hull), paint["side"], 0.0),
        (tuple(lit), paint["front"], 0.0),
        (_flat(at + top), paint["top"], 0.0),
    ]


def _hull(points: Points) -> list[Spot]:
    """The convex hull of points float64[n, 2], clockwise on the screen (Andrew's monotone chain)."""
    ordered = sorted({(round(float(x), 6), round(float(y), 6)) for x, y in points})

    def half(run: Sequence[Spot]) -> list[Spot]:
        kept: list[Spot] = []
        for point in run:
            while len(kept) > 1 and _cross(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return half(ordered) + half(ordered[::-1])


def _cross(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _figure(pose: str) -> list[Shape]:
    """A figure of its joints, as its pose has them."""
    matrices = posed(pose)
    joints = {joint: matrices[part_numbers(joint)[0]][:3, 3] for joint in ("pelvis", *PARENTS)}
    head = matrices[part_numbers("head")[0]]
    crown = head[:3, :3] @ np.array([0.0, 0.06, 0.01]) + head[:3, 3]
    shapes: list[Shape] = []
    far, near = Colour(0.62, 0.61, 0.59), IVORY
    # From the corner the figure's left is the nearer side.
    for ink, chains in (
        (far, (("chest", "shoulder_r", "elbow_r", "wrist_r"), ("pelvis", "hip_r", "knee_r", "ankle_r"))),
        (near, (("pelvis", "waist", "chest", "neck"), ("pelvis", "hip_l", "knee_l", "ankle_l"))),
        (near, (("chest", "shoulder_l", "elbow_l", "wrist_l"),)),
    ):
        for chain in chains:
            shapes.append((_flat(np.array([joints[joint] for joint in chain])), ink, 0.055))
    ((x, y),) = _flat(crown[None])
    turns = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    shapes.append((tuple((x + math.cos(a) * 0.068, y + math.sin(a) * 0.068) for a in turns), near, 0.0))
    return shapes
