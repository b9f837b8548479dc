"""Adding: a proxy of any kind, or a group, at a place and under a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from director.errors import SceneError
from director.scene.document import Group, Scene
from director.scene.edit.edit import Edit, rebuilt, refused
from director.scene.edit.places import rounded
from director.scene.edit.tree import editable, fresh_name, names_used
from director.scene.load import first_problem
from director.scene.proxies import proxy_kinds
from director.scene.proxy import Proxy, ProxyProblem
from director.types import Vector

__all__ = ["AddGroup", "AddProxy", "made_proxy"]

# What a proxy is taken for until somebody says more.
_CLASSES: Mapping[str, str] = {"mannequin": "person", "plane": "floor", "stairs": "stairs", "wall": "wall"}
_OTHER_CLASS = "box"


@dataclass(frozen=True, slots=True)
class AddProxy(Edit):
    """A new proxy of a kind at a place (in the parent's space), with the kind's own defaults for the rest.

    `fields` go by the names that files give them. Without a name it gets that of its kind and the first free
    number; without a class, one that fits the kind. `added_name` tells the name beforehand.
    """

    kind: str
    position: Vector = (0.0, 0.0, 0.0)
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    folder: Path | None = None

    @property
    def label(self) -> str:
        return f"Add {self.fields.get('name', self.kind)}"

    def added_name(self, scene: Scene) -> str:
        """The name that it gets in this scene."""
        return fresh_name(str(self.fields.get("name", self.kind)), names_used(scene))

    def apply(self, scene: Scene) -> Scene:
        if self.parent is not None:
            editable(scene, [self.parent])
        raw = {
            "kind": self.kind,
            "class": _CLASSES.get(self.kind, _OTHER_CLASS),
            "position": rounded(self.position),
            "parent": self.parent,
            **self.fields,
            "name": self.added_name(scene),
        }
        proxy = made_proxy(scene, raw, self.folder)
        return rebuilt(scene, {"objects": (*scene.objects, proxy)})


@dataclass(frozen=True, slots=True)
class AddGroup(Edit):
    """A new, empty group at a place, in the parent's space."""

    name: str = "group"
    position: Vector = (0.0, 0.0, 0.0)
    parent: str | None = None

    @property
    def label(self) -> str:
        return f"Add {self.name}"

    def apply(self, scene: Scene) -> Scene:
        if self.parent is not None:
            editable(scene, [self.parent])
        raw = {
            "name": fresh_name(self.name, names_used(scene)),
            "position": rounded(self.position),
            "parent": self.parent,
        }
        try:
            group = Group.model_validate(raw)
        except ValidationError as error:
            raise _placed_under(
                scene, f"groups[{len(scene.groups)}]", first_problem(error, raw, "")
            ) from error
        return rebuilt(scene, {"groups": (*scene.groups, group)})


def made_proxy(scene: Scene, raw: Mapping[str, Any], folder: Path | None) -> Proxy:
    """A proxy of what a file would hold of it; `folder` is where the files that it names are looked for.

    Raises SceneError.
    """
    where = f"objects[{len(scene.objects)}]"
    kinds = proxy_kinds()
    if raw["kind"] not in kinds:
        raise refused(
            scene,
            f"{raw['kind']!r:.60} is no kind there is",
            field=f"{where}.kind",
            mend=f"kinds: {', '.join(sorted(kinds))}",
        )
    try:
        proxy = kinds[raw["kind"]].model_validate(raw, context={"folder": folder or Path()})
    except ValidationError as error:
        raise _placed_under(scene, where, first_problem(error, raw, "")) from error
    try:
        proxy.check()
    except ProxyProblem as problem:
        raise refused(
            scene, problem.problem, field=f"{where}.{problem.field}", mend=problem.mend
        ) from problem
    return proxy


def _placed_under(scene: Scene, where: str, found: SceneError) -> SceneError:
    return refused(scene, found.problem, field=f"{where}.{found.field}", mend=found.mend)
