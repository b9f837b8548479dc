"""Editing a scene: operations as pure functions Scene → Scene, undo without limit, autosave and recovery.

An operation is a class in one of the family's files; `OpenScene` is what a window holds.
"""

from director.scene.edit.add import AddGroup, AddProxy
from director.scene.edit.cameras import (
    DeleteCameraMove,
    DeleteShot,
    PutCameraMove,
    PutShot,
    RenameCameraMove,
)
from director.scene.edit.duplicate import Duplicate, DuplicateInRows
from director.scene.edit.edit import Edit
from director.scene.edit.fields import (
    Hide,
    Lock,
    SetClass,
    SetColour,
    SetFields,
    SetLight,
    SetPose,
    SetPrompt,
)
from director.scene.edit.ground import DropToGround, boxes_of
from director.scene.edit.grouping import GroupTogether, HangFrom, Ungroup
from director.scene.edit.history import History, Step
from director.scene.edit.keys import DeleteKey, MoveKey, SetKey
from director.scene.edit.mesh_import import ImportMesh, inspect_mesh
from director.scene.edit.open_scene import OpenScene
from director.scene.edit.pieces import PIECES, AddPiece, Piece
from director.scene.edit.remove import Delete
from director.scene.edit.rename import Rename
from director.scene.edit.scale import Scale
from director.scene.edit.snapping import SnapToGrid, snapped, snapped_offset, snapped_place
from director.scene.edit.templates import load_template, template_names
from director.scene.edit.transform import Move, MoveTo, Turn, TurnTo
from director.scene.edit.world import SetScene, SetScenePrompt, SetSun

__all__ = [
    "PIECES",
    "AddGroup",
    "AddPiece",
    "AddProxy",
    "Delete",
    "DeleteCameraMove",
    "DeleteKey",
    "DeleteShot",
    "DropToGround",
    "Duplicate",
    "DuplicateInRows",
    "Edit",
    "GroupTogether",
    "HangFrom",
    "Hide",
    "History",
    "ImportMesh",
    "Lock",
    "Move",
    "MoveKey",
    "MoveTo",
    "OpenScene",
    "Piece",
    "PutCameraMove",
    "PutShot",
    "Rename",
    "RenameCameraMove",
    "Scale",
    "SetClass",
    "SetColour",
    "SetFields",
    "SetKey",
    "SetLight",
    "SetPose",
    "SetPrompt",
    "SetScene",
    "SetScenePrompt",
    "SetSun",
    "SnapToGrid",
    "Step",
    "Turn",
    "TurnTo",
    "Ungroup",
    "boxes_of",
    "inspect_mesh",
    "load_template",
    "snapped",
    "snapped_offset",
    "snapped_place",
    "template_names",
]
