"""What wet floors mirror, against the mirrored ray worked out by hand."""

import numpy as np
import torch

from director.camera.view import view_of
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.mirror import mirrored_pixels
from director.types import CameraState, Lens

_WIDTH, _HEIGHT = 96, 64
_EYE = np.array([0.3, 1.6, 4.0])
_WALL_Z, _WALL_TOP = -6.0, 5.0


def _room() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Depth and normal heights of a floor at 0 and a wall before sky, their rays, and clip_from_world."""
    place = (float(_EYE[0]), float(_EYE[1]), float(_EYE[2]))
    view = view_of(CameraState(place, (0.0, 0.0, 0.0, 1.0), Lens()), _WIDTH / _HEIGHT, 0.1, 100.0, None)
    rays = view_rays(view)
    u = (np.arange(_WIDTH) + 0.5) / _WIDTH
    v = (np.arange(_HEIGHT) + 0.5) / _HEIGHT
    ray = rays[0] + rays[1] * u[None, :, None] + rays[2] * v[:, None, None]
    to_floor = np.where(ray[..., 1] < 0, -_EYE[1] / np.minimum(ray[..., 1], -1e-6), np.inf)
    to_wall = np.where((_EYE + ray * (_EYE[2] - _WALL_Z))[..., 1] < _WALL_TOP, _EYE[2] - _WALL_Z, np.inf)
    depth = np.minimum(to_floor, to_wall)
    up = (to_floor < to_wall).astype(np.float32)
    return (
        torch.from_numpy(depth.astype(np.float32)),
        torch.from_numpy(up),
        torch.from_numpy(rays),
        torch.from_numpy(view.clip_from_world.astype(np.float32)),
    )


def test_a_floor_shows_the_pixel_that_its_mirrored_ray_meets() -> None:
    depth, up, rays, clip = _room()
    still = torch.full((_HEIGHT, _WIDTH, 16), 127, dtype=torch.uint8)
    eye = torch.from_numpy(_EYE.astype(np.float32))
    found = mirrored_pixels(depth, up, rays, eye, clip, still)
    assert found is not None
    checked = 0
    for row in range(_HEIGHT):
        for column in range(_WIDTH):
            if found[row, column] < 0:
                continue
            uv = np.array([(column + 0.5) / _WIDTH, (row + 0.5) / _HEIGHT])
            ray = (rays[0] + rays[1] * uv[0] + rays[2] * uv[1]).numpy()
            met = _EYE + ray * float(depth[row, column])
            hit = met + ray * [1, -1, 1] * (met[2] - _WALL_Z)
            ahead = hit - _EYE
            shown_x = ahead[0] / -ahead[2]
            shown_y = ahead[1] / -ahead[2]
            expected_u = (shown_x - float(rays[0, 0])) / float(rays[1, 0])
            expected_v = (shown_y - float(rays[0, 1])) / float(rays[2, 1])
            assert abs(int(found[row, column]) % _WIDTH + 0.5 - expected_u * _WIDTH) <= 2
            assert abs(int(found[row, column]) // _WIDTH + 0.5 - expected_v * _HEIGHT) <= 3
            checked += 1
    assert checked > 100


def test_only_floors_mirror_and_without_one_there_is_nothing() -> None:
    depth, up, rays, clip = _room()
    still = torch.full((_HEIGHT, _WIDTH, 16), 127, dtype=torch.uint8)
    eye = torch.from_numpy(_EYE.astype(np.float32))
    found = mirrored_pixels(depth, up, rays, eye, clip, still)
    assert found is not None
    assert (found[up == 0] == -1).all()
    assert mirrored_pixels(depth, torch.zeros_like(up), rays, eye, clip, still) is None
