"""MP4, ProRes and PNG: what another program finds in them."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from director.errors import RecordingError, UsageError
from director.take.stored import open_take
from tests.unit.take.exporters.shooting import (
    FRAMES,
    NOTE,
    decoded,
    export,
    probe,
    recorded,
    still_cameras,
    tag,
)


def test_mp4_is_the_take_s_own_pictures_bit_by_bit(take: Path, tmp_path: Path) -> None:
    (film,) = export("mp4", [take], tmp_path / "мой film.mp4")
    assert np.array_equal(decoded(film), np.stack(list(open_take(take).pictures())))
    assert len(decoded(film)) == FRAMES
    told = probe(film)
    assert "Video: h264" in told
    assert "yuv420p(tv, bt709" in told
    assert "24 fps" in told
    assert "Audio" not in told


@pytest.mark.parametrize(("format_", "suffix"), [("mp4", ".mp4"), ("prores", ".mov")])
def test_films_tell_what_the_take_was_made_of(format_: str, suffix: str, take: Path, tmp_path: Path) -> None:
    (film,) = export(format_, [take], tmp_path / f"film{suffix}", timecode="01:02:03:04")
    told = probe(film)
    assert tag(told, "timecode") == "01:02:03:04"
    assert "tmcd" in told
    assert tag(told, "scene") == "the-room"
    assert tag(told, "shot") == "round"
    assert tag(told, "take") == "1"
    assert tag(told, "seed") == "7"
    assert tag(told, "generator") == "proxy"
    assert " mm  f/" in tag(told, "lens")
    assert tag(told, "comment") == NOTE
    assert tag(told, "prompt") == "a foggy harbour = dawn; with 'quotes'"


@pytest.mark.parametrize(("format_", "suffix"), [("mp4", ".mp4"), ("prores", ".mov")])
def test_timecode_drops_where_the_rate_is_for_it(
    format_: str, suffix: str, drop_take: Path, tmp_path: Path
) -> None:
    (film,) = export(format_, [drop_take], tmp_path / f"drop{suffix}")
    told = probe(film)
    assert tag(told, "timecode") == "00:00:00;00"
    assert "29.97 fps" in told
    (film,) = export(format_, [drop_take], tmp_path / f"colon{suffix}", timecode="00:00:59:29")
    assert tag(probe(film), "timecode") == "00:00:59:29"


def test_a_timecode_that_drop_frame_skips_is_refused(take: Path, drop_take: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="skips"):
        export("mp4", [drop_take], tmp_path / "a.mp4", timecode="00:01:00;00")
    with pytest.raises(UsageError, match="drop-frame"):
        export("mp4", [take], tmp_path / "a.mp4", timecode="00:01:00;05")
    assert not list(tmp_path.iterdir())


def test_prores_is_422_hq_at_ten_bits(take: Path, tmp_path: Path) -> None:
    (film,) = export("prores", [take], tmp_path / "film.mov")
    told = probe(film)
    assert "prores (HQ)" in told
    assert tag(told, "reel_name") == "ROUND001"
    assert "yuv422p10le(tv, bt709" in told
    made, had = decoded(film).astype(int), np.stack(list(open_take(take).pictures())).astype(int)
    assert made.shape == had.shape
    assert np.abs(made - had).mean() < 2.5


def test_png_files_are_numbered_and_are_the_film_s_pictures(take: Path, tmp_path: Path) -> None:
    (folder,) = export("png", [take], tmp_path / "кадры", first_frame=998)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "the-room_round_T001.0998.png"
    assert names[-1] == "the-room_round_T001.1007.png"
    for name, picture in zip(names, open_take(take).pictures(), strict=True):
        with Image.open(folder / name) as image:
            assert image.mode == "RGB"
            assert np.array_equal(np.asarray(image), picture)
            assert image.info["srgb"] == 0
            assert image.info["shot"] == "round"
    with Image.open(folder / names[-1]) as image:
        assert image.info["timecode"] == "00:00:00:09"


@pytest.mark.parametrize(("format_", "name"), [("mp4", "a.mp4"), ("prores", "a.mov"), ("png", "a")])
def test_the_same_take_gives_the_same_bytes(format_: str, name: str, take: Path, tmp_path: Path) -> None:
    one = export(format_, [take], tmp_path / "1" / name)[0]
    two = export(format_, [take], tmp_path / "2" / name)[0]
    files = sorted(one.iterdir()) if one.is_dir() else [one]
    again = sorted(two.iterdir()) if two.is_dir() else [two]
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in again]


def test_burn_in_writes_into_the_pictures(take: Path, tmp_path: Path) -> None:
    (folder,) = export("png", [take], tmp_path / "png", burn_in=True)
    plain = next(open_take(take).pictures())
    with Image.open(min(folder.iterdir())) as image:
        changed = np.abs(np.asarray(image).astype(int) - plain) > 40
    assert changed[-12:].any()
    assert not changed[:, 28:36].all()
    (film,) = export("mp4", [take], tmp_path / "burnt.mp4", burn_in=True)
    assert len(decoded(film)) == FRAMES
    assert "yuv420p(tv, bt709" in probe(film)
    (film,) = export("prores", [take], tmp_path / "burnt.mov", burn_in=True)
    assert len(decoded(film)) == FRAMES
    assert "yuv422p10le(tv, bt709" in probe(film)


def test_a_film_cut_short_is_told_and_nothing_is_left(own_take: Path, tmp_path: Path) -> None:
    video = own_take / "video.mp4"
    video.write_bytes(video.read_bytes()[: video.stat().st_size * 2 // 3])
    out = tmp_path / "out"
    for format_, name in (("mp4", "a.mp4"), ("prores", "a.mov"), ("png", "a"), ("otio", "a.otio")):
        with pytest.raises(RecordingError) as told:
            export(format_, [own_take], out / name)
        assert "video.mp4" in str(told.value)
    assert not list(out.iterdir())


def test_an_encoder_that_this_ffmpeg_lacks_is_named(
    take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from director.take.exporters import prores

    monkeypatch.setattr(prores, "PRORES_422_HQ", ("-c:v", "prores_of_nobody"))
    for burn_in in (False, True):
        with pytest.raises(RecordingError, match=r"this ffmpeg lacks prores_of_nobody.*pip install"):
            export("prores", [take], tmp_path / "a.mov", burn_in=burn_in)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fps", ["12", "240", "24000/1001", "60000/1001"])
def test_films_of_every_rate_have_timecode(fps: str, tmp_path: Path) -> None:
    folder = recorded(tmp_path / "takes", still_cameras(6, Fraction(fps)), Fraction(fps))
    for format_, name in (("mp4", "a.mp4"), ("prores", "a.mov")):
        (film,) = export(format_, [folder], tmp_path / name)
        told = probe(film)
        assert tag(told, "timecode").startswith("00:00:00")
        assert f"{float(Fraction(fps)):.4g} fps" in told
        assert len(decoded(film)) == 6


def test_a_film_that_pretends_to_be_a_list_of_files_is_not_followed(own_take: Path, tmp_path: Path) -> None:
    other = tmp_path / "secret.mp4"
    other.write_bytes((own_take / "video.mp4").read_bytes())
    (own_take / "video.mp4").write_text(f"ffconcat version 1.0\nfile '{other.name}'\n")
    with pytest.raises(RecordingError):
        export("mp4", [own_take], tmp_path / "a.mp4")
