"""A whole scene finished: where it was blocked, what it stands for, ready for drawing at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.bent import call_bent
from director.scene.compile import CompiledScene
from director.scene.detail import share_levels
from director.scene.finish.making import Made, are_made, pieces_of
from director.scene.finish.thing import Drape
from director.scene.finish.told import Told
from director.scene.finish.variants import variants
from director.scene.mesh import Mesh
from director.scene.state import InstanceBatch, SceneState
from director.types import SceneObject

__all__ = ["FINISHED", "PIECES", "PIECE_NUMBERS", "FinishedScene", "missing_pieces"]

FINISHED: Final = "finished-"
"""What the names of maps of a finished scene begin with."""
PIECES: Final = "pieces"
"""Asked for like a map: what each id of the finished maps is, int32[n, PIECE_NUMBERS], for ids 1 … n."""

PIECE_NUMBERS: Final = 3
"""Of each piece: its owner's id, its stuff's place in STUFF_NAMES, 1 if a finisher made it."""
_MOST_PIECES: Final = 0xFFFF
_SAME: Final = 1e-5
"""Cloth is not hung anew for moves smaller than this, metres and radians."""
_NONE: Final[Mapping[int, Told]] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class _Batch:
    """All that shows one mesh. Of each instance: its piece, counted from 0, its owner likewise, and the part
    of it that carries it (−1: the owner itself). What drapes is its owner's alone."""

    mesh: Mesh
    pieces: list[int]
    owners: list[int]
    parts: list[int]
    drape: Drape | None = None


