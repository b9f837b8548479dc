"""What editing needs of a session, for tests without a picture."""

from pathlib import Path
from typing import cast

from director.app.desk.editing import Editing
from director.app.notices import Notices
from director.app.session import Session
from director.app.transport import Transport
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import load_scene

__all__ = ["Standing", "editing_of"]


class Standing:
    """What editing needs of a session, without a picture: it holds the scene and counts the cuts."""

    def __init__(self, scene: Scene) -> None:
        self.notices = Notices()
        self.transport = Transport(1.0)
        self.scene, self.document = CompiledScene(scene), scene
        self.recording: object | None = None
        self.opened = 0

    def replace_scene(self, scene: Scene) -> None:
        self.scene, self.document = CompiledScene(scene), scene

    def open_scene(self, scene: Scene) -> None:
        self.replace_scene(scene)
        self.opened += 1

    @property
    def told(self) -> str:
        return "\n".join(notice.text for notice in self.notices.shown)


def editing_of(name: str, sets: Path) -> tuple[Editing, Standing]:
    session = Standing(load_scene(name))
    return Editing(cast(Session, session), name, sets), session
