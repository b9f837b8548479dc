"""Who hangs on whom: group, ungroup, and hang from another parent; world places stay.

What hangs on something that moves keeps the place that it has at `time_s`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from director.errors import SceneError
from director.math3d import inverse_rigid
from director.scene.document import Group, Scene
from director.scene.edit.add import AddGroup
from director.scene.edit.edit import Edit, counted, rebuilt, refused, replaced, with_fields
from director.scene.edit.places import carried, middle, parent_place, rounded, world_place
from director.scene.edit.references import refuse_users
from director.scene.edit.tree import above, editable, fresh_name, named, names_used, roots
from director.scene.proxy import Placed

__all__ = ["GroupTogether", "HangFrom", "Ungroup", "hung_from"]


@dataclass(frozen=True, slots=True)
class HangFrom(Edit):
    """Hang objects or groups from a parent, or from the world (None), where they stand."""

    names: tuple[str, ...]
    parent: str | None
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"{counted('Hang', self.names)} {'free' if self.parent is None else f'from {self.parent}'}"

    def apply(self, scene: Scene) -> Scene:
        editable(scene, self.names)
        if self.parent is not None:
            editable(scene, [self.parent])
        hanging_now = {placed.name: self.parent for placed in roots(scene, self.names)}
        return hung_from(scene, hanging_now, self.time_s)


@dataclass(frozen=True, slots=True)
class GroupTogether(Edit):
    """A new group that holds these, its place amid their bases and as low as the lowest of them. It hangs
    from what all of them hung from, else from the world."""

    names: tuple[str, ...]
    name: str = "group"
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Group", self.names)

    def apply(self, scene: Scene) -> Scene:
        editable(scene, self.names)
        tops = roots(scene, self.names)
        if not tops:
            raise refused(scene, "nothing is selected to group", field="groups", mend="select objects first")
        parents = {placed.parent for placed in tops}
        parent = parents.pop() if len(parents) == 1 else None
        chosen = [placed.name for placed in tops]
        x, _, z = middle(scene, chosen, self.time_s)
        low = min(float(world_place(scene, name, self.time_s)[1, 3]) for name in chosen)
        below = inverse_rigid(parent_place(scene, parent, self.time_s))
        position = rounded(below[:3, :3] @ (x, low, z) + below[:3, 3])
        name = fresh_name(self.name, names_used(scene))
        scene = AddGroup(name, position, parent).apply(scene)
        return hung_from(scene, dict.fromkeys(chosen, name), self.time_s)


@dataclass(frozen=True, slots=True)
class Ungroup(Edit):
    """Take groups away and leave what they held where it stands, hanging from what the group hung from.

    A group that moves leaves its things where they are at `time_s`. Refused while a move or a shot refers to
    the group.
    """

    names: tuple[str, ...]
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Ungroup", self.names)

    def apply(self, scene: Scene) -> Scene:
        editable(scene, self.names)
        for name in dict.fromkeys(self.names):
            group = named(scene, name)
            if not isinstance(group, Group):
                raise refused(
                    scene, f"{name!r} is not a group", field="groups", mend="select the group that holds it"
                )
            held = [placed.name for _, placed in scene.placed() if placed.parent == name]
            scene = hung_from(scene, dict.fromkeys(held, group.parent), self.time_s)
            refuse_users(scene, {name})
            scene = rebuilt(scene, {"groups": tuple(it for it in scene.groups if it.name != name)})
        return scene


def hung_from(scene: Scene, parents: Mapping[str, str | None], time_s: float = 0.0) -> Scene:
    """The scene with these hung from other parents (by their names; None: the world), where they stand at a
    time. None of them may hang on another. Raises SceneError."""
    new: dict[str, Placed] = {}
    for name, parent in parents.items():
        placed = named(scene, name)
        if parent is not None and name in above(scene, parent):
            raise _ring(scene, name, parent)
        if parent != placed.parent:
            below = inverse_rigid(parent_place(scene, parent, time_s))
            motion = below @ parent_place(scene, placed.parent, time_s)
            new[name] = with_fields(scene, placed, {**carried(placed, motion), "parent": parent})
    return replaced(scene, new)


def _ring(scene: Scene, name: str, parent: str) -> SceneError:
    field = next(field for field, placed in scene.placed() if placed.name == name)
    problem = "it cannot hang from itself" if parent == name else f"{parent!r} hangs on {name!r} itself"
    return refused(scene, problem, field=f"{field}.parent", mend="choose another parent")
