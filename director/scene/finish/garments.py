"""Clothes of a figure: who wears what; sleeves, trousers and shorts, with their folds. Skirts and the tails
of coats, which follow the legs, are in skirts.py and coats.py.

Everything is in the figure's own space at rest for a height of 1, or in the space of a left limb's joint
(sleeves, legs). Cloth is a little larger than the body of body.py.
"""

from dataclasses import dataclass

import numpy as np

from director.scene.figure_body import JOINTS
from director.scene.finish.body import folds, limb, under
from director.scene.finish.loft import (
    Floats,
    around,
    bell,
    ring_solid,
    rings_about,
    smooth,
    tubes,
)
from director.scene.mesh import Mesh

__all__ = ["Outfit", "Pieces", "bare_legs", "legs", "outfit_of", "shorts", "sleeve"]

Pieces = list[tuple[Mesh, str]]
_TOPS = ("jumper", "hoodie", "tee", "jacket", "shirt")
_BELOW = ("dress", "gown", "robe", "skirt", "kilt", "shorts")
_WHOLE = ("dress", "gown", "robe")
_LENGTHS = ("mini", "knee", "midi", "long")
_TOP, _SHIRT, _DARK = "garment top", "light trim", "dark trim"


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a person wears. `top` is one of jacket, shirt, tee, jumper, hoodie, coat, dress, robe; `ease` how
    loose the trousers hang at their hem, `short` whether the sleeves end over the elbow, `bare` whether there
    are none. `below` is trousers, or what told.Told has in their place, of the `length` told there or ""."""

    top: str
    seed: int
    build: float
    ease: float
    short: bool
    tie: str | None
    scarf: str | None
    zipped: bool
    bare: bool = False
    below: str = "trousers"
    length: str = ""

    @property
    def skirted(self) -> bool:
        """Whether a skirt hangs below the waist."""
        return self.below not in ("trousers", "shorts")

    @property
    def whole(self) -> bool:
        """Whether what is worn below the waist goes on above it, in one colour."""
        return self.below in _WHOLE


def outfit_of(seed: int, build: float, coat: bool, traits: frozenset[str] = frozenset()) -> Outfit:
    """What the person of a seed wears, blocked with or without a coat: what the traits (told.Told) name, if
    they name anything. Who is told of a skirt, and of no coat, does not hide it under one."""
    below = next((worn for worn in _BELOW if worn in traits), "trousers")
    coat = "coat" in traits or (coat and below == "trousers")
    random = np.random.default_rng([seed, 51])
    top = str(random.choice(["jacket", "shirt", "tee", "jumper", "hoodie"], p=[0.34, 0.18, 0.14, 0.18, 0.16]))
    top = next((worn for worn in _TOPS if worn in traits), "jacket" if "suit" in traits else top)
    if below in _WHOLE and not traits & set(_TOPS):
        top = "robe" if below == "robe" else "dress"
    elif below != "trousers" and not traits & {"suit", *_TOPS}:
        # A top that ends at the hips, not a jacket.
        top = {"jacket": "shirt", "hoodie": "jumper"}.get(top, top) if "woman" in traits else top
    if coat:
        top = "coat"
    cover = str(random.choice(["cover red", "cover blue", "cover green", "cover ochre"]))
    return Outfit(
        top=top,
        seed=seed,
        build=build,
        ease=float(random.choice([0.0035, 0.0065, 0.0105], p=[0.35, 0.4, 0.25])),
        short=top == "tee" or (top == "dress" and below != "gown" and seed % 3 != 0),
        tie=cover if _has_tie(random, top, traits) else None,
        scarf=cover if random.random() < (0.3 if coat else 0.07) or "scarf" in traits else None,
        zipped=bool(random.random() < 0.35) or (below in ("skirt", "kilt") and top == "shirt"),
        bare=top == "dress" and (below == "gown" or seed % 3 == 0),
        below=below,
        length=next((length for length in _LENGTHS if length in traits), ""),
    )


def _has_tie(random: np.random.Generator, top: str, traits: frozenset[str]) -> bool:
    by_chance = top == "jacket" and random.random() < 0.3 and "woman" not in traits
    return by_chance or (top == "jacket" and bool(traits & {"tie", "suit"}))


def sleeve(o: Outfit, girth_ease: float) -> tuple[Pieces, Pieces]:
    """The left sleeve: what the upper arm carries and what the forearm does (each in its joint's space)."""
    angles = around(13)
    heavy = {"jacket": 0.0050, "coat": 0.0068, "hoodie": 0.0058, "jumper": 0.0046}.get(o.top, 0.0026)
    ease = heavy + girth_ease
    if o.bare:
        return [(_bare("upper_arm", o.build, angles, 0.023), "skin")], [
            (_bare("forearm", o.build, angles), "skin")
        ]
    upper = np.array(
        [-0.190, -0.183, -0.170, -0.155, -0.140, -0.122, -0.098, -0.070, -0.040, -0.012, 0.006, 0.0165, 0.024]
    )
    if o.short:
        upper = np.concatenate([np.linspace(-0.100, 0.0, 9), [0.010, 0.018, 0.024]])
    end = smooth(0.026, 0.0, upper)
    round_off = 1.0 if o.short else smooth(-0.200, -0.182, upper)
    w, f, b = limb("upper_arm", o.build, upper, 0.0).T
    loose = ease * (0.4 + 0.6 * end) * round_off + (0.003 if o.short else 0.0040 * bell(upper, -0.178, 0.018))
    rings = rings_about(upper, w + loose, f + loose, b - loose, angles)
    rings = folds(rings, angles, o.seed + 1, ((-0.140, 0.040, 0.0034, 50.0), (-0.03, 0.04, 0.0018, 36.0)))
    arm: Pieces = [(ring_solid(under(rings, False, 0.003) if o.short else rings), _TOP)]
    if o.short:
        arm.append((_bare("upper_arm", o.build, angles), "skin"))
        return arm, [(_bare("forearm", o.build, angles), "skin")]
    cuff = -0.140
    fore = np.concatenate([[cuff, cuff + 0.004], np.linspace(cuff + 0.012, -0.010, 9), [0.004, 0.014, 0.020]])
    w, f, b = limb("forearm", o.build, fore, 0.0).T
    loose = ease * smooth(0.026, 0.006, fore) + 0.0030 * smooth(-0.09, cuff, fore)
    loose = loose - 0.006 * smooth(-0.034, 0.004, fore)
    rings = rings_about(fore, w + loose, f + loose, b - loose, angles)
    rings = folds(rings, angles, o.seed + 2, ((-0.040, 0.034, 0.0034, 50.0), (-0.125, 0.026, 0.0020, 65.0)))
    forearm: Pieces = [(ring_solid(under(rings, False, 0.003)), _TOP)]
    w, f, b = limb("forearm", o.build, np.array([-0.149, -0.144, -0.130]), ease * 0.4 + 0.0024).T
    band = rings_about([-0.149, -0.144, -0.130], w, f, b, angles)
    rib = o.top in ("hoodie", "jumper")
    forearm.append(
        (ring_solid(under(band, False, 0.003)), _TOP if rib or o.top in ("shirt", "coat") else _SHIRT)
    )
    return arm, forearm


def _bare(part: str, build: float, angles: Floats, top: float | None = None) -> Mesh:
    low, high = {
        "upper_arm": (-0.192, 0.0),
        "forearm": (-0.160, 0.020),
        "thigh": (-0.268, 0.036),
        "calf": (-0.240, 0.032),
    }[part]
    levels = np.linspace(low, high if top is None else top, 12 if part in ("upper_arm", "forearm") else 16)
    w, f, b = limb(part, build, levels, 0.0).T
    return ring_solid(rings_about(levels, w, f, b, angles))


def bare_legs(o: Outfit) -> tuple[Pieces, Pieces]:
    """The left thigh and calf as they are, with a knee."""
    angles = around(16)
    thigh = _bare("thigh", o.build, angles)
    calf = _bare("calf", o.build, angles)
    knee = np.array([-0.034, -0.028, -0.018, -0.006, 0.006, 0.016, 0.022])
    swell = np.sin(np.linspace(0.25, np.pi - 0.25, len(knee)))
    stout = 1 + 0.4 * (o.build - 0.5)
    cap = rings_about(knee, 0.019 * stout * swell, 0.0385 * stout * (0.86 + 0.14 * swell), 0.0, around(10))
    return [(thigh, "skin")], [(calf, "skin"), (ring_solid(cap), "skin")]


def shorts(o: Outfit) -> tuple[Pieces, Pieces, Pieces]:
    """Short trousers: what the hips carry (figure space), the left thigh and the left calf."""
    hips, _, _ = legs(o)
    thigh, calf = bare_legs(o)
    angles = around(18)
    low = -0.105 if o.length == "mini" else -0.245 if o.length in ("knee", "midi", "long") else -0.188
    y = np.concatenate([[low, low + 0.006], np.linspace(low + 0.02, 0.008, 9), [0.024, 0.034, 0.040]])
    w, f, b = limb("thigh", o.build, y, 0.0).T
    # They hang from the thigh, wider than it at the hem.
    fall = smooth(0.0, low, y)
    out = (0.0026 + (0.006 + 0.6 * o.ease) * fall) * smooth(0.042, 0.015, y)
    w = np.where(y < -0.02, np.maximum(w, 0.9 * w.max() * fall), w)
    rings = folds(
        rings_about(y, w + out, f + out, b - out, angles), angles, o.seed + 4, ((0.0, 0.045, 0.0030, 34.0),)
    )
    hem = rings[:2].copy()
    middle = hem.mean(axis=1, keepdims=True)
    hem[0] = middle[0] + (hem[0] - middle[0]) * 0.93
    hem[1] = middle[1] + (hem[1] - middle[1]) * 0.90
    hem[1, :, 1] += 0.012
    return hips, [*thigh, (ring_solid(np.concatenate([hem[::-1], rings])), "garment legs")], calf


def _seat(o: Outfit, levels: Floats) -> tuple[Floats, Floats, Floats]:
    """The seat of the trousers: half width, front and back at heights over the ground.

    In front and at the sides it hides the heads of the thighs, then dives between them: where two pieces
    meet upright there is no line."""
    w, f, b = limb("hips", o.build, levels - JOINTS["pelvis"][1], 0.0025).T
    thigh_w, thigh_f, _ = limb("thigh", o.build, np.array([-0.012]), 0.0040)[0]
    held = smooth(0.484, 0.500, levels) * smooth(0.585, 0.540, levels)
    f = f + (np.maximum(f, thigh_f) - f) * held
    aside = JOINTS["hip_l"][0] + thigh_w - (0.004 if o.top == "coat" else 0.0)
    w = w + (np.maximum(w, aside) - w) * held
    dive = smooth(0.497, 0.450, levels)
    return w - 0.028 * dive, f - 0.024 * dive, b


def _belt(o: Outfit) -> Pieces:
    belt_at = np.array([0.5480, 0.5490, 0.5600, 0.5610])
    w, f, b = _seat(o, belt_at) + np.array([[0.0022], [0.0022], [-0.0022]])
    inset = np.array([0.004, 0, 0, 0.004])
    belt = rings_about(belt_at, w - inset, f - inset, b + inset, around(28), 2.4)
    front = float(f.max())
    buckle = np.array(
        [(-0.0085, 0.5475), (0.0085, 0.5475), (0.0085, 0.5615), (-0.0085, 0.5615), (-0.0085, 0.5475)]
    )
    clasp = tubes(np.column_stack([buckle, np.full(5, front + 0.001)]), 0.0013, 5)
    return [(ring_solid(belt), _DARK), (clasp, "brass")]


def legs(o: Outfit) -> tuple[Pieces, Pieces, Pieces]:
    """Trousers: what the hips carry (figure space), the left thigh and the left calf."""
    angles = around(16)
    levels = np.array(
        [0.452, 0.460, 0.472, 0.483, 0.492, 0.500, 0.510, 0.524, 0.540, 0.556, 0.570, 0.584, 0.594, 0.600]
    )
    belted = o.top == "shirt" and o.zipped
    w, f, b = _seat(o, levels)
    if not belted:
        # Under a loose top they end soon, not to show through it when the chest turns.
        inset = 0.045 * smooth(0.515, 0.556, levels) ** 1.5
        w, f, b = w - inset, f - inset, b + inset
    seat = folds(rings_about(levels, w, f, b, angles, 2.4), angles, o.seed + 3, ((0.50, 0.03, 0.0016, 40.0),))
    hips: Pieces = [(ring_solid(under(seat, True, 0.004)), "garment legs")]
    if belted:
        hips += _belt(o)
    y = np.array(
        [
            -0.268,
            -0.258,
            -0.245,
            -0.228,
            -0.205,
            -0.170,
            -0.130,
            -0.090,
            -0.050,
            -0.015,
            0.008,
            0.024,
            0.034,
            0.040,
        ]
    )
    loose = o.ease
    w, f, b = limb("thigh", o.build, y, 0.0).T
    out = (
        (0.0022 + 0.5 * loose * smooth(-0.08, -0.25, y)) * smooth(0.042, 0.015, y) * smooth(-0.272, -0.250, y)
    )
    rings = rings_about(y, w + out, f + out, b - out, angles)
    thigh_folds = ((-0.205, 0.040, 0.0036, 45.0), (0.0, 0.045, 0.0030, 34.0))
    thigh: Pieces = [(ring_solid(folds(rings, angles, o.seed + 4, thigh_folds)), "garment legs")]
    hem = -0.232
    y = np.concatenate(
        [[hem, hem + 0.006], np.linspace(hem + 0.016, -0.012, 9), [0.004, 0.018, 0.028, 0.033]]
    )
    own = limb("calf", o.build, y, 0.0)
    # Cloth hangs straight from the knee unless the calf is in its way.
    knee, ankle = limb("calf", o.build, np.array([-0.01, hem]), 0.0) * np.array([[1.0], [1.12]])
    share = np.clip(-y / -hem, 0, 1)[:, None]
    straight = knee * (1 - share) + (ankle + np.array([1, 1, -1]) * (0.003 + 0.8 * loose)) * share
    hung = np.where(y[:, None] < -0.01, np.maximum(own * (1, 1, -1), straight * (1, 1, -1)) * (1, 1, -1), own)
    out = (0.0024 + 0.45 * loose) * smooth(0.036, 0.008, y)
    # Its top hides in the thigh.
    out = out - 0.010 * smooth(-0.010, 0.018, y)
    w, f, b = hung.T
    rings = rings_about(y, w + out, f + out, b - out, angles)
    rings = folds(rings, angles, o.seed + 5, ((-0.200, 0.042, 0.0040, 52.0), (-0.045, 0.030, 0.0030, 45.0)))
    # The hem breaks over the instep.
    rings[:4, :, 1] += 0.007 * np.cos(angles)[None] * np.array([1.0, 1.0, 0.7, 0.3])[:, None]
    calf: Pieces = [(ring_solid(under(rings, False, 0.004)), "garment legs")]
    return hips, thigh, calf
