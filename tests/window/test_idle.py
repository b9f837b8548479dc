"""A viewport at rest, and what wakes it."""

import time
from collections.abc import Callable

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]


def test_a_viewport_at_rest_wakes_to_every_key_and_stays_sound(open_desk: OpenDesk) -> None:
    desk = open_desk()
    # The ride of the set's first move ends in rest; a key of flight would only begin another motion.
    desk.ask("press", key="space")
    desk.wait(lambda state: state["settled"] and not state["is_playing"], "rest")
    views = ["2", "3"]
    for i in range(40):
        # Longer than it takes to count as idle every few keys, at once for the others.
        time.sleep(0.5 if i % 8 == 0 else 0.02)
        desk.ask("press", key=views[i % 2])
    desk.wait(lambda state: state["view"] == "side-by-side", "the last key's view")
    assert desk.ticks(10)["view"] == "side-by-side"
    assert desk.close()["take"] is None
