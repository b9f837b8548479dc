"""Pages: what finished things show straight on, and an atlas that is taught them by themselves."""

from pathlib import Path

import moderngl
import numpy as np
import pytest

from director.generate.embedded.painter.palette import GROUPS
from director.generate.embedded.painter.places import INSETS, PAGE_LAYERS, PAGES, SIDE
from director.scene.mesh import Mesh
from director.scene.shapes import box
from tools.teacher.finish.forms import merged, moved
from tools.teacher.finish.stuff import stuff_index
from tools.teacher.pages import INSET, NORMAL, THROUGH, PageCamera
from tools.train import pages as taught
from tools.train.substances import group_of_stuff

_GLASS = next(i for i, group in enumerate(GROUPS) if group.name == "glass")


def _block(low: tuple[float, float, float], high: tuple[float, float, float]) -> Mesh:
    size = np.subtract(high, low)
    place = np.diag([*size, 1.0])
    place[:3, 3] = np.add(low, high) / 2 - (0, size[1] / 2, 0)
    return moved(box(), place)


def test_a_page_shows_its_face_of_the_finished_thing(gl: moderngl.Context) -> None:
    # A box of 2 × 1 × 1 m, of which the right half stands 0.4 m behind the front; a pane on its left half.
    own, glass = stuff_index("own"), stuff_index("glass")
    body = [_block((-1, 0, -0.5), (0, 1, 0.5)), _block((0, 0, -0.5), (1, 1, 0.1))]
    pane = _block((-0.9, 0.4, 0.49), (-0.1, 0.9, 0.51))
    meshes = {own: merged(body), glass: pane}
    pages = PageCamera(gl, group_of_stuff()).pages(meshes, (2.0, 1.0, 1.0), has_bays=False, is_person=False)
    assert pages.shape == (PAGES, SIDE, SIDE, len(GROUPS) + PAGE_LAYERS)
    front = pages[3]
    at = {"pane": (26, 10), "wall": (5, 10), "recess": (20, 30)}
    substance = {name: int(front[v, u, : len(GROUPS)].argmax()) for name, (v, u) in at.items()}
    assert substance == {"pane": _GLASS, "wall": 0, "recess": 0}
    assert front[at["wall"]][INSET] == pytest.approx(0.0, abs=1e-3)
    assert front[at["recess"]][INSET] == pytest.approx(0.4, abs=1e-3)
    assert front[at["recess"]][NORMAL] == pytest.approx([0, 0, 1], abs=1e-3)
    # Seen from the right the pane is edge on; seen from behind all is one wall.
    assert pages[4][..., 0].mean() > 0.9
    assert pages[0][20, 20][NORMAL] == pytest.approx([1, 0, 0], abs=1e-3)
    shares = pages[:5, ..., : len(GROUPS)].sum(-1) + pages[:5, ..., THROUGH]
    assert shares == pytest.approx(1.0, abs=1e-4)
    assert pages[:5, ..., INSET].min() >= INSETS[0]
    assert not pages[5:].any()


def test_an_atlas_learns_pages_and_goes_on_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taught, "_CHUNK", 12)
    words = ["--out", str(tmp_path), "--things", "24", "--batch", "4", "--device", "cpu"]
    assert taught.main([*words, "--minutes", "0.05"]) == 0
    first = capsys.readouterr().out
    assert "24/24 things drawn" in first
    assert taught.main([*words, "--minutes", "0.1"]) == 0
    second = capsys.readouterr().out
    assert "drawn" not in second
    steps = [int(out.split("step ")[-1].split(":")[0]) for out in (first, second)]
    assert steps[1] > steps[0] > 0
    assert (tmp_path / "atlas.safetensors").exists()
