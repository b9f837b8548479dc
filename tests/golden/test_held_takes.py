"""Takes with held surfaces: as they were first generated, each time the same, and nothing else is touched."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import UsageError
from director.scene.finish.finished import PIECES
from director.scene.load import load_scene
from director.take.stage import Request, Stage

_FRAMES = 4


def _request(*holds: str) -> Request:
    return Request(load_scene("living_room"), width=160, height=90, fps=Fraction(2), holds=holds)


def _silent(share: float, words: str) -> None:
    pass


def _frames(*holds: str) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.int32]], frozenset[int]]:
    with Stage(_request(*holds), _silent) as stage:
        staged = list(stage.frames([stage.tick(index) for index in range(_FRAMES)]))
        locks = stage.direction(0.0).locks
    maps = [frame.generated.conditioning.maps for frame in staged]
    return [frame.picture for frame in staged], [_objects(found) for found in maps], locks


def _objects(maps: Mapping[str, NDArray[Any]]) -> NDArray[np.int32]:
    """int32[h, w]: the ids of the objects whose pieces are seen; sky 0."""
    owners: NDArray[np.int32] = np.append(np.int32(0), maps[PIECES][:, 0])[maps["finished-object"]]
    return owners


def _apart(a: Sequence[NDArray[np.uint8]], b: Sequence[NDArray[np.uint8]]) -> NDArray[np.int64]:
    apart: NDArray[np.int64] = np.abs(np.stack(a).astype(np.int64) - np.stack(b)).max(axis=-1)
    return apart


def test_what_is_held_is_carried_from_the_first_frame_and_the_rest_generated() -> None:
    free, ids, _ = _frames()
    held, _, locks = _frames("class:sofa", "rug")
    again, _, _ = _frames("class:sofa", "rug")
    assert len(locks) > 1
    assert not _apart(held, again).any()
    apart, mine = _apart(held, free), np.isin(np.stack(ids), list(locks))
    assert mine.sum() > 1000
    # The first frame is where it is taken from; later ones show it, seen from elsewhere.
    assert apart[0][mine[0]].mean() < 1
    assert apart[-1][mine[-1]].mean() > 2 * apart[-1][~mine[-1]].mean()
    assert apart[-1][~mine[-1]].mean() < 1


def test_what_there_is_not_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(UsageError, match="no object of this class"):
        Stage(_request("class:spaceship"), _silent)
