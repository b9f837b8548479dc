"""Every map on demand keeps the same promises."""

from typing import Any

import numpy as np
import pytest

from director.passes.conditioner import Conditioner
from director.passes.gbuffer import TARGETS
from director.passes.maps import map_class, map_names
from director.types import Conditioning, Direction, Lamp, Tick
from tests.golden.blocking_sets import TestSet, camera, random_set
from tests.golden.figures import with_figure

# What `Conditioning` says of each: dtype and channels (0: no last axis; None: the map's own affair).
PROMISED: dict[str, tuple[type[np.generic], int | None]] = {
    "shadow": (np.uint8, 0),
    "shelter": (np.uint8, 0),
    "lamplight": (np.float16, 3),
    "noise": (np.float16, 4),
    "structure": (np.uint8, None),
    "edges": (np.uint8, 0),
    "pose": (np.uint8, 3),
}
SIZE = (75, 43)  # odd, so that no row ends on a round number of bytes
PLACE = camera((0.3, 1.7, 8.0), 0.1, -0.1)


def subject() -> TestSet:
    made = random_set(31)
    return with_figure(
        TestSet(made.things, (Lamp(2, (0.0, 3.0, 1.0), (1.0, 0.6, 0.2), 3.0),)), (0.5, 0.6, 4.5)
    )


def shoot(gl: Any, maps: frozenset[str], seed: int = 5, ticks: int = 1) -> Conditioning:
    conditioner = Conditioner(gl, subject(), *SIZE, maps)
    for i in range(ticks):
        conditioner.draw(Tick(i, 0.2, 0.0), PLACE, Direction(seed=seed))
        taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def test_the_maps_that_conditionings_document_are_all_there() -> None:
    assert set(map_names()) >= set(PROMISED)


@pytest.mark.parametrize("name", map_names())
def test_a_map_declares_itself(name: str) -> None:
    kind = map_class(name)
    assert kind.name == name
    assert name not in TARGETS
    assert kind.reads
    assert kind.reads <= TARGETS.keys()
    assert (kind.__doc__ or "").strip()


@pytest.mark.parametrize("name", map_names())
def test_a_map_has_the_promised_type_shape_and_finite_values(gl: Any, name: str) -> None:
    array = shoot(gl, frozenset({name})).maps[name]
    kind = map_class(name)
    dtype, channels = PROMISED.get(name, (kind.dtype, None))
    assert array.dtype == dtype
    if channels is None:
        channels = 0 if kind.channels == 1 else kind.channels
    assert array.shape == ((43, 75, channels) if channels else (43, 75))
    assert np.isfinite(array.astype(np.float64)).all()
    assert array.astype(np.float64).std() > 0, "a map of one value says nothing"


@pytest.mark.parametrize("name", map_names())
def test_a_map_is_the_same_bytes_every_time(gl: Any, name: str) -> None:
    first = shoot(gl, frozenset({name})).maps[name].tobytes()
    assert shoot(gl, frozenset({name})).maps[name].tobytes() == first
    # What was drawn before, and what else is drawn, changes nothing.
    everything = frozenset({*map_names(), *TARGETS})
    assert shoot(gl, everything, ticks=3).maps[name].tobytes() == first


@pytest.mark.parametrize("name", map_names())
def test_a_map_leaves_the_targets_and_the_window_alone(gl: Any, name: str) -> None:
    alone = shoot(gl, frozenset(TARGETS), ticks=2).maps
    beside = shoot(gl, frozenset({*TARGETS, name}), ticks=2).maps
    for target in TARGETS:
        assert alone[target].tobytes() == beside[target].tobytes()
