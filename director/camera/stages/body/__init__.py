"""Body stages: what carries the camera."""

__all__: list[str] = []
