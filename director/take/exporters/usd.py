"""OpenUSD: the camera with its lens, and the proxies as meshes, with a time sample a frame on a metre stage.

Focal length and apertures are in tenths of a scene unit there (UsdGeomCamera, "units of measure"): on a stage
in metres 25 mm are 0.25. Focus and clipping are in scene units. Time codes are the frames' numbers.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.generate.protocol import Progress
from director.take.exporters._blocking import Blocked, blocking_of, linear_rgb
from director.take.exporters._camera import FrameCamera, frame_cameras, vertical_aperture_of
from director.take.exporters._encode import metadata_of, start_timecode
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source, one_line
from director.take.folder import whole_file

if TYPE_CHECKING:
    from pxr.Usd import Stage

__all__ = ["EXPORTER"]

# A tenth of a metre in millimetres.
_TENTH_MM = 100.0
# Before a cut, in frames, what was there is held: readers go straight from sample to sample.
_BEFORE_CUT = 0.001
_ROOT, _MESHES = "/take", "/meshes"


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    from pxr import Tf, Usd, UsdGeom

    (source,) = takes
    start = start_timecode(options.timecode, source)
    cameras = frame_cameras(source)
    progress(0.1, f"blocking {source.name}")
    blocked = blocking_of(source, cameras)
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(float(source.fps))
    stage.SetFramesPerSecond(float(source.fps))
    stage.SetStartTimeCode(options.first_frame)
    stage.SetEndTimeCode(options.first_frame + source.frames - 1)
    root = UsdGeom.Xform.Define(stage, _ROOT).GetPrim()
    stage.SetDefaultPrim(root)
    root.SetCustomDataByKey("director", {**metadata_of(source), "start_timecode": start})
    times = _Times(cameras, options.first_frame)
    _add_camera(stage, source, cameras, times)
    _add_objects(stage, blocked, times)
    progress(0.8, f"writing {out.name}")
    with whole_file(out) as temporary:
        try:
            done, told = stage.GetRootLayer().Export(str(temporary)), ""
        except Tf.ErrorException as error:
            done, told = False, _first_cause(str(error))
        if not done:
            raise RecordingError(
                f"cannot be written: {told or 'USD gives no reason'}",
                subject=str(out),
                mend="make room or choose another --out",
            )


class _Times:
    """The time codes of samples, and the frame that each shows."""

    def __init__(self, cameras: Sequence[FrameCamera], first_frame: int) -> None:
        self.samples: list[tuple[float, int]] = []
        for frame in cameras:
            at = float(first_frame + frame.index)
            if frame.is_cut and frame.index:
                self.samples.append((at - _BEFORE_CUT, frame.index - 1))
            self.samples.append((at, frame.index))

    def set(self, attribute: Any, values: Sequence[Any]) -> None:
        """A value for each frame; where all are the same it is said once."""
        if all(value == values[0] for value in values):
            attribute.Set(values[0])
            return
        for code, index in self.samples:
            attribute.Set(values[index], code)


def _add_camera(stage: "Stage", source: Source, cameras: Sequence[FrameCamera], times: _Times) -> None:
    from pxr import Gf, UsdGeom

    camera = UsdGeom.Camera.Define(stage, f"{_ROOT}/camera")
    lenses = [frame.camera.lens for frame in cameras]
    scene = source.take.scene
    ranges = [frame.camera.depth_range_m or (scene.near_m, scene.far_m) for frame in cameras]
    camera.CreateProjectionAttr(UsdGeom.Tokens.perspective)
    times.set(camera.CreateFocalLengthAttr(), [lens.focal_length_mm / _TENTH_MM for lens in lenses])
    times.set(camera.CreateHorizontalApertureAttr(), [lens.film_back_width_mm / _TENTH_MM for lens in lenses])
    times.set(
        camera.CreateVerticalApertureAttr(),
        [vertical_aperture_of(lens, source) / _TENTH_MM for lens in lenses],
    )
    times.set(camera.CreateFocusDistanceAttr(), [lens.focus_distance_m for lens in lenses])
    times.set(camera.CreateFStopAttr(), [lens.f_number for lens in lenses])
    times.set(camera.CreateClippingRangeAttr(), [Gf.Vec2f(near, far) for near, far in ranges])
    _place(camera, np.stack([frame.world_from_camera for frame in cameras]), times)


def _add_objects(stage: "Stage", blocked: Blocked, times: _Times) -> None:
    from pxr import Gf, UsdGeom, Vt

    # Meshes lie in a class, which is not drawn, and parts refer to them: each is written once.
    stage.CreateClassPrim(_MESHES)
    shapes: dict[str, str] = {}
    for number, (key, mesh) in enumerate(blocked.meshes.items(), start=1):
        shape = UsdGeom.Mesh.Define(stage, f"{_MESHES}/mesh_{number}")
        shape.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.positions, np.float32)))
        shape.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.normals, np.float32)))
        shape.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
        shape.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(mesh.triangles), 3, np.int32)))
        indices = np.ascontiguousarray(mesh.triangles.reshape(-1), np.int32)
        shape.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(indices))
        shape.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
        shape.CreateDoubleSidedAttr(True)
        shape.CreateExtentAttr([Gf.Vec3f(*map(float, ends)) for ends in _ends(mesh.positions)])
        shapes[key] = str(shape.GetPath())
    taken = {"camera"}
    for thing in blocked.objects:
        frame = UsdGeom.Xform.Define(stage, f"{_ROOT}/{_identifier(thing.object.name, taken)}")
        prim = frame.GetPrim()
        prim.SetDisplayName(thing.object.name)
        about = {
            "object_id": thing.object.id,
            "class": thing.object.class_name,
            "prompt": thing.object.prompt,
        }
        prim.SetCustomDataByKey("director", about)
        _place(frame, thing.world_from_object, times)
        for number, part in enumerate(thing.parts, start=1):
            mesh_prim = UsdGeom.Mesh.Define(stage, f"{frame.GetPath()}/part_{number}")
            mesh_prim.GetPrim().GetReferences().AddInternalReference(shapes[part.mesh_key])
            mesh_prim.CreateDisplayColorAttr([Gf.Vec3f(*linear_rgb(part.colour))])
            _place(mesh_prim, part.object_from_mesh, times)


def _place(prim: Any, matrices: NDArray[np.float64], times: _Times) -> None:
    """Where it is: float64[n, 4, 4] for columns, which USD wants for rows."""
    from pxr import Gf

    made = [Gf.Matrix4d(matrix.T.tolist()) for matrix in matrices]
    operation = prim.AddTransformOp()
    if len(made) == 1:
        operation.Set(made[0])
    else:
        times.set(operation, made)


def _first_cause(told: str) -> str:
    """What went wrong, out of what USD says of it: the same a hundred times, with places in its source."""
    found = re.search(r" : '([^']*)'", told)
    return one_line(found[1] if found else told, 200)


def _identifier(name: str, taken: set[str]) -> str:
    """A name as USD takes them, none of those taken, among which it then is."""
    from pxr import Tf

    plain = stem = str(Tf.MakeValidIdentifier(name))
    count = 1
    while plain in taken:
        count += 1
        plain = f"{stem}_{count}"
    taken.add(plain)
    return plain


def _ends(positions: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return positions.min(axis=0), positions.max(axis=0)


EXPORTER = Exporter(
    "usd",
    "the camera and the proxies, as OpenUSD",
    (".usd", ".usda", ".usdc"),
    _export,
    extra="usd",
    packages=("pxr",),
    heeds=frozenset({"timecode", "first_frame"}),
)
