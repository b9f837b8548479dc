"""Who has the camera: a named move that rides along scene time, or the hands; which of several is live."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from director.app.cameras import LiveCamera
from director.app.mount import Mount
from director.app.ridden import Ridden
from director.app.surroundings import Surroundings
from director.camera.lens import FILM_BACKS, next_prime_mm, next_stop
from director.camera.move import Move
from director.camera.rigs.fly import EYE_HEIGHT_M, FlyIntent
from director.math3d import look_rotation
from director.scene.compile import CompiledScene
from director.types import CameraState, Vector

__all__ = ["CAMERAS", "Flight"]

_NOTHING: Mapping[str, str] = MappingProxyType({})
CAMERAS = ("A", "B", "C", "D")
"""Names of the cameras that there may be."""


class Flight:
    """Gives the camera of each tick. It begins on the scene's first move; the first touch of the hands
    takes over from there without a jump.

    Camera A is there from the start; another is set up where the live one stands, when it is first cut to.
    """

    def __init__(self, scene: CompiledScene) -> None:
        self._scene = scene
        self._around = Surroundings(scene)
        self._moves = scene.scene.moves
        self._cut = True
        riding = self._moves[0] if self._moves else None
        self._live = LiveCamera(CAMERAS[0], self._around, self._home(0.0, riding), riding)
        self._cameras: dict[str, LiveCamera] = {CAMERAS[0]: self._live}
        self.camera = self._live.camera

    def replace_scene(self, scene: CompiledScene, renamed: Mapping[str, str] = _NOTHING) -> None:
        """Go on in another scene: on the move of the same name, where there still is one, or that is called
        otherwise now; else from where the camera is. Whom cameras follow may be `renamed`."""
        self._scene = scene
        self._around = Surroundings(scene)
        before, self._moves = self._moves, scene.scene.moves
        for live in self._cameras.values():
            live.look_around(self._around, renamed)
            name = None if live.riding is None else live.riding.name
            at = next((i for i, move in enumerate(self._moves) if move.name == name), None)
            if at is None and len(before) == len(self._moves):
                at = next((i for i, move in enumerate(before) if move.name == name), None)
            if at is not None:
                live.chosen, live.riding = at, self._moves[at]
                continue
            live.take_over()
            live.chosen = min(live.chosen, max(0, len(self._moves) - 1))

    @property
    def riding(self) -> Ridden | None:
        """The move, or the shot, that the live camera rides."""
        return self._live.riding

    @property
    def chosen(self) -> Move | None:
        """The move that was chosen last: the one that is ridden, or was flown off from."""
        return self._moves[self._live.chosen] if self._moves else None

    @property
    def speed_m_s(self) -> float:
        """Of the flight."""
        return self._live.speed_m_s

    @property
    def is_walking(self) -> bool:
        """Whether the hands walk at eye height."""
        return self._live.is_walking

    @property
    def live(self) -> LiveCamera:
        """The camera that is looked through."""
        return self._live

    @property
    def cameras(self) -> Sequence[LiveCamera]:
        """Those that are set up, by name."""
        return [self._cameras[name] for name in CAMERAS if name in self._cameras]

    @property
    def mount(self) -> Mount:
        """How the live camera is carried by hand."""
        return self._live.mount

    @property
    def scene(self) -> CompiledScene:
        """What is flown through."""
        return self._scene

    def tick(self, intent: FlyIntent, time_s: float, dt_s: float) -> CameraState:
        """The camera at scene time `time_s`, `dt_s` after the tick before."""
        self.camera = replace(self._live.tick(intent, time_s, dt_s), is_cut=self._cut)
        self._cut = False
        return self.camera

    def cut(self) -> None:
        """The next tick does not continue the one before."""
        self._cut = True

    def cut_to(self, name: str, time_s: float) -> bool:
        """Look through another camera from the next tick on, at scene time `time_s`; a cut. Returns whether
        it had to be set up first, where the live one stands. Raises KeyError for a name that is none of
        CAMERAS."""
        if name not in CAMERAS:
            raise KeyError(name)
        is_new = name not in self._cameras
        if is_new:
            live = LiveCamera(name, self._around, replace(self._live.camera, is_cut=False))
            live.aspect = self._live.aspect
            live.chosen = self._live.chosen
            self._cameras[name] = live
        if name != self._live.name:
            self._live = self._cameras[name]
            self._live.come_back(time_s)
            self._cut = True
        return is_new

    def next_name(self, step: int) -> str:
        """The next (1) or previous (−1) camera that is set up; with one alone, the next that may be."""
        names = [camera.name for camera in self.cameras]
        if len(names) == 1:
            return CAMERAS[(CAMERAS.index(names[0]) + 1) % len(CAMERAS)]
        return names[(names.index(self._live.name) + step) % len(names)]

    def strike(self, name: str) -> bool:
        """Take a camera down; not the live one. Returns whether it was there."""
        return name != self._live.name and self._cameras.pop(name, None) is not None

    def follow(self, ridden: Ridden, *, cuts: bool, keeps_lens: bool = False) -> None:
        """Ride something else than the scene's moves from now on, a shot say, with its own lens or the one
        that hands have set."""
        if keeps_lens:
            self._live.riding = ridden
        else:
            self._live.ride(ridden)
        self._cut = self._cut or cuts

    @property
    def has_own_lens(self) -> bool:
        """Whether hands have set something on the lens of what is ridden or was flown off from."""
        return bool(self._live.set)

    def ride(self, step: int) -> Move | None:
        """Choose the next (1), previous (−1) or same (0) move and ride it from now on; a cut. Returns it,
        or None where the scene has none: the camera then goes home."""
        live = self._live
        if self._moves:
            live.chosen = (live.chosen + step) % len(self._moves)
            live.ride(self._moves[live.chosen])
        else:
            live.put(self._home(0.0, None))
            live.bare_lens()
        self._cut = True
        return self.chosen

    def carry(self, mount: Mount) -> None:
        """Carry the live camera otherwise, without a jump. Raises UsageError where that cannot be, and then
        nothing has changed."""
        self._live.change(mount)

    def change_prime(self, step: int) -> float:
        """Put on the next longer (1) or shorter (−1) prime; returns its focal length in mm."""
        prime_mm = next_prime_mm(self._live.lens.focal_length_mm, step)
        self._live.zoom(prime_mm)
        return prime_mm

    def change_stop(self, step: int) -> float:
        """Stop down (1) or open up (−1) by a full stop; returns the f-number."""
        stop = next_stop(self._live.lens.f_number, step)
        self.set_stop(stop)
        return stop

    def set_stop(self, f_number: float) -> None:
        """Set the aperture."""
        self._live.set["f_number"] = f_number

    def set_film_back(self, name: str) -> None:
        """Load another film back, by its name in FILM_BACKS. Raises KeyError."""
        width_mm, height_mm = FILM_BACKS[name]
        self._live.set |= {"film_back_width_mm": width_mm, "film_back_height_mm": height_mm}

    def focus_at(self, distance_m: float, over_s: float = 0.0) -> None:
        """Focus at a distance along the view axis, and stay there; pulled over some seconds."""
        self._live.focus_at(distance_m, over_s)

    def track_focus(self, name: str | None, over_s: float = 0.0) -> None:
        """Pull focus to an object and keep it there; None leaves it where it is."""
        if name is not None:
            self._live.puller.pull(name, over_s)
        else:
            self._live.focus_at(self.camera.lens.focus_distance_m)

    def place(self, camera: CameraState, over_s: float = 0.0) -> None:
        """Put the live camera there, lens and all: by a cut, or eased over some seconds."""
        self._live.put(camera, over_s)
        if over_s <= 0:
            self._cut = True

    def shift(self, position: Vector) -> None:
        """Carry the live camera over to a place, looking as it does; the shot goes on."""
        self._live.shift(position)

    def level(self) -> None:
        """Bring the horizon level."""
        self._live.level()

    def toggle_walk(self) -> bool:
        """Walk at eye height, or fly again; returns whether it walks."""
        return self._live.toggle_walk()

    def _home(self, time_s: float, riding: Move | None) -> CameraState:
        if riding is not None:
            return riding.camera_at(time_s, self._scene.locate)
        # A scene without moves: stand back far enough to see its width, at eye height.
        low, high = self._scene.bounds(time_s)
        middle = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
        width = max(high[0] - low[0], 2.0)
        eye = (middle[0], max(EYE_HEIGHT_M, middle[1]), high[2] + 1.2 * width)
        look = (middle[0] - eye[0], middle[1] - eye[1], middle[2] - eye[2])
        return CameraState(eye, look_rotation(look))
