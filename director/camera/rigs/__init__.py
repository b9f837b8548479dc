"""The family of rigs: what carries a camera that is driven by hand, one rig a file.

Each file defines `mount(camera, subject)`: the rig with its usual stages, set up where a camera stands and,
where it can be, about a subject by name. The stages may be had singly too: see `camera.stages`.
"""

import importlib

from director.camera.rig import Rig
from director.errors import UsageError
from director.family import member_names
from director.types import CameraState

__all__ = ["mount_rig", "rig_names"]


def rig_names() -> tuple[str, ...]:
    """In alphabetical order. Imports none of them."""
    return member_names(__path__)


def mount_rig(name: str, camera: CameraState, subject: str | None = None) -> Rig:
    """The rig of that name, set up where the camera stands.

    Raises UsageError for a rig that there is not, or that needs a subject and is given none.
    """
    if name not in rig_names():
        raise UsageError(
            f"no rig is called {name!r}", subject="rig", mend=f"there are: {', '.join(rig_names())}"
        )
    rig: Rig = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").mount(camera, subject)
    return rig
