"""`director frame`: where the camera stands for a shot said in words, or which shots a scene asks for."""

import argparse
from typing import TYPE_CHECKING

from director.cli.command import Command, Outcome
from director.cli.options import DEFAULT_SIZE, add_json, picture_size, time
from director.errors import UsageError

if TYPE_CHECKING:
    from director.camera.setups.shot import Framing, Shot

__all__ = ["COMMAND"]

_ANGLES = ("yaw", "pitch", "roll")


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scene", metavar="SCENE", help="a shipped scene's name or a file")
    parser.add_argument(
        "phrase", metavar="SHOT", nargs="?", help='such as "medium close-up of anna, low angle, 50 mm"'
    )
    parser.add_argument("--suggest", action="store_true", help="the shots that would cover the scene")
    parser.add_argument(
        "--time", metavar="S", type=time, default=0.0, help="seconds into the scene (default 0)"
    )
    parser.add_argument(
        "--size",
        metavar="WxH",
        type=picture_size,
        default=DEFAULT_SIZE,
        help="pixels of the picture, for its aspect (default 512x288)",
    )
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.camera.setups.phrase import shot_from
    from director.camera.setups.shot import Picture
    from director.camera.setups.solve import solve
    from director.camera.setups.suggest import suggest
    from director.scene.compile import CompiledScene
    from director.scene.landmarks import blocking_at
    from director.scene.load import load_scene

    if arguments.suggest == (arguments.phrase is not None):
        raise UsageError(
            "takes either a shot or --suggest",
            subject="frame",
            mend=f'director frame {arguments.scene} "wide shot of …", or --suggest in its place',
        )
    blocking = blocking_at(CompiledScene(load_scene(arguments.scene)), arguments.time)
    picture = Picture(arguments.size[0] / arguments.size[1])
    if arguments.suggest:
        found = suggest(blocking, picture)
        rows = [f"{made.name:<14} {made.phrase}{_notes(made.framing)}" for made in found]
        data = [
            {"name": made.name, "phrase": made.phrase, **_told(made.shot, made.framing)} for made in found
        ]
        return Outcome("\n".join(rows), data)
    shot = shot_from(arguments.phrase, blocking.names)
    told = _told(shot, framing := solve(shot, blocking, picture))
    return Outcome(_text(told) + "".join(f"\nnote         {note}" for note in framing.notes), told)


def _told(shot: "Shot", framing: "Framing") -> dict[str, object]:
    from director.camera.angles import angles_from_orientation

    camera = framing.camera
    yaw, pitch, roll = angles_from_orientation(camera.orientation)
    return {
        "kind": shot.kind,
        "subjects": list(shot.subjects),
        "position": [round(value, 4) for value in camera.position],
        "orientation": [round(value, 6) for value in camera.orientation],
        "yaw_deg": round(yaw, 3),
        "pitch_deg": round(pitch, 3),
        "roll_deg": round(roll, 3),
        "focal_length_mm": camera.lens.focal_length_mm,
        "focus_distance_m": round(camera.lens.focus_distance_m, 4),
        "notes": list(framing.notes),
    }


def _text(told: dict[str, object]) -> str:
    position, quaternion = told["position"], told["orientation"]
    assert isinstance(position, list)
    assert isinstance(quaternion, list)
    angles = [f"{name} {told[f'{name}_deg']:.2f}°" for name in _ANGLES]
    return "\n".join(
        (
            f"position     {' '.join(f'{value:.3f}' for value in position)} m",
            f"orientation  {' '.join(f'{value:.4f}' for value in quaternion)}  (x y z w)",
            f"angles       {', '.join(angles)}",
            f"lens         {told['focal_length_mm']:g} mm, focus {told['focus_distance_m']:.2f} m",
        )
    )


def _notes(framing: "Framing") -> str:
    return f"  ({'; '.join(framing.notes)})" if framing.notes else ""


COMMAND = Command("frame", "the camera of a shot said in words, or the shots to take", _declare, _run)
