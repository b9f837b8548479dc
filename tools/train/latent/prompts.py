"""The scene prompts that the tiny latent model is trained with."""

from typing import Final

__all__ = ["PROMPTS"]

PROMPTS: Final[tuple[str, ...]] = (
    "bright summer noon",
    "golden hour",
    "red sunset",
    "overcast day",
    "thick fog",
    "moonlit night",
    "night with warm lamps",
    "snowy morning",
    "rainy evening",
    "blue hour",
    "desert heat",
    "film noir",
    # The shipped scenes' own.
    "desert road at golden hour",
    "cosy living room, warm evening light",
    "rainy neon alley at night",
)
