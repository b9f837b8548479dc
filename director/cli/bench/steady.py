"""What each part of the composite costs beside the G-buffer, and how crisp an enlarged picture is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import moderngl

from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.composite.display import Display
from director.composite.generated import GeneratedPicture, Moment
from director.composite.steady import SteadyPicture
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import AnySize, GeneratorSettings, Progress
from director.meters.colour import unit_range
from director.meters.edges import find_edges, scene_edges
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.take.finish import moment_of
from director.types import CameraState, GeneratedFrame, Tick

__all__ = ["SUITE"]

_SIZES = ((512, 288), (1280, 720))
_LARGE = (1280, 720)
_SCENE = "night_alley"
_ROUNDS = 24


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    context = headless_context()
    runner = InlineRunner(generator(name)(GeneratorSettings()))
    try:
        for index, size in enumerate(_SIZES):
            progress(index / 5, f"steady: parts at {size[0]}x{size[1]}")
            found[f"parts, {size[0]}x{size[1]}"] = _parts(context, name, runner, size)
        for index, scene in enumerate(scene_names()):
            progress(0.4 + index / 5, f"steady: {scene} enlarged")
            found[f"{scene}, enlarged to {_LARGE[0]}x{_LARGE[1]}"] = _enlarged(context, name, runner, scene)
    finally:
        runner.close()
        context.release()
    return found


class _Set:
    """A scene with its passes at a picture's size, and a frame generated from the start of its first move."""

    def __init__(
        self, context: moderngl.Context, name: str, runner: InlineRunner, scene: str, size: tuple[int, int]
    ) -> None:
        self.compiled = CompiledScene(load_scene(scene))
        self.move = self.compiled.scene.moves[0]
        self.direction = direction_at(self.compiled.scene.prompt, {}, self.compiled.objects, 0, 0.0)
        self.backend = generator(name)(GeneratorSettings())
        self._context, self._runner = context, runner
        self.frame, self.source = self.generated(self.backend.size_for(*size))
        self.passes = Conditioner(
            context, self.compiled, *size, frozenset({"depth", "object"}), shown=frozenset({"base"})
        )

    def generated(self, size: tuple[int, int]) -> tuple[GeneratedFrame, Moment]:
        """What the generator draws at a size, and the moment that it shows."""
        maps = self.backend.maps | {"depth", "object"}
        asking = Conditioner(self._context, self.compiled, *size, maps)
        asking.draw(Tick(0, 1.0, 0.0), self.camera(1.0), self.direction)
        conditioning = asking.take()
        assert conditioning is not None
        source = moment_of(asking)
        self._runner.submit(conditioning)
        frame = self._runner.newest()
        assert frame is not None
        asking.release()
        return frame, source

    def camera(self, time_s: float) -> CameraState:
        return self.move.camera_at(time_s, self.compiled.locate)

    def draw(self, index: int, time_s: float) -> Moment:
        """The passes at a time, and the moment they show."""
        self.passes.draw(Tick(index, time_s, 1 / 24), self.camera(time_s), self.direction)
        return moment_of(self.passes)


def _parts(
    context: moderngl.Context, name: str, runner: InlineRunner, size: tuple[int, int]
) -> dict[str, float]:
    staged = _Set(context, name, runner, _SCENE, size)
    target = context.texture(size, 4)
    framebuffer = context.framebuffer([target])
    carried, steady = GeneratedPicture(context), SteadyPicture(context, *size)
    display = Display(context, *size)
    times: dict[str, list[float]] = {}

    def timed(part: str, work: Callable[[], object]) -> None:
        started = now_s()
        work()
        # Software OpenGL only notes down what it is to draw.
        context.finish()
        times.setdefault(part, []).append((now_s() - started) * 1000)

    textures = staged.passes.gbuffer.textures
    for index in range(_ROUNDS):
        timed("gbuffer", partial(staged.draw, index, 1.0 + index / 24))
        now = moment_of(staged.passes)
        timed("upload", partial(carried.upload, replace(staged.frame)))
        framebuffer.use()
        timed("reproject", partial(carried.draw, now, staged.source, textures))
        timed("stabilise", partial(steady.draw, target, textures, now, 0.5, 0.3))
        # All of it as the viewport does it: by those shaders, or by compiled loops.
        at_hand = staged.passes.gbuffer.at_hand
        draw = partial(display.draw, staged.frame, textures, now, staged.source, 0.5, at_hand)
        timed("composite", draw)
    figures: dict[str, float] = {}
    for part, spent in times.items():
        # The first compiles.
        figures |= spread(part, "ms", spent[1:], (50, 99))
    figures["composite_over_gbuffer"] = round(figures["composite_p50_ms"] / figures["gbuffer_p50_ms"], 3)
    return figures


def _enlarged(context: moderngl.Context, name: str, runner: InlineRunner, scene: str) -> dict[str, float]:
    size = _LARGE
    staged = _Set(context, name, runner, scene, size)
    now = staged.draw(0, 1.0)
    display = Display(context, *size)
    maps = staged.passes.take()
    assert maps is not None
    borders = scene_edges(maps.maps["depth"], maps.maps["object"])
    display.draw(staged.frame, staged.passes.gbuffer.textures, now, now)
    guided = display.read()
    # Without moments it is only scaled.
    display.draw(staged.frame, staged.passes.gbuffer.textures)
    bilinear = display.read()
    pictures = {"guided": guided, "bilinear": bilinear}
    if isinstance(staged.backend, AnySize) and staged.backend.any_size:
        # What there is to keep: blocked borders that the picture does not have cannot be found in any.
        pictures["full_size"] = staged.generated(size)[0].image
    figures: dict[str, float] = {}
    for kind, picture in pictures.items():
        found = find_edges(unit_range(picture), borders)
        assert found is not None
        figures[f"{kind}_edge_recall"] = round(found.recall, 3)
        figures[f"{kind}_edge_offset_px"] = round(found.offset_px, 3)
    display.release()
    return figures


SUITE = Suite("ms of each part of the composite beside the G-buffer, and the crispness of enlarging", _run)
