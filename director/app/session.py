"""A scene that is open: its clock, camera, directions, generator and take, one tick at a time.

Knows OpenGL for the picture, but no window and no HUD: actions come in by name, read-outs go out as data.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import moderngl

from director.app.cycle import next_of
from director.app.directing import DEFAULT_EASE_S, Directing
from director.app.flight import Flight
from director.app.meters import LiveMeters
from director.app.notices import Notices
from director.app.picture import DEFAULT_STABILISER, LivePicture
from director.app.recording import Recording
from director.app.snapshot import Snapshot
from director.app.transport import Transport
from director.camera.rigs.fly import FlyIntent
from director.composite.display import COMPARISONS, VIEWS
from director.errors import RecordingError
from director.generate.deadline import QUALITIES, DeadlineScheduler, Rung, rungs_of
from director.generate.protocol import Runner
from director.passes.context import describe
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.take.recorder import Plan, Take
from director.take.track import TrackLine
from director.types import Direction, Tick

__all__ = ["Session", "SessionSettings"]

_LONGEST_STEP_S = 0.1
_RATES = (5.0, 8.0, 12.0, 15.0, 24.0)
"""Generated pictures a second that a key goes through, and then none."""
_STABILISERS = (0.0, 0.3, 0.5, 0.7, 0.85)
_SHUTTERS_DEG = (0.0, 90.0, 180.0, 270.0)


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How a scene is opened. `maps` are what the generator reads, `map_size` what it draws at for a
    picture of `size` (width and height even). Takes go to `takes`, at `fps` frames a second.

    By one of `rungs` (none: those that `map_size` makes) it draws at less, where the dial `quality` says so,
    and where else `rate` generated pictures a second would come late. `stabiliser` 0..1 steadies the picture;
    a change of direction takes `ease_s` seconds.
    """

    generator: str
    maps: frozenset[str]
    map_size: tuple[int, int]
    size: tuple[int, int]
    takes: Path
    fps: Fraction = Fraction(24)
    seed: int = 0
    rungs: tuple[Rung, ...] = ()
    rate: float | None = None
    quality: str = QUALITIES[0]
    stabiliser: float = DEFAULT_STABILISER
    ease_s: float = DEFAULT_EASE_S


