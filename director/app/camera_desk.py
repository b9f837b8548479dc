"""The camera at the desk: what keys and panels do with cameras, rigs, focus, guides and the pad."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from director.app.desk.editing import Editing
from director.app.flight import CAMERAS
from director.app.framer import Framer
from director.app.guiding import Guides, after
from director.app.mount import AIMS, Mount
from director.app.pad_settings import load_buttons, rebound, save_buttons
from director.app.session import Session
from director.camera import shakes
from director.camera.lens import FILM_BACKS
from director.camera.rigs import rig_names
from director.camera.setups.shot import Shot
from director.errors import UsageError
from director.input.pad import DEFAULT_BUTTONS, Pad
from director.scene import shots as scene_shots
from director.shots.edits import PutShotAs

__all__ = ["SHAKE_NAMES", "CameraDesk"]

SHAKE_NAMES = ("rig", "none", *shakes.SHAKE_NAMES)
"""As the rig has it, none, or a kind."""
_STEADY = (0.0, 0.3, 0.6, 1.0)


class CameraDesk:
    """Acts on the flight of a session, and says so in notices. What goes wrong becomes one too."""

    def __init__(self, session: Session, editing: Editing) -> None:
        self._session = session
        self._editing = editing
        self.framer = Framer(session)
        self.guides = Guides()
        self.shows_focus_plane = False
        self.shows_pad = False
        self.pull_s = 1.0
        """How long a pull of focus takes."""
        self.ease_s = 0.0
        """How long the way to a shot takes; 0: a cut."""
        self.phrase = ""
        self.asks_phrase = False
        """Whether the field for phrases shall have the keyboard."""
        self.pad: Pad | None = None
        # Where the pad's buttons are kept; without it they hold until the window closes.
        self._settings: Path | None = None
        width, height = session.settings.size
        session.flight.live.aspect = width / height

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        acts: dict[str, Callable[[], object]] = {
            "next-camera": lambda: self.cut_to(self._session.flight.next_name(1)),
            "previous-camera": lambda: self.cut_to(self._session.flight.next_name(-1)),
            "next-rig": lambda: self.carry(rig=after(rig_names(), self._mount.rig)),
            "next-aim": lambda: self.carry(aim=after(AIMS, self._mount.aim)),
            "subject": self.take_subject,
            "dolly-zoom": self.toggle_dolly_zoom,
            "shake": lambda: self.shake_as(after(self.shakes, self.shake[0])),
            "steady-camera": lambda: self.carry(steady=after(_STEADY, self._mount.steady)),
            "collide": lambda: self.carry(collides=not self._mount.collides),
            "lock-height": lambda: self.toggle_lock("y"),
            "track-focus": self.toggle_tracking,
            "focus-plane": self._toggle_focus_plane,
            "film-back": self._next_film_back,
            "frame-line": lambda: self._guide(self.guides.with_next_frame_line),
            "thirds": lambda: self._guide(replace(self.guides, thirds=not self.guides.thirds)),
            "centre": lambda: self._guide(replace(self.guides, centre=not self.guides.centre)),
            "golden": lambda: self._guide(replace(self.guides, golden=not self.guides.golden)),
            "safe-areas": lambda: self._guide(self.guides.with_next_safe),
            "horizon": lambda: self._guide(replace(self.guides, horizon=not self.guides.horizon)),
            "pad-picture": self._toggle_pad,
        }
        for name in CAMERAS:
            acts[f"camera-{name.lower()}"] = lambda name=name: self.cut_to(name)  # type: ignore[misc]
        return acts

    @property
    def selected(self) -> str | None:
        """The name of what was selected last."""
        return self._editing.selection[-1] if self._editing.selection else None

    def cut_to(self, name: str) -> None:
        """Cut to a camera, which is set up here if it is new."""
        is_new = self._session.flight.cut_to(name, self._session.transport.time_s)
        self._tell(f"Camera {name}: set up here" if is_new else f"Camera {name}")

    def carry(self, **settings: Any) -> bool:
        """Change settings of the live camera's mount, by their names. Returns whether that could be."""
        mount = replace(self._mount, **settings)
        if mount.rig == "follow" and mount.subject is None and self.selected is not None:
            mount = replace(mount, subject=self.selected)
        try:
            self._session.flight.carry(mount)
        except UsageError as error:
            self._session.notices.add(str(error), is_problem=True)
            return False
        for name in ("dolly_zoom",) if "dolly_zoom" in settings else settings:
            self._tell_of(name)
        return True

    @property
    def shake(self) -> tuple[str, float]:
        """The shake by its name ("rig": the rig's own, or the take's that a shot follows) and its amount, of
        the shot that is followed, else of the live camera."""
        shot = self._followed
        if shot is None:
            return self._mount.shake, self._mount.shake_amount
        if shot.shake is None:
            return ("rig", 1.0) if isinstance(shot.camera, scene_shots.RecordedTrack) else ("none", 0.0)
        return (shot.shake.kind, shot.shake.amount) if shot.shake.amount else ("none", 0.0)

    @property
    def shakes(self) -> tuple[str, ...]:
        """Those that may be chosen."""
        shot = self._followed
        if shot is None or isinstance(shot.camera, scene_shots.RecordedTrack):
            return SHAKE_NAMES
        # Its camera has none of its own.
        return tuple(name for name in SHAKE_NAMES if name != "rig")

    def shake_as(self, name: str, amount: float | None = None) -> bool:
        """Give the shot that is followed a shake, by an edit, else the live camera. Whether that could be."""
        shot = self._followed
        if shot is None:
            changed = {} if amount is None else {"shake_amount": amount}
            return self.carry(shake=name, **changed)
        shake = None
        if name not in ("rig", "none"):
            usual = self.shake[1] or 1.0
            shake = scene_shots.ShotShake(kind=name, amount=usual if amount is None else amount)
        elif name == "none" and isinstance(shot.camera, scene_shots.RecordedTrack):
            # That of the take, taken off.
            shake = scene_shots.ShotShake(kind=SHAKE_NAMES[-1], amount=0.0)
        edit = PutShotAs(shot.name, shot.model_copy(update={"shake": shake}), f"Shake of {shot.name}")
        is_done = self._editing.do(edit, key=f"shake {shot.name}")
        if is_done and amount is None:
            self._tell(f"Shake of {shot.name}: {name if shake is not None else 'none of its own'}")
        return is_done

    @property
    def is_in_shot(self) -> bool:
        """Whether the camera is a shot's."""
        return self._followed is not None

    @property
    def _followed(self) -> scene_shots.Shot | None:
        shooting = self._session.shooting
        return shooting.shot if shooting.follows else None

    def take_subject(self) -> None:
        """Make what is selected the rig's subject, and the group all that is; nothing selected, nobody."""
        group = self._editing.selection if len(self._editing.selection) > 1 else ()
        if self.carry(subject=self.selected, group=tuple(group)):
            self._tell(f"Subject: {self.selected or 'none'}")

    def toggle_dolly_zoom(self) -> None:
        """Hold the subject's height in the picture by the lens, or no more; without a subject, that of the
        selected."""
        if self._mount.dolly_zoom:
            self.carry(dolly_zoom=False)
            return
        subject = self._mount.subject or self.selected
        if subject is None:
            self._tell("Dolly zoom: select somebody first")
            return
        if self._mount.subject is None and self._mount.aim == "rig" and self._mount.rig == "fly":
            # The hands go on looking.
            self.carry(subject=subject, dolly_zoom=True, aim="hands")
        else:
            self.carry(subject=subject, dolly_zoom=True)

    def toggle_lock(self, axis: str) -> None:
        """Hold an axis where it is, or let it go."""
        self.carry(locks=self._mount.locks ^ {axis})

    def toggle_tracking(self) -> None:
        """Keep what is selected in focus, or leave the focus where it is."""
        flight = self._session.flight
        name = self.selected or self._mount.subject
        if flight.live.puller.tracked is not None or name is None:
            was = flight.live.puller.tracked
            flight.track_focus(None)
            self._tell("Focus stays where it is" if was else "Nothing is selected to keep in focus")
            return
        flight.track_focus(name, self.pull_s)
        self._tell(f"Focus goes with {name}")

    def frame(self, asked: str | Shot) -> bool:
        """Put the live camera where a shot asks; says in a notice what is not understood, or in the way."""
        try:
            framing = self.framer.framed(asked)
        except UsageError as error:
            self._session.notices.add(str(error), is_problem=True)
            return False
        self._session.flight.place(framing.camera, self.ease_s)
        for note in framing.notes:
            self._tell(note[:1].upper() + note[1:])
        return True

    def keep_settings(self, folder: Path | None, pad: Pad) -> None:
        """Take the buttons of the pad from a folder, and keep them there from now on."""
        self._settings, self.pad = folder, pad
        if folder is None:
            return
        try:
            pad.bind(load_buttons(folder))
        except UsageError as error:
            self._session.notices.add(str(error), is_problem=True)

    def bind(self, name: str, button: str) -> None:
        """Bind a button of the pad to an action."""
        if self.pad is not None:
            self._bind_all(rebound(self.pad.buttons, name, button))

    def bind_as_learnt(self) -> None:
        """Bind the pad's buttons as they are from the start."""
        self._bind_all(DEFAULT_BUTTONS)

    def _bind_all(self, buttons: Mapping[str, str]) -> None:
        assert self.pad is not None
        self.pad.bind(buttons)
        if self._settings is None:
            return
        try:
            save_buttons(self._settings, buttons)
        except UsageError as error:
            self._session.notices.add(str(error), is_problem=True)

    @property
    def _mount(self) -> Mount:
        return self._session.flight.mount

    def _next_film_back(self) -> None:
        lens = self._session.flight.live.lens
        back = (lens.film_back_width_mm, lens.film_back_height_mm)
        now = next((name for name, size in FILM_BACKS.items() if size == back), "")
        self._session.flight.set_film_back(after(tuple(FILM_BACKS), now))

    def _guide(self, guides: Guides) -> None:
        self.guides = guides

    def _toggle_focus_plane(self) -> None:
        self.shows_focus_plane = not self.shows_focus_plane

    def _toggle_pad(self) -> None:
        self.shows_pad = not self.shows_pad

    def _tell(self, words: str) -> None:
        self._session.notices.add(words)

    def _tell_of(self, name: str) -> None:
        mount = self._mount
        told: dict[str, str] = {
            "rig": f"Rig: {mount.rig}{f' about {mount.subject}' if mount.subject else ''}",
            "aim": f"Aim: {mount.aim}",
            "shake": f"Shake: {'as the rig has it' if mount.shake == 'rig' else mount.shake}",
            "collides": "Keeps out of walls" if mount.collides else "Goes through walls",
            "dolly_zoom": f"Dolly zoom on {mount.subject}" if mount.dolly_zoom else "Dolly zoom off",
            "locks": f"Locked: {', '.join(sorted(mount.locks))}" if mount.locks else "Nothing is locked",
        }
        if name in told:
            self._tell(told[name])
