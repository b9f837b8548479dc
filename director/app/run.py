"""`director open`: from a scene's name to a window that runs until it is closed."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from director.errors import UsageError
from director.generate.deadline import QUALITIES, rungs_of

if TYPE_CHECKING:
    from director.app.window import Window

__all__ = ["run"]

_SOFTWARE_FPS = 30.0
_FPS = 60.0


def run(
    scene: str,
    generator: str,
    width: int = 512,
    height: int = 288,
    *,
    takes: Path = Path("takes"),
    fps: float | None = None,
    rate: float | None = None,
    quality: str = QUALITIES[0],
    template: str = "",
) -> int:
    """Open the viewport and return the exit status when it is closed. Takes go to the folder `takes`; `fps`
    caps the ticks a second (None: 60, on software OpenGL 30, which leaves the generator room). `rate` asks
    for so many generated pictures a second, for which the generator draws at less than the dial `quality`
    (one of QUALITIES) says where it must. With a `template`, `scene` is the name of a new scene after it.

    Raises UsageError, SceneError and GraphicsError before anything is shown for long.
    """
    if width < 16 or height < 16 or width % 2 or height % 2:
        raise UsageError(
            f"a picture of {width}×{height} cannot be filmed", subject="--size", mend="even numbers from 16"
        )
    from director.app.window import Window

    window = Window(f"Director — {scene}")
    try:
        window.clear()
        _open(window, scene, generator, (width, height), takes, fps, rate, quality, template)
    finally:
        window.close()
    return 0


def _open(
    window: "Window",
    scene: str,
    generator: str,
    size: tuple[int, int],
    takes: Path,
    fps: float | None,
    rate: float | None,
    quality: str,
    template: str,
) -> None:
    # Imported here: the window is on the screen by now.
    from director.generate import generator as generator_class
    from director.generate import live_options
    from director.generate.process import ProcessRunner
    from director.generate.protocol import AnySize, GeneratorSettings

    backend = generator_class(generator)
    settings = GeneratorSettings(options=dict(live_options(backend)))
    unloaded = backend(settings)
    map_size = unloaded.size_for(*size)
    still = size if isinstance(unloaded, AnySize) and unloaded.any_size else None
    # The generator's process starts first: its libraries load while everything else is made ready.
    runner = ProcessRunner(generator, settings, still or map_size)
    try:
        from director.app.desk.editing import Editing, begun
        from director.app.loop import Loop
        from director.app.session import Session, SessionSettings
        from director.app.user_settings import settings_folder
        from director.composite.kernels import prepare
        from director.passes.context import describe
        from director.passes.kernels import drawn_by_kernels
        from director.scene.load import load_scene

        if fps is None:
            fps = _SOFTWARE_FPS if describe(window.context).is_software else _FPS
        if drawn_by_kernels(window.context):
            prepare(window.tell)
            window.tell()
        opened = begun(template, scene) if template else scene
        session = Session(
            window.context,
            load_scene(opened) if isinstance(opened, str) else opened.scene,
            runner,
            SessionSettings(
                backend.name,
                backend.maps,
                map_size,
                size,
                takes,
                rungs=rungs_of(map_size, unloaded.size_for),
                rate=rate,
                quality=quality,
                still=still,
            ),
        )
        folder = settings_folder(sys.platform, os.environ, Path.home())
        loop = Loop(window, session, fps, Editing(session, opened), folder)
        try:
            loop.run()
        finally:
            take = loop.close()
            for trouble in session.troubles:
                print(trouble, file=sys.stderr)
        if take is not None:
            if take.error:
                print(f"Take {take.number} ends early: {take.error}", file=sys.stderr)
            print(f"Take {take.number} saved: {take.folder}", file=sys.stderr)
    finally:
        runner.close()
