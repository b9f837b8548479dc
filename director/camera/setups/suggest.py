"""Coverage: the shots that a scene asks for, ranked, each with its words and its camera.

The order is that of conventional coverage: master, two-shots, over-shoulders, singles, inserts (S. D. Katz,
*Film Directing Shot by Shot*, 1991, part III; D. Arijon, *Grammar of the Film Language*, 1976).
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from director.camera.setups.body import Blocking, Body
from director.camera.setups.over_shoulder import side_of_line
from director.camera.setups.phrase import phrase_of
from director.camera.setups.shot import Framing, Picture, Shot
from director.camera.setups.solve import hindrance, solve
from director.errors import UsageError

__all__ = ["MOST_SUGGESTED", "Suggestion", "side_kept", "suggest"]

MOST_SUGGESTED = 12

# Those who stand further apart play no scene together.
_TOGETHER_M = 8.0
_WITHIN_REACH_M = 3.0
# What is smaller is a speck, what is larger is the set.
_INSERT_M = (0.08, 3.0)
_ALONE_M = (0.08, 12.0)
_MOST_IN_MASTER = 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A shot worth taking: what coverage calls it, its words, which read back as the shot, and the camera."""

    name: str
    phrase: str
    shot: Shot
    framing: Framing


def suggest(blocking: Blocking, picture: Picture | None = None) -> tuple[Suggestion, ...]:
    """Up to twelve shots, the most useful first, no two alike; shots that nothing hinders come before those
    that cannot be had clear. An empty scene has none. Deterministic."""
    picture = picture or Picture()
    clear: list[Suggestion] = []
    hindered: list[Suggestion] = []
    seen: set[tuple[float, ...]] = set()
    for name, shot in _wanted(blocking):
        if len(clear) == MOST_SUGGESTED:
            break
        try:
            framing = solve(shot, blocking, picture)
        except UsageError:
            # Two in one place have no line between them: that shot is not to be had.
            continue
        camera = framing.camera
        place = tuple(round(value, 2) for value in (*camera.position, *camera.orientation))
        if place in seen:
            continue
        seen.add(place)
        is_clear = hindrance(framing, shot, blocking) is None
        (clear if is_clear else hindered).append(Suggestion(name, phrase_of(shot), shot, framing))
    return tuple((clear + hindered)[:MOST_SUGGESTED])


def side_kept(name: str, blocking: Blocking) -> str | None:
    """The side from which a single of somebody who is with another keeps to their side of the line of action,
    as their two-shot and over-shoulders do; None for who is alone, or is no figure."""
    pairs = [pair for pair in _pairs(list(blocking.bodies.values())) if name in pair]
    return _side(name, blocking, pairs) if pairs else None


def _wanted(blocking: Blocking) -> Iterator[tuple[str, Shot]]:
    bodies = list(blocking.bodies.values())
    inserts = _inserts(blocking, bodies)
    if not bodies:
        yield from _of_things(inserts)
        return
    pairs = _pairs(bodies)
    lead = _lead(bodies, pairs)
    together = [body.name for body in _near(lead, bodies)][:_MOST_IN_MASTER]
    if len(together) > 1:
        yield "master", Shot("group", tuple(together), "wide")
    else:
        yield "master", Shot("single", (lead.name,), "wide")
    first = pairs[0] if pairs else None
    if first:
        yield "two-shot", Shot("group", first, "cowboy")
        yield "over shoulder", Shot("over shoulder", first)
        yield "reverse", Shot("over shoulder", first[::-1])
    singles = list(dict.fromkeys([*(first or (lead.name,)), *(body.name for body in bodies)]))
    for name in singles[:3]:
        yield "single", Shot("single", (name,), "medium close-up", side=_side(name, blocking, pairs))
    yield "close-up", Shot("single", (lead.name,), "close-up", side=_side(lead.name, blocking, pairs))
    for name in inserts[:1]:
        yield "insert", Shot("insert", (name,))
    if first:
        yield "point of view", Shot("point of view", first)
    yield "low angle", Shot("single", (lead.name,), "cowboy", "low angle", "three-quarter right")
    yield "establishing", Shot("single", (lead.name,), "very wide", "high angle")
    yield "profile", Shot("single", (lead.name,), "medium", side="profile left")
    for pair in pairs[1:3]:
        yield "two-shot", Shot("group", pair, "medium full")
    yield "full", Shot("single", (singles[-1],), "full", side="front")
    for name in inserts[1:3]:
        yield "insert", Shot("insert", (name,))
    yield "detail", Shot("single", (lead.name,), "extreme close-up", side="front")
    yield "from behind", Shot("single", (lead.name,), "medium full", side="back")


