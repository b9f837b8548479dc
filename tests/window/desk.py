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

from director.app.desk.aim import projected
from director.app.desk.editing import Editing
from director.app.loop import Loop
from director.app.overlays.guard import Pace
from director.app.panels.plan import PlanPanel
from director.app.readouts import readout_of
from director.app.session import Session, SessionSettings
from director.app.window import Window
from director.generate import generator
from director.generate.process import ProcessRunner
from director.generate.protocol import AnySize, GeneratorSettings
from director.generate.watchdog import Patience
from director.scene import edit as scene_edit
from director.scene.load import load_scene


class Desk:
    """The viewport and what tests may ask of it: one method a command."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._window = Window("Director under test", (960, 540))
        backend = generator(given["generator"])
        settings = GeneratorSettings(options=given.get("options", {}))
        size = tuple(given.get("size", (256, 144)))
        unloaded = backend(settings)
        map_size = unloaded.size_for(*size)
        still = size if isinstance(unloaded, AnySize) and unloaded.any_size else None
        patience = Patience(**given.get("patience", {}))
        self._runner = ProcessRunner(given["generator"], settings, still or map_size, patience)
        self._session = Session(
            self._window.context,
            load_scene(given.get("scene", "night_alley")),
            self._runner,
            SessionSettings(
                given["generator"],
                backend.maps,
                map_size,
                size,
                Path(given["takes"]),
                Fraction(24),
                still=still,
            ),
        )
        scene = given.get("scene", "night_alley")
        editing = Editing(self._session, scene, Path(given["takes"]) / "sets")
        own = Path(given["takes"]).parent / "settings"
        self.loop = Loop(self._window, self._session, 60.0, editing, own)

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
            "panels_drawn": self.loop.panels.drawn,
            "selection": self.loop.desk.editing.selection,
            "undo": list(self.loop.desk.editing.undo_labels),
            "place": astuple(self.loop.desk.picture_place),
            "palette": self._palette(),
            "takes": self._takes(),
            "shooting": self._shooting(),
            "playing": self._playing(),
            "exploring": self._exploring(),
        }

    def _shooting(self) -> dict[str, Any]:
        board, shot = self.loop.desk.shots, self._session.shooting.shot
        timeline: Any = self.loop.desk.panel("Timeline")
        ruler = timeline.view.ruler
        return {
            "shots": [made.name for made in self._session.document.shots],
            "current": shot and shot.model_dump(mode="json"),
            "follows": self._session.shooting.follows,
            "keys": sorted([list(path), time] for path, time in board.keys),
            "again": sorted(self._session.shooting.channels),
            "types": self.loop.wants_text,
            "count": self._session.shooting.left_s,
            "ruler": ruler and [ruler.start_s, ruler.per_s, ruler.left],
            "front": self.loop.desk.front("bottom"),
            "sound": [board.sound.audio is not None, board.sound.is_heard],
            "range": [self._session.transport.start_s, self._session.transport.end_s],
        }

    def add_key(self, path: list[str], time_s: float, value: Any) -> None:
        """A key of the current shot's timeline."""
        given = tuple(value) if isinstance(value, list) else value
        self.loop.desk.shots.add_key(tuple(path), time_s, given)

    def located(self, name: str) -> list[float]:
        """Where something stands just now, as it is drawn."""
        return list(self._session.scene.locate(name, self._session.transport.time_s)[0])

    def double_click(self, x: int, y: int) -> None:
        """Both clicks at once: a slow machine makes no two single ones of them."""
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP) * 2:
            pygame.event.post(pygame.event.Event(kind, pos=(x, y), button=1))

    def load_sound(self, path: str) -> None:
        self.loop.desk.shots.load_sound(path)

    def _palette(self) -> dict[str, Any]:
        palette = self.loop.desk.palette
        shown = [command.text for command in palette.shown[:8]]
        return {
            "open": palette.is_open,
            "listening": palette.is_listening,
            "text": palette.text,
            "shown": shown,
        }

    def _takes(self) -> list[dict[str, Any]]:
        shelf = self.loop.desk.shelf
        return [
            {
                "folder": str(take.folder),
                "rating": take.rating,
                "circled": take.circled,
                "note": take.note,
                "state": take.state,
                "error": take.error,
                "chosen": take.folder == shelf.chosen,
            }
            for take in shelf.shown
        ]

    def _playing(self) -> dict[str, Any]:
        playing = self.loop.desk.playing
        return {
            "on": playing.is_on,
            "running": playing.is_running,
            "shown": playing.shown_frame,
            "frames": playing.frames,
            "takes": [str(take.folder) for take in playing.takes],
            "way": playing.way,
        }

    def _exploring(self) -> dict[str, Any]:
        exploring = self.loop.desk.exploring
        found = exploring.found
        held = found and {name: hold.hold for name, hold in found.objects.items()}
        return {"phase": exploring.phase, "held": held, "hold": found and found.hold}

    def limit_files(self, most: int | None) -> None:
        """No file may grow beyond so many bytes from now on, as on a disk that is full; None ends that."""
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if most is None else most, hard))

    def try_out(self, variable: int, words: str) -> None:
        """Fill in what the Explore panel is to try."""
        panel: Any = self.loop.desk.panel("Explore")
        panel.fill(variable, words)

    def cameras(self) -> dict[str, Any]:
        """The cameras that are set up, what carries the live one, and what the panels of the camera show."""
        flight, cameras = self._session.flight, self.loop.desk.cameras
        mount, plan = flight.mount, self.loop.desk.panel("Plan")
        assert isinstance(plan, PlanPanel)
        guard = next(shown for shown in self.loop.desk.overlays if isinstance(shown, Pace))
        return {
            "live": flight.live.name,
            "places": {camera.name: camera.camera.position for camera in flight.cameras},
            "rig": mount.rig,
            "subject": mount.subject,
            "dolly_zoom": mount.dolly_zoom,
            "tracked": flight.live.puller.tracked,
            "is_cut": flight.camera.is_cut,
            "orientation": flight.camera.orientation,
            "phrase": cameras.phrase,
            "suggested": [found.phrase for found in cameras.framer.suggestions],
            "front": self.loop.desk.front("right"),
            "guides": asdict(cameras.guides),
            "shows_pad": cameras.shows_pad,
            "buttons": dict(cameras.pad.buttons) if cameras.pad is not None else {},
            "map_mark": plan.place_of_camera(self.loop.desk),
            "warning": guard.warning,
        }

    def bind_next_button(self, name: str) -> None:
        """As a click on the row of an action in the Camera panel does."""
        panel: Any = self.loop.desk.panel("Camera")
        panel.pad.wait_for(self.loop.desk, name)

    def draw_panels_live(self, live: bool) -> None:
        """Each turn anew, or as a software renderer has them."""
        self.loop.panels.is_live = live

    def select(self, names: list[str]) -> None:
        """As clicks would."""
        self.loop.desk.editing.select(names)

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

    def scene(self) -> dict[str, Any]:
        """What is edited: its name, prompt and file, and every group and object as files hold them."""
        editing = self.loop.desk.editing
        things = {
            placed.name: placed.model_dump(mode="json", by_alias=True) for _, placed in editing.scene.placed()
        }
        return {
            "name": editing.scene.name,
            "prompt": editing.scene.prompt,
            "sun": [editing.scene.sun.azimuth_deg, editing.scene.sun.elevation_deg],
            "path": None if editing.path is None else str(editing.path),
            "dirty": editing.is_dirty,
            "things": things,
        }

    def spot(self, x: float, y: float, z: float) -> list[int]:
        """Where a point of the world lies in the window, in points."""
        view = self._session.picture.view
        assert view is not None
        ((u, v),), _ = projected(view, np.array([[x, y, z]]))
        place = self.loop.desk.picture_place
        return [round(place.left + u * place.width), round(place.top + v * place.height)]

    def edit(self, kind: str, **fields: Any) -> list[bool]:
        """Make an edit by the name of its class; lists become tuples."""
        made = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        return [self.loop.desk.editing.do(getattr(scene_edit, kind)(**made))]

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
