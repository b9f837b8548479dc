"""What a render is to draw, by what a take stored; and what is no longer as it was then."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from director.errors import RecordingError, TakeError
from director.generate.protocol import GeneratorIdentity, GeneratorSettings
from director.generate.remote.address import name_there
from director.scene.compile import CompiledScene
from director.take.distrust import one_line
from director.take.film_head import film_head
from director.take.finish import LensRequest
from director.take.folder import read_json
from director.take.frame_times import at_frame_times
from director.take.hashes import file_sha256, scene_sha256
from director.take.reference_hashes import followed_in, reference_sha256, stored_hashes
from director.take.seen_schedule import SeenSchedule, seen_schedule
from director.take.stored import StoredTake, check_size, open_take
from director.take.track import TrackLine
from director.take.wanted import Wanted
from director.types import Tick

__all__ = ["CLEANINGS", "RenderPlan", "RenderRequest", "differences", "plan_render"]


_LEAST_PX, _MOST_PX = 2, 8192
# How far a track may be ahead of its film, after a power cut.
_MOST_AHEAD_S = 60

_FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})
"""Types of number that networks draw with, by torch's names."""

CLEANINGS = ("deflicker", "match")


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A take to be rendered into a new take under `out`. None leaves generator and (width, height) as they
    were; `options` are the generator's, over those of the take. `as_seen` shows the pictures that were
    generated live, where they were shown, in the place of one for each frame; `clean` names some of
    CLEANINGS."""

    take: Path
    out: Path
    generator: str | None = None
    options: Mapping[str, float | str] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    as_seen: bool = False
    clean: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class RenderPlan:
    """`lines` are the frames to come, or with `as_seen` the ticks. `hashes` are the take's, as its files are
    now, and `references` those of the pictures that its directions follow, by path, None where there is none;
    `is_live` says that it was recorded in the viewport, `has_film` that its film can be read; `notes` what is
    odd about it."""

    take: StoredTake
    lines: tuple[TrackLine, ...]
    generator: str
    settings: GeneratorSettings
    size: tuple[int, int]
    is_live: bool
    as_seen: bool
    hashes: Mapping[str, str]
    references: Mapping[str, str | None]
    notes: tuple[str, ...]
    has_film: bool

    def schedule(self, map_size: tuple[int, int]) -> SeenSchedule:
        """What is to be generated for these lines by a generator that draws at `map_size`."""
        if self.as_seen:
            found = seen_schedule(self.lines, map_size)
            return found if self.is_as_made else replace(found, wanted=self._for_another(found, map_size))
        wanted = tuple(
            Wanted(
                line.tick,
                line.camera,
                line.direction,
                map_size,
                # Also of a render of a live take, which was drawn so.
                not n or line.camera.is_cut,
            )
            for n, line in enumerate(self.lines)
        )
        numbers = tuple(range(len(wanted)))
        return SeenSchedule(wanted, (None,) * len(wanted), numbers, frozenset(), frozenset())

    def _for_another(self, seen: SeenSchedule, map_size: tuple[int, int]) -> tuple[Wanted, ...]:
        """What was seen, as it is wanted of another generator: that goes on from cut to cut, whatever
        the one of then built upon."""
        cuts = [line.tick.index for line in self.lines if line.camera.is_cut]
        befores = [None, *(one.tick.index for one in seen.wanted)]
        return tuple(
            replace(
                one,
                size=map_size,
                begins=before is None or bisect_right(cuts, one.tick.index) > bisect_right(cuts, before),
            )
            for before, one in zip(befores, seen.wanted, strict=False)
        )

    @property
    def is_as_made(self) -> bool:
        """Whether generator, its options and the size are those of the take."""
        options = dict(self.take.settings.get("generator_options") or {})
        return (
            self.size == (self.take.width, self.take.height)
            and self.generator == generator_of(self.take)
            and dict(self.settings.options) == options
        )

    @property
    def after_first(self) -> TrackLine | None:
        """The frame after the first, also where the take has but one."""
        if len(self.lines) > 1:
            return self.lines[1]
        first, name, lens = (
            self.lines[0],
            self.take.settings.get("move"),
            self.take.settings.get("lens") or {},
        )
        compiled = CompiledScene(self.take.scene)
        if self.is_live or name not in [move.name for move in compiled.scene.moves]:
            return None
        dt_s = float(1 / self.take.fps)
        tick = Tick(first.tick.index + 1, first.tick.time_s + dt_s, dt_s)
        camera = compiled.move(name).camera_at(tick.time_s, compiled.locate)
        asked = LensRequest(f_number=lens.get("f_number"), focus_distance_m=lens.get("focus_distance_m"))
        return replace(first, tick=tick, camera=replace(camera, lens=asked.on(camera.lens)))


def plan_render(request: RenderRequest) -> RenderPlan:
    """Raises TakeError and SceneError for a take that cannot be rendered so, and RecordingError for a film of
    another size than it says."""
    take = open_take(request.take)
    _check(take)
    is_live = bool(take.settings.get("live"))
    if request.as_seen and not is_live:
        raise TakeError(
            "was not recorded live: every frame of it was generated",
            subject=str(request.take),
            mend="render it without --as-seen",
        )
    ticks = take.result.get("ticks")
    state = _state(take)
    if state != "recording" and ticks is not None and ticks != len(take.lines):
        raise TakeError(
            f"has {len(take.lines)} of the {ticks} ticks that were recorded",
            subject=str(take.folder / "track.jsonl"),
            mend="it was cut short or edited: copy the take again",
        )
    hashes, notes = _hashes(take)
    film_problem = _film_problem(take)
    if film_problem:
        notes.append(f"nothing is compared with the film of the take: {film_problem}")
    elif take.settings.get("burn_in"):
        notes.append("slate and timecode are burnt into the film of the take: its likeness is lower by them")
    if take.result.get("scene_edits"):
        notes.append("the scene was edited while the take was recorded, and it holds the one it began with")
    lines = take.lines
    if is_live and not request.as_seen:
        lines = tuple(at_frame_times(take.lines, take.fps, len(take.shown)))
    references = {path: reference_sha256(path) for path in followed_in(lines)}
    before = stored_hashes(take.result)
    for path, sha256 in references.items():
        # Of earlier versions, and of a take that was not ended, it is not known what it was.
        if sha256 is None or before.get(path, sha256) != sha256:
            what = "is no longer there" if sha256 is None else "was changed since the take was recorded"
            notes.append(f"{one_line(path)}, a picture whose mood was followed, {what}")
    name = request.generator or generator_of(take)
    size = request.size or (take.width, take.height)
    settings = settings_of(take, name, request.options)
    return RenderPlan(
        take,
        lines,
        name,
        settings,
        size,
        is_live,
        request.as_seen,
        hashes,
        references,
        tuple(notes),
        has_film=not film_problem,
    )


def differences(plan: RenderPlan, identity: GeneratorIdentity, renderer: str) -> list[str]:
    """What is not as it was when the take was made and may change its bytes, a line for each."""
    found: list[str] = []
    before = plan.take.generator
    if before is None:
        found.append("the take does not say what generated it")
    elif plan.generator == generator_of(plan.take):
        now = asdict(identity)
        words = {"weights_sha256": "weights", "dtype": "number type", "torch": "version of torch"}
        for key in ("weights_sha256", "device", "dtype", "threads", "torch"):
            if before.get(key) != now[key]:
                short = [str(value)[:12] for value in (before.get(key), now[key])]
                found.append(f"{words.get(key, key)} of {plan.generator}: {short[0]} then, {short[1]} now")
    drawn_by = plan.take.settings.get("gl_renderer")
    if drawn_by is not None and drawn_by != renderer:
        found.append(f"OpenGL: {drawn_by} then, {renderer} now")
    return found


def _check(take: StoredTake) -> None:
    """Raises TakeError for pictures that cannot be filmed."""
    sides = (take.width, take.height)
    if not all(_LEAST_PX <= side <= _MOST_PX and side % 2 == 0 for side in sides):
        raise TakeError(
            f"pictures of {take.width}×{take.height} cannot be filmed",
            subject=str(take.folder / "take.json"),
            mend="copy the take again",
        )


def _film_problem(take: StoredTake) -> str:
    """Why the take's film cannot be read, "" where it can: it is not needed but to be compared with. Raises
    RecordingError where its pictures have another size, TakeError where the track tells of a far longer
    one."""
    film = take.folder / "video.mp4"
    try:
        head = film_head(film)
    except RecordingError as error:
        return error.problem
    check_size(head, film, take.width, take.height)
    if len(take.shown) > head.frames + _MOST_AHEAD_S * take.fps:
        raise TakeError(
            f"it tells of {len(take.shown)} frames, and the film has {head.frames}",
            subject=str(take.folder / "track.jsonl"),
            mend="copy the take again",
        )
    return ""


def generator_of(take: StoredTake) -> str:
    """The name, or the model's path, of what generated a take; never where on a network it ran. Raises
    TakeError."""
    named = take.settings.get("generator") or (take.generator or {}).get("name")
    if not isinstance(named, str):
        raise TakeError(
            "does not say what generated it", subject=str(take.folder), mend="choose a generator: --generator"
        )
    return name_there(named)


def settings_of(take: StoredTake, name: str, options: Mapping[str, float | str]) -> GeneratorSettings:
    """How the generator of that name is to run for a take: as it did, with options over those of then; as
    usual where another made it."""
    before: Mapping[str, Any] = take.generator or {}
    if name_there(str(take.settings.get("generator", before.get("name")))) != name:
        return GeneratorSettings(options=dict(options))
    kept = {**(take.settings.get("generator_options") or {}), **options}
    # Whether there is another device here is for the generator to find; what differs is told.
    device = "cpu" if before.get("device") == "cpu" else "auto"
    dtype = str(before.get("dtype"))
    # Of what draws without a network it is none of torch's, and a take from elsewhere may say anything.
    dtype = dtype if dtype in _FLOATS and "dtype" not in options else "auto"
    threads = int(before.get("threads") or 0) if device == "cpu" else 0
    return GeneratorSettings(device, dtype, threads, kept)


def _state(take: StoredTake) -> str:
    return str(read_json(take.folder / "take.json").get("state"))


def _hashes(take: StoredTake) -> tuple[dict[str, str], list[str]]:
    document = read_json(take.folder / "take.json")
    scene = document["scene"]
    assert isinstance(scene, dict)
    try:
        now = {
            "scene_sha256": scene_sha256(scene, take.folder),
            "track_sha256": file_sha256(take.folder / "track.jsonl"),
        }
    except OSError as error:
        raise TakeError(
            f"cannot be read: {error.strerror}", subject=str(take.folder), mend="copy the take again"
        ) from error
    notes = [
        f"the {name} of the take was changed since it was recorded"
        for name in ("scene", "track")
        if take.result.get(f"{name}_sha256") not in (None, now[f"{name}_sha256"])
    ]
    return now, notes
