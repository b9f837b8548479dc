"""Setting new things down in the set, where the picture is looked at, and selecting them at once."""

from pathlib import Path

from director.app.desk.aim import standing_place, yaw_to_camera
from director.app.desk.editing import Editing
from director.errors import SceneError
from director.scene.edit import PIECES, AddPiece, ImportMesh, inspect_mesh
from director.scene.edit.mesh_import import MeshFindings, Up

__all__ = ["add_piece", "found_mesh", "import_mesh"]

_FACING = frozenset(piece.name for piece in PIECES if piece.faces)


def add_piece(editing: Editing, name: str, at: tuple[float, float] | None = None) -> bool:
    """Add a piece at a place of the picture, uv; None: at the pointer, or in the middle. What has a front
    faces the camera."""
    session = editing.session
    place = standing_place(session, at)
    view = session.picture.view
    yaw_deg = yaw_to_camera(view, place) if view is not None and name in _FACING else 0.0
    return _added(editing, AddPiece(name, place, yaw_deg))


def found_mesh(editing: Editing, path: str) -> MeshFindings | None:
    """What is in a mesh file; says in a notice why it cannot be read."""
    try:
        return inspect_mesh(Path(path).expanduser())
    except (SceneError, RuntimeError) as error:
        # RuntimeError: a ~ of nobody's.
        editing.session.notices.add(str(error), is_problem=True)
        return None


def import_mesh(editing: Editing, found: MeshFindings, scale: float, up: Up) -> bool:
    """Add a mesh file as a proxy, where the picture is looked at."""
    folder = None if editing.path is None else editing.path.parent
    place = standing_place(editing.session)
    return _added(editing, ImportMesh(found.path, place, scale, up, folder=folder))


def _added(editing: Editing, edit: AddPiece | ImportMesh) -> bool:
    before = {placed.name for _, placed in editing.scene.placed()}
    if not editing.do(edit):
        return False
    new = [placed for _, placed in editing.scene.placed() if placed.name not in before]
    names = {placed.name for placed in new}
    editing.select([placed.name for placed in new if placed.parent not in names])
    return True
