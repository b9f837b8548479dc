"""What random sets are built from: a builder that collects objects, and what many kinds of set need.

The larger things, whole vehicles and furniture, are in set_things.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tools.teacher.set_prompts import prompt_for

__all__ = ["Face", "Json", "Point", "SetBuilder", "lamp_post", "lit_sphere", "tree"]

Json = dict[str, Any]
Point = tuple[float, float, float]
Face = tuple[Point, float]
"""Where a face is, and which way it looks: degrees about y, 0 = +z."""

# So many of the things have a prompt of their own, as a director would give the ones that matter.
_PROMPTED = 0.6


@dataclass
class SetBuilder:
    """Collects a set: objects, places for a camera and what is worth being looked at."""

    random: np.random.Generator
    objects: list[Json] = field(default_factory=list)
    eyes: list[Point] = field(default_factory=list)
    targets: list[Point] = field(default_factory=list)
    faces: list[Face] = field(default_factory=list)
    details: list[tuple[Point, float]] = field(default_factory=list)

    def between(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    def count(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.random.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def side(self) -> float:
        return float(self.random.choice([-1, 1]))

    def one_of(self, *options: str) -> str:
        return str(self.random.choice(options))

    def add(
        self, kind: str, class_name: str, at: Point, yaw: float = 0.0, pitch: float = 0.0, **fields: Any
    ) -> None:
        if "prompt" not in fields and self.chance(_PROMPTED):
            fields["prompt"] = prompt_for(class_name, self.random)
        self.objects.append(
            {
                "kind": kind,
                "class": class_name,
                "name": f"{class_name} {len(self.objects) + 1}",
                "position": [round(v, 3) for v in at],
                "rotation_deg": [round(yaw, 2), round(pitch, 2), 0.0],
                **fields,
            }
        )

    def said(self, class_name: str) -> Json:
        """A prompt to be shared by several things, or none, as fields of theirs."""
        return {"prompt": prompt_for(class_name, self.random) if self.chance(_PROMPTED) else ""}

    def box(self, class_name: str, at: Point, size: Sequence[float], yaw: float = 0.0, **fields: Any) -> None:
        self.add("box", class_name, at, yaw, size=_sizes(size), **fields)

    def solid(
        self, kind: str, class_name: str, at: Point, size: Sequence[float], yaw: float = 0.0, **fields: Any
    ) -> None:
        """A sphere, cylinder, cone, ramp or stairs."""
        self.add(kind, class_name, at, yaw, size=_sizes(size), **fields)

    def ground(self, *classes: str, across: float = 240.0) -> None:
        self.add("plane", self.one_of(*classes), (0.0, 0.0, 0.0), size=[across, across])

    def glow(self, strength: float) -> Json:
        hue = self.random.random(3)
        colour = 0.25 + 0.75 * hue / hue.max() if self.chance(0.4) else np.array([1.0, 0.8, 0.55])
        return {
            "colour": "#" + "".join(f"{int(255 * v):02x}" for v in colour),
            "strength": round(strength, 3),
        }

    def seen(self, at: Point, reach: float) -> None:
        """Something worth a picture of its own: its middle, and how far it reaches from there."""
        self.details.append((at, reach))
        if self.chance(0.5):
            self.targets.append(at)

    def figure(self, at: Point, yaw: float | None = None, pose: str | None = None, **fields: Any) -> None:
        turn = self.between(0, 360) if yaw is None else yaw
        tall = self.between(1.52, 1.94) if self.chance(0.9) else self.between(0.95, 1.4)
        pose = pose or self.one_of("stand", "stand", "walk", "walk", "walk", "point", "lean")
        if pose == "walk":
            fields["phase"] = round(self.between(0, 1), 2)
        self.add(
            "mannequin",
            "person",
            at,
            turn,
            height_m=round(tall, 2),
            build=round(self.between(0.05, 0.95), 2),
            pose=pose,
            hair_style=self.one_of("short", "short", "long", "long", "none"),
            coat=self.chance(0.3),
            **fields,
        )
        seat = 0.53 * tall - fields.get("seat_m", 0.45) if pose == "sit" else 0.0
        face = (at[0], at[1] + 0.925 * tall - seat, at[2])
        self.faces.append((face, turn))
        self.targets.append((at[0], at[1] + self.between(0.55, 0.9) * tall - seat, at[2]))

    def figures(self, count: int, width: float, near: float, far: float, y: float = 0.0) -> None:
        """Figures between z = far (negative) and near."""
        for _ in range(count):
            self.figure((self.between(-width, width), y, self.between(far, near)))

    def stand(self, count: int, low: Point, high: Point) -> None:
        """So many places for a camera in the box between two corners."""
        for _ in range(count):
            x, y, z = (self.between(min(a, b), max(a, b)) for a, b in zip(low, high, strict=True))
            self.eyes.append((x, y, z))

    def beside(self, at: Point, yaw: float, right: float, up: float, ahead: float) -> Point:
        """The place so far to the left (+x at yaw 0), up and ahead (+z at yaw 0) of another."""
        turn = math.radians(yaw)
        return (
            at[0] + right * math.cos(turn) + ahead * math.sin(turn),
            at[1] + up,
            at[2] - right * math.sin(turn) + ahead * math.cos(turn),
        )


def lamp_post(b: SetBuilder, x: float, z: float, low: float = 2.6, high: float = 4.8) -> None:
    tall = b.between(low, high)
    if b.chance(0.35):
        b.solid("cylinder", "streetlight", (x, 0.0, z), (0.3, tall, 0.3), light=b.glow(b.between(2, 6)))
        return
    b.solid("cylinder", "pole", (x, 0.0, z), (0.1, tall, 0.1))
    b.solid("sphere", "streetlight", (x, tall, z), (0.36, 0.36, 0.36), light=b.glow(b.between(2, 6)))


def lit_sphere(b: SetBuilder, class_name: str, at: Point, wide: float, strength: float) -> None:
    b.solid("sphere", class_name, at, (wide, wide * 0.85, wide), light=b.glow(strength))


def tree(b: SetBuilder, at: Point, tall: float | None = None) -> None:
    """A trunk and a crown, one lone blob, or a palm."""
    x, y, z = at
    stem = b.between(1.3, 3.5) if tall is None else tall
    wide = b.between(1.8, 4.5) * (stem / 2.5) ** 0.5
    kind = b.one_of("round", "round", "round", "fir", "fir", "blob", "palm")
    if kind == "palm":
        b.solid("cylinder", "palm", at, (0.28, stem * 1.5, 0.28))
        b.solid("sphere", "palm", (x, y + 1.35 * stem, z), (wide, 0.45 * wide, wide))
    elif kind == "blob":
        b.solid("sphere", "tree", at, (wide * 0.8, wide * 1.3, wide * 0.8))
    else:
        b.solid("cylinder", "tree", at, (0.3, stem, 0.3))
        if kind == "round":
            b.solid("sphere", "tree", (x, y + stem * 0.75, z), (wide, wide * b.between(0.8, 1.5), wide))
        else:
            b.solid("cone", "tree", (x, y + stem * 0.4, z), (wide * 0.8, wide * 2.0, wide * 0.8))
    b.seen((x, y + stem, z), wide)


def _sizes(size: Sequence[float]) -> list[float]:
    return [round(max(v, 0.01), 3) for v in size]
