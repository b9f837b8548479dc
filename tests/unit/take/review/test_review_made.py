"""What a review holds: films that can be sought, proxies of the same frames, data that match the track."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.cli.main import main
from director.errors import RecordingError
from director.take import ffmpeg
from director.take.review import Review, ReviewOptions, make_review
from director.take.review.figures import FIGURES, kept_figures
from director.take.review.films import plays_as_it_is, write_film
from director.take.review.takes import fingerprint, open_plain
from director.take.review.writing import as_script
from tests.unit.take.exporters.shooting import decoded, shoot_small
from tests.unit.take.review.coded import EVIL, SIZE, read_code


def data_of(folder: Path) -> dict[str, Any]:
    """What the page's script holds."""
    text = (folder / "takes.js").read_text(encoding="ascii")
    match = re.fullmatch(r"const DIRECTOR_REVIEW = (.*);\n", text, re.DOTALL)
    assert match
    told: dict[str, Any] = json.loads(match[1])
    return told


def framecrc(film: Path, *options: str) -> list[str]:
    told = ffmpeg.run(["-i", str(film), "-map", "0:v:0", *options, "-f", "framecrc", "-"], film).decode()
    return [line for line in told.splitlines() if line[:1].isdigit()]


def test_data_tell_slate_lens_and_direction_by_frame(review: Review, reviewed_root: Path) -> None:
    data = data_of(review.folder)
    first, second, _ = data["takes"]
    assert (data["title"], review.takes, review.broken) == ("the-room", 3, ())
    assert [take["shot"] for take in data["takes"]] == ["walk in", "walk in", "дубль 一"]
    assert [(take["take"], take["frames"], take["fps"]) for take in data["takes"]] == [
        (1, 48, [24, 1]),
        (2, 36, [24, 1]),
        (1, 10, [30000, 1001]),
    ]
    assert first["lens"]["focal_mm"] == [round(25 + frame / 10, 2) for frame in range(48)]
    assert first["lens"]["stop"] == 2.8
    assert first["lens"]["height_m"] == 1.5
    # One number where nothing changes.
    assert first["lens"]["speed_m_s"] == 2.4
    assert [moment["frame"] for moment in first["directions"]] == [0, 6, 20]
    assert first["directions"][0]["changes"] == [{"what": "prompt", "text": "dawn"}]
    assert first["directions"][1]["changes"] == [{"what": "anna", "text": "a red coat"}]
    assert first["directions"][2]["changes"] == [{"what": "prompt", "text": f"dusk {EVIL}"}]
    assert (second["rating"], second["circled"], second["note"]) == (2, True, EVIL)
    assert second["notes"] == [{"frame": 26, "text": EVIL}]
    takes = sorted((reviewed_root / "the-room").iterdir())
    assert {take["fingerprint"] for take in data["takes"]} == {fingerprint(take) for take in takes}


