"""A video model of diffusers' real classes, tiny and seeded: what it hears, and a take drawn again by it."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from director.errors import GeneratorError, UsageError
from director.generate import generator
from director.generate.backends.wan_vace import WanVace
from director.generate.protocol import GeneratorSettings, Progress
from director.take.render import render
from director.take.render_plan import RenderRequest
from director.take.stored import open_take
from director.types import Conditioning
from tests.model.asked import shown
from tests.model.tiny_video import tiny_video, tiny_video_folder
from tests.unit.take.exporters.shooting import shoot_small

SIZE = (48, 32)


def quiet(share: float, words: str) -> None:
    """Nobody asked."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_video_folder(tmp_path_factory.mktemp("video") / "tiny video")


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Iterator[WanVace]:
    backend = generator(str(folder))(GeneratorSettings(device="cpu", threads=1))
    assert isinstance(backend, WanVace)
    backend.load(quiet)
    yield backend
    backend.close()


def asked(count: int, **changed: Any) -> list[Conditioning]:
    """A box that comes nearer."""
    found = []
    for i in range(count):
        one = shown(SIZE)
        depth = one.maps["depth"].copy()
        depth[one.maps["object"] == 2] -= 0.2 * i
        found.append(
            replace(
                one,
                tick=replace(one.tick, index=i),
                maps={**one.maps, "depth": depth},
                direction=replace(one.direction, prompt="a harbour, fog.", **changed),
            )
        )
    return found


def apart(a: Sequence[NDArray[np.uint8]], b: Sequence[NDArray[np.uint8]]) -> float:
    return float(np.abs(np.stack(a).astype(int) - np.stack(b).astype(int)).mean())


def test_a_clip_is_what_the_pipeline_makes(loaded: WanVace) -> None:
    clip = asked(9)
    ours = loaded.generate_clip(clip, [], quiet)
    pipeline = tiny_video()
    # Its own cleaning of words wants a package more, and changes nothing here.
    words = pipeline.tokenizer(
        ["a harbour, fog.", ""], padding="max_length", max_length=512, return_tensors="pt"
    )
    with torch.no_grad():
        read = pipeline.text_encoder(words.input_ids, words.attention_mask).last_hidden_state
    read = read * words.attention_mask[..., None]
    near = [1 / np.maximum(one.maps["depth"], one.view.near_m) for one in clip]
    low, high = 1 / clip[0].view.far_m, 1 / clip[0].view.near_m
    film = [np.clip((one - low) / (high - low), 0, 1) for one in near]
    from director.generate.video.wan import _seed

    theirs = pipeline(
        prompt_embeds=read[:1],
        negative_prompt_embeds=read[1:],
        video=[Image.fromarray(np.uint8(np.round(one * 255))).convert("RGB") for one in film],
        height=SIZE[1],
        width=SIZE[0],
        num_frames=9,
        num_inference_steps=2,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(_seed(clip[0].direction.seed, 0)),
    ).frames[0]
    assert len(ours) == 9
    assert np.abs(np.stack(ours) / 255 - theirs).max() < 0.6 / 255


def test_depth_words_and_seed_are_heard(loaded: WanVace) -> None:
    base = loaded.generate_clip(asked(5), [], quiet)
    assert apart(base, loaded.generate_clip(asked(5), [], quiet)) == 0
    nearer = [replace(one, maps={**one.maps, "depth": one.maps["depth"] * 0.05}) for one in asked(5)]
    assert apart(base, loaded.generate_clip(nearer, [], quiet)) > 0.001
    assert apart(base, loaded.generate_clip(asked(5, seed=2), [], quiet)) > 0.2
    told = asked(5, object_prompts={1: "gold"})
    assert apart(base, loaded.generate_clip(told, [], quiet)) > 0
    unseen = asked(5, object_prompts={7: "gold"})
    assert apart(base, loaded.generate_clip(unseen, [], quiet)) == 0


