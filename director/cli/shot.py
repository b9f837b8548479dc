"""What `shoot` and `still` have in common: a scene, a camera move, directions and what draws them."""

import argparse
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from director.cli.options import add_direction, add_generator, add_json, add_lens, add_samples, add_size
from director.errors import UsageError

if TYPE_CHECKING:
    from director.take.stage import Request

__all__ = ["add_shot", "framed", "requested"]


def add_shot(parser: argparse.ArgumentParser) -> None:
    """SCENE, --move, --size, --samples, what is directed, the lens, --generator and --json."""
    parser.add_argument("scene", metavar="SCENE", help="a shipped scene's name or a file")
    parser.add_argument("--move", metavar="NAME", help="a camera move of the scene (default its first)")
    add_size(parser)
    add_samples(parser)
    add_direction(parser)
    add_lens(parser)
    add_generator(parser)
    add_json(parser)


def requested(arguments: argparse.Namespace, fps: Fraction = Fraction(24)) -> "Request":
    """What those arguments ask for. Raises SceneError, and UsageError for an unknown generator or a lens
    setting that would show in nothing."""
    from director.composite.lens_effects import LensSettings
    from director.generate import generator
    from director.generate.protocol import GeneratorSettings
    from director.scene.load import load_scene
    from director.take.finish import LensRequest
    from director.take.stage import Request

    for name, value in (("--f-number", arguments.f_number), ("--focus", arguments.focus)):
        if value is not None and not arguments.depth_of_field:
            raise UsageError("shows only in depth of field", subject=name, mend="add --depth-of-field")
    width, height = arguments.size
    scene = load_scene(arguments.scene)
    generator(arguments.generator)
    return Request(
        scene=scene,
        move=arguments.move,
        width=width,
        height=height,
        fps=fps,
        prompt=arguments.prompt,
        object_prompts=dict(arguments.object_prompts),
        strengths=dict(arguments.strengths),
        seed=arguments.seed,
        generator=arguments.generator,
        settings=GeneratorSettings(
            options={} if arguments.samples is None else {"samples": arguments.samples}
        ),
        lens=LensRequest(
            LensSettings(arguments.depth_of_field, arguments.shutter),
            f_number=arguments.f_number,
            focus_distance_m=arguments.focus,
        ),
    )


def framed(request: "Request", phrase: str, time_s: float) -> "Request":
    """The same request from the camera of a shot said in words, solved as the scene is at a time.

    Raises UsageError for words that are not understood, and SceneError.
    """
    from director.camera.setups.framed_move import FramedMove
    from director.camera.setups.phrase import shot_from
    from director.camera.setups.shot import Picture
    from director.camera.setups.solve import solve
    from director.scene.compile import CompiledScene
    from director.scene.landmarks import blocking_at

    blocking = blocking_at(CompiledScene(request.scene), time_s)
    shot = shot_from(phrase, blocking.names)
    camera = solve(shot, blocking, Picture(request.width / request.height)).camera
    move = FramedMove(name="shot", camera=camera)
    return replace(request, scene=request.scene.model_copy(update={"moves": (move,)}), move=move.name)
