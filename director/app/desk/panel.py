"""What a panel is: one file in `director/app/panels/`, found by looking, drawn into the place it names."""

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from director.app import overlays, panels
from director.family import member_names

if TYPE_CHECKING:
    import pygame

    from director.app.desk.desk import Desk
    from director.app.desk.ui import Ui
    from director.composite.rectangle import Rectangle

__all__ = [
    "Acting",
    "Closing",
    "KeyTaking",
    "Overlay",
    "Panel",
    "Place",
    "PutAway",
    "overlay_classes",
    "panel_classes",
]

Place = Literal["left", "right", "bottom"]


class Panel(Protocol):
    """A tab at one side of the picture. Made once a window; a module defines `PANEL`, its class.

    `order` sorts the tabs of a place. What a panel remembers is its own; what it does goes through the desk.
    """

    title: str
    place: Place
    order: int

    def draw(self, desk: "Desk", ui: "Ui") -> None:
        """Draw into the ImGui child that is open, with ImGui's own widgets and those of `ui`."""


@runtime_checkable
class Acting(Protocol):
    """A panel or overlay that does actions of the table."""

    def acts(self, desk: "Desk") -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions. Asked for once."""


@runtime_checkable
class KeyTaking(Protocol):
    """A panel that has keys of its own while it has the focus."""

    def takes_key(self, desk: "Desk", event: "pygame.event.Event") -> bool:
        """Whether an event of the keyboard is for it, and for nobody else; if so it is done."""


@runtime_checkable
class PutAway(Protocol):
    """A panel that does something while it is seen, which must not go on unseen."""

    def put_away(self, desk: "Desk") -> None:
        """It is seen no more: another tab is in front, or all are folded away."""


@runtime_checkable
class Closing(Protocol):
    """A panel or overlay that has something to give back."""

    def close(self) -> None:
        """Free what OpenGL holds and end threads, when the window closes."""


class Overlay(Protocol):
    """Something drawn over the picture: a gizmo, guides. A module defines `OVERLAY`, its class.

    Drawn in their `order`, in the desk and without it, unless everything is hidden.
    """

    order: int

    @property
    def takes_mouse(self) -> bool:
        """Whether the pointer is on something of it that is to be dragged: nothing is selected by a click."""

    def draw(self, desk: "Desk", ui: "Ui", place: "Rectangle") -> None:
        """Draw over the picture, which lies at `place` in points of the window."""


@cache
def panel_classes() -> tuple[type[Panel], ...]:
    """Every panel, by place and order."""
    found = [
        importlib.import_module(f"{panels.__name__}.{name.replace('-', '_')}").PANEL
        for name in member_names(panels.__path__)
    ]
    return tuple(sorted(found, key=lambda kind: (kind.place, kind.order)))


@cache
def overlay_classes() -> tuple[type[Overlay], ...]:
    """Every overlay, in order."""
    found = [
        importlib.import_module(f"{overlays.__name__}.{name.replace('-', '_')}").OVERLAY
        for name in member_names(overlays.__path__)
    ]
    return tuple(sorted(found, key=lambda kind: kind.order))
