"""Generated pictures kept on disk while a render is made, so that it goes on where it was ended."""

import json
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from director.errors import RecordingError
from director.take.folder import whole_file

__all__ = ["KeptPictures"]

_WORDS = "not_understood"


class KeptPictures:
    """Pictures by their number in a folder, each written whole or not at all. Whether one is there is told by
    the checksums in its file: decoded it is by `load` alone. Raises RecordingError where the folder cannot be
    made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._whole: set[int] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(
                f"no folder can be made here: {error.strerror}",
                subject=str(folder),
                mend="choose another --out",
            ) from error

    def save(self, number: int, image: NDArray[np.uint8], not_understood: tuple[str, ...]) -> None:
        """Keep uint8[h, w, 3], and the words of its prompts that changed nothing. Raises RecordingError."""
        words = PngImagePlugin.PngInfo()
        words.add_itxt(_WORDS, json.dumps(list(not_understood)))
        with whole_file(self._path(number)) as temporary:
            # Little compression: the disk is faster than the rest of it.
            Image.fromarray(image).save(temporary, pnginfo=words, compress_level=1)
        self._whole.add(number)

    def has(self, number: int) -> bool:
        """Whether a picture was saved under a number, and is whole."""
        if number not in self._whole:
            try:
                with Image.open(self._path(number)) as file:
                    file.verify()
            except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
                return False
            self._whole.add(number)
        return True

    def copy(self, number: int, into: "KeptPictures") -> None:
        """Keep a picture that is here in another folder too, under the same number, byte for byte. Raises
        RecordingError."""
        with whole_file(into._path(number)) as temporary:
            shutil.copyfile(self._path(number), temporary)
        into._whole.add(number)

    def load(self, number: int) -> tuple[NDArray[np.uint8], tuple[str, ...]] | None:
        """What was saved under a number; None where nothing was, or where it cannot be read."""
        try:
            with Image.open(self._path(number)) as file:
                file.load()
                words = json.loads(getattr(file, "text", {}).get(_WORDS, "[]"))
                return np.array(file.convert("RGB"), np.uint8), tuple(map(str, words))
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
            return None

    def discard(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._whole.clear()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.png"
