"""The data set, the training and its judgement: a short run of each, and what must hold of them."""

from pathlib import Path

import moderngl
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from director.generate.embedded.look import SCENE, SCENE_DEFAULT
from director.generate.embedded.materials import ROW
from director.generate.embedded.model import PainterModel, save_generator
from director.generate.embedded.painter.network import Painter
from director.generate.embedded.painter.palette import GROUPS
from director.scene.compile import CompiledScene
from director.scene.load import scene_names
from tools.teacher.render import Teacher
from tools.teacher.sets import KINDS, random_set
from tools.teacher.views import random_view
from tools.train import dataset, evaluate, shots
from tools.train.losses import loss, psnr, ssim
from tools.train.shards import Shards
from tools.train.train import Settings, picture_of, train
from tools.train.train import main as train_main

_SIZE = (64, 48)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    _render(folder)
    return folder


def _render(folder: Path, views: int = 4, held_out: int = 2, workers: int = 2) -> None:
    size = "x".join(str(value) for value in _SIZE)
    counts = {"--views": views, "--held-out": held_out, "--shard": 2, "--workers": workers}
    numbers = [str(word) for pair in counts.items() for word in pair]
    assert dataset.main(["--out", str(folder), "--size", size, *numbers]) == 0


def test_sets_follow_from_their_seed_and_come_in_every_kind() -> None:
    made = [random_set(seed) for seed in range(40)]
    assert {chosen.kind for chosen in made} == set(KINDS)
    assert random_set(7).scene == made[7].scene
    assert len({chosen.scene.model_dump_json() for chosen in made}) == len(made)
    for chosen in made:
        assert chosen.eyes
        assert chosen.targets
        assert chosen.scene.name not in scene_names()
        assert 2 <= len(chosen.scene.objects) <= dataset.MOST_OBJECTS


def test_the_teacher_draws_the_same_again_and_follows_look_and_material(gl: moderngl.Context) -> None:
    chosen = random_set(3)
    state = CompiledScene(chosen.scene).at(0.0)
    teacher = Teacher(gl, *_SIZE)
    view = random_view(chosen, _SIZE[0] / _SIZE[1], np.random.default_rng(1))
    maps = teacher.look_at(state, view, 0).maps
    assert maps["structure"].shape == (_SIZE[1], _SIZE[0], 16)
    look = np.array(list(SCENE_DEFAULT.values()), np.float32)
    rows = np.full((len(state.objects), ROW), 0.3, np.float32)
    rows[:, -1] = 0
    first = teacher.picture(look, rows)
    assert np.array_equal(first, teacher.picture(look, rows))
    for name in ("sun_strength", "fog_density", "exposure", "ink", "wet", "brush"):
        other = look.copy()
        other[SCENE.index(name)] = 0.9
        assert np.abs(teacher.picture(other, rows).astype(int) - first).mean() > 0.3, name
    red = rows.copy()
    red[:, :6] = (0.9, 0.05, 0.05) * 2
    assert teacher.picture(look, red)[..., 0].mean() > first[..., 0].mean()


def test_a_shard_holds_what_a_generator_would_be_given_and_what_the_teacher_knows(data: Path) -> None:
    shards = Shards(data, "train")
    assert len(shards) == 4
    batch = shards.batch([(0, 0), (3, 2)], torch.float32)
    picture = (2, _SIZE[1], _SIZE[0])
    assert batch.sight.features.shape[:3] == batch.sight.ids.shape == picture
    assert torch.isfinite(batch.sight.features).all()
    assert torch.isfinite(batch.sight.coarse).all()
    assert batch.target.shape == (2, 3, *picture[1:])
    assert batch.target.std() > 0.02
    assert not batch.rows[:, 0].any()
    assert int(batch.groups.max()) < len(GROUPS)
    # The sky and what is seen past a proxy are of no substance of the proxy's.
    assert ((batch.groups >= 0) == (batch.solid & (batch.sight.lit.sky == 0))).all()
    assert float(batch.normal.abs().max()) <= 2.1
    # Only the first look of every third view was drawn a moment before.
    assert float(batch.history[0, 3].mean()) > 0.3
    assert not batch.history[1].any()
    assert len(Shards(data, "held")) == 2


