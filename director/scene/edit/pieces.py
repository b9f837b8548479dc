"""Set pieces: what sets are blocked from again and again, made of one proxy or a few in a group.

Sizes are those of the furniture, vehicle and building trades, in metres, rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director.scene.document import Scene
from director.scene.edit.add import AddGroup, AddProxy
from director.scene.edit.edit import Edit, refused
from director.scene.edit.fields import SetFields
from director.scene.edit.tree import fresh_name, names_used
from director.scene.poses import pose_names
from director.scene.proxies import proxy_kinds
from director.types import Vector

__all__ = ["PIECES", "AddPiece", "Piece"]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A proxy of a piece: its kind, and its fields by the names that files give them; its place is in the
    piece's space."""

    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something to add: its name, the family that it is listed under, and its parts. More than one hang
    from a group. `faces` says that it has a front, which is turned to the camera."""

    name: str
    family: str
    parts: tuple[Part, ...]
    faces: bool = False


def _one(name: str, family: str, kind: str, fields: Mapping[str, Any]) -> Piece:
    return Piece(name, family, (Part(kind, {"name": name, **fields}),))


def _box(name: str, class_name: str, size: Vector, at: Vector, colour: str, **fields: Any) -> Part:
    return Part(
        "box", {"name": name, "class": class_name, "size": size, "position": at, "colour": colour, **fields}
    )


def _legs(class_name: str, apart: tuple[float, float], high: float, colour: str) -> Part:
    wide, deep = apart
    return Part(
        "array",
        {
            "name": "legs",
            "class": class_name,
            "size": (0.06, high, 0.06),
            "counts": (2, 1, 2),
            "spacing": (wide, 0.0, deep),
            "colour": colour,
        },
    )


def _wheel(name: str, x: float, z: float) -> Part:
    # Rolled by 90 degrees an upright cylinder lies along −X.
    turned = {"position": (x, 0.33, z), "rotation_deg": (0.0, 0.0, 90.0), "size": (0.66, 0.22, 0.66)}
    return Part("cylinder", {"name": name, "class": "car", "colour": "#242528", **turned})


_WOOD, _CLOTH, _BARK, _STEEL, _WARM = "#8a6a4a", "#6f7680", "#5b4636", "#4b4e54", "#ffd9a0"

_CAR = Piece(
    "car",
    "Street",
    (
        _box("car body", "car", (1.8, 0.62, 4.3), (0.0, 0.25, 0.0), "#7d2f2a", round_m=0.12),
        _box("car cabin", "car", (1.55, 0.6, 2.2), (0.0, 0.82, -0.25), "#33383f", round_m=0.15),
        _wheel("wheel", 0.93, 1.35),
        _wheel("wheel", -0.71, 1.35),
        _wheel("wheel", 0.93, -1.35),
        _wheel("wheel", -0.71, -1.35),
    ),
    faces=True,
)
_LAMP = Piece(
    "lamp",
    "Light",
    (
        Part(
            "cylinder",
            {"name": "lamp stand", "class": "lamp", "size": (0.05, 1.35, 0.05), "colour": _STEEL},
        ),
        Part(
            "cone",
            {
                "name": "lamp shade",
                "class": "lamp",
                "size": (0.42, 0.32, 0.42),
                "top_share": 0.6,
                "position": (0.0, 1.3, 0.0),
                "colour": "#e9d8b4",
                "light": {"colour": _WARM, "strength": 0.5},
            },
        ),
    ),
)
_STREETLIGHT = Piece(
    "streetlight",
    "Light",
    (
        Part(
            "cylinder",
            {"name": "mast", "class": "streetlight", "size": (0.14, 5.0, 0.14), "colour": _STEEL},
        ),
        _box("arm", "streetlight", (0.1, 0.08, 1.0), (0.0, 4.95, 0.45), _STEEL),
        _box(
            "lantern",
            "streetlight",
            (0.28, 0.12, 0.5),
            (0.0, 4.84, 0.8),
            "#e9d8b4",
            light={"colour": _WARM, "strength": 6.0},
        ),
    ),
    faces=True,
)
_TREE = Piece(
    "tree",
    "Nature",
    (
        Part("cylinder", {"name": "trunk", "class": "tree", "size": (0.35, 2.4, 0.35), "colour": _BARK}),
        Part(
            "sphere",
            {
                "name": "crown",
                "class": "tree",
                "size": (3.4, 3.2, 3.4),
                "position": (0.0, 1.9, 0.0),
                "colour": "#4f6b3a",
            },
        ),
    ),
)
_FIR = Piece(
    "fir",
    "Nature",
    (
        Part("cylinder", {"name": "trunk", "class": "tree", "size": (0.3, 1.2, 0.3), "colour": _BARK}),
        Part(
            "cone",
            {
                "name": "branches",
                "class": "tree",
                "size": (2.6, 5.4, 2.6),
                "position": (0.0, 0.9, 0.0),
                "colour": "#37523a",
            },
        ),
    ),
)
_TABLE = Piece(
    "table",
    "Furniture",
    (
        _box("table top", "table", (1.6, 0.05, 0.8), (0.0, 0.7, 0.0), _WOOD),
        _legs("table", (1.4, 0.64), 0.7, _WOOD),
    ),
)
_CHAIR = Piece(
    "chair",
    "Furniture",
    (
        _box("seat", "chair", (0.45, 0.05, 0.45), (0.0, 0.42, 0.0), _WOOD),
        _box("chair back", "chair", (0.45, 0.45, 0.04), (0.0, 0.47, -0.2), _WOOD),
        _legs("chair", (0.36, 0.36), 0.42, _WOOD),
    ),
    faces=True,
)
_SOFA = Piece(
    "sofa",
    "Furniture",
    (
        _box("sofa seat", "sofa", (2.0, 0.42, 0.9), (0.0, 0.0, 0.0), _CLOTH, round_m=0.06),
        _box("sofa back", "sofa", (2.0, 0.8, 0.22), (0.0, 0.0, -0.36), _CLOTH, round_m=0.06),
        _box("sofa arm", "sofa", (0.2, 0.6, 0.9), (-0.92, 0.0, 0.0), _CLOTH, round_m=0.06),
        _box("sofa arm", "sofa", (0.2, 0.6, 0.9), (0.92, 0.0, 0.0), _CLOTH, round_m=0.06),
    ),
    faces=True,
)
_DOORWAY = [{"x": 0.0, "y": 0.0, "width": 0.95, "height": 2.1}]
_WINDOW = [{"x": 0.0, "y": 0.9, "width": 1.4, "height": 1.2}]


def _figures() -> tuple[Piece, ...]:
    return tuple(
        Piece(
            pose,
            "Figures",
            (Part("mannequin", {"name": "figure", "class": "person", "pose": pose}),),
            faces=True,
        )
        for pose in pose_names()
    )


_SET = (
    _one("wall", "Set", "wall", {"class": "wall", "size": (4.0, 2.7, 0.2)}),
    _one("wall with door", "Set", "wall", {"class": "wall", "openings": _DOORWAY}),
    _one("wall with window", "Set", "wall", {"class": "wall", "openings": _WINDOW}),
    _one("floor", "Set", "plane", {"class": "floor", "size": (10.0, 10.0), "colour": "#8c8a86"}),
    _one("stairs", "Set", "stairs", {"class": "stairs"}),
    _one("ramp", "Set", "ramp", {"class": "path", "size": (1.5, 0.6, 3.0)}),
    _one("column", "Set", "cylinder", {"class": "column", "size": (0.4, 2.7, 0.4)}),
    _TABLE,
    _CHAIR,
    _SOFA,
    _one("bed", "Furniture", "box", {"class": "bed", "size": (1.6, 0.55, 2.0), "round_m": 0.06}),
    _one("cabinet", "Furniture", "box", {"class": "cabinet", "size": (1.0, 1.9, 0.5), "colour": _WOOD}),
    _one("crate", "Furniture", "box", {"class": "box", "size": (0.6, 0.6, 0.6), "colour": _WOOD}),
    _CAR,
    _one("building", "Street", "box", {"class": "building", "size": (10.0, 9.0, 8.0)}),
    _one(
        "fence",
        "Street",
        "array",
        {"class": "fence", "size": (0.09, 1.1, 0.03), "counts": (24, 1, 1), "spacing": (0.13, 0.0, 0.0)},
    ),
    _LAMP,
    _STREETLIGHT,
    _TREE,
    _FIR,
    _one("bush", "Nature", "sphere", {"class": "plant", "size": (1.3, 1.0, 1.3), "colour": "#57703f"}),
    _one("rock", "Nature", "sphere", {"class": "rock", "size": (1.4, 0.8, 1.1), "colour": "#77736c"}),
)


def _shapes() -> tuple[Piece, ...]:
    # A mesh needs a file first; a figure has its own family.
    kinds = [kind for kind in proxy_kinds() if kind not in ("mesh", "mannequin")]
    return tuple(Piece(f"plain {kind}", "Shapes", (Part(kind, {"name": kind}),)) for kind in kinds)


PIECES: tuple[Piece, ...] = (*_figures(), *_SET, *_shapes())
"""Everything that can be added at one press, families together."""

_BY_NAME = {piece.name: piece for piece in PIECES}


@dataclass(frozen=True, slots=True)
class AddPiece(Edit):
    """Add a piece by its name at a place in the world, turned by a yaw in degrees."""

    piece: str
    position: Vector = (0.0, 0.0, 0.0)
    yaw_deg: float = 0.0

    @property
    def label(self) -> str:
        return f"Add {self.piece}"

    def added_name(self, scene: Scene) -> str:
        """The name that it gets in this scene: that of its group, if it has several parts."""
        parts = self._found(scene).parts
        wanted = self.piece if len(parts) > 1 else str(parts[0].fields["name"])
        return fresh_name(wanted, names_used(scene))

    def apply(self, scene: Scene) -> Scene:
        parts = self._found(scene).parts
        turned = (round(self.yaw_deg, 6) + 0.0, 0.0, 0.0)
        if len(parts) == 1:
            part = parts[0]
            return AddProxy(part.kind, self.position, {**part.fields, "rotation_deg": turned}).apply(scene)
        group = self.added_name(scene)
        scene = AddGroup(group, self.position).apply(scene)
        scene = SetFields((group,), {"rotation_deg": turned}).apply(scene)
        for part in parts:
            scene = AddProxy(part.kind, (0.0, 0.0, 0.0), part.fields, group).apply(scene)
        return scene

    def _found(self, scene: Scene) -> Piece:
        if self.piece not in _BY_NAME:
            raise refused(
                scene,
                f"there is no piece {self.piece!r:.60}",
                field="objects",
                mend=f"pieces: {', '.join(_BY_NAME)}",
            )
        return _BY_NAME[self.piece]
