"""A reference picture's file, for every generator that follows one."""

from pathlib import Path
from typing import TYPE_CHECKING

from director.errors import GeneratorError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["reference_picture"]


def reference_picture(path: str) -> "Image":
    """The picture, RGB. Raises GeneratorError, with the mend, for a file that is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(Path(path)) as opened:
            return opened.convert("RGB")
    except FileNotFoundError as error:
        raise GeneratorError(
            "there is no such reference picture", subject=path, mend="give the path of a PNG or JPEG file"
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise GeneratorError(
            f"cannot be read as a reference picture: {error}",
            subject=path,
            mend="give the path of a PNG or JPEG file",
        ) from error
