"""Singles of two who talk keep to one side of the line between them."""

import math

import numpy as np
import pytest

from director.camera.setups.body import Blocking
from director.camera.setups.shot import Shot
from director.camera.setups.solve import solve
from director.camera.setups.suggest import side_kept
from tests.unit.camera.setups.conftest import Stand


@pytest.mark.parametrize("turn", np.linspace(-3.0, 3.0, 9))
@pytest.mark.parametrize("apart_m", [0.8, 2.5])
def test_both_singles_are_taken_from_one_side_of_the_line(stand: Stand, turn: float, apart_m: float) -> None:
    ahead = np.array([math.sin(turn), 0.0, math.cos(turn)])
    x, _, z = (float(value) for value in ahead * apart_m)
    blocking = Blocking(
        {"anna": stand("anna", heading=turn), "ben": stand("ben", (x, 0.0, z), turn + math.pi)}, {}
    )
    across = np.array([ahead[2], 0.0, -ahead[0]])
    sides = []
    for name in ("anna", "ben"):
        side = side_kept(name, blocking)
        assert side in ("three-quarter left", "three-quarter right")
        camera = solve(Shot("single", (name,), "close-up", side=side), blocking).camera
        sides.append(float(across @ np.subtract(camera.position, blocking.bodies[name].eyes)))
    # And so do the two together.
    both = solve(Shot("group", ("anna", "ben"), "medium"), blocking).camera
    sides.append(float(across @ np.subtract(both.position, blocking.bodies["anna"].eyes)))
    assert sides[0] * sides[1] > 0
    assert sides[0] * sides[2] > 0
    assert min(map(abs, sides)) > 0.1


@pytest.mark.parametrize("far_m", [9.0, 30.0])
def test_who_is_alone_or_no_figure_has_no_side_to_keep(stand: Stand, far_m: float) -> None:
    blocking = Blocking({"anna": stand("anna"), "ben": stand("ben", (0.0, 0.0, far_m))}, {})
    assert side_kept("anna", blocking) is None
    assert side_kept("cup", blocking) is None
