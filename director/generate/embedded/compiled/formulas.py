"""The generator's formulas as kernels: what each reads of a picture, and where it puts what it finds."""

import math
from typing import Any, Final, cast

from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere
from director.generate.embedded.clouds import NOISE, STARS, STEPS, Colours, Sky, sky_seen, towards_sun
from director.generate.embedded.compiled.source import kernel_source
from director.generate.embedded.compiled.symbols import Argument, Program, Symbols
from director.generate.embedded.features import (
    FACING,
    HALF_FOURTH,
    LIT,
    MIRRORED_UP,
    OPEN,
    STRUCTURE,
    UP,
    of_pixels,
)
from director.generate.embedded.look import SCENE
from director.generate.embedded.people import dressed
from director.generate.embedded.shading import OBJECT, PERSON, SAYS, shaded
from director.generate.embedded.shine import Reflecting, reflected

__all__ = [
    "AIR",
    "SHADED",
    "halo_source",
    "pixels_source",
    "places_source",
    "shading_source",
    "shining_source",
    "sky_source",
]

AIR: Final = {"lights": (1, 2, 3), "fill": (1, 3, 1, 1), "seen": (1, 5, 3), "place": (1, 3, 1, 1)} | {
    "lamps": (1, 1, 1),
    "rooms": (1, 1, 1),
    "glare": (1, 1, 1, 1),
    "haze": (1, 1, 1),
}
"""Shapes of an Atmosphere of one look; the kernel reads them one after the other, and the look after them."""
SHADED: Final = {"light": 3, "colour": 3, "mirrored": 1, "clear": 1, "hidden": 1, "pane": 1}
"""Planes that the shading kernel makes, one after the other."""

_ONE_PIXEL: Final = (1, 1)
_FEATURE: Final = "lay(features, p + np.uint64({}) * n, ONE)"
_LIT: Final = "lay(lit, p + np.uint64({}) * n, ONE)"
_CHANNEL: Final = "lay(structure, p * np.uint64(16) + np.uint64({}), np.uint64(16))"
_CHANNELS: Final = "lay(structure, p * np.uint64(16) + np.uint64(k), np.uint64(16))"


def pixels_source(name: str) -> str:
    """Of features.of_pixels: features[FEATURES · n] and lit float32[LIT · n], from depth
    float32[n], normal and lamplight float32[n · 4], shadow uint8[n], structure uint8[n · 16], rays
    float32[9], sun float32[3], across float32[width] and down float32[height]."""
    program = Program()
    bank = program.lay(_CHANNELS, (STRUCTURE,))
    normal, lamps = (
        list(program.lay(f"lay({array}, p * np.uint64(4) + np.uint64(k), np.uint64(4))", (3, 1, *_ONE_PIXEL)))
        for array in ("normal", "lamplight")
    )
    values, planes = of_pixels(
        _plane(program, "lay(depth, p, ONE)"),
        cast(list[Tensor], normal),
        _plane(program, "lay(shadow, p, ONE)"),
        cast(list[Tensor], lamps),
        cast(Tensor, bank[OPEN].reshape(1, *_ONE_PIXEL)),
        cast(Tensor, program.read("rays[{}]", (1, 3, 3, 1, 1))),
        cast(Tensor, program.read("sun[{}]", (1, 3, 1, 1))),
        _plane(program, "lay(across, x, ONE)"),
        _plane(program, "lay(down, y, NONE)"),
    )
    made = [*(bank * (1 / 255)).numbers, *(number for value in values for number in _numbers(value))]
    return kernel_source(
        name,
        program,
        [
            "depth",
            "normal",
            "shadow",
            "lamplight",
            "structure",
            "rays",
            "sun",
            "across",
            "down",
            "features",
            "lit",
        ],
        {
            "store(features, p + np.uint64(k) * n)": made,
            "store(lit, p + np.uint64(k) * n)": [number for value in planes for number in _numbers(value)],
        },
    )


