"""The shots of a scene, changed: every edit gives a new scene, checked as a file would be."""

from collections.abc import Sequence

from director.errors import UsageError
from director.scene.document import Scene
from director.scene.proxy import ProxyProblem
from director.scene.shots import Shot, check_shots

__all__ = ["free_name", "with_shot", "with_shots", "without_shot"]


def with_shots(scene: Scene, shots: Sequence[Shot]) -> Scene:
    """The scene with these shots, in this order. Raises UsageError where one names what the scene has not."""
    try:
        check_shots(
            shots,
            objects={proxy.name for proxy in scene.objects},
            groups={group.name for group in scene.groups},
            moves=[move.name for move in scene.moves],
        )
    except ProxyProblem as problem:
        raise UsageError(problem.problem, subject=problem.field, mend=problem.mend) from problem
    return scene.model_copy(update={"shots": tuple(shots)})


def with_shot(scene: Scene, shot: Shot, replacing: str | None = None) -> Scene:
    """The scene with a shot in the place of the one named `replacing`, or of its own name, or at the end.
    Raises UsageError."""
    name = shot.name if replacing is None else replacing
    if name in {other.name for other in scene.shots}:
        return with_shots(scene, [shot if other.name == name else other for other in scene.shots])
    return with_shots(scene, [*scene.shots, shot])


def without_shot(scene: Scene, name: str) -> Scene:
    """The scene without the shot of that name, if it has one."""
    return with_shots(scene, [shot for shot in scene.shots if shot.name != name])


def free_name(scene: Scene, wanted: str = "shot") -> str:
    """`wanted`, or the first of `wanted 2`, `wanted 3` … that no shot of the scene has."""
    taken = {shot.name for shot in scene.shots}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name
