"""The parameters between words and pictures: what a text is understood as, and what the network sees.

The text model turns a scene prompt into a scene look and an object prompt into a material; the teacher
renderer draws pictures from the same numbers, and the network learns to draw what the teacher draws. All
values lie in 0..1. Colours are sRGB. Patterns have their natural size on every material: they are drawn
from the structure map (shaders/structure.glsl), which is made before any material is known.
"""

from typing import Final

__all__ = ["MATERIAL", "MATERIAL_DEFAULT", "SCENE", "SCENE_DEFAULT"]

# name → neutral value: what a parameter is when nothing was said of it.
SCENE_DEFAULT: Final[dict[str, float]] = {
    # direct light of the sun or the moon: colour, and strength (linear, 1 = four times a grey day's sky)
    "sun_red": 1.0,
    "sun_green": 0.95,
    "sun_blue": 0.88,
    "sun_strength": 0.55,
    # the sky: colour overhead and at the horizon, and how much light it gives to surfaces
    "zenith_red": 0.36,
    "zenith_green": 0.54,
    "zenith_blue": 0.80,
    "horizon_red": 0.74,
    "horizon_green": 0.82,
    "horizon_blue": 0.90,
    "sky_strength": 0.50,
    "clouds": 0.35,
    "stars": 0.0,
    # fog or haze: colour, and density (0 = none; 1 = ten metres hide everything)
    "fog_red": 0.74,
    "fog_green": 0.80,
    "fog_blue": 0.86,
    "fog_density": 0.12,
    # what weather and place lay on surfaces
    "wet": 0.0,
    "snow": 0.0,
    "place_red": 0.45,  # sand, dust, moss, ash …: moves the defaults of objects without a prompt
    "place_green": 0.43,
    "place_blue": 0.40,
    "place_amount": 0.0,
    # lamps, lit windows and everything that glows: how brightly, and the halo about it
    "lamps": 0.35,
    "glow": 0.25,
    # the grade: 0.5 is neutral for all of these but `age`
    "exposure": 0.5,
    "contrast": 0.5,
    "saturation": 0.5,
    "shadow_red": 0.5,
    "shadow_green": 0.5,
    "shadow_blue": 0.5,
    "light_red": 0.5,
    "light_green": 0.5,
    "light_blue": 0.5,
    "age": 0.0,  # faded blacks, warm whites: old film, old paper
    # how it is drawn: 0 = a photograph
    "ink": 0.0,  # drawn outlines
    "flat": 0.0,  # light in few flat steps: cel, poster, comic
    "brush": 0.0,  # colour in strokes that follow the surface: oil, gouache
    "paper": 0.0,  # white paper shows through: watercolour, pencil
}

MATERIAL_DEFAULT: Final[dict[str, float]] = {
    # two colours, sRGB, and what mixes them
    "first_red": 0.55,
    "first_green": 0.53,
    "first_blue": 0.50,
    "second_red": 0.42,
    "second_green": 0.40,
    "second_blue": 0.38,
    "brick": 0.0,  # courses of brick or block; the second colour is the joint
    "planks": 0.0,  # boards with grain
    "tiles": 0.0,  # square tiles, paving
    "weave": 0.0,  # cloth: fine threads and soft folds
    "stripes": 0.0,
    "blotches": 0.3,  # large stains: plaster, stone, moss, rust
    "veins": 0.0,  # marble, cracked earth
    "leaves": 0.0,  # foliage, grass, fur: fine and clumped
    "grain": 0.3,  # fine speckle: sand, asphalt, concrete
    "windows": 0.0,  # panes in a facade
    "lit": 0.0,  # share of panes that are lit
    # how it takes light
    "gloss": 0.15,  # 0 = matt, 1 = polished
    "metal": 0.0,
    "emission": 0.0,  # glows in its first colour
    "wear": 0.2,  # dirt and chipped edges
    # for people only, whose first colour is what they wear above the waist and second below it
    "skin": 0.3,  # 0 = palest, 1 = darkest
    "hair": 0.3,  # 0 = black, 0.3 = brown, 0.65 = fair, 1 = white
}

SCENE: Final[tuple[str, ...]] = tuple(SCENE_DEFAULT)
MATERIAL: Final[tuple[str, ...]] = tuple(MATERIAL_DEFAULT)
