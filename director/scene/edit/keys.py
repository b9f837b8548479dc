"""Keys of objects and groups: set one at a time, move one in time, take one away."""

from dataclasses import dataclass

from director.scene.document import Scene
from director.scene.edit.edit import Edit, refused, replaced, with_fields
from director.scene.edit.tree import editable, named
from director.scene.proxy import Key, Placed, Rotation
from director.types import Vector

__all__ = ["DeleteKey", "MoveKey", "SetKey"]

# Keys nearer to each other than this are the same key: a fifth of a millisecond is no frame of any film.
_SAME_S = 2e-4


@dataclass(frozen=True, slots=True)
class SetKey(Edit):
    """A key at a time, in the parent's space: a new one, or one that replaces what the key there holds."""

    name: str
    time_s: float
    position: Vector | None = None
    rotation_deg: Rotation | None = None

    @property
    def label(self) -> str:
        return f"Set key of {self.name} at {self.time_s:g} s"

    def apply(self, scene: Scene) -> Scene:
        placed = _keyed(scene, self.name)
        i = _at(placed, self.time_s)
        given = {"position": self.position, "rotation_deg": self.rotation_deg}
        values = {field: value for field, value in given.items() if value is not None}
        if not values:
            raise refused(
                scene, "holds nothing", field=f"{self.name}.keys", mend="give a place or a rotation"
            )
        if i is None:
            fields = {"time_s": self.time_s, **values}
            keys: list[object] = [*placed.keys, fields]
            keys.sort(key=lambda key: key.time_s if isinstance(key, Key) else self.time_s)
        else:
            keys = list(placed.keys)
            keys[i] = {**placed.keys[i].model_dump(), **values}
        return _with_keys(scene, placed, keys)


@dataclass(frozen=True, slots=True)
class MoveKey(Edit):
    """Move a key to another time. Refused where another key is in its place."""

    name: str
    time_s: float
    to_s: float

    @property
    def label(self) -> str:
        return f"Move key of {self.name} to {self.to_s:g} s"

    def apply(self, scene: Scene) -> Scene:
        placed = _keyed(scene, self.name)
        i = _existing(scene, placed, self.time_s)
        there = _at(placed, self.to_s)
        if there is not None and there != i:
            raise refused(
                scene,
                f"there is a key at {self.to_s:g} s already",
                field=f"{self.name}.keys[{there}]",
                mend="take that one away first, or choose another time",
            )
        moved = placed.keys[i].model_copy(update={"time_s": self.to_s})
        others = (*placed.keys[:i], *placed.keys[i + 1 :])
        keys = sorted((*others, moved), key=lambda key: key.time_s)
        # As plain values, so that the time is checked.
        return _with_keys(scene, placed, [key.model_dump() if key is moved else key for key in keys])


@dataclass(frozen=True, slots=True)
class DeleteKey(Edit):
    """Take the key at a time away. The last one leaves the thing where that key had it."""

    name: str
    time_s: float

    @property
    def label(self) -> str:
        return f"Delete key of {self.name} at {self.time_s:g} s"

    def apply(self, scene: Scene) -> Scene:
        placed = _keyed(scene, self.name)
        i = _existing(scene, placed, self.time_s)
        gone = placed.keys[i]
        keys = (*placed.keys[:i], *placed.keys[i + 1 :])
        fields: dict[str, object] = {"keys": keys}
        for field in ("position", "rotation_deg"):
            value = getattr(gone, field)
            if value is not None and all(getattr(key, field) is None for key in keys):
                fields[field] = value
        return replaced(scene, {placed.name: with_fields(scene, placed, fields)})


def _keyed(scene: Scene, name: str) -> Placed:
    editable(scene, [name])
    return named(scene, name)


def _at(placed: Placed, time_s: float) -> int | None:
    return next((i for i, key in enumerate(placed.keys) if abs(key.time_s - time_s) < _SAME_S), None)


def _existing(scene: Scene, placed: Placed, time_s: float) -> int:
    i = _at(placed, time_s)
    if i is None:
        times = ", ".join(f"{key.time_s:g}" for key in placed.keys[:12]) or "none"
        raise refused(
            scene,
            f"there is no key at {time_s:g} s",
            field=f"{placed.name}.keys",
            mend=f"its keys, in seconds: {times}",
        )
    return i


def _with_keys(scene: Scene, placed: Placed, keys: list[object]) -> Scene:
    return replaced(scene, {placed.name: with_fields(scene, placed, {"keys": tuple(keys)})})
