"""What random sets are built from: a builder that collects objects, and the pieces it knows."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = [
    "Json",
    "Point",
    "SetBuilder",
    "car",
    "facade_piece",
    "furniture",
    "hut",
    "prop",
    "street_lamp",
    "tree",
]

Json = dict[str, Any]
Point = tuple[float, float, float]


@dataclass
class SetBuilder:
    random: np.random.Generator
    objects: list[Json] = field(default_factory=list)
    eyes: list[Point] = field(default_factory=list)
    targets: list[Point] = field(default_factory=list)

    def between(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def side(self) -> float:
        return float(self.random.choice([-1, 1]))

    def one_of(self, *options: str) -> str:
        return str(self.random.choice(options))

    def add(
        self, kind: str, class_name: str, at: Point, yaw: float = 0.0, pitch: float = 0.0, **fields: Any
    ) -> None:
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

    def box(self, class_name: str, at: Point, size: Point, yaw: float = 0.0, **fields: Any) -> None:
        self.add("box", class_name, at, yaw, size=[round(max(v, 0.01), 3) for v in size], **fields)

    def glow(self, strength: float) -> Json:
        hue = self.random.random(3)
        colour = 0.35 + 0.65 * hue / hue.max() if self.chance(0.5) else np.array([1.0, 0.8, 0.55])
        return {
            "colour": "#" + "".join(f"{int(255 * v):02x}" for v in colour),
            "strength": round(strength, 3),
        }

    def figure(self, at: Point, yaw: float | None = None) -> None:
        self.add(
            "mannequin",
            "person",
            at,
            self.between(0, 360) if yaw is None else yaw,
            height_m=round(self.between(1.5, 1.95), 2)
            if self.chance(0.92)
            else round(self.between(0.9, 1.3), 2),
            build=round(self.between(0.1, 0.9), 2),
            pose=self.one_of("stand", "stand", "walk", "walk", "point", "lean", "sit"),
        )
        self.targets.append((at[0], at[1] + self.between(0.9, 1.6), at[2]))

    def figures(self, count: int, width: float, near: float, far: float) -> None:
        for _ in range(count):
            self.figure((self.between(-width, width), 0.0, self.between(near, far)))


def facade_piece(b: SetBuilder, side: int, face: float, z: float, height: float) -> None:
    what = b.one_of("sign", "sign", "door", "awning", "balcony", "window", "pipe")
    if what == "sign":
        lit: Json = {"light": b.glow(b.between(0.3, 2.5))} if b.chance(0.7) else {}
        if b.chance(0.5):
            b.box(
                "signboard",
                (face - side * 0.45, b.between(2.2, min(height, 5)), z),
                (0.8, b.between(0.5, 1.8), 0.12),
                0.0,
                **lit,
            )
        else:
            b.box(
                "signboard",
                (face - side * 0.08, b.between(2.3, min(height, 4)), z),
                (0.14, b.between(0.4, 0.9), b.between(0.9, 2.6)),
                0.0,
                **lit,
            )
    elif what == "door":
        b.box("door", (face, 0.0, z), (0.12, 2.1, 1.0))
    elif what == "awning":
        b.box("awning", (face - side * 0.6, 2.5, z), (1.2, 0.12, b.between(1.5, 3)))
    elif what == "balcony":
        b.box(
            "railing",
            (face - side * 0.4, b.between(2.8, max(2.9, height - 1)), z),
            (0.8, 0.9, b.between(1.2, 2.6)),
        )
    elif what == "window":
        b.box("windowpane", (face, 1.0, z), (0.1, 1.4, b.between(1, 2.4)))
    else:
        b.add("cylinder", "pole", (face - side * 0.12, 0.0, z), size=[0.12, round(height, 2), 0.12])


def street_lamp(b: SetBuilder, x: float, z: float) -> None:
    tall = b.between(2.6, 4.6)
    b.add("cylinder", "pole", (x, 0.0, z), size=[0.1, round(tall, 2), 0.1])
    b.add("sphere", "streetlight", (x, tall, z), size=[0.36, 0.36, 0.36], light=b.glow(b.between(1.5, 6)))


def prop(b: SetBuilder, at: Point) -> None:
    what = b.one_of("box", "barrel", "bench", "bin", "plant", "ball", "car", "cone", "stack", "tree")
    turn = b.between(0, 360)
    x, _, z = at
    if what == "box":
        s = b.between(0.4, 1.2)
        b.box("box", at, (s, s * b.between(0.6, 1.2), s * b.between(0.7, 1.4)), turn)
    elif what == "barrel":
        b.add("cylinder", "barrel", at, size=[0.6, 0.9, 0.6])
    elif what == "bench":
        b.box("bench", (x, 0.42, z), (1.6, 0.08, 0.45), turn)
        b.box("bench", at, (1.2, 0.42, 0.2), turn)
    elif what == "bin":
        b.add("cylinder", "ashcan", at, size=[0.5, 1.0, 0.5])
    elif what == "plant":
        b.add("cone", "pot", at, size=[0.5, 0.5, 0.5], top_share=1.0)
        b.add("sphere", "plant", (x, 0.45, z), size=[0.9, b.between(0.7, 1.3), 0.9])
    elif what == "ball":
        s = b.between(0.25, 1.6)
        b.add("sphere", b.one_of("ball", "sculpture", "rock"), at, size=[s, s, s])
    elif what == "car":
        car(b, at, turn)
    elif what == "cone":
        b.add("cone", "sculpture", at, size=[0.7, b.between(0.6, 2), 0.7])
    elif what == "stack":
        for k in range(3):
            b.box("box", (x, 0.5 * k, z), (0.7, 0.5, 0.6), turn + 20 * k)
    else:
        tree(b, at)
    if b.chance(0.5):
        b.targets.append((x, 0.6, z))


def tree(b: SetBuilder, at: Point) -> None:
    x, y, z = at
    tall = b.between(1.5, 4)
    b.add("cylinder", "tree", at, size=[0.3, round(tall, 2), 0.3])
    wide = b.between(1.5, 4)
    if b.chance(0.6):
        b.add(
            "sphere",
            "tree",
            (x, y + tall * 0.75, z),
            size=[round(wide, 2), round(wide * b.between(0.8, 1.5), 2), round(wide, 2)],
        )
    else:
        b.add(
            "cone",
            "tree",
            (x, y + tall * 0.4, z),
            size=[round(wide * 0.8, 2), round(wide * 1.8, 2), round(wide * 0.8, 2)],
        )


def car(b: SetBuilder, at: Point, yaw: float) -> None:
    x, y, z = at
    length, wide = b.between(3.6, 4.8), b.between(1.6, 1.9)
    name = b.one_of("car", "car", "van")
    body = b.between(0.55, 0.8)
    b.box(name, (x, y + 0.3, z), (wide, body, length), yaw, round_m=0.15)
    turn = math.radians(yaw)
    back = 0.25
    b.box(
        "windowpane",
        (x - back * math.sin(turn), y + 0.3 + body - 0.05, z - back * math.cos(turn)),
        (wide * 0.86, 0.55, length * 0.5),
        yaw,
        round_m=0.12,
    )
    for side in (-1, 1):
        for end in (-1, 1):
            dx, dz = side * wide * 0.46, end * length * 0.3
            b.add(
                "sphere",
                "car",
                (
                    x + dx * math.cos(turn) + dz * math.sin(turn),
                    y,
                    z - dx * math.sin(turn) + dz * math.cos(turn),
                ),
                yaw,
                size=[0.25, 0.66, 0.66],
            )
    b.targets.append((x, y + 0.8, z))


def furniture(b: SetBuilder, x: float, z: float) -> None:
    what = b.one_of("table", "sofa", "chair", "shelf", "cabinet", "bed", "lamp", "plant", "box", "ball")
    turn = float(b.random.choice([0, 90, 180, 270])) + b.between(-8, 8)
    if what == "table":
        wide, deep, high = b.between(0.8, 1.8), b.between(0.6, 1.0), b.between(0.4, 0.8)
        b.box("table", (x, high - 0.05, z), (wide, 0.06, deep), turn)
        b.box("table", (x, 0.0, z), (wide * 0.6, high - 0.05, 0.1), turn)
        b.box(
            b.one_of("book", "vase", "plate"),
            (x + 0.1, high + 0.01, z),
            (0.24, b.between(0.03, 0.3), 0.2),
            turn + 20,
        )
    elif what == "sofa":
        wide = b.between(0.9, 2.2)
        b.box("sofa", (x, 0.0, z), (wide, 0.42, 0.85), turn, round_m=0.06)
        r = math.radians(turn)
        b.box(
            "sofa",
            (x - 0.36 * math.sin(r), 0.3, z - 0.36 * math.cos(r)),
            (wide, 0.5, 0.2),
            turn,
            round_m=0.06,
        )
        b.box("cushion", (x, 0.42, z), (0.42, 0.16, 0.4), turn + 15, round_m=0.05)
    elif what == "chair":
        b.box("chair", (x, 0.42, z), (0.45, 0.06, 0.45), turn)
        r = math.radians(turn)
        b.box("chair", (x - 0.2 * math.sin(r), 0.42, z - 0.2 * math.cos(r)), (0.45, 0.5, 0.05), turn)
        b.box("chair", (x, 0.0, z), (0.36, 0.42, 0.36), turn)
    elif what == "shelf":
        b.box("bookcase", (x, 0.0, z), (b.between(0.7, 1.4), b.between(1.2, 2.2), 0.35), turn)
    elif what == "cabinet":
        b.box(
            b.one_of("cabinet", "wardrobe", "refrigerator"),
            (x, 0.0, z),
            (0.8, b.between(0.8, 1.9), 0.6),
            turn,
        )
    elif what == "bed":
        b.box("bed", (x, 0.0, z), (1.5, 0.5, 2.0), turn, round_m=0.08)
        b.box("pillow", (x, 0.5, z), (0.6, 0.14, 0.4), turn, round_m=0.06)
    elif what == "lamp":
        b.add("cylinder", "lamp", (x, 0.0, z), size=[0.06, 1.4, 0.06])
        b.add(
            "cone",
            "lamp",
            (x, 1.4, z),
            size=[0.45, 0.35, 0.45],
            top_share=0.6,
            light=b.glow(b.between(0.6, 2.5)),
        )
    else:
        prop(b, (x, 0.0, z))
    if b.chance(0.5):
        b.targets.append((x, 0.6, z))


def hut(b: SetBuilder, at: Point) -> None:
    w, h, d = b.between(3, 7), b.between(2.4, 5), b.between(3, 8)
    yaw = b.between(0, 360)
    b.box(b.one_of("house", "hovel", "building"), at, (w, h, d), yaw)
    b.add(
        "cone",
        "house",
        (at[0], h, at[2]),
        yaw + 45,
        size=[round(1.5 * w, 2), round(b.between(0.8, 2.5), 2), round(1.5 * d, 2)],
        sides=4,
    )
