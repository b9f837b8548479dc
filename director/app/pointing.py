"""What the mouse points at, and what is directed from the keyboard: focus, held surfaces, strength, seed."""

from collections.abc import Callable, Mapping

from director.app.directing import Directing
from director.app.flight import Flight
from director.app.notices import Notices
from director.app.picture import LivePicture
from director.app.tuning import per_cent
from director.scene.compile import CompiledScene

__all__ = ["Pointing"]


class Pointing:
    """Acts on the direction, and on what lies at `pointer`; says so in notices."""

    def __init__(
        self,
        scene: CompiledScene,
        picture: LivePicture,
        directing: Directing,
        flight: Flight,
        notices: Notices,
    ) -> None:
        self._scene = scene
        self._picture = picture
        self._directing = directing
        self._flight = flight
        self._notices = notices
        self.pointer: tuple[float, float] | None = None
        """Where the mouse points in the picture, uv; None where it does not: the middle counts then."""

    def replace_scene(self, scene: CompiledScene) -> None:
        """Point at things of another scene from now on."""
        self._scene = scene

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "focus": self._focus,
            "hold-object": self._hold_object,
            "hold-class": self._hold_class,
            "hold-background": self._hold_background,
            "release-all": self._release_all,
            "strength": self._next_strength,
            "variation": self._next_seed,
            "ease": self._next_ease,
        }

    def _focus(self) -> None:
        id_, away_m = self._pointed()
        if id_ == 0:
            self._notices.add("Nothing to focus on there: it is the sky")
            return
        self._flight.focus_at(away_m)
        self._notices.add(f"Focus at {away_m:.1f} m: {self._name(id_)}")

    def _hold_object(self) -> None:
        id_, _ = self._pointed()
        if id_ == 0:
            self._notices.add("Nothing to hold there: it is the sky")
            return
        is_held = self._directing.toggle_lock(id_)
        self._notices.add(f"{_held(is_held)}: {self._name(id_)}")

    def _hold_class(self) -> None:
        id_, _ = self._pointed()
        if id_ == 0:
            self._notices.add("Nothing to hold there: it is the sky")
            return
        name, count, is_held = self._directing.toggle_class(id_)
        objects = "object" if count == 1 else "objects"
        self._notices.add(f"{_held(is_held)}: {count} {objects} of class {name}")

    def _hold_background(self) -> None:
        self._notices.add(f"{_held(self._directing.toggle_background())}: the background")

    def _release_all(self) -> None:
        self._directing.unlock()
        self._notices.add("Nothing is held")

    def _next_strength(self) -> None:
        self._notices.add(f"Materials {per_cent(self._directing.next_strength())} as directed")

    def _next_seed(self) -> None:
        if self._directing.keeps_seed:
            self._notices.add("The variation is kept: Ctrl+Shift+F6 lets it change")
            return
        self._notices.add(f"Another variation: seed {self._directing.next_seed()}")

    def _next_ease(self) -> None:
        seconds = self._directing.next_ease()
        self._notices.add(f"Changes take {seconds:g} s" if seconds else "Changes at once")

    def _pointed(self) -> tuple[int, float]:
        return self._picture.at(*(self.pointer or (0.5, 0.5)))

    def _name(self, id_: int) -> str:
        return next((thing.name for thing in self._scene.objects if thing.id == id_), "?")


def _held(is_held: bool) -> str:
    return "Held" if is_held else "Let go"