def _of_things(names: Iterable[str]) -> Iterator[tuple[str, Shot]]:
    chosen = list(itertools.islice(names, 4))
    for name in chosen[:1]:
        yield "establishing", Shot("single", (name,), "extreme wide", "high angle")
        yield "master", Shot("single", (name,), "wide", "eye level")
    looks = (
        (None, None),
        ("low angle", "three-quarter right"),
        ("bird's eye", "front"),
        ("eye level", "back"),
    )
    for angle, side in looks:
        for name in chosen:
            yield "insert", Shot("insert", (name,), angle=angle, side=side)
    for side in ("profile left", "profile right"):
        yield from (("full", Shot("single", (name,), "full", side=side)) for name in chosen)


def _pairs(bodies: list[Body]) -> list[tuple[str, str]]:
    """Those near one another, nearest and most turned to one another first."""
    scored = []
    for one, other in itertools.combinations(bodies, 2):
        apart_m = math.dist(one.eyes, other.eyes)
        if 0.3 < apart_m <= _TOGETHER_M:
            scored.append((apart_m * (1.5 - _faces(one, other) / 2), one.name, other.name))
    return [(one, other) for _, one, other in sorted(scored)]


def _faces(one: Body, other: Body) -> float:
    """How far two are turned to one another, −1 to 1: the mean of the cosines."""
    x, z = other.eyes[0] - one.eyes[0], other.eyes[2] - one.eyes[2]
    length = math.hypot(x, z) or 1.0
    towards = (math.sin(one.face_heading) * x + math.cos(one.face_heading) * z) / length
    back = -(math.sin(other.face_heading) * x + math.cos(other.face_heading) * z) / length
    return (towards + back) / 2


def _lead(bodies: list[Body], pairs: list[tuple[str, str]]) -> Body:
    """The first of the closest pair; of those who are alone, the first."""
    return next((body for body in bodies if pairs and body.name == pairs[0][0]), bodies[0])


def _near(lead: Body, bodies: list[Body]) -> list[Body]:
    near = [body for body in bodies if math.dist(body.eyes, lead.eyes) <= _TOGETHER_M]
    return sorted(near, key=lambda body: (math.dist(body.eyes, lead.eyes), body.name))


def _side(name: str, blocking: Blocking, pairs: list[tuple[str, str]]) -> str:
    """The three-quarter side on which a single keeps to its pair's side of the line."""
    for pair in pairs:
        if name in pair:
            one, other = (blocking.bodies[who] for who in pair)
            across = side_of_line(one, other)
            heading = blocking.bodies[name].face_heading
            left = (math.cos(heading), -math.sin(heading))
            return (
                "three-quarter left"
                if across[0] * left[0] + across[2] * left[1] >= 0
                else "three-quarter right"
            )
    return "three-quarter left"


def _inserts(blocking: Blocking, bodies: list[Body]) -> list[str]:
    """Things of a size to look at: those nearest to anyone's hands first, or the largest of a set without
    people."""
    least, most = _INSERT_M if bodies else _ALONE_M
    scored = []
    for name, box in blocking.boxes.items():
        if name in blocking.bodies or not least <= sorted(box.size_m)[1] or max(box.size_m) > most:
            continue
        reach_m = min((math.dist(box.centre, body.chest) for body in bodies), default=-max(box.size_m))
        if not bodies or reach_m <= _WITHIN_REACH_M:
            scored.append((round(reach_m, 3), name))
    return [name for _, name in sorted(scored)]
