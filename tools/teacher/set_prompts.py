"""What a director might say of the things in a random set: short prompts by class, drawn by chance.

They serve the pictures that are looked at. The data set samples materials by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

__all__ = ["prompt_for"]

_WHO: Final = ("woman", "man", "girl", "boy", "old man", "old woman", "young woman", "young man", "worker")
_COLOURS: Final = (
    "red", "crimson", "orange", "mustard yellow", "yellow", "green", "dark green", "teal", "turquoise",
    "sky blue", "navy blue", "purple", "pink", "white", "cream", "grey", "black", "brown", "beige",
)  # fmt: skip
_WORN: Final = ("coat", "dress", "jacket", "suit", "sweater", "shirt", "raincoat", "cardigan", "hoodie")
_CLASSES: Final[Mapping[str, Sequence[str]]] = {
    "building": (
        "red brick", "white stucco", "yellow plaster", "grey concrete", "sandstone", "pale blue plaster",
        "dark brick", "pink stucco", "ochre plaster", "green tiles", "old stone", "cream stucco",
    ),
    "house": (
        "white painted wood", "red painted planks", "yellow plaster", "brick cottage", "fieldstone",
        "blue painted wood", "whitewashed", "terracotta plaster", "log cabin",
    ),
    "skyscraper": ("glass and steel", "white concrete", "bronze glass", "dark glass", "art deco sandstone"),
    "tower": ("old stone", "brick", "white concrete", "rusty steel"),
    "wall": ("white plaster", "brick", "wood panelling", "green wallpaper", "striped wallpaper", "concrete",
             "terracotta plaster", "pale blue plaster", "stone"),
    "car": ("red car", "navy blue car", "yellow taxi", "white car", "dark green car", "black limousine",
            "silver car", "orange car", "turquoise car", "rusty old car"),
    "van": ("white van", "blue van", "yellow delivery van", "rusty van", "red van"),
    "bus": ("red bus", "yellow school bus", "blue and white bus", "green bus"),
    "truck": ("red truck", "blue truck", "rusty truck", "white truck", "yellow truck"),
    "boat": ("white boat", "red wooden boat", "blue fishing boat", "old wooden boat", "green boat"),
    "ship": ("white ship", "rusty ship", "black and red ship", "blue ship"),
    "sofa": ("green velvet", "brown leather", "grey wool", "mustard velvet", "blue linen", "red velvet"),
    "armchair": ("green velvet", "brown leather", "orange wool", "striped linen", "pink velvet"),
    "bed": ("white linen", "blue striped linen", "grey wool", "red blanket", "green linen"),
    "table": ("oak", "walnut", "white marble", "painted white", "glass", "dark wood"),
    "desk": ("oak", "walnut", "white", "steel"),
    "chair": ("oak", "red painted wood", "black plastic", "wicker", "blue painted wood"),
    "bookcase": ("oak", "white", "dark mahogany", "walnut"),
    "cabinet": ("oak", "painted green", "white", "painted blue", "walnut"),
    "counter": ("white marble", "oak", "dark granite", "green tiles", "copper"),
    "rug": ("red persian", "blue and white", "grey wool", "green", "orange stripes"),
    "curtain": ("red velvet", "white linen", "green velvet", "blue velvet", "golden silk", "purple velvet"),
    "painting": ("oil painting", "blue abstract", "red and yellow", "old portrait"),
    "awning": ("red and white stripes", "green canvas", "blue stripes", "yellow canvas", "orange canvas"),
    "tent": ("white canvas", "red and white stripes", "green canvas", "orange nylon"),
    "signboard": ("glowing pink neon", "glowing blue neon", "painted red", "painted green", "yellow metal",
                  "glowing green neon", "white enamel"),
    "sculpture": ("gold", "bronze", "white marble", "green patina", "chrome", "red lacquer", "black granite"),
    "vase": ("blue porcelain", "green glass", "terracotta", "white porcelain", "gold", "red lacquer"),
    "ball": ("red", "yellow", "blue and white stripes", "chrome", "orange"),
    "column": ("white marble", "sandstone", "red granite", "concrete", "green marble"),
    "box": ("wooden crate", "cardboard", "blue steel", "red plastic", "green metal"),
    "barrel": ("rusty", "oak", "blue steel", "yellow plastic", "red steel"),
    "tree": ("green oak", "autumn red", "golden autumn", "dark fir", "cherry blossom", "fresh green"),
    "plant": ("green leaves", "dark green", "purple leaves", "red flowers"),
    "flower": ("red roses", "yellow tulips", "blue", "white lilies", "pink"),
    "mountain": ("red rock", "grey rock", "snow", "green slopes", "sandstone"),
    "hill": ("green grass", "dry grass", "heather", "dark forest"),
    "rock": ("grey granite", "red sandstone", "mossy", "black basalt"),
    "road": ("asphalt", "cobblestone", "wet asphalt", "dirt"),
    "sidewalk": ("paving stones", "concrete slabs", "red brick paving", "granite"),
    "floor": ("oak boards", "black and white tiles", "terracotta tiles", "marble", "concrete", "parquet"),
    "door": ("painted red", "oak", "painted blue", "painted green", "rusty steel"),
    "fountain": ("stone", "white marble", "bronze"),
    "bench": ("oak", "green painted wood", "stone", "iron"),
    "fence": ("white painted wood", "rusty iron", "dark wood"),
    "stage": ("dark wood", "black", "oak boards"),
    "flag": ("red", "blue and white", "yellow", "green"),
    "refrigerator": ("white", "steel", "red enamel", "mint green"),
    "stove": ("white enamel", "steel", "black iron"),
    "basket": ("wicker", "red plastic"),
    "food": ("oranges", "green apples", "red tomatoes", "lemons", "bread"),
    "cushion": ("red velvet", "mustard", "blue", "striped"),
    "bottle": ("green glass", "brown glass", "blue glass"),
}  # fmt: skip


def prompt_for(class_name: str, random: np.random.Generator) -> str:
    """A prompt for a thing of this class; empty where the class says enough."""
    if class_name == "person":
        colour, worn, who = random.choice(_COLOURS), random.choice(_WORN), random.choice(_WHO)
        return f"{who} in a {colour} {worn}"
    options = _CLASSES.get(class_name)
    return str(random.choice(options)) if options else ""
