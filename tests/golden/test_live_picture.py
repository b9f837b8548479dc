"""The picture of each tick: asks when it must, carries old frames, and does nothing when nothing changed."""

import math
from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from director.app.meters import LiveMeters
from director.app.picture import LivePicture
from director.camera.rigs.fly import FlyIntent, FlyRig
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, RunnerState
from director.meters.glimpse import Glimpse, figures_of
from director.meters.surfaces import Seen, match
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import CameraState, Conditioning, Direction, GeneratedFrame, Tick

SIZE = (128, 72)


class SlowRunner:
    """Answers when it is told to: a generator of any speed, without waiting for one."""

    def __init__(self) -> None:
        self.submitted: list[Conditioning] = []
        self.waiting: Conditioning | None = None
        self.under_way: Conditioning | None = None
        self.phase = "running"
        self._newest: GeneratedFrame | None = None
        self._generated = self._dropped = 0

    def submit(self, conditioning: Conditioning) -> None:
        self.submitted.append(conditioning)
        self._dropped += self.waiting is not None
        self.waiting = conditioning
        self._take_up()

    def answer(self) -> None:
        """The picture under way is done: the blocking with its colours turned over."""
        assert self.under_way is not None
        self._newest = GeneratedFrame(255 - self.under_way.maps["base"], self.under_way, 0.0)
        self._generated += 1
        self.under_way = None
        self._take_up()

    def newest(self) -> GeneratedFrame | None:
        return self._newest

    def flush(self) -> None:
        self._dropped += (self.waiting is not None) + (self.under_way is not None)
        self.waiting = self.under_way = self._newest = None

    def _take_up(self) -> None:
        if self.under_way is None:
            self.under_way, self.waiting = self.waiting, None

    @property
    def state(self) -> RunnerState:
        return RunnerState(self.phase, 1.0, "", self._generated, self._dropped, 0, 0.0, None)

    @property
    def identity(self) -> GeneratorIdentity | None:
        return None

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def scene() -> CompiledScene:
    return CompiledScene(load_scene("living_room"))


def camera_at(scene: CompiledScene, time_s: float, is_cut: bool = False) -> CameraState:
    camera = scene.move("dolly-in").camera_at(time_s, scene.locate)
    return CameraState(camera.position, camera.orientation, camera.lens, is_cut=is_cut)


@pytest.fixture(params=[True, False], ids=["software", "hardware"])
def live(gl: moderngl.Context, scene: CompiledScene, request: pytest.FixtureRequest) -> Iterator[LivePicture]:
    """With the blocking as its generator, at once; read at once, and a tick later as on a graphics card."""
    runner = InlineRunner(generator("proxy")(GeneratorSettings()))
    made = LivePicture(gl, scene, runner, frozenset({"base"}), SIZE, SIZE, is_software=request.param)
    yield made
    made.release()


@pytest.fixture
def slow(gl: moderngl.Context, scene: CompiledScene) -> Iterator[tuple[LivePicture, SlowRunner]]:
    runner = SlowRunner()
    made = LivePicture(gl, scene, runner, frozenset({"base"}), SIZE, SIZE, is_software=True)
    yield made, runner
    made.release()


def is_settled(live: LivePicture) -> bool:
    return live.is_settled


def frame_of(live: LivePicture) -> GeneratedFrame | None:
    return live.frame


def base_of(live: LivePicture) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    raw = live.passes["base"].read(alignment=1)
    return np.frombuffer(raw, np.uint8).reshape(SIZE[1], SIZE[0], 4)[..., :3]


def test_it_settles_on_the_generated_picture(live: LivePicture, scene: CompiledScene) -> None:
    for i in range(12):
        live.tick(Tick(i, 0.0, 0.03), camera_at(scene, 0.0, is_cut=i == 0), Direction(), "generated")
    assert live.is_settled
    assert live.frame is not None
    assert (live.display.read() == base_of(live)).all()
    assert (live.frame.image == base_of(live)).all()
    is_new = live.tick(Tick(12, 0.0, 0.03), camera_at(scene, 0.0), Direction(), "generated")
    assert not is_new
    again = live.tick(Tick(13, 0.0, 0.03), camera_at(scene, 0.0), Direction(prompt="other"), "generated")
    assert again or not live.is_settled, "another prompt asks for another picture"


