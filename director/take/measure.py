"""The figures of a take: how steady, sharp and faithful its film is, and how soon it answered.

Everything is measured against what the scene is known to be: its passes are drawn again along the take's
track. What the film is measured against beside that, the same ticks generated raw (no stabiliser, no
history), needs the generator that made it; without it `detail_kept` and `drift` are not known, and a note
says so. DESIGN's page defines every figure; the film's own compression is part of what is measured.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.display import Display
from director.errors import DirectorError
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import Progress
from director.meters.colour import contrast, saturation, unit_range
from director.meters.detail import high_energy
from director.meters.edges import REACH_PX, corrected, find_edges, scene_edges
from director.meters.steadiness import flicker, warp_error
from director.meters.surfaces import Seen, match
from director.meters.tally import Tally
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.take.film_head import film_head
from director.take.finish import moment_of
from director.take.render_plan import generator_of, settings_of
from director.take.stored import StoredTake, check_size, open_take
from director.take.track import TrackLine

__all__ = ["Measures", "measure"]

_PASSES = frozenset({"depth", "object"})
_QUANTILES = (50, 95, 99)

Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures by their names in DESIGN; None where they are not known. `objects` holds those of each object
    that was seen, `seconds` those of each second of the film. `latency_ms` is the time from a tick to the
    first display of the picture generated from it: p50, p95, p99; `deadline_miss` the share of those later
    than the rate asked for allows. `notes` say what could not be measured, and why."""

    frames: int
    figures: Mapping[str, float | None]
    objects: Mapping[str, Mapping[str, float | None]]
    seconds: Sequence[Mapping[str, float | None]]
    latency_ms: Mapping[str, float] | None
    deadline_miss: float | None
    notes: tuple[str, ...] = ()


