"""The seeds of a direction: one, or while it changes those that it leaves as well."""

import math

from director.types import Direction

__all__ = ["MOST_SEEDS", "Seeds", "noise_weights", "seeds_of"]

MOST_SEEDS = 4
"""Of changes under way at once; what is older has gone by."""

Seeds = tuple[tuple[int, float], ...]
"""(seed, how far it has arrived, 0..1), the newest first; the last counts as wholly arrived."""


def seeds_of(direction: Direction) -> Seeds:
    """The seeds of a direction and of what it leaves. A single one where all of them are the same."""
    found: list[tuple[int, float]] = []
    step: Direction | None = direction
    while step is not None and len(found) < MOST_SEEDS:
        is_last = step.leaving is None or step.arrived >= 1 or len(found) == MOST_SEEDS - 1
        found.append((step.seed, 1.0 if is_last else max(0.0, step.arrived)))
        step = None if is_last else step.leaving
    if len({seed for seed, _ in found}) == 1:
        return ((found[0][0], 1.0),)
    return tuple(found)


def noise_weights(seeds: Seeds) -> tuple[tuple[int, float], ...]:
    """(seed, weight) by which unit Gaussian noise of each seed is to be added up.

    A weighted sum of independent Gaussians keeps their variance where the weights' squares add up to 1: they
    go round a quarter of a circle instead of along its chord, which would grey the noise half-way to a
    variance of a half (K. Shoemake's slerp, SIGGRAPH 1985). A seed that comes twice is no independent noise:
    its weights are added first.
    """
    weights: dict[int, float] = {}
    left = 1.0
    for index, (seed, arrived) in enumerate(seeds):
        angle = math.pi / 2 * (1.0 if index == len(seeds) - 1 else arrived)
        weights[seed] = weights.get(seed, 0.0) + left * math.sin(angle)
        left *= math.cos(angle)
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return tuple((seed, weight / length) for seed, weight in weights.items())
