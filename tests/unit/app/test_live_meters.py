"""Live meters on pictures made here: what is still, what boils, cuts, and that off costs nothing."""

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.app.meters import LiveMeters, Readings
from director.camera.view import view_of
from director.meters.glimpse import Figures, Glimpse, figures_of, mean_of
from director.meters.surfaces import Seen
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, Tick

WIDTH, HEIGHT = 96, 54
DT_S = 1 / 24


def textured(seed: int = 1, noise: float = 0.0) -> NDArray[np.uint8]:
    """Two flat halves with a fixed grain; `noise` (of 255) is laid over it by the seed."""
    grain = np.random.default_rng(0).normal(0, 6, (HEIGHT, WIDTH, 1))
    picture = np.where(np.arange(WIDTH) < WIDTH // 2, 70.0, 180.0)[None, :, None] * (1.0, 0.8, 0.6) + grain
    picture = picture + np.random.default_rng(seed).normal(0, 1, (HEIGHT, WIDTH, 3)) * noise
    return np.clip(picture, 0, 255).astype(np.uint8)


def two_objects(x_m: float = 0.0) -> Seen:
    """A wall 5 m away, seen from `x_m` to the right: id 1 on the left, 2 on the right."""
    view = view_of(CameraState((x_m, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)), WIDTH / HEIGHT, 0.1, 100.0, None)
    ids = np.ones((HEIGHT, WIDTH), np.uint16)
    ids[:, WIDTH // 2 :] = 2
    depth = np.full((HEIGHT, WIDTH), 5.0, np.float32)
    return Seen(depth, ids, view, np.tile(np.eye(4, dtype=np.float32), (2, 1, 1)))


def frame_of(image: NDArray[np.uint8], index: int = 0, direction: Direction | None = None) -> GeneratedFrame:
    seen = two_objects()
    maps: dict[str, NDArray[Any]] = {"depth": seen.depth, "object": seen.object}
    tick = Tick(index, 0.0, DT_S)
    conditioning = Conditioning(tick, seen.view, maps, direction or Direction(), (), (0.0, 1.0, 0.0))
    return GeneratedFrame(image, conditioning, 0.1)


@dataclass
class Screen:
    """Stands for a LivePicture, and counts what is read of it."""

    picture: NDArray[np.uint8] = field(default_factory=textured)
    frame: GeneratedFrame | None = None
    age_s: float | None = 0.1
    reads: int = 0

    @property
    def display(self) -> "Screen":
        return self

    def read(self) -> NDArray[np.uint8]:
        self.reads += 1
        return self.picture

    def seen(self) -> Seen | None:
        self.reads += 1
        return two_objects()


class Watched:
    """Meters that are switched on and ticked; every look is waited for."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.meters = LiveMeters()
        self.meters.toggle()
        self.index = 0

    def tick(self, *, is_new: bool = True, is_cut: bool = False) -> None:
        tick = Tick(self.index, self.index * DT_S, DT_S)
        self.meters.tick(self.screen, tick, is_new=is_new, is_cut=is_cut)
        self.index += 1

    def look(self, pictures: list[NDArray[np.uint8]]) -> Readings:
        """Wait out the half second, show the pictures, and wait for what they tell."""
        self.rest(13)
        for picture in pictures:
            self.screen.picture = picture
            self.tick()
        if self.meters._job is None:
            # Fewer pictures than a look may have: a tick without a new one ends it.
            self.tick(is_new=False)
        # Waited for without ticks, whose number would be the machine's: rests are told from them.
        job = self.meters._job
        assert job is not None
        job.result(20)
        self.tick(is_new=False)
        return self.meters.readings

    def rest(self, ticks: int) -> None:
        for _ in range(ticks):
            self.tick(is_new=False)


@pytest.fixture
def watched() -> Watched:
    return Watched(Screen(frame=frame_of(textured())))


def test_off_reads_nothing_and_starts_no_thread() -> None:
    screen, meters = Screen(frame=frame_of(textured())), LiveMeters()
    for index in range(60):
        meters.tick(screen, Tick(index, 0.0, DT_S), is_new=True, is_cut=False)
    assert screen.reads == 0
    assert meters._thread is None
    assert meters.readings == Readings(Figures(), None)
    meters.toggle()
    meters.tick(screen, Tick(60, 0.0, DT_S), is_new=True, is_cut=False)
    assert screen.reads == 2, "the fake counts"
    meters.toggle()
    meters.tick(screen, Tick(61, 0.0, DT_S), is_new=True, is_cut=False)
    assert screen.reads == 2
    meters.close()


def test_three_ticks_are_read_each_half_second(watched: Watched) -> None:
    watched.look([textured()] * 3)
    before = watched.screen.reads
    for _ in range(8):
        watched.tick()
    assert watched.screen.reads == before, "not yet due"
    watched.look([textured()] * 3)
    assert watched.screen.reads == before + 3 * 2
    watched.meters.close()


def test_a_still_picture_is_steady_and_a_boiling_one_is_not(watched: Watched) -> None:
    still = watched.look([textured()] * 3).figures
    assert still.warp_error == pytest.approx(0, abs=1e-6)
    assert still.flicker == pytest.approx(0, abs=1e-6)
    assert still.detail_kept == pytest.approx(1)
    assert still.edge_recall == pytest.approx(1, abs=0.05)
    assert still.edge_offset_px == 0
    watched.tick(is_new=False, is_cut=True)
    boiling = watched.look([textured(seed, noise=12.0) for seed in (3, 4, 5)]).figures
    assert boiling.warp_error is not None
    assert boiling.flicker is not None
    # The mean difference of two draws is 2σ/√π; of three, weighed 1, −2, 1, √3 times that.
    assert boiling.warp_error == pytest.approx(2 * 12 / 255 / np.sqrt(np.pi), rel=0.1)
    assert boiling.flicker == pytest.approx(np.sqrt(3) * boiling.warp_error, rel=0.1)
    assert boiling.detail_kept is not None
    assert boiling.detail_kept > 2
    watched.meters.close()


def test_a_blurred_picture_keeps_less_detail_and_another_size_tells_none() -> None:
    blurred = np.repeat(textured().mean(axis=0, keepdims=True), HEIGHT, axis=0).astype(np.uint8)
    look = [Glimpse(blurred, two_objects())]
    kept = figures_of(look, frame_of(textured()), None).detail_kept
    assert kept is not None
    assert kept < 0.5
    assert figures_of(look, frame_of(textured()[::2, ::2]), None).detail_kept is None


def test_a_slow_machine_is_looked_at_less_often(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def slowly(*_: object) -> Figures:
        release.wait(20)
        return Figures()

    monkeypatch.setattr("director.app.meters.figures_of", slowly)
    for _ in range(48):
        watched.tick()
    assert watched.screen.reads == 3 * 2, "one look at a time"
    release.set()
    job = watched.meters._job
    assert job is not None
    job.result(20)
    # It took 45 ticks: the next look is not before 135.
    for _ in range(80):
        watched.tick()
    assert watched.screen.reads == 3 * 2
    for _ in range(20):
        watched.tick()
    assert watched.screen.reads > 3 * 2
    watched.meters.close()


def test_where_nothing_changes_readings_stay(watched: Watched) -> None:
    boiling = watched.look([textured(seed, noise=12.0) for seed in (3, 4, 5)])
    before = watched.screen.reads
    watched.rest(100)
    assert watched.meters.readings == boiling
    assert watched.screen.reads == before
    watched.meters.close()


def test_a_look_that_is_interrupted_tells_what_it_can(watched: Watched) -> None:
    figures = watched.look([textured()] * 2).figures
    assert figures.warp_error == pytest.approx(0, abs=1e-6)
    assert figures.flicker is None
    watched.meters.close()


def test_a_cut_begins_again_and_drops_what_is_being_worked_out(watched: Watched) -> None:
    assert watched.look([textured()] * 3).figures != Figures()
    watched.tick(is_new=False, is_cut=True)
    assert watched.meters.readings.figures == Figures()
    for _ in range(3):
        watched.tick()
    job = watched.meters._job
    assert job is not None
    watched.tick(is_new=False, is_cut=True)
    job.result(20)
    watched.rest(3)
    assert watched.meters.readings.figures == Figures(), "it was of the shot before"
    watched.meters.close()


def test_no_look_reaches_across_a_cut(watched: Watched) -> None:
    watched.tick()
    watched.tick()
    watched.screen.picture = 255 - textured()
    watched.tick(is_cut=True)
    watched.tick()
    figures = watched.look([watched.screen.picture]).figures
    assert figures.warp_error == pytest.approx(0, abs=1e-6)
    watched.meters.close()


def test_without_a_generated_frame_nothing_is_measured(watched: Watched) -> None:
    watched.screen.frame = None
    for _ in range(30):
        watched.tick()
    assert watched.screen.reads == 0
    watched.meters.close()


def test_drift_is_told_from_the_first_second_of_a_direction(watched: Watched) -> None:
    faded = (textured() * 0.5 + 60).astype(np.uint8)
    assert watched.look([textured()] * 3).figures.drift is None
    watched.rest(30)
    assert watched.look([textured()] * 3).figures.drift == pytest.approx(0)
    drift = watched.look([faded] * 3).figures.drift
    assert drift == pytest.approx(0.25, abs=0.03), "half of it is gone, in one of two looks"
    watched.screen.frame = frame_of(faded, 1, Direction(prompt="fog"))
    watched.rest(30)
    watched.meters._figures.clear()
    assert watched.look([faded] * 3).figures.drift == pytest.approx(0), "fog was asked for"
    watched.meters.close()


def test_a_camera_that_turns_elsewhere_does_not_drift() -> None:
    reference = Glimpse(textured(), two_objects())
    away = Glimpse(255 - textured(), two_objects(x_m=50.0))
    assert figures_of([away], None, reference).drift is None


def test_latency_is_the_age_of_each_new_frame_when_it_is_shown(watched: Watched) -> None:
    watched.screen.age_s = 9.0
    watched.tick()
    assert watched.meters.readings.latency_ms is None, "it was there before"
    for i in range(1, 101):
        watched.screen.frame, watched.screen.age_s = frame_of(textured(), i), i / 1000
        watched.tick()
        # Shown again it is older, which is no latency.
        watched.screen.age_s = 5.0
        watched.tick()
    assert watched.meters.readings.latency_ms == pytest.approx((50, 95, 99))
    watched.meters.close()


def test_means_leave_out_what_is_not_known() -> None:
    mean = mean_of([Figures(flicker=0.2), Figures(flicker=0.4, drift=0.1), Figures()])
    assert mean.flicker == pytest.approx(0.3)
    assert mean == Figures(flicker=mean.flicker, drift=0.1)
    assert mean_of([]) == Figures()
    with pytest.raises(ValueError, match="nothing to measure"):
        figures_of([], None, None)
