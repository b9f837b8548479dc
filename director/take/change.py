"""One variable of a picture changed, as a director writes it: KEY=VALUE.

    prompt=TEXT               the scene's words: light, weather, mood
    object:NAME=TEXT          what an object is to be; of a group, each object in it
    background=TEXT           what stands behind everything: the mountains and hills of open land, else the
                              buildings of a street, else the walls of a room
    sun=AZIMUTH,ELEVATION     where the light comes from, degrees
    seed=N                    another throw of the dice
    time=S                    another moment of the move
    move=NAME                 another camera move
    camera=X,Y,Z              the camera put right, up and back of where it was, metres
    lens=MM                   another focal length
    hide=NAME                 an object or group taken away, with all that hangs from it
    move-object:NAME=X,Y,Z    an object or group, with all that hangs from it, moved along the world's axes,
                              metres; +Y is up

NAME is an object's or a group's.
"""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from director.camera.moves import Move
from director.errors import SceneError, UsageError
from director.math3d import rotate
from director.scene.compile import CompiledScene
from director.scene.document import Scene, Sun
from director.scene.proxy import Placed
from director.scene.route import track_of
from director.take.stage import Request
from director.take.stand_in import absent, displaced
from director.types import Lens, Vector

__all__ = ["KEYS", "Variant", "changed"]

KEYS: Final = (
    "prompt=TEXT, object:NAME=TEXT, background=TEXT, sun=AZIMUTH,ELEVATION, seed=N, time=S, move=NAME, "
    "camera=X,Y,Z, lens=MM, hide=NAME, move-object:NAME=X,Y,Z"
)

# What stands behind everything, by class, the farthest first.
_BACKGROUNDS = (
    frozenset({"mountain", "hill"}),
    frozenset({"building", "house", "skyscraper", "tower", "hovel"}),
    frozenset({"wall"}),
)
_LONGEST_S = 3600
_FARTHEST_M = 1e4
_LENSES_MM = 4, 1200


@dataclass(frozen=True, slots=True)
class Variant:
    """A picture that can be drawn: what is asked for, at a time of the move in seconds. `touched` names the
    objects that changes were about, None where one was about the whole picture."""

    request: Request
    time_s: float
    touched: tuple[str, ...] | None = ()


def changed(variant: Variant, text: str) -> Variant:
    """The variant with one variable changed; the one given stays as it is.

    Raises UsageError for what is no KEY=VALUE, names the scene does not have and values out of range, and
    SceneError for a camera change in a scene without a move.
    """
    left, equals, value = text.partition("=")
    key, colon, name = (part.strip() for part in left.partition(":"))
    if not equals:
        raise UsageError(
            f"{text!r} is not KEY=VALUE",
            subject="--change",
            mend='for example --change "prompt=snow at dusk"',
        )
    spelt = f"--change {key}"
    if colon and key in _NAMED:
        if not name:
            raise UsageError("names no object", subject=spelt, mend=f"write {_form(key)}")
        return _NAMED[key](variant, spelt, name, value.strip())
    if not colon and key in _PLAIN:
        return _PLAIN[key](variant, spelt, value.strip())
    if key in _NAMED or key in _PLAIN:
        raise UsageError(
            "takes no name before the =" if colon else "names no object",
            subject=spelt,
            mend=f"write {_form(key)}",
        )
    near = difflib.get_close_matches(key.casefold(), [*_PLAIN, *_NAMED], n=2, cutoff=0.6)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise UsageError("there is no such variable", subject=spelt, mend=f"{meant}there are {KEYS}")


def _form(key: str) -> str:
    return next(form for form in KEYS.split(", ") if form.partition("=")[0].partition(":")[0] == key)


def _touching(variant: Variant, names: Iterable[str]) -> tuple[str, ...] | None:
    if variant.touched is None:
        return None
    return tuple(dict.fromkeys([*variant.touched, *names]))


def _prompt(variant: Variant, spelt: str, value: str) -> Variant:
    return replace(variant, request=replace(variant.request, prompt=value), touched=None)


