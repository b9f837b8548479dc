"""Aim stages: what turns the camera."""

__all__: list[str] = []
