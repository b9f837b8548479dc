"""The pictures of a render, tick by tick: generated or kept, checked, composed and cleaned."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.generate.protocol import Progress
from director.passes.context import describe
from director.scene.compile import CompiledScene
from director.take.clean import Cleaner
from director.take.kept_pictures import KeptPictures
from director.take.recompose import FrameComposer, TickComposer
from director.take.render_plan import RenderPlan
from director.take.replay import Drawn, Replay
from director.take.seen_schedule import SeenSchedule
from director.take.track import TrackLine

__all__ = ["RenderedTicks"]

Picture = NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class RenderedTicks:
    """Draws the ticks of a plan, once. Counts while it goes: `identical` of `known` generated pictures are
    those of then, byte for byte; `kept` were there and `drawn` were not. `cleaned` is as Cleaner tells it."""

    context: moderngl.Context
    compiled: CompiledScene
    plan: RenderPlan
    schedule: SeenSchedule
    replay: Replay
    clean: frozenset[str]
    progress: Progress
    known: int = 0
    identical: int = 0
    kept: int = 0
    drawn: int = 0
    not_understood: dict[str, None] = field(default_factory=dict)
    cleaned: Mapping[str, Mapping[str, float | None]] | None = None

    def pictures(self, kept: KeptPictures) -> Iterator[tuple[TrackLine, Picture | None]]:
        """Each line, and its picture uint8[h, w, 3]; None where that is still the one before. Raises what
        Replay raises."""
        plan, schedule = self.plan, self.schedule
        drawn = self._checked(self.replay.pictures(schedule.wanted, kept))
        composer = self._composer()
        cleaner = None
        if self.clean:
            cleaner = Cleaner(self.context, self.compiled, plan.size, self.clean)
        newest: Drawn | None = None
        number = -1
        try:
            for index, (line, wanted) in enumerate(zip(plan.lines, schedule.shown, strict=True)):
                if wanted is None:
                    newest = None
                while wanted is not None and number < wanted:
                    newest = next(drawn)
                    number += 1
                if isinstance(composer, FrameComposer):
                    assert newest is not None
                    after = plan.after_first if index == 0 else None
                    picture: Picture | None = composer.picture(line, after, newest.frame, newest.source)
                elif newest is None:
                    picture = composer.picture(line, None, None)
                else:
                    picture = composer.picture(line, newest.frame, newest.source)
                self.progress(
                    (index + 1) / len(plan.lines), f"rendering frame {index + 1} of {len(plan.lines)}"
                )
                if cleaner is not None and picture is not None:
                    picture = cleaner.picture(line, picture)
                yield self._line(line, newest), picture
        finally:
            composer.release()
            if cleaner is not None:
                self.cleaned = cleaner.figures
                cleaner.release()

    def _composer(self) -> FrameComposer | TickComposer:
        plan = self.plan
        if not plan.as_seen:
            return FrameComposer(self.context, self.compiled, plan.size, plan.lines)
        is_sharp = not describe(self.context).is_software
        fps = float(plan.take.fps)
        return TickComposer(self.context, self.compiled, plan.size, plan.lines, fps, is_sharp=is_sharp)

    def _checked(self, drawn: Iterator[Drawn]) -> Iterator[Drawn]:
        for one, sha256 in zip(drawn, self.schedule.sha256, strict=True):
            self.kept += one.was_kept
            self.drawn += not one.was_kept
            self.not_understood.update(dict.fromkeys(one.frame.not_understood))
            if sha256 is not None and self.plan.is_as_made:
                self.known += 1
                self.identical += hashlib.sha256(one.frame.image.tobytes()).hexdigest() == sha256
            yield one

    def _line(self, line: TrackLine, newest: Drawn | None) -> TrackLine:
        if newest is None:
            return line
        height, width = newest.frame.image.shape[:2]
        # The hash that a live take has is that of the picture of then.
        sha256 = line.picture_sha256 if self.plan.is_as_made else None
        picture = replace(line.picture, generated_size=(width, height))
        return replace(line, picture=picture, picture_sha256=sha256)
