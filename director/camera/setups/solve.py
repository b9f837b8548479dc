"""From a shot in words' terms to a camera: the kind of shot, then a way past whatever stands in it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from director.camera.lens import PRIMES_MM
from director.camera.setups.body import Blocking, Body
from director.camera.setups.figures import View, frame_figures, group_heading, heading_from
from director.camera.setups.over_shoulder import frame_over_shoulder, side_of_line
from director.camera.setups.shot import Framing, Picture, Shot
from director.camera.setups.sizes import ANGLES, SIDES, SIZES
from director.camera.setups.things import frame_insert, frame_point_of_view
from director.errors import UsageError
from director.types import Vector

__all__ = ["hindrance", "solve"]

_DEFAULT_SIZE = "medium"
_DEFAULT_SIDE = "three-quarter left"
_MIRRORED = {
    "three-quarter left": "three-quarter right",
    "three-quarter right": "three-quarter left",
    "profile left": "profile right",
    "profile right": "profile left",
}
# Room that a camera's body takes.
_CAMERA_M = 0.12
_SHORTEST_MM = 18.0


def solve(shot: Shot, blocking: Blocking, picture: Picture | None = None) -> Framing:
    """The camera of a shot. Where something stands in it, first nearer with a shorter lens, then from the
    other side, then from any: the notes tell. A lens that was asked for is kept. Deterministic.

    Raises UsageError for subjects that are not there, too few of them, or two in one place.
    """
    picture = picture or Picture()
    _check(shot, blocking)
    if shot.kind == "point of view":
        # Eyes are where they are.
        return _framed(shot, blocking, picture)
    asked = _framed(shot, blocking, picture)
    problem = hindrance(asked, shot, blocking)
    if problem is None:
        return asked
    for option in _options(shot, asked, blocking):
        framing = _framed(option.shot, blocking, picture)
        if hindrance(framing, option.shot, blocking) is None:
            return replace(framing, notes=(*framing.notes, f"{problem}: {option.told}"))
    return replace(asked, notes=(*asked.notes, f"{problem}, and so from everywhere else"))


def hindrance(framing: Framing, shot: Shot, blocking: Blocking) -> str | None:
    """What is wrong with where a camera stands, in words, or None: it is inside something, or something
    hides a face, or the chest where that is to be seen."""
    at = framing.camera.position
    around = blocking.obstacles.holding(at, _CAMERA_M)
    if around is not None:
        return f"the camera would be in {around}"
    for name, target in _targets(shot, blocking):
        hider = blocking.obstacles.between(at, target)
        # A thing that is hollow in the middle does not hide itself.
        if hider is not None and not (hider == name and shot.kind == "insert"):
            return f"{hider} hides {name}" if hider != name else f"{name}'s own body hides the face"
    if shot.kind in ("single", "group") and "chest" in SIZES[shot.size or _DEFAULT_SIZE].landmarks:
        for name in shot.subjects:
            hider = blocking.obstacles.between(at, blocking.body(name).chest)
            if hider not in (None, *shot.subjects):
                return f"{hider} hides {name}"
    return None


def _check(shot: Shot, blocking: Blocking) -> None:
    for name in shot.subjects:
        if name not in blocking.boxes and name not in blocking.bodies:
            raise UsageError(f"there is no {name!r} to frame", mend=f"there are {', '.join(blocking.names)}")
    least = {"group": 2, "over shoulder": 2}.get(shot.kind, 1)
    if len(set(shot.subjects)) < least:
        raise UsageError(
            f"needs {least} subjects", subject=shot.kind, mend="name both, as in: of Anna and Ben"
        )


def _targets(shot: Shot, blocking: Blocking) -> list[tuple[str, Vector]]:
    if shot.kind == "insert":
        return [(shot.subjects[0], blocking.boxes[shot.subjects[0]].centre)]
    seen = shot.subjects[1:2] if shot.kind == "over shoulder" else shot.subjects
    return [(name, blocking.body(name).eyes) for name in seen]


def _framed(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    return _KINDS[shot.kind](shot, blocking, picture)


def _single(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    body = blocking.body(shot.subjects[0])
    size = SIZES[shot.size or _DEFAULT_SIZE]
    heading = heading_from(body, shot.side or _DEFAULT_SIDE, size)
    return frame_figures([body], _view(shot, heading), picture)


def _group(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    bodies: list[Body] = [blocking.body(name) for name in shot.subjects]
    heading = group_heading(bodies) + math.radians(SIDES[shot.side or "front"])
    return frame_figures(bodies, _view(shot, heading), picture)


def _view(shot: Shot, heading: float) -> View:
    size = SIZES[shot.size or _DEFAULT_SIZE]
    return View(size, ANGLES[shot.angle or "eye level"], heading, shot.focal_length_mm, shot.dutch_deg)


def _over_shoulder(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    near, far = (blocking.body(name) for name in shot.subjects[:2])
    return frame_over_shoulder(near, far, picture, shot.focal_length_mm, shot.shoulder)


def _insert(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    box = blocking.boxes[shot.subjects[0]]
    return frame_insert(box, picture, shot.angle, shot.side, shot.focal_length_mm, shot.dutch_deg)


def _point_of_view(shot: Shot, blocking: Blocking, picture: Picture) -> Framing:
    viewer = blocking.body(shot.subjects[0])
    target: Vector | None = None
    if len(shot.subjects) > 1:
        name = shot.subjects[1]
        target = blocking.bodies[name].eyes if name in blocking.bodies else blocking.boxes[name].centre
    return frame_point_of_view(viewer, target, picture, shot.focal_length_mm, shot.dutch_deg)


_KINDS: dict[str, Callable[[Shot, Blocking, Picture], Framing]] = {
    "single": _single,
    "group": _group,
    "over shoulder": _over_shoulder,
    "insert": _insert,
    "point of view": _point_of_view,
}


@dataclass(frozen=True, slots=True)
class _Option:
    shot: Shot
    told: str


def _options(shot: Shot, asked: Framing, blocking: Blocking) -> Iterator[_Option]:
    """Other ways to take a shot, the least change first."""
    longest = asked.camera.lens.focal_length_mm
    yield from _nearer(shot, longest, "")
    for moved, told in _moved(shot, blocking):
        yield _Option(moved, told)
        yield from _nearer(moved, longest, f"{told}, ")


def _nearer(shot: Shot, longest_mm: float, before: str) -> Iterator[_Option]:
    if shot.focal_length_mm is None:
        for prime in reversed(PRIMES_MM):
            if _SHORTEST_MM <= prime < longest_mm:
                yield _Option(replace(shot, focal_length_mm=prime), f"{before}nearer, with the {prime:g} mm")


def _moved(shot: Shot, blocking: Blocking) -> Iterator[tuple[Shot, str]]:
    if shot.kind == "over shoulder":
        other = shot.shoulder or _shoulder(shot, blocking)
        other = "right" if other == "left" else "left"
        yield replace(shot, shoulder=other), f"over the {other} shoulder, across the line"
        return
    default = "front" if shot.kind == "group" else _DEFAULT_SIDE
    side = shot.side or default
    for other in dict.fromkeys((_MIRRORED.get(side, side), *SIDES)):
        if other != side:
            yield replace(shot, side=other), f"taken from {other}"


def _shoulder(shot: Shot, blocking: Blocking) -> str:
    """The shoulder that the side of the line gives."""
    near, far = (blocking.body(name) for name in shot.subjects[:2])
    across = side_of_line(near, far)
    x, z = far.eyes[0] - near.eyes[0], far.eyes[2] - near.eyes[2]
    return "left" if across[0] * z - across[2] * x > 0 else "right"
