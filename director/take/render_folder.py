"""Where a render is made: a hidden folder beside the takes, which becomes a take in one step at the end."""

import contextlib
import errno
import os
import shutil
from pathlib import Path

from director.errors import RecordingError
from director.take.folder import plain_name, read_json, take_places, write_json
from director.take.processes import is_gone

__all__ = ["RenderFolder"]


class RenderFolder:
    """`out/.render-<key>`: pictures are kept in it until the render is whole, for the same command to go on
    from."""

    def __init__(self, out: Path, key: str) -> None:
        self._out = out
        self.path = out / f".render-{key[:16]}"
        self.pictures = self.path / "pictures"
        # Should the same command run twice at a time.
        self.film = self.path / f"film-{os.getpid()}"

    def discard_film(self) -> None:
        """Take away a film that was not finished."""
        shutil.rmtree(self.film, ignore_errors=True)

    def adopt(self, made: Path, scene: str, shot: str) -> tuple[Path, int]:
        """Give a finished take folder its place, `out/<scene>/<shot>_T<nnn>` with the next free number, and
        return it with that number. Raises RecordingError."""
        try:
            for target, number in take_places(self._out, scene, shot):
                _number(made / "take.json", number)
                # Where another has made it meanwhile and put something into it, the next number is tried.
                if not target.exists():
                    with contextlib.suppress(FileExistsError, NotADirectoryError):
                        _rename(made, target)
                        return target, number
        except (OSError, ValueError) as error:
            raise RecordingError(
                f"no take folder can be made here: {error}",
                subject=str(self._out / plain_name(scene)),
                mend="choose another --out",
            ) from error
        raise AssertionError("numbers do not end")

    def discard(self) -> None:
        """Take everything away that was kept, unless the same command runs once more beside this."""
        self.discard_film()
        # One that was killed left its film behind.
        others = (path.name.removeprefix("film-") for path in self.path.glob("film-*"))
        if all(name.isdecimal() and is_gone(int(name)) for name in others):
            shutil.rmtree(self.path, ignore_errors=True)


def _rename(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:
            raise FileExistsError(error.errno, error.strerror, str(target)) from error
        raise


def _number(document: Path, number: int) -> None:
    content = read_json(document)
    slate = content["slate"]
    assert isinstance(slate, dict)
    write_json(document, {**content, "slate": {**slate, "take": number}})
