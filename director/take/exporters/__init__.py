"""The family of exporters: what hands a take to another program, one format a file."""

from director.family import member_names

__all__ = ["exporter_names"]


def exporter_names() -> tuple[str, ...]:
    """In alphabetical order; there may be none. Imports none of them."""
    return member_names(__path__)