def _object(variant: Variant, spelt: str, name: str, value: str) -> Variant:
    scene = variant.request.scene
    found = _placed(scene, name, spelt)
    own = {proxy.name for proxy in scene.objects}
    return _prompted(variant, [name] if found.name in own else _hanging(scene, name), value)


def _background(variant: Variant, spelt: str, value: str) -> Variant:
    for classes in _BACKGROUNDS:
        names = [proxy.name for proxy in variant.request.scene.objects if proxy.class_name in classes]
        if names:
            return _prompted(variant, names, value)
    raise UsageError(
        "nothing in this scene is a background: no mountain, hill, building or wall",
        subject=spelt,
        mend="change object:NAME=TEXT, or the sky with prompt=TEXT",
    )


def _prompted(variant: Variant, names: Sequence[str], value: str) -> Variant:
    prompts = {**variant.request.object_prompts, **dict.fromkeys(names, value)}
    return replace(
        variant,
        request=replace(variant.request, object_prompts=prompts),
        touched=_touching(variant, names),
    )


def _sun(variant: Variant, spelt: str, value: str) -> Variant:
    azimuth, elevation = _numbers(spelt, value, ("AZIMUTH", "ELEVATION"), "degrees")
    if not (-360 <= azimuth <= 360 and -90 <= elevation <= 90):
        raise UsageError(
            f"{value} is outside -360 to 360 and -90 to 90 degrees", subject=spelt, mend="such as sun=135,40"
        )
    return _with_scene(variant, {"sun": Sun(azimuth_deg=azimuth, elevation_deg=elevation)}, None)


def _seed(variant: Variant, spelt: str, value: str) -> Variant:
    if not (value.isascii() and value.isdigit() and int(value) < 2**32):
        raise UsageError(
            f"{value!r} is not a whole number from 0 to {2**32 - 1}", subject=spelt, mend="such as seed=7"
        )
    return replace(variant, request=replace(variant.request, seed=int(value)), touched=None)


def _time(variant: Variant, spelt: str, value: str) -> Variant:
    (time_s,) = _numbers(spelt, value, ("S",), "seconds")
    if not 0 <= time_s <= _LONGEST_S:
        raise UsageError(f"{value} s is outside 0 to {_LONGEST_S}", subject=spelt, mend="such as time=2.5")
    return replace(variant, time_s=time_s, touched=None)


def _move(variant: Variant, spelt: str, value: str) -> Variant:
    names = [move.name for move in variant.request.scene.moves]
    if value not in names:
        raise UsageError(f"the scene has no move {value!r}", subject=spelt, mend=_nearest(value, names))
    chosen = variant.request.scene.moves[names.index(value)]
    _check_focus(variant.request, chosen.focal_length_mm)
    return replace(variant, request=replace(variant.request, move=value), touched=None)


def _camera(variant: Variant, spelt: str, value: str) -> Variant:
    offset = _vector(spelt, value)
    return _with_move(variant, lambda move: displaced(move, offset))


def _lens(variant: Variant, spelt: str, value: str) -> Variant:
    (focal_mm,) = _numbers(spelt, value, ("MM",), "millimetres")
    low, high = _LENSES_MM
    if not low <= focal_mm <= high:
        raise UsageError(f"{value} mm is outside {low} to {high}", subject=spelt, mend="such as lens=50")
    _check_focus(variant.request, focal_mm)
    return _with_move(variant, lambda move: move.model_copy(update={"focal_length_mm": focal_mm}))


def _check_focus(request: Request, focal_length_mm: float) -> None:
    """Raises UsageError where the lens could not be focused as near as is asked."""
    request.lens.on(Lens(focal_length_mm=focal_length_mm))


def _hide(variant: Variant, spelt: str, value: str) -> Variant:
    scene = variant.request.scene
    names = _hanging(scene, _placed(scene, value, spelt).name)
    objects = tuple(absent(proxy) if proxy.name in names else proxy for proxy in scene.objects)
    return _with_scene(variant, {"objects": objects}, names)


