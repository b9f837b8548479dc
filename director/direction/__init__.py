"""What the director asks for: prompts, per object and for the scene, at a time."""

from director.direction.evaluate import direction_at, named_object, parse_object_prompt

__all__ = ["direction_at", "named_object", "parse_object_prompt"]
