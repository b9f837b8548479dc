"""Renders a take again from what it stored: every frame generated, or the pictures that were seen live.

What is generated is kept as it comes; a render that was ended goes on from there, with the same bytes. The
new take appears under its name only when it is whole. A frame's bytes are those of the take where generator,
settings, machine and renderer are the same; where one is not, that is told.
"""

import contextlib
import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.errors import RecordingError
from director.generate.protocol import Progress
from director.generate.remote.workers import Workers
from director.passes.context import Renderer, describe, headless_context
from director.scene.compile import CompiledScene
from director.take.drawing import cores
from director.take.folder import make_root
from director.take.kept_pictures import KeptPictures
from director.take.parity import Parity
from director.take.recorder import Plan, Recorder, Take
from director.take.render_ahead import DrawnAhead, render_ahead, seams_of
from director.take.render_folder import RenderFolder
from director.take.render_key import render_key
from director.take.render_plan import RenderPlan, RenderRequest, differences, plan_render
from director.take.render_ticks import RenderedTicks
from director.take.replay import Replay
from director.take.resample import Resampler
from director.take.seen_schedule import SeenSchedule

__all__ = ["Rendered", "render"]

_MOST_PROCESSES = 8
_SHEET = "parity.png"

Picture = NDArray[np.uint8]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A take that was rendered. `same_frames` says whether its frames have the bytes of the take's, None
    where the take has no hash of them, as live. `identical` of `known` generated pictures of a live take are
    those of then, byte for byte. `kept` pictures were there from an earlier run; `parity` is as Parity tells
    it; `fps` are frames generated in a second; `seams` are those between parts that several workers drew, as
    Seam tells them."""

    take: Take
    frames: int
    fps: float
    sha256_frames: str
    same_frames: bool | None
    pictures: int
    kept: int
    known: int
    identical: int
    not_understood: tuple[str, ...]
    parity: Mapping[str, object] | None
    cleaned: Mapping[str, Mapping[str, float | None]] | None
    notes: tuple[str, ...]
    seams: tuple[Mapping[str, object], ...] = ()


def render(
    request: RenderRequest,
    progress: Progress,
    tell: Tell,
    workers: Workers | None = None,
    ahead: DrawnAhead | None = None,
) -> Rendered:
    """Render a take, by `workers` if there are any; `ahead` is what they have drawn of it already. `tell` is
    told at once, in a line each, what is not as it was.

    Raises TakeError, SceneError, UsageError, GeneratorError, GraphicsError and RecordingError; nothing is
    then under a take's name. An interruption leaves what was generated to go on from.
    """
    plan = plan_render(request)
    make_root(request.out)
    if workers is not None:
        # Nothing is left to do if it was asked for, unless the same take comes twice in a command.
        (missed,) = render_ahead([request], workers, progress, tell)
        ahead = missed if missed.pictures else ahead
    context = headless_context()
    try:
        threads = max(1, plan.settings.threads)
        replay = Replay(
            context,
            compiled := CompiledScene(plan.take.scene),
            plan.size,
            plan.generator,
            plan.settings,
            progress,
            min(max(1, cores() // threads), _MOST_PROCESSES),
            workers,
        )
        seam = None if workers is None or replay.is_independent else workers.seam
        try:
            made = _Render(request, plan, context, compiled, replay, progress, tell, seam, ahead)
            return made.made()
        finally:
            replay.close()
    finally:
        context.release()


class _Render:
    def __init__(
        self,
        request: RenderRequest,
        plan: RenderPlan,
        context: moderngl.Context,
        compiled: CompiledScene,
        replay: Replay,
        progress: Progress,
        tell: Tell,
        seam: float | None,
        ahead: DrawnAhead | None,
    ) -> None:
        self._plan, self._replay, self._clean = plan, replay, request.clean
        self._renderer: Renderer = describe(context)
        self._tell = tell
        self._ahead = ahead or DrawnAhead(0, 0.0)
        self._schedule = plan.schedule(replay.map_size)
        self._notes: list[str] = []
        self._ticks = RenderedTicks(context, compiled, plan, self._schedule, replay, request.clean, progress)
        settings, identity = replay.settings, replay.identity
        key = render_key(plan, self._schedule, replay.map_size, settings, identity, self._renderer, seam)
        self._folder = RenderFolder(request.out, key)
        self._seams = tuple(seams_of(self._folder))

    def made(self) -> Rendered:
        plan, folder = self._plan, self._folder
        for note in (*plan.notes, *differences(plan, self._replay.identity, self._renderer.name)):
            self._note(note)
        # Frames that are to have the same bytes need no likeness told.
        is_compared = plan.is_live or not plan.is_as_made or bool(self._notes or self._clean)
        is_compared = is_compared and plan.has_film
        self._note_schedule(self._schedule)
        kept = KeptPictures(folder.pictures)
        parity = Parity(plan.take)
        try:
            return self._whole(kept, parity if is_compared else None)
        except KeyboardInterrupt:
            done = self._ticks.drawn + self._ticks.kept
            self._tell(
                f"{done} of {len(self._schedule.wanted)} pictures are kept in {folder.path}: the same command"
                " goes on from there"
            )
            raise
        finally:
            parity.close()
            folder.discard_film()

    def _whole(self, kept: KeptPictures, parity: Parity | None) -> Rendered:
        plan, counts = self._plan, self._ticks
        begin_s = now_s()
        self._folder.discard_film()
        recorder = Recorder(self._recording(), waits=True)
        digest = hashlib.sha256()
        frames = 0
        try:
            with contextlib.closing(self._film(recorder, kept)) as film:
                for picture in film:
                    digest.update(picture.data)
                    if parity is not None:
                        parity.add(picture)
                    frames += 1
        except BaseException:
            # It goes, and why is about to be told; only its ffmpeg must end.
            with contextlib.suppress(RecordingError):
                recorder.stop()
            raise
        spent_s = now_s() - begin_s
        same = self._same_frames(digest.hexdigest())
        compared = None if parity is None else parity.told(plan.take.fps)
        if parity is not None and parity.problem:
            self._note(parity.problem)
        self._note_identity()
        take = recorder.stop(self._replay.identity, self._results(digest.hexdigest(), same, compared))
        if take.error:
            raise RecordingError(take.error)
        if parity is not None and compared is not None:
            parity.save_sheet(take.folder / _SHEET)
        final, number = self._folder.adopt(take.folder, plan.take.scene.name, self._shot())
        self._folder.discard()
        return Rendered(
            take=Take(final, final / "video.mp4", number, take.frames, take.repeated, ""),
            frames=frames,
            fps=(counts.drawn + self._ahead.pictures) / max(spent_s + self._ahead.seconds, 1e-9),
            sha256_frames=digest.hexdigest(),
            same_frames=same,
            pictures=len(self._schedule.wanted),
            kept=counts.kept - self._ahead.pictures,
            known=counts.known,
            identical=counts.identical,
            not_understood=tuple(counts.not_understood),
            parity=compared,
            cleaned=counts.cleaned,
            notes=tuple(self._notes),
            seams=self._seams,
        )

    def _film(self, recorder: Recorder, kept: KeptPictures) -> Generator[Picture, None, None]:
        """The frames of the film, which are recorded as they come."""
        resampler = Resampler(self._plan.take.fps)
        shown: Picture | None = None
        for line, picture in self._ticks.pictures(kept):
            recorder.tick(line, picture)
            for _ in range(resampler.tick(line.tick.dt_s)):
                yield shown if shown is not None else self._black()
            shown = shown if picture is None else picture
        for _ in range(resampler.end()):
            yield shown if shown is not None else self._black()

    def _black(self) -> Picture:
        width, height = self._plan.size
        return np.zeros((height, width, 3), np.uint8)

    def _same_frames(self, sha256: str) -> bool | None:
        before = self._plan.take.result.get("sha256_frames")
        return None if before is None or self._plan.is_live else before == sha256

    def _note(self, note: str) -> None:
        self._notes.append(note)
        self._tell(note)

    def _note_schedule(self, schedule: SeenSchedule) -> None:
        if self._plan.as_seen and self._plan.is_as_made and not any(schedule.sha256):
            self._note("the take has no hashes of its pictures: whether they are the same cannot be told")
        if schedule.guessed:
            self._note(
                f"of {len(schedule.guessed)} generated pictures the take does not tell what they were asked"
                " for from: they are drawn from where they were first shown"
            )
        if schedule.broken:
            self._note(
                f"of {len(schedule.broken)} generated pictures the take does not hold what they were built"
                " upon: they cannot be the same"
            )

    def _note_identity(self) -> None:
        counts = self._ticks
        if counts.identical < counts.known:
            apart = counts.known - counts.identical
            self._note(f"{apart} of {counts.known} generated pictures differ from those of the take")

    def _shot(self) -> str:
        return str(self._plan.take.slate.get("shot") or "rendered")

    def _recording(self) -> Plan:
        plan, settings = self._plan, self._replay.settings
        stored = {
            key: value for key, value in plan.take.settings.items() if key not in ("size", "fps", "seed")
        }
        if not plan.as_seen:
            stored.pop("live", None)
        return Plan(
            root=self._folder.film,
            scene=plan.take.scene,
            shot=self._shot(),
            width=plan.size[0],
            height=plan.size[1],
            fps=plan.take.fps,
            seed=int(plan.take.settings.get("seed") or 0),
            settings={
                **stored,
                "generator": plan.generator,
                "generator_options": dict(settings.options),
                "threads": settings.threads,
                "map_size": list(self._replay.map_size),
                "gl_renderer": self._renderer.name,
                "burn_in": False,
            },
            generator=self._replay.identity,
            rendered_from={
                "take": plan.take.folder.resolve().name,
                "as_seen": plan.as_seen,
                "clean": sorted(self._clean),
                **plan.hashes,
                "sha256_frames": plan.take.result.get("sha256_frames"),
                "generator": plan.take.generator,
            },
        )

    def _results(
        self, sha256: str, same: bool | None, compared: Mapping[str, object] | None
    ) -> dict[str, object]:
        counts = self._ticks
        return {
            "sha256_frames": sha256,
            "not_understood": list(counts.not_understood),
            "same_frames": same,
            "identical_pictures": [counts.identical, counts.known],
            "parity": compared,
            "cleaned": self._ticks.cleaned,
            "notes": list(self._notes),
            "seams": [dict(seam) for seam in self._seams],
        }
