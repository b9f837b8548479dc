"""The dial and the rate, by their keys."""

from collections.abc import Callable

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]


def test_keys_turn_the_dial_and_ask_for_a_rate(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.wait(lambda state: state["settled"], "the first picture to settle")
    assert desk.state["frame_size"] == [256, 144]
    # The generator's process has seen none but the full size until now.
    for _ in range(2):
        desk.ask("press", key="page down")
    state = desk.wait(lambda state: state["frame_size"] == [128, 72], "a smaller still")
    assert state["quality"] == "balanced"
    assert any("balanced, 128 × 72" in notice for notice in state["notices"])
    assert state["stabiliser"] > 0.5, "the dial turns the stabiliser too"
    desk.ask("press", key="j")
    by_hand = desk.wait(lambda now: now["stabiliser"] > state["stabiliser"], "the stabiliser by hand")
    assert by_hand["stabiliser"] == 0.7
    desk.ask("press", key="page up")
    desk.wait(lambda now: now["stabiliser"] == 0.5, "the dial's again")
    desk.ask("press", key="page down")
    desk.ask("press", key="f2")
    state = desk.wait(lambda state: state["rate"] == 5.0, "a rate")
    assert any("5 generated pictures a second" in notice for notice in state["notices"])
    desk.ask("press", key="m")
    desk.wait(lambda state: (state["frame_tick"] or 0) > state["ticks"] - 60, "pictures of a move")
    for _ in range(2):
        desk.ask("press", key="page up")
    desk.wait(lambda state: state["frame_size"] == [256, 144], "the full size again")
    assert desk.close()["take"] is None
