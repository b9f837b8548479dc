"""A new name for an object or group; everything that refers to it follows."""

from dataclasses import dataclass
from typing import Any

from director.scene.document import Scene
from director.scene.edit.edit import Edit, rebuilt, refused, with_fields
from director.scene.edit.references import renamed
from director.scene.edit.tree import editable, named, names_used

__all__ = ["Rename"]


@dataclass(frozen=True, slots=True)
class Rename(Edit):
    """Call an object or group something else: parents, moves and shots follow."""

    name: str
    new_name: str

    @property
    def label(self) -> str:
        return f"Rename {self.name} to {self.new_name}"

    def apply(self, scene: Scene) -> Scene:
        editable(scene, [self.name])
        if self.new_name == self.name:
            return scene
        if self.new_name in names_used(scene):
            field = next(field for field, placed in scene.placed() if placed.name == self.name)
            raise refused(
                scene,
                f"{self.new_name!r} is already the name of another object",
                field=f"{field}.name",
                mend="choose a name that is free",
            )
        new = with_fields(scene, named(scene, self.name), {"name": self.new_name})
        changes: dict[str, Any] = {}
        for field in ("groups", "objects", "moves", "shots"):
            old = getattr(scene, field)
            made = tuple(
                renamed(
                    new if item.name == self.name and field in ("groups", "objects") else item,
                    {self.name: new.name},
                )
                for item in old
            )
            if any(a is not b for a, b in zip(made, old, strict=True)):
                changes[field] = made
        return rebuilt(scene, changes)
