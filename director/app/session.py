"""A scene that is open: its clock, camera, directions, generator and take, one tick at a time.

Knows OpenGL for the picture, but no window and no HUD: actions come in by name, read-outs go out as data.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import moderngl

from director.app.directing import DEFAULT_EASE_S, Directing
from director.app.flight import Flight
from director.app.meters import LiveMeters
from director.app.notices import Notices
from director.app.picture import LivePicture
from director.app.pointing import Pointing
from director.app.recording import Recording
from director.app.shooting import Shooting
from director.app.snapshot import Snapshot
from director.app.transport import Transport
from director.app.tuning import Tuning
from director.camera.rigs.fly import FlyIntent
from director.composite.display import COMPARISONS, VIEWS
from director.errors import RecordingError, UsageError
from director.generate import generator
from director.generate.deadline import QUALITIES, DeadlineScheduler, Rung, rungs_of
from director.generate.protocol import GeneratorSettings, Independent, Runner
from director.passes.context import describe
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.renames import renamed_between
from director.take.generated_notes import GeneratedNotes
from director.take.recorder import Plan, Take
from director.take.resample import SLACK_S
from director.take.track import TrackLine
from director.types import Direction, Tick

__all__ = ["Session", "SessionSettings"]

_LONGEST_STEP_S = 0.1
_JUST_S = 1.5
"""So long after a take has ended by itself the hand that meant to end it may still come."""


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How a scene is opened. `maps` are what the generator reads, `map_size` what it draws at for a
    picture of `size` (width and height even). Takes go to `takes`, at `fps` frames a second.

    By one of `rungs` (none: those that `map_size` makes) it draws at less, where the dial `quality` says so,
    and where else `rate` generated pictures a second would come late. `stabiliser` 0..1 steadies the picture
    until the dial is turned, None as the dial has it; a change of direction takes `ease_s` seconds. What has
    come to rest is drawn once more at `still`, where that is another size.
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
    stabiliser: float | None = None
    ease_s: float = DEFAULT_EASE_S
    still: tuple[int, int] | None = None


class Session:
    """Everything of an open scene that is not window. One thread uses it: the one with the context.

    Raises SceneError and GraphicsError while it is made; afterwards what goes wrong becomes a notice.
    """

    def __init__(
        self, context: moderngl.Context, scene: Scene, runner: Runner, settings: SessionSettings
    ) -> None:
        self.scene = CompiledScene(scene)
        self.document = scene
        """The scene as it is edited; `scene` is as it is drawn, with what the current shot moves."""
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
                settings.rungs or rungs_of(settings.map_size),
                settings.rate,
                settings.quality,
                settings.still,
            ),
            film_fps=float(settings.fps),
        )
        self.picture.stabiliser_by_hand = settings.stabiliser
        self.meters = LiveMeters()
        self.directing = Directing(self.scene, settings.seed, settings.ease_s)
        self._tuning = Tuning(self.picture, self.flight, self.notices)
        self._pointing = Pointing(self.scene, self.picture, self.directing, self.flight, self.notices)
        self.view = "generated"
        self.amount = 0.5
        self.recording: Recording | None = None
        self.troubles: list[str] = []
        """What went wrong after the last notice could be read: when it was closed."""
        self._ended_s = 0.0
        self._generated = GeneratedNotes(has_history=_has_history(settings.generator))
        self._ending: list[Future[Take]] = []
        self._finishing: dict[Future[Take], Path] = {}
        self._snapshots: list[Snapshot] = []
        self._index = 0
        self._restarts = 0
        self._told: Direction | None = None
        self._phase = ""
        self.shooting = Shooting(self)
        self._acts = self._make_acts()

    @property
    def prompt(self) -> str:
        """The scene's prompt, as directed just now."""
        return self.directing.prompt

    @property
    def pointer(self) -> tuple[float, float] | None:
        """Where the mouse points in the picture, uv; None where it does not: the middle counts then."""
        return self._pointing.pointer

    @pointer.setter
    def pointer(self, at: tuple[float, float] | None) -> None:
        self._pointing.pointer = at

    @property
    def is_busy(self) -> bool:
        """Whether something is going on that must not be slowed down: a take, a picture that changes, a
        message that fades, a generator that is not ready."""
        return (
            self.recording is not None
            or bool(self._ending)
            or not self.picture.is_settled
            or bool(self.notices.shown)
            or self.transport.is_playing
            or self.shooting.left_s > 0
            or self.runner.state.phase in ("loading", "restarting")
        )

    def replace_scene(self, scene: Scene) -> None:
        """Go on in an edited scene, on the next tick: what was generated stays and goes with what was moved.
        Where objects came in between or went away nothing of it fits any more, and it is a cut.

        Raises SceneError, and then nothing has changed.
        """
        compiled = CompiledScene(self.shooting.baked(scene))
        follows, before = self.shooting.follows, self.document
        self.document = scene
        self._go_on(compiled, renamed_between(before, scene))
        self.shooting.refresh(before, follows=follows)
        if self.flight.riding is None and self.shooting.shot is None:
            self.transport.end_s = max(self.transport.time_s, _end_s(scene))

    def show_scene(self) -> None:
        """Draw the scene as the current shot has it. Raises SceneError."""
        shown = self.shooting.baked(self.document)
        if shown is not self.scene.scene:
            self._go_on(CompiledScene(shown), {})

    def _go_on(self, compiled: CompiledScene, renamed: Mapping[str, str]) -> None:
        before = [renamed.get(thing.name, thing.name) for thing in self.scene.objects]
        after = [thing.name for thing in compiled.objects]
        self.scene = compiled
        if self.recording is not None:
            self.recording.recorder.scene_edited()
        self.flight.replace_scene(compiled, renamed)
        self.picture.replace_scene(compiled)
        self.directing.replace_scene(compiled, renamed)
        self._pointing.replace_scene(compiled)
        if after[: len(before)] != before:
            self.flight.cut()

    def open_scene(self, scene: Scene) -> None:
        """Go over to another scene, from its first move or from where it is seen whole: a cut. Nothing that
        was directed stays. Raises SceneError, and then nothing has changed."""
        # Before anything of the one that is open is let go.
        compiled = CompiledScene(scene)
        self.shooting.leave()
        self.document = scene
        self._go_on(compiled, {})
        self.directing.unlock()
        self.directing.prompt_scene(scene.prompt)
        self.flight.ride(-scene.moves.index(self.flight.chosen) if self.flight.chosen else 0)
        self.transport.rewind()
        self.transport.is_playing = False
        self.transport.end_s = self.flight.riding.duration_s if self.flight.riding else _end_s(scene)

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
        self._ended_s = max(0.0, self._ended_s - dt_s)
        before_s, played = self.transport.time_s, self.transport.is_playing
        # The first picture of a shot is of its first moment, however long this turn was in coming.
        if not self.shooting.is_first_picture and self.transport.advance(dt_s):
            self.flight.cut()
        filmed_s = dt_s
        if self.shooting.is_filming and played and not self.transport.is_playing:
            # Its end is the first moment that is not of it: the turn that comes to it fills the film so far.
            filmed_s = max(0.0, self.transport.time_s - before_s - 2 * SLACK_S)
        tick = Tick(self._index, self.transport.time_s, filmed_s if self._index else 0.0)
        self._index += 1
        intent = self.shooting.tick(intent, tick.time_s, min(dt_s, _LONGEST_STEP_S))
        camera = self.flight.tick(intent, tick.time_s, min(dt_s, _LONGEST_STEP_S))
        if camera.is_cut:
            self.directing.cut()
        direction = self.directing.advance(dt_s)
        self._generated.tick(tick, camera, direction)
        if not camera.is_cut:
            # Before the drawing, beside which its hash is worked out.
            self._generated.arrives(self.runner.newest(), is_recorded=self.recording is not None)
        is_new = self.picture.tick(tick, camera, direction, self.view)
        self._generated.arrives(self.picture.frame, is_recorded=self.recording is not None)
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
                picture=self.picture.settings,
            )
            line = self._generated.line(line)
            self.shooting.note(line)
            try:
                self.recording.tick(line, is_new)
            except RecordingError as error:
                self.notices.add(str(error), is_problem=True)
                self._stop_take()
            if self.recording is not None and self.shooting.is_over:
                self._stop_take()
                self._ended_s = _JUST_S
        self._listen()

    def close(self) -> Take | None:
        """End the take, if one is being recorded, and free everything; waits for the take's film. Returns
        that take. The runner stays the caller's."""
        take = None
        self.end_take()
        for future in self._ending:
            error = future.exception()
            if error is None:
                take = future.result()
            else:
                self.troubles.append(str(error))
        self._ending.clear()
        self._generated.close()
        self.meters.close()
        self.picture.release()
        return take

    def _make_acts(self) -> Mapping[str, Callable[[], object]]:
        acts: dict[str, Callable[[], object]] = {
            **self._tuning.acts,
            **self._pointing.acts,
            "level": self.flight.level,
            "walk": self._walk,
            "reset-camera": lambda: self._ride(0),
            "next-move": lambda: self._ride(1),
            "previous-move": lambda: self._ride(-1),
            "play": self._play,
            "record": self._record,
            "snapshot": self._snapshot,
            "next-view": lambda: self._look(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]),
            "wipe-left": lambda: self.slide(-0.05),
            "wipe-right": lambda: self.slide(0.05),
            "meters": self._meter,
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

    def _meter(self) -> None:
        self.notices.add("Live meters" if self.meters.toggle() else "Live meters off")

    def _walk(self) -> None:
        self.notices.add("Walking at eye height" if self.flight.toggle_walk() else "Flying")

    def ride(self, name: str) -> None:
        """Ride the move of that name, from its beginning."""
        names, chosen = [move.name for move in self.document.moves], self.flight.chosen
        if name in names and chosen is not None:
            self._ride_on(names.index(name) - names.index(chosen.name))

    @property
    def finishing(self) -> frozenset[Path]:
        """The folders of takes whose films are being finished."""
        return frozenset(self._finishing.values())

    def _ride(self, step: int) -> None:
        shot = self.shooting.shot
        if shot is not None and step == 0:
            self.shooting.go(shot.name)
            return
        self._ride_on(step)

    def _ride_on(self, step: int) -> None:
        self.shooting.leave()
        move = self.flight.ride(step)
        self.transport.rewind()
        if move is not None:
            self.transport.end_s = move.duration_s
            self.transport.is_playing = step != 0
            self.notices.add(f"Move: {move.name}")

    def _play(self) -> None:
        if self.shooting.shot is None:
            riding = self.flight.riding
            self.transport.end_s = _end_s(self.document) if riding is None else riding.duration_s
        if self.transport.toggle():
            self.flight.cut()

    def _record(self) -> None:
        if self.recording is not None:
            self._stop_take()
        elif self._ended_s > 0:
            # Meant to end the take, which has just ended by itself.
            self._ended_s = 0.0
            self.notices.add("The take has ended with the shot; R once more films another")
        elif self.shooting.makes_ready():
            self.begin_take()

    def begin_take(self) -> None:
        """Record from the next tick on; a take that cannot be begun is a notice."""
        move = self.flight.riding
        plan = Plan(
            root=self.settings.takes,
            scene=self.scene.scene,
            shot=self.shooting.take_name or (move.name if move is not None else "flown"),
            width=self.settings.size[0],
            height=self.settings.size[1],
            fps=self.settings.fps,
            seed=self.directing.now.seed,
            settings={
                "live": True,
                **self.shooting.take_settings,
                "move": None if move is None else move.name,
                "generator": self.settings.generator,
                "map_size": list(self.settings.map_size),
                "quality": self.picture.scheduler.quality,
                "picture_rate": self.picture.scheduler.rate,
                "stabiliser": self.picture.stabiliser,
                "lens": asdict(self.picture.lens),
                "burn_in": self._tuning.burns_in,
                "gl_renderer": self._renderer,
            },
            generator=self.runner.identity,
        )
        try:
            self.recording = Recording(
                self._context, self.picture.display.picture, plan, self._ring, burns_in=self._tuning.burns_in
            )
            self._generated.begin()
        except RecordingError as error:
            self.notices.add(str(error), is_problem=True)
            self.shooting.abandon()

    def end_take(self) -> None:
        """End the take that is being recorded, if there is one; its film is finished in the background."""
        if self.recording is not None:
            self._stop_take()

    def _stop_take(self) -> None:
        assert self.recording is not None
        folder = self.recording.recorder.folder
        ending = self.recording.stop(self.runner.identity)
        self._ending.append(ending)
        self._finishing[ending] = folder
        self.recording = None
        self.shooting.take_ended(folder)

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
            self._finishing.pop(future, None)
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


def _has_history(name: str) -> bool:
    """Whether a generator says that its pictures depend on those before."""
    try:
        backend = generator(name)(GeneratorSettings())
    except UsageError:
        return False
    return isinstance(backend, Independent) and not backend.independent