def _move_object(variant: Variant, spelt: str, name: str, value: str) -> Variant:
    scene = variant.request.scene
    found = _placed(scene, name, spelt)
    x, y, z = _in_parent(scene, found, _vector(spelt, value), variant.time_s)

    def moved(at: Vector) -> Vector:
        return (at[0] + x, at[1] + y, at[2] + z)

    keys = [
        key if key.position is None else key.model_copy(update={"position": moved(key.position)})
        for key in found.keys
    ]
    put = found.model_copy(update={"position": moved(found.position), "keys": tuple(keys)})
    update = {
        field: tuple(put if placed is found else placed for placed in getattr(scene, field))
        for field in ("groups", "objects")
    }
    return _with_scene(variant, update, _hanging(scene, name))


def _with_scene(variant: Variant, update: Mapping[str, object], names: Iterable[str] | None) -> Variant:
    scene = variant.request.scene.model_copy(update=update)
    touched = None if names is None else _touching(variant, names)
    return replace(variant, request=replace(variant.request, scene=scene), touched=touched)


def _with_move(variant: Variant, change: Callable[[Move], Move]) -> Variant:
    request = variant.request
    moves = request.scene.moves
    if not moves:
        raise SceneError(
            "has no camera move", file=request.scene.name, field="moves", mend="add one, such as a dolly-in"
        )
    name = moves[0].name if request.move is None else request.move
    CompiledScene(request.scene).move(name)
    changed_moves = tuple(change(move) if move.name == name else move for move in moves)
    return _with_scene(variant, {"moves": changed_moves}, None)


def _placed(scene: Scene, name: str, spelt: str) -> Placed:
    by_name = {placed.name: placed for _, placed in scene.placed()}
    if name not in by_name:
        raise UsageError(
            f"the scene has no object or group {name!r}", subject=spelt, mend=_nearest(name, list(by_name))
        )
    return by_name[name]


def _hanging(scene: Scene, name: str) -> list[str]:
    """The objects that hang from an object or group, itself among them."""
    parents = {placed.name: placed.parent for _, placed in scene.placed()}
    found = []
    for proxy in scene.objects:
        above: str | None = proxy.name
        while above is not None and above != name:
            above = parents[above]
        if above is not None:
            found.append(proxy.name)
    return found


def _in_parent(scene: Scene, placed: Placed, offset: Vector, time_s: float) -> Vector:
    """A world offset along the axes of what something hangs from, at a time."""
    by_name = {each.name: each for _, each in scene.placed()}
    chain: list[Placed] = []
    above = placed.parent
    while above is not None:
        chain.append(by_name[above])
        above = chain[-1].parent
    for each in reversed(chain):
        x, y, z, w = track_of(each).rotation(time_s)
        along = rotate((-x, -y, -z, w), offset)
        offset = (float(along[0]), float(along[1]), float(along[2]))
    return offset


def _vector(spelt: str, value: str) -> Vector:
    x, y, z = _numbers(spelt, value, ("X", "Y", "Z"), "metres")
    if max(abs(x), abs(y), abs(z)) > _FARTHEST_M:
        raise UsageError(f"{value} is farther than {_FARTHEST_M:g} m", subject=spelt, mend="such as 0.6,0,0")
    return (x, y, z)


def _numbers(spelt: str, value: str, names: tuple[str, ...], unit: str) -> list[float]:
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != len(names) or not all(math.isfinite(number) for number in numbers):
        raise UsageError(
            f"{value!r} is not {','.join(names)} in {unit}",
            subject=spelt,
            mend=f"such as {','.join(('0.5', '1', '0')[: len(names)])}",
        )
    return numbers


def _nearest(name: str, names: Sequence[str]) -> str:
    folded = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(folded[each] for each in near)}?"
    shown = names[:12]
    return f"there are {', '.join(shown) or 'none'}" + (" and more" if len(names) > len(shown) else "")


_PLAIN: Final[dict[str, Callable[[Variant, str, str], Variant]]] = {
    "prompt": _prompt,
    "background": _background,
    "sun": _sun,
    "seed": _seed,
    "time": _time,
    "move": _move,
    "camera": _camera,
    "lens": _lens,
    "hide": _hide,
}
_NAMED: Final[dict[str, Callable[[Variant, str, str, str], Variant]]] = {
    "object": _object,
    "move-object": _move_object,
}
