"""A viewport that is driven from a test: reads commands as JSON lines, answers each with one.

It is the real window and the real loop, run in a process of its own because a window's OpenGL context and
the test suite's do not go together. Events may also come from outside, as real keys.
"""

import json
import queue
import sys
import threading
from dataclasses import asdict, astuple
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pygame

from director.app.desk.editing import Editing
from director.app.loop import Loop
from director.app.readouts import readout_of
from director.app.session import Session, SessionSettings
from director.app.window import Window
from director.generate import generator
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings
from director.generate.watchdog import Patience
from director.scene.load import load_scene


class Desk:
    """The viewport and what tests may ask of it: one method a command."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._window = Window("Director under test", (960, 540))
        backend = generator(given["generator"])
        settings = GeneratorSettings(options=given.get("options", {}))
        size = tuple(given.get("size", (256, 144)))
        map_size = backend(settings).size_for(*size)
        patience = Patience(**given.get("patience", {}))
        self._runner = ProcessRunner(given["generator"], settings, map_size, patience)
        self._session = Session(
            self._window.context,
            load_scene(given.get("scene", "night_alley")),
            self._runner,
            SessionSettings(
                given["generator"], backend.maps, map_size, size, Path(given["takes"]), Fraction(24)
            ),
        )
        scene = given.get("scene", "night_alley")
        editing = Editing(self._session, scene, Path(given["takes"]) / "sets")
        self.loop = Loop(self._window, self._session, 60.0, editing)

    def state(self) -> dict[str, Any]:
        session, runner = self._session, self._runner.state
        frame = session.picture.frame
        recording = session.recording
        return {
            "ticks": self.loop.ticks,
            "position": session.flight.camera.position,
            "orientation": session.flight.camera.orientation,
            "focal_length_mm": session.flight.camera.lens.focal_length_mm,
            "riding": session.flight.riding and session.flight.riding.name,
            "time_s": session.transport.time_s,
            "is_playing": session.transport.is_playing,
            "view": session.view,
            "amount": session.amount,
            "prompt": session.prompt,
            "typing": self.loop.field.is_open,
            "typed": self.loop.field.text,
            "hud": self.loop.shows_hud,
            "help": self.loop.shows_help,
            "closing": self.loop.is_closing,
            "phase": runner.phase,
            "pid": runner.pid,
            "restarts": runner.restarts,
            "generated": runner.generated,
            "frame_tick": frame and frame.conditioning.tick.index,
            "frame_size": frame and [frame.image.shape[1], frame.image.shape[0]],
            "quality": session.picture.scheduler.quality,
            "rate": session.picture.scheduler.rate,
            "arrived": frame and frame.conditioning.direction.arrived,
            "held": len(session.directing.locks),
            "stabiliser": session.picture.stabiliser,
            "depth_of_field": session.picture.lens.depth_of_field,
            "shutter_deg": session.picture.lens.shutter_angle_deg,
            "f_number": session.flight.camera.lens.f_number,
            "focus_m": session.flight.camera.lens.focus_distance_m,
            "frame_prompt": frame and frame.conditioning.direction.prompt,
            "folder": recording and str(recording.recorder.folder),
            "settled": session.picture.is_settled,
            "meters": (meters := readout_of(session, 0.0).meters) and asdict(meters),
            "notices": [notice.text for notice in session.notices.shown],
            "size": self._window.size,
            "desk": self.loop.desk.is_open,
            "selection": self.loop.desk.editing.selection,
            "undo": list(self.loop.desk.editing.undo_labels),
            "place": astuple(self.loop.desk.picture_place),
        }

    def press(self, key: str, mod: int = 0) -> None:
        """A key by pygame's name, down and up."""
        code = pygame.key.key_code(key)
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="", scancode=0))
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=code, mod=mod, unicode="", scancode=0))

    def hold(self, key: str) -> None:
        code = pygame.key.key_code(key)
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="", scancode=0))

    def post(self, kind: str, **fields: Any) -> None:
        """An event of pygame by its name: the pad's, text, the window's own."""
        pygame.event.post(pygame.event.Event(getattr(pygame, kind), **fields))

    def picture(self) -> list[float]:
        """Mean colour of the take's picture, and of its four quarters' first channel."""
        read = self._session.picture.display.read().astype(float)
        height, width = read.shape[:2]
        quarters = read.reshape(2, height // 2, 2, width // 2, 3).mean(axis=(1, 3))[..., 0]
        return [*read.mean(axis=(0, 1)), *quarters.ravel()]

    def detail(self) -> list[float]:
        """How much neighbouring pixels of the take's picture differ, on the mean."""
        read = self._session.picture.display.read().astype(float)
        return [float(np.abs(np.diff(read, axis=1)).mean())]

    def window(self) -> list[list[list[int]]]:
        """What the window shows between the HUD's strips, every eighth pixel."""
        path = Path(self._session.settings.takes) / "window.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.loop.screenshot(path)
        from PIL import Image

        whole = np.asarray(Image.open(path))
        shown: list[list[list[int]]] = whole[60:-60:8, ::8].tolist()
        return shown

    def screenshot(self, path: str) -> None:
        self.loop.screenshot(Path(path))

    def resize(self, width: int, height: int) -> None:
        pygame.display.set_mode((width, height), pygame.OPENGL | pygame.DOUBLEBUF | pygame.RESIZABLE)

    def close(self) -> dict[str, Any]:
        take = self.loop.close()
        self._runner.close()
        self._window.close()
        return {
            "take": take and {"folder": str(take.folder), "frames": take.frames, "error": take.error},
            "heavy": sorted({"torch", "diffusers", "transformers"} & sys.modules.keys()),
        }


def main() -> None:
    """Obey until `close`; end of input closes too."""
    desk = Desk(json.loads(sys.argv[1]))
    commands: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin:
            commands.put(line)
        commands.put('{"do": "close"}')

    threading.Thread(target=listen, daemon=True).start()
    while True:
        desk.loop.tick()
        while not commands.empty():
            asked = json.loads(commands.get())
            name = asked.pop("do")
            answer = getattr(desk, name)(**asked)
            print(json.dumps(answer), flush=True)
            if name == "close":
                return
        desk.loop.wait()


if __name__ == "__main__":
    main()
