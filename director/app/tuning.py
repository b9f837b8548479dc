"""What is spent on the picture and how the lens shows it, from the keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from director.app.cycle import next_of
from director.app.flight import Flight
from director.app.notices import Notices
from director.app.picture import LivePicture
from director.generate.deadline import QUALITIES

__all__ = ["Tuning", "per_cent"]

_RATES = (5.0, 8.0, 12.0, 15.0, 24.0)
"""Generated pictures a second that a key goes through, and then none."""
_STABILISERS = (0.3, 0.5, 0.7, 0.85)
"""That a key goes through, and then none."""
_SHUTTERS_DEG = (0.0, 90.0, 180.0, 270.0)


class Tuning:
    """Acts on a picture and its camera's lens, and says so in notices."""

    def __init__(self, picture: LivePicture, flight: Flight, notices: Notices) -> None:
        self._picture = picture
        self._flight = flight
        self._notices = notices
        self.burns_in = False
        """Whether the next take's film has slate, lens and timecode written into it."""

    @property
    def acts(self) -> Mapping[str, Callable[[], object]]:
        """By their names in the table of actions."""
        return {
            "quality-finer": lambda: self._turn(-1),
            "quality-faster": lambda: self._turn(1),
            "next-rate": self._ask_next_rate,
            "stabiliser": self._steady,
            "depth-of-field": self._toggle_depth_of_field,
            "shutter": self._next_shutter,
            "stop-down": lambda: self._stop(1),
            "open-up": lambda: self._stop(-1),
            "burn-in": self._toggle_burn_in,
            "lens-wider": lambda: self._flight.change_prime(-1),
            "lens-longer": lambda: self._flight.change_prime(1),
        }

    def _toggle_burn_in(self) -> None:
        self.burns_in = not self.burns_in
        words = "Takes are recorded with slate, lens and timecode burnt in"
        self._notices.add(words if self.burns_in else "Takes are recorded clean")

    def _turn(self, step: int) -> None:
        scheduler = self._picture.scheduler
        at = min(len(QUALITIES) - 1, max(0, QUALITIES.index(scheduler.quality) + step))
        scheduler.turn(QUALITIES[at])
        # The dial turns the stabiliser too: what was set by hand was meant for the pictures before.
        self._picture.stabiliser_by_hand = None
        width, height = scheduler.dial_size
        steadied = per_cent(self._picture.stabiliser)
        self._notices.add(f"Quality: {scheduler.quality}, {width} × {height}, steadied {steadied}")

    def _ask_next_rate(self) -> None:
        scheduler = self._picture.scheduler
        scheduler.ask(next((rate for rate in _RATES if rate > (scheduler.rate or 0.0)), None))
        rate = scheduler.rate
        words = "No picture rate asked" if rate is None else f"{rate:g} generated pictures a second asked"
        self._notices.add(words)

    def _steady(self) -> None:
        amount = next((share for share in _STABILISERS if share > self._picture.stabiliser), 0.0)
        self._picture.stabiliser_by_hand = amount
        self._notices.add(f"Stabiliser: {per_cent(amount)}" if amount else "Stabiliser off")

    def _toggle_depth_of_field(self) -> None:
        lens = self._picture.lens
        self._picture.lens = replace(lens, depth_of_field=not lens.depth_of_field)
        shown = self._flight.camera.lens
        words = f"Depth of field at f/{shown.f_number:g}, {shown.focus_distance_m:.1f} m"
        self._notices.add(words if self._picture.lens.depth_of_field else "Depth of field off")

    def _next_shutter(self) -> None:
        lens = self._picture.lens
        angle = next_of(_SHUTTERS_DEG, lens.shutter_angle_deg)
        self._picture.lens = replace(lens, shutter_angle_deg=angle)
        self._notices.add(f"Shutter: {angle:g}°" if angle else "Shutter blur off")

    def _stop(self, step: int) -> None:
        self._notices.add(f"f/{self._flight.change_stop(step):g}")


def per_cent(share: float) -> str:
    """A share of 0..1 as whole per cent, set as this project sets units."""
    return f"{share * 100:.0f} %"