def shading_source(name: str) -> str:
    """Of shading.shaded: out float32[planes of SHADED · n], from said[SAYS · n], features[FEATURES · n],
    bias float32[SAYS], lit float32[LIT · n], structure uint8[n · 16], ids int32[n], own
    float32[OBJECT, objects], scene float32 (AIR's numbers, then the look), mirror int64[n] and shelter
    uint8[n]."""
    program = Program()
    look = program.read("scene[{}]", (1, len(SCENE)), sum(map(math.prod, AIR.values())))
    said = program.lay("lay(said, p + np.uint64(k) * n, ONE)", (1, SAYS, *_ONE_PIXEL))
    said = said + program.read("bias[{}]", (1, SAYS, *_ONE_PIXEL))
    bank = program.lay(_CHANNELS, (1, *_ONE_PIXEL, STRUCTURE))
    found = shaded(
        cast(Tensor, said),
        _plane(program, _FEATURE.format(UP)),
        _plane(program, _FEATURE.format(FACING)),
        _plane(program, _FEATURE.format(MIRRORED_UP)),
        cast(Tensor, program.lay("lay(lit, p + np.uint64(k) * n, ONE)", (1, LIT, *_ONE_PIXEL))),
        cast(Tensor, bank),
        cast(Tensor, program.lay("lay_looked_up(own[k], ids, p)", (1, OBJECT, *_ONE_PIXEL))),
        _air(program),
        cast(Tensor, look),
        _plane(program, "lay(mirror, p, ONE)"),
        _plane(program, "lay(shelter, p, ONE)"),
        _clothed,
    )
    made = [number for field in SHADED for number in _numbers(getattr(found, field))]
    arrays = [
        "said",
        "bias",
        "features",
        "lit",
        "structure",
        "ids",
        "own",
        "scene",
        "mirror",
        "shelter",
        "out",
    ]
    return kernel_source(name, program, arrays, {"store(out, p + np.uint64(k) * n)": made})


def shining_source(name: str) -> str:
    """Of shine.reflected, added to light float32[3 · n]: with colour float32[3 · n], around float32[3, …, …]
    of any size, pane and clear float32[n]; features, lit, ids and scene as of the shading kernel, and own
    float32[3, objects] as of shine.shining."""
    program = Program()
    air = _air(program)
    glass, polished = _row(program, "lay(pane, p, ONE)"), _row(program, "lay_looked_up(own[2], ids, p)")
    only = [first for _, first, _ in program.layouts]
    light = program.lay("lay(light, p + np.uint64(k) * n, ONE)", (3, 1))
    own = program.lay("lay_looked_up(own[k], ids, p)", (2, 1))

    def three(array: str) -> Tensor:
        return cast(Tensor, program.lay(f"lay({array}, p + np.uint64(k) * n, ONE)", (3, 1)))

    of = Reflecting(
        cast(Tensor, own[0]),
        cast(Tensor, own[1]),
        glass,
        _row(program, _FEATURE.format(FACING)),
        _row(program, _FEATURE.format(MIRRORED_UP)),
        _row(program, _FEATURE.format(HALF_FOURTH)),
        _row(program, "lay(lit, p, ONE)"),
        _row(program, "lay(lit, p + n, ONE)"),
        _row(program, "lay(clear, p, ONE)"),
        three("colour"),
        cast(Tensor, program.lay("lay_between(around, k, y, x, height, width)", (3, 1))),
    )
    found = reflected(of, air.seen.permute(1, 2, 0), air.lights.permute(1, 2, 0))
    shines = cast(Symbols, (polished > 0.5) | (glass > 0.5))
    made = _numbers(light + shines.where(found, 0.0))
    arrays = ["light", "colour", "around", "pane", "clear", "features", "lit", "ids", "own", "scene"]
    return kernel_source(name, program, arrays, {"store(light, p + np.uint64(k) * n)": made}, only)


def halo_source(name: str) -> str:
    """Light float32[3 · n] with what is added, float32[3, …, …] of any size."""
    program = Program()
    light = program.lay("lay(light, p + np.uint64(k) * n, ONE)", (3, 1))
    made = _numbers(light + program.lay("lay_between(added, k, y, x, height, width)", (3, 1)))
    return kernel_source(name, program, ["light", "added"], {"store(light, p + np.uint64(k) * n)": made})


