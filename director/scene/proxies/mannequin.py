"""A human figure of joined parts: its pose, what it holds, what it looks at, and how it gets about."""

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, field_validator

from director.camera.points import ObjectPoint
from director.scene.figure_body import BODY_PARTS, body_mesh, part_mesh_name
from director.scene.figure_joints import Joints, overlaid, turned_joints
from director.scene.figure_look import EYES, looking
from director.scene.figure_pose import (
    RUN_STRIDE,
    STRIDE,
    part_numbers,
    posed,
    running,
    turned_to,
    walking,
    with_legs,
)
from director.scene.figure_rig import Setting
from director.scene.poses import pose_kind, pose_names
from director.scene.proxy import Colour, Metres, Name, Part, Position, Proxy, colour_values
from director.types import Vector

__all__ = ["PROXY"]

# Heights a second (0.6 m/s for a grown person) from which the stride is full.
_FULL_STRIDE_SPEED = 0.35
# A walk turns into a run where v² / (g · leg) passes one half (Alexander, 1989): 2.2 m/s for 1.75 m.
_RUN_FROM_M_S, _OF_HEIGHT_M = 2.2, 1.75
# Strides a second of a run at its ease, and the share of the full stride below which it does not go.
_RUN_CADENCE, _SHORTEST_RUN = 1.35, 0.5
# Heights a second from which one who runs along keys is in full stride.
_FULL_RUN_SPEED = 0.9
_SHORTEST_WALK = 0.2

_PART_NUMBERS = {part: i for i, part in enumerate(BODY_PARTS)}

if TYPE_CHECKING:
    PoseName = str
else:
    PoseName = Literal[pose_names()]


class LookPoint(ObjectPoint):
    """What a figure looks at: the eyes of a figure, the middle of another object's box, a group's place;
    `offset` metres from there along its axes."""


def _form(value: object) -> str:
    if isinstance(value, str):
        return "name"
    return "object" if isinstance(value, dict | LookPoint) else "point"


LookAt = Annotated[
    Annotated[Name, Tag("name")] | Annotated[LookPoint, Tag("object")] | Annotated[Position, Tag("point")],
    Discriminator(_form),
]


