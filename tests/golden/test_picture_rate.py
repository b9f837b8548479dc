"""The live picture where a rate is asked for: the size that is drawn follows what pictures cost, never more
than one waits, and what comes to rest is drawn at the dial's size. The clock is the test's own."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import moderngl
import numpy as np
import pytest

from director.app.picture import LivePicture
from director.generate.deadline import DeadlineScheduler, Size, rungs_of
from director.generate.protocol import GeneratorIdentity, RunnerState
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, Tick

SIZE = (128, 72)
TICK_S = 1 / 30


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


class TimedRunner:
    """A generator that takes `fixed_s` and `full_s` × its share of the full size's pixels for a picture: the
    blocking with its colours turned over. Time is the test's clock."""

    def __init__(self, clock: Clock) -> None:
        self.fixed_s, self.full_s = 0.02, 0.12
        self.noise = 0.0
        self._random = random.Random(0)
        self.sizes: list[tuple[int, int]] = []
        self.most_waiting = 0
        self._clock = clock
        self._waiting: Conditioning | None = None
        self._under_way: tuple[Conditioning, float, float] | None = None
        self._newest: GeneratedFrame | None = None
        self._finished_s: float | None = None
        self._generated = self._dropped = 0

    def submit(self, conditioning: Conditioning) -> None:
        self._work()
        height, width = conditioning.maps["depth"].shape
        self.sizes.append((width, height))
        self.most_waiting = max(self.most_waiting, 1 + (self._waiting is not None))
        self._dropped += self._waiting is not None
        self._waiting = conditioning
        self._begin(self._clock())

    def newest(self) -> GeneratedFrame | None:
        self._work()
        return self._newest

    def flush(self) -> None:
        self._dropped += (self._waiting is not None) + (self._under_way is not None)
        self._waiting = self._under_way = self._newest = None

    def _work(self) -> None:
        while self._under_way is not None and self._under_way[2] <= self._clock():
            conditioning, cost_s, self._finished_s = self._under_way
            self._newest = GeneratedFrame(255 - conditioning.maps["base"], conditioning, cost_s)
            self._generated += 1
            self._under_way = None
            self._begin(self._finished_s)

    def _begin(self, now_s: float) -> None:
        if self._under_way is None and self._waiting is not None:
            cost_s = self._cost(self._waiting)
            self._under_way = self._waiting, cost_s, now_s + cost_s
            self._waiting = None

    def _cost(self, conditioning: Conditioning) -> float:
        share = conditioning.maps["depth"].size / (SIZE[0] * SIZE[1])
        return (self.fixed_s + self.full_s * share) * self._random.lognormvariate(0.0, self.noise)

    @property
    def state(self) -> RunnerState:
        self._work()
        idle = RunnerState("running", 1.0, "", 0, 0, 0, 0.0, None)
        return replace(idle, generated=self._generated, dropped=self._dropped, finished_s=self._finished_s)

    @property
    def identity(self) -> GeneratorIdentity | None:
        return None

    def close(self) -> None:
        pass


