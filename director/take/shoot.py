"""Shoots a take without a window: one generation for each frame, in order, the same every time."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from director.clock import now_s
from director.errors import DirectorError, RecordingError
from director.generate.protocol import Progress
from director.passes.context import describe
from director.take.drawing import cores
from director.take.folder import make_root
from director.take.recorder import Plan, Recorder, Take
from director.take.stage import Request, Stage
from director.take.track import PictureSettings, TrackLine

__all__ = ["Shot", "shoot"]

# Each takes half a gigabyte of memory.
_MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Shot:
    """A take that was shot. `fps` is frames generated in a second of wall time, loading left out;
    `sha256_frames` is of all frames' bytes, uint8[h, w, 3], in order; `not_understood` names the words of
    the prompts that changed nothing."""

    take: Take
    frames: int
    fps: float
    sha256_frames: str
    not_understood: tuple[str, ...]


def shoot(request: Request, out: Path, seconds: float | None, progress: Progress) -> Shot:
    """Shoot `seconds` (None: the move's length) into a new take folder under `out`.

    An interruption or a failure ends the take: what was recorded stays, and is closed as it should be.
    Raises what Stage raises, and RecordingError.
    """
    # Before a generator is loaded, for the user would have waited for nothing.
    make_root(out)
    with Stage(request, progress, min(cores(), _MOST_PROCESSES)) as stage:
        length_s = stage.move.duration_s if seconds is None else seconds
        count = max(1, round(length_s * request.fps))
        recorder = Recorder(_plan(request, out, stage), waits=True)
        digest = hashlib.sha256()
        not_understood: dict[str, None] = {}
        frames = 0
        ended_by = "it was interrupted"
        start_s = now_s()
        try:
            ticks = [stage.tick(index) for index in range(count)]
            for tick, frame in zip(ticks, stage.frames(ticks), strict=True):
                digest.update(frame.picture.data)
                not_understood.update(dict.fromkeys(frame.generated.not_understood))
                direction = frame.generated.conditioning.direction
                height, width = frame.generated.image.shape[:2]
                made_by = PictureSettings(
                    stabiliser=request.stabiliser,
                    depth_of_field=request.lens.settings.depth_of_field,
                    shutter_angle_deg=request.lens.settings.shutter_angle_deg,
                    generated_size=(width, height),
                )
                line = TrackLine(tick, stage.camera(tick), direction, tick.index, picture=made_by)
                recorder.tick(line, frame.picture)
                frames += 1
                progress(frames / count, f"shooting frame {frames} of {count}")
            ended_by = ""
            fps = frames / max(now_s() - start_s, 1e-9)
        except DirectorError as error:
            ended_by = str(error)
            raise
        finally:
            results = {"sha256_frames": digest.hexdigest(), "not_understood": list(not_understood)}
            take = recorder.stop(stage.runner.identity, results, ended_by)
        if take.error:
            raise RecordingError(take.error)
        return Shot(take, frames, fps, digest.hexdigest(), tuple(not_understood))


def _plan(request: Request, out: Path, stage: Stage) -> Plan:
    lens = request.lens
    return Plan(
        root=out,
        scene=request.scene,
        shot=stage.move.name,
        width=request.width,
        height=request.height,
        fps=request.fps,
        seed=request.seed,
        settings={
            "move": stage.move.name,
            "generator": request.generator,
            "generator_options": dict(stage.settings.options),
            "threads": stage.settings.threads,
            "map_size": list(stage.map_size),
            "gl_renderer": describe(stage.context).name,
            "stabiliser": request.stabiliser,
            "holds": list(request.holds),
            "lens": {
                "depth_of_field": lens.settings.depth_of_field,
                "f_number": lens.f_number,
                "focus_distance_m": lens.focus_distance_m,
                "shutter_angle_deg": lens.settings.shutter_angle_deg,
            },
        },
        generator=stage.runner.identity,
    )
