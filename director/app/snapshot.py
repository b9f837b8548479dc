"""Single pictures saved from the viewport, numbered, never over one another."""

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.take.folder import plain_name
from director.take.thumbnail import save_picture

__all__ = ["Snapshot"]


class Snapshot:
    """A picture, uint8[h, w, 3], on its way to `root/<scene>/stills/<scene>_<nnn>.png`, written by a thread
    of its own. Raises RecordingError where there is no place for it."""

    def __init__(self, root: Path, scene: str, picture: NDArray[np.uint8]) -> None:
        self.path = _free_path(root / plain_name(scene) / "stills", plain_name(scene))
        self.error: RecordingError | None = None
        self._picture = picture
        self._thread = threading.Thread(target=self._save, name="snapshot")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it is on disk, or has failed with `error`."""
        return not self._thread.is_alive()

    def _save(self) -> None:
        try:
            save_picture(self._picture, self.path)
        except RecordingError as error:
            self.error = error
            self.path.unlink(missing_ok=True)


def _free_path(folder: Path, stem: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            path = folder / f"{stem}_{number:03d}.png"
            try:
                # Made at once, so that two programs never take the same number.
                path.touch(exist_ok=False)
            except FileExistsError:
                number += 1
            else:
                return path
    except OSError as error:
        raise RecordingError(
            f"no picture can be saved here: {error.strerror}", subject=str(folder), mend="make room"
        ) from error
