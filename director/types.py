"""What passes between the parts: frozen dataclasses, arrays documented as dtype[shape], space and unit.

Conventions, once for all of them: right-handed, Y up, metres, seconds, radians; the camera looks down
−Z. Matrices are float64, act on column vectors and are named `a_from_b`. Pictures and maps are stored
top row first; uv has its origin at the top left, x to the right, y down, 0..1 across the picture.
Quaternions are (x, y, z, w). Object id 0 is the sky.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NO_CORRECTION",
    "CameraState",
    "Conditioning",
    "Correction",
    "Direction",
    "GBufferArrays",
    "GeneratedFrame",
    "Lamp",
    "Lens",
    "Quaternion",
    "SceneObject",
    "Tick",
    "Vector",
    "View",
]

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
_EMPTY: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tick:
    """One simulation step. `dt_s` is the time since the tick before, 0 at the first."""

    index: int
    time_s: float
    dt_s: float


@dataclass(frozen=True, slots=True)
class Lens:
    """A lens on a film back. Lengths of the camera in millimetres, the focus distance in metres."""

    film_back_width_mm: float = 24.89
    film_back_height_mm: float = 14.0
    focal_length_mm: float = 32.0
    f_number: float = 2.8
    focus_distance_m: float = 4.0


@dataclass(frozen=True, slots=True)
class Correction:
    """An offset laid over a camera in its own space (shake); it never feeds back into the rig."""

    position: Vector = (0.0, 0.0, 0.0)
    orientation: Quaternion = (0.0, 0.0, 0.0, 1.0)


NO_CORRECTION = Correction()


@dataclass(frozen=True, slots=True)
class CameraState:
    """A camera at one tick: position in metres, orientation `world_from_camera`.

    `is_cut` says that this state does not continue the one before: history must be dropped.
    `depth_range_m` is the near and far of the shot, where it has its own; else the scene's hold.
    """

    position: Vector
    orientation: Quaternion
    lens: Lens = Lens()
    correction: Correction = NO_CORRECTION
    is_cut: bool = False
    depth_range_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A camera made ready for drawing one picture; matrices float64[4, 4], OpenGL clip space, y up.

    `near_m` and `far_m` are locked for a whole shot: they are also the range of the control depth.
    `previous_clip_from_world` equals the present one at the first tick and after a cut.
    """

    view_from_world: NDArray[np.float64]
    clip_from_view: NDArray[np.float64]
    previous_clip_from_world: NDArray[np.float64]
    near_m: float
    far_m: float

    @property
    def clip_from_world(self) -> NDArray[np.float64]:
        """float64[4, 4]."""
        return self.clip_from_view @ self.view_from_world


@dataclass(frozen=True, slots=True)
class SceneObject:
    """What a generator may know of an object: its id in the passes, name, ADE20K class and prompt.

    `size_m` is the object's own bounding box (object space is centred on its base: x and z run from
    −size/2 to size/2 and y from 0 to size), `colour` the blocking colour, sRGB 0..1.
    """

    id: int
    name: str
    class_name: str
    prompt: str
    colour: Vector
    size_m: Vector


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light carried by an object: world position in metres, linear RGB colour (largest channel 1),
    `strength` the illuminance it gives on a facing surface one metre away, in units of full sun."""

    object_id: int
    position: Vector
    colour: Vector
    strength: float


@dataclass(frozen=True, slots=True, eq=False)
class GBufferArrays:
    """The passes read back as numpy arrays of one size, rows top-first.

    depth   float32[h, w]     metres along the view axis; sky = +inf
    object  uint16[h, w]      object id; 0 = sky
    normal  float16[h, w, 3]  world space, unit; sky = 0
    motion  float16[h, w, 2]  uv now − uv at the previous tick, camera and object motion
    anchor  float32[h, w, 3]  object space, metres; sky: world direction, unit
    base    uint8[h, w, 3]    the proxy as shaded for blocking, sRGB
    """

    depth: NDArray[np.float32]
    object: NDArray[np.uint16]
    normal: NDArray[np.float16]
    motion: NDArray[np.float16]
    anchor: NDArray[np.float32]
    base: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Direction:
    """What the director asks for at one time. Keys of the mappings are object ids.

    `strengths` (1 = as directed, 0 = the proxy) and `look` settings that are not named keep their
    defaults; `locks` names objects whose surface is to be held.

    Where the director has changed their mind and the change takes its time, `leaving` is what was asked
    before and `arrived`, 0..1, how much of the way has been made.
    """

    prompt: str = ""
    object_prompts: Mapping[int, str] = field(default_factory=lambda: _EMPTY)
    seed: int = 0
    strengths: Mapping[int, float] = field(default_factory=lambda: _EMPTY)
    locks: frozenset[int] = frozenset()
    references: tuple[str, ...] = ()
    look: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    leaving: "Direction | None" = None
    arrived: float = 1.0

    @property
    def unlocked(self) -> "Direction":
        """The same without locks. They ask for no other picture: what they hold has been generated."""
        leaving = None if self.leaving is None else self.leaving.unlocked
        if not self.locks and leaving is self.leaving:
            return self
        return replace(self, locks=frozenset(), leaving=leaving)

    def __getstate__(self) -> tuple[object, ...]:
        # mappingproxy cannot be pickled, and directions cross to the generator's process.
        return (
            self.prompt,
            dict(self.object_prompts),
            self.seed,
            dict(self.strengths),
            self.locks,
            self.references,
            dict(self.look),
            self.leaving,
            self.arrived,
        )

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(self.__dataclass_fields__, state, strict=True):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, eq=False)
class Conditioning:
    """All that a generator reads for one picture.

    `maps` holds those that the generator declared, all of one size, rows top-first: the G-buffer's by
    the names and types of `GBufferArrays`, and on demand
    shadow     uint8[h, w]       share of the sun that reaches the surface, 255 = all; sky = 255
    shelter    uint8[h, w]       how far something lies overhead, 255 = wholly; sky = 0
    edges      uint8[h, w]       255 on an outline
    pose       uint8[h, w, 3]    OpenPose's bodies, black elsewhere
    lamplight  float16[h, w, 3]  linear RGB light from the lamps on the surface, 1 = full sun
    noise      float16[h, w, 4]  unit Gaussian, anchored to surfaces, seeded
    latent-noise  the same, of larger cells: for sums over eight pixels
    structure  uint8[h, w, c]    the structured noise bank (passes.structure tells the channels)
    poses      float32[n, 4, 4]  world_from_object, rigid, for ids 1 … n: the one that is no picture
    `sun_direction` is the unit vector towards the sun, world space.
    """

    tick: Tick
    view: View
    maps: Mapping[str, NDArray[Any]]
    direction: Direction
    objects: tuple[SceneObject, ...]
    sun_direction: Vector
    lamps: tuple[Lamp, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedFrame:
    """A generated picture, uint8[h, w, 3], sRGB, top row first, and the conditioning that it answers.

    `seconds` is what generating it took; `not_understood` names words of the prompts that changed
    nothing. `heard` is the direction that it was drawn by, where that is not the conditioning's: words that
    are still being read are heard later.
    """

    image: NDArray[np.uint8]
    conditioning: Conditioning
    seconds: float
    not_understood: tuple[str, ...] = ()
    heard: Direction | None = None
