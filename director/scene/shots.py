"""The shots of a scene, as scene files hold them: camera, lens, range of time, directions, marks, timeline.

Plain data. What a shot is at a time `director.shots` tells, which knows the compiled scene. All times are
scene time, so that the start of a shot can be trimmed without moving a key.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from director.camera.angles import angles_from_orientation
from director.camera.shakes import SHAKE_NAMES
from director.curves import ScalarCurve, TextCurve, VectorCurve
from director.scene.proxy import Document, Metres, Position, ProxyProblem, Rotation
from director.types import CameraState, Direction, SceneObject

__all__ = [
    "Directions",
    "Mark",
    "MoveCamera",
    "ObjectChannels",
    "RecordedTrack",
    "Shot",
    "ShotLens",
    "ShotShake",
    "Slate",
    "StillCamera",
    "Timeline",
    "check_shots",
]

_SCENE = "scene"
"""The name by which the scene's own prompt is given a strength."""

Seconds = Annotated[float, Field(strict=True, ge=0, le=86400)]
Millimetres = Annotated[float, Field(strict=True, gt=0, le=1000)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Prompt = Annotated[str, Field(max_length=1000)]
Words = Annotated[str, Field(max_length=200)]


class StillCamera(Document):
    """A camera that stands, or where the timeline has keys for it, that follows them."""

    kind: Literal["still"]
    position: Position
    rotation_deg: Rotation = Field(default=(0.0, 0.0, 0.0), description="yaw, pitch, roll")


class MoveCamera(Document):
    """One of the scene's camera moves. It begins with the shot, or at `begins_s` of scene time."""

    kind: Literal["move"]
    move: Annotated[str, Field(min_length=1, max_length=80)]
    begins_s: Seconds | None = None


class RecordedTrack(Document):
    """The camera of a take, by its folder under that of the takes; `offset_s` later than it was recorded."""

    kind: Literal["recorded"]
    take: Annotated[str, Field(min_length=1, max_length=400)]
    offset_s: Annotated[float, Field(strict=True, ge=-86400, le=86400)] = 0.0

    @field_validator("take")
    @classmethod
    def _inside(cls, take: str) -> str:
        path = PurePosixPath(take)
        if path.is_absolute() or ".." in path.parts or "\\" in take or ":" in take:
            raise ValueError(
                "a take is named by its folder under that of the takes, such as alley/dolly_T001"
            )
        return take


AnyCamera = Annotated[StillCamera | MoveCamera | RecordedTrack, Field(discriminator="kind")]


class ShotLens(Document):
    """What the shot sets on the lens; what it leaves out is the camera's own (the move's, the take's)."""

    film_back_mm: tuple[Millimetres, Millimetres] | None = None
    focal_length_mm: Annotated[float, Field(strict=True, ge=4, le=1200)] | None = None
    f_number: Annotated[float, Field(strict=True, ge=0.5, le=64)] | None = None
    focus_distance_m: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None


class ShotShake(Document):
    """The unrest of a camera that is held: one of the shakes that there are, `amount` times as large."""

    kind: str
    amount: Annotated[float, Field(strict=True, ge=0, le=10)] = 1.0

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in SHAKE_NAMES:
            raise ValueError(f"there is no shake {kind!r}; there are {', '.join(SHAKE_NAMES)}")
        return kind


class Directions(Document):
    """What is asked for. `prompt` left out is the scene's own; prompts and strengths go by object name, and
    the strength of "scene" is the scene prompt's. `held` names objects whose surface is to be held."""

    prompt: Prompt | None = None
    object_prompts: dict[str, Prompt] = Field(default_factory=dict)
    strengths: dict[str, Share] = Field(default_factory=dict)
    look: dict[str, Annotated[float, Field(strict=True)]] = Field(default_factory=dict)
    held: tuple[str, ...] = ()
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**32)] = 0


class Mark(Document):
    """A marked frame."""

    time_s: Seconds
    note: Annotated[str, Field(max_length=1000)] = ""


class Slate(Document):
    """What the slate shows: `scene` and `shot` left empty are the scene's and the shot's names; `take` is the
    number of the next take."""

    scene: Words = ""
    shot: Words = ""
    take: Annotated[int, Field(strict=True, ge=1, le=99999)] = 1
    note: Annotated[str, Field(max_length=1000)] = ""
    dialogue: Annotated[str, Field(max_length=4000)] = Field(
        default="", description="what is said in the shot"
    )


class ObjectChannels(Document):
    """Keys for an object or group, in its parent's space, in the place of what the scene says."""

    position: VectorCurve | None = None
    rotation_deg: VectorCurve | None = Field(
        default=None, description="yaw, pitch, roll, as written from key to key"
    )


class Timeline(Document):
    """Keys over the shot; a channel that is left out stays as camera, lens and directions have it."""

    position: VectorCurve | None = None
    rotation_deg: VectorCurve | None = Field(
        default=None, description="yaw, pitch, roll, as written from key to key"
    )
    focal_length_mm: ScalarCurve | None = None
    f_number: ScalarCurve | None = None
    focus_distance_m: ScalarCurve | None = None
    objects: dict[str, ObjectChannels] = Field(default_factory=dict)
    prompt: TextCurve | None = None
    object_prompts: dict[str, TextCurve] = Field(default_factory=dict)
    strengths: dict[str, ScalarCurve] = Field(default_factory=dict)


