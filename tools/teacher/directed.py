"""From prompts to what the teacher draws from, by the way a user's prompts go."""

from collections.abc import Mapping
from functools import cache

from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.direction_look import Directed, Interpreter
from director.generate.embedded.text import TextUnderstanding
from director.scene.state import SceneState
from director.types import Conditioning, Direction, Tick, View

__all__ = ["directed"]


@cache
def _interpreter() -> Interpreter:
    return Interpreter(TextUnderstanding.load(WEIGHTS / "text"))


def directed(
    state: SceneState, view: View, prompt: str, object_prompts: Mapping[int, str] | None = None
) -> Directed:
    """The look and the objects' materials that a scene prompt and the objects' own prompts ask for."""
    direction = Direction(prompt, object_prompts or {})
    tick = Tick(0, state.time_s, 0.0)
    return _interpreter().directed(
        Conditioning(tick, view, {}, direction, state.objects, state.sun_direction, state.lamps)
    )
