"""What the HUD is told of a session."""

import math
from collections.abc import Iterator

from director.app.flight import Flight
from director.app.notices import Notice
from director.app.session import Session
from director.app.tuning import per_cent
from director.camera.lens import FILM_BACKS, horizontal_fov
from director.generate.deadline import QUALITIES
from director.viewport.readout import (
    GeneratorReadout,
    MetersReadout,
    NoticeReadout,
    Readout,
    SpendingReadout,
    TakeReadout,
)

__all__ = ["readout_of"]

_FADE_S = 0.6
_CAMERA_TICKS = 1
"""What is moved in a tick is drawn in that tick, whatever the generator does."""


def readout_of(session: Session, displayed_fps: float, hint: str = "") -> Readout:
    """Everything there is to read, just now; `hint` is the window's own."""
    frame = session.picture.frame
    lens = session.flight.camera.lens
    scene = session.scene.scene
    back = (lens.film_back_width_mm, lens.film_back_height_mm)
    return Readout(
        scene=scene.title or scene.name,
        camera=_camera(session.flight),
        focal_length_mm=round(lens.focal_length_mm, 1),
        f_number=round(lens.f_number, 1),
        film_back=next((name for name, size in FILM_BACKS.items() if size == back), ""),
        film_back_mm=back,
        horizontal_fov_deg=math.degrees(horizontal_fov(lens)),
        time_s=session.transport.time_s,
        end_s=session.transport.end_s,
        is_playing=session.transport.is_playing,
        prompt=session.prompt,
        view=session.view,
        amount=session.amount if session.view in ("wipe", "blend") else None,
        displayed_fps=displayed_fps,
        generator=_generator(session),
        spending=_spending(session),
        meters=_meters(session),
        marks=tuple(_marks(session)),
        take=_take(session),
        notices=tuple(_notice(notice) for notice in session.notices.shown),
        not_understood=() if frame is None else frame.not_understood,
        hint=hint,
    )


def _camera(flight: Flight) -> str:
    # With one camera alone its name says nothing.
    name = f"{flight.live.name} · " if len(flight.cameras) > 1 else ""
    if flight.riding is not None:
        return f"{name}{flight.riding.name}"
    mount = flight.mount
    if mount.rig not in ("fly", "walk"):
        return f"{name}{mount.rig}{f' {mount.subject}' if mount.subject else ''}"
    return f"{name}{'walking' if flight.is_walking else 'flying'} {flight.speed_m_s:.1f} m/s"


def _generator(session: Session) -> GeneratorReadout:
    state, age_s = session.runner.state, session.picture.age_s
    return GeneratorReadout(
        name=session.settings.generator,
        phase=state.phase,
        progress=state.progress,
        message=state.message,
        fps=state.generated_fps,
        age_ms=None if age_s is None else age_s * 1000,
        is_settled=session.picture.is_settled,
    )


def _marks(session: Session) -> Iterator[str]:
    lens, shown = session.picture.lens, session.flight.camera.lens
    flight = session.flight
    if flight.live.puller.tracked is not None:
        yield f"focus with {flight.live.puller.tracked}"
    elif lens.depth_of_field:
        yield f"focus {shown.focus_distance_m:.1f} m"
    if flight.mount.dolly_zoom:
        yield f"dolly zoom {flight.mount.subject}"
    if lens.shutter_angle_deg:
        yield f"shutter {lens.shutter_angle_deg:g}°"
    by_hand = session.picture.stabiliser_by_hand
    if by_hand is not None:
        yield f"stabiliser {per_cent(by_hand)}" if by_hand else "stabiliser off"
    if session.directing.locks:
        yield f"{len(session.directing.locks)} held"
    if session.directing.strength < 1:
        yield f"{per_cent(session.directing.strength)} as directed"


def _spending(session: Session) -> SpendingReadout | None:
    spent = session.picture.scheduler.spending
    if spent.rate is None and spent.quality == QUALITIES[0]:
        return None
    return SpendingReadout(spent.quality, spent.rate, spent.size, session.picture.stabiliser, spent.late)


def _meters(session: Session) -> MetersReadout | None:
    if not session.meters.is_on:
        return None
    readings, spent = session.meters.readings, session.picture.scheduler.spending
    figures = readings.figures
    return MetersReadout(
        warp_error=figures.warp_error,
        flicker=figures.flicker,
        detail_kept=figures.detail_kept,
        edge_recall=figures.edge_recall,
        edge_offset_px=figures.edge_offset_px,
        drift=figures.drift,
        latency_ms=readings.latency_ms,
        camera_ticks=_CAMERA_TICKS,
        late=None if spent.rate is None else spent.late,
        rate=spent.rate,
    )


def _take(session: Session) -> TakeReadout | None:
    if session.recording is None:
        return None
    recorder = session.recording.recorder
    return TakeReadout(recorder.number, session.recording.timecode, recorder.note)


def _notice(notice: Notice) -> NoticeReadout:
    return NoticeReadout(notice.text, notice.is_problem, min(1.0, notice.left_s / _FADE_S))
