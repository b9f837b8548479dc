import pytest

from director.cli.bench import spread, suite, suite_names


def test_there_are_the_suites_that_were_promised() -> None:
    assert {"passes", "generator", "loop"} <= set(suite_names())
    for name in suite_names():
        assert suite(name).summary


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0], (5.0, 5.0, 5.0)),
        (list(range(1, 101)), (50, 95, 99)),
        (list(range(200, 0, -1)), (100, 190, 198)),
        ([1.0, 2.0, 3.0, 100.0], (2.0, 100.0, 100.0)),
    ],
)
def test_quantiles_are_values_that_were_measured(values: list[float], expected: tuple[float, ...]) -> None:
    found = spread("tick", "ms", values, (50, 95, 99))
    assert found == dict(zip(("tick_p50_ms", "tick_p95_ms", "tick_p99_ms"), expected, strict=True))
