"""glTF 2.0, .glb or .gltf in one file: the animated camera, and the proxies as meshes that move.

glTF's camera has a vertical angle of view and no lens: film back, focal length, stop and focus stand in
`extras`, frame by frame, and so does the angle where it changes, which glTF cannot animate.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from director import __version__
from director.generate.protocol import Progress
from director.take.exporters._blocking import blocking_of, linear_rgb
from director.take.exporters._camera import FrameCamera, frame_cameras, vertical_aperture_of, vertical_fov_of
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._gltf_buffer import Buffer, Channels, add_channels
from director.take.exporters._source import Source
from director.take.folder import whole_file
from director.types import Vector

if TYPE_CHECKING:
    from pygltflib import GLTF2

    from director.take.exporters._blocking import Blocked

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    import pygltflib

    (source,) = takes
    cameras = frame_cameras(source)
    progress(0.1, f"blocking {source.name}")
    blocked = blocking_of(source, cameras)
    gltf = pygltflib.GLTF2(
        asset=pygltflib.Asset(version="2.0", generator=f"director {__version__}"),
        scene=0,
        scenes=[pygltflib.Scene(name=source.entry.scene, nodes=[])],
    )
    buffer = Buffer(gltf)
    channels = Channels(gltf, buffer, source, cameras)
    _add_camera(gltf, source, cameras, channels)
    _add_objects(gltf, buffer, blocked, channels)
    if channels.animation.channels:
        gltf.animations.append(channels.animation)
    progress(0.8, f"writing {out.name}")
    buffer.close()
    with whole_file(out) as temporary:
        if out.suffix.lower() == ".glb":
            temporary.write_bytes(b"".join(gltf.save_to_bytes()))
        else:
            gltf.convert_buffers(pygltflib.BufferFormat.DATAURI)
            temporary.write_text(gltf.to_json(), encoding="utf-8")


def _add_camera(gltf: "GLTF2", source: Source, cameras: Sequence[FrameCamera], channels: Channels) -> None:
    import pygltflib

    first = cameras[0].camera
    scene = source.take.scene
    near_m, far_m = first.depth_range_m or (scene.near_m, scene.far_m)
    perspective = pygltflib.Perspective(
        aspectRatio=source.aspect, yfov=vertical_fov_of(first.lens, source), znear=near_m, zfar=far_m
    )
    lenses = [frame.camera.lens for frame in cameras]
    extras = {
        "scene": source.entry.scene,
        "shot": source.entry.shot,
        "take": source.entry.number,
        "frame_rate": f"{source.fps.numerator}/{source.fps.denominator}",
        "film_back_fit": "horizontal",
        "film_back_width_mm": [lens.film_back_width_mm for lens in lenses],
        "picture_height_mm": [vertical_aperture_of(lens, source) for lens in lenses],
        "focal_length_mm": [lens.focal_length_mm for lens in lenses],
        "f_number": [lens.f_number for lens in lenses],
        "focus_distance_m": [lens.focus_distance_m for lens in lenses],
        "yfov_rad": [vertical_fov_of(lens, source) for lens in lenses],
    }
    gltf.cameras.append(
        pygltflib.Camera(name=source.entry.shot, type="perspective", perspective=perspective, extras=extras)
    )
    node = pygltflib.Node(name="camera", camera=0)
    matrices = np.stack([frame.world_from_camera for frame in cameras])
    gltf.scenes[0].nodes.append(add_channels(gltf, node, matrices, channels))


def _add_objects(gltf: "GLTF2", buffer: Buffer, blocked: "Blocked", channels: Channels) -> None:
    import pygltflib

    meshes: dict[tuple[str, Vector], int] = {}
    for thing in blocked.objects:
        about = {
            "object_id": thing.object.id,
            "class": thing.object.class_name,
            "prompt": thing.object.prompt,
        }
        node = pygltflib.Node(name=thing.object.name, extras=about, children=[])
        parent = add_channels(gltf, node, thing.world_from_object, channels)
        gltf.scenes[0].nodes.append(parent)
        for number, part in enumerate(thing.parts, start=1):
            look = (part.mesh_key, part.colour)
            if look not in meshes:
                meshes[look] = buffer.mesh(
                    part.mesh_key, blocked.meshes[part.mesh_key], linear_rgb(part.colour)
                )
            child = pygltflib.Node(name=f"{thing.object.name} {number}", mesh=meshes[look])
            node.children.append(add_channels(gltf, child, part.object_from_mesh, channels))


EXPORTER = Exporter(
    "gltf",
    "the animated camera and the proxies, as glTF",
    (".glb", ".gltf"),
    _export,
    extra="export",
    packages=("pygltflib",),
)
