"""The live meters, by their key."""

from collections.abc import Callable
from pathlib import Path

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]


def test_a_key_shows_meters_and_hides_them(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk("embedded", scene="living_room")
    assert desk.state["meters"] is None
    for key in ("f5", "f2", "m"):
        desk.ask("press", key=key)
    state = desk.wait(
        lambda state: state["meters"] and None not in state["meters"].values(), "every meter to know"
    )
    meters = state["meters"]
    assert 0 < meters["warp_error"] < 0.1
    assert 0 < meters["flicker"] < 0.1
    assert 0.2 < meters["detail_kept"] < 2
    assert 0 < meters["edge_recall"] <= 1
    assert 0 <= meters["edge_offset_px"] <= 2
    p50, p95, p99 = meters["latency_ms"]
    assert 0 < p50 <= p95 <= p99
    assert meters["rate"] == 5.0
    desk.ask("screenshot", path=str(tmp_path / "meters.png"))
    desk.ask("press", key="f5")
    desk.wait(lambda state: state["meters"] is None, "the meters to go")
    assert desk.close()["take"] is None
