"""A scene made ready to be asked for any time, many times a second.

Everything that stands still is multiplied out once. What moves hangs on the nearest keyed group or object
above it (its carrier): a tick computes one matrix a carrier, and one stacked product for all they carry.
"""

import difflib
import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from director.camera.moves import Move
from director.camera.points import ObjectPoint
from director.errors import SceneError, UsageError
from director.scene.document import Scene
from director.scene.keys import Track, euler_quaternion, fast_compose
from director.scene.mesh import Mesh
from director.scene.proxy import Part, Placed, Proxy, ProxyProblem, colour_values
from director.scene.route import track_of
from director.scene.state import InstanceBatch, SceneState
from director.types import Lamp, SceneObject, Vector

__all__ = ["CompiledScene"]

Matrices = NDArray[np.float64]

_T = TypeVar("_T", bound=np.generic)

_STILL = -1  # the carrier of what never moves: the world itself


class CompiledScene:
    """A scene whose state at any time is cheap. Immutable; the same time always gives the same state."""

    def __init__(self, scene: Scene) -> None:
        """Raises SceneError where a proxy cannot be made from its fields."""
        self.scene = scene
        nodes: list[Placed] = [*scene.groups, *scene.objects]
        self._first_object = len(scene.groups)
        self._index = {node.name: i for i, node in enumerate(nodes)}
        parents = [_STILL if node.parent is None else self._index[node.parent] for node in nodes]
        self._tracks: list[Track] = []
        self._track_parents: list[tuple[int, Matrices]] = []
        # Of each node: the track it hangs on (or _STILL), and its own matrix in that carrier's space.
        self._carriers = np.full(len(nodes), _STILL)
        self._locals = np.tile(np.eye(4), (len(nodes), 1, 1))
        for i in _parents_first(parents):
            self._hang(i, nodes[i], parents[i])
        self._parts = [_parts(scene, i, proxy) for i, proxy in enumerate(scene.objects)]
        self._hidden = _hidden(nodes, parents)[self._first_object :]
        self.objects: tuple[SceneObject, ...] = tuple(
            SceneObject(
                i + 1, proxy.name, proxy.class_name, proxy.prompt, colour_values(proxy.colour), proxy.size_m
            )
            for i, proxy in enumerate(scene.objects)
        )
        self._acts = self._find_acts()
        self._moves = {move.name: move for move in scene.moves}
        self._batches = self._make_batches()
        self._prepare_still()
        self._last: SceneState | None = None

    def at(self, time_s: float) -> SceneState:
        """The whole scene at a time; arrays that did not change are the same arrays at every time. Of a time
        that is asked for again it is the same state: passes, panels and overlays ask once each a tick."""
        last = self._last
        if last is None or last.time_s != time_s:
            self._last = last = self._at(time_s)
        return last

    def _at(self, time_s: float) -> SceneState:
        carriers = self._carrier_matrices(time_s)
        objects = self._still_objects
        moved: Matrices = np.empty((0, 4, 4))
        if len(self._moving_objects):
            nodes = self._moving_objects + self._first_object
            moved = carriers[self._carriers[nodes]] @ self._locals[nodes]
            objects = objects.copy()
            objects[self._moving_objects] = moved
            objects.setflags(write=False)
        posed = {act.index: self._posed(act, moved, carriers, time_s) for act in self._acts}
        return SceneState(
            time_s=time_s,
            meshes=self._meshes,
            batches={key: batch.at(carriers, posed) for key, batch in self._batches.items()},
            objects=self.objects,
            world_from_object=objects,
            sun_direction=self._sun,
            lamps=self._lamps_at(objects),
        )

    def parts(self, index: int) -> tuple[Part, ...]:
        """What an object, counted from 0, is drawn from, at rest; nothing where it is hidden."""
        return () if self._hidden[index] else self._parts[index]

    def locate(self, name: str, time_s: float) -> tuple[Vector, float]:
        """World position of the base of an object or group, and its heading in radians about Y (at 0 it
        faces +Z). Raises UsageError for a name that is not in the scene."""
        if name not in self._index:
            raise UsageError(f"there is no object or group named {name!r}{_nearest(name, self._index)}")
        node = self._index[name]
        matrix = self._locals[node]
        carrier = int(self._carriers[node])
        if carrier != _STILL:
            matrix = self._carrier_matrix(carrier, time_s) @ matrix
        position = (float(matrix[0, 3]), float(matrix[1, 3]), float(matrix[2, 3]))
        return position, math.atan2(matrix[0, 2], matrix[2, 2])

    def move(self, name: str) -> Move:
        """A named camera move of the scene. Raises UsageError that lists those there are."""
        if name not in self._moves:
            known = ", ".join(self._moves) or "none"
            raise UsageError(f"{self.scene.name} has no move named {name!r}", mend=f"its moves: {known}")
        return self._moves[name]

    def bounds(self, time_s: float) -> tuple[Vector, Vector]:
        """The lowest and highest corner of the world box that holds every part at a time. An empty scene
        gives the unit box about the origin."""
        low, high = np.full(3, np.inf), np.full(3, -np.inf)
        state = self.at(time_s)
        for key, batch in state.batches.items():
            positions = self._meshes[key].positions
            corners = np.array(
                [
                    [x, y, z]
                    for x in _ends(positions, 0)
                    for y in _ends(positions, 1)
                    for z in _ends(positions, 2)
                ]
            )
            world = corners @ batch.world_from_mesh[:, :3, :3].transpose(0, 2, 1)
            world += batch.world_from_mesh[:, None, :3, 3]
            low = np.minimum(low, world.min(axis=(0, 1)))
            high = np.maximum(high, world.max(axis=(0, 1)))
        if not state.batches:
            return (-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)
        return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))

    def _hang(self, i: int, node: Placed, parent: int) -> None:
        carrier, base = (
            (_STILL, np.eye(4)) if parent < 0 else (int(self._carriers[parent]), self._locals[parent])
        )
        if node.keys or node.route is not None:
            self._tracks.append(track_of(node))
            self._track_parents.append((carrier, base))
            self._carriers[i] = len(self._tracks) - 1
        else:
            own = fast_compose(node.position, euler_quaternion(node.rotation_deg))
            self._carriers[i], self._locals[i] = carrier, base @ own

    def _carrier_matrix(self, track: int, time_s: float) -> Matrices:
        carrier, base = self._track_parents[track]
        own = fast_compose(self._tracks[track].position(time_s), self._tracks[track].rotation(time_s))
        if carrier == _STILL:
            return base @ own
        return self._carrier_matrix(carrier, time_s) @ base @ own

    def _carrier_matrices(self, time_s: float) -> Matrices:
        # Tracks are listed parents first, so that each finds its own carrier's matrix made.
        made = np.empty((len(self._tracks), 4, 4))
        for i, (track, (carrier, base)) in enumerate(zip(self._tracks, self._track_parents, strict=True)):
            own = base @ fast_compose(track.position(time_s), track.rotation(time_s))
            made[i] = own if carrier == _STILL else made[carrier] @ own
        return made

    def _posed(self, act: "_Act", moved: Matrices, carriers: Matrices, time_s: float) -> Matrices:
        """float64[parts, 4, 4]: world_from_mesh of an object that is posed anew."""
        proxy = self.scene.objects[act.index]
        world = self._locals[act.node] if act.row == _STILL else moved[act.row]
        target = None
        if act.target is not None:
            node, point = act.target
            if node != _STILL:
                carrier = int(self._carriers[node])
                point = self._locals[node] @ point
                point = point if carrier == _STILL else carriers[carrier] @ point
            # What carries a figure turns and moves it, and never stretches it.
            target = world[:3, :3].T @ (point[:3] - world[:3, 3])
        if act.track == _STILL:
            pose = proxy.pose_at(None, 0.0, time_s, None, target)
        else:
            walk = self._tracks[act.track]
            pose = proxy.pose_at(walk.distance(time_s), walk.speed(time_s), time_s, walk.pace_m_s, target)
        posed: Matrices = world @ pose
        return posed

    def _find_acts(self) -> "list[_Act]":
        """What is posed anew each tick, with the track along which it walks: its own, else the nearest above
        it that travels."""
        acts: list[_Act] = []
        for i, proxy in enumerate(self.scene.objects):
            track = int(self._carriers[i + self._first_object]) if proxy.walks else _STILL
            while track != _STILL and not self._tracks[track].travels:
                track = self._track_parents[track][0]
            if track != _STILL or proxy.acts:
                acts.append(_Act(i, i + self._first_object, track, self._target(proxy)))
        return acts

    def _target(self, proxy: Proxy) -> tuple[int, Matrices] | None:
        goal = proxy.looks_at
        if goal is None:
            return None
        if not isinstance(goal, ObjectPoint):
            return _STILL, np.array([*goal, 1.0])
        node = self._index[goal.object]
        i = node - self._first_object
        focus = (0.0, 0.0, 0.0) if i < 0 else self.scene.objects[i].focus
        return node, np.array([*np.add(focus, goal.offset), 1.0])

    def _make_batches(self) -> dict[str, "_Batch"]:
        meshes: dict[str, Mesh] = {}
        rows: dict[str, list[_Row]] = {}
        acting = {act.index for act in self._acts}
        for i, (proxy, parts) in enumerate(zip(self.scene.objects, self._parts, strict=True)):
            pose = proxy.pose_at(0.0, 0.0) if i in acting else proxy.pose()
            colour = self.objects[i].colour
            node = i + self._first_object
            for j, part in enumerate(() if self._hidden[i] else parts):
                meshes.setdefault(part.mesh_key, part.mesh)
                posed = part.object_from_mesh if pose is None else pose[j]
                row = _Row(
                    i, j, int(self._carriers[node]), self._locals[node] @ posed, part, part.colour or colour
                )
                rows.setdefault(part.mesh_key, []).append(row)
        self._meshes: Mapping[str, Mesh] = MappingProxyType(meshes)
        return {key: _Batch(found, acting) for key, found in rows.items()}

    def _prepare_still(self) -> None:
        nodes = np.arange(self._first_object, len(self._carriers))
        self._still_objects = np.ascontiguousarray(self._locals[nodes], np.float32)
        self._still_objects.setflags(write=False)
        self._moving_objects = np.flatnonzero(self._carriers[nodes] != _STILL)
        rows = {int(i): row for row, i in enumerate(self._moving_objects)}
        # Nothing is drawn of what is hidden: it need not be posed.
        self._acts = [
            replace(act, row=rows.get(act.index, _STILL)) for act in self._acts if not self._hidden[act.index]
        ]
        azimuth, elevation = (
            math.radians(self.scene.sun.azimuth_deg),
            math.radians(self.scene.sun.elevation_deg),
        )
        level = math.cos(elevation)
        self._sun: Vector = (math.sin(azimuth) * level, math.sin(elevation), -math.cos(azimuth) * level)
        self._lit = [
            (i, _lamp_colour(proxy.light.colour), proxy.light.strength, (0.0, proxy.size_m[1] / 2, 0.0))
            for i, proxy in enumerate(self.scene.objects)
            if proxy.light is not None and not self._hidden[i]
        ]

    def _lamps_at(self, objects: NDArray[np.float32]) -> tuple[Lamp, ...]:
        lamps = []
        for i, colour, strength, (x, y, z) in self._lit:
            m = objects[i]
            at = m[:3, 0] * x + m[:3, 1] * y + m[:3, 2] * z + m[:3, 3]
            lamps.append(Lamp(i + 1, (float(at[0]), float(at[1]), float(at[2])), colour, strength))
        return tuple(lamps)


