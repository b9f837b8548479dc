"""What serves a generator, in this process: the inline runner, and what the process runner's child does."""

import threading
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any

import numpy as np
import pytest

from director.errors import GeneratorError
from director.generate import child
from director.generate.inline import InlineRunner
from director.generate.messages import Answer, Drawn, Refused, Request, Stop
from director.generate.protocol import RunnerState
from director.generate.shared_memory import OwnedBlock
from director.types import Conditioning, GeneratedFrame
from tests.model.asked import conditioning


class _Remembering:
    """A generator with a history: its picture tells how many it has drawn since it was reset."""

    name, summary, maps = "remembering", "", frozenset({"base"})

    def __init__(self) -> None:
        self.drawn = 0
        self.loaded = False
        self.closed = 0

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        return width, height

    def load(self, progress: Callable[[float, str], None]) -> None:
        progress(0.5, "half")
        self.loaded = True

    @property
    def identity(self) -> Any:
        return "identity"

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        if conditioning.tick.index < 0:
            raise GeneratorError("no such time")
        self.drawn += 1
        return GeneratedFrame(np.full((2, 2, 3), self.drawn, np.uint8), conditioning, 0.0)

    def reset(self) -> None:
        self.drawn = 0

    def close(self) -> None:
        self.closed += 1


def test_the_process_forgets_history_between_epochs() -> None:
    ours, theirs = Pipe()
    serving = threading.Thread(target=child._answer_requests, args=(theirs, _Remembering()))
    serving.start()
    maps, picture = OwnedBlock(1), OwnedBlock(12)
    one = conditioning(0)
    layout = maps.write(one.maps)
    told: list[Answer] = []
    drawn = []
    for epoch in (3, 3, 4, 4, 4, 9):
        request = Request(
            epoch,
            maps.name,
            layout,
            picture.name,
            one.tick,
            one.view,
            one.direction,
            one.objects,
            (0, 1, 0),
            (),
        )
        ours.send(request)
        answer = ours.recv()
        told.append(answer)
        assert isinstance(answer, Drawn)
        drawn.append(int(picture.read(answer.shape)[0, 0, 0]))
    ours.send(Stop())
    serving.join(5)
    maps.close()
    picture.close()
    assert drawn == [1, 2, 1, 2, 3, 1]
    assert not any(isinstance(answer, Refused) for answer in told)


def test_inline_draws_each_one_in_order_and_raises_where_it_fails() -> None:
    remembering = _Remembering()
    shares: list[float] = []
    runner = InlineRunner(remembering, lambda share, words: shares.append(share))
    assert (remembering.loaded, shares, runner.newest()) == (True, [0.5], None)
    levels = []
    for index in range(3):
        runner.submit(conditioning(index))
        frame = runner.newest()
        assert frame is not None
        assert frame.conditioning.tick.index == index
        levels.append(int(frame.image[0, 0, 0]))
    with pytest.raises(GeneratorError, match="no such time"):
        runner.submit(conditioning(-1))
    assert runner.newest() is None
    runner.flush()
    runner.submit(conditioning(5))
    frame = runner.newest()
    assert frame is not None
    assert [*levels, int(frame.image[0, 0, 0])] == [1, 2, 3, 1]
    state: RunnerState = runner.state
    assert (state.phase, state.generated, state.dropped) == ("running", 4, 0)
    runner.close()
    runner.close()
    assert (remembering.closed, runner.state.phase) == (1, "closed")