class FinishedScene:
    """A compiled scene with all its things finished. The work is done once; `at` is quick.

    A *piece* is what an object has of one stuff. `pieces`, int32[n, PIECE_NUMBERS], has a row for each; in
    what `at` gives, pieces are the objects. Where there are more than ids of 16 bits can tell apart, the last
    objects are left as they were blocked.
    """

    def __init__(
        self,
        scene: CompiledScene,
        seed: int = 0,
        dealt: NDArray[np.int64] | None = None,
        told: Mapping[int, Told] = _NONE,
    ) -> None:
        """`seed` is that of the direction: it deals the variants, where none are `dealt`, int64[objects].
        `told` is what is said of objects' shapes, by id, where their own prompts say otherwise."""
        self.scene = scene
        self._told = dict(told)
        self._dealt = variants(len(scene.objects), seed) if dealt is None else dealt
        self._of_part: list[list[tuple[str, int, NDArray[np.float64]]]] = []
        rows: list[tuple[int, int, int]] = []
        batches: dict[Mesh, _Batch] = {}
        counts: dict[str, int] = {}
        for i, proxy in enumerate(scene.scene.objects):
            mine: list[tuple[str, int, NDArray[np.float64]]] = []
            parts = scene.parts(i)
            for part in parts:
                place = counts.get(part.mesh_key, 0)
                counts[part.mesh_key] = place + 1
                mine.append((part.mesh_key, place, part.object_from_mesh))
            self._of_part.append(mine)
            if not parts:
                continue
            made = pieces_of(proxy, parts, int(self._dealt[i]), self._told.get(i + 1))
            left = _MOST_PIECES - len(rows) - (len(scene.objects) - i)
            if len({one.stuff for one in made}) > left:
                made = pieces_of(proxy, parts, None)
            self._add(i, made, rows, batches)
        self.pieces = np.array(rows, np.int32).reshape(-1, PIECE_NUMBERS)
        self._owners = np.ascontiguousarray(self.pieces[:, 0], np.intp)
        self._objects = tuple(_piece(k + 1, scene.objects[row[0] - 1]) for k, row in enumerate(rows))
        self._batches = {f"finished/{k}": batch for k, batch in enumerate(batches.values())}
        self._meshes = {key: batch.mesh for key, batch in self._batches.items()}
        self._hung: dict[str, NDArray[np.float64]] = {}
        self._fixed = {
            key: (
                np.array(batch.pieces, np.uint16) + np.uint16(1),
                np.tile(np.eye(4, dtype=np.float32), (len(batch.pieces), 1, 1)),
                np.full((len(batch.pieces), 3), 0.5, np.float32),
                np.array(batch.owners, np.intp),
                any(part >= 0 for part in batch.parts),
            )
            for key, batch in self._batches.items()
        }
        self._carriers = sorted(
            {
                (owner, part)
                for batch in self._batches.values()
                for owner, part in zip(batch.owners, batch.parts, strict=True)
                if part >= 0
            }
        )
        carried = [np.linalg.inv(self._of_part[owner][part][2]) for owner, part in self._carriers]
        self._mesh_from_rest = np.array(carried, np.float64).reshape(-1, 4, 4)
        self._placed: dict[str, InstanceBatch] = {}
        self._inverses: dict[tuple[int, int], NDArray[np.float64]] = {}
        self._last: SceneState | None = None
        self._made: SceneState | None = None

    def deals_as(self, dealt: NDArray[np.int64], told: Mapping[int, Told] = _NONE) -> bool:
        """Whether other variants, and what is told, would give the very same things."""
        return bool(np.array_equal(self._dealt, dealt)) and self._told == told

    def at(self, state: SceneState) -> SceneState:
        """The finished scene where a state of its compiled scene has everything."""
        if self._made is not None and self._last is state:
            return self._made
        places = np.asarray(state.world_from_object, np.float32)
        before = None if self._last is None else np.asarray(self._last.world_from_object, np.float32)
        moved = np.ones(len(places), np.bool_)
        if before is not None:
            moved = (places != before).any((1, 2))
        batches = {}
        placed = self._place_all(state)
        for key, batch in self._batches.items():
            made = self._placed.get(key)
            ids, eye, grey, owners, is_posed = self._fixed[key]
            if batch.drape is not None:
                self._hang(state, places, key, batch, batch.drape)
            if is_posed:
                world = np.stack(
                    [
                        placed[owner, part] if part >= 0 else places[owner]
                        for owner, part in zip(batch.owners, batch.parts, strict=True)
                    ]
                )
                if made is None or not np.array_equal(made.world_from_mesh, world):
                    made = InstanceBatch(ids, world, eye, grey)
            elif made is None or bool(moved[owners].any()):
                made = InstanceBatch(ids, np.ascontiguousarray(places[owners]), eye, grey)
            # What did not move is the very same as before: who draws it need not look closer.
            self._placed[key] = batches[key] = made
        self._last = state
        self._made = SceneState(
            time_s=state.time_s,
            meshes=self._meshes,
            batches=batches,
            objects=self._objects,
            world_from_object=places[self._owners - 1],
            sun_direction=state.sun_direction,
            lamps=state.lamps,
            owners=self._owners,
        )
        return self._made

    def _add(
        self,
        owner: int,
        made: Sequence[Made],
        rows: list[tuple[int, int, int]],
        batches: dict[Mesh, _Batch],
    ) -> None:
        stuffs = list(dict.fromkeys(one.stuff for one in made))
        first = len(rows)
        is_finished = {one.stuff: one.is_finished for one in made}
        rows += [(owner + 1, stuff, int(is_finished[stuff])) for stuff in stuffs]
        for one in made:
            mesh = one.mesh if one.drape is None else _apart(one.mesh)
            batch = batches.setdefault(mesh, _Batch(mesh, [], [], [], one.drape))
            batch.pieces.append(first + stuffs.index(one.stuff))
            batch.owners.append(owner)
            batch.parts.append(-1 if one.part is None or one.drape is not None else one.part)

    def _hang(
        self, state: SceneState, places: NDArray[np.float32], key: str, batch: _Batch, drape: Drape
    ) -> None:
        """Cloth follows its owner's parts: where they have moved against each other its mesh is another."""
        (owner,) = batch.owners
        rest_from_world = np.linalg.inv(np.asarray(places[owner], np.float64))
        count = len(self._of_part[owner])
        world = np.stack([self._place(state, places, owner, part) for part in range(count)])
        moves = rest_from_world @ world.astype(np.float64)
        if np.allclose(moves, self._hung.get(key, np.eye(4)), rtol=0, atol=_SAME):
            return
        self._hung[key] = moves
        mesh = drape.hung(moves)
        call_bent(mesh, batch.mesh)
        # What was given away stays as it was.
        self._meshes = {**self._meshes, key: mesh}

    def _place_all(self, state: SceneState) -> dict[tuple[int, int], NDArray[np.float32]]:
        """Of each part that carries something, by owner and part, where what it carries is."""
        if not self._carriers:
            return {}
        found = [self._of_part[owner][part] for owner, part in self._carriers]
        world = np.stack([state.batches[key].world_from_mesh[place] for key, place, _ in found])
        placed = world.astype(np.float64) @ self._mesh_from_rest
        return dict(zip(self._carriers, placed.astype(np.float32), strict=True))

    def _place(
        self, state: SceneState, places: NDArray[np.float32], owner: int, part: int
    ) -> NDArray[np.float32]:
        if part < 0:
            return np.asarray(places[owner], np.float32)
        key, place, rest_from_mesh = self._of_part[owner][part]
        mesh_from_rest = self._inverses.get((owner, part))
        if mesh_from_rest is None:
            mesh_from_rest = np.asarray(np.linalg.inv(rest_from_mesh), np.float64)
            self._inverses[owner, part] = mesh_from_rest
        world = np.asarray(state.batches[key].world_from_mesh[place], np.float64)
        return np.asarray(world @ mesh_from_rest, np.float32)


def _apart(mesh: Mesh) -> Mesh:
    """The same mesh as one of its own."""
    own = Mesh(mesh.positions, mesh.normals, mesh.triangles)
    share_levels(own, mesh)
    return own


def missing_pieces(scene: CompiledScene, dealt: NDArray[np.int64], told: Mapping[int, Told] = _NONE) -> int:
    """How many of a scene's things would have to be made before it is finished, as FinishedScene has it."""
    asked = (
        (proxy, scene.parts(i), int(dealt[i]), told.get(i + 1)) for i, proxy in enumerate(scene.scene.objects)
    )
    return sum(
        bool(parts) and not are_made(proxy, parts, variant, said) for proxy, parts, variant, said in asked
    )


def _piece(number: int, owner: SceneObject) -> SceneObject:
    return SceneObject(number, owner.name, owner.class_name, owner.prompt, owner.colour, owner.size_m)
