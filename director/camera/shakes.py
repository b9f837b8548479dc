"""Every shake by its name, recorded or synthesised."""

from director.camera.stages.noise.handheld import SHAKES, Handheld
from director.camera.stages.noise.recorded import RECORDED, Recorded

__all__ = ["SHAKE_NAMES", "Shake", "shake_named"]

Shake = Handheld | Recorded
SHAKE_NAMES = (*RECORDED, *SHAKES)
"""Those that were recorded first."""


def shake_named(name: str, amount: float = 1.0) -> Shake:
    """The shake of that name, `amount` times as large. Raises UsageError for a name that there is not."""
    return Recorded(name, amount) if name in RECORDED else Handheld(name, amount)
