"""Film backs, primes and what a lens sees.

The angle of view of a rectilinear lens focused at infinity is 2·atan(d / 2f) for a film back of size d
and a focal length f (e.g. R. Kingslake, *Optics in Photography*, SPIE 1992, "angle of view").

A film back shown at another aspect is fitted horizontally: the horizontal angle of view is always the
film back's, and the height of the picture is what follows from its aspect.
"""

import math
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from director.math3d import perspective
from director.types import Lens

__all__ = [
    "DEFAULT_FILM_BACK",
    "FILM_BACKS",
    "PRIMES_MM",
    "STOPS",
    "acceptable_blur_mm",
    "circle_of_confusion_mm",
    "clip_from_view",
    "depth_of_field_m",
    "horizontal_fov",
    "hyperfocal_m",
    "nearest_prime_mm",
    "next_prime_mm",
    "next_stop",
    "vertical_aperture_mm",
    "vertical_fov",
]

FILM_BACKS: MappingProxyType[str, tuple[float, float]] = MappingProxyType(
    {
        # 0.980 × 0.735 inch, the full (silent) aperture; the same as Unreal's default film back
        # (dev.epicgames.com, NamedFilmbackPreset: 24.89 × 18.67).
        "super-35-4-perf": (24.89, 18.66),
        # The same width, three perforations high: 14.00 of their 14.25 mm. Foundry's Nuke has 24.92 × 13.87
        # (learn.foundry.com, nukescripts.camerapresets).
        "super-35-3-perf": (24.89, 14.00),
        # 135-size still film, 36 × 24 nominal (ISO 1007).
        "full-frame": (36.0, 24.0),
        # 0.864 × 0.630 inch, the sound camera aperture.
        "academy": (21.95, 16.00),
        # 0.493 × 0.292 inch; Foundry's Nuke has 12.52 × 7.41 (same page).
        "super-16": (12.52, 7.42),
        # 1.485 × 0.981 inch: eight perforations of 35 mm film that runs sideways.
        "vistavision": (37.72, 24.92),
        # 2.772 inch wide: fifteen perforations of 65 mm film that runs sideways. Tables disagree about the
        # height (52.63 is also found); it shows in no picture, for the fit is horizontal.
        "imax": (70.41, 56.62),
        # 27.99 × 19.22 to the hundredth: a user's figure on forum.arri.com, not confirmed by ARRI.
        "alexa-35-open-gate": (28.0, 19.2),
        # newsshooter.com 2018-07-31, ARRI's white paper on the ALEXA LF: LF open gate.
        "alexa-lf-open-gate": (36.7, 25.54),
    }
)
"""Width and height in millimetres, by name."""

DEFAULT_FILM_BACK = "super-35-3-perf"

PRIMES_MM: tuple[float, ...] = (12, 16, 18, 21, 25, 32, 40, 50, 65, 75, 85, 100, 135)
"""Focal lengths of a usual kit of primes, millimetres, shortest first."""

STOPS: tuple[float, ...] = (1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0, 22.0)
"""Full stops as they are engraved on lenses: each lets in half the light of the one before."""


def horizontal_fov(lens: Lens) -> float:
    """Radians across the picture."""
    return 2 * math.atan(lens.film_back_width_mm / (2 * lens.focal_length_mm))


def vertical_aperture_mm(lens: Lens, aspect: float) -> float:
    """The height of film back that a picture of this aspect (width / height) uses, millimetres.

    It may be more than the film back has: exports state it for that reason.
    """
    return lens.film_back_width_mm / aspect


def vertical_fov(lens: Lens, aspect: float) -> float:
    """Radians from the foot to the top of a picture of this aspect (width / height), fitted horizontally."""
    return 2 * math.atan(vertical_aperture_mm(lens, aspect) / (2 * lens.focal_length_mm))


def clip_from_view(lens: Lens, aspect: float, near_m: float, far_m: float) -> NDArray[np.float64]:
    """float64[4, 4], OpenGL clip space. Raises ValueError if near and far are no range."""
    return perspective(horizontal_fov(lens), aspect, near_m, far_m)


