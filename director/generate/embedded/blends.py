"""Prompts that hold several looks: `dawn | storm : 0.3`, "day turning into night", "a cross of A and B".

A prompt is taken apart into plain prompts with shares; each is understood by itself and the looks are
mixed. Colours are mixed as the eye sees them, everything else in a straight line.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.colour_words import mixed

__all__ = ["blended", "readings"]

_WEIGHT: Final = re.compile(r"\s*:\s*(\d*\.?\d+)\s*$")
_TURNING: Final = re.compile(
    r"\b(?:(?:slowly |gradually )?(?:turning|turns|fading|fades|melting|melts|morphing|morphs|changing"
    r"|changes|blending|blends|transitioning|passing|shading|dissolving|dissolves) (?:in)?to"
    r"|giving way to|gives way to|becoming|becomes|on the way to)\b"
)
_BETWEEN: Final = re.compile(
    r"\b(?:half ?way between|midway between|somewhere between|a cross between|a cross of|cross between"
    r"|a mix of|a mixture of|a blend of|mix of|blend of|mixture of|equal parts)\s+([^,;.|]+?)"
    r"\s+and\s+([^,;.|]+)"
)
_HALVES: Final = re.compile(r"\bhalf\s+([^,;.|]+?)\s*,?\s+(?:and\s+)?half\s+([^,;.|]+)")


def readings(prompt: str) -> list[tuple[str, float]]:
    """Plain prompts and their shares, which sum to 1; a plain prompt is itself alone.

    `A | B` are halves, `A : 2 | B : 1` two thirds and a third. What stands before and after a commaed part
    that turns into another belongs to both.
    """
    if "|" in prompt:
        parts: list[tuple[str, float]] = []
        for part in prompt.split("|"):
            weight = _WEIGHT.search(part)
            share = float(weight.group(1)) if weight else 1.0
            if part.strip():
                parts.append((part[: weight.start()] if weight else part, share))
        total = sum(share for _, share in parts)
        return [(part.strip(), share / total) for part, share in parts] if total > 0 else [(prompt, 1.0)]
    lower = prompt.lower()
    if (between := _BETWEEN.search(lower) or _HALVES.search(lower)) is not None:
        before, after = lower[: between.start()], lower[between.end() :]
        return [(f"{before}{between.group(side)}{after}", 0.5) for side in (1, 2)]
    if (turning := _TURNING.search(lower)) is not None:
        start = max(lower.rfind(mark, 0, turning.start()) for mark in ",;.") + 1
        ends = [at for mark in ",;." if (at := lower.find(mark, turning.end())) >= 0]
        end = min(ends, default=len(lower))
        first, second = lower[start : turning.start()].strip(), lower[turning.end() : end].strip()
        if first and second:
            return [(f"{lower[:start]} {part} {lower[end:]}", 0.5) for part in (first, second)]
    return [(prompt, 1.0)]


def blended(
    looks: Sequence[NDArray[np.float32]], shares: Sequence[float], colours: Sequence[int]
) -> NDArray[np.float32]:
    """A mixture of looks; `colours` are the rows at which three sRGB values stand together.

    `shares` are not negative and sum to 1.
    """
    result = np.zeros_like(looks[0])
    for look, share in zip(looks, shares, strict=True):
        result += np.float32(share) * look
    for at in colours:
        where = slice(at, at + 3)
        colour, total = looks[0][where], shares[0]
        for look, share in zip(looks[1:], shares[1:], strict=True):
            total += share
            colour = mixed(colour, look[where], share / total if total > 0 else 0.0)
        result[where] = colour
    return np.asarray(np.clip(result, 0.0, 1.0), np.float32)
