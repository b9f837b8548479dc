"""Every bad scene file ends in one line that names the file, the field and the mend."""

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.errors import SceneError
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, parse_scene

Document = dict[str, Any]


def put(*path: str | int, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        here: Any = document
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        here: Any = document
        for step in path[:-1]:
            here = here[step]
        del here[path[-1]]

    return change


BAD: dict[str, tuple[Callable[[Document], None], str, str]] = {
    # what is wrong: the change, the field that the error must name, a word it must say
    "unknown field": (put("objects", 1, "colr", value="#ffffff"), "objects[1].colr", "did you mean colour"),
    "unknown field at the top": (put("sunn", value={}), "sunn", "not a field"),
    "field of another kind": (put("objects", 1, "height_m", value=2), "objects[1].height_m", "not a field"),
    "wrong type": (put("near_m", value="near"), "near_m", "number"),
    "number as text": (put("objects", 1, "size", 0, value="1"), "objects[1].size[0]", "number"),
    "true as number": (put("far_m", value=True), "far_m", "number"),
    "wrong class": (put("objects", 1, "class", value="bookcse"), "objects[1].class", "bookcase"),
    "everyday class": (put("objects", 1, "class", value="couch"), "objects[1].class", "sofa"),
    "class left out": (drop("objects", 1, "class"), "objects[1].class", "missing"),
    "unknown kind": (put("objects", 1, "kind", value="torus"), "objects[1]", "mannequin"),
    "kind left out": (drop("objects", 1, "kind"), "objects[1]", "kind"),
    "NaN": (put("objects", 1, "position", 2, value=math.nan), "objects[1].position[2]", "finite"),
    "infinity": (put("groups", 0, "position", 0, value=math.inf), "groups[0].position[0]", "finite"),
    "number beyond float": (put("far_m", value=10**400), "far_m", "number"),
    "negative size": (put("objects", 1, "size", value=[1, -1, 1]), "objects[1].size[1]", "greater than 0"),
    "too short a vector": (put("objects", 1, "position", value=[1, 2]), "objects[1].position[2]", "missing"),
    "bad colour": (put("objects", 1, "colour", value="red"), "objects[1].colour", "#rrggbb"),
    "near beyond far": (put("near_m", value=60), "near_m", "smaller"),
    "near at far": (put("near_m", value=50), "near_m", "smaller"),
    "names twice": (put("objects", 2, "name", value="crate"), "objects[2].name", "crate"),
    "object named as a group": (put("objects", 1, "name", value="cart"), "objects[1].name", "groups[0]"),
    "unknown parent": (put("objects", 1, "parent", value="card"), "objects[1].parent", "card"),
    "its own parent": (put("objects", 1, "parent", value="crate"), "objects[1].parent", "cycle"),
    "too many parents in a row": (
        put(
            "groups",
            value=[
                {"name": "cart"},
                *({"name": f"g{i}", "parent": f"g{i + 1}" if i < 999 else "cart"} for i in range(1000)),
            ],
        ),
        "groups[1].parent",
        "more than 64",
    ),
    "cycle of parents": (put("groups", 0, "parent", value="lamp"), "groups[0].parent", "cart → lamp → crate"),
    "keys out of order": (
        put("objects", 3, "keys", 1, "time_s", value=0),
        "objects[3].keys[1].time_s",
        "sort",
    ),
    "unknown field in a key": (
        put("objects", 3, "keys", 0, "scale", value=2),
        "objects[3].keys[0].scale",
        "field",
    ),
    "another version": (put("schema_version", value=2), "schema_version", "1"),
    "version as text": (put("schema_version", value="1"), "schema_version", "1"),
    "no version": (drop("schema_version"), "schema_version", "missing"),
    "bad move kind": (put("moves", 0, "kind", value="zoom"), "moves[0]", "dolly-in"),
    "bad move field": (put("moves", 0, "speed", value=1), "moves[0].speed", "not a field"),
    "bad move point": (
        put("moves", 0, "look_at", "offset", 0, value="x"),
        "moves[0].look_at.offset[0]",
        "number",
    ),
    "move to nowhere": (put("moves", 0, "look_at", "object", value="ghost"), "moves[0]", "ghost"),
    "film back": (put("moves", 0, "film_back", value="Super 9"), "moves[0].film_back", "Super 9"),
    "opening beyond the wall": (
        put(
            "objects",
            1,
            value={
                "kind": "wall",
                "name": "w",
                "class": "wall",
                "openings": [{"x": 9, "width": 1, "height": 1}],
            },
        ),
        "objects[1]",
        "beyond",
    ),
    "array too large": (
        put("objects", 1, value={"kind": "array", "name": "a", "class": "box", "counts": [300, 300, 1]}),
        "objects[1]",
        "90000",
    ),
    "objects not a list": (put("objects", value={}), "objects", "tuple"),
    "null character in a mesh path": (
        put("objects", 1, value={"kind": "mesh", "name": "m", "class": "box", "path": "a\0b.obj"}),
        "objects[1].path",
        r"a\x00b.obj",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_says_which_field_is_bad(case: str, document: Document) -> None:
    change, field, word = BAD[case]
    if case in ("opening beyond the wall", "array too large", "null character in a mesh path", "names twice"):
        drop("objects", 2, "parent")(document)
    change(document)
    with pytest.raises(SceneError) as caught:
        parse_scene(json.dumps(document), file="yard.json", folder=Path())
    error = caught.value
    assert error.field == field
    line = str(error)
    assert line.startswith(f"yard.json: {field}: ")
    assert word in line
    assert "\n" not in line
    assert error.mend
    assert error.exit_status == 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not JSON"),
        ("{", "line 1"),
        ("[]", "JSON object"),
        ("42", "JSON object"),
        ('{"schema_version": 1, "schema_version": 1}', "twice"),
        ("[" * 100_000, "nested"),
        ('{"schema_version": ' + "9" * 5000 + "}", "JSON"),
    ],
)
def test_says_what_is_no_document(text: str, word: str) -> None:
    with pytest.raises(SceneError, match=word) as caught:
        parse_scene(text, file="yard.json", folder=Path())
    assert str(caught.value).startswith("yard.json: ")


def test_says_that_a_file_cannot_be_read(tmp_path: Path) -> None:
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\r\n\xff\xfe")
    for path, word in (
        (tmp_path / "absent.json", "cannot be read"),
        (tmp_path, "cannot be read"),
        (picture, "UTF-8"),
    ):
        with pytest.raises(SceneError, match=word) as caught:
            load_scene(path)
        assert str(path) in str(caught.value)
    with pytest.raises(SceneError, match="night_alley"):
        load_scene("night_ally")
    with pytest.raises(SceneError, match="cannot be read"):
        load_scene("a\0b")


def test_refuses_a_huge_document_unread(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(SceneError, match="2048 MB is too large"):
        load_scene(huge)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["box", "mesh", "object", "kind", "walker", "crate", "cart", "#ffffff", 10**400, -1, 0, 1e300]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_document_never_raises_anything_else(data: st.DataObject) -> None:
    document: Any = copy.deepcopy(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(document, data)
    text = json.dumps(document)
    if data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(text)))
        text = text[:cut] + data.draw(st.text(max_size=3)) + text[cut + data.draw(st.integers(0, 3)) :]
    try:
        scene = parse_scene(text, file="yard.json", folder=Path("/nowhere"))
    except SceneError as error:
        line = str(error)
        assert line.startswith("yard.json: ")
        assert "\n" not in line
        assert len(line) < 1000
        line.encode()
        return
    compiled = CompiledScene(scene)
    for time_s in (0.0, 1.3, 1e6):
        state = compiled.at(time_s)
        for batch in state.batches.values():
            assert math.isfinite(float(batch.world_from_mesh.sum()))


def mutate(document: Any, data: st.DataObject) -> None:
    here = document
    while True:
        steps = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not steps:
            return
        step = data.draw(st.sampled_from(steps))
        if isinstance(here[step], dict | list) and here[step] and data.draw(st.integers(0, 3)):
            here = here[step]
            continue
        action = data.draw(st.sampled_from(["change", "change", "change", "drop", "add"]))
        if action == "drop":
            del here[step]
        elif action == "add" and isinstance(here, dict):
            here[data.draw(st.text(max_size=6))] = data.draw(values)
        else:
            here[step] = data.draw(values)
        return


SMALL: Document = {
    "schema_version": 1,
    "name": "small",
    "near_m": 0.5,
    "far_m": 50,
    "sun": {"azimuth_deg": 10, "elevation_deg": 30},
    "groups": [{"name": "cart", "position": [1, 0, 2], "rotation_deg": [90, 0, 0]}],
    "objects": [
        {"kind": "box", "name": "crate", "class": "box", "parent": "cart", "size": [1, 2, 3], "round_m": 0.1},
        {
            "kind": "stairs",
            "name": "steps",
            "class": "stairs",
            "parent": "crate",
            "steps": 4,
            "tread_m": 0.03,
        },
        {
            "kind": "wall",
            "name": "wall",
            "class": "wall",
            "openings": [{"x": 0, "y": 0.5, "width": 1, "height": 1}],
        },
        {"kind": "array", "name": "books", "class": "book", "counts": [3, 2, 1], "gaps": 0.3, "vary": 0.5},
        {"kind": "cone", "name": "rock", "class": "rock", "top_share": 0.5, "sides": 6},
        {
            "kind": "mannequin",
            "name": "walker",
            "class": "person",
            "pose": "walk",
            "light": {"colour": "#ff8800", "strength": 1},
            "keys": [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 4, "rotation_deg": [90, 0, 0]}],
        },
    ],
    "moves": [{"kind": "follow", "name": "after", "object": "walker"}],
}
