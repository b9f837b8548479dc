"""What belongs to the whole scene: its prompt, its sun, its name, title and depth range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director.scene.document import Scene
from director.scene.edit.edit import Edit, rebuilt, refused

__all__ = ["SetScene", "SetScenePrompt", "SetSun"]

_FIELDS = ("name", "title", "prompt", "near_m", "far_m")


@dataclass(frozen=True, slots=True)
class SetScene(Edit):
    """Set fields of the scene: name, title, prompt, near_m, far_m."""

    fields: Mapping[str, Any]

    @property
    def label(self) -> str:
        return f"Set {' and '.join(self.fields)} of the scene".replace("_m", "")

    def apply(self, scene: Scene) -> Scene:
        for field in self.fields:
            if field not in _FIELDS:
                raise refused(scene, "is not set this way", field=field, mend=f"fields: {', '.join(_FIELDS)}")
        return rebuilt(scene, self.fields)


@dataclass(frozen=True, slots=True)
class SetScenePrompt(Edit):
    """Set the scene's prompt."""

    prompt: str

    @property
    def label(self) -> str:
        return "Set the scene's prompt"

    def apply(self, scene: Scene) -> Scene:
        return rebuilt(scene, {"prompt": self.prompt})


@dataclass(frozen=True, slots=True)
class SetSun(Edit):
    """Move the sun: azimuth 0 is −Z, counted towards +X; elevation 0 the horizon. None stays as it is."""

    azimuth_deg: float | None = None
    elevation_deg: float | None = None

    @property
    def label(self) -> str:
        return "Move the sun"

    def apply(self, scene: Scene) -> Scene:
        sun = {
            "azimuth_deg": scene.sun.azimuth_deg if self.azimuth_deg is None else self.azimuth_deg,
            "elevation_deg": scene.sun.elevation_deg if self.elevation_deg is None else self.elevation_deg,
        }
        return rebuilt(scene, {"sun": sun})
