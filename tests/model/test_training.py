"""The data set, the training and its judgement: a short run of each, and what must hold of them."""

import json
from pathlib import Path

import moderngl
import numpy as np
import pytest
import torch

from director.generate.embedded.features import FEATURES, LIT
from director.generate.embedded.look import SCENE, SCENE_DEFAULT
from director.generate.embedded.materials import ROW
from director.generate.embedded.model import EmbeddedModel, save_generator
from director.generate.embedded.network import Network
from director.generate.embedded.pieces import PIECE, piece_rows
from director.scene.compile import CompiledScene
from director.scene.load import scene_names
from tools.teacher.render import Teacher
from tools.teacher.sets import KINDS, random_set
from tools.teacher.views import random_view
from tools.train import dataset, evaluate
from tools.train.losses import chroma, detail, plain_loss, psnr, ssim
from tools.train.screen import pane
from tools.train.shards import Shards
from tools.train.train import Settings, picture_of, train, worn
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


def test_a_shard_holds_what_a_generator_would_be_given_and_the_trial_too(data: Path) -> None:
    shards = Shards(data, "train")
    assert len(shards) == 4
    batch = shards.batch([(0, 0), (3, 2)], torch.float32)
    picture = (2, _SIZE[1], _SIZE[0])
    assert batch.features.shape == (*picture, FEATURES)
    assert batch.lit.shape == (*picture, LIT)
    assert torch.isfinite(batch.features).all()
    assert torch.isfinite(batch.lit).all()
    assert batch.ids.shape == batch.shelter.shape == picture
    assert batch.target.shape == (2, 3, *picture[1:])
    assert batch.target.std() > 0.02
    # Sky is where the ids and the light say so.
    assert torch.equal(batch.ids == 0, batch.lit[..., 7] == 1)
    # Only the first look of every third view was drawn a moment before.
    assert float(batch.history[0, 3].mean()) > 0.3
    assert not batch.history[1].any()
    # The trial sees proxies, which are fewer and plainer.
    rough = batch.rough
    assert rough.rows.shape == (2, 1 + dataset.MOST_OBJECTS, ROW)
    assert not rough.rows[:, 0].any()
    assert rough.ids.shape == rough.shadow.shape == picture
    assert len(np.unique(rough.ids[0])) < len(np.unique(batch.ids[0]))
    assert float(rough.normal.norm(dim=-1)[rough.ids > 0].mean()) == pytest.approx(1.0, abs=0.02)
    assert len(Shards(data, "held")) == 2


def test_each_pixel_finds_the_row_of_its_piece(data: Path) -> None:
    """Shards keep ids of all pieces of a set; a batch has rows of those in sight alone."""
    batch = Shards(data, "train").batch([(1, 1), (2, 0)], torch.float32)
    assert batch.rows.shape[0] == 2
    assert batch.rows.shape[2] == PIECE
    assert not batch.rows[:, 0].any()
    assert batch.rows.shape[1] == int(batch.ids.max()) + 1
    folder, kept = data / "train-00000", {}
    for name in ("object", "pieces", "materials"):
        kept[name] = np.load(folder / f"{name}.npy")[1]
    rows = piece_rows(kept["materials"][1].astype(np.float32), kept["pieces"])
    expected = np.concatenate([np.zeros((1, PIECE), np.float32), rows])[kept["object"]]
    assert np.array_equal(batch.rows[0][batch.ids[0].long()].numpy(), expected)
    # Of every piece in sight the owner is an object of the set.
    seen = np.unique(kept["object"])
    assert (kept["pieces"][seen[seen > 0] - 1, 0] > 0).all()


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
    other = tmp_path / "checkpoint.pt"
    torch.save({"average": Network().state_dict()}, other)
    for main, words in (
        (evaluate.main, ["--weights", str(tmp_path), *given]),
        (evaluate.main, ["--trial", str(tmp_path / "nothing.pt"), *given]),
        (evaluate.main, ["--trial", str(other), *given]),
        (evaluate.main, ["--trial", str(other)]),
        (evaluate.main, ["--data", str(tmp_path)]),
        (train_main, ["--trial", "--start", str(tmp_path), *given]),
    ):
        with pytest.raises(SystemExit) as exited:
            main(words)
        assert exited.value.code == 2
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
    assert set(figures) == {"psnr", "ssim", "chroma", "detail"}
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert kept["step"] == 3
    train(Settings(data, tmp_path, steps=5, batch=2))
    later = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert later["step"] == 5
    model = EmbeddedModel.from_pretrained(tmp_path / "weights" / "network", torch_dtype=torch.float32)
    for name, value in model.state_dict().items():
        assert torch.allclose(value, later["average"][name], rtol=2e-3, atol=1e-4), name


