"""New words in the background: the old ones are heard until the new ones are there, and not by default."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import moderngl
import numpy as np
import pytest
import torch

from director.direction.evaluate import direction_at
from director.errors import UsageError
from director.generate.backends.diffusion import Diffusion
from director.generate.diffusion.architectures import TINY, random_parts
from director.generate.diffusion.words import Words
from director.generate.mailbox import MOST_BEHIND
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick

pytestmark = pytest.mark.usefixtures("one_thread")

_PATIENCE_S = 60.0


def _parts() -> Any:
    return random_parts(TINY, ("depth", "segmentation"), "euler", torch.device("cpu"), torch.float32)


def _backend(parts: Any, live: int) -> Diffusion:
    options: dict[str, float | str] = {"model": "sd-turbo", "history": "none", "live": live}
    made = Diffusion(GeneratorSettings(options=options))
    made.stream_with(parts, "random")
    return made


@contextmanager
def _held(parts: Any) -> Iterator[tuple[Event, Event]]:
    """Encoders that wait for the second event, having told by the first that they were begun."""
    begun, may_go_on = Event(), Event()

    def wait(*_: object) -> None:
        begun.set()
        assert may_go_on.wait(_PATIENCE_S)

    handle = parts.text_encoders[0].register_forward_pre_hook(wait)
    try:
        yield begun, may_go_on
    finally:
        may_go_on.set()
        handle.remove()


def _asked(gl: moderngl.Context) -> Conditioning:
    compiled = CompiledScene(load_scene("living_room"))
    conditioner = Conditioner(gl, compiled, 64, 64, Diffusion.maps)
    direction = direction_at("golden hour", {}, compiled.objects, 3, 1.0)
    camera = compiled.move("dolly-in").camera_at(1.0, compiled.locate)
    conditioner.draw(Tick(0, 1.0, 0.0), camera, direction)
    taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def test_what_is_asked_for_is_there_later_and_the_same() -> None:
    parts = _parts()
    at_once, words = Words(parts).embedding("thick fog"), Words(parts)
    with _held(parts) as (begun, may_go_on):
        assert not words.ask(["thick fog"])
        assert begun.wait(_PATIENCE_S)
        assert not words.ask(["thick fog", "snow"])
        assert not words.knows("thick fog")
        # Nobody waits for snow any more: it is never begun.
        assert not words.ask(["thick fog"])
        may_go_on.set()
        assert torch.equal(words.embedding("thick fog").tokens, at_once.tokens)
    assert words.ask(["thick fog"])
    words.close()
    assert len(words) == 1


def test_what_goes_wrong_in_the_background_is_raised() -> None:
    parts = _parts()
    words = Words(parts)

    def fail(*_: object) -> None:
        raise ValueError("no such word")

    parts.text_encoders[0].register_forward_pre_hook(fail)
    assert not words.ask(["thick fog"])
    with pytest.raises(ValueError, match="no such word"):
        words.embedding("thick fog")


@pytest.mark.parametrize("of_objects", [False, True])
def test_live_the_old_words_are_heard_until_the_new_ones_are_there(
    gl: moderngl.Context, of_objects: bool
) -> None:
    parts, asked = _parts(), _asked(gl)
    new = replace(asked.direction, prompt="a blizzard at night")
    if of_objects:
        told = {thing.id: "blue marble" for thing in asked.objects}
        new = replace(asked.direction, object_prompts=told)
    changed = replace(asked, direction=new)
    waiting, live = _backend(_parts(), 0), _backend(parts, 1)
    old_picture, new_picture = waiting.generate(asked).image, waiting.generate(changed).image
    assert not np.array_equal(old_picture, new_picture)
    assert np.array_equal(live.generate(asked).image, old_picture)
    with _held(parts) as (begun, may_go_on):
        assert np.array_equal(live.generate(changed).image, old_picture)
        assert begun.wait(_PATIENCE_S)
        frame = live.generate(changed)
        assert np.array_equal(frame.image, old_picture)
        # What it tells that it has heard makes the same picture where nothing is waited for.
        assert frame.conditioning is changed
        assert frame.heard is not None
        again = waiting.generate(replace(changed, direction=frame.heard))
        assert np.array_equal(again.image, old_picture)
        assert again.heard is None
        may_go_on.set()
    live.reset()
    # After a cut nothing is heard on: it waits.
    assert np.array_equal(live.generate(changed).image, new_picture)
    assert np.array_equal(live.generate(changed).image, new_picture)
    assert live.generate(changed).heard is None
    live.close()


def test_a_change_that_takes_its_time_waits_for_both_of_its_ends(gl: moderngl.Context) -> None:
    parts, asked = _parts(), _asked(gl)
    half = Direction("thick fog", leaving=Direction("snow"), arrived=0.5)
    changed = replace(asked, direction=half)
    waiting, live = _backend(_parts(), 0), _backend(parts, 1)
    old_picture = live.generate(asked).image
    with _held(parts):
        assert np.array_equal(live.generate(changed).image, old_picture)
    live.reset()
    assert np.array_equal(live.generate(changed).image, waiting.generate(changed).image)
    live.close()


def test_what_needs_no_reading_is_heard_at_once_while_words_are_read(gl: moderngl.Context) -> None:
    parts, asked = _parts(), _asked(gl)
    strengths = {thing.id: 0.5 for thing in asked.objects}
    look = {"control-depth": 0.25}
    new = replace(asked.direction, prompt="a blizzard", strengths=strengths, look=look, seed=9)
    changed = replace(asked, direction=new)
    waiting, live = _backend(_parts(), 0), _backend(parts, 1)
    live.generate(asked)
    with _held(parts):
        frame = live.generate(changed)
    assert frame.heard is not None
    assert (frame.heard.prompt, frame.heard.seed) == (asked.direction.prompt, 9)
    assert (frame.heard.strengths, frame.heard.look) == (strengths, look)
    again = waiting.generate(replace(changed, direction=frame.heard))
    assert np.array_equal(again.image, frame.image)
    live.close()


def test_live_is_yes_or_no() -> None:
    with pytest.raises(UsageError, match="live"):
        Diffusion(GeneratorSettings(options={"model": "sd-turbo", "live": 2}))


def test_no_more_pictures_are_in_the_making_than_can_be_told_apart() -> None:
    most: dict[str, float | str] = {"model": "sd-turbo", "live": 1, "batch": 1, "steps": MOST_BEHIND + 1}
    assert str(MOST_BEHIND) in Diffusion(GeneratorSettings(options=most)).words
    with pytest.raises(UsageError, match="in the making"):
        Diffusion(GeneratorSettings(options={**most, "steps": MOST_BEHIND + 2}))
