"""What stands in for a part of a scene while a variable is changed: never written to a file, and no kind of
proxy or move that one could name there."""

from dataclasses import replace
from typing import Literal

from director.camera.moves import Locate, Move
from director.math3d import rotate
from director.scene.proxy import Part, Proxy
from director.types import CameraState, Vector

__all__ = ["absent", "displaced"]


class _Absent(Proxy):
    """An object's place and name with nothing in it: ids of the others stay, and what hangs from it."""

    kind: Literal["absent"] = "absent"
    was_m: Vector

    @property
    def size_m(self) -> Vector:
        return self.was_m

    def parts(self) -> tuple[Part, ...]:
        return ()


class _Displaced(Move):
    """A move whose camera stands `offset` metres right, up and back of where it would be, and looks the
    same way."""

    kind: Literal["displaced"] = "displaced"
    whole: Move
    offset: Vector

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        camera = self.whole.camera_at(time_s, locate)
        x, y, z = rotate(camera.orientation, self.offset)
        at = camera.position
        return replace(
            camera,
            position=(at[0] + float(x), at[1] + float(y), at[2] + float(z)),
            lens=replace(camera.lens, focal_length_mm=self.focal_length_mm),
        )


def absent(proxy: Proxy) -> Proxy:
    """The object taken away: it casts no shadow, gives no light, and its words are forgotten."""
    kept = {name: getattr(proxy, name) for name in ("name", "parent", "position", "rotation_deg", "keys")}
    return _Absent.model_validate(
        {
            **kept,
            "interpolation": proxy.interpolation,
            "class": proxy.class_name,
            "colour": proxy.colour,
            "was_m": proxy.size_m,
        }
    )


def displaced(move: Move, offset: Vector) -> Move:
    """The move with its camera put aside by metres along the camera's own axes: right, up and back."""
    kept = {name: getattr(move, name) for name in Move.model_fields if name != "kind"}
    return _Displaced.model_validate({**kept, "whole": move, "offset": offset})
