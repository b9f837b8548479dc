"""What the tests of edits share: small scenes, and what the compiled scene says of a place."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.errors import SceneError
from director.scene.compile import CompiledScene
from director.scene.document import Group, Scene
from director.scene.edit import (
    Edit,
)
from director.scene.edit.tree import named
from director.scene.load import parse_scene, scene_document
from director.scene.proxy import Proxy

__all__ = ["box", "place", "proxy", "refusal", "scene_of", "stays"]


def scene_of(*objects: dict[str, Any], **fields: Any) -> Scene:
    document = {"schema_version": 1, "name": "one", "objects": list(objects), **fields}
    return parse_scene(json.dumps(document), file="one.json", folder=Path())


def box(name: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "box", "name": name, "class": "box", **fields}


def proxy(scene: Scene, name: str) -> Any:
    found = named(scene, name)
    assert isinstance(found, Proxy)
    return found


def place(scene: Scene, name: str, time_s: float = 0.0) -> Any:
    """What the compiled scene says, not the edits' own reckoning."""
    compiled = CompiledScene(scene)
    if isinstance(named(scene, name), Group):
        return np.array(compiled.locate(name, time_s)[0])
    index = [it.name for it in scene.objects].index(name)
    return compiled.at(time_s).world_from_object[index].astype(np.float64)


def stays(before: Scene, after: Scene, names: Sequence[str], times: Sequence[float] = (0.0,)) -> bool:
    return all(np.allclose(place(before, n, t), place(after, n, t), atol=2e-5) for n in names for t in times)


def refusal(edit: Edit, scene: Scene) -> SceneError:
    kept = scene_document(scene, Path())
    with pytest.raises(SceneError) as caught:
        edit.apply(scene)
    assert scene_document(scene, Path()) == kept
    assert caught.value.mend
    assert caught.value.file == scene.name
    return caught.value
