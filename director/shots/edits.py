"""Edits of the shots of a scene that go beyond putting one in or taking one away."""

from dataclasses import dataclass

from director.scene.document import Scene
from director.scene.edit import Edit
from director.scene.edit.edit import rebuilt, refused
from director.scene.shots import Shot

__all__ = ["InsertShot", "PutShotAs", "ReorderShot"]


@dataclass(frozen=True, slots=True)
class PutShotAs(Edit):
    """Put a shot in the place of the one named `name`, perhaps under another name; `what` says what was done
    to it."""

    name: str
    shot: Shot
    what: str

    @property
    def label(self) -> str:
        return self.what

    def apply(self, scene: Scene) -> Scene:
        _check(scene, self.name)
        return rebuilt(
            scene, {"shots": tuple(self.shot if it.name == self.name else it for it in scene.shots)}
        )


@dataclass(frozen=True, slots=True)
class InsertShot(Edit):
    """Put a new shot after the one named `after`, or with None after all others."""

    shot: Shot
    after: str | None = None

    @property
    def label(self) -> str:
        return f"Make shot {self.shot.name}"

    def apply(self, scene: Scene) -> Scene:
        names = [it.name for it in scene.shots]
        at = names.index(self.after) + 1 if self.after in names else len(names)
        return rebuilt(scene, {"shots": (*scene.shots[:at], self.shot, *scene.shots[at:])})


@dataclass(frozen=True, slots=True)
class ReorderShot(Edit):
    """Bring a shot to another place in the order, counted from 0."""

    name: str
    to: int

    @property
    def label(self) -> str:
        return f"Move shot {self.name} in the order"

    def apply(self, scene: Scene) -> Scene:
        _check(scene, self.name)
        shots = list(scene.shots)
        shot = next(it for it in shots if it.name == self.name)
        shots.remove(shot)
        shots.insert(min(len(shots), max(0, self.to)), shot)
        return rebuilt(scene, {"shots": tuple(shots)})


def _check(scene: Scene, name: str) -> None:
    names = [it.name for it in scene.shots]
    if name not in names:
        raise refused(
            scene, f"there is no {name!r:.90}", field="shots", mend=f"shots: {', '.join(names) or 'none'}"
        )
