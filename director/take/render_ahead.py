"""Generates on workers the pictures of takes that depend on a history, all takes of a command at a time."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import moderngl

from director.clock import now_s
from director.errors import TakeError
from director.generate.protocol import GeneratorIdentity, Progress
from director.generate.remote.pool import RemotePool
from director.generate.remote.workers import Workers
from director.passes.context import describe, headless_context
from director.scene.compile import CompiledScene
from director.take.ahead import Ahead, Source, Stretch
from director.take.drawing import Drawing, drawing_of
from director.take.folder import make_root, read_json, write_json
from director.take.kept_pictures import KeptPictures
from director.take.render_folder import RenderFolder
from director.take.render_key import render_key
from director.take.render_plan import RenderPlan, RenderRequest, plan_render
from director.take.seams import Parted, Seam
from director.take.wanted import Wanted

__all__ = ["DrawnAhead", "render_ahead", "seams_of"]

_SEAMS, _PARTS = "seams.json", "parts"


@dataclass(frozen=True, slots=True)
class DrawnAhead:
    """So many pictures of a take were generated, and so long did it take; of several takes at a time each has
    its share."""

    pictures: int
    seconds: float


def render_ahead(
    requests: Sequence[RenderRequest], workers: Workers, progress: Progress, tell: Callable[[str], None]
) -> list[DrawnAhead]:
    """Generate and keep what is missing, and tell for each request how much that was. Of takes whose
    generator has no history it is nothing: they can be drawn while they are composed.

    Raises what `render` raises. What has come by then is kept, also where it is interrupted, which is told.
    """
    grouped: dict[str, list[_Asked]] = {}
    for number, request in enumerate(requests):
        plan = plan_render(request)
        drawing = drawing_of(plan.generator, plan.settings, plan.size)
        if not drawing.is_independent:
            asked = _Asked(number, request, plan, drawing)
            grouped.setdefault(f"{drawing.name} {drawing.settings}", []).append(asked)
    drawn = [DrawnAhead(0, 0.0)] * len(requests)
    if not grouped:
        return drawn
    context = headless_context()
    try:
        for group in grouped.values():
            drawing = group[0].drawing
            pool = workers.pool(drawing.name, drawing.settings, progress)
            jobs = [_Job(context, one, pool.identity, workers.seam) for one in group]
            try:
                for job, told in zip(jobs, _draw(context, jobs, pool, progress), strict=True):
                    drawn[job.number] = told
            except KeyboardInterrupt:
                tell("what is whole of a shot is kept: the same command goes on from there")
                raise
            finally:
                for job in jobs:
                    job.source.release()
    finally:
        context.release()
    return drawn


def seams_of(folder: RenderFolder) -> list[dict[str, object]]:
    """Where parts of its pictures follow each other, and how far they are apart there."""
    path = folder.path / _SEAMS
    if not path.is_file():
        return []
    found = read_json(path)["seams"]
    if not isinstance(found, list):
        raise TakeError("is not what a render writes", subject=str(path), mend="remove it")
    return found


def _draw(
    context: moderngl.Context, jobs: "Sequence[_Job]", pool: RemotePool, progress: Progress
) -> list[DrawnAhead]:
    begin_s = now_s()
    counts = dict.fromkeys(jobs, 0)
    # The same take may be asked for twice.
    left = [job for job in {job.folder.path: job for job in jobs}.values() if not job.is_done]
    while left:
        missing = {job: job.missing for job in left}
        for job, stretches in missing.items():
            counts[job] += sum(len(stretch) for stretch in stretches)
        wanted = [stretch for stretches in missing.values() for stretch in stretches]
        heard = _teller(max(1, sum(map(len, wanted))), pool, progress)
        Ahead(context, pool, heard).draw(wanted)
        left = [job for job in left if not job.settle()]
    spent_s = (now_s() - begin_s) / max(1, sum(counts.values()))
    # What of it is shown: parts overlap.
    return [DrawnAhead(min(counts[job], len(job.source.wanted)), spent_s * counts[job]) for job in jobs]


def _teller(total: int, pool: RemotePool, progress: Progress) -> Callable[[int], None]:
    def heard(come: int) -> None:
        told = f"generating picture {come} of {total} on {len(pool.ready)} of {pool.count} workers"
        progress(come / total, told)

    return heard


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    number: int
    request: RenderRequest
    plan: RenderPlan
    drawing: Drawing


class _Job:
    """A take whose pictures are wanted."""

    def __init__(
        self, context: moderngl.Context, asked: _Asked, identity: GeneratorIdentity, seam: float | None
    ) -> None:
        self.number, plan, drawing = asked.number, asked.plan, asked.drawing
        schedule = plan.schedule(drawing.map_size)
        renderer = describe(context)
        key = render_key(plan, schedule, drawing.map_size, drawing.settings, identity, renderer, seam)
        make_root(asked.request.out)
        self.folder = RenderFolder(asked.request.out, key)
        self._kept = KeptPictures(self.folder.pictures)
        self.source = Source(CompiledScene(plan.take.scene), schedule.wanted, drawing.maps)
        self._whole: list[tuple[int, int]] = []
        self._parted: list[Parted] = []
        for begin, end in _by_cut(schedule.wanted):
            parted = None
            if seam is not None:
                parted = Parted(begin, end, self.folder.path / _PARTS, seam)
            if parted is not None and parted.count > 1:
                self._parted.append(parted)
            else:
                self._whole.append((begin, end))

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to do."""
        has_seams = not self._parted or (self.folder.path / _SEAMS).is_file()
        return has_seams and all(self._kept.has(n) for n in range(len(self.source.wanted)))

    @property
    def missing(self) -> list[Stretch]:
        """What is still to be drawn."""
        whole = [Stretch(self.source, begin, end, self._kept) for begin, end in self._whole]
        parts = [
            Stretch(self.source, part.begin, part.end, kept)
            for parted in self._parted
            for part, kept in parted.missing
        ]
        return [stretch for stretch in whole if not stretch.is_kept] + parts

    def settle(self) -> bool:
        """Put parts together; False where some must be drawn once more, as one."""
        found = [parted.settle() for parted in self._parted]
        seams: list[Seam] = []
        for one in found:
            if one is None:
                return False
            seams.extend(one)
        for parted, own in zip(self._parted, found, strict=True):
            assert own is not None
            parted.assemble(own, self._kept)
        if self._parted:
            write_json(self.folder.path / _SEAMS, {"seams": [asdict(seam) for seam in seams]})
            shutil.rmtree(self.folder.path / _PARTS, ignore_errors=True)
        return True


def _by_cut(wanted: Sequence[Wanted]) -> list[tuple[int, int]]:
    begins = [n for n, one in enumerate(wanted) if one.begins or n == 0]
    return list(zip(begins, [*begins[1:], len(wanted)], strict=True))