@dataclass(frozen=True, slots=True)
class _Act:
    """An object that is posed anew each tick: its index and node, the track it walks along (or _STILL), what
    it looks at (a node or the world, and a point there, float64[4]), and its row among what moves."""

    index: int
    node: int
    track: int
    target: tuple[int, Matrices] | None
    row: int = _STILL


class _Row:
    """One instance while a scene is compiled."""

    __slots__ = ("carrier", "colour", "from_mesh", "object_index", "part", "part_index")

    def __init__(
        self,
        object_index: int,
        part_index: int,
        carrier: int,
        from_mesh: Matrices,
        part: Part,
        colour: Vector,
    ) -> None:
        self.object_index = object_index
        self.part_index = part_index
        self.carrier = carrier
        self.from_mesh = from_mesh
        self.part = part
        self.colour = colour


class _Batch:
    """All instances of one mesh: those that move are worked out anew each tick, the rest are shared."""

    def __init__(self, rows: list[_Row], acting: Set[int]) -> None:
        world = np.stack([row.from_mesh for row in rows]).astype(np.float32)
        self._still = InstanceBatch(
            object_id=_frozen(np.array([row.object_index + 1 for row in rows], np.uint16)),
            world_from_mesh=_frozen(world),
            object_from_mesh=_frozen(
                np.stack([row.part.object_from_mesh for row in rows]).astype(np.float32)
            ),
            colour=_frozen(np.array([row.colour for row in rows], np.float32)),
        )
        carried = [
            i for i, row in enumerate(rows) if row.carrier != _STILL and row.object_index not in acting
        ]
        self._carried = np.array(carried, np.intp)
        self._carriers = np.array([rows[i].carrier for i in carried], np.intp)
        self._locals = np.stack([rows[i].from_mesh for i in carried]) if carried else np.empty((0, 4, 4))
        self._acting = [
            (i, row.object_index, row.part_index) for i, row in enumerate(rows) if row.object_index in acting
        ]

    def at(self, carriers: Matrices, posed: Mapping[int, Matrices]) -> InstanceBatch:
        if not len(self._carried) and not self._acting:
            return self._still
        world = self._still.world_from_mesh.copy()
        if len(self._carried):
            world[self._carried] = carriers[self._carriers] @ self._locals
        for row, object_index, part in self._acting:
            world[row] = posed[object_index][part]
        still = self._still
        return InstanceBatch(still.object_id, _frozen(world), still.object_from_mesh, still.colour)