def circle_of_confusion_mm(lens: Lens, distance_m: float) -> float:
    """The diameter on the film, in millimetres, of the disc that a point `distance_m` away is drawn as.

    Signed: 0 at the focus distance, positive beyond it and negative before it. Distances are along the
    axis, from the lens; `math.inf` is allowed, and gives the limit. A thin lens of focal length f and
    aperture diameter A = f / N that is focused at s draws a point at d as a disc of
    A · f / (s − f) · (d − s) / d (e.g. S. F. Ray, *Applied Photographic Optics*, 3rd ed., Focal Press 2002,
    "depth of field"; R. Kingslake, *Optics in Photography*, SPIE 1992, has the same by similar triangles).

    Raises ValueError where the focus distance is not more than the focal length (there is no picture of it),
    for a distance that is not more than 0 and for an f-number that is not.
    """
    focus_mm = lens.focus_distance_m * 1000
    if not focus_mm > lens.focal_length_mm:
        raise ValueError(
            f"a lens of {lens.focal_length_mm:g} mm cannot be focused at {lens.focus_distance_m:g} m"
        )
    if not distance_m > 0:
        raise ValueError(f"{distance_m:g} m is not before the lens")
    if not lens.f_number > 0:
        raise ValueError(f"an f-number of {lens.f_number:g} is no aperture")
    aperture_mm = lens.focal_length_mm / lens.f_number
    magnification = lens.focal_length_mm / (focus_mm - lens.focal_length_mm)
    return aperture_mm * magnification * (1 - lens.focus_distance_m / distance_m)


def acceptable_blur_mm(lens: Lens) -> float:
    """The largest disc on the film that still passes for a point: 1/1500 of the film back's diagonal.

    A convention (0.029 mm for 36 × 24); others divide by 1442 (the 0.030 mm of most tables) or by 1730.
    """
    return math.hypot(lens.film_back_width_mm, lens.film_back_height_mm) / 1500


def hyperfocal_m(lens: Lens, blur_mm: float | None = None) -> float:
    """The focus distance from which on infinity is sharp: H = f² / (N · c) + f, in metres.

    `blur_mm` is the disc that passes for a point, `acceptable_blur_mm` where left out. S. F. Ray, *Applied
    Photographic Optics*, 3rd ed., Focal Press 2002, "hyperfocal distance". Raises ValueError for a disc or
    an f-number that is not more than 0.
    """
    blur_mm = acceptable_blur_mm(lens) if blur_mm is None else blur_mm
    if not (blur_mm > 0 and lens.f_number > 0):
        raise ValueError(f"no depth of field for {blur_mm=}, f_number={lens.f_number:g}")
    return (lens.focal_length_mm**2 / (lens.f_number * blur_mm) + lens.focal_length_mm) / 1000


def depth_of_field_m(lens: Lens, blur_mm: float | None = None) -> tuple[float, float]:
    """(near, far) limits of what is sharp, metres from the lens; far is inf from the hyperfocal distance on.

    With focus at s: near = s(H − f) / (H + s − 2f), far = s(H − f) / (H − s) (Ray, as `hyperfocal_m`). It
    is where `circle_of_confusion_mm` is ∓`blur_mm`. Raises ValueError as those two do.
    """
    hyperfocal = hyperfocal_m(lens, blur_mm)
    focal, focus = lens.focal_length_mm / 1000, lens.focus_distance_m
    if not focus > focal:
        raise ValueError(f"a lens of {lens.focal_length_mm:g} mm cannot be focused at {focus:g} m")
    near = focus * (hyperfocal - focal) / (hyperfocal + focus - 2 * focal)
    far = focus * (hyperfocal - focal) / (hyperfocal - focus) if focus < hyperfocal else math.inf
    return near, far


def nearest_prime_mm(focal_length_mm: float) -> float:
    """The prime closest in angle of view, which is closest by ratio."""
    return min(PRIMES_MM, key=lambda prime: abs(math.log(prime / focal_length_mm)))


def next_prime_mm(focal_length_mm: float, step: int) -> float:
    """The next longer (step 1) or shorter (step −1) prime; the last of the kit again at its end."""
    if step > 0:
        return min((prime for prime in PRIMES_MM if prime > focal_length_mm + 1e-6), default=PRIMES_MM[-1])
    return max((prime for prime in PRIMES_MM if prime < focal_length_mm - 1e-6), default=PRIMES_MM[0])


def next_stop(f_number: float, step: int) -> float:
    """The next full stop down (step 1) or up (step −1); the last of them again at its end."""
    if step > 0:
        return min((stop for stop in STOPS if stop > f_number * 1.01), default=STOPS[-1])
    return max((stop for stop in STOPS if stop < f_number / 1.01), default=STOPS[0])
