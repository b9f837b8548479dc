"""The figure under its clothes as sections to cut garments from: half widths, front and back by height.

Lengths are shares of the figure's height. The sections are those of the blocked figure itself
(figure_body), for any build.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from director.scene.figure_body import JOINTS, body_mesh
from director.scene.finish.loft import Floats, bell, curve, rings_about, smooth

__all__ = ["TORSO_POWER", "folds", "limb", "sections", "torso", "torso_front", "torso_rings", "under"]

TORSO_POWER = 2.45
_SIDES = 16  # of a blocked part's rings


@lru_cache
def sections(part: str, build: float) -> Floats:
    """float64[k, 4]: height over its joint, half width, front and back of a part's rings, lowest first."""
    positions = body_mesh(part, build).positions.astype(np.float64)
    rings = positions[: len(positions) // _SIDES * _SIDES].reshape(-1, _SIDES, 3)
    found: Floats = np.stack(
        [rings[:, :, 1].mean(1), np.abs(rings[..., 0]).max(1), rings[..., 2].max(1), rings[..., 2].min(1)], 1
    )
    found.setflags(write=False)
    return found


@lru_cache
def _trunk(build: float) -> Floats:
    """float64[n, 4]: the sections of hips, waist and chest as one, over the ground."""
    levels = np.linspace(0.500, 0.846, 90)
    whole = np.zeros((len(levels), 3))
    for part, joint, first, last in (
        ("hips", "pelvis", 2, -1),
        ("waist", "waist", 1, -2),
        ("chest", "chest", 1, None),
    ):
        own = sections(part, build)[first:last]
        y = own[:, 0] + JOINTS[joint][1]
        inside = (levels >= y[0]) & (levels <= y[-1])
        found = curve(y, own[:, 1:], levels[inside]) * (1, 1, -1)
        whole[inside] = np.maximum(whole[inside], found)
    kernel = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    # A yoke over the shoulders, wide enough to hold the heads of the sleeves.
    yoke = np.array(
        [
            (0.765, 0.0),
            (0.780, 0.112),
            (0.797, 0.1175),
            (0.810, 0.1160),
            (0.819, 0.1060),
            (0.827, 0.0860),
            (0.834, 0.0620),
            (0.840, 0.0420),
            (0.846, 0.0330),
        ]
    )
    stout = 1 + 0.25 * (build - 0.5)
    whole[:, 0] = np.maximum(whole[:, 0], stout * np.interp(levels, yoke[:, 0], yoke[:, 1]))
    padded = np.pad(whole, ((2, 2), (0, 0)), "edge")
    soft = sum(kernel[k] * padded[k : k + len(levels)] for k in range(5))
    result: Floats = np.concatenate([levels[:, None], soft * (1, 1, -1)], 1)
    result.setflags(write=False)
    return result


def torso(levels: ArrayLike, build: float, ease: float) -> Floats:
    """float64[n, 3]: half width, front and back of a garment `ease` looser than the body, at heights over
    the ground. Below the hips it hangs straight."""
    trunk = _trunk(build)
    y = np.clip(levels, 0.524, 0.846)
    found = curve(trunk[:, 0], trunk[:, 1:], y)
    # Over the seat of the trousers.
    wider = 1 + 0.066 * smooth(0.590, 0.525, levels)
    return np.asarray((found + np.array([ease, ease, -ease])) * wider[..., None])


def torso_rings(levels: ArrayLike, build: float, ease: float, angles: Floats) -> Floats:
    """float64[n, sides, 3]: rings of such a garment; `angles` [sides], or [n, sides]."""
    y = np.asarray(levels, np.float64)
    wide, front, back = torso(y, build, ease).T
    if angles.ndim == 1:
        return rings_about(y, wide, front, back, angles, TORSO_POWER)
    return np.concatenate(
        [rings_about(y[i : i + 1], wide[i], front[i], back[i], angles[i], TORSO_POWER) for i in range(len(y))]
    )


def torso_front(x: Floats, y: Floats, build: float, ease: float) -> Floats:
    """How far forward such a garment is at places seen from the front."""
    wide, front, _ = np.moveaxis(torso(y.ravel(), build, ease).reshape(*y.shape, 3), -1, 0)
    share = np.clip(np.abs(x) / wide, 0, 0.999)
    return np.asarray(front * (1 - share**TORSO_POWER) ** (1 / TORSO_POWER))


def limb(part: str, build: float, levels: ArrayLike, ease: float, scale: float = 1.0) -> Floats:
    """float64[n, 3]: half width, front and back of a sleeve or trouser leg, at heights over its joint."""
    own = sections(part, build)
    found = curve(own[:, 0], own[:, 1:], np.clip(levels, own[0, 0], own[-1, 0])) * scale
    return np.asarray(found + np.array([ease, ease, -ease]))


def folds(
    rings: Floats, angles: Floats, seed: int, creases: tuple[tuple[float, float, float, float], ...]
) -> Floats:
    """Rings with folds: outwards by at most a few thousandths. A crease is (height, reach, amount, pitch):
    about a height, `pitch` folds to a unit of height, wandering round the cloth."""
    random = np.random.default_rng([seed, 41])
    y = rings[..., 1]
    a = np.broadcast_to(angles, y.shape)
    out = np.zeros(y.shape)
    for _ in range(3):
        p, q, n = random.uniform(0, 6.28), random.uniform(25, 60), int(random.integers(2, 5))
        out += 0.0009 * np.sin(n * a + q * y + p)
    for height, reach, amount, pitch in creases:
        p, q = random.uniform(0, 6.28, 2)
        wander = 1.3 * np.sin(a + p) + 0.8 * np.sin(2 * a + q)
        ridge = 1 - np.abs(np.sin(np.pi * pitch * y + wander)) * 1.6
        out += amount * bell(y, height, reach) * ridge * (0.55 + 0.45 * np.sin(a * 2 + q))
    # Smooth where one piece ends in another, so that they meet in a clean line.
    first, last = y[:1].min(), y[-1:].max()
    out = out * smooth(0.006, 0.040, y - first) * smooth(0.006, 0.040, last - y)
    middle = rings.mean(axis=1, keepdims=True)
    away = rings - middle
    away[..., 1] = 0
    away /= np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
    return np.asarray(rings + away * out[..., None])


def under(rings: Floats, top: bool, by: float = 0.004) -> Floats:
    """Rings with the last (or first) drawn in, so that an edge is turned under instead of ending sharp."""
    edge = rings[-1:] if top else rings[:1]
    middle = edge.mean(axis=1, keepdims=True)
    away = edge - middle
    away[..., 1] = 0
    length = np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
    drawn = [edge - away / length * np.minimum(d, 0.6 * length) for d in (0.3 * by, by)]
    for k, ring in enumerate(drawn):
        ring[..., 1] += (0.25, -0.2)[k] * by * (1 if top else -1)
    return np.concatenate([rings, *drawn] if top else [drawn[1], drawn[0], rings])
