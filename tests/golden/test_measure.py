"""Takes measured: shot here, small and short, with the proxy and the embedded generator."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from director.cli.main import main
from director.errors import TakeError
from director.scene.load import load_scene
from director.take.measure import Measures, measure
from director.take.shoot import shoot
from director.take.stage import Request
from director.take.stored import open_take

FIGURES = ("warp_error", "flicker", "detail_kept", "edge_recall", "edge_offset_px", "drift")


def _silent(share: float, words: str) -> None:
    pass


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    request = Request(
        load_scene("living_room"), width=192, height=108, fps=Fraction(6), generator="embedded", prompt="noon"
    )
    return shoot(request, tmp_path_factory.mktemp("takes"), 1.5, _silent).take.folder


@pytest.fixture(scope="module")
def measured(take: Path) -> Measures:
    return measure(take, _silent)


def test_a_take_is_read_back_as_it_was_shot(take: Path) -> None:
    stored = open_take(take)
    assert (stored.width, stored.height, stored.fps) == (192, 108, Fraction(6))
    assert stored.shown == tuple(range(9))
    pictures = list(stored.pictures())
    assert len(pictures) == 9
    with Image.open(take / "thumbnail.png") as thumbnail:
        there = np.asarray(thumbnail.convert("RGB"), np.float32)
    assert np.abs(pictures[4].astype(np.float32) - there).mean() < 1.5


def test_every_figure_is_there_and_in_its_range(measured: Measures) -> None:
    assert measured.notes == ()
    assert measured.frames == 9
    assert set(measured.figures) == set(FIGURES)
    figures = {name: value for name, value in measured.figures.items() if value is not None}
    assert set(figures) == set(FIGURES)
    assert 0 < figures["warp_error"] < 0.05
    assert 0.6 < figures["detail_kept"] < 1.1
    assert figures["edge_recall"] > 0.7
    assert figures["edge_offset_px"] <= 1
    assert figures["drift"] < 0.05
    assert len(measured.seconds) == 2
    assert measured.objects["sofa base"]["warp_error"] is not None


def test_a_film_that_boils_is_less_steady(take: Path, measured: Measures, tmp_path: Path) -> None:
    from director.take.film import Film

    boiling = tmp_path / "take"
    shutil.copytree(take, boiling)
    stored = open_take(take)
    pictures = [picture.astype(np.float32) for picture in stored.pictures()]
    (boiling / "video.mp4").unlink()
    film = Film(boiling / "video.mp4", stored.width, stored.height, stored.fps)
    for index, picture in enumerate(pictures):
        film.write(np.clip(picture + (12 if index % 2 else -12), 0, 255).astype(np.uint8))
    film.close()
    found = measure(boiling, _silent, quick=True)
    assert found.figures["detail_kept"] is None
    for name, least in (("warp_error", 15 / 255), ("flicker", 30 / 255)):
        before, after = measured.figures[name], found.figures[name]
        assert before is not None
        assert after is not None
        assert after > max(before, least)


def test_the_command_tells_and_draws_it(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "plot.png"
    assert main(["measure", str(take), "--quick", "--plot", str(plot), "--json"]) == 0
    data = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(FIGURES) < set(data)
    assert data["latency_ms"] is None
    assert data["frames"] == 9
    with Image.open(plot) as image:
        assert image.size[0] == 920


def test_what_is_no_take_is_told(tmp_path: Path, take: Path) -> None:
    with pytest.raises(TakeError, match=r"no take\.json"):
        open_take(tmp_path)
    broken = tmp_path / "take"
    shutil.copytree(take, broken)
    (broken / "track.jsonl").write_text("nonsense\n")
    with pytest.raises(TakeError, match=r"track\.jsonl:1"):
        open_take(broken)


def test_other_weights_are_no_reference(take: Path, tmp_path: Path) -> None:
    other = tmp_path / "take"
    shutil.copytree(take, other)
    document = json.loads((other / "take.json").read_text("utf-8"))
    document["generator"]["weights_sha256"] = "0" * 64
    (other / "take.json").write_text(json.dumps(document), "utf-8")
    found = measure(other, _silent)
    assert found.figures["detail_kept"] is None
    assert found.figures["warp_error"] is not None
    assert "other weights" in found.notes[0]


def test_a_steadied_take_is_steadier_and_as_sharp(tmp_path: Path) -> None:
    found = {}
    for amount in (0.0, 0.6):
        request = Request(
            load_scene("night_alley"), width=192, height=108, fps=Fraction(12), stabiliser=amount
        )
        take = shoot(request, tmp_path / str(amount), 1.5, _silent).take
        found[amount] = measure(take.folder, _silent).figures
    raw, steady = found[0.0], found[0.6]
    for name in ("warp_error", "flicker"):
        before, after = raw[name], steady[name]
        assert before is not None
        assert after is not None
        assert after < 0.95 * before
    assert steady["detail_kept"] is not None
    assert raw["detail_kept"] is not None
    assert steady["detail_kept"] > 0.85 * raw["detail_kept"]


def test_a_take_larger_than_its_generator_draws_is_measured(tmp_path: Path) -> None:
    request = Request(load_scene("living_room"), width=640, height=360, fps=Fraction(6))
    found = measure(shoot(request, tmp_path, 0.5, _silent).take.folder, _silent)
    assert found.notes == ()
    kept = found.figures["detail_kept"]
    assert kept is not None
    assert 0.6 < kept < 1.2


def test_a_film_that_cannot_be_read_is_told_and_a_short_one_noted(take: Path, tmp_path: Path) -> None:
    from director.errors import RecordingError
    from director.take.film import Film

    broken = tmp_path / "take"
    shutil.copytree(take, broken)
    (broken / "video.mp4").write_bytes(b"no film at all")
    with pytest.raises(RecordingError, match=r"video\.mp4: cannot be read"):
        measure(broken, _silent, quick=True)
    (broken / "video.mp4").unlink()
    stored = open_take(take)
    film = Film(broken / "video.mp4", stored.width, stored.height, stored.fps)
    for picture in list(stored.pictures())[:4]:
        film.write(picture)
    film.close()
    found = measure(broken, _silent, quick=True)
    assert found.frames == 4
    assert "4 of the 9 frames" in found.notes[0]


def test_latency_is_of_first_displays_alone(take: Path, tmp_path: Path) -> None:
    live = tmp_path / "take"
    shutil.copytree(take, live)
    rows = [json.loads(row) for row in (live / "track.jsonl").read_text("utf-8").splitlines()]
    # Three pictures, each shown for three ticks while it ages.
    for index, row in enumerate(rows):
        row["generated_tick"] = index // 3
        row["latency_ms"] = 100.0 * (index // 3 + 1) + 1000.0 * (index % 3)
        # As takes of earlier versions are.
        del row["picture"]
    (live / "track.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    document = json.loads((live / "take.json").read_text("utf-8"))
    document["settings"]["picture_rate"] = 5.0
    (live / "take.json").write_text(json.dumps(document), "utf-8")
    found = measure(live, _silent, quick=True)
    assert found.latency_ms == {"p50": 200.0, "p95": 300.0, "p99": 300.0}
    assert found.deadline_miss == pytest.approx(1 / 3)


def test_rates_and_lens_effects_are_those_of_each_line(take: Path, tmp_path: Path) -> None:
    live = tmp_path / "take"
    shutil.copytree(take, live)
    rows = [json.loads(row) for row in (live / "track.jsonl").read_text("utf-8").splitlines()]
    assert rows[0]["picture"]["generated_size"] == [192, 108]
    # A rate was asked for in the last third alone, then twice of it; the shutter was on in two frames.
    for index, row in enumerate(rows):
        row["generated_tick"], row["latency_ms"] = index, 150.0
    rows[5]["picture"] = {"picture_rate": 5.0, "shutter_angle_deg": 180.0}
    rows[7]["picture"] = {"picture_rate": 10.0, "shutter_angle_deg": 0.0}
    (live / "track.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = measure(live, _silent, quick=True)
    assert found.deadline_miss == pytest.approx(2 / 4)
    assert any("blurs 2 frames of this take" in note for note in found.notes)
