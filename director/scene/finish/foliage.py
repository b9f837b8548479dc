"""Leaves: sprays of small blades laid over a surface, and crowns made of clumps of them."""

import math

import numpy as np

from director.scene.finish.forms import blob, plain_mesh
from director.scene.finish.solids import Floats, Heap
from director.scene.mesh import Mesh

__all__ = ["blades", "crown", "leaves", "on_ball"]


def on_ball(count: int, random: np.random.Generator) -> Floats:
    """[count, 3] unit directions, evenly spread (a Fibonacci lattice with a little disorder)."""
    i = np.arange(count) + 0.5
    y = 1 - 2 * i / count
    turn = i * math.pi * (3 - math.sqrt(5)) + random.uniform(0, 6.3)
    r = np.sqrt(np.maximum(0.0, 1 - y * y))
    found = np.stack([r * np.cos(turn), y, r * np.sin(turn)], -1)
    found += random.normal(scale=0.9 / math.sqrt(count), size=found.shape)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def leaves(
    places: Floats,
    outward: Floats,
    length: Floats | float,
    random: np.random.Generator,
    narrow: float = 0.5,
    tilt: float = 0.7,
    droop: float = 0.25,
) -> Mesh:
    """Folded leaves [n] with their middles at places [n, 3], facing more or less outward [n, 3].

    `narrow` is width over length, `tilt` how far (in sines) they turn away, `droop` how much they hang.
    Their normals lean to `outward`, so that a clump is lit as one soft body with a lively surface.
    """
    n = len(places)
    size = np.broadcast_to(np.asarray(length, np.float64), (n,)) * random.uniform(0.65, 1.25, n)
    face = _unit(outward + random.normal(scale=tilt, size=(n, 3)))
    # Never edge-on or turned inward: they would show nothing, or their backs.
    face = _unit(face + outward * np.maximum(0, 0.25 - (face * outward).sum(1))[:, None])
    along = random.normal(size=(n, 3)) - [0, droop * 3, 0]
    along = _unit(along - face * (along * face).sum(1)[:, None])
    side = np.cross(face, along)
    half, wide = 0.5 * size[:, None], 0.5 * narrow * size[:, None]
    fold = 0.35 * wide * face
    base, tip = places - half * along, places + half * along
    left, right = places - wide * side - fold, places + wide * side - fold
    positions = np.stack([base, right, tip, base, tip, left], 1)
    soft = 0.55 * outward
    normals = np.stack([_unit(soft + 0.45 * face + 0.25 * side), _unit(soft + 0.45 * face - 0.25 * side)], 1)
    normals = np.repeat(normals, 3, axis=1)
    turned = np.cross(positions[:, 1] - positions[:, 0], positions[:, 2] - positions[:, 0])
    wrong = (turned * face).sum(1) < 0
    order = np.arange(6 * n).reshape(n, 2, 3)
    order[wrong] = order[wrong][..., ::-1]
    return plain_mesh(positions.reshape(-1, 3), normals.reshape(-1, 3), order.reshape(-1, 3))


def blades(
    places: Floats, length: Floats, random: np.random.Generator, lean: float = 0.45, width: float = 0.05
) -> Mesh:
    """Bent grass blades [n] standing at places [n, 3], three triangles each, lit mostly from above."""
    n = len(places)
    turn = random.uniform(0, 2 * math.pi, n)
    out = np.stack([np.cos(turn), np.zeros(n), np.sin(turn)], -1)
    side = np.stack([-np.sin(turn), np.zeros(n), np.cos(turn)], -1)
    bent = random.uniform(0.1, 1.0, n)[:, None] * lean * length[:, None]
    up = np.array([0.0, 1.0, 0.0])
    half = 0.5 * width * length[:, None]
    knee = places + 0.6 * length[:, None] * up + 0.35 * bent * out
    tip = places + length[:, None] * up * (1 - 0.3 * lean) + bent * out
    a, b = places - half * side, places + half * side
    c, d = knee + 0.75 * half * side, knee - 0.75 * half * side
    # From the far side of its own bend a blade shows its front.
    positions = np.stack([a, c, b, a, d, c, d, tip, c], 1)
    normals = np.repeat(_unit(0.8 * up - 0.35 * out + 0.2 * random.normal(size=(n, 3))), 9, axis=0)
    return plain_mesh(positions.reshape(-1, 3), normals, np.arange(9 * n).reshape(-1, 3))


def crown(
    heap: Heap,
    lobes: Floats,
    radii: Floats,
    budget: int,
    random: np.random.Generator,
    leaf_m: float,
    narrow: float = 0.5,
    squash: float = 0.85,
    body: float = 0.86,
) -> None:
    """Clumps of leaves about lobes [n, 3] with radii [n], each over a dark heart, so that there are gaps
    between clumps but no daylight through one. `body` is the heart's share of a lobe."""
    middle = lobes.mean(axis=0)
    size = np.stack([radii, radii * squash, radii], -1)
    detail = 10 if budget > 2500 else 6
    hearts = len(lobes) * detail * detail
    for k, (lobe, r) in enumerate(zip(lobes, radii, strict=True)):
        heap.add(
            "leaf shade",
            blob(
                lobe,
                (2 * body * r, 2 * body * squash * r, 2 * body * r),
                0.12,
                int(random.integers(2**31)) + k,
                detail,
            ),
        )
    count = max(8, (budget - hearts) // 2)
    share = radii**2 / (radii**2).sum()
    which = np.repeat(np.arange(len(lobes)), np.maximum(1, np.round(share * count).astype(int)))
    directions = on_ball(len(which), random)
    random.shuffle(directions)
    # Leaves that would sit deep inside a neighbour show nothing: turn them to the crown's outside.
    outside = _unit(lobes[which] - middle + 1e-6)
    inward = (directions * outside).sum(1) < -0.35
    directions[inward] = _unit(directions[inward] + 1.3 * outside[inward])
    depth = random.uniform(0.84, 1.02, len(which))[:, None]
    places = lobes[which] + directions * size[which] * depth
    hidden = np.zeros(len(which), bool)
    for lobe, s in zip(lobes, size, strict=True):
        hidden |= (((places - lobe) / s) ** 2).sum(1) < 0.72**2
    places, directions = places[~hidden], directions[~hidden]
    heap.add("leaf", leaves(places, directions, leaf_m, random, narrow))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