class Shot(Document):
    """A shot: what the camera sees of the scene from `start_s` to `end_s`, and how it is to look.

    `near_m` and `far_m`, both or neither, lock the range of the control depth for the whole shot.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    number: Annotated[str, Field(max_length=20)] = ""
    camera: AnyCamera
    lens: ShotLens = ShotLens()
    shake: ShotShake | None = Field(default=None, description="left out: as the camera has it")
    start_s: Seconds = 0.0
    end_s: Seconds
    directions: Directions = Directions()
    near_m: Metres | None = None
    far_m: Metres | None = None
    marks: tuple[Mark, ...] = ()
    slate: Slate = Slate()
    timeline: Timeline = Timeline()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.name.strip() or not self.name.isprintable():
            raise ValueError("the name of a shot is one line of words")
        if self.end_s <= self.start_s:
            raise ValueError(f"end_s {self.end_s:g} does not come after start_s {self.start_s:g}")
        if (self.near_m is None) != (self.far_m is None):
            raise ValueError("near_m and far_m belong together; give both or neither")
        if self.near_m is not None and self.far_m is not None and self.near_m >= self.far_m:
            raise ValueError(f"near_m {self.near_m:g} is not nearer than far_m {self.far_m:g}")
        return self

    @property
    def duration_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s

    @property
    def depth_range_m(self) -> tuple[float, float] | None:
        """Near and far of the control depth, where the shot locks them."""
        return None if self.near_m is None or self.far_m is None else (self.near_m, self.far_m)

    @property
    def object_names(self) -> frozenset[str]:
        """Every object or group that it names."""
        named = {*self.directions.object_prompts, *self.directions.strengths, *self.directions.held}
        line = self.timeline
        named |= {*line.objects, *line.object_prompts, *line.strengths}
        return frozenset(named - {_SCENE})

    @classmethod
    def from_framing(
        cls,
        name: str,
        camera: CameraState,
        direction: Direction,
        time_range_s: tuple[float, float],
        objects: Sequence[SceneObject],
    ) -> Self:
        """A shot that stands as the camera stands now, with the directions given now. `objects` tells the
        names behind the direction's ids; a prompt that is the object's own is left out.

        Raises pydantic.ValidationError where the range is none.
        """
        names = {thing.id: thing.name for thing in objects}
        own = {thing.id: thing.prompt for thing in objects}
        asked = {
            **dict.fromkeys((id_ for id_, prompt in own.items() if prompt), ""),
            **direction.object_prompts,
        }
        lens = camera.lens
        near_far: Mapping[str, float] = {}
        if camera.depth_range_m is not None:
            near_far = dict(zip(("near_m", "far_m"), camera.depth_range_m, strict=True))
        return cls.model_validate(
            {
                "name": name,
                "camera": {
                    "kind": "still",
                    "position": camera.position,
                    "rotation_deg": angles_from_orientation(camera.orientation),
                },
                "lens": {
                    "film_back_mm": (lens.film_back_width_mm, lens.film_back_height_mm),
                    "focal_length_mm": lens.focal_length_mm,
                    "f_number": lens.f_number,
                    "focus_distance_m": lens.focus_distance_m,
                },
                "start_s": time_range_s[0],
                "end_s": time_range_s[1],
                "directions": {
                    "prompt": direction.prompt,
                    "object_prompts": {
                        names[id_]: prompt
                        for id_, prompt in asked.items()
                        if id_ in names and prompt != own[id_]
                    },
                    "strengths": {
                        names.get(id_, _SCENE): share
                        for id_, share in direction.strengths.items()
                        if id_ == 0 or id_ in names
                    },
                    "look": dict(direction.look),
                    "held": tuple(sorted(names[id_] for id_ in direction.locks if id_ in names)),
                    "seed": direction.seed,
                },
                **near_far,
            }
        )


def check_shots(
    shots: Sequence[Shot], objects: Collection[str], groups: Collection[str], moves: Collection[str]
) -> None:
    """Raises ProxyProblem where two shots share a name, or one names what the scene has not. Groups can be
    moved, and have no look."""
    seen: set[str] = set()
    for i, shot in enumerate(shots):
        field = f"shots[{i}]"
        if shot.name in seen:
            raise ProxyProblem(
                f"there are two shots named {shot.name!r}",
                field=f"{field}.name",
                mend="give every shot a name of its own",
            )
        seen.add(shot.name)
        if isinstance(shot.camera, MoveCamera) and shot.camera.move not in moves:
            raise ProxyProblem(
                f"there is no move named {shot.camera.move!r}",
                field=f"{field}.camera.move",
                mend=f"moves: {', '.join(moves) or 'none'}",
            )
        for name in sorted(shot.object_names):
            if name in objects or (name in groups and name not in _looked(shot)):
                continue
            raise ProxyProblem(
                f"the shot refers to {name!r}, which is not in this scene",
                field=field,
                mend="name an object of this scene",
            )


def _looked(shot: Shot) -> set[str]:
    asked, line = shot.directions, shot.timeline
    return {*asked.object_prompts, *asked.strengths, *asked.held, *line.object_prompts, *line.strengths}
