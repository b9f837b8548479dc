"""One frame without a window, and its passes as files."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.conditioning.control import normal_picture, segmentation_picture
from director.errors import UsageError
from director.generate.protocol import Progress
from director.passes.conditioner import Conditioner
from director.take.folder import make_root, whole_file
from director.take.stage import Request, Stage
from director.take.thumbnail import save_picture
from director.types import SceneObject, Tick

__all__ = ["Still", "still", "ticks_until"]

_TARGETS = frozenset({"depth", "object", "normal", "motion", "anchor", "base"})
_PICTURES = frozenset({"object.png", "segmentation.png", "normal.png", "base.png"})


@dataclass(frozen=True, slots=True)
class Still:
    """A picture on disk: the hash of its pixels (uint8[h, w, 3]), what generating took, object ids by
    name, and the files of its passes by name."""

    file: Path
    sha256: str
    milliseconds: float
    objects: dict[str, int]
    passes: dict[str, Path]
    not_understood: tuple[str, ...]


def still(request: Request, file: Path, time_s: float, passes: Path | None, progress: Progress) -> Still:
    """Draw the frame at `time_s` of the move into `file`, a PNG, and its passes into the folder `passes`.

    The passes have the size of the picture. Motion is told against the frame before, as in a take; at
    time 0 nothing moves. Raises what Stage raises, UsageError where a pass would lie over the picture, and
    RecordingError.
    """
    if passes is not None and file.name in _PICTURES and file.parent.resolve() == passes.resolve():
        raise UsageError("a pass is written there too", subject=str(file), mend="choose another name")
    # Before a generator is loaded, for the user would have waited for nothing.
    for folder in (file.parent, passes):
        if folder is not None:
            make_root(folder)
    with Stage(request, progress) as stage:
        ticks = ticks_until(time_s, request.fps)
        for tick in ticks[:-1]:
            stage.precede(tick)
        frame = stage.frame(ticks[-1])
        save_picture(frame.picture, file)
        written = {} if passes is None else _write_passes(stage, request, ticks, passes)
        return Still(
            file=file,
            sha256=hashlib.sha256(frame.picture.data).hexdigest(),
            milliseconds=frame.generated.seconds * 1000,
            objects={thing.name: thing.id for thing in stage.compiled.objects},
            passes=written,
            not_understood=frame.generated.not_understood,
        )


def ticks_until(time_s: float, fps: Fraction) -> list[Tick]:
    """The tick at a time, after the one that its motion is told against; at the start there is none."""
    dt_s = float(1 / fps)
    if time_s < dt_s:
        return [Tick(0, time_s, 0.0)]
    index = round(time_s * fps)
    return [Tick(index - 1, time_s - dt_s, dt_s), Tick(index, time_s, dt_s)]


def _write_passes(stage: Stage, request: Request, ticks: list[Tick], folder: Path) -> dict[str, Path]:
    conditioner = Conditioner(stage.context, stage.compiled, request.width, request.height, _TARGETS)
    for tick in ticks:
        conditioner.draw(tick, stage.camera(tick), stage.direction(tick.time_s))
        conditioning = conditioner.take()
    assert conditioning is not None
    maps = conditioning.maps
    objects: tuple[SceneObject, ...] = stage.compiled.objects
    files: dict[str, tuple[str, Callable[[Path], None]]] = {
        "depth": ("depth.npy", lambda path: _save_array(maps["depth"], path)),
        "object": ("object.png", lambda path: save_picture(maps["object"], path)),
        "segmentation": (
            "segmentation.png",
            lambda path: save_picture(segmentation_picture(maps["object"], objects), path),
        ),
        "normal": ("normal.png", lambda path: save_picture(normal_picture(maps["normal"]), path)),
        "motion": ("motion.npy", lambda path: _save_array(maps["motion"], path)),
        "anchor": ("anchor.npy", lambda path: _save_array(maps["anchor"], path)),
        "base": ("base.png", lambda path: save_picture(maps["base"], path)),
    }
    for name, save in files.values():
        save(folder / name)
    return {key: folder / name for key, (name, _) in files.items()}


def _save_array(array: NDArray[Any], path: Path) -> None:
    with whole_file(path) as temporary:
        np.save(temporary, array, allow_pickle=False)
