"""Wheels: tyre, rim and spokes about the x axis, the outer side towards +X."""

import numpy as np

from director.scene.finish.forms import disc, merged, moved, slab
from director.scene.finish.loft import around, ring_solid, tubes
from director.scene.mesh import Mesh

__all__ = ["spoked_wheel", "wheel", "wire_wheel"]

Pieces = list[tuple[Mesh, str]]


def _turned_about_x(profile: list[tuple[float, float]], sides: int) -> Mesh:
    """A solid about x: (x, radius) from the lowest x up."""
    angles = around(sides)
    # Rings that run along +x go round from +z over −y to be seen right from outside.
    return ring_solid(np.array([[(x, -r * np.sin(a), r * np.cos(a)) for a in angles] for x, r in profile]))


def wheel(radius: float, wide: float, seed: int, both: bool = False, style: str | None = None) -> Pieces:
    """A car's wheel about its own middle. `both` gives it a face on either side."""
    random = np.random.default_rng([seed, 61])
    r, w = radius, wide
    style = style or str(random.choice(["five", "ten", "disc"], p=[0.45, 0.35, 0.2]))
    rim = 0.66 if style != "disc" else 0.60
    tyre = [
        (-0.47, rim), (-0.50, 0.82), (-0.44, 0.955), (-0.30, 1.0),
        (0.30, 1.0), (0.44, 0.955), (0.50, 0.82), (0.48, rim), (0.42, rim - 0.06),
    ]  # fmt: skip
    pieces: Pieces = [(_turned_about_x([(x * w, q * r) for x, q in tyre], 22), "rubber")]
    bright = [
        _turned_about_x(
            [
                (x * w, q * r)
                for x, q in (
                    (0.30, rim + 0.03),
                    (0.47, rim + 0.03),
                    (0.485, rim - 0.01),
                    (0.47, rim - 0.05),
                    (0.30, rim - 0.05),
                )
            ],
            18,
        )
    ]
    if style == "disc":
        bright.append(
            _turned_about_x(
                [
                    (x * w, q * r)
                    for x, q in (
                        (0.2, 0.57),
                        (0.44, 0.56),
                        (0.46, 0.40),
                        (0.42, 0.34),
                        (0.47, 0.16),
                        (0.49, 0.05),
                    )
                ],
                16,
            )
        )
    else:
        count = 5 if style == "five" else 10
        broad = 0.085 if style == "five" else 0.045
        for k in range(count):
            spoke = slab((0.34 * w, 0.10 * r, -broad * r), (0.47 * w, (rim - 0.03) * r, broad * r))
            bright.append(moved(spoke, _about_x(2 * np.pi * k / count)))
        bright.append(_turned_about_x([(0.30 * w, 0.17 * r), (0.48 * w, 0.15 * r), (0.50 * w, 0.06 * r)], 10))
    if both:
        flip = np.diag([-1.0, 1.0, 1.0, 1.0])
        bright += [moved(mesh, flip) for mesh in bright]
    pieces.append((merged(bright), "chrome" if style != "disc" or random.random() < 0.5 else "steel"))
    return pieces


def wire_wheel(radius: float, thick: float, spokes: int = 18) -> Pieces:
    """A bicycle's wheel."""
    turn = np.linspace(0, 2 * np.pi, 29)
    r = radius - thick
    loop = np.stack([0 * turn, r * np.sin(turn), r * np.cos(turn)], -1)
    wires = [disc((0, 0, 0), 0.075 * radius, 3 * thick, "x", 8)]
    for k in range(spokes):
        a = 2 * np.pi * k / spokes
        side = thick * (1.2 if k % 2 else -1.2)
        hub, rim = np.array([side, 0, 0]), np.array([0, r * np.sin(a), r * np.cos(a)])
        wires.append(tubes(np.array([hub, rim]), 0.0016 + 0.002 * radius, 3))
    inner = loop * ((r - 1.1 * thick) / r)
    return [(tubes(loop, thick, 8), "rubber"), (merged([*wires, tubes(inner, 0.45 * thick, 5)]), "steel")]


def spoked_wheel(radius: float, wide: float, seed: int) -> Pieces:
    """A motorcycle's wheel: a fat tyre on a cast rim, both sides alike."""
    return wheel(radius, wide, seed, both=True, style="five")


def _about_x(angle: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1.0]])
