"""Templates: scenes to begin with, shipped in the scenes' own folder."""

from director.errors import SceneError
from director.resources import scenes_folder
from director.scene.document import Scene
from director.scene.edit.world import SetScene
from director.scene.load import load_scene

__all__ = ["load_template", "template_names"]

_FOLDER = "templates"


def template_names() -> list[str]:
    """The templates, in alphabetical order."""
    return sorted(path.stem for path in (scenes_folder() / _FOLDER).glob("*.json"))


def load_template(name: str, scene_name: str = "untitled") -> Scene:
    """A new scene after a template, under a name of its own. Raises SceneError for a name that none has."""
    if name not in template_names():
        raise SceneError(
            "there is no template of that name",
            file=name[:80],
            mend=f"templates: {', '.join(template_names())}",
        )
    scene = load_scene(scenes_folder() / _FOLDER / f"{name}.json")
    return SetScene({"name": scene_name, "title": ""}).apply(scene)
