"""The camera: which is live, its lens and focus, the rig that carries it, guides, and the pad's buttons."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.pad_rows import PadRows
from director.app.desk.panel import Place
from director.app.desk.rows import row
from director.app.desk.ui import Ui
from director.app.flight import CAMERAS
from director.app.mount import AIMS, AXES
from director.camera.guides import FRAME_LINES, SAFE_AREAS
from director.camera.lens import FILM_BACKS, PRIMES_MM, depth_of_field_m, hyperfocal_m
from director.camera.rigs import rig_names
from director.types import Lens

__all__ = ["PANEL", "CameraPanel", "sharp_words"]

_BACK_NAMES: Mapping[str, str] = {
    "super-35-4-perf": "Super 35 4-perf",
    "super-35-3-perf": "Super 35 3-perf",
    "full-frame": "Full frame",
    "academy": "Academy",
    "super-16": "Super 16",
    "vistavision": "VistaVision",
    "imax": "IMAX",
    "alexa-35-open-gate": "ALEXA 35 open gate",
    "alexa-lf-open-gate": "ALEXA LF open gate",
}
_AIM_NAMES = {
    "rig": "as the rig does",
    "hands": "by hand",
    "look at": "look at the subject",
    "group": "group",
}
_SHAKEN = ("steadicam", "walk")
"""Rigs with a shake of their own."""
_EVEN = imgui.SliderFlags_.logarithmic | imgui.SliderFlags_.always_clamp

_RIGS = rig_names()


class CameraPanel:
    """Everything is done through the desk's cameras; this remembers only what is being dragged."""

    title = "Camera"
    place: Place = "right"
    order = 1

    def __init__(self) -> None:
        self._focus_m: float | None = None
        self.pad = PadRows()

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {"camera-panel": lambda: desk.bring_up(self.title)}

    def put_away(self, desk: Desk) -> None:
        """No button of the pad is waited for out of sight."""
        self.pad.stop(desk)

    def draw(self, desk: Desk, ui: Ui) -> None:
        self._draw_cameras(desk, ui)
        ui.heading("Lens")
        self._draw_lens(desk, ui)
        ui.heading("Focus")
        self._draw_focus(desk, ui)
        ui.heading("Rig")
        self._draw_rig(desk, ui)
        self._draw_feel(desk, ui)
        ui.heading("Guides")
        self._draw_guides(desk, ui)
        ui.heading("Pad")
        self.pad.draw(desk, ui)

    def _draw_cameras(self, desk: Desk, ui: Ui) -> None:
        flight = desk.session.flight
        known = {camera.name for camera in flight.cameras}
        labels = [name if name in known else f"+ {name}" for name in CAMERAS]
        pressed = row(ui, labels, [name == flight.live.name for name in CAMERAS], "cut")
        if pressed is not None:
            desk.cameras.cut_to(CAMERAS[pressed])

    def _draw_lens(self, desk: Desk, ui: Ui) -> None:
        flight = desk.session.flight
        lens = flight.camera.lens
        names = list(FILM_BACKS)
        back = (lens.film_back_width_mm, lens.film_back_height_mm)
        at = next((i for i, name in enumerate(names) if FILM_BACKS[name] == back), -1)
        ui.label("Film back")
        chosen = ui.chosen("back", [_BACK_NAMES.get(name, name) for name in names], at)
        if chosen is not None:
            flight.set_film_back(names[chosen])
        half = (len(PRIMES_MM) + 1) // 2
        for part in (PRIMES_MM[:half], PRIMES_MM[half:]):
            lit = [abs(prime - lens.focal_length_mm) < 0.05 for prime in part]
            pressed = row(ui, [f"{prime:g}" for prime in part], lit, f"primes {part[0]}", columns=half)
            if pressed is not None:
                flight.live.zoom(part[pressed])
        ui.label("Zoom")
        changed, focal = imgui.drag_float("##zoom", lens.focal_length_mm, 0.25, 8.0, 300.0, "%.1f mm", _EVEN)
        if changed:
            flight.live.zoom(focal)
        ui.label("Aperture")
        changed, stop = imgui.drag_float("##stop", lens.f_number, 0.03, 0.7, 32.0, "f/%.1f", _EVEN)
        if changed:
            flight.set_stop(stop)

    def _draw_focus(self, desk: Desk, ui: Ui) -> None:
        flight, cameras = desk.session.flight, desk.cameras
        lens = flight.camera.lens
        shown = lens.focus_distance_m if self._focus_m is None else self._focus_m
        ui.label("Distance")
        changed, focus_m = imgui.drag_float("##focus", shown, 0.02, 0.2, 500.0, "%.2f m", _EVEN)
        if changed and cameras.pull_s > 0:
            self._focus_m = focus_m
        elif changed:
            flight.focus_at(focus_m)
        if self._focus_m is not None and not imgui.is_item_active():
            flight.focus_at(self._focus_m, cameras.pull_s)
            self._focus_m = None
        ui.label("Pull takes")
        _, cameras.pull_s = imgui.drag_float("##pull", cameras.pull_s, 0.02, 0.0, 10.0, "%.1f s")
        tracked = flight.live.puller.tracked
        words = "Tracking" if tracked else "Track"
        tips = [
            f"Keep {tracked or cameras.selected or 'the selected'} in focus",
            "Wash what is sharp in amber",
        ]
        lit = [tracked is not None, cameras.shows_focus_plane]
        pressed = row(ui, [words, "Show sharp"], lit, "focusing", tips=tips)
        if pressed is not None:
            desk.act(("track-focus", "focus-plane")[pressed])
        ui.faint(sharp_words(lens))

    def _draw_rig(self, desk: Desk, ui: Ui) -> None:
        flight, cameras = desk.session.flight, desk.cameras
        mount = flight.mount
        rigs = _RIGS
        ui.label("Carried by")
        chosen = ui.chosen("rig", rigs, rigs.index(mount.rig))
        if chosen is not None:
            cameras.carry(rig=rigs[chosen])
        ui.label("Subject")
        label = mount.subject or "none"
        if ui.button(
            f"{label}##subject", "Make what is selected the subject", lit=mount.subject is not None, width=-1
        ):
            cameras.take_subject()
        ui.label("Turned")
        chosen = ui.chosen("aim", [_AIM_NAMES[aim] for aim in AIMS], AIMS.index(mount.aim))
        if chosen is not None:
            cameras.carry(aim=AIMS[chosen])
        if mount.aim == "look at":
            ui.label("Dead zone")
            changed, dead = imgui.slider_float("##dead", 100 * mount.dead, 0.0, 60.0, "%.0f %%")
            if changed:
                cameras.carry(dead=dead / 100)
        if mount.aim == "group":
            told = ", ".join(mount.group) if mount.group else "select several, then press Subject"
            ui.faint(told, wrapped=True)
            pressed = row(ui, ["By zoom", "By distance"], [mount.zooms, not mount.zooms], "fit")
            if pressed is not None:
                cameras.carry(zooms=pressed == 0)

    def _draw_feel(self, desk: Desk, ui: Ui) -> None:
        flight, cameras = desk.session.flight, desk.cameras
        mount = flight.mount
        ui.label("Speed")
        changed, speed = imgui.drag_float("##speed", flight.speed_m_s, 0.02, 0.05, 100.0, "%.2f m/s", _EVEN)
        if changed:
            flight.live.ask_speed(speed)
        for name, label, value in (
            ("inertia", "Inertia", mount.inertia),
            ("look_damping", "Look damping", mount.look_damping),
        ):
            ui.label(label)
            changed, factor = imgui.drag_float(f"##{name}", value, 0.01, 0.1, 10.0, "× %.2f", _EVEN)
            if changed:
                cameras.carry(**{name: factor})
        ui.label("Steadied")
        changed, steady = imgui.slider_float("##steady", 100 * mount.steady, 0.0, 100.0, "%.0f %%")
        if changed:
            cameras.carry(steady=steady / 100)
        ui.label("Shake")
        own = "as the take has it" if cameras.is_in_shot else "as the rig has it"
        names = cameras.shakes
        shakes = [own if name == "rig" else name for name in names]
        name, amount = cameras.shake
        chosen = ui.chosen("shake", shakes, names.index(name))
        if chosen is not None:
            cameras.shake_as(names[chosen])
        has_noise = mount.rig in _SHAKEN and not cameras.is_in_shot if name == "rig" else name != "none"
        if has_noise:
            ui.label("Amount")
            changed, amount = imgui.slider_float("##amount", 100 * amount, 1.0, 300.0, "%.0f %%")
            if changed:
                cameras.shake_as(name, amount / 100)
        imgui.align_text_to_frame_padding()
        ui.faint("Locked axes")
        pressed = row(ui, list(AXES), [axis in mount.locks for axis in AXES], "locks")
        if pressed is not None:
            cameras.toggle_lock(AXES[pressed])
        pressed = row(ui, ["Solid walls", "Dolly zoom"], [mount.collides, mount.dolly_zoom], "carried")
        if pressed is not None:
            desk.act(("collide", "dolly-zoom")[pressed])

    def _draw_guides(self, desk: Desk, ui: Ui) -> None:
        cameras = desk.cameras
        guides = cameras.guides
        ui.label("Frame lines")
        aspects = (None, *FRAME_LINES)
        names = ["none" if aspect is None else f"{aspect:.2f} : 1" for aspect in aspects]
        chosen = ui.chosen("frame", names, aspects.index(guides.frame_line))
        if chosen is not None:
            cameras.guides = replace(guides, frame_line=aspects[chosen])
        ui.label("Safe areas")
        standards = (None, *SAFE_AREAS)
        chosen = ui.chosen("safe", [name or "none" for name in standards], standards.index(guides.safe))
        if chosen is not None:
            cameras.guides = replace(guides, safe=standards[chosen])
        lit = [guides.thirds, guides.golden]
        pressed = row(ui, ["Thirds", "Golden section"], lit, "guides")
        if pressed is not None:
            desk.act(("thirds", "golden")[pressed])
        pressed = row(ui, ["Centre", "Horizon"], [guides.centre, guides.horizon], "more guides")
        if pressed is not None:
            desk.act(("centre", "horizon")[pressed])


def sharp_words(lens: Lens) -> str:
    """The limits of what is sharp, and the hyperfocal distance, in words."""
    try:
        near_m, far_m = depth_of_field_m(lens)
    except ValueError:
        return "cannot be focused so near"
    far = "∞" if math.isinf(far_m) else f"{far_m:.2f} m"
    return f"sharp {near_m:.2f} – {far}, hyperfocal {hyperfocal_m(lens):.1f} m"


PANEL = CameraPanel