class Shot:
    """A live picture, a generator and a clock; `fly` moves the camera, `rest` lets it stand."""

    def __init__(
        self,
        gl: moderngl.Context,
        clock: Clock,
        *,
        is_software: bool,
        map_size: Size = SIZE,
        still: Size | None = None,
    ) -> None:
        self.clock = clock
        self.runner = TimedRunner(clock)
        self.scheduler = DeadlineScheduler(rungs_of(map_size), still=still)
        self.scene = CompiledScene(load_scene("living_room"))
        self.live = LivePicture(
            gl,
            self.scene,
            self.runner,
            frozenset({"base", "motion"}),
            map_size,
            SIZE,
            is_software=is_software,
            scheduler=self.scheduler,
        )
        self.index = 0
        self.time_s = 0.0
        self.shown: list[tuple[float, int]] = []
        """When each generated picture was first shown, and its tick."""

    def fly(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.time_s += TICK_S
            self._tick(Direction())

    def rest(self, seconds: float, prompt: str = "") -> None:
        for _ in range(round(seconds / TICK_S)):
            self._tick(Direction(prompt=prompt))

    def _tick(self, direction: Direction) -> None:
        move = self.scene.move("dolly-in")
        camera = move.camera_at(self.time_s % move.duration_s, self.scene.locate)
        cut = self.index == 0
        camera = CameraState(camera.position, camera.orientation, camera.lens, is_cut=cut)
        tick = Tick(self.index, self.time_s % move.duration_s, 0.0 if cut else TICK_S)
        self.live.tick(tick, camera, direction, "generated")
        frame = self.live.frame
        if frame is not None and (not self.shown or self.shown[-1][1] != frame.conditioning.tick.index):
            self.shown.append((self.clock.s, frame.conditioning.tick.index))
        self.index += 1
        self.clock.s += TICK_S


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("director.app.asking.now_s", made)
    monkeypatch.setattr("director.app.picture.now_s", made)
    return made


@pytest.fixture(params=[True, False], ids=["software", "hardware"])
def shot(gl: moderngl.Context, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Shot]:
    made = Shot(gl, clock, is_software=request.param)
    yield made
    made.live.release()


def is_settled(shot: Shot) -> bool:
    return shot.live.is_settled


def frame_of(shot: Shot) -> GeneratedFrame | None:
    return shot.live.frame


def image_size(shot: Shot) -> tuple[int, int]:
    assert shot.live.frame is not None
    height, width = shot.live.frame.image.shape[:2]
    return width, height


def test_without_a_rate_every_picture_has_the_full_size(shot: Shot) -> None:
    shot.fly(2.0)
    assert set(shot.runner.sizes) == {SIZE}
    assert shot.scheduler.spending.late == 0


def test_a_rate_is_kept_at_the_size_that_fits_and_nothing_queues(shot: Shot) -> None:
    shot.scheduler.ask(12.0)
    shot.fly(4.0)
    asked = len(shot.runner.sizes)
    shot.fly(6.0)
    # 20 + 120/4 ms fit into 83, and 20 + 120 · 9/16 do not with a margin.
    assert set(shot.runner.sizes[asked:]) == {(64, 36)}
    assert len(shot.runner.sizes) - asked == pytest.approx(72, abs=4), "as often as asked, and no oftener"
    assert shot.runner.most_waiting == 1
    assert shot.scheduler.spending.late < 0.1
    assert shot.scheduler.changes <= 3


def test_a_slower_generator_is_given_less_and_a_faster_one_more(shot: Shot) -> None:
    shot.scheduler.ask(5.0)
    shot.fly(3.0)
    assert shot.runner.sizes[-1] == SIZE
    shot.runner.full_s *= 3
    shot.fly(5.0)
    slower = shot.runner.sizes[-1]
    assert slower[0] < SIZE[0]
    assert shot.runner.most_waiting == 1
    shot.runner.full_s /= 3
    shot.fly(15.0)
    assert shot.runner.sizes[-1] == SIZE
    assert shot.scheduler.changes <= 5


def test_what_comes_to_rest_is_drawn_at_the_dials_size_and_then_nothing_more(shot: Shot) -> None:
    shot.scheduler.ask(12.0)
    shot.fly(3.0)
    assert image_size(shot)[0] < SIZE[0]
    moved = shot.runner.sizes[-1]
    shot.rest(0.2)
    assert shot.runner.sizes[-1] == moved, "a pause between two steps of a hand is no rest"
    assert not is_settled(shot)
    shot.rest(1.0)
    assert image_size(shot) == SIZE
    assert is_settled(shot)
    base = np.frombuffer(shot.live.passes["base"].read(alignment=1), np.uint8).reshape(*SIZE[::-1], 4)
    assert (shot.live.display.read() == 255 - base[..., :3]).all()
    asked, spending = len(shot.runner.sizes), shot.scheduler.spending
    shot.rest(3.0)
    assert len(shot.runner.sizes) == asked
    assert shot.scheduler.spending == spending, "what waits for nothing is not late"
    # Directed anew it is soon there, and then fine.
    shot.rest(0.25, "other")
    assert shot.runner.sizes[-1] == moved
    shot.rest(1.0, "other")
    assert image_size(shot) == SIZE
    assert is_settled(shot)
    shot.fly(0.5)
    assert shot.runner.sizes[-1] == moved


def test_the_dial_changes_what_rests_and_what_moves(shot: Shot) -> None:
    shot.fly(0.5)
    shot.scheduler.turn("balanced")
    shot.rest(1.0)
    assert image_size(shot) == (64, 36)
    assert is_settled(shot)
    shot.fly(1.0)
    assert image_size(shot) == (64, 36)
    shot.scheduler.turn("finest")
    shot.rest(1.0)
    assert image_size(shot) == SIZE


def test_motion_is_told_against_the_last_picture_of_whichever_size(shot: Shot) -> None:
    shot.fly(0.5)
    shot.scheduler.turn("balanced")
    shot.rest(1.0)
    shot.scheduler.turn("finest")
    shot.rest(1.0)
    assert shot.live.frame is not None
    # The full size was drawn last while the camera flew; since then it has stood.
    assert not shot.live.frame.conditioning.maps["motion"].any()


def test_a_cut_between_sizes_shows_nothing_of_before(shot: Shot) -> None:
    shot.scheduler.ask(12.0)
    shot.fly(3.0)
    shot.index = 0
    shot.time_s = 2.0
    shot._tick(Direction())
    shot.index = 1000
    assert frame_of(shot) is None
    shot.fly(1.0)
    assert shot.live.frame is not None
    assert shot.live.frame.conditioning.tick.index >= 1000


def test_uneven_costs_are_shown_at_an_even_pace_and_none_is_lost_or_late(shot: Shot) -> None:
    shot.runner.noise = 0.25
    shot.runner.full_s = 0.06
    shot.scheduler.ask(5.0)
    shot.fly(8.0)
    before, generated = len(shot.shown), shot.runner.state.generated
    shot.fly(15.0)
    shown = shot.shown[before:]
    intervals = sorted(b - a for (a, _), (b, _) in pairwise(shown))
    middle, last = intervals[len(intervals) // 2], intervals[int(0.99 * len(intervals))]
    assert middle == pytest.approx(0.2, abs=0.01)
    assert last / middle < 1.3
    assert abs(len(shown) - (shot.runner.state.generated - generated)) <= 1
    ages = [shown_s - (100.0 + index * TICK_S) for shown_s, index in shown]
    assert max(ages) <= 0.2 + 1e-6, "what is held back is still shown within the deadline"
    # At rest nothing is left behind.
    shot.rest(2.0)
    assert is_settled(shot)
    assert image_size(shot) == SIZE


def test_what_rests_is_drawn_once_at_the_size_of_the_display(gl: moderngl.Context, clock: Clock) -> None:
    quick = (SIZE[0] // 2, SIZE[1] // 2)
    shot = Shot(gl, clock, is_software=True, map_size=quick, still=SIZE)
    shot.fly(1.0)
    assert set(shot.runner.sizes) == {quick}
    shot.rest(2.0)
    assert is_settled(shot)
    assert image_size(shot) == SIZE
    assert shot.runner.sizes.count(SIZE) == 1
    shot.fly(0.5)
    assert shot.runner.sizes[-1] == quick
    shot.live.release()


def test_the_dial_turns_the_stabiliser_until_a_hand_does(shot: Shot) -> None:
    assert shot.live.stabiliser == 0.5
    shot.scheduler.turn("fastest")
    shot.fly(1.0)
    assert shot.live.stabiliser == shot.scheduler.stabiliser > 0.5
    assert shot.live.settings.stabiliser == shot.live.stabiliser
    assert shot.live.settings.generated_size == (32, 18)
    assert shot.live.settings.quality == "fastest"
    shot.live.stabiliser_by_hand = 0.0
    assert shot.live.stabiliser == 0.0
    shot.live.stabiliser_by_hand = None
    assert shot.live.stabiliser > 0.5


def test_locks_ask_for_no_picture_of_their_own(shot: Shot) -> None:
    shot.fly(1.0)
    shot.rest(1.0)
    assert is_settled(shot)
    asked = len(shot.runner.sizes)
    for _ in range(15):
        shot._tick(Direction(locks=frozenset({1, 2})))
    assert len(shot.runner.sizes) == asked
    assert is_settled(shot)
    for _ in range(15):
        shot._tick(Direction(prompt="other", locks=frozenset({1, 2})))
    assert len(shot.runner.sizes) == asked + 1
