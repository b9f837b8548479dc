"""The desk: the session, what is edited in it, and which panels are open. Panels act through it."""

from collections.abc import Callable, Mapping

from imgui_bundle import imgui

from director.app.desk.editing import Editing
from director.app.desk.layout import Layout, laid_out
from director.app.desk.panel import Overlay, Panel, Place, overlay_classes, panel_classes
from director.app.desk.ui import Ui
from director.app.session import Session
from director.composite.rectangle import Rectangle

__all__ = ["Desk"]

_PLACES: tuple[Place, ...] = ("left", "right", "bottom")


class Desk:
    """What a window has besides the picture. `act` does an action by its name in the table, whoever's it is:
    the palette and panels go through it. `is_open` tells whether the panels are shown."""

    def __init__(self, session: Session, editing: Editing, act: Callable[[str], object]) -> None:
        self.session = session
        self.editing = editing
        self.act = act
        self.is_open = False
        self.panels: tuple[Panel, ...] = tuple(kind() for kind in panel_classes())
        self.overlays: tuple[Overlay, ...] = tuple(kind() for kind in overlay_classes())
        self.picture_place = Rectangle(0.0, 0.0, 1.0, 1.0)
        """Where the picture lies, in points of the window, since it was last drawn."""
        self._front: dict[Place, str] = {}
        self._asked: dict[Place, str] = {}

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {"desk": self.toggle, **self.editing.acts}

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
        return laid_out(size, scale, left=has["left"], right=has["right"], bottom=has["bottom"], strip=strip)

    def draw_panels(self, ui: Ui, layout: Layout) -> None:
        """Draw the panels, each place's as tabs."""
        for place in _PLACES:
            rectangle: Rectangle = getattr(layout, place)
            if min(rectangle.width, rectangle.height) < 2:
                continue
            self._draw_place(ui, place, rectangle)

    @property
    def overlay_takes_mouse(self) -> bool:
        """Whether the pointer is on something over the picture that is to be dragged."""
        return any(overlay.takes_mouse for overlay in self.overlays)

    def draw_overlays(self, ui: Ui) -> None:
        """Draw what lies over the picture."""
        for overlay in self.overlays:
            overlay.draw(self, ui, self.picture_place)

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
        if imgui.begin_tab_bar(f"##tabs of {place}"):
            for panel in (panel for panel in self.panels if panel.place == place):
                wanted = imgui.TabItemFlags_.none
                if self._asked.get(place) == panel.title:
                    wanted = imgui.TabItemFlags_.set_selected
                    del self._asked[place]
                shown, _ = imgui.begin_tab_item(panel.title, None, wanted)
                if shown:
                    self._front[place] = panel.title
                    imgui.begin_child(f"##{panel.title}")
                    panel.draw(self, ui)
                    imgui.end_child()
                    imgui.end_tab_item()
            imgui.end_tab_bar()
        imgui.end()
