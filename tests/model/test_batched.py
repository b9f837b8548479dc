"""Pictures in the making together: what comes out is what one after another gives, and says what it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.generate import generator
from director.generate.protocol import GeneratorSettings
from director.types import Conditioning
from tests.model.asked import shown
from tests.model.tiny_adapter import save_adapter, save_picture
from tests.model.tiny_diffusion import save_tiny
from tests.model.tiny_pipelines import parts_of

pytestmark = pytest.mark.usefixtures("one_thread")

_STEPS = 3


@pytest.fixture(scope="module", params=["sd", "xl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = save_tiny(tmp_path_factory.mktemp(request.param) / "tiny", is_xl=request.param == "xl")
    save_adapter(made, parts_of(made).unet)
    return made


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("pictures") / "red.png"
    save_picture(path, 3)
    return str(path)


def _made(name: str, **options: float | str) -> Any:
    settings = GeneratorSettings(threads=1, options={"history": "none", "steps": _STEPS, **options})
    made = generator(name)(settings)
    made.load(lambda share, words: None)
    return made


def _asked(count: int, **look: float) -> list[Conditioning]:
    """Of as many ticks: another noise, other words of the scene and of another object each."""
    found = []
    for index in range(count):
        one = shown(seed=index)
        thing = one.objects[index % len(one.objects)]
        direction = replace(
            one.direction,
            prompt=("golden hour", "thick fog", "snow")[index % 3],
            object_prompts={thing.id: ("blue marble", "gold", "wet bark")[index % 3]},
            look=look,
        )
        found.append(replace(one, tick=replace(one.tick, index=index), direction=direction))
    return found


def _come(backend: Any, asked: list[Conditioning], want: int) -> list[tuple[int, Any]]:
    """(which is answered, picture) of each push, after words that were read in the background are there."""
    for one in asked:
        backend._hearing._words.ask([one.direction.prompt, *one.direction.object_prompts.values()])
    while len(backend._hearing._words) < want:
        for one in asked:
            backend._hearing._words.embedding(one.direction.prompt)
            for said in one.direction.object_prompts.values():
                backend._hearing._words.embedding(said)
    came = []
    for one in asked:
        frame = backend.generate(one)
        assert frame.heard is None
        came.append((asked.index(frame.conditioning), frame.image.astype(int)))
    return came


@pytest.mark.parametrize("guidance", [1.0, 2.0])
@pytest.mark.parametrize("references", [False, True])
def test_it_is_one_after_another_so_many_pictures_later(
    folder: Path, picture: str, guidance: float, references: bool
) -> None:
    name = str(folder)
    options: dict[str, float | str] = {"guidance": guidance, "live": 1}
    if references:
        options["references"] = f"box={picture}"
    batched, alone = _made(name, batch=1, **options), _made(name, **options)
    assert batched.words == "batched, 2 pictures behind"
    assert alone.words == ""
    asked = _asked(6)
    came = _come(batched, asked, 6)
    assert [answered for answered, _ in came] == [0, 0, 0, 1, 2, 3]
    theirs = [image for _, image in _come(alone, asked, 6)]
    assert not np.array_equal(theirs[0], theirs[1])
    for answered, image in came:
        assert np.abs(image - theirs[answered]).max() <= 1
    # After a cut the first comes at once.
    batched.reset()
    assert batched.generate(asked[4]).conditioning is asked[4]
    batched.close()
    alone.close()


def test_other_weights_of_a_control_begin_anew(folder: Path) -> None:
    batched, alone = _made(str(folder), batch=1, live=1), _made(str(folder), live=1)
    asked = [*_asked(2), *_asked(2, **{"control-depth": 0.25})]
    came = _come(batched, asked, 4)
    theirs = [image for _, image in _come(alone, asked, 4)]
    assert [answered for answered, _ in came] == [0, 0, 2, 2]
    assert all(np.abs(image - theirs[answered]).max() <= 1 for answered, image in came)


def test_where_a_picture_is_waited_for_it_is_not_batched(folder: Path) -> None:
    waited = _made(str(folder), batch=1)
    assert waited.words == ""
    for one in _asked(3):
        assert waited.generate(one).conditioning is one
