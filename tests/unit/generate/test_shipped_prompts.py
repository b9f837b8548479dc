"""The shipped sets say nothing that their own generator does not understand."""

import pytest

from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.text import TextUnderstanding
from director.scene.finish.writing import without_writing
from director.scene.load import load_scene, scene_names


@pytest.mark.parametrize("name", scene_names())
def test_every_prompt_of_a_shipped_set_is_understood(name: str) -> None:
    text, scene = TextUnderstanding.load(WEIGHTS / "text"), load_scene(name)
    # What is quoted is written on its thing, and not to be understood.
    lost = {
        word
        for item in scene.objects
        for word in text.material(without_writing(item.prompt), item.class_name).not_understood
    }
    assert not lost
    assert text.scene(scene.prompt).not_understood == ()
