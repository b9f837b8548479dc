"""The desk: the session, what is edited in it, and which panels are open. Panels act through it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pygame
from imgui_bundle import imgui

from director.app.camera_desk import CameraDesk
from director.app.desk.borders import Borders
from director.app.desk.command import command_sources
from director.app.desk.editing import Editing
from director.app.desk.layout import Layout, laid_out
from director.app.desk.palette import Palette
from director.app.desk.panel import (
    Acting,
    Closing,
    KeyTaking,
    Overlay,
    Panel,
    Place,
    PutAway,
    overlay_classes,
    panel_classes,
)
from director.app.desk.pictures import Pictures
from director.app.desk.played import draw_played
from director.app.desk.ui import Ui
from director.app.exploring import Exploring
from director.app.exporting import Exporting
from director.app.playing import Playing
from director.app.session import Session
from director.app.shelf import Shelf
from director.app.shot_board import ShotBoard
from director.composite.rectangle import Rectangle
from director.errors import UsageError
from director.take.library import TakeEntry

__all__ = ["Desk"]

_TAB_TEXT, _TAB_PAD = 14.0, 5.0
_PLACES: tuple[Place, ...] = ("left", "right", "bottom")


class Desk:
    """What a window has besides the picture. `act` does an action by its name in the table, whoever's it is:
    the palette and panels go through it. `is_open` tells whether the panels are shown."""

    def __init__(self, session: Session, editing: Editing, act: Callable[[str], object]) -> None:
        self.session = session
        self.editing = editing
        self.act = act
        self.is_open = False
        context = session.picture.display.picture.ctx
        self.palette = Palette()
        self.borders = Borders()
        self.pictures = Pictures(context)
        self.playing = Playing(context, session.notices)
        self.shots = ShotBoard(session, editing)
        self.shelf = Shelf(session.settings.takes, session.notices)
        # Beside the takes.
        self.exporting = Exporting(session.settings.takes.absolute().parent / "exports", session.notices)
        self.exploring = Exploring(session)
        self.cameras = CameraDesk(session, editing)
        self.panels: tuple[Panel, ...] = tuple(kind() for kind in panel_classes())
        self.overlays: tuple[Overlay, ...] = tuple(kind() for kind in overlay_classes())
        self.picture_place = Rectangle(0.0, 0.0, 1.0, 1.0)
        """Where the picture lies, in points of the window, since it was last drawn."""
        self._has_popup = False
        self._front: dict[Place, str] = {}
        self._seen: dict[Place, str] = {}
        self._asked: dict[Place, str] = {}

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        acts = {
            "desk": self.toggle,
            "play": self._play,
            "record": self._record,
            **self.editing.acts,
            **self.shots.acts,
        }
        acts |= self.cameras.acts
        for part in (*self.panels, *self.overlays):
            if isinstance(part, Acting):
                acts |= part.acts(self)
        return acts

    def tick(self, dt_s: float) -> None:
        """Take in what threads have done for the desk, and let a film that is played go on."""
        recording = self.session.recording
        folder = None if recording is None else recording.recorder.folder
        self.shelf.finishing = self.session.finishing
        self.shelf.tick(dt_s, self.session.scene.scene.name, folder)
        self.playing.tick(dt_s)
        self.exporting.tick()
        self.exploring.tick(dt_s)
        self.pictures.tick()
        self.shots.tick(dt_s)

    def play_take(self, take: TakeEntry, against: TakeEntry | None = None) -> None:
        """Play a take in place of the live picture, or two in one; the scene behind it stands meanwhile."""
        if self.session.recording is None:
            self.session.transport.is_playing = False
        self.playing.play(take, against)

    @property
    def is_busy(self) -> bool:
        """Whether something is going on that must not be slowed down."""
        return self.playing.is_running or self.exploring.phase not in ("idle", "done") or self.shelf.is_busy

    def takes_key(self, event: pygame.event.Event) -> bool:
        """Whether a key is for the film that is played, or a panel that has the focus, and nobody else's."""
        if self.playing.takes_key(event):
            return True
        if self.is_open and event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE and self._has_popup:
            # It closes what has popped up, and nothing else.
            return True
        takers = (part for part in self.panels if isinstance(part, KeyTaking))
        return self.is_open and any(taker.takes_key(self, event) for taker in takers)

    def open_palette(self) -> None:
        """Let any command be found by its name."""
        self.palette.open(command for source in command_sources() for command in source(self))

    def close(self) -> None:
        """Let the scene's file go, end the desk's threads and free what OpenGL holds for it."""
        self.editing.close()
        try:
            self.borders.save()
        except UsageError as error:
            self.session.troubles.append(str(error))
        for part in (*self.panels, *self.overlays):
            if isinstance(part, Closing):
                part.close()
        self.shelf.close()
        self.playing.close()
        self.exporting.close()
        self.exploring.close()
        self.cameras.framer.close()
        self.pictures.close()
        self.shots.close()

    def put_away(self) -> None:
        """Nothing of the panels is seen any more."""
        for place in tuple(self._seen):
            self._see(place, "")

    def _see(self, place: Place, title: str) -> None:
        before = self._seen.get(place, "")
        if before == title:
            return
        if before and isinstance(gone := self.panel(before), PutAway):
            gone.put_away(self)
        self._seen[place] = title

    def keep_settings(self, folder: Path) -> None:
        """Lay the desk out as it was left, and keep that there; what is wrong with it becomes a notice."""
        try:
            self.borders.keep_in(folder)
        except UsageError as error:
            self.session.notices.add(str(error), is_problem=True)

    def toggle(self) -> None:
        """Show the panels, or fold them away."""
        self.is_open = not self.is_open

    def panel(self, title: str) -> Panel:
        """The panel of that title. Raises KeyError."""
        for panel in self.panels:
            if panel.title == title:
                return panel
        raise KeyError(title)

    def bring_up(self, title: str) -> None:
        """Open the desk with this panel in front."""
        self.is_open = True
        self._asked[self.panel(title).place] = title

    def front(self, place: Place) -> str:
        """The title of the panel that is in front at a place; "" where there is none."""
        return self._front.get(place, "")

    def layout(self, size: tuple[float, float], scale: float, strip: float) -> Layout:
        """Where everything lies in a window of this size in points."""
        has = {place: self.is_open and any(p.place == place for p in self.panels) for place in _PLACES}
        return laid_out(
            size,
            scale,
            left=has["left"],
            right=has["right"],
            bottom=has["bottom"],
            strip=strip,
            asked=self.borders.asked,
        )

    def draw_panels(self, ui: Ui, layout: Layout) -> None:
        """Draw the panels, each place's as tabs."""
        self._has_popup = bool(imgui.is_popup_open("", imgui.PopupFlags_.any_popup))
        if self._has_popup and imgui.is_key_pressed(imgui.Key.escape):
            imgui.internal.close_popup_to_level(0, False)
        for place in _PLACES:
            rectangle: Rectangle = getattr(layout, place)
            if min(rectangle.width, rectangle.height) < 2:
                continue
            self._draw_place(ui, place, rectangle)

    @property
    def overlay_takes_mouse(self) -> bool:
        """Whether the pointer is on something over the picture that is to be dragged."""
        return self.playing.is_on or any(overlay.takes_mouse for overlay in self.overlays)

    def draw_overlays(self, ui: Ui) -> None:
        """Draw what lies over the picture."""
        if self.playing.is_on:
            # What lies over the live picture says nothing of a film.
            draw_played(self.playing, ui, self.picture_place)
            return
        for overlay in self.overlays:
            overlay.draw(self, ui, self.picture_place)

    def _play(self) -> None:
        if self.playing.is_on:
            self.playing.toggle()
        else:
            self.session.act("play")

    def _record(self) -> None:
        # What is recorded is the live picture: it must be seen.
        self.playing.stop()
        self.session.act("record")

    def _draw_place(self, ui: Ui, place: Place, rectangle: Rectangle) -> None:
        imgui.set_next_window_pos((rectangle.left, rectangle.top))
        imgui.set_next_window_size((rectangle.width, rectangle.height))
        flags = (
            imgui.WindowFlags_.no_decoration
            | imgui.WindowFlags_.no_move
            | imgui.WindowFlags_.no_saved_settings
            | imgui.WindowFlags_.no_bring_to_front_on_focus
        )
        imgui.begin(f"##{place}", None, flags)
        self.borders.draw(place, rectangle, ui)
        here = [panel for panel in self.panels if panel.place == place]
        text = _tab_text(ui, [panel.title for panel in here])
        # The bar and its tabs must agree in these.
        imgui.push_font(ui.fonts.regular, text)
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (_TAB_PAD * ui.scale, 5 * ui.scale))
        is_open = imgui.begin_tab_bar(f"##tabs of {place}")
        imgui.pop_style_var()
        imgui.pop_font()
        if is_open:
            for panel in here:
                if self._draw_tab(ui, place, panel.title, text):
                    imgui.begin_child(f"##{panel.title}")
                    panel.draw(self, ui)
                    imgui.end_child()
                    imgui.end_tab_item()
            imgui.end_tab_bar()
        imgui.end()

    def _draw_tab(self, ui: Ui, place: Place, title: str, text: float) -> bool:
        wanted = imgui.TabItemFlags_.none
        if self._asked.get(place) == title:
            wanted = imgui.TabItemFlags_.set_selected
            del self._asked[place]
        imgui.push_font(ui.fonts.regular, text)
        imgui.push_style_var(imgui.StyleVar_.frame_padding, (_TAB_PAD * ui.scale, 5 * ui.scale))
        shown, _ = imgui.begin_tab_item(title, None, wanted)
        imgui.pop_style_var()
        imgui.pop_font()
        if shown:
            self._front[place] = title
            self._see(place, title)
        return bool(shown)


def _tab_text(ui: Ui, titles: Sequence[str]) -> float:
    """Of the tabs, in points: smaller where they would not all be seen."""
    imgui.push_font(ui.fonts.regular, _TAB_TEXT * ui.scale)
    needed = sum(imgui.calc_text_size(title).x for title in titles)
    imgui.pop_font()
    # Between tabs lies ImGui's own gap.
    room = imgui.get_content_region_avail().x - len(titles) * (2 * _TAB_PAD + 5) * ui.scale
    return _TAB_TEXT * ui.scale * min(1.0, max(0.7, room / max(1.0, needed)))
