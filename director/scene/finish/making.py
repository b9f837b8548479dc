"""From one proxy to the meshes of what it stands for, each made once and kept."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from director.scene.detail import levels_of, tiles
from director.scene.finish import Finish, finishers
from director.scene.finish.forms import merged, moved
from director.scene.finish.stuff import stuff_index
from director.scene.finish.thing import Drape, Piece, Thing
from director.scene.finish.told import Told, told_by
from director.scene.mesh import Mesh
from director.scene.proxy import Part, Proxy
from director.scene.solid import is_solid

__all__ = ["Made", "are_made", "made_of", "pieces_of"]

_OWN: Final = stuff_index("own")
# What of a proxy its shape does not depend on.
_ELSEWHERE: Final = {
    "name",
    "parent",
    "position",
    "rotation_deg",
    "keys",
    "interpolation",
    "route",
    "hidden",
    "locked",
    "prompt",
    "colour",
    # Of a lamp only that there is one, and of a figure how it is built, not how it stands or is coloured.
    "light",
    "phase",
    "joints",
    "look_at",
    "skin",
    "hair",
    "legs",
    "shoes",
}
# Vertices: a scene of a thousand things has some ten million.
_MOST_KEPT: Final = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A mesh in its object's space at rest, of one stuff (its place in STUFF_NAMES), carried by a part of
    the object (None: by the object itself). `is_finished` tells whether a finisher made it. What has a
    `drape` is so only at rest (thing.Drape)."""

    stuff: int
    part: int | None
    mesh: Mesh
    is_finished: bool
    drape: Drape | None = None


def made_of(
    proxy: Proxy,
    parts: tuple[Part, ...],
    seed: int,
    families: Mapping[str, Finish],
    told: Told | None = None,
) -> tuple[dict[tuple[int, int | None], Mesh], bool]:
    """(stuff, part) → mesh in object space at rest, and whether a finisher made them. What is told
    of it is what its prompt says, if nothing else is given. Cloth that drapes is carried stiff."""
    groups, draped, is_finished = _grouped(proxy, parts, seed, families, told)
    for piece in draped:
        groups.setdefault((stuff_index(piece.stuff), piece.part), []).append(piece.mesh)
    return {key: merged(meshes) for key, meshes in groups.items()}, is_finished


def _grouped(
    proxy: Proxy, parts: tuple[Part, ...], seed: int, families: Mapping[str, Finish], told: Told | None
) -> tuple[dict[tuple[int, int | None], list[Mesh]], list[Piece], bool]:
    """What made_of has, not yet merged, and beside it what drapes."""
    finish = families.get(proxy.class_name)
    told = told_by(proxy.prompt, proxy.class_name) if told is None else told
    thing = Thing(proxy, proxy.class_name, proxy.size_m, seed, parts, told)
    pieces = finish(thing) if finish else None
    groups: dict[tuple[int, int | None], list[Mesh]] = {}
    if pieces:
        for piece in pieces:
            if piece.drape is None:
                groups.setdefault((stuff_index(piece.stuff), piece.part), []).append(piece.mesh)
    else:
        posed = _is_posed(proxy)
        for j, part in enumerate(parts):
            own = moved(part.mesh, part.object_from_mesh)
            groups.setdefault((_OWN, j if posed else None), []).append(own)
    return groups, [piece for piece in pieces or () if piece.drape is not None], bool(pieces)


_Key = tuple[str, int | None, Told]
_kept: OrderedDict[_Key, tuple[Made, ...]] = OrderedDict()
_kept_vertices = 0
_lock = Lock()


def pieces_of(
    proxy: Proxy, parts: tuple[Part, ...], variant: int | None, told: Told | None = None
) -> Sequence[Made]:
    """What stands where a proxy, drawn from these parts, was blocked, in one of its variants (variants.py);
    with None, the proxy itself. `told` as made_of has it. Kept: of equal shapes it is the same, and the
    same meshes. May be asked from any thread."""
    key = _key(proxy, parts, variant, told)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = _made(proxy, parts, variant, key[2])
    with _lock:
        _keep(key, found)
    return found


def are_made(proxy: Proxy, parts: tuple[Part, ...], variant: int | None, told: Told | None = None) -> bool:
    """Whether `pieces_of` answers at once."""
    return _key(proxy, parts, variant, told) in _kept


def _key(proxy: Proxy, parts: tuple[Part, ...], variant: int | None, told: Told | None) -> _Key:
    shape = proxy.model_dump_json(exclude=_ELSEWHERE)
    # A route alone can make limbs move.
    apart = f"{_is_posed(proxy)} {proxy.light is not None}"
    key = "\n".join([shape, apart, *(part.mesh_key for part in parts)])
    return key, variant, told_by(proxy.prompt, proxy.class_name) if told is None else told


def _is_posed(proxy: Proxy) -> bool:
    """Whether parts may be elsewhere than at rest."""
    return proxy.walks or proxy.pose() is not None


def _keep(key: _Key, made: tuple[Made, ...]) -> None:
    """What was asked for longest ago goes first, and never the newest."""
    global _kept_vertices
    _kept_vertices += _vertices(made) - _vertices(_kept.get(key, ()))
    _kept[key] = made
    while _kept_vertices > _MOST_KEPT and len(_kept) > 1:
        _kept_vertices -= _vertices(_kept.popitem(last=False)[1])


def _vertices(made: tuple[Made, ...]) -> int:
    return sum(len(one.mesh.positions) for one in made)


def _made(proxy: Proxy, parts: tuple[Part, ...], variant: int | None, told: Told) -> tuple[Made, ...]:
    families = finishers() if variant is not None else {}
    groups, draped, is_finished = _grouped(proxy, parts, variant or 0, families, told)
    whole = {key: merged(meshes) for key, meshes in groups.items()}
    made = tuple(
        Made(stuff, part, tile, is_finished)
        for (stuff, part), mesh in whole.items()
        if len(mesh.triangles)
        for tile in (tiles(mesh) if part is None else (mesh,))
    )
    made += tuple(Made(stuff_index(p.stuff), p.part, p.mesh, is_finished, p.drape) for p in draped)
    for one in made:
        # Here, where nobody waits, rather than when it is first drawn.
        levels_of(one.mesh)
        is_solid(one.mesh)
    return made
