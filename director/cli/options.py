"""Arguments that several commands take, checked where they are read."""

import argparse
import math
import re
from fractions import Fraction
from pathlib import Path

from director.direction.evaluate import SCENE, parse_object_prompt
from director.errors import UsageError
from director.generate.deadline import QUALITIES

__all__ = [
    "add_direction",
    "add_generator",
    "add_json",
    "add_lens",
    "add_quality",
    "add_samples",
    "add_size",
    "f_number",
    "focus_distance",
    "frame_rate",
    "object_prompt",
    "picture_rate",
    "picture_size",
    "png_file",
    "prompt",
    "seconds",
    "seed",
    "share",
    "shutter_angle",
    "strength",
    "time",
]

DEFAULT_SIZE = (512, 288)
_SMALLEST, _LARGEST = 16, 4096
_FASTEST = 240
_SLOWEST_PICTURES = 0.1
_LONGEST_S = 3600


def add_json(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def add_generator(parser: argparse.ArgumentParser) -> None:
    """--generator."""
    parser.add_argument(
        "--generator",
        metavar="NAME",
        default="embedded",
        help="what draws the picture (default embedded; director list generators)",
    )


def add_size(parser: argparse.ArgumentParser) -> None:
    """--size."""
    parser.add_argument(
        "--size",
        metavar="WxH",
        type=picture_size,
        default=DEFAULT_SIZE,
        help="pixels of the picture (default 512x288)",
    )


def add_samples(parser: argparse.ArgumentParser) -> None:
    """--samples."""
    parser.add_argument(
        "--samples",
        metavar="N",
        type=int,
        choices=(1, 4, 9),
        help="draw pictures at their own size with 1, 4 or 9 samples a pixel: finer, and slower "
        "(default: at the generator's own size, enlarged)",
    )


def add_quality(parser: argparse.ArgumentParser) -> None:
    """--quality and --rate."""
    parser.add_argument(
        "--quality",
        metavar="NAME",
        choices=QUALITIES,
        default=QUALITIES[0],
        help=f"the size that the generator draws at: {', '.join(QUALITIES)} (default {QUALITIES[0]})",
    )
    parser.add_argument(
        "--rate",
        metavar="F",
        type=picture_rate,
        help="generated pictures a second to ask for; it draws at less where it must (default: none asked)",
    )


def add_direction(parser: argparse.ArgumentParser) -> None:
    """--prompt, --object-prompt, --strength and --seed."""
    parser.add_argument(
        "--prompt", metavar="TEXT", type=prompt, help="in the place of the scene's own prompt"
    )
    parser.add_argument(
        "--object-prompt",
        metavar="OBJECT=TEXT",
        dest="object_prompts",
        type=object_prompt,
        action="extend",
        nargs="+",
        default=[],
        help="what an object is to be; any number of them",
    )
    parser.add_argument(
        "--strength",
        metavar="OBJECT=SHARE",
        dest="strengths",
        type=strength,
        action="extend",
        nargs="+",
        default=[],
        help=f"how far an object is as directed: 1 wholly, 0 the proxy; {SCENE}=… is the scene's prompt",
    )
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="0 to 4294967295 (default 0)")


def add_lens(parser: argparse.ArgumentParser) -> None:
    """--depth-of-field, --f-number, --focus and --shutter."""
    parser.add_argument(
        "--depth-of-field", action="store_true", help="blur what is out of focus, as the lens would"
    )
    parser.add_argument(
        "--f-number", metavar="N", type=f_number, help="how far the lens is stopped down (default the move's)"
    )
    parser.add_argument(
        "--focus",
        metavar="M",
        type=focus_distance,
        help="metres to what is sharp (default the move's, or what the camera looks at)",
    )
    parser.add_argument(
        "--shutter",
        metavar="DEGREES",
        type=shutter_angle,
        default=0.0,
        help="blur what moves while the shutter is open; 180 is usual in films (default 0, off)",
    )


