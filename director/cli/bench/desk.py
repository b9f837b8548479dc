"""The window with its desk: what a tick costs with the panels folded away and with each tab in front, and
what the panels themselves take of it.

It is the real window and the real loop, at the pace of `director open`; the scene plays, so that every tick
draws a picture. Panels are full: shots with keys, takes, and in the last cases a thousand objects.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from director.app.desk.editing import Editing
from director.app.loop import Loop
from director.app.session import Session, SessionSettings
from director.app.window import Window
from director.cli.bench import Figures, Suite, spread
from director.cli.bench.loop import await_loaded
from director.clock import now_s
from director.errors import GraphicsError, RecordingError
from director.generate import generator
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.context import describe
from director.scene.document import Scene
from director.scene.load import load_scene
from director.scene.proxies.box import Box
from director.take.folder import read_json

__all__ = ["SUITE", "crowded"]

_SCENE = "living_room"
_WINDOW = (1280, 720)
_SIZE = (512, 288)
_TICKS = 240
_WARM_UP = 30
_TAKE_TICKS = 20
_FINISHING_TICKS = 900
_SHOTS = 3
_OBJECTS = 1000
_SHOWN_WITH_MANY, _AT_THE_FOOT = ("Objects", "Properties", "Plan"), "Timeline"


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    with _opened(name) as (loop, takes):
        clock = _Clock(loop)
        _fill(loop, takes)
        loop.settle()
        panels = [panel.title for panel in loop.desk.panels]
        many = (_ordinary, _one, _all)
        cases = 2 + len(panels) + len(many)
        session = loop.session

        def measure(case: str) -> None:
            progress(len(found) / cases, f"desk: {case}")
            found[case] = clock.figures(loop)

        measure("closed")
        loop.desk.toggle()
        for title in panels:
            loop.desk.bring_up(title)
            measure(f"{title} in front")
        session.open_scene(crowded(session.document, _OBJECTS))
        session.transport.loops = session.transport.is_playing = True
        for title in _SHOWN_WITH_MANY:
            loop.desk.bring_up(title)
        for choose in many:
            measure(f"{_OBJECTS} objects, {choose(loop)}")
        loop.desk.bring_up(_AT_THE_FOOT)
        measure(f"{_OBJECTS} objects, all selected, {_AT_THE_FOOT}")
    return found


@contextmanager
def _opened(name: str) -> Iterator[tuple[Loop, Path]]:
    """A window with a scene, its generator at work, and a folder for what is written. Raises GraphicsError
    where there is no display."""
    backend = generator(name)
    settings = GeneratorSettings()
    map_size = backend(settings).size_for(*_SIZE)
    # Not asked for beforehand: some displays begin anew when who asked has gone, and refuse meanwhile.
    try:
        window = Window("Director — bench", _WINDOW)
    except GraphicsError as error:
        raise GraphicsError(
            f"this suite opens a window, and that cannot be done: {error.problem}",
            subject="bench desk",
            mend="start it in a desktop session, or under xvfb-run",
        ) from error
    runner = ProcessRunner(name, settings, map_size)
    try:
        await_loaded(runner)
        with tempfile.TemporaryDirectory() as folder:
            takes = Path(folder) / "takes"
            session = Session(
                window.context,
                load_scene(_SCENE),
                runner,
                SessionSettings(name, backend.maps, map_size, _SIZE, takes),
            )
            fps = 30.0 if describe(window.context).is_software else 60.0
            loop = Loop(window, session, fps, Editing(session, _SCENE, Path(folder) / "sets"))
            try:
                yield loop, takes
            finally:
                loop.close()
    finally:
        runner.close()
        window.close()


def _fill(loop: Loop, takes: Path) -> None:
    """Shots with keys of the camera, a take on the shelf, and the scene plays round and round."""
    board, session = loop.desk.shots, loop.session
    for _ in range(_SHOTS):
        board.make()
        session.transport.seek(session.transport.end_s / 2)
        _turn(loop, 2)
        loop.act("key-camera")
    session.transport.rewind()
    session.transport.loops = session.transport.is_playing = True
    loop.act("record")
    _turn(loop, _TAKE_TICKS)
    loop.act("record")
    for _ in range(_FINISHING_TICKS):
        if any(read_json(path)["state"] == "complete" for path in takes.glob("*/*/take.json")):
            return
        _turn(loop, 1)
    raise RecordingError(
        "the take was not finished", subject="bench desk", mend="director doctor: is there room on the disk?"
    )


def _turn(loop: Loop, ticks: int) -> None:
    for _ in range(ticks):
        loop.tick()
        loop.wait()


class _Clock:
    """Times the desk's drawing, within the ticks that it turns."""

    def __init__(self, loop: Loop) -> None:
        self._panels_s = 0.0
        self._context = loop.window.context
        for drawing, name in (
            (loop.panels, "draw"),
            (loop.panels, "finish"),
            (loop.desk, "draw_overlays"),
        ):
            setattr(drawing, name, self._timing(getattr(drawing, name)))

    def figures(self, loop: Loop) -> dict[str, float]:
        """Of some seconds of ticks."""
        _turn(loop, _WARM_UP)
        ticks: list[float] = []
        panels: list[float] = []
        for _ in range(_TICKS):
            self._panels_s, begun_s = 0.0, now_s()
            loop.tick()
            # The tick is over when its picture is there.
            loop.window.context.finish()
            ticks.append((now_s() - begun_s) * 1000)
            panels.append(self._panels_s * 1000)
            loop.wait()
        told = spread("tick", "ms", ticks, (50, 95, 99))
        return {
            **told,
            "tick_p99_over_p50": round(told["tick_p99_ms"] / told["tick_p50_ms"], 3),
            "panels_mean_ms": round(sum(panels) / len(panels), 3),
            **spread("panels", "ms", panels, (50, 99)),
        }

    def _timing(self, draw: Callable[..., None]) -> Callable[..., None]:
        def timed(*given: object) -> None:
            # What OpenGL has still to do is nobody's here, and what it is given here is done here.
            self._context.finish()
            begun_s = now_s()
            draw(*given)
            self._context.finish()
            self._panels_s += now_s() - begun_s

        return timed


def crowded(scene: Scene, objects: int) -> Scene:
    """The scene with so many objects in all: small boxes on its floor."""
    side = max(1, round(objects**0.5))
    more = tuple(
        Box.model_validate(
            {
                "name": f"crate {i}",
                "class": "box",
                "size": (0.1, 0.1, 0.1),
                "position": (-3.0 + 6.0 * (i % side) / side, 0.0, -3.0 + 6.0 * (i // side) / side),
            }
        )
        for i in range(objects - len(scene.objects))
    )
    return scene.model_copy(update={"objects": (*scene.objects, *more)})


def _ordinary(loop: Loop) -> str:
    loop.desk.editing.select(())
    return "none selected"


def _one(loop: Loop) -> str:
    loop.desk.editing.select((_names(loop)[0],))
    return "one selected"


def _all(loop: Loop) -> str:
    loop.desk.editing.select(_names(loop))
    return "all selected"


def _names(loop: Loop) -> Sequence[str]:
    return [thing.name for thing in loop.desk.editing.scene.objects]


SUITE = Suite("ms a tick of the window, and of its panels, with each tab in front", _run, needs_display=True)
