"""Pictures that build upon each other, drawn by several workers: each as one machine would draw it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import GeneratorError
from director.generate.backends.proxy import Proxy
from director.generate.protocol import GeneratorSettings
from director.generate.remote.pool import WorkerLost
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take import drawing
from director.take.ahead import Ahead, Source, Stretch
from director.take.kept_pictures import KeptPictures
from director.take.replay import Replay, Wanted
from director.types import Conditioning, Direction, GeneratedFrame, Tick

_SIZE = (48, 27)


class Remembering(Proxy):
    """Draws the blocking over half of the picture before, and how everything has moved since: what depends on
    a history, and on the tick before."""

    maps = frozenset({"base", "motion"})
    independent = False

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings)
        self.before: NDArray[np.uint8] | None = None

    def generate(self, conditioning: Conditioning) -> GeneratedFrame:
        drawn = super().generate(conditioning)
        image = drawn.image if self.before is None else drawn.image // 2 + self.before // 2
        self.before = image
        moved = np.abs(conditioning.maps["motion"].astype(np.float32)).sum(-1, keepdims=True)
        return replace(drawn, image=image ^ np.minimum(moved * 4000, 255).astype(np.uint8))

    def reset(self) -> None:
        self.before = None


class _Pool:
    """Workers in this process, whose pictures are there when they are asked for. `dies` is told how many have
    been asked of a worker, and says whether it dies of the next."""

    def __init__(self, count: int, dies: Callable[[int, int], bool] = lambda worker, asked: False) -> None:
        self.workers = [Remembering(GeneratorSettings()) for _ in range(count)]
        self.asked = [0] * count
        self.shots: list[int | None] = [None] * count
        self.dies = dies

    @property
    def ready(self) -> tuple[int, ...]:
        return tuple(range(len(self.workers)))

    def begin_in_order(self, conditioning: Conditioning, worker: int, shot: int) -> "Future[GeneratedFrame]":
        future: Future[GeneratedFrame] = Future()
        self.asked[worker] += 1
        if self.dies(worker, self.asked[worker]):
            self.workers[worker] = Remembering(GeneratorSettings())
            future.set_exception(WorkerLost())
            return future
        if self.shots[worker] != shot:
            self.workers[worker].reset()
            self.shots[worker] = shot
        future.set_result(self.workers[worker].generate(conditioning))
        return future

    def wait_for_worker(self, seconds: float) -> None:
        raise AssertionError("all are ready")


def _wanted(compiled: CompiledScene, begins: tuple[int, ...], count: int = 9) -> list[Wanted]:
    move = compiled.scene.moves[0]
    return [
        Wanted(
            tick := Tick(n, n / 8, 0.125 if n else 0.0),
            move.camera_at(tick.time_s, compiled.locate),
            Direction(),
            _SIZE,
            n in begins,
        )
        for n in range(count)
    ]


@pytest.fixture
def compiled() -> CompiledScene:
    return CompiledScene(load_scene("desert_road"))


@pytest.fixture
def alone(
    gl: moderngl.Context, compiled: CompiledScene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[bytes]:
    """What one machine draws, with a history from cut to cut."""
    monkeypatch.setattr(drawing, "generator", lambda name: Remembering)
    made = Replay(gl, compiled, _SIZE, "remembering", GeneratorSettings(), lambda share, words: None)
    try:
        wanted = _wanted(compiled, (0, 3, 5))
        drawn = [one.frame.image.tobytes() for one in made.pictures(wanted, KeptPictures(tmp_path / "alone"))]
    finally:
        made.close()
    assert len(set(drawn)) == 9
    return drawn


def _drawn(
    gl: moderngl.Context, compiled: CompiledScene, pool: _Pool, folder: Path, heard: Callable[[int], None]
) -> list[bytes]:
    source = Source(compiled, _wanted(compiled, (0, 3, 5)), Remembering.maps)
    kept = KeptPictures(folder)
    ahead = Ahead(gl, pool, heard)  # type: ignore[arg-type]
    try:
        ahead.draw([Stretch(source, *ends, kept) for ends in ((0, 3), (3, 5), (5, 9))])
    finally:
        source.release()
    return [np.asarray(found[0]).tobytes() for n in range(9) if (found := kept.load(n)) is not None]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_stretches_are_drawn_as_one_machine_draws_them(
    gl: moderngl.Context, compiled: CompiledScene, alone: list[bytes], tmp_path: Path, count: int
) -> None:
    told: list[int] = []
    pool = _Pool(count)
    assert _drawn(gl, compiled, pool, tmp_path / "kept", told.append) == alone
    assert told[-1] == 9
    assert sum(pool.asked) == 9
    assert all(pool.asked)


def test_a_stretch_whose_worker_dies_is_drawn_again_alone(
    gl: moderngl.Context, compiled: CompiledScene, alone: list[bytes], tmp_path: Path
) -> None:
    pool = _Pool(2, lambda worker, asked: worker == 0 and asked == 3)
    assert _drawn(gl, compiled, pool, tmp_path / "kept", lambda come: None) == alone
    # The longest stretch was the first worker's: two of its pictures came, and one died with it.
    assert sum(pool.asked) == 9 + 3


def test_a_stretch_that_no_worker_survives_is_given_up(
    gl: moderngl.Context, compiled: CompiledScene, tmp_path: Path
) -> None:
    pool = _Pool(1, lambda worker, asked: True)
    with pytest.raises(GeneratorError, match="3 workers died over pictures 5 to 8"):
        _drawn(gl, compiled, pool, tmp_path / "kept", lambda come: None)