def picture_size(text: str) -> tuple[int, int]:
    """(width, height) from 512x288."""
    match = re.fullmatch(r"(\d{1,9})[xX×](\d{1,9})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; write it as 512x288")
    width, height = int(match[1]), int(match[2])
    if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
        raise argparse.ArgumentTypeError(f"{text} is outside {_SMALLEST} to {_LARGEST} pixels a side")
    if width % 2 or height % 2:
        raise argparse.ArgumentTypeError(
            f"{text} is odd; films need even sides, such as {width // 2 * 2}x{height // 2 * 2}"
        )
    return width, height


def frame_rate(text: str) -> Fraction:
    """Frames a second: 24, 24000/1001, or a film rate as people write it: 23.976, 29.97 …"""
    try:
        # Written out, "1e9999999" is longer than the memory.
        rate = Fraction(text if len(text) <= 20 and "e" not in text.lower() else "")
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a frame rate; write 24, 25, 29.97 or 24000/1001"
        ) from error
    if not 1 <= rate <= _FASTEST:
        raise argparse.ArgumentTypeError(f"{text} is outside 1 to {_FASTEST} frames a second")
    whole = round(rate * Fraction(1001, 1000))
    if "." in text and rate.denominator != 1 and abs(rate - Fraction(whole * 1000, 1001)) < Fraction(1, 150):
        return Fraction(whole * 1000, 1001)
    return rate.limit_denominator(1001)


def picture_rate(text: str) -> float:
    """Generated pictures a second."""
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of pictures a second") from error
    if not _SLOWEST_PICTURES <= value <= _FASTEST:
        raise argparse.ArgumentTypeError(
            f"{text} is outside {_SLOWEST_PICTURES:g} to {_FASTEST} pictures a second"
        )
    return value


def seconds(text: str) -> float:
    """A length of time."""
    value = _number(text)
    if not 0 < value <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text} s is not more than 0 and at most {_LONGEST_S}")
    return value


def time(text: str) -> float:
    """A time in the scene."""
    value = _number(text)
    if not 0 <= value <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text} s is outside 0 to {_LONGEST_S}")
    return value


def seed(text: str) -> int:
    """A seed of 32 bits."""
    if not re.fullmatch(r"\d{1,10}", text) or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {2**32 - 1}")
    return int(text)


def prompt(text: str) -> str:
    """Words that can be written into a take."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not text in this terminal's encoding") from error
    return text


def object_prompt(text: str) -> tuple[str, str]:
    """(name, prompt) from OBJECT=TEXT."""
    prompt(text)
    try:
        return parse_object_prompt(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{error.problem} ({error.mend})") from error


def f_number(text: str) -> float:
    """The focal length in apertures: 1.4 is wide open."""
    return _within(text, 0.5, 64, "f-number")


def focus_distance(text: str) -> float:
    """Metres from the lens."""
    return _within(text, 0.01, 1e6, "distance in metres")


def shutter_angle(text: str) -> float:
    """Degrees of a turn for which the shutter is open."""
    return _within(text, 0, 360, "shutter angle in degrees")


def strength(text: str) -> tuple[str, float]:
    """(name, share) from OBJECT=SHARE."""
    name, equals, amount = text.rpartition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not OBJECT=SHARE; write, for example, sofa=0.5")
    return name.strip(), _within(amount, 0, 1, "strength")


def share(text: str) -> float:
    """A share of a whole, but not quite all of it."""
    return _within(text, 0, 0.95, "share")


def folder(text: str) -> Path:
    """A folder that exists or can be made: not a file."""
    path = Path(text).expanduser()
    if not text or (path.exists() and not path.is_dir()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return path


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from error
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def png_file(text: str) -> Path:
    """A file to write a picture to."""
    path = Path(text).expanduser()
    if path.suffix.lower() != ".png" or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a file name that ends in .png")
    return path


def _within(text: str, least: float, most: float, meaning: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no {meaning}") from error
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{text} is no {meaning} from {least:g} to {most:g}")
    return value
