"""The storyboard, read back by pypdf, and its words."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdf
import pytest

from director.camera.setups.phrase import shot_from
from director.camera.setups.shot import Picture
from director.camera.setups.sizes import SIZES
from director.camera.setups.solve import solve
from director.scene.compile import CompiledScene
from director.scene.landmarks import blocking_at
from director.take.exporters._camera import frame_cameras
from director.take.exporters._shot_size import shot_size
from director.take.exporters._source import open_source
from director.take.exporters.pdf import panel_words
from tests.unit.take.exporters.shooting import NOTE, export, recorded, room


def test_pages_hold_six_takes_each(take: Path, drop_take: Path, tmp_path: Path) -> None:
    (path,) = export("pdf", [take, drop_take], tmp_path / "board.pdf")
    read = pypdf.PdfReader(path)
    assert len(read.pages) == 1
    assert read.metadata is not None
    assert read.metadata.title == "the-room"
    assert read.pages[0].mediabox.width == pytest.approx(842, abs=1)
    image = read.pages[0].images[0].image
    assert image is not None
    picture = np.asarray(image.convert("RGB"))
    left, right = picture[110:380, 80:600], picture[110:380, 1200:1680]
    assert left.std() > 10
    assert right.min() > 250


def test_seven_takes_need_a_second_page(take: Path, tmp_path: Path) -> None:
    from director.take.exporters import ExportOptions
    from director.take.exporters.pdf import EXPORTER

    source = open_source(take)
    EXPORTER.export([source] * 7, tmp_path / "a.pdf", ExportOptions(), lambda share, words: None)
    EXPORTER.export([source] * 7, tmp_path / "b.pdf", ExportOptions(), lambda share, words: None)
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages) == 2
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_panel_tells_what_a_shot_is(take: Path, own_take: Path) -> None:
    words = panel_words(open_source(take), 3)
    assert words["number"] == "3"
    assert words["name"] == "round  take 1"
    assert words["move"] == "round"
    assert words["length"] == "00:00:00:10"
    assert words["prompt"].startswith("a foggy harbour")
    assert words["note"] == NOTE
    assert words["size"].endswith("anna")
    content = json.loads((own_take / "take.json").read_text(encoding="utf-8"))
    camera = {"kind": "move", "move": "round"}
    slate = {"dialogue": "Where to?"}
    content["scene"]["shots"] = [
        {"name": "round", "number": "12A", "camera": camera, "end_s": 1.0, "slate": slate}
    ]
    (own_take / "take.json").write_text(json.dumps(content), encoding="utf-8")
    words = panel_words(open_source(own_take), 3)
    assert words["number"] == "12A"
    assert words["note"] == f"“Where to?” {NOTE}"


@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_size_is_told_as_it_was_framed(size: str, tmp_path: Path) -> None:
    compiled = CompiledScene(room(tmp_path))
    blocking = blocking_at(compiled, 0.0)
    camera = solve(shot_from(f"{size} of anna", blocking.names), blocking, Picture(16 / 9)).camera
    source = open_source(recorded(tmp_path, [(1 / 24, 0.0, replace(camera, is_cut=False))] * 2))
    assert shot_size(source, compiled, frame_cameras(source)[0]) == f"{SIZES[size].abbreviation} anna"