def test_a_moving_camera_is_answered_at_once(live: LivePicture, scene: CompiledScene) -> None:
    # A tick late or not: the picture is the blocking as the camera sees it now, but for a few pixels at
    # silhouettes that had not been generated.
    for i in range(12):
        time_s = i / 30
        live.tick(Tick(i, time_s, 1 / 30), camera_at(scene, time_s, is_cut=i == 0), Direction(), "generated")
        off = np.abs(live.display.read().astype(int) - base_of(live)).max(axis=2)
        assert (off > 30).mean() < 0.03, i


def test_nothing_is_asked_twice(slow: tuple[LivePicture, SlowRunner], scene: CompiledScene) -> None:
    live, runner = slow
    for i in range(6):
        live.tick(Tick(i, 0.0, 0.03), camera_at(scene, 0.0, is_cut=i == 0), Direction(), "generated")
    assert len(runner.submitted) == 1
    assert not is_settled(live), "the answer is not there yet"
    assert (live.display.read() == base_of(live)).all(), "the proxy until then"
    runner.answer()
    live.tick(Tick(6, 0.0, 0.03), camera_at(scene, 0.0), Direction(), "generated")
    assert (live.display.read() == 255 - base_of(live)).all()
    for i in range(7, 16):
        live.tick(Tick(i, 0.0, 0.03), camera_at(scene, 0.0), Direction(), "generated")
    assert is_settled(live)
    assert (live.display.read() == 255 - base_of(live)).all()
    assert len(runner.submitted) == 1


def test_a_slow_generator_is_not_flooded(slow: tuple[LivePicture, SlowRunner], scene: CompiledScene) -> None:
    live, runner = slow
    for i in range(30):
        time_s = i / 30
        live.tick(Tick(i, time_s, 1 / 30), camera_at(scene, time_s, is_cut=i == 0), Direction(), "generated")
    assert len(runner.submitted) <= 2
    runner.answer()
    live.tick(Tick(30, 1.0, 1 / 30), camera_at(scene, 1.0), Direction(), "generated")
    assert live.frame is not None
    # The frame is a second old, and is seen from where the camera is now.
    turned_over = 255 - base_of(live).astype(int)
    now = np.abs(live.display.read() - turned_over).max(axis=2)
    as_it_came = np.abs(live.frame.image - turned_over).max(axis=2)
    assert live.frame.conditioning.tick.index == 0
    assert (now > 30).mean() < 0.6 * (as_it_came > 30).mean()


def test_a_cut_shows_nothing_of_the_shot_before(
    slow: tuple[LivePicture, SlowRunner], scene: CompiledScene
) -> None:
    live, runner = slow
    live.tick(Tick(0, 0.0, 0.0), camera_at(scene, 0.0, is_cut=True), Direction(), "generated")
    runner.answer()
    live.tick(Tick(1, 0.0, 0.03), camera_at(scene, 0.0), Direction(), "generated")
    assert frame_of(live) is not None
    live.tick(Tick(2, 3.0, 0.03), camera_at(scene, 3.0, is_cut=True), Direction(), "generated")
    assert frame_of(live) is None
    assert (live.display.read() == base_of(live)).all()
    assert runner.under_way is not None
    assert runner.under_way.tick.index == 2


def test_motion_comes_to_rest_with_the_camera(live: LivePicture, scene: CompiledScene) -> None:
    for i, time_s in enumerate((0.0, 0.5, 1.0)):
        camera = camera_at(scene, time_s, is_cut=i == 0)
        live.tick(Tick(i, 0.0, 0.1), camera, Direction(), "motion")
    assert np.frombuffer(live.passes["motion"].read(alignment=1), np.float16).any()
    for i in range(3, 6):
        live.tick(Tick(i, 0.0, 0.1), camera_at(scene, 1.0), Direction(), "motion")
    assert not np.frombuffer(live.passes["motion"].read(alignment=1), np.float16).any()


