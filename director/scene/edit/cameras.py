"""Camera moves and shots of the scene: put one in or in the place of its namesake, and take one away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director.camera.moves import Move as CameraMove
from director.scene.document import Scene
from director.scene.edit.edit import Edit, rebuilt, refused
from director.scene.edit.tree import fresh_name
from director.scene.shots import MoveCamera, Shot

__all__ = ["DeleteCameraMove", "DeleteShot", "PutCameraMove", "PutShot", "RenameCameraMove"]


@dataclass(frozen=True, slots=True)
class PutCameraMove(Edit):
    """Put a camera move in the place of the one of its name, or after all others; with `fresh` under the
    first name that is free."""

    move: CameraMove
    fresh: bool = False

    @property
    def label(self) -> str:
        return f"Set move {self.move.name}"

    def apply(self, scene: Scene) -> Scene:
        return rebuilt(scene, {"moves": _put(scene.moves, self.move, self.fresh)})


@dataclass(frozen=True, slots=True)
class DeleteCameraMove(Edit):
    """Take a camera move away. Refused while a shot uses it, unless `drop_shots` takes those along."""

    name: str
    drop_shots: bool = False

    @property
    def label(self) -> str:
        return f"Delete move {self.name}"

    def apply(self, scene: Scene) -> Scene:
        _check_there(scene, "moves", self.name)
        users = [i for i, shot in enumerate(scene.shots) if _uses(shot, self.name)]
        if users and not self.drop_shots:
            raise refused(
                scene,
                f"the move {self.name!r} cannot go: the shot {scene.shots[users[0]].name!r} uses it",
                field=f"shots[{users[0]}].camera.move",
                mend="give the shot another camera, or delete the move with its shots",
            )
        changes: dict[str, Any] = {"moves": tuple(it for it in scene.moves if it.name != self.name)}
        if users:
            changes["shots"] = tuple(it for i, it in enumerate(scene.shots) if i not in users)
        return rebuilt(scene, changes)


@dataclass(frozen=True, slots=True)
class RenameCameraMove(Edit):
    """Call a camera move something else; shots that use it follow."""

    name: str
    new_name: str

    @property
    def label(self) -> str:
        return f"Rename move {self.name} to {self.new_name}"

    def apply(self, scene: Scene) -> Scene:
        _check_there(scene, "moves", self.name)
        moves = []
        for move in scene.moves:
            fields: Mapping[str, Any] = {**move.model_dump(by_alias=True), "name": self.new_name}
            moves.append(fields if move.name == self.name else move)
        shots = tuple(
            shot.model_copy(update={"camera": shot.camera.model_copy(update={"move": self.new_name})})
            if _uses(shot, self.name)
            else shot
            for shot in scene.shots
        )
        # A list, so that the checked move is taken, and not what it is made from.
        checked = rebuilt(scene.model_copy(update={"shots": ()}), {"moves": moves})
        return rebuilt(scene, {"moves": checked.moves, "shots": shots})


@dataclass(frozen=True, slots=True)
class PutShot(Edit):
    """Put a shot in the place of the one of its name, or after all others; with `fresh` under the first name
    that is free."""

    shot: Shot
    fresh: bool = False

    @property
    def label(self) -> str:
        return f"Set shot {self.shot.name}"

    def apply(self, scene: Scene) -> Scene:
        return rebuilt(scene, {"shots": _put(scene.shots, self.shot, self.fresh)})


@dataclass(frozen=True, slots=True)
class DeleteShot(Edit):
    """Take a shot away."""

    name: str

    @property
    def label(self) -> str:
        return f"Delete shot {self.name}"

    def apply(self, scene: Scene) -> Scene:
        _check_there(scene, "shots", self.name)
        return rebuilt(scene, {"shots": tuple(it for it in scene.shots if it.name != self.name)})


def _put(items: tuple[Any, ...], new: Any, fresh: bool) -> tuple[Any, ...]:
    names = [item.name for item in items]
    if fresh:
        new = new.model_copy(update={"name": fresh_name(new.name, names)})
    if new.name in names:
        return tuple(new if item.name == new.name else item for item in items)
    return (*items, new)


def _check_there(scene: Scene, field: str, name: str) -> None:
    names = [item.name for item in getattr(scene, field)]
    if name not in names:
        raise refused(
            scene,
            f"there is no {name!r:.90}",
            field=field,
            mend=f"{field}: {', '.join(names) or 'none'}",
        )


def _uses(shot: Shot, move: str) -> bool:
    return isinstance(shot.camera, MoveCamera) and shot.camera.move == move