def test_rendering_goes_on_where_it_stopped(data: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in data.rglob("*.npy")}
    _render(data)
    assert before == {file: file.stat().st_mtime_ns for file in data.rglob("*.npy")}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--size", "32x32"], "size"),
        (["--shard", "3"], "shard"),
        (["--views", "3"], "views"),
        (["--held-out", "1"], "held_out"),
    ],
)
def test_another_data_set_is_not_mixed_in(
    data: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    same = ["--out", str(data), "--size", "64x48", "--views", "4", "--held-out", "2", "--shard", "2"]
    with pytest.raises(SystemExit):
        dataset.main([*same, *words])
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_what_cannot_be_is_said_in_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(data), "--out", str(tmp_path)]
    for main, words in (
        (evaluate.main, ["--weights", str(tmp_path), *given]),
        (train_main, ["--trial", "--start", str(tmp_path), *given]),
    ):
        with pytest.raises(SystemExit):
            main(words)
        assert capsys.readouterr().err.count("\n") == 1


def test_one_worker_renders_what_two_rendered(data: Path, tmp_path: Path) -> None:
    _render(tmp_path, held_out=0, workers=1, views=2)
    (shard,) = tmp_path.glob("train-*")
    for file in sorted(shard.glob("*.npy")):
        once, again = np.load(file), np.load(data / shard.name / file.name)
        assert np.array_equal(once, again, equal_nan=once.dtype.kind == "f"), file.name


def test_a_short_training_checkpoints_goes_on_and_is_saved_as_diffusers_has_it(
    data: Path, tmp_path: Path
) -> None:
    figures = train(Settings(data, tmp_path, steps=3, batch=2))
    assert set(figures) == {"psnr", "ssim", "chroma", "detail", "substances"}
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert kept["step"] == 3
    train(Settings(data, tmp_path, steps=5, batch=2))
    later = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert later["step"] == 5
    model = PainterModel.from_pretrained(tmp_path / "weights" / "network", torch_dtype=torch.float32)
    for name, value in model.state_dict().items():
        assert torch.allclose(value, later["average"][name], rtol=2e-3, atol=1e-4), name
    judged = evaluate.figures(tmp_path / "weights", data)
    assert judged["held_out_pictures"] == 6
    assert 3 < judged["psnr"] < 60
    assert 0 <= judged["substances_right"] <= 1


def test_training_begins_with_taught_pages_and_other_weights_as_far_as_they_fit(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taught = {f"atlas.{name}": value + 0.01 for name, value in Painter().atlas.state_dict().items()}
    save_file(taught, tmp_path / "atlas.safetensors")
    save_generator(PainterModel(late_width=16), tmp_path / "other")
    chosen = Settings(
        data,
        tmp_path,
        steps=2,
        batch=1,
        start=tmp_path / "other",
        pages=tmp_path / "atlas.safetensors",
        keep_pages=True,
    )
    train(chosen)
    said = capsys.readouterr().out
    assert "left: about.bias" in said
    assert f"{len(taught)} of" in said
    model = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["model"]
    changed = {name for name, value in taught.items() if not torch.equal(model[name], value)}
    assert changed == {"atlas.out.weight"}


def test_the_network_to_measure_against_trains_too(data: Path, tmp_path: Path) -> None:
    figures = train(Settings(data, tmp_path, steps=2, batch=2, trial=True))
    assert 3 < figures["psnr"] < 60
    assert not (tmp_path / "weights").exists()


def test_it_learns(data: Path) -> None:
    torch.manual_seed(0)
    batch = Shards(data, "train").batch([(0, 0), (1, 1)], torch.float32)
    network = Painter(16, (16, 24, 32), 16, 32, 24, 8, 6, 4)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    values = []
    for _ in range(60):
        value = loss(picture_of(network(*batch.inputs), batch), batch.target)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(value.detach()))
    assert np.mean(values[-5:]) < 0.75 * values[0]


def test_every_shot_leaves_a_picture_and_a_short_drift_is_judged(
    gl: moderngl.Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shots, "_SIZE", _SIZE)
    save_generator(PainterModel(widths=(16, 24, 32), stock=6), tmp_path)
    found = shots.shot_figures(gl, tmp_path, tmp_path, 2, 2, 3, threads=1)
    assert np.isfinite(list(found.values())).all()
    assert {"warp_error_ratio", "drift_last"} <= found.keys()
    assert len(list(tmp_path.glob("shot-*.png"))) == 2


def test_figures_are_those_of_the_literature() -> None:
    a = torch.rand(1, 3, 32, 32)
    assert psnr(a, a + 0.1) == pytest.approx(20.0, abs=1e-3)
    assert float(ssim(a, a)) == pytest.approx(1.0)
    assert float(ssim(a, 1 - a)) < 0
    assert float(loss(a, a)) == pytest.approx(0.0, abs=1e-6)
