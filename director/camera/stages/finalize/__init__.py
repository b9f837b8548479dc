"""Finalize stages: constraints on the pose and on the lens."""

__all__: list[str] = []
