"""People: a mannequin becomes a dressed person with a face, carried limb by limb by its own parts."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import BODY_PARTS, JOINTS
from director.scene.figure_pose import posed
from director.scene.finish.body import sections
from director.scene.finish.coats import Coat
from director.scene.finish.forms import merged, moved
from director.scene.finish.garments import bare_legs, legs, outfit_of, shorts, sleeve
from director.scene.finish.hair import hair_pieces
from director.scene.finish.hands import hand, light_shoe, shoe
from director.scene.finish.head import face_of, head_pieces
from director.scene.finish.loft import around, mirrored, ring_solid, rings_about
from director.scene.finish.skirts import Skirt, cut_of, pressed
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.tops import top_pieces
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]

Dressed = dict[tuple[str, str], list[Mesh]]
_PLAIN = ("box", "cylinder", "sphere", "cone")


def _person(thing: Thing) -> list[Piece] | None:
    if thing.kind == "mannequin":
        places = {}
        for i, part in enumerate(thing.parts):
            name = part.mesh_key.split("/")[1]
            # Left and right share a mesh; the left one comes first.
            side = name if name in BODY_PARTS else name + ("_r" if name + "_l" in places else "_l")
            places[side] = (i, part.object_from_mesh)
        build = float(thing.parts[0].mesh_key.split("/")[2])
        style = "long" if "long hair" in places else "short" if "hair" in places else "none"
        pointing = getattr(thing.proxy, "pose_name", "") == "point"
        dressed = _dressed(thing.seed, build, style, "coat" in places, pointing, thing.told.traits)
        pieces = [
            Piece(moved(merged(meshes), places[part][1]), stuff, places[part][0])
            for (part, stuff), meshes in dressed.items()
        ]
        return pieces + _hung(
            thing,
            build,
            "coat" in places,
            {name: at for name, (_, at) in places.items()},
            {name: i for name, (i, _) in places.items()},
        )
    if thing.kind not in _PLAIN:
        return None
    return _stand_in(thing)


def _stand_in(thing: Thing) -> list[Piece] | None:
    """A standing person in the box of a solid that stands for one; none in what is no person's shape."""
    wide, high, deep = thing.size_m
    if not 0.5 <= high <= 3.0 or max(wide, deep) > 0.75 * high or min(wide, deep) < 0.12 * high:
        return None
    random = np.random.default_rng([thing.seed, 3])
    build = float(np.clip((wide / high - 0.24) / 0.12, 0.1, 0.9))
    style = str(random.choice(["short", "long"]))
    coat = bool(random.random() < 0.35)
    dressed = _dressed(thing.seed, build, style, coat, False, thing.told.traits)
    rest = posed("stand") * np.array([[1.0]] * 3 + [[1.0]])
    matrices: dict[str, NDArray[np.float64]] = dict(zip(BODY_PARTS, rest, strict=True))
    by_stuff: dict[str, list[Mesh]] = {}
    for (part, stuff), meshes in dressed.items():
        by_stuff.setdefault(stuff, []).append(moved(merged(meshes), matrices[part]))
    grow = np.diag([high / 1.005, high / 1.005, high / 1.005, 1.0])
    pieces = [Piece(moved(merged(meshes), grow), stuff) for stuff, meshes in by_stuff.items()]
    grown = {name: grow @ matrix for name, matrix in matrices.items()}
    hung = _hung(thing, build, coat, grown, {name: i for i, name in enumerate(BODY_PARTS)})
    return pieces + [Piece(piece.mesh, piece.stuff) for piece in hung]


def _hung(
    thing: Thing,
    build: float,
    coat: bool,
    rest: dict[str, NDArray[np.float64]],
    numbers: dict[str, int],
) -> list[Piece]:
    """What hangs about a person's legs, skirt or coat tails; `rest` and `numbers` as Hanging has them."""
    outfit = outfit_of(thing.seed, build, coat, thing.told.traits)
    still = np.tile(np.eye(4), (len(numbers), 1, 1))
    found = []
    if outfit.skirted:
        tucked = outfit.top not in ("dress", "robe") and not (outfit.top == "shirt" and outfit.zipped)
        cut = cut_of(outfit.below, outfit.length, thing.seed, tucked)
        if outfit.top == "coat":
            cut = pressed(cut)
        skirt = Skirt(cut, build, thing.seed, rest, numbers)
        stuff = "garment top" if outfit.whole and outfit.top in ("dress", "robe") else "garment legs"
        found.append(Piece(skirt.hung(still), stuff, numbers["hips"], skirt))
    if outfit.top == "coat":
        tails = Coat(outfit, rest, numbers)
        found.append(Piece(tails.hung(still), "garment top", numbers["coat" if coat else "hips"], tails))
    return found


def _dressed(
    seed: int, build: float, style: str, coat: bool, pointing: bool, traits: frozenset[str]
) -> Dressed:
    """Everything a person is made of, by part and stuff, in the spaces of the parts for a height of 1."""
    soft = "woman" in traits or (style == "long" and "man" not in traits)
    worn: Dressed = {}

    def wear(part: str, pieces: list[tuple[Mesh, str]], from_figure: bool = False) -> None:
        joint = np.array(JOINTS[BODY_PARTS[part][0]])
        back = np.eye(4)
        back[:3, 3] = -joint
        for mesh, stuff in pieces:
            worn.setdefault((part, stuff), []).append(moved(mesh, back) if from_figure else mesh)

    face = face_of(seed, build, soft)
    outfit = outfit_of(seed, build, coat, traits)
    wear("head", head_pieces(face, seed, soft))
    hair = "long hair" if style == "long" else "hair" if style == "short" else "head"
    wear(hair, hair_pieces(face, style, seed, traits))
    wear("neck", [(_neck(build), "skin")])
    wear("chest", top_pieces(outfit), True)
    if outfit.skirted:
        thigh, calf = bare_legs(outfit)
    else:
        hips, thigh, calf = shorts(outfit) if outfit.below == "shorts" else legs(outfit)
        wear("hips", hips, True)
    upper, fore = sleeve(outfit, 0.0)
    random = np.random.default_rng([seed, 4])
    girth = 1 + 0.16 * (build - 0.5) + float(random.uniform(-0.03, 0.03))
    light = outfit.skirted and outfit.below not in ("kilt", "robe") and "man" not in traits
    shoes = (light_shoe if light else partial(shoe, seed))(1 + 0.1 * (build - 0.5))
    for side, right in (("l", False), ("r", True)):
        limbs = {
            "upper_arm": upper,
            "forearm": fore,
            "hand": [(hand(girth, pointing and right), "skin")],
            "thigh": thigh,
            "calf": calf,
            "foot": shoes,
        }
        for name, pieces in limbs.items():
            wear(f"{name}_{side}", [(mirrored(m), stuff) for m, stuff in pieces] if right else pieces)
    return worn


def _neck(build: float) -> Mesh:
    own = sections("neck", build)
    levels = np.linspace(own[0, 0], own[-1, 0], 8)
    w, f, b = (np.interp(levels, own[:, 0], own[:, k]) for k in (1, 2, 3))
    angles = around(16, 1.3)
    rings = rings_about(levels, w, f, b, angles, 2.1)
    # The two cords of the neck run from behind the ears to the pit of the throat.
    for i, share in enumerate((levels - levels[0]) / (levels[-1] - levels[0])):
        cord = 0.25 + 1.1 * share
        rings[i, :, [0, 2]] *= 1 + 0.03 * np.exp(
            -(((np.minimum(angles, 2 * np.pi - angles) - cord) / 0.25) ** 2)
        )
    return ring_solid(rings)


FINISHERS = {"person": _person}
