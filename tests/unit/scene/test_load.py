"""Scene files: found by name, saved whole or not at all, described by a schema."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.errors import SceneError
from director.resources import scenes_folder
from director.scene.document import Scene
from director.scene.load import load_scene, parse_scene, save_scene, scene_names, scene_schema
from director.scene.proxies import proxy_kinds

Document = dict[str, Any]
Parse = Callable[[Document], Scene]


def test_finds_by_name_and_by_path(
    tmp_path: Path, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"night_alley", "living_room", "desert_road"} <= set(scene_names())
    assert load_scene("night_alley").name == "night_alley"
    path = tmp_path / "yard.json"
    path.write_text(json.dumps(document), "utf-8")
    assert load_scene(path) == load_scene(str(path))
    # A file in the way does not hide a shipped scene, and one without an ending can still be named.
    monkeypatch.chdir(tmp_path)
    path.rename(tmp_path / "yard")
    assert load_scene("yard").name == "small"


def test_reads_a_byte_order_mark(tmp_path: Path, document: Document) -> None:
    path = tmp_path / "yard.json"
    path.write_text(json.dumps(document), "utf-8-sig")
    assert load_scene(path).name == "small"


@pytest.mark.parametrize("name", ["night_alley", "living_room", "desert_road"])
def test_saving_loses_nothing(tmp_path: Path, name: str) -> None:
    scene = load_scene(name)
    save_scene(scene, tmp_path / "new folder" / "copy.json")
    assert load_scene(tmp_path / "new folder" / "copy.json") == scene
    assert [path.name for path in (tmp_path / "new folder").iterdir()] == ["copy.json"]


def test_saving_writes_whole_or_not_at_all(tmp_path: Path, document: Document, parse: Parse) -> None:
    scene = parse(document)
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(SceneError, match="cannot be written"):
        save_scene(scene, tmp_path / "taken.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(SceneError, match="cannot be written"):
        save_scene(scene, tmp_path / "file" / "copy.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken.json"]


def test_documents_are_frozen(document: Document, parse: Parse) -> None:
    scene = parse(document)
    with pytest.raises(ValueError, match="frozen"):
        scene.prompt = "another"
    with pytest.raises(ValueError, match="frozen"):
        scene.objects[0].colour = "#000000"


def test_the_schema_knows_every_kind_and_field() -> None:
    schema = scene_schema()
    text = json.dumps(schema)
    for kind, proxy in proxy_kinds().items():
        assert f'"{kind}"' in text
        properties = schema["$defs"][proxy.__name__]["properties"]
        assert {"name", "class", "prompt", "colour", "parent", "keys", "light"} <= set(properties)
    assert schema["additionalProperties"] is False
    assert json.loads(text) == schema


def test_reads_twenty_thousand_objects() -> None:
    objects = [{"kind": "box", "name": f"b{i}", "class": "box"} for i in range(20_000)]
    text = json.dumps({"schema_version": 1, "name": "many", "objects": objects})
    assert len(parse_scene(text, file="many", folder=Path()).objects) == 20_000


def test_refuses_more_objects_than_there_are_ids() -> None:
    objects = [{"kind": "box", "name": f"b{i}", "class": "box"} for i in range(65_536)]
    text = json.dumps({"schema_version": 1, "name": "many", "objects": objects})
    with pytest.raises(SceneError, match="65535") as caught:
        parse_scene(text, file="many", folder=Path())
    assert caught.value.field == "objects"


def test_the_exported_schema_is_that_of_the_models() -> None:
    """After a change of the models: write `scene_schema()` to scenes/schema/scene.schema.json again."""
    exported = scenes_folder() / "schema" / "scene.schema.json"
    assert json.loads(exported.read_text("utf-8")) == scene_schema()
