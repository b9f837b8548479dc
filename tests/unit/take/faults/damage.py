"""What was done to a take."""

from dataclasses import dataclass

__all__ = ["Damage"]


@dataclass(frozen=True)
class Damage:
    """What was done to a take, in words. `leads_out`: whoever reads it all the same has read outside."""

    words: str
    leads_out: bool = False