def test_a_clip_goes_on_from_what_is_known(loaded: WanVace) -> None:
    clip = asked(9)
    black = [np.zeros((SIZE[1], SIZE[0], 3), np.uint8)] * 5
    white = [np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)] * 5
    after_black, after_white = (loaded.generate_clip(clip, known, quiet) for known in (black, white))
    assert len(after_black) == len(after_white) == 4
    assert apart(after_black, after_white) > 0.2


def test_a_reference_is_heard_and_one_that_is_none_is_refused(loaded: WanVace, tmp_path: Path) -> None:
    picture = tmp_path / "look.png"
    Image.new("RGB", (40, 40), (200, 30, 30)).save(picture)
    base = loaded.generate_clip(asked(5), [], quiet)
    with_it = loaded.generate_clip(asked(5, references=(str(picture),)), [], quiet)
    assert len(with_it) == 5
    assert apart(base, with_it) > 0.2
    picture.write_text("no picture")
    with pytest.raises(GeneratorError, match=r"look\.png"):
        loaded.generate_clip(asked(5, references=(str(picture),)), [], quiet)


def test_a_take_is_rendered_in_clips_and_goes_on_where_it_was_ended(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = shoot_small(tmp_path / "takes", "round")
    request = RenderRequest(take, tmp_path / "whole", generator=str(folder))
    whole = render(request, quiet, lambda line: None)
    made = open_take(whole.take.folder)
    assert whole.frames == 10
    assert whole.kept == 0
    assert made.generator is not None
    assert made.generator["name"] == "tiny video"
    clips: list[int] = []
    own = WanVace.generate_clip

    def ended(
        self: WanVace, asked: Sequence[Conditioning], known: Sequence[NDArray[np.uint8]], progress: Progress
    ) -> list[NDArray[np.uint8]]:
        if len(clips) == 1 and not known_again:
            raise KeyboardInterrupt
        clips.append(len(asked) - len(known))
        return own(self, asked, known, progress)

    known_again = False
    monkeypatch.setattr(WanVace, "generate_clip", ended)
    request = replace(request, out=tmp_path / "ended")
    with pytest.raises(KeyboardInterrupt):
        render(request, quiet, lambda line: None)
    assert clips == [9]
    known_again = True
    again = render(request, quiet, lambda line: None)
    assert clips == [9, 1]
    assert (again.kept, again.sha256_frames) == (9, whole.sha256_frames)


def test_what_is_not_here_or_makes_no_sense_is_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    missing = WanVace(GeneratorSettings(device="cpu"))
    with pytest.raises(GeneratorError, match="director models fetch wan-vace"):
        missing.load(quiet)
    with pytest.raises(UsageError, match="knows no option turns"):
        WanVace(GeneratorSettings(options={"turns": 1}))
    with pytest.raises(UsageError, match="1 to 200 steps"):
        WanVace(GeneratorSettings(options={"steps": 0}))
    odd = tiny_video_folder(tmp_path / "odd", frames=10)
    with pytest.raises(GeneratorError, match="no clip has this shape"):
        generator(str(odd))(GeneratorSettings())
    with contextlib.suppress(FileNotFoundError):
        (odd / "director.json").unlink()
    for weights in (odd / "transformer").glob("*.safetensors"):
        weights.write_bytes(b"not weights")
    with pytest.raises(GeneratorError, match="transformer"):
        generator(str(odd))(GeneratorSettings(device="cpu")).load(quiet)


def test_pictures_are_no_larger_than_taught_and_on_the_grid() -> None:
    backend = WanVace(GeneratorSettings())
    for size in ((1280, 720), (512, 288), (500, 281), (1920, 800)):
        width, height = backend.size_for(*size)
        assert width % 16 == height % 16 == 0
        assert width <= size[0]
        assert height <= size[1]
        assert width * height <= 832 * 480
        assert abs(width / height / (size[0] / size[1]) - 1) < 0.06
