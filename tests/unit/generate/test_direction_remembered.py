"""What a direction asks for is worked out once, and anew when anything of it has changed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.direction_look import Interpreter
from director.generate.embedded.text import TextUnderstanding
from director.types import Conditioning, Direction, Lamp, SceneObject, Tick, View


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter(TextUnderstanding.load(WEIGHTS / "text"))


def _asked(direction: Direction) -> Conditioning:
    eye = np.eye(4)
    sofa = SceneObject(1, "sofa", "sofa", "green velvet", (0.5, 0.5, 0.5), (2.0, 0.9, 0.9))
    return Conditioning(Tick(0, 0.0, 0.0), View(eye, eye, eye, 0.1, 10.0), {}, direction, (sofa,), (0, 1, 0))


def test_what_is_asked_again_is_remembered(interpreter: Interpreter) -> None:
    first = interpreter.directed(_asked(Direction("night", {1: "red leather"})))
    # Equal, and not the same objects: as they come out of a pipe.
    assert interpreter.directed(_asked(Direction("night", {1: "red leather"}))) is first


def test_every_part_of_it_counts(interpreter: Interpreter) -> None:
    asked = _asked(Direction("night", {1: "red leather"}))
    first = interpreter.directed(asked)
    lamp = Lamp(1, (0.0, 2.0, 0.0), (1.0, 0.9, 0.8), 4.0)
    sofa = replace(asked.objects[0], class_name="wall")
    directions = (
        Direction("noon", {1: "red leather"}),
        Direction("night", {1: "blue leather"}),
        Direction("night", {1: "red leather"}, strengths={1: 0.5}),
        Direction("night", {1: "red leather"}, look={"exposure": 0.9}),
        Direction("night", {1: "red leather"}, leaving=Direction("noon"), arrived=0.5),
    )
    others = [replace(asked, direction=direction) for direction in directions]
    others += [replace(asked, lamps=(lamp,)), replace(asked, objects=(sofa,))]
    for other in others:
        found = interpreter.directed(other)
        assert found is not first
        assert not (np.array_equal(found.look, first.look) and np.array_equal(found.rows, first.rows))
        again = interpreter.directed(asked)
        assert np.array_equal(again.look, first.look)
        assert np.array_equal(again.rows, first.rows)


def test_a_reference_that_is_painted_over_is_looked_at_again(
    interpreter: Interpreter, tmp_path: Path
) -> None:
    path = tmp_path / "mood.png"
    looks = []
    for colour in ((200, 40, 30), (20, 60, 200)):
        Image.new("RGB", (32, 18), colour).save(path)
        for direction in (
            Direction("street", references=(str(path),)),
            Direction("street", leaving=Direction("street", references=(str(path),)), arrived=0.2),
        ):
            looks.append(interpreter.directed(_asked(direction)).look)
    assert not np.array_equal(looks[0], looks[2])
    assert not np.array_equal(looks[1], looks[3])
