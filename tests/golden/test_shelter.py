"""Shelter against rays straight up, and what the weather makes of it."""

from typing import Any

import numpy as np

from director.generate.embedded.indoors import indoor_share, indoors
from director.generate.embedded.look import SCENE, SCENE_DEFAULT
from director.passes.conditioner import Conditioner
from director.types import Conditioning, Direction, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera, cast, inner, pixel_rays

WIDTH, HEIGHT = 160, 90
FLOOR = Thing("box", (0, -0.4, 0), (24, 0.4, 24), colour=(0.5, 0.5, 0.5))
ROOF = Thing("box", (2, 2.6, 0), (5, 0.2, 5))
_FOG = SCENE.index("fog_density")


def _shot(gl: Any, subject: TestSet) -> Conditioning:
    conditioner = Conditioner(gl, subject, WIDTH, HEIGHT, frozenset({"shelter", "object"}))
    conditioner.draw(Tick(0, 0.0, 0.0), camera((1.0, 3.2, 9.0), 0.1, -0.3), Direction())
    taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def test_what_lies_under_something_is_sheltered_whatever_the_sun_does(gl: Any) -> None:
    for sun in ((0.5, 0.8, 0.4), (-0.9, 0.3, 0.3)):
        subject = TestSet([FLOOR, ROOF, Thing("box", (-4, 0, 1), (1, 1.4, 1), 0.5)], sun=sun)
        shot = _shot(gl, subject)
        eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
        hits = cast(subject, 0.0, eye, rays, near=0.3)
        surface = hits.object_id > 0
        upwards = np.broadcast_to(np.array([0.0, 1.0, 0.0]), rays.shape)

        def overhead(aside: tuple[float, float]) -> Any:
            above = hits.world + 1e-3 * hits.normal + (aside[0], 0.03, aside[1])  # noqa: B023
            return cast(subject, 0.0, above, upwards, 1e-4).object_id > 0  # noqa: B023

        # Rain drifts half a metre: what is open or covered that far about is wholly so.
        around = [overhead((0.7 * x, 0.7 * z)) for x in (-1, 0, 1) for z in (-1, 0, 1)]
        level = surface & (hits.normal[..., 1] > 0.9) & inner(hits.object_id, 2)
        covered, open_to_sky = level & np.all(around, 0), level & ~np.any(around, 0)
        assert covered.sum() > 300
        assert open_to_sky.sum() > 2000
        shelter = shot.maps["shelter"]
        assert (shelter[covered] > 250).mean() > 0.99
        assert (shelter[open_to_sky] < 5).mean() > 0.99
        assert (shelter[~surface & inner(surface)] == 0).all()
        # Its edge is soft.
        assert ((shelter > 40) & (shelter < 215)).sum() > 20


def test_fog_stays_out_of_rooms_and_in_streets() -> None:
    look = np.array(list(SCENE_DEFAULT.values()), np.float32)
    look[_FOG] = 0.7
    ids = np.ones((40, 60), np.uint16)
    roofed = np.full(ids.shape, 255, np.uint8)
    assert indoor_share(roofed, ids) == 1.0
    assert indoors(look, 1.0)[_FOG] < 0.4
    window = ids.copy()
    window[5:15, 5:20] = 0
    assert indoor_share(np.where(window > 0, roofed, 0).astype(np.uint8), window) > 0.9
    street = roofed.copy()
    street[:, :35] = 0
    assert indoor_share(street, ids) == 0.0
    assert np.array_equal(indoors(look, 0.0), look)
    # Looking out from under a roof, the weather is what is seen.
    porch = ids.copy()
    porch[:22] = 0
    assert indoor_share(np.where(porch > 0, roofed, 0).astype(np.uint8), porch) < 0.05
    # What is thinner already stays as it is.
    look[_FOG] = 0.2
    assert np.array_equal(indoors(look, 1.0), look)
