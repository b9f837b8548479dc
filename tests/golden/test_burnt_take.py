"""A take with slate and timecode burnt in: in the corners, running on where the picture stands still."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import moderngl
import numpy as np
import pytest

from director.app.session import Session, SessionSettings
from director.camera.rigs.fly import FlyIntent
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings
from director.scene.load import load_scene
from director.take.stored import open_take

_SIZE = (256, 144)


@pytest.fixture
def session(gl: moderngl.Context, tmp_path: Path) -> Iterator[Session]:
    runner = InlineRunner(generator("proxy")(GeneratorSettings()))
    settings = SessionSettings(
        "proxy", frozenset({"base"}), _SIZE, _SIZE, tmp_path, Fraction(24), stabiliser=0.0
    )
    made = Session(gl, load_scene("living_room"), runner, settings)
    yield made
    made.close()


def _taken(session: Session) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    for _ in range(3):
        session.tick(FlyIntent(), 1 / 24)
    session.act("record")
    for _ in range(30):
        session.tick(FlyIntent(), 1 / 24)
    take = session.close()
    assert take is not None
    return list(open_take(take.folder).pictures())


def test_the_timecode_runs_on_where_the_picture_stands_still(session: Session) -> None:
    session.act("burn-in")
    pictures = _taken(session)
    assert len(pictures) >= 25
    first, last = pictures[3].astype(int), pictures[-3].astype(int)
    changed = np.abs(first - last).max(-1) > 40
    rows, columns = np.nonzero(changed)
    # At the foot, left and right: timecode and frame; nothing else moves.
    assert len(rows) > 10
    assert rows.min() > _SIZE[1] * 0.8
    assert ((columns < _SIZE[0] * 0.4) | (columns > _SIZE[0] * 0.7)).all()
    # The slate stands at the top left, light on dark.
    corner = first[6:18, 12:70]
    assert corner.max() > 200


def test_without_it_the_film_is_clean(session: Session) -> None:
    pictures = _taken(session)
    gap = np.abs(pictures[3].astype(int) - pictures[-3].astype(int))
    assert gap.max() < 40