def _parts(scene: Scene, i: int, proxy: Proxy) -> tuple[Part, ...]:
    try:
        return proxy.parts()
    except ProxyProblem as problem:
        raise SceneError(
            problem.problem, file=scene.name, field=f"objects[{i}].{problem.field}", mend=problem.mend
        ) from problem


def _parents_first(parents: list[int]) -> list[int]:
    order: list[int] = []
    done: set[int] = {_STILL}
    for i in range(len(parents)):
        chain = []
        node = i
        while node not in done:
            chain.append(node)
            done.add(node)
            node = parents[node]
        order += reversed(chain)
    return order


def _hidden(nodes: list[Placed], parents: list[int]) -> list[bool]:
    """Of each node, whether it or something above it is hidden."""
    hidden = [node.hidden for node in nodes]
    for i in _parents_first(parents):
        hidden[i] |= parents[i] != _STILL and hidden[parents[i]]
    return hidden


def _lamp_colour(colour: str) -> Vector:
    """Linear RGB with its largest channel 1 of "#rrggbb" (IEC 61966-2-1); white for black."""
    linear = np.array(
        [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour_values(colour)]
    )
    if linear.max() <= 0:
        return (1.0, 1.0, 1.0)
    r, g, b = linear / linear.max()
    return (float(r), float(g), float(b))


def _ends(positions: NDArray[np.float32], axis: int) -> tuple[float, float]:
    return float(positions[:, axis].min()), float(positions[:, axis].max())


def _nearest(name: str, known: Mapping[str, int]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    return f"; did you mean {', '.join(close)}?" if close else ""


def _frozen(array: NDArray[_T]) -> NDArray[_T]:
    array.setflags(write=False)
    return array
