"""Taking away: objects and groups, with what hangs on them and what refers to them.

Children go with their parent, as in Maya, Unity and Cinema 4D; `keep_children` leaves them where they stand,
hanging from what their parent hung on.
"""

from dataclasses import dataclass
from typing import Any

from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted, rebuilt
from director.scene.edit.grouping import hung_from
from director.scene.edit.references import named_in, refuse_users, stripped
from director.scene.edit.tree import editable, hanging

__all__ = ["Delete"]


@dataclass(frozen=True, slots=True)
class Delete(Edit):
    """Take away objects and groups.

    Moves, shots and objects that refer to them are in the way: it is refused, and the error names the first.
    With `drop_users` such moves go too, and the shots that use those moves; other shots and objects merely
    lose what they said of what is gone.
    """

    names: tuple[str, ...]
    keep_children: bool = False
    drop_users: bool = False
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Delete", self.names)

    def apply(self, scene: Scene) -> Scene:
        going = set(self.names) if self.keep_children else set(hanging(scene, self.names))
        editable(scene, [*self.names, *sorted(going)])
        if self.keep_children:
            scene = self._children_up(scene, going)
        changes: dict[str, Any] = {
            "groups": tuple(group for group in scene.groups if group.name not in going),
            "objects": tuple(proxy for proxy in scene.objects if proxy.name not in going),
        }
        if self.drop_users:
            changes = _without_users(scene, changes, going)
        else:
            refuse_users(scene, going)
        return rebuilt(scene, changes)

    def _children_up(self, scene: Scene, going: set[str]) -> Scene:
        parents = {placed.name: placed.parent for _, placed in scene.placed()}
        staying: dict[str, str | None] = {}
        for _, placed in scene.placed():
            if placed.name not in going and placed.parent in going:
                above: str | None = placed.parent
                while above in going:
                    above = parents[above]
                staying[placed.name] = above
        return hung_from(scene, staying, self.time_s)


def _without_users(scene: Scene, changes: dict[str, Any], going: set[str]) -> dict[str, Any]:
    moves = tuple(move for move in scene.moves if not named_in(move) & going)
    kept = {move.name for move in moves}
    shots = [shot for shot in scene.shots if getattr(shot.camera, "move", None) in {None, *kept}]
    for field in ("groups", "objects"):
        changes[field] = tuple(stripped(placed, going) for placed in changes[field])
    changes["shots"] = tuple(stripped(shot, going) for shot in shots)
    return {**changes, "moves": moves}