def test_what_was_trained_is_judged_beside_the_trial_by_one_command(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--trial"]):
        out = tmp_path / ("trial" if words else "generator")
        asked = ["--data", str(data), "--out", str(out), "--steps", "2", "--batch", "2", "--device", "cpu"]
        assert train_main([*asked, *words]) == 0
    # The trial is no generator to be shipped.
    assert not (tmp_path / "trial" / "weights").exists()
    weights, trial = tmp_path / "generator" / "weights", tmp_path / "trial" / "checkpoint.pt"
    capsys.readouterr()
    asked = ["--weights", str(weights), "--trial", str(trial), "--data", str(data), "--no-sheets"]
    assert evaluate.main([*asked, "--out", str(tmp_path / "judged")]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["held_out_pictures"] == 6
    shares = ("psnr", "ssim", "chroma_share", "detail_share")
    assert found.keys() == {"held_out_pictures", "psnr_gain", *shares, *(f"trial_{name}" for name in shares)}
    assert 3 < found["trial_psnr"] < found["psnr"] < 60
    assert found["psnr_gain"] == pytest.approx(found["psnr"] - found["trial_psnr"])
    # Each judges by itself what it judges beside the other.
    assert evaluate.trial_figures(trial, data)["ssim"] == pytest.approx(found["trial_ssim"])


def test_the_frame_wise_baseline_is_trained_on_a_pane_and_without_a_history(
    data: Path, tmp_path: Path, gl: moderngl.Context
) -> None:
    before = pane(gl, _SIZE)
    own, screen = Shards(data, "train"), Shards(data, "train", pane=before)
    assert own.size == _SIZE
    first, second = (shards.batch([(1, 0), (2, 0)], torch.float32) for shards in (own, screen))
    assert torch.equal(second.structure[0, ..., :11], second.structure[1, ..., :11])
    assert torch.equal(second.structure[0, ..., :11], torch.from_numpy(before[..., :11]))
    assert torch.equal(second.structure[..., 11:], first.structure[..., 11:])
    assert not torch.equal(second.features, first.features)
    train(Settings(data, tmp_path, steps=2, batch=1, screen=True))
    model = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["model"]
    # Nobody has asked it about a history: what tells of one is as it was at the start.
    assert not model["before.weight"].any()


def test_training_begins_with_other_weights_as_far_as_they_fit(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(5)
    start = EmbeddedModel(late_width=16)
    save_generator(start, tmp_path / "other")
    # At a rate of nothing what was taken over stays.
    train(Settings(data, tmp_path, steps=1, batch=1, rate=0.0, start=tmp_path / "other"))
    said = capsys.readouterr().out
    assert "left: detail.bias" in said
    model = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["model"]
    fits = {name for name, value in start.state_dict().items() if value.shape == model[name].shape}
    assert f"{len(fits)} of {len(model)}" in said
    assert {"detail.weight", "detail.bias", "meet.weight", "meet.bias", "head.weight"} == model.keys() - fits
    for name in fits:
        assert torch.equal(model[name], start.state_dict()[name].half().float()), name


def test_it_learns(data: Path) -> None:
    torch.manual_seed(0)
    batch = Shards(data, "train").batch([(0, 0), (1, 1)], torch.float32)
    network = Network(16, (16, 24, 32), 8, 16, 32, 24)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    values = []
    for _ in range(60):
        value = plain_loss(picture_of(network(*batch.inputs), batch), batch.target)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(value.detach()))
    assert np.mean(values[-5:]) < 0.75 * values[0]


def test_a_worn_history_is_trusted_no_more_than_before() -> None:
    random = np.random.default_rng(0)
    history = torch.full((8, 4, 12, 16), 0.5)
    history[:, 3, :, :8] = 1.0
    history[:, 3, :, 8:] = 0.0
    made = worn(history, random)
    assert float(made[:, :3].min()) >= 0
    assert float(made[:, :3].max()) <= 1
    assert not made[:, 3, :, 8:].any()
    trusted = made[:, 3, :, :8].mean((1, 2))
    # Some have none at all; of the others most is left, with holes.
    assert 0 < int((trusted == 0).sum()) < 8
    assert 0.6 < float(trusted[trusted > 0].mean()) < 1.0
    assert 0.01 < float((made[:, :3] - 0.5).abs().mean()) < 0.15


def test_figures_are_those_of_the_literature() -> None:
    torch.manual_seed(0)
    a = torch.rand(1, 3, 32, 32)
    assert psnr(a, a + 0.1) == pytest.approx(20.0, abs=1e-3)
    assert float(ssim(a, a)) == pytest.approx(1.0)
    assert float(ssim(a, 1 - a)) < 0
    assert float(plain_loss(a, a)) == pytest.approx(0.0, abs=1e-6)
    assert chroma(a.mean(1, keepdim=True).expand_as(a)) == pytest.approx(0.0, abs=1e-6)
    assert chroma(torch.tensor([1.0, 0.0, 0.0])[None, :, None, None]) == pytest.approx((2 / 3) ** 0.5)
    assert float(detail(torch.full((1, 3, 32, 32), 0.4)).abs().max()) < 1e-6
    # Of white noise so much is left: 1 − 2 k(0, 0) + Σ k² of the Gaussian kernel k.
    assert float(detail(a).square().mean()) == pytest.approx(float(a.var()) * 0.894, rel=0.05)
