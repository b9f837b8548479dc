"""What of a picture a change is said to have changed."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from director.app.exploring import compare
from director.meters.surfaces import Seen
from director.types import View

NAMES = {0: "sky", 1: "wall", 2: "sofa"}


@dataclass(frozen=True)
class Set:
    picture: NDArray[np.uint8]
    seen: Seen


@pytest.fixture
def standing() -> Set:
    """A wall with a sofa before it, from a camera that stands."""
    ids = np.ones((36, 64), np.uint16)
    ids[20:, 16:48] = 2
    still = np.eye(4)
    seen = Seen(
        np.full(ids.shape, 3.0, np.float32),
        ids,
        View(still, still, still, 0.1, 100.0),
        np.stack([np.eye(4, dtype=np.float32)] * 2),
    )
    picture = np.random.default_rng(1).integers(60, 190, (36, 64, 3), np.uint8)
    return Set(picture, seen)


def test_what_was_recoloured_is_lost_and_all_else_is_held(standing: Set) -> None:
    after = standing.picture.copy()
    after[standing.seen.object == 2] = (180, 20, 30)
    found = compare(standing.picture, after, standing.seen, standing.seen, NAMES, ("sofa",))
    assert found.objects["wall"].hold == pytest.approx(1.0, abs=1e-3)
    assert found.objects["sofa"].hold < 0.2
    assert found.share_on_object == pytest.approx(1.0)
    assert found.hold is not None
    assert 0.2 < found.hold < 1
    on, off = (found.heat[standing.seen.object == i].mean() for i in (2, 1))
    assert on > off + 60


def test_nothing_changed_is_everything_held(standing: Set) -> None:
    found = compare(standing.picture, standing.picture, standing.seen, standing.seen, NAMES)
    assert {round(hold.hold, 3) for hold in found.objects.values()} == {1.0}
    assert found.share_on_object is None
    assert len(np.unique(found.heat.reshape(-1, 3), axis=0)) == 1


def test_from_another_camera_only_what_both_see_is_compared(standing: Set) -> None:
    view = standing.seen.view
    moved = View(
        np.diag([1.0, 1, 1, 1]) + np.eye(4, k=3) * 50, view.clip_from_view, view.clip_from_view, 0.1, 100
    )
    found = compare(
        standing.picture,
        standing.picture,
        standing.seen,
        replace(standing.seen, view=moved),
        NAMES,
        ("sofa",),
    )
    assert found.share_on_object is None
    assert "sofa" not in found.objects
