"""Look at what the teacher draws: the proxies, the finished scene as clay, and finished pictures.

    python -m tools.teacher.look --out X.png --objects "box car 1.8x1.4x4.5; mannequin person"
    python -m tools.teacher.look --out X.png --seed 12 --prompt "rainy night" --prompt "desert noon"
    python -m tools.teacher.look --out X.png --scene night_alley --move dolly-in --time 2

Objects are "kind class [WxHxD] [field=value …] [: prompt]", parted by semicolons; kinds and fields as in a
scene file, sizes in metres. They are set side by side unless they have an at=x,y,z; --turn goes round them
and --near goes nearer. A figure may have height_m=1.8 pose=walk.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from director.camera.view import view_of
from director.clock import now_s
from director.math3d import look_rotation
from director.passes.context import headless_context
from director.passes.gbuffer import GBuffer
from director.scene import finish
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish import Finish
from director.scene.load import load_scene
from director.scene.state import SceneState
from director.types import CameraState, Lens, View
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.teacher.sets import random_set
from tools.teacher.views import random_view

__all__ = ["captioned", "main"]

Picture = NDArray[np.uint8]

_GROUND = {"kind": "plane", "class": "floor", "name": "ground", "size": [400.0, 400.0]}
_PROMPTS = ("", "sunny late afternoon", "rainy neon night")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tools.teacher.look", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--objects", help="things on a ground")
    parser.add_argument("--ground", default="sidewalk", help="the class of that ground")
    parser.add_argument("--seed", type=int, help="a random set")
    parser.add_argument("--view", type=int, default=0, help="which of the random set's views")
    parser.add_argument("--scene", help="a scene's name or file")
    parser.add_argument("--move", help="a move of that scene")
    parser.add_argument("--time", type=float, default=0.0)
    parser.add_argument("--prompt", action="append", help="a scene prompt; may be given several times")
    parser.add_argument("--turn", type=float, default=20.0, help="degrees about the things")
    parser.add_argument("--near", type=float, default=1.0, help="2: twice as near the things")
    parser.add_argument("--up", type=float, default=12.0, help="degrees above the things")
    parser.add_argument("--size", default="512x288")
    chosen = parser.parse_args(arguments)
    width, height = (int(value) for value in chosen.size.split("x"))
    scene, view = _staged(chosen, width / height)
    compiled = CompiledScene(scene)
    state = compiled.at(chosen.time)
    context = headless_context()
    started = now_s()
    finished = FinishedScene(compiled, _families()).at(state)
    made = now_s()
    teacher = Teacher(context, width, height)
    ready = now_s()
    teacher.look_at(state, view, 0, finished)
    shown = [
        captioned(_blocking(context, state, view, width, height), "proxies"),
        captioned(teacher.clay(), f"finished, {len(finished.triangles)} triangles"),
    ]
    seen = now_s()
    for prompt in chosen.prompt or _PROMPTS:
        asked = directed(state, view, prompt)
        shown.append(captioned(teacher.picture(asked.look, asked.rows), prompt or "no prompt"))
    drawn = now_s()
    _save(shown, chosen.out)
    print(
        f"{chosen.out}: finishing {made - started:.2f} s, view {seen - ready:.2f} s, "
        f"{len(shown) - 2} pictures {drawn - seen:.2f} s"
    )
    return 0


def _families() -> dict[str, Finish]:
    """All finishers that can be loaded: one that is being written must not keep others from looking."""
    found: dict[str, Finish] = {}
    for module in pkgutil.iter_modules(finish.__path__):
        try:
            found |= getattr(importlib.import_module(f"{finish.__name__}.{module.name}"), "FINISHERS", {})
        except (ImportError, SyntaxError, NameError, AttributeError) as problem:
            print(f"{module.name} is left out: {problem}", file=sys.stderr)
    return found


def captioned(picture: Picture, text: str) -> Picture:
    """The picture with a line of text under it."""
    height, width, _ = picture.shape
    sheet = Image.new("RGB", (width, height + 16), (20, 20, 22))
    sheet.paste(Image.fromarray(picture), (0, 0))
    ImageDraw.Draw(sheet).text((4, height + 2), text[: width // 6], fill=(220, 220, 220))
    return np.asarray(sheet)


def _save(pictures: Sequence[Picture], file: Path) -> None:
    columns = 2 if len(pictures) <= 4 else 3
    blank = np.zeros_like(pictures[0])
    padded = [*pictures, *[blank] * (-len(pictures) % columns)]
    rows = [np.hstack(padded[i : i + columns]) for i in range(0, len(padded), columns)]
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(rows)).save(file)


def _blocking(context: Any, state: SceneState, view: View, width: int, height: int) -> Picture:
    gbuffer = GBuffer(context, width, height)
    gbuffer.draw(state, None, view)
    raw = np.frombuffer(gbuffer.textures["base"].read(), np.uint8).reshape(height, width, 4)[..., :3].copy()
    gbuffer.release()
    return raw


def _staged(chosen: argparse.Namespace, aspect: float) -> tuple[Scene, View]:
    if chosen.scene:
        scene = load_scene(chosen.scene)
        compiled = CompiledScene(scene)
        move = compiled.move(chosen.move) if chosen.move else scene.moves[0]
        camera = move.camera_at(chosen.time, compiled.locate)
        return scene, view_of(camera, aspect, scene.near_m, scene.far_m, None)
    if chosen.seed is not None:
        made = random_set(chosen.seed)
        random = np.random.default_rng([chosen.seed, chosen.view])
        return made.scene, random_view(made, aspect, random)
    if not chosen.objects:
        raise SystemExit("give --objects, --seed or --scene")
    objects = [{**_GROUND, "class": chosen.ground}, *_things(chosen.objects)]
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": "things",
            "near_m": 0.1,
            "far_m": 400.0,
            "sun": {"azimuth_deg": -150.0, "elevation_deg": 38.0},
            "objects": objects,
        }
    )
    return scene, _about(CompiledScene(scene), chosen, aspect)


def _things(text: str) -> list[dict[str, Any]]:
    things: list[dict[str, Any]] = []
    edge = 0.0
    for i, words in enumerate(part.strip() for part in text.split(";") if part.strip()):
        words, _, prompt = words.partition(":")
        kind, class_name, *rest = words.split()
        # Classes of two words are written with an underscore.
        thing: dict[str, Any] = {
            "kind": kind,
            "class": class_name.replace("_", " "),
            "name": f"thing {i + 1}",
            "prompt": prompt.strip(),
        }
        for word in rest:
            if "=" in word:
                key, value = word.split("=", 1)
                thing[key] = _value(value)
            else:
                thing["size"] = [float(v) for v in word.split("x")]
        at = thing.pop("at", None)
        wide = max(thing.get("size", [0.8])[0], thing.get("size", [0.8])[-1]) if at is None else 0.0
        thing["position"] = at or [edge + wide / 2, 0.0, 0.0]
        edge += wide + 0.5 if at is None else 0.0
        things.append(thing)
    return things


def _value(text: str) -> Any:
    if "," in text:
        return [float(v) for v in text.split(",")]
    try:
        return json.loads(text)
    except ValueError:
        return text


def _about(compiled: CompiledScene, chosen: argparse.Namespace, aspect: float) -> View:
    state = compiled.at(0.0)
    corners = []
    for item, world in zip(state.objects[1:], state.world_from_object[1:], strict=True):
        x, y, z = item.size_m
        corners += [
            (world @ (a * x / 2, b * y, c * z / 2, 1))[:3] for a in (-1, 1) for b in (0, 1) for c in (-1, 1)
        ]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    middle = (low + high) / 2
    turn, up = np.radians(chosen.turn), np.radians(chosen.up)
    away = np.array([np.sin(turn) * np.cos(up), np.sin(up), np.cos(turn) * np.cos(up)])
    far = 0.3
    while True:
        # Until everything is within the picture.
        eye = middle + away * far / chosen.near
        eye[1] = max(eye[1], 0.1)
        place = (float(eye[0]), float(eye[1]), float(eye[2]))
        camera = CameraState(place, look_rotation(middle - eye), Lens(focal_length_mm=35.0))
        view = view_of(camera, aspect, 0.05, 400.0, None)
        wide = view_of(
            CameraState(tuple(middle + away * far), camera.orientation, camera.lens),
            aspect,
            0.05,
            400.0,
            None,
        )
        clip = np.c_[np.array(corners), np.ones(len(corners))] @ wide.clip_from_world.T
        if far > 300 or bool((np.abs(clip[:, :2]) < 0.92 * clip[:, 3:]).all()):
            return view
        far *= 1.06


if __name__ == "__main__":
    sys.exit(main())
