"""The root finder against functions whose root is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.setups.crossing import crossing


@given(st.floats(-2, 2), st.floats(0.2, 5))
def test_finds_where_a_bent_function_falls_through_zero(root: float, bend: float) -> None:
    def falling(x: float) -> float:
        return math.exp(-bend * x) - math.exp(-bend * root)

    assert crossing(falling, -3.0, 3.0) == pytest.approx(root, abs=1e-6)


def test_gives_the_end_where_nothing_crosses() -> None:
    assert crossing(lambda x: 5 - x, 0.0, 1.0) == 1.0
    assert crossing(lambda x: -5 - x, 0.0, 1.0) == 0.0