def test_no_text_holds_a_path_an_address_or_the_end_of_a_script(review: Review, reviewed_root: Path) -> None:
    texts = [path for path in review.folder.rglob("*") if path.suffix in (".js", ".json", ".html", ".css")]
    assert len(texts) > 10
    for path in texts:
        text = path.read_text(encoding="utf-8")
        for place in (reviewed_root, review.folder, Path.home()):
            assert str(place) not in text
            assert json.dumps(str(place))[1:-1] not in text
        addresses = set(re.findall(r"https?://[\w./-]+|//\w+\.\w+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}, path
    assert not set("<>&") & set((review.folder / "takes.js").read_text(encoding="ascii"))


def test_scripts_are_ascii_and_give_back_what_was_put_in() -> None:
    told = {"a": "</script>\u2028<!-- \ud800 &", "b": [1, None, True]}
    text = as_script(told)
    assert text.isascii()
    assert "<" not in text
    assert json.loads(text.removeprefix("const DIRECTOR_REVIEW = ").removesuffix(";\n")) == told
    with pytest.raises(ValueError, match="JSON"):
        as_script({"a": float("nan")})


def test_films_are_those_of_the_takes_and_can_be_sought(review: Review, reviewed_root: Path) -> None:
    for take in data_of(review.folder)["takes"]:
        film = review.folder / take["film"]
        mine = reviewed_root / take["folder"] / "video.mp4"
        assert framecrc(film) == framecrc(mine)
        packets = framecrc(film, "-c", "copy")
        keys = [number for number, line in enumerate(packets) if "F=" not in line]
        rate = Fraction(*take["fps"])
        assert keys[0] == 0
        assert max(np.diff([*keys, len(packets)])) <= rate
        head = film.read_bytes()[:4096]
        assert b"moov" in head
        assert b"moof" not in head


@pytest.mark.parametrize(
    "coding",
    [
        "-c:v libx264 -crf 4 -g 999 -bf 0 -pix_fmt yuv420p",
        "-c:v libx264 -crf 4 -g 12 -bf 3 -pix_fmt yuv420p",
        "-c:v libx264 -crf 4 -g 12 -bf 0 -pix_fmt yuv444p",
        "-c:v mjpeg -q:v 2",
    ],
    ids=["one key frame", "refers to later pictures", "4:4:4", "no H.264"],
)
def test_a_film_that_browsers_do_not_seek_in_is_encoded_anew(
    coding: str, own_root: Path, tmp_path: Path
) -> None:
    take = own_root / "the-room" / "walk-in_T001"
    video, other = take / "video.mp4", tmp_path / "other.mp4"
    assert plays_as_it_is(open_plain(take))
    ffmpeg.run(["-y", "-i", str(video), *coding.split(), str(other)], other)
    shutil.copy(other, video)
    source = open_plain(take)
    assert not plays_as_it_is(source)
    made = tmp_path / "made.mp4"
    write_film(source, made)
    assert [read_code(picture) for picture in decoded(made, SIZE)] == list(range(48))
    shutil.copy(made, video)
    assert plays_as_it_is(open_plain(take))


def test_a_film_of_another_rate_is_none_of_the_take(own_root: Path, tmp_path: Path) -> None:
    take = own_root / "the-room" / "walk-in_T001"
    other = tmp_path / "other.mp4"
    slower = "-c:v libx264 -pix_fmt yuv420p -vf setpts=PTS*1.5 -fps_mode passthrough"
    ffmpeg.run(["-y", "-i", str(take / "video.mp4"), *slower.split(), str(other)], other)
    shutil.copy(other, take / "video.mp4")
    with pytest.raises(RecordingError, match="at 24 a second they would"):
        open_plain(take)


def test_proxies_are_those_of_the_same_frames(tmp_path: Path) -> None:
    # The pictures of this take are its proxies.
    take = shoot_small(tmp_path / "takes", "round", Fraction(30000, 1001))
    review = make_review([take], tmp_path / "out", ReviewOptions(), lambda share, words: None)
    (told,) = data_of(review.folder)["takes"]
    film, proxies = (decoded(review.folder / told[name]).astype(np.float64) for name in ("film", "proxies"))
    assert len(film) == len(proxies) == 10
    apart = np.array([[np.abs(a - b).mean() for b in proxies] for a in film])
    # The move sets in gently: its first frames are nearly alike.
    assert (apart.argmin(axis=1) == np.arange(10))[4:].all()
    assert (apart.diagonal() < apart.min(axis=1) + 0.3).all()
    assert apart.diagonal().max() < 6
    assert (review.folder / told["picture"]).read_bytes()[:2] == b"\xff\xd8"


def test_measured_figures_are_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take = shoot_small(tmp_path / "takes", "push")
    out = tmp_path / "out"
    given = ["review", str(take), "--out", str(out), "--no-proxies", "--json"]
    assert main([*given, "--quick"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["takes"], told["measured"], told["proxies"], told["broken"]) == (1, 1, 0, [])
    (first,) = data_of(out)["takes"]
    assert first["figures"]["values"]["warp_error"] > 0
    assert first["figures"]["values"]["drift"] is None
    assert set(first["figures"]["seconds"][0]) == set(FIGURES)
    assert first["proxies"] is None
    # Without being asked to measure, what is known stays.
    assert main(given) == 0
    assert data_of(out)["takes"][0]["figures"] == first["figures"]


def test_figures_of_an_earlier_run_are_read_with_distrust() -> None:
    assert kept_figures(None) is None
    assert kept_figures({"values": [], "seconds": []}) is None
    odd = {"values": {"drift": "0", "flicker": 10**400, "evil": 1}, "seconds": [None], "notes": "no"}
    told = kept_figures(odd)
    assert told is not None
    assert told["values"] == dict.fromkeys(FIGURES)
    assert told["seconds"] == [dict.fromkeys(FIGURES)]
    assert told["notes"] == []