def measure(folder: Path, progress: Progress, quick: bool = False) -> Measures:
    """Measure a take. `quick` leaves out what needs its pictures to be generated again.

    Raises TakeError, SceneError, GraphicsError and RecordingError.
    """
    take = open_take(folder)
    # Before anything is drawn at the size that it claims.
    film = folder / "video.mp4"
    check_size(film_head(film), film, take.width, take.height)
    context = headless_context()
    try:
        compiled = CompiledScene(take.scene)
        notes: list[str] = []
        raw = None if quick else _reference(context, compiled, take, notes, progress)
        try:
            counted = _Counted(len(compiled.objects))
            read = _count(context, compiled, take, raw, counted, progress)
        finally:
            if raw is not None:
                raw.close()
    finally:
        context.release()
    if read < len(take.shown):
        notes.append(f"the film has {read} of the {len(take.shown)} frames that its track tells of")
    blurred = sum(index >= 0 and take.lines[index].picture.has_lens_effects for index in take.shown)
    if blurred:
        part = "" if blurred == len(take.shown) else f"{blurred} frames of "
        notes.append(f"the lens blurs {part}this take: detail, edges and contrast are measured with its blur")
    last = int((read - 1) / take.fps)
    objects = {thing.name: counted.of_object(thing.id) for thing in compiled.objects}
    if take.settings.get("burn_in"):
        notes.append("slate and timecode are burnt into the film, and are measured with it")
    return Measures(
        frames=read,
        figures={**counted.overall, "drift": counted.drift(last)},
        objects={name: found for name, found in objects.items() if found},
        seconds=[{**counted.of_second(second), "drift": counted.drift(second)} for second in range(last + 1)],
        latency_ms=_latency(take.lines),
        deadline_miss=_deadline_miss(take),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    line: TrackLine
    picture: Picture
    seen: Seen


@dataclass(slots=True, eq=False)
class _Counted:
    """Everything that is counted while the film goes by."""

    objects: int
    tallies: dict[str, Tally] = field(default_factory=dict)
    chances: dict[int, list[float]] = field(default_factory=dict)
    offsets: list[float] = field(default_factory=list)
    offsets_of: dict[int, list[float]] = field(default_factory=dict)
    colours: dict[int, list[tuple[float, float, float, float]]] = field(default_factory=dict)

    def add(self, name: str, second: int, ids: NDArray[np.uint16], values: NDArray[np.float32]) -> None:
        self.tallies.setdefault(name, Tally(self.objects)).add(second, ids, values)

    @property
    def overall(self) -> dict[str, float | None]:
        every = [chance for chances in self.chances.values() for chance in chances]
        return self._figures({name: tally.mean for name, tally in self.tallies.items()}, every, self.offsets)

    def of_second(self, second: int) -> dict[str, float | None]:
        means = {name: tally.of_second(second) for name, tally in self.tallies.items()}
        return self._figures(means, self.chances.get(second, []), self.offsets_of.get(second, []))

    def of_object(self, id_: int) -> dict[str, float | None]:
        """Nothing where it was not seen; how far off its edges are is told of the whole picture only."""
        means = {name: tally.of_object(id_) for name, tally in self.tallies.items()}
        every = [chance for chances in self.chances.values() for chance in chances]
        found = self._figures(means, every, [])
        del found["edge_offset_px"]
        return found if any(value is not None for value in found.values()) else {}

    def drift(self, second: int) -> float | None:
        """The larger of the relative changes of mean saturation and contrast."""
        if second not in self.colours:
            return None
        shown, grey, raw, plain = np.mean(self.colours[second], 0)
        return float(max(abs(shown / max(raw, 1e-6) - 1), abs(grey / max(plain, 1e-6) - 1)))

    @staticmethod
    def _figures(
        means: Mapping[str, float | None], chances: Sequence[float], offsets: Sequence[float]
    ) -> dict[str, float | None]:
        kept, raw, hit = means.get("energy"), means.get("raw_energy"), means.get("edge_hit")
        return {
            "warp_error": means.get("warp_error"),
            "flicker": means.get("flicker"),
            "detail_kept": kept / raw if kept is not None and raw else None,
            "edge_recall": corrected(hit, float(np.mean(chances))) if hit is not None and chances else None,
            "edge_offset_px": float(np.median(offsets)) if offsets else None,
        }


def _count(
    context: moderngl.Context,
    compiled: CompiledScene,
    take: StoredTake,
    raw: "_Reference | None",
    counted: _Counted,
    progress: Progress,
) -> int:
    """Returns how many frames the film had."""
    read = 0
    passes = Conditioner(context, compiled, take.width, take.height, _PASSES, shown=frozenset({"base"}))
    before: deque[_Frame] = deque(maxlen=2)
    shown = -1
    for number, (picture, index) in enumerate(zip(take.pictures(), take.shown, strict=False)):
        read = number + 1
        progress(number / len(take.shown), f"measuring frame {number + 1} of {len(take.shown)}")
        if index == shown or index < 0:
            # A picture that is shown again is steady for no merit of its own.
            continue
        # A cut may lie in a tick that no frame of the film shows.
        is_cut = any(line.camera.is_cut for line in take.lines[shown + 1 : index + 1])
        shown = index
        line = take.lines[index]
        passes.draw(line.tick, line.camera, line.direction)
        conditioning = passes.take()
        assert conditioning is not None
        assert passes.state is not None
        maps = conditioning.maps
        seen = Seen(maps["depth"], maps["object"], conditioning.view, passes.state.world_from_object)
        frame = _Frame(line, unit_range(picture), seen)
        if before and (is_cut or line.tick.time_s < before[-1].line.tick.time_s):
            before.clear()
        second = int(number / take.fps)
        _count_frame(counted, second, frame, tuple(before))
        if raw is not None:
            _count_reference(counted, second, frame, raw.picture(line, passes))
        before.append(frame)
    passes.release()
    return read


def _count_frame(counted: _Counted, second: int, frame: _Frame, before: tuple[_Frame, ...]) -> None:
    seen, picture = frame.seen, frame.picture
    borders = scene_edges(seen.depth, seen.object)
    found = find_edges(picture, borders, seed=frame.line.tick.index)
    if found is not None:
        counted.chances.setdefault(second, []).append(found.chance)
        distances = found.distance_px[borders]
        near = distances[distances <= REACH_PX].tolist()
        counted.offsets += near
        counted.offsets_of.setdefault(second, []).extend(near)
        for axis in (0, 1):
            hit = np.where(
                borders[axis], (found.distance_px[axis] <= REACH_PX).astype(np.float32), np.float32("nan")
            )
            # A border belongs to what lies on either side of it.
            for ids in (seen.object, np.roll(seen.object, -1, axis)):
                counted.add("edge_hit", second, ids, hit)
    if not before:
        return
    motion = match(seen, before[-1].seen)
    counted.add("warp_error", second, seen.object, warp_error(picture, before[-1].picture, motion))
    if len(before) == 2:
        longer = match(seen, before[0].seen)
        boiling = flicker(picture, before[-1].picture, before[0].picture, motion, longer)
        counted.add("flicker", second, seen.object, boiling)


def _count_reference(counted: _Counted, second: int, frame: _Frame, raw: Picture) -> None:
    ids = frame.seen.object
    surface = ids > 0
    for name, picture in (("energy", frame.picture), ("raw_energy", raw)):
        energy = np.where(surface, high_energy(picture), np.float32("nan"))
        counted.add(name, second, ids, energy)
    colours = (saturation(frame.picture), contrast(frame.picture), saturation(raw), contrast(raw))
    counted.colours.setdefault(second, []).append(colours)


class _Reference:
    """The generator of a take, without history and stabiliser: what it makes of a tick by itself."""

    def __init__(
        self, context: moderngl.Context, compiled: CompiledScene, take: StoredTake, runner: InlineRunner
    ) -> None:
        assert take.generator is not None
        name = generator_of(take)
        backend = generator(name)(settings_of(take, name, {}))
        self._size = (take.width, take.height)
        self._runner = runner
        self._conditioner = Conditioner(
            context,
            compiled,
            *backend.size_for(*self._size),
            backend.maps | _PASSES,
            shown=frozenset({"base"}),
        )
        self._display = Display(context, *self._size)

    def picture(self, line: TrackLine, passes: Conditioner) -> Picture:
        """float32[h, w, 3], sRGB 0..1, at the film's size; `passes` has just drawn the tick."""
        self._runner.flush()
        self._conditioner.draw(line.tick, line.camera, line.direction)
        conditioning = self._conditioner.take()
        assert conditioning is not None
        self._runner.submit(conditioning)
        frame = self._runner.newest()
        assert frame is not None
        image = frame.image
        if (image.shape[1], image.shape[0]) != self._size:
            moment = moment_of(passes)
            self._display.draw(frame, passes.gbuffer.textures, moment, moment)
            image = self._display.read()
        return unit_range(image)

    def close(self) -> None:
        self._runner.close()
        self._display.release()
        self._conditioner.release()


def _reference(
    context: moderngl.Context,
    compiled: CompiledScene,
    take: StoredTake,
    notes: list[str],
    progress: Progress,
) -> _Reference | None:
    without = "detail_kept and drift are not known"
    if take.generator is None:
        notes.append(f"{without}: the take does not say what generated it")
        return None
    try:
        name = generator_of(take)
        runner = InlineRunner(generator(name)(settings_of(take, name, {})), progress)
    except DirectorError as error:
        notes.append(f"{without}: {error}")
        return None
    identity = runner.identity
    if identity is None or identity.weights_sha256 != take.generator.get("weights_sha256"):
        notes.append(f"{without}: the take was generated by other weights of {name}")
        runner.close()
        return None
    return _Reference(context, compiled, take, runner)


def _latency(lines: Sequence[TrackLine]) -> dict[str, float] | None:
    known = sorted(latency for latency, _ in _answers(lines))
    if not known:
        return None
    return {f"p{q}": known[max(0, math.ceil(len(known) * q / 100) - 1)] for q in _QUANTILES}


def _answers(lines: Sequence[TrackLine]) -> list[tuple[float, float | None]]:
    """Of each generated picture, how old it was when it was first shown, in milliseconds, and the rate that
    was asked for then."""
    found: list[tuple[float, float | None]] = []
    shown: int | None = None
    for line in lines:
        if line.latency_ms is not None and line.generated_tick != shown:
            found.append((line.latency_ms, line.picture.picture_rate))
        shown = line.generated_tick
    return found


def _deadline_miss(take: StoredTake) -> float | None:
    late = [latency * rate > 1000 for latency, rate in _answers(take.lines) if rate is not None and rate > 0]
    return sum(late) / len(late) if late else None
