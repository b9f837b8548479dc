"""What the shared types promise beyond holding values."""

import dataclasses
import pickle

import numpy as np
import pytest

from director import errors, types
from director.errors import DirectorError, MissingExtra, SceneError, UsageError
from director.types import CameraState, Correction, Direction, GBufferArrays, View

PUBLIC = [getattr(types, name) for name in types.__all__]
CLASSES: list[type] = [
    found for found in PUBLIC if isinstance(found, type) and dataclasses.is_dataclass(found)
]


@pytest.mark.parametrize("kind", CLASSES, ids=[kind.__name__ for kind in CLASSES])
def test_types_are_frozen_slotted_and_documented(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}("), "a docstring of its own"


def test_every_public_name_is_there() -> None:
    assert len(CLASSES) >= 11
    assert all(hasattr(types, name) for name in types.__all__)


def test_a_camera_is_still_and_continues_by_default() -> None:
    camera = CameraState((0, 0, 0), (0, 0, 0, 1))
    assert camera.correction == Correction()
    assert not camera.is_cut
    with pytest.raises(dataclasses.FrozenInstanceError):
        camera.position = (1, 1, 1)  # type: ignore[misc]


def test_clip_from_world_is_world_to_view_to_clip() -> None:
    view_from_world = np.diag([1.0, 2, 3, 1])
    clip_from_view = np.eye(4)
    clip_from_view[0, 3] = 5
    view = View(view_from_world, clip_from_view, np.eye(4), 0.1, 10)
    np.testing.assert_array_equal(view.clip_from_world @ [1, 1, 1, 1], [6, 2, 3, 1])


def test_a_direction_crosses_processes_whole() -> None:
    direction = Direction(
        prompt="a rainy night",
        object_prompts={1: "a red car", 7: ""},
        seed=2**62,
        strengths={1: 0.5},
        locks=frozenset({7}),
        references=("face.png",),
        look={"contrast": 0.3},
        leaving=Direction(prompt="noon"),
        arrived=0.25,
    )
    again = pickle.loads(pickle.dumps(direction))
    assert again == direction
    assert again.object_prompts[7] == ""


def test_directions_without_settings_share_nothing_that_can_change() -> None:
    direction = Direction()
    assert pickle.loads(pickle.dumps(direction)) == direction
    with pytest.raises(TypeError):
        direction.object_prompts[1] = "no"  # type: ignore[index]


def test_arrays_are_named_as_the_table_of_the_g_buffer() -> None:
    names = [field.name for field in dataclasses.fields(GBufferArrays)]
    assert names == ["depth", "object", "normal", "motion", "anchor", "base"]


@pytest.mark.parametrize(
    "error",
    [
        DirectorError("broke", subject="thing", mend="mend it"),
        SceneError("is not a number", file="a.json", field="objects[2].position", mend="give metres"),
        UsageError("no such move", subject="--move"),
        MissingExtra("usd-core", extra="usd"),
    ],
)
def test_errors_cross_processes_and_are_one_line(error: DirectorError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert "\n" not in str(error)
    assert again.exit_status == (2 if isinstance(error, errors.BadInput) else 1)


def test_an_error_names_file_field_and_mend() -> None:
    error = SceneError("is not a\nnumber", file="a.json", field="sun", mend="give degrees")
    assert str(error) == "a.json: sun: is not a number (give degrees)"
    assert issubclass(SceneError, errors.BadInput)


def test_directions_that_differ_in_locks_alone_ask_for_the_same_picture() -> None:
    left = Direction(prompt="noon", locks=frozenset({3}))
    held = Direction(prompt="dusk", locks=frozenset({1, 2}), leaving=left, arrived=0.3)
    free = Direction(prompt="dusk", leaving=Direction(prompt="noon"), arrived=0.3)
    assert held != free
    assert held.unlocked == free == free.unlocked
    assert free.unlocked is free, "nothing to take away, nothing made"
    assert held.unlocked != Direction(prompt="dusk", leaving=left, arrived=0.4).unlocked
