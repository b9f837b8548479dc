"""What things are and how they look: any field by its name in files, and the ones that menus set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted, refused, replaced, with_fields
from director.scene.edit.tree import editable, named
from director.scene.proxy import Placed, Proxy

__all__ = [
    "Hide",
    "Lock",
    "SetClass",
    "SetColour",
    "SetFields",
    "SetLight",
    "SetPose",
    "SetPrompt",
]

# These have edits of their own, which see to what else must follow.
_NOT_HERE = {
    "name": "rename it",
    "parent": "hang it from the parent",
    "kind": "add another kind in its place",
}


@dataclass(frozen=True, slots=True)
class SetFields(Edit):
    """Set fields of objects and groups by the names that files give them; None leaves an optional one out."""

    names: tuple[str, ...]
    fields: Mapping[str, Any]

    @property
    def label(self) -> str:
        what = " and ".join(name.removesuffix("_m").removesuffix("_deg") for name in self.fields)
        return counted(f"Set {what.replace('_', ' ')} of", self.names)

    def apply(self, scene: Scene) -> Scene:
        for field in self.fields:
            if field in _NOT_HERE:
                raise refused(scene, "is not set like other fields", field=field, mend=_NOT_HERE[field])
        return _with_all(scene, self.names, self.fields)


@dataclass(frozen=True, slots=True)
class SetClass(Edit):
    """Set the ADE20K class of objects."""

    names: tuple[str, ...]
    class_name: str

    @property
    def label(self) -> str:
        return counted("Set class of", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _with_all(scene, self.names, {"class": self.class_name}, proxies=True)


@dataclass(frozen=True, slots=True)
class SetPrompt(Edit):
    """Set the prompt of objects."""

    names: tuple[str, ...]
    prompt: str

    @property
    def label(self) -> str:
        return counted("Set prompt of", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _with_all(scene, self.names, {"prompt": self.prompt}, proxies=True)


@dataclass(frozen=True, slots=True)
class SetColour(Edit):
    """Set the colour of objects, #rrggbb in sRGB."""

    names: tuple[str, ...]
    colour: str

    @property
    def label(self) -> str:
        return counted("Set colour of", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _with_all(scene, self.names, {"colour": self.colour}, proxies=True)


@dataclass(frozen=True, slots=True)
class SetLight(Edit):
    """Make objects lamps of a strength (illuminance at one metre, in units of full sun) and a colour; what is
    left None stays as it is. `off` takes the lamp away."""

    names: tuple[str, ...]
    strength: float | None = None
    colour: str | None = None
    off: bool = False

    @property
    def label(self) -> str:
        return counted("Put out" if self.off else "Set light of", self.names)

    def apply(self, scene: Scene) -> Scene:
        editable(scene, self.names)
        new: dict[str, Placed] = {}
        for name in self.names:
            placed = _proxy(scene, name, "light")
            light: dict[str, Any] | None = None
            if not self.off:
                asked = {"strength": self.strength, "colour": self.colour}
                light = {} if placed.light is None else placed.light.model_dump()
                light |= {field: value for field, value in asked.items() if value is not None}
            new[name] = with_fields(scene, placed, {"light": light})
        return replaced(scene, new)


@dataclass(frozen=True, slots=True)
class SetPose(Edit):
    """Set the pose of mannequins; `phase` of a stride and `seat_m` where they are given."""

    names: tuple[str, ...]
    pose: str
    phase: float | None = None
    seat_m: float | None = None

    @property
    def label(self) -> str:
        return counted("Set pose of", self.names)

    def apply(self, scene: Scene) -> Scene:
        for name in self.names:
            placed = _proxy(scene, name, "pose")
            if placed.kind != "mannequin":
                raise refused(
                    scene, f"{name!r} is a {placed.kind}", field="pose", mend="poses are for mannequins"
                )
        fields = {"pose": self.pose, "phase": self.phase, "seat_m": self.seat_m}
        return _with_all(scene, self.names, {k: v for k, v in fields.items() if v is not None})


@dataclass(frozen=True, slots=True)
class Hide(Edit):
    """Hide objects and groups, or show them. A hidden group hides what hangs on it; locked things can be
    hidden."""

    names: tuple[str, ...]
    hidden: bool = True

    @property
    def label(self) -> str:
        return counted("Hide" if self.hidden else "Show", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _flagged(scene, self.names, "hidden", self.hidden)


@dataclass(frozen=True, slots=True)
class Lock(Edit):
    """Lock objects and groups against edits, or unlock them. A locked group locks what hangs on it."""

    names: tuple[str, ...]
    locked: bool = True

    @property
    def label(self) -> str:
        return counted("Lock" if self.locked else "Unlock", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _flagged(scene, self.names, "locked", self.locked)


def _with_all(
    scene: Scene, names: tuple[str, ...], fields: Mapping[str, Any], *, proxies: bool = False
) -> Scene:
    editable(scene, names)
    field = next(iter(fields), "")
    found: dict[str, Placed] = {
        name: _proxy(scene, name, field) if proxies else named(scene, name) for name in names
    }
    return replaced(scene, {name: with_fields(scene, placed, fields) for name, placed in found.items()})


def _flagged(scene: Scene, names: tuple[str, ...], flag: str, value: bool) -> Scene:
    return replaced(scene, {name: with_fields(scene, named(scene, name), {flag: value}) for name in names})


def _proxy(scene: Scene, name: str, field: str) -> Proxy:
    placed = named(scene, name)
    if not isinstance(placed, Proxy):
        raise refused(
            scene, f"{name!r} is a group, which has none", field=field, mend="select the objects in it"
        )
    return placed