def test_no_motion_is_told_across_a_cut(gl: moderngl.Context, scene: CompiledScene) -> None:
    runner = SlowRunner()
    live = LivePicture(gl, scene, runner, frozenset({"motion"}), SIZE, SIZE, is_software=True)
    runner.phase = "loading"
    live.tick(Tick(0, 0.0, 0.0), camera_at(scene, 0.0, is_cut=True), Direction(), "generated")
    # Two are under way: the tick of the cut itself cannot be asked about, but the one after it.
    live.tick(Tick(1, 5.0, 0.1), camera_at(scene, 5.0, is_cut=True), Direction(), "generated")
    runner.phase = "running"
    live.tick(Tick(2, 5.0, 0.1), camera_at(scene, 5.0), Direction(prompt="other"), "generated")
    live.release()
    assert len(runner.submitted) > 1
    assert not runner.submitted[-1].maps["motion"].any()


def test_a_failed_generator_is_left_alone(slow: tuple[LivePicture, SlowRunner], scene: CompiledScene) -> None:
    live, runner = slow
    runner.phase = "failed"
    rig = FlyRig()
    state = rig.start(camera_at(scene, 0.0))
    for i in range(5):
        state = rig.step(state, FlyIntent(look_rate=(1.0, 0.0)), 0.1)
        live.tick(Tick(i, 0.0, 0.1), rig.camera(state, camera_at(scene, 0.0).lens), Direction(), "generated")
        assert (live.display.read() == base_of(live)).all()
    assert runner.submitted == []
    assert not math.isclose(state.yaw, 0.0)


@pytest.mark.parametrize("view", ["shadow", "noise", "motion"])
def test_views_of_maps_nobody_reads_are_drawn(live: LivePicture, scene: CompiledScene, view: str) -> None:
    for i in range(3):
        live.tick(Tick(i, i / 10, 0.1), camera_at(scene, i / 2, is_cut=i == 0), Direction(), view)
    raw = live.passes[view].read(alignment=1)
    assert len(set(raw)) > 1, "a map of one value has not been drawn"


def test_what_it_has_seen_is_what_the_picture_shows(live: LivePicture, scene: CompiledScene) -> None:
    assert live.seen() is None
    seen: list[Glimpse] = []
    for i in range(12):
        time_s = i / 6
        live.tick(Tick(i, time_s, 1 / 6), camera_at(scene, time_s, is_cut=i == 0), Direction(), "generated")
        now = live.seen()
        assert now is not None
        seen.append(Glimpse(live.display.read(), now))
    last = seen[-1].seen
    assert np.isinf(last.depth[last.object == 0]).all()
    assert (last.depth[last.object > 0] < 100).all()
    found = figures_of(seen[-3:], live.frame, None)
    assert found.warp_error is not None
    assert found.flicker is not None
    assert found.edge_recall is not None
    # Blocking has no texture that could boil; only what the small picture's pixels alias.
    assert found.warp_error < 0.02
    assert found.flicker < 0.03
    assert found.edge_recall > 0.4
    # Depths, ids and camera are of one tick: with another tick's camera surfaces would not be found again.
    first = seen[0].seen
    mistaken = Seen(first.depth, first.object, last.view, first.world_from_object)
    assert match(last, first).visible.mean() > 0.65
    assert match(last, mistaken).visible.mean() < match(last, first).visible.mean() - 0.1
    for i in range(12, 24):
        live.tick(Tick(i, 2.0, 1 / 6), camera_at(scene, 2.0), Direction(), "generated")
    now = live.seen()
    assert now is not None
    still = figures_of([Glimpse(live.display.read(), now)], live.frame, None)
    assert still.detail_kept == pytest.approx(1), "settled, the picture is the frame"


def test_meters_read_a_live_picture(live: LivePicture, scene: CompiledScene) -> None:
    meters = LiveMeters()
    meters.toggle()
    for i in range(60):
        time_s = i / 30
        camera = camera_at(scene, time_s, is_cut=i == 0)
        is_new = live.tick(Tick(i, time_s, 1 / 30), camera, Direction(), "generated")
        meters.tick(live, Tick(i, time_s, 1 / 30), is_new=is_new, is_cut=camera.is_cut)
    meters.close()
    readings = meters.readings
    assert readings.figures.warp_error is not None
    assert readings.figures.warp_error < 0.02
    assert readings.figures.edge_recall is not None
    assert readings.latency_ms is not None
    assert 0 < readings.latency_ms[0] <= readings.latency_ms[2]
