"""Where the panes of a face lie: `panes` in shaders/structure.glsl, as arrays."""

from dataclasses import dataclass

import numpy as np

from director.scene.finish.blocks import Face, Floats

__all__ = ["Bays", "bays_of"]

# How wide and high a bay is, and which share of it the pane and its two bars take: the shader's numbers.
_BAY_M = (1.9, 3.0)
_ACROSS, _UP = (0.22, 0.78), (0.28, 0.80)
_BAR_ACROSS, _BAR_UP = (0.485, 0.515), (0.60, 0.62)


@dataclass(frozen=True, slots=True, eq=False)
class Bays:
    """Edges of the panes of one face, metres: `left`, `right` and the upright bar along it, one each
    column; `low`, `high` and the level bar up it, one each row. `edges` and `floors` part the bays."""

    columns: int
    rows: int
    wide: float
    high_m: float
    left: Floats
    right: Floats
    bar_left: Floats
    bar_right: Floats
    low: Floats
    high: Floats
    bar_low: Floats
    bar_high: Floats
    edges: Floats
    floors: Floats

    def windows(self) -> tuple[Floats, Floats, Floats, Floats]:
        """left, right, low, high of every pane, each float64[rows · columns], row by row."""
        left, low = (a.ravel() for a in np.meshgrid(self.left, self.low))
        right, high = (a.ravel() for a in np.meshgrid(self.right, self.high))
        return left, right, low, high


def bays_of(face: Face) -> Bays:
    """The panes of a face."""
    columns, rows = (
        max(round(extent / bay), 1) for extent, bay in zip((face.wide, face.high), _BAY_M, strict=True)
    )
    wide, high = face.wide / columns, face.high / rows
    u = np.arange(columns, dtype=np.float64) * wide - face.wide / 2
    v = np.arange(rows, dtype=np.float64) * high
    return Bays(
        columns,
        rows,
        wide,
        high,
        u + _ACROSS[0] * wide,
        u + _ACROSS[1] * wide,
        u + _BAR_ACROSS[0] * wide,
        u + _BAR_ACROSS[1] * wide,
        v + _UP[0] * high,
        v + _UP[1] * high,
        v + _BAR_UP[0] * high,
        v + _BAR_UP[1] * high,
        np.arange(columns + 1) * wide - face.wide / 2,
        np.arange(rows + 1) * high,
    )
