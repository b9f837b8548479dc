import argparse
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from director.cli import options


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("60", Fraction(60)),
        ("24000/1001", Fraction(24000, 1001)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("47.952", Fraction(48000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("12.5", Fraction(25, 2)),
        ("25.0", Fraction(25)),
    ],
)
def test_frame_rates_are_what_film_people_mean(text: str, rate: Fraction) -> None:
    assert options.frame_rate(text) == rate


@pytest.mark.parametrize("text", ["0", "-24", "nan", "inf", "1/0", "fast", "", "1000", "1e9"])
def test_what_is_no_frame_rate_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        options.frame_rate(text)


def test_sizes() -> None:
    assert options.picture_size("512x288") == (512, 288)
    assert options.picture_size("16X4096") == (16, 4096)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("513x288", "512x288"),
        ("512x287", "even"),
        ("8192x4320", "16 to 4096"),
        ("14x288", "16 to 4096"),
        ("-512x288", "write it as"),
        ("512", "write it as"),
        ("512x", "write it as"),
        ("1e3x100", "write it as"),
        ("9999999999x2", "write it as"),
    ],
)
def test_what_is_no_size_is_refused_with_the_mend(text: str, words: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=words):
        options.picture_size(text)


def test_times_seconds_and_seeds() -> None:
    assert options.time("0") == 0
    assert options.seconds("0.04") == 0.04
    assert options.seed("4294967295") == 2**32 - 1
    for read, text in [
        (options.time, "-1"),
        (options.time, "nan"),
        (options.seconds, "0"),
        (options.seconds, "inf"),
        (options.seconds, "ten"),
        (options.seed, "-1"),
        (options.seed, "4294967296"),
        (options.seed, "1.5"),
    ]:
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)


def test_object_prompts_are_split_at_the_first_equals_sign() -> None:
    assert options.object_prompt("car=a=b") == ("car", "a=b")
    with pytest.raises(argparse.ArgumentTypeError, match="NAME=TEXT"):
        options.object_prompt("car")


@pytest.mark.parametrize("read", [options.prompt, options.object_prompt])
def test_bytes_that_are_no_text_are_refused(read: Callable[[str], object]) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="not text"):
        read("car=\udcff")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert options.folder(str(tmp_path / "new")) == tmp_path / "new"
    with pytest.raises(argparse.ArgumentTypeError, match="not a folder"):
        options.folder(str(tmp_path / "file"))


def test_picture_rates_and_qualities() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    options.add_quality(parser)
    # By default no rate is asked, and everything is drawn at the full size.
    assert vars(parser.parse_args([])) == {"quality": "finest", "rate": None}
    assert vars(parser.parse_args(["--quality", "faster", "--rate", "12.5"])) == {
        "quality": "faster",
        "rate": 12.5,
    }
    for text in ("0", "-5", "nan", "inf", "soon", "", "1000"):
        with pytest.raises(argparse.ArgumentError, match="pictures a second"):
            parser.parse_args(["--rate", text])
    with pytest.raises(argparse.ArgumentError, match="quality"):
        parser.parse_args(["--quality", "superb"])


def test_a_strength_is_a_name_and_a_share() -> None:
    assert options.strength("sofa back=0.25") == ("sofa back", 0.25)
    assert options.strength("a=b=1") == ("a=b", 1.0)
    for text in ("sofa", "=0.5", "sofa=", "sofa=2", "sofa=-0.1", "sofa=nan"):
        with pytest.raises(argparse.ArgumentTypeError):
            options.strength(text)
