"""How far the director has turned something up just now: a setting of the direction's look, by name."""

from typing import Final

from director.types import Direction

__all__ = ["CONTROL", "LORA", "REFERENCE", "level"]

CONTROL: Final = "control-"
"""Before the name of a control: how much it counts, 0 to 2."""
REFERENCE: Final = "reference"
"""How much reference pictures count, 0 to 2."""
LORA: Final = "lora-"
"""Before the name of a LoRA: how much of it is put in, −2 to 2."""


def level(direction: Direction, name: str, usual: float, least: float, most: float) -> float:
    """Between what it was and what it is to be, where a change takes its time."""
    here = min(max(float(direction.look.get(name, usual)), least), most)
    if direction.leaving is None or direction.arrived >= 1.0:
        return here
    there = level(direction.leaving, name, usual, least, most)
    return there + direction.arrived * (here - there)
