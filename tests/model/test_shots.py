"""Moving shots are judged along the exact motion of what is seen in them."""

from pathlib import Path

import moderngl
import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from director.camera.view import view_of
from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.model import EmbeddedModel, save_generator
from director.math3d import look_rotation
from director.passes.geometry import Geometry
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FinishedScene
from director.types import CameraState, Lens
from tools.teacher.render import Finished
from tools.train.phrases import phrase_figures
from tools.train.shots import _Motion, detail_energy, shot_figures, warp_error

pytestmark = pytest.mark.usefixtures("one_thread")

_SIZE = (64, 48)


def _noise(count: int) -> list[np.ndarray]:
    random = np.random.default_rng(2)
    return [random.integers(0, 256, (48, 64, 3), dtype=np.uint8) for _ in range(count)]


def _seen(motion_px: float, ids: np.ndarray | None = None) -> dict[str, np.ndarray]:
    motion = np.zeros((48, 64, 2), np.float16)
    motion[..., 0] = motion_px / 64
    object_ids = np.ones((48, 64), np.uint16) if ids is None else ids
    return {"depth": np.full((48, 64), 5.0, np.float32), "object": object_ids, "motion": motion}


def test_what_moves_as_it_should_has_no_warp_error() -> None:
    (still,) = _noise(1)
    moved = np.roll(still, 4, axis=1)
    right, wrong = (warp_error([still, moved], [_seen(0), _seen(motion)]) for motion in (4, 0))
    assert right < 0.002
    assert wrong > 0.2


def test_only_what_both_pictures_show_is_judged() -> None:
    one, other = _noise(2)
    ids = np.ones((48, 64), np.uint16)
    ids[:, 32:] = 2
    mixed = np.concatenate([one[:, :32], other[:, 32:]], 1)
    changed = np.where(ids == 2, 3, ids).astype(np.uint16)
    # The right half is of another thing now, whose picture is its own affair.
    assert warp_error([one, mixed], [_seen(0, ids), _seen(0, changed)]) < 0.002
    assert warp_error([one, mixed], [_seen(0, ids), _seen(0, ids)]) > 0.1
    nothing = [_seen(0), _seen(0, np.full((48, 64), 2, np.uint16))]
    assert np.isnan(warp_error([one, mixed], nothing))
    assert warp_error([one, one, one], [*nothing, nothing[1]]) == pytest.approx(0.0, abs=1e-6)


def test_a_blurred_shot_has_less_detail() -> None:
    sharp = _noise(2)
    planes = torch.from_numpy(np.stack(sharp)).permute(0, 3, 1, 2).float()
    blurred = functional.avg_pool2d(planes, 3, 1, 1).permute(0, 2, 3, 1).to(torch.uint8).numpy()
    assert detail_energy(list(blurred)) < 0.3 * detail_energy(sharp)
    assert detail_energy([np.full_like(sharp[0], 90)]) < 1e-9


def test_motion_is_that_of_finished_surfaces(gl: moderngl.Context) -> None:
    """Where on its object a pixel lies is known, and sticks to surfaces: moved, it must be found again."""
    size = (160, 90)
    walk = [{"time_s": 0, "position": [-1, 0, 0]}, {"time_s": 4, "position": [3, 0, 0]}]
    objects = [
        {"kind": "plane", "class": "road", "name": "ground", "size": [40.0, 40.0]},
        {"kind": "box", "class": "car", "name": "car", "size": [1.8, 1.4, 4.4], "keys": walk},
    ]
    compiled = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "one", "objects": objects}))
    finished, network = FinishedScene(compiled), Finished(gl, *size)
    rigid = Geometry(gl, is_rigid=True)
    motion, view = _Motion(gl, size, rigid), None
    seen, anchors = [], []
    for index in range(2):
        camera = CameraState(
            (2.0 - 0.2 * index, 2.0, 6.0), look_rotation(np.array([-2.0, -1.4, -6.0])), Lens()
        )
        view = view_of(camera, size[0] / size[1], 0.1, 200.0, view)
        state = finished.at(compiled.at(index / 2))
        seen.append(motion.draw(state, view))
        maps = network.maps(state, view, 0)
        assert np.array_equal(maps["object"], seen[-1]["object"])
        anchors.append(maps["anchor"])
    motion.release()
    rigid.release()
    before, now = seen
    car = 1 + np.flatnonzero(finished.pieces[:, 0] == 2)
    on_car = np.isin(now["object"], np.intersect1d(car, before["object"]))
    assert on_car.mean() > 0.1
    row, column = np.nonzero(on_car)
    moved = now["motion"].astype(float)[row, column] * size
    assert np.abs(moved[:, 0]).mean() > 5
    there = np.stack([row - moved[:, 1], column - moved[:, 0]]).round().astype(int)
    inside = (there >= 0).all(0) & (there[0] < size[1]) & (there[1] < size[0])
    gap = np.linalg.norm(anchors[1][row, column][inside] - anchors[0][tuple(there[:, inside])], axis=-1)
    # Within a pixel, which is about six centimetres there; it has driven half a metre.
    assert np.median(gap) < 0.06
    assert np.percentile(gap, 90) < 0.2


def test_every_shot_leaves_a_picture_and_a_short_drift_is_judged(
    gl: moderngl.Context, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    model = EmbeddedModel(pixel_width=16, widths=(16, 24, 32), table_width=32)
    torch.nn.init.normal_(model.before.weight, std=0.1)
    save_generator(model, tmp_path)
    found = shot_figures(gl, tmp_path, tmp_path, 1, 2, 3, threads=1, size=_SIZE)
    assert np.isfinite(list(found.values())).all()
    assert {"warp_error_ratio", "proxies_warp_error_ratio", "detail_ratio", "drift_last"} <= found.keys()
    assert found["warp_error_ratio"] == pytest.approx(found["warp_error"] / found["warp_error_teacher"])
    assert found["warp_error"] != found["warp_error_with_history"]
    assert found["drift_most"] > 0
    strip = np.asarray(Image.open(tmp_path / "shot-00.png"))
    assert strip.shape == (3 * _SIZE[1], 2 * _SIZE[0], 3)
    # The teacher's is the last row.
    assert strip[2 * _SIZE[1] :].std() > 5


def test_a_phrase_is_drawn_as_it_is_heard_and_as_it_is_meant(gl: moderngl.Context) -> None:
    told: list[str] = []
    found = phrase_figures(gl, WEIGHTS, 2, lambda share, words: told.append(words), threads=1, size=(96, 64))
    assert found["phrases"] == len(told) == 2
    # The look that is meant is the teacher's own: only the network is between the two pictures.
    assert found["phrases_psnr_meant"] > found["phrases_psnr_said"] > 8
    assert 0 <= found["phrases_within"] <= 1