class Session:
    """Everything of an open scene that is not window. One thread uses it: the one with the context.

    Raises SceneError and GraphicsError while it is made; afterwards what goes wrong becomes a notice.
    """

    def __init__(
        self, context: moderngl.Context, scene: Scene, runner: Runner, settings: SessionSettings
    ) -> None:
        self.scene = CompiledScene(scene)
        self.settings = settings
        self.runner = runner
        self.notices = Notices()
        self.transport = Transport(_end_s(scene))
        self.flight = Flight(self.scene)
        self._context = context
        # A graphics card draws on while this thread goes ahead; on a processor reading back is no wait.
        renderer = describe(context)
        self._renderer = renderer.name
        self._ring = 1 if renderer.is_software else 3
        self.picture = LivePicture(
            context,
            self.scene,
            runner,
            settings.maps,
            settings.map_size,
            settings.size,
            is_software=renderer.is_software,
            scheduler=DeadlineScheduler(
                settings.rungs or rungs_of(settings.map_size), settings.rate, settings.quality
            ),
            film_fps=float(settings.fps),
        )
        self.picture.stabiliser = settings.stabiliser
        self.meters = LiveMeters()
        self.directing = Directing(self.scene, settings.seed, settings.ease_s)
        self.pointer: tuple[float, float] | None = None
        """Where the mouse points in the picture, uv; None where it does not: the middle counts then."""
        self.view = "generated"
        self.amount = 0.5
        self.recording: Recording | None = None
        self._ending: list[Future[Take]] = []
        self._snapshots: list[Snapshot] = []
        self._index = 0
        self._restarts = 0
        self._told: Direction | None = None
        self._phase = ""
        self._acts = self._make_acts()

    @property
    def prompt(self) -> str:
        """The scene's prompt, as directed just now."""
        return self.directing.prompt

    @property
    def is_busy(self) -> bool:
        """Whether something is going on that must not be slowed down: a take, a picture that changes, a
        message that fades, a generator that is not ready."""
        return (
            self.recording is not None
            or bool(self._ending)
            or not self.picture.is_settled
            or bool(self.notices.shown)
            or self.runner.state.phase in ("loading", "restarting")
        )

    def direct(self, prompt: str) -> None:
        """Give the scene another prompt; the picture goes over to it."""
        self.directing.prompt_scene(prompt)

    def act(self, name: str) -> bool:
        """Do a pressed action by its name in the table; False if it is not the session's."""
        act = self._acts.get(name)
        if act is None:
            return False
        act()
        return True

    def tick(self, intent: FlyIntent, dt_s: float) -> None:
        """One step of `dt_s` real seconds: move, draw, ask, compose, record."""
        self.notices.pass_time(dt_s)
        self.transport.advance(dt_s)
        tick = Tick(self._index, self.transport.time_s, dt_s if self._index else 0.0)
        self._index += 1
        camera = self.flight.tick(intent, tick.time_s, min(dt_s, _LONGEST_STEP_S))
        if camera.is_cut:
            self.directing.cut()
        direction = self.directing.advance(dt_s)
        is_new = self.picture.tick(tick, camera, direction, self.view)
        self.meters.tick(self.picture, tick, is_new=is_new, is_cut=camera.is_cut)
        if self.recording is not None:
            frame = self.picture.frame
            age_s = self.picture.age_s
            line = TrackLine(
                tick,
                camera,
                direction,
                generated_tick=None if frame is None else frame.conditioning.tick.index,
                latency_ms=None if age_s is None else age_s * 1000,
            )
            try:
                self.recording.tick(line, is_new)
            except RecordingError as error:
                self.notices.add(str(error), is_problem=True)
                self._stop_take()
        self._listen()

    def close(self) -> Take | None:
        """End the take, if one is being recorded, and free everything; waits for the take's film. Returns
        that take. The runner stays the caller's."""
        take = None
        if self.recording is not None:
            self._stop_take()
        for future in self._ending:
            if future.exception() is None:
                take = future.result()
        self._ending.clear()
        self.meters.close()
        self.picture.release()
        return take

    def _make_acts(self) -> Mapping[str, Callable[[], object]]:
        acts: dict[str, Callable[[], object]] = {
            "level": self.flight.level,
            "walk": self._walk,
            "reset-camera": lambda: self._ride(0),
            "next-move": lambda: self._ride(1),
            "previous-move": lambda: self._ride(-1),
            "lens-wider": lambda: self.flight.change_prime(-1),
            "lens-longer": lambda: self.flight.change_prime(1),
            "play": self._play,
            "record": self._record,
            "snapshot": self._snapshot,
            "next-view": lambda: self._look(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]),
            "wipe-left": lambda: self.slide(-0.05),
            "wipe-right": lambda: self.slide(0.05),
            "quality-finer": lambda: self._turn(-1),
            "quality-faster": lambda: self._turn(1),
            "next-rate": self._ask_next_rate,
            "stabiliser": self._steady,
            "meters": self._meter,
            "depth-of-field": self._toggle_depth_of_field,
            "shutter": self._next_shutter,
            "stop-down": lambda: self._stop(1),
            "open-up": lambda: self._stop(-1),
            "focus": self._focus,
            "hold-object": self._hold_object,
            "hold-background": self._hold_background,
            "release-all": self._release_all,
            "strength": self._next_strength,
            "ease": self._next_ease,
        }
        for view in VIEWS:
            acts[f"view-{view}"] = lambda view=view: self._look(view)  # type: ignore[misc]
        return acts

    def slide(self, by: float) -> None:
        """Move the wipe, or the share of the blend."""
        self.amount = min(1.0, max(0.0, self.amount + by))
        if self.view not in COMPARISONS:
            self._look("wipe")

    def _look(self, view: str) -> None:
        self.view = view

    def _turn(self, step: int) -> None:
        scheduler = self.picture.scheduler
        at = min(len(QUALITIES) - 1, max(0, QUALITIES.index(scheduler.quality) + step))
        scheduler.turn(QUALITIES[at])
        width, height = scheduler.still_size
        self.notices.add(f"Quality: {scheduler.quality}, {width} × {height}")

    def _ask_next_rate(self) -> None:
        scheduler = self.picture.scheduler
        scheduler.ask(next((rate for rate in _RATES if rate > (scheduler.rate or 0.0)), None))
        rate = scheduler.rate
        words = "No picture rate asked" if rate is None else f"{rate:g} generated pictures a second asked"
        self.notices.add(words)

    def _steady(self) -> None:
        amount = self.picture.stabiliser = next_of(_STABILISERS, self.picture.stabiliser)
        self.notices.add(f"Stabiliser: {amount:.0%}".replace("%", " %") if amount else "Stabiliser off")

    def _meter(self) -> None:
        self.notices.add("Live meters" if self.meters.toggle() else "Live meters off")

    def _toggle_depth_of_field(self) -> None:
        lens = self.picture.lens
        self.picture.lens = replace(lens, depth_of_field=not lens.depth_of_field)
        shown = self.flight.camera.lens
        words = f"Depth of field at f/{shown.f_number:g}, {shown.focus_distance_m:.1f} m"
        self.notices.add(words if self.picture.lens.depth_of_field else "Depth of field off")

    def _next_shutter(self) -> None:
        lens = self.picture.lens
        angle = next_of(_SHUTTERS_DEG, lens.shutter_angle_deg)
        self.picture.lens = replace(lens, shutter_angle_deg=angle)
        self.notices.add(f"Shutter: {angle:g}°" if angle else "Shutter blur off")

    def _stop(self, step: int) -> None:
        self.notices.add(f"f/{self.flight.change_stop(step):g}")

    def _focus(self) -> None:
        id_, away_m = self._pointed()
        if id_ == 0:
            self.notices.add("Nothing to focus on there: it is the sky")
            return
        self.flight.focus_at(away_m)
        self.notices.add(f"Focus at {away_m:.1f} m: {self._name(id_)}")

    def _hold_object(self) -> None:
        id_, _ = self._pointed()
        if id_ == 0:
            self.notices.add("Nothing to hold there: it is the sky")
            return
        is_held = self.directing.toggle_lock(id_)
        self.notices.add(f"{'Held' if is_held else 'Let go'}: {self._name(id_)}")

    def _hold_background(self) -> None:
        self.notices.add(
            "Held: the background" if self.directing.toggle_background() else "Let go: the background"
        )

    def _release_all(self) -> None:
        self.directing.unlock()
        self.notices.add("Nothing is held")

    def _next_strength(self) -> None:
        strength = self.directing.next_strength()
        self.notices.add(f"Materials {strength:.0%} as directed".replace("%", " %"))

    def _next_ease(self) -> None:
        seconds = self.directing.next_ease()
        self.notices.add(f"Changes take {seconds:g} s" if seconds else "Changes at once")

    def _pointed(self) -> tuple[int, float]:
        return self.picture.at(*(self.pointer or (0.5, 0.5)))

    def _name(self, id_: int) -> str:
        return next((thing.name for thing in self.scene.objects if thing.id == id_), "?")

    def _walk(self) -> None:
        self.notices.add("Walking at eye height" if self.flight.toggle_walk() else "Flying")

    def _ride(self, step: int) -> None:
        move = self.flight.ride(step)
        self.transport.rewind()
        if move is not None:
            self.transport.end_s = move.duration_s
            self.transport.is_playing = step != 0
            self.notices.add(f"Move: {move.name}")

    def _play(self) -> None:
        if self.flight.riding is None:
            self.transport.end_s = _end_s(self.scene.scene)
        else:
            self.transport.end_s = self.flight.riding.duration_s
        if self.transport.toggle():
            self.flight.cut()

    def _record(self) -> None:
        if self.recording is not None:
            self._stop_take()
            return
        move = self.flight.riding
        plan = Plan(
            root=self.settings.takes,
            scene=self.scene.scene,
            shot=move.name if move is not None else "flown",
            width=self.settings.size[0],
            height=self.settings.size[1],
            fps=self.settings.fps,
            seed=self.settings.seed,
            settings={
                "live": True,
                "move": None if move is None else move.name,
                "generator": self.settings.generator,
                "map_size": list(self.settings.map_size),
                "quality": self.picture.scheduler.quality,
                "picture_rate": self.picture.scheduler.rate,
                "stabiliser": self.picture.stabiliser,
                "lens": asdict(self.picture.lens),
                "gl_renderer": self._renderer,
            },
            generator=self.runner.identity,
        )
        try:
            self.recording = Recording(self._context, self.picture.display.picture, plan, self._ring)
        except RecordingError as error:
            self.notices.add(str(error), is_problem=True)

    def _stop_take(self) -> None:
        assert self.recording is not None
        self._ending.append(self.recording.stop(self.runner.identity))
        self.recording = None

    def _snapshot(self) -> None:
        try:
            picture = self.picture.display.read()
            self._snapshots.append(Snapshot(self.settings.takes, self.scene.scene.name, picture))
        except RecordingError as error:
            self.notices.add(str(error), is_problem=True)

    def _listen(self) -> None:
        # What others have to tell: ended takes, saved pictures, the generator.
        for future in [future for future in self._ending if future.done()]:
            self._ending.remove(future)
            error = future.exception()
            if error is not None:
                self.notices.add(str(error), is_problem=True)
                continue
            take = future.result()
            if take.error:
                self.notices.add(f"Take {take.number} ends early: {take.error}", is_problem=True)
            self.notices.add(f"Take {take.number} saved: {take.folder}")
        for snapshot in [snapshot for snapshot in self._snapshots if snapshot.is_done]:
            self._snapshots.remove(snapshot)
            if snapshot.error is not None:
                self.notices.add(str(snapshot.error), is_problem=True)
            else:
                self.notices.add(f"Picture saved: {snapshot.path}")
        state = self.runner.state
        if state.phase != self._phase:
            if state.phase == "restarting":
                self.notices.add(f"Generator restarting: {state.message}", is_problem=True)
            elif state.phase == "failed":
                self.notices.add(state.message, is_problem=True)
            elif state.phase == "running" and state.restarts > self._restarts:
                self.notices.add("Generator restarted")
                self._restarts = state.restarts
            self._phase = state.phase
        frame = self.picture.frame
        if frame is not None and frame.conditioning.direction is not self._told:
            # Once for each direction, with its first picture.
            self._told = frame.conditioning.direction
            if frame.not_understood:
                self.notices.add(f"Not understood: {', '.join(frame.not_understood)}")


def _end_s(scene: Scene) -> float:
    """When everything in a scene has happened: its last key, or the end of its longest move."""
    keys = [key.time_s for _, placed in scene.placed() for key in placed.keys]
    return max([*keys, *(move.duration_s for move in scene.moves)], default=10.0)
