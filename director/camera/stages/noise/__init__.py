"""Noise: shake laid over the camera."""

__all__: list[str] = []
