"""Shot sizes, camera angles and sides, as data.

The sizes are the usual ones of film grammar, told by where the frame cuts a figure: R. Thompson and
C. J. Bowen, *Grammar of the Shot*, 2nd ed., Focal Press 2009, ch. 1, has the ladder from the extreme long
to the extreme close-up; S. D. Katz, *Film Directing Shot by Shot*, 1991, the full, the American or cowboy
shot and the choker. Books agree on the order and on the cuts, not on figures: shares of the frame are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["ANGLES", "DUTCH_DEG", "SIDES", "SIZES", "Angle", "Size"]

DUTCH_DEG = 15.0
"""How far a dutch angle is canted where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a figure a frame shows. Landmarks are those of `Body.points`.

    `headroom` is the share of the picture's height above `top`, `footroom` that below `bottom`; what is
    `inside` must be in the picture too. `focal_length_mm` is the prime that is taken where none is asked.
    `follows_face`: sides are told from where the face is turned, not the hips. `lead` is how far behind the
    middle, −1..1, a profile stands for lead room: on the third, save where the face fills the frame.
    """

    name: str
    abbreviation: str
    top: str
    headroom: float
    bottom: str
    footroom: float
    inside: tuple[str, ...]
    focal_length_mm: float
    follows_face: bool = True
    lead: float = 1 / 3

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Everything that must be inside the frame, the top and the bottom first."""
        return (self.top, self.bottom, *self.inside)

    @property
    def fill(self) -> float:
        """The share of the picture's height from top to bottom landmark."""
        return 1 - self.headroom - self.footroom


@dataclass(frozen=True, slots=True)
class Angle:
    """Where the camera looks from: a fixed pitch in degrees (up positive), or level with something.

    `level_with` is "eyes" (as high as they are) or "ground" (as low as a camera can lie); the pitch is then
    what frames the subject from there, no steeper than `pitch_deg`.
    """

    name: str
    pitch_deg: float
    level_with: str = ""


_FACE = ("eyes", "chin", "head")
_BUST = (*_FACE, "shoulders")
_TRUNK = (*_BUST, "chest", "waist")
_WHOLE = (*_TRUNK, "hips", "mid_thigh", "knees", "ankles", "outline")

SIZES: Mapping[str, Size] = MappingProxyType(
    {
        size.name: size
        for size in (
            # The place, and someone small in it.
            Size("extreme wide", "XWS", "top_of_head", 0.56, "ground", 0.32, _WHOLE, 18, False),
            # The figure is a quarter of the frame.
            Size("very wide", "VWS", "top_of_head", 0.45, "ground", 0.27, _WHOLE, 21, False),
            # Half to two thirds of the frame: who, and where.
            Size("wide", "WS", "top_of_head", 0.24, "ground", 0.18, _WHOLE, 25, False),
            # From head to toe, little more.
            Size("full", "FS", "top_of_head", 0.09, "ground", 0.07, _WHOLE, 32, False),
            # Cut below the knees: not through the joint.
            Size(
                "medium full",
                "MFS",
                "top_of_head",
                0.09,
                "shins",
                0.0,
                (*_TRUNK, "hips", "mid_thigh", "knees"),
                32,
                False,
            ),
            # To the middle of the thigh, where the holster hangs; the American shot.
            Size(
                "cowboy",
                "CS",
                "top_of_head",
                0.09,
                "mid_thigh",
                0.0,
                (*_TRUNK, "hips"),
                40,
                False,
            ),
            # To the belt.
            Size("medium", "MS", "top_of_head", 0.10, "belt", 0.0, _TRUNK, 40),
            # To the middle of the chest, under the arms' pits.
            Size("medium close-up", "MCU", "top_of_head", 0.10, "chest", 0.0, _BUST, 50),
            # Head, neck and the line of the shoulders.
            Size("close-up", "CU", "top_of_head", 0.07, "collar", 0.0, _FACE, 75),
            # The face: hair cut off, chin kept.
            Size("big close-up", "BCU", "hairline", 0.0, "under_chin", 0.03, _FACE, 85, lead=0.15),
            # Brows to chin, as the choker sits.
            Size("choker", "CHK", "brows", 0.02, "chin", 0.0, ("eyes", "nose"), 85, lead=0.0),
            # The eyes.
            Size("extreme close-up", "ECU", "brows", 0.10, "nose", 0.05, ("eyes",), 100, lead=0.0),
        )
    }
)
"""By name, widest first."""

ANGLES: Mapping[str, Angle] = MappingProxyType(
    {
        angle.name: angle
        for angle in (
            Angle("eye level", 60.0, "eyes"),
            Angle("high angle", -30.0),
            Angle("low angle", 25.0),
            Angle("bird's eye", -90.0),
            Angle("worm's eye", 52.0, "ground"),
        )
    }
)

SIDES: Mapping[str, float] = MappingProxyType(
    {
        "front": 0.0,
        "three-quarter left": 40.0,
        "three-quarter right": -40.0,
        "profile left": 90.0,
        "profile right": -90.0,
        "back": 180.0,
    }
)
"""Degrees from the subject's front to the camera; left is the subject's own left, counted positive."""
