"""What the HUD tells, as plain data: the session fills it in, the HUD draws it."""

from dataclasses import dataclass

__all__ = ["GeneratorReadout", "MetersReadout", "NoticeReadout", "Readout", "SpendingReadout", "TakeReadout"]


@dataclass(frozen=True, slots=True)
class GeneratorReadout:
    """`phase` and `progress` as RunnerState has them; `age_ms` of the picture, None without one."""

    name: str
    phase: str
    progress: float
    message: str
    fps: float
    age_ms: float | None
    is_settled: bool


@dataclass(frozen=True, slots=True)
class SpendingReadout:
    """What is spent on each generated picture: the dial's `quality`, the `rate` asked for in pictures a
    second or None, `size` in pixels, the share (0..1) of the picture before that the `stabiliser` keeps, and
    that of `late` pictures."""

    quality: str
    rate: float | None
    size: tuple[int, int]
    stabiliser: float
    late: float


@dataclass(frozen=True, slots=True)
class MetersReadout:
    """The live meters, None where not known. `warp_error` and `flicker` of sRGB 0..1; `detail_kept`,
    `edge_recall` and `drift` as shares; `latency_ms` p50, p95 and p99 from drawing a tick to showing its
    generated frame, `camera_ticks` how many the picture takes to answer the camera; `late` (0..1) of the
    generated pictures, at the `rate` a second that is asked."""

    warp_error: float | None
    flicker: float | None
    detail_kept: float | None
    edge_recall: float | None
    edge_offset_px: float | None
    drift: float | None
    latency_ms: tuple[float, float, float] | None
    camera_ticks: int
    late: float | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class TakeReadout:
    """The take that is being recorded."""

    number: int
    timecode: str
    note: str


@dataclass(frozen=True, slots=True)
class NoticeReadout:
    """One message; `strength` 0..1 fades it out."""

    text: str
    is_problem: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Readout:
    """Everything that the HUD shows in one tick. Angles in degrees, lengths as their names say. `spending` is
    None where no rate is asked and the dial stands at the finest. `marks` tell, in a few words each, what
    is set otherwise than usual. `not_understood` are words of the prompts that change nothing in the picture
    that is shown; `hint` is for who looks for the rest. `meters` are None while they are off."""

    scene: str
    camera: str
    focal_length_mm: float
    f_number: float
    film_back: str
    film_back_mm: tuple[float, float]
    horizontal_fov_deg: float
    time_s: float
    end_s: float
    is_playing: bool
    prompt: str
    view: str
    amount: float | None
    displayed_fps: float
    generator: GeneratorReadout
    spending: SpendingReadout | None
    meters: MetersReadout | None
    marks: tuple[str, ...]
    take: TakeReadout | None
    notices: tuple[NoticeReadout, ...]
    not_understood: tuple[str, ...] = ()
    hint: str = ""
