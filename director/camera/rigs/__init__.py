"""The family of rigs: what carries a camera that is driven by hand, one rig a file."""

from director.family import member_names

__all__ = ["rig_names"]


def rig_names() -> tuple[str, ...]:
    """In alphabetical order. Imports none of them."""
    return member_names(__path__)
