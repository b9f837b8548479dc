"""A flight of stairs that rises from its front (+Z) to its back, solid or open."""

import math
from typing import Annotated, Literal

from pydantic import Field

from director.math3d import compose, quaternion_from_euler
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import box
from director.types import Vector

__all__ = ["PROXY"]

# Of an open flight: the thickness and height of the boards at its sides that carry the treads.
_STRINGER_M = 0.05
_BOARD_M = 0.22


class Stairs(Proxy):
    """As wide, high and deep as `size`, in so many `steps`. Without `tread_m` they are solid; with it they
    are treads of that thickness between two stringers, as on a fire escape."""

    kind: Literal["stairs"] = "stairs"
    size: tuple[Metres, Metres, Metres] = (1.2, 1.8, 2.8)
    steps: Annotated[int, Field(strict=True, ge=1, le=500)] = 10
    tread_m: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        wide, high, deep = self.size
        rise, run = high / self.steps, deep / self.steps
        parts = []
        for i in range(self.steps):
            top = (i + 1) * rise
            thick = min(self.tread_m, top) if self.tread_m > 0 else top
            place = (0.0, top - thick, deep / 2 - (i + 0.5) * run)
            parts.append(Part("box", box(), compose(place, (0, 0, 0, 1), (wide, thick, run))))
        if self.tread_m > 0:
            parts += self._stringers(rise)
        return tuple(parts)

    def _stringers(self, rise: float) -> list[Part]:
        wide, high, deep = self.size
        # Boards along the line of the treads, cut short so that they stay inside the bounding box.
        slope = math.atan2(high, deep)
        board = min(_BOARD_M, rise, high / 3, deep / 3)
        along = (high - board * math.cos(slope)) / math.sin(slope)
        length = min(along, (deep - board * math.sin(slope)) / math.cos(slope))
        thick = min(_STRINGER_M, wide / 4)
        turn = quaternion_from_euler(0.0, slope, 0.0)
        # The box stands on its base: half its height below the middle of the flight, along its own up.
        middle = high / 2
        return [
            Part(
                "box",
                box(),
                compose(
                    (side, middle - board / 2 * math.cos(slope), -board / 2 * math.sin(slope)),
                    turn,
                    (thick, board, length),
                ),
            )
            for side in (-(wide - thick) / 2, (wide - thick) / 2)
        ]


PROXY = Stairs