def places_source(name: str) -> str:
    """Of clouds.towards_sun: places float32[steps · n] from way_x and way_y float32[n], rows and columns
    float32[height] and [width], where of lit, as of the shading kernel, there is sky."""
    program = Program()
    _, slot = _sky(program)
    size = (program.read("np.float32(height)", (1,)), program.read("np.float32(width)", (1,)))
    made = towards_sun(_of_sky(program, ""), *(cast(int, extent) for extent in size))
    arrays = ["way_x", "way_y", "lit", "rows", "columns", "places"]
    numbers = [number for place in made for number in _numbers(place)]
    return kernel_source(name, program, arrays, {"store(places, p + np.uint64(k) * n)": numbers}, [slot])


def sky_source(name: str) -> str:
    """Of clouds.sky_seen, in place of light float32[3 · n] where there is sky: from hidden float32[n], places
    float32[steps · n] as of the kernel for them, structure, lit and scene as of the shading kernel."""
    program = Program()
    is_sky, slot = _sky(program)
    look = cast(Tensor, program.read("scene[{}]", (1, len(SCENE)), sum(map(math.prod, AIR.values()))))
    light = cast(Tensor, program.lay("lay(light, p + np.uint64(k) * n, ONE)", (3, 1)))
    noise = f"lay_from(structure, np.uint64(16), np.uint64({NOISE}), places, p + np.uint64({{}}) * n)"
    is_there = "lay_from(lit, ONE, np.uint64(7) * n, places, p + np.uint64({}) * n)"
    found = [
        (_row(program, noise.format(step)) * (1 / 255), _row(program, is_there.format(step)))
        for step in range(STEPS)
    ]
    seen = sky_seen(_of_sky(program, "hidden"), Colours.of(look, _air(program)), light, found)
    made = _numbers(cast(Symbols, is_sky > 0.5).where(seen, light))
    arrays = ["light", "hidden", "structure", "lit", "scene", "places"]
    return kernel_source(name, program, arrays, {"store(light, p + np.uint64(k) * n)": made}, [slot])


def _sky(program: Program) -> tuple[Tensor, int]:
    """1 where there is sky, and the slot of that."""
    slot = program.slots
    return _row(program, _LIT.format(7)), slot


def _of_sky(program: Program, hidden: str) -> Sky:
    """What either kernel of the sky reads of it: where to look for the sun, or what is `hidden`."""
    nothing = _row(program, _LIT.format(7))
    if not hidden:
        ways = _row(program, "lay(way_x, p, ONE)"), _row(program, "lay(way_y, p, ONE)")
        place = _row(program, "lay(rows, y, NONE)"), _row(program, "lay(columns, x, ONE)")
        return Sky(nothing, nothing, nothing, nothing, *ways, nothing, *place)
    return Sky(
        _row(program, _CHANNEL.format(NOISE)) * (1 / 255),
        _row(program, _CHANNEL.format(STARS)) * (1 / 255),
        _row(program, _LIT.format(3)),
        _row(program, _LIT.format(8)),
        nothing,
        nothing,
        _row(program, f"lay({hidden}, p, ONE)"),
        nothing,
        nothing,
    )


def _row(program: Program, call: str) -> Tensor:
    return cast(Tensor, program.lay(call, (1,)))


def _air(program: Program) -> Atmosphere:
    first, air = 0, {}
    for field, shape in AIR.items():
        air[field] = cast(Tensor, program.read("scene[{}]", shape, first))
        first += math.prod(shape)
    return Atmosphere(**air)


def _clothed(colour: Tensor, second: Tensor, own: Tensor, structure: Tensor) -> Tensor:
    """Every pixel clothed, and taken where there is a person."""
    worn = dressed(
        colour.reshape(1, 3),
        second.reshape(1, 3),
        own[:, PERSON + 1 :].reshape(1, 6),
        structure.reshape(1, -1),
    )
    return (own[:, PERSON, None] > 0.5).where(worn.reshape(1, 3, *_ONE_PIXEL), colour)


def _plane(program: Program, call: str) -> Tensor:
    return cast(Tensor, program.lay(call, (1, *_ONE_PIXEL)))


def _numbers(value: Any) -> list[Argument]:
    numbers: list[Argument] = cast(Symbols, value).numbers
    return numbers