class Mannequin(Proxy):
    """A figure as tall as `height_m`; `build` runs from 0, slim, to 1, heavy. `colour` is that of its top.

    "walk" and "run" step as it travels along its keys, its route, or its parent's: the stride is tied to the
    distance, so feet stand still on the ground; at rest it stands. Without keys it is frozen at `phase` of
    a stride. With a route of its own, one that stands, walks, points, waves or carries goes along it on
    foot: it walks up to 2.2 m/s (for 1.75 m; by the root of the height) and runs at a faster pace.

    "sit" and "drive" sit on something `seat_m` high, hips over its position; hands are on a wheel `wheel_m`
    ahead of the hips. "carry" holds something `hold_m` wide; "lean" has its back to a wall; "lie" has its
    feet to +Z, "lie-side" is on its right side. "wave" waves all the time.

    `joints` turns single joints over the pose. `look_at` names an object or group, or gives a world point,
    that head, neck and a little of the chest turn to, as far as a neck can, instead of what the pose or
    `joints` do with head and neck.
    """

    kind: Literal["mannequin"] = "mannequin"
    height_m: Annotated[float, Field(strict=True, ge=0.4, le=3)] = 1.75
    build: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.5
    pose_name: PoseName = Field("stand", alias="pose")
    phase: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    seat_m: Metres = 0.45
    wheel_m: Annotated[float, Field(strict=True, ge=0.2, le=1)] = 0.48
    hold_m: Annotated[float, Field(strict=True, ge=0.05, le=1)] = 0.4
    joints: Joints = Joints()
    look_at: LookAt | None = None
    hair_style: Literal["short", "long", "none"] = "short"
    coat: bool = Field(False, strict=True, description="a coat to above the knees")
    skin: Colour = "#c69c7f"
    hair: Colour = "#2b211c"
    legs: Colour = "#3a3d46"
    shoes: Colour = "#26221f"

    @field_validator("look_at")
    @classmethod
    def _pointed(cls, value: LookAt | None) -> LookAt | None:
        # One form for whatever follows names: a bare name is the point without an offset.
        return LookPoint(object=value) if isinstance(value, str) else value

    @property
    def size_m(self) -> Vector:
        wide, high, deep = _rest_size(self.build, tuple(self._worn()))
        return (wide * self.height_m, high * self.height_m, deep * self.height_m)

    @property
    def references(self) -> tuple[tuple[str, str], ...]:
        if isinstance(self.look_at, LookPoint):
            return (*super().references, ("look_at.object", self.look_at.object))
        return super().references

    def parts(self) -> tuple[Part, ...]:
        dress = {
            "top": colour_values(self.colour),
            "skin": colour_values(self.skin),
            "hair": colour_values(self.hair),
            "legs": colour_values(self.legs),
            "shoes": colour_values(self.shoes),
        }
        rest = posed("stand")
        return tuple(
            Part(
                f"mannequin/{part_mesh_name(part)}/{self.build!r}",
                body_mesh(part_mesh_name(part), self.build),
                matrix,
                dress[BODY_PARTS[part][1]],
            )
            for part, matrix in zip(self._worn(), self._sized(rest), strict=True)
        )

    def _worn(self) -> list[str]:
        left_out = {"short": {"long hair"}, "long": {"hair"}, "none": {"hair", "long hair"}}[self.hair_style]
        return [part for part in BODY_PARTS if part not in left_out and (self.coat or part != "coat")]

    def pose(self) -> NDArray[np.float64] | None:
        if self.pose_name == "stand" and not turned_joints(self.joints) and self.look_at is None:
            return None
        return self._sized(self._still())

    @property
    def focus(self) -> Vector:
        head = self._still()[part_numbers("head")[0]]
        x, y, z = (head[:3, :3] @ EYES + head[:3, 3]) * self.height_m
        return (float(x), float(y), float(z))

    @property
    def walks(self) -> bool:
        own_way = self.route is not None and pose_kind(self.pose_name).legs_free
        return own_way or self.pose_name in ("walk", "run")

    @property
    def acts(self) -> bool:
        return self.look_at is not None or pose_kind(self.pose_name).period_s is not None

    @property
    def looks_at(self) -> ObjectPoint | Vector | None:
        return None if isinstance(self.look_at, str) else self.look_at

    def pose_at(
        self,
        distance_m: float | None,
        speed: float,
        time_s: float = 0.0,
        pace_m_s: float | None = None,
        target: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        if distance_m is None or not self.walks:
            matrices = self._upper(time_s)
        else:
            matrices = self._steps(distance_m / self.height_m, abs(speed) / self.height_m, pace_m_s)
            if self.pose_name not in ("walk", "run", "stand"):
                matrices = with_legs(self._upper(time_s), matrices)
        matrices = self._turned(matrices)
        if target is not None:
            busy = pose_kind(self.pose_name).hands_busy
            matrices = looking(matrices, target / self.height_m, not busy)
        return self._sized(matrices)

    def _steps(self, way: float, speed: float, pace_m_s: float | None) -> NDArray[np.float64]:
        """The gait after a way and at a speed in heights; a route's pace decides which, and its stride."""
        pace = None if pace_m_s is None else pace_m_s / self.height_m
        run_from = _RUN_FROM_M_S * math.sqrt(self.height_m / _OF_HEIGHT_M)
        if self.pose_name == "run" or (pace_m_s is not None and pace_m_s > run_from):
            # In seconds of a figure of its height: a child's steps are quicker.
            quick = _RUN_CADENCE * math.sqrt(_OF_HEIGHT_M / self.height_m)
            stride = 1.0 if pace is None else min(1.0, max(_SHORTEST_RUN, pace / (quick * RUN_STRIDE)))
            full = _FULL_RUN_SPEED if pace is None else min(_FULL_RUN_SPEED, 0.8 * pace)
            return running(self.phase + way / (RUN_STRIDE * stride), stride * _eased(speed / full))
        gait = _eased(speed / _FULL_STRIDE_SPEED)
        # A slow pace has short steps, so that feet do not slide; the stride is that of the pace all along.
        stride = 1.0 if pace is None else max(_SHORTEST_WALK, _eased(pace / _FULL_STRIDE_SPEED))
        return walking(self.phase + way / (STRIDE * stride), gait)

    def _still(self) -> NDArray[np.float64]:
        return self._turned(posed(self.pose_name, setting=self._setting(), build=self.build))

    def _upper(self, time_s: float) -> NDArray[np.float64]:
        period_s = pose_kind(self.pose_name).period_s
        if period_s is None:
            return posed(self.pose_name, setting=self._setting(), build=self.build)
        return turned_to(self.pose_name, self._setting(), self.phase + time_s / period_s, self.build)

    def _setting(self) -> Setting:
        share = 1 / self.height_m
        return Setting(self.seat_m / self.height_m, self.wheel_m * share, self.hold_m * share, self.phase)

    def _turned(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        turns = turned_joints(self.joints)
        return overlaid(matrices, turns) if turns else matrices

    def _sized(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        # Meshes and poses are made for a height of 1: turn, size and place grow together.
        worn = [_PART_NUMBERS[part] for part in self._worn()]
        sized: NDArray[np.float64] = matrices[worn] * np.array([[self.height_m]] * 3 + [[1.0]])
        return sized


def _eased(share: float) -> float:
    share = min(1.0, share)
    return share * share * (3 - 2 * share)


@lru_cache
def _rest_size(build: float, worn: tuple[str, ...]) -> Vector:
    """The box about the base that holds a standing figure of height 1."""
    corners = []
    rest = posed("stand")
    for part in worn:
        matrix = rest[_PART_NUMBERS[part]]
        positions = body_mesh(part_mesh_name(part), build).positions
        corners.append(np.abs(positions @ matrix[:3, :3].T + matrix[:3, 3]).max(axis=0))
    x, y, z = np.max(corners, axis=0)
    return (2 * float(x), float(y), 2 * float(z))


PROXY = Mannequin
