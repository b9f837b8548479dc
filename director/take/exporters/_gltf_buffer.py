"""The bytes of a glTF file: accessors of meshes and of animation, each array written once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh
from director.take.exporters._blocking import decomposed
from director.take.exporters._camera import FrameCamera
from director.take.exporters._source import Source
from director.types import Vector

if TYPE_CHECKING:
    from pygltflib import GLTF2, Node

__all__ = ["Buffer", "Channels", "add_channels"]

# GL's names for the types and targets, as glTF 2.0 has them (5.1 and 5.11 of the specification).
_TYPES = {np.dtype(np.float32): 5126, np.dtype(np.uint32): 5125}
_VERTICES, _INDICES = 34962, 34963
# Shortly before a cut, in frames, what was there is held: readers go straight from key to key. Blender takes
# keys within a hundredth of a frame for one.
_BEFORE_CUT = 1 / 50


class Buffer:
    """Collects arrays for the one buffer of a file; `close` gives them to it."""

    def __init__(self, gltf: "GLTF2") -> None:
        self._gltf = gltf
        self._blob = bytearray()
        self._geometries: dict[str, tuple[int, int, int]] = {}
        self._materials: dict[Vector, int] = {}

    def array(self, values: NDArray[Any], kind: str, target: int | None = None, bounds: bool = False) -> int:
        """The accessor of float32 or uint32[n] or [n, c]; `bounds` writes least and most, which glTF asks
        for in places and times."""
        import pygltflib

        values = np.ascontiguousarray(values)
        raw = values.tobytes()
        self._gltf.bufferViews.append(
            pygltflib.BufferView(buffer=0, byteOffset=len(self._blob), byteLength=len(raw), target=target)
        )
        self._blob += raw
        rows = values.reshape(len(values), -1)
        self._gltf.accessors.append(
            pygltflib.Accessor(
                bufferView=len(self._gltf.bufferViews) - 1,
                componentType=_TYPES[values.dtype],
                count=len(values),
                type=kind,
                min=[float(value) for value in rows.min(axis=0)] if bounds else None,
                max=[float(value) for value in rows.max(axis=0)] if bounds else None,
            )
        )
        return len(self._gltf.accessors) - 1

    def mesh(self, key: str, mesh: Mesh, colour: Vector) -> int:
        """The index of a mesh in a colour, linear RGB; triangles are written once whatever their colours."""
        import pygltflib

        if key not in self._geometries:
            self._geometries[key] = (
                self.array(mesh.positions.astype(np.float32), "VEC3", _VERTICES, bounds=True),
                self.array(mesh.normals.astype(np.float32), "VEC3", _VERTICES),
                self.array(mesh.triangles.astype(np.uint32).reshape(-1), "SCALAR", _INDICES),
            )
        positions, normals, triangles = self._geometries[key]
        primitive = pygltflib.Primitive(
            attributes=pygltflib.Attributes(POSITION=positions, NORMAL=normals),
            indices=triangles,
            material=self._material(colour),
        )
        self._gltf.meshes.append(pygltflib.Mesh(name=key, primitives=[primitive]))
        return len(self._gltf.meshes) - 1

    def close(self) -> None:
        """No more arrays come."""
        import pygltflib

        self._gltf.buffers.append(pygltflib.Buffer(byteLength=len(self._blob)))
        self._gltf.set_binary_blob(bytes(self._blob))

    def _material(self, colour: Vector) -> int:
        import pygltflib

        if colour not in self._materials:
            surface = pygltflib.PbrMetallicRoughness(
                baseColorFactor=[*colour, 1.0], metallicFactor=0.0, roughnessFactor=1.0
            )
            # Proxies may be open, as planes are.
            self._gltf.materials.append(pygltflib.Material(pbrMetallicRoughness=surface, doubleSided=True))
            self._materials[colour] = len(self._gltf.materials) - 1
        return self._materials[colour]


class Channels:
    """The animation of a file: keys at the frames of a take, and one more before each cut."""

    def __init__(self, gltf: "GLTF2", buffer: Buffer, source: Source, cameras: Sequence[FrameCamera]) -> None:
        import pygltflib

        self.animation = pygltflib.Animation(name=source.entry.shot, samplers=[], channels=[])
        self._buffer = buffer
        times: list[float] = []
        self._frames: list[int] = []
        for frame in cameras:
            if frame.is_cut:
                times.append(frame.time_s - _BEFORE_CUT / float(source.fps))
                self._frames.append(frame.index - 1)
            times.append(frame.time_s)
            self._frames.append(frame.index)
        self._times = np.array(times, np.float32)
        self._input: int | None = None

    def add(self, node: int, path: str, values: NDArray[np.float64]) -> None:
        """Animate translation, rotation or scale of a node: a row a frame."""
        import pygltflib

        if self._input is None:
            self._input = self._buffer.array(self._times, "SCALAR", bounds=True)
        output = self._buffer.array(values[self._frames].astype(np.float32), f"VEC{values.shape[1]}")
        self.animation.samplers.append(
            pygltflib.AnimationSampler(input=self._input, output=output, interpolation="LINEAR")
        )
        self.animation.channels.append(
            pygltflib.AnimationChannel(
                sampler=len(self.animation.samplers) - 1,
                target=pygltflib.AnimationChannelTarget(node=node, path=path),
            )
        )


def add_channels(gltf: "GLTF2", node: "Node", matrices: NDArray[np.float64], channels: Channels) -> int:
    """Add a node that stands or moves as float64[n, 4, 4] say (n of 1: it stands), and return its index."""
    places, turns, scales = decomposed(matrices)
    node.translation = [float(value) for value in places[0]]
    node.rotation = [float(value) for value in turns[0]]
    if np.abs(scales - 1).max() > 1e-6:
        node.scale = [float(value) for value in scales[0]]
    gltf.nodes.append(node)
    index = len(gltf.nodes) - 1
    for path, values in (("translation", places), ("rotation", turns), ("scale", scales)):
        if np.abs(values - values[0]).max() > 1e-7:
            channels.add(index, path, values)
    return index
