"""Cut lists, read back by OpenTimelineIO's adapters and as XML."""

import json
import shutil
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio
import pytest

from director.errors import TakeError, UsageError
from director.take.library import mark_take
from tests.unit.take.exporters.shooting import FRAMES, export, recorded, still_cameras

LISTS = ("otio", "edl", "fcp7", "fcpxml")


@pytest.fixture(scope="module")
def two(take: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two takes at 24, the first with marks at 0.125 s and at 99 s of its shot."""
    root = tmp_path_factory.mktemp("two takes")
    copied = []
    for name, number in (("round_T001", 1), ("round_T002", 2)):
        folder = root / "the-room" / name
        shutil.copytree(take, folder)
        content = json.loads((folder / "take.json").read_text(encoding="utf-8"))
        content["slate"]["take"] = number
        if number == 1:
            content["scene"]["shots"] = [
                {
                    "name": "round",
                    "camera": {"kind": "move", "move": "round"},
                    "end_s": 100.0,
                    "marks": [{"time_s": 0.125, "note": "she turns"}, {"time_s": 99.0, "note": "too late"}],
                }
            ]
        (folder / "take.json").write_text(json.dumps(content), encoding="utf-8")
        copied.append(folder)
    return copied


def in_one(name: str, takes: list[Path], folder: Path, **chosen: Any) -> Path:
    """The list of some takes."""
    suffix = {"fcp7": ".xml"}.get(name, f".{name}")
    return export(name, takes, folder / f"список{suffix}", **chosen)[0]


def path_of(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def test_otio_holds_films_ranges_reels_and_marks(two: list[Path], tmp_path: Path) -> None:
    path = in_one("otio", two, tmp_path, handles=2, timecode="10:00:00:00")
    timeline = otio.adapters.read_from_file(str(path))
    one, other = timeline.find_clips()
    assert timeline.global_start_time.to_timecode() == "01:00:00:00"
    assert timeline.duration().value == 2 * (FRAMES - 4)
    for clip, folder in ((one, two[0]), (other, two[1])):
        assert path_of(clip.media_reference.target_url) == folder / "video.mp4"
        assert clip.media_reference.available_range.start_time.to_timecode() == "10:00:00:00"
        assert clip.media_reference.available_range.duration.value == FRAMES
        assert clip.source_range.start_time.to_timecode() == "10:00:00:02"
        assert clip.source_range.duration.value == FRAMES - 4
    assert one.metadata["cmx_3600"]["reel"] == "ROUND001"
    assert other.metadata["cmx_3600"]["reel"] == "ROUND002"
    assert one.metadata["director"]["seed"] == "7"
    (mark,) = one.markers
    assert mark.name == "she turns"
    assert mark.marked_range.start_time.to_timecode() == "10:00:00:03"
    assert not other.markers


def test_edl_is_read_by_an_editor_s_rules(two: list[Path], tmp_path: Path) -> None:
    path = in_one("edl", two, tmp_path, handles=2, timecode="10:00:00:00")
    text = path.read_bytes().decode()
    assert "FCM: NON-DROP FRAME\r\n" in text
    assert "001  ROUND001 V     C        10:00:00:02 10:00:00:08 01:00:00:00 01:00:00:06\r\n" in text
    assert "002  ROUND002 V     C        10:00:00:02 10:00:00:08 01:00:00:06 01:00:00:12\r\n" in text
    assert "* LOC: 01:00:00:01 RED     she turns\r\n" in text
    assert "too late" not in text
    timeline = otio.adapters.read_from_string(text.replace("\r\n", "\n"), "cmx_3600", rate=24)
    clips = list(timeline.find_clips())
    assert [clip.metadata["cmx_3600"]["reel"] for clip in clips] == ["ROUND001", "ROUND002"]
    assert [clip.source_range.start_time.to_timecode() for clip in clips] == ["10:00:00:02"] * 2
    assert [clip.source_range.duration.value for clip in clips] == [6, 6]
    assert [clip.name for clip in clips] == ["the-room_round_T001", "the-room_round_T002"]
    assert [marker.name for marker in clips[0].markers] == ["she turns"]


def test_edl_drops_where_the_rate_is_for_it(drop_take: Path, tmp_path: Path) -> None:
    text = in_one("edl", [drop_take], tmp_path).read_text()
    assert "FCM: DROP FRAME" in text
    assert "00:00:00;00 00:00:00;10 01:00:00;00 01:00:00;10" in text
    text = export("edl", [drop_take], tmp_path / "colon.edl", timecode="00:00:00:00")[0].read_text()
    assert "FCM: NON-DROP FRAME" in text
    assert "00:00:00:00 00:00:00:10 01:00:00:00 01:00:00:10" in text


def test_fcp7_is_read_back(two: list[Path], tmp_path: Path) -> None:
    path = in_one("fcp7", two, tmp_path, handles=2, timecode="10:00:00:00")
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    clips = root.findall(".//clipitem")
    assert [clip.findtext("./file/timecode/reel/name") for clip in clips] == ["ROUND001", "ROUND002"]
    assert [clip.findtext("./file/timecode/string") for clip in clips] == ["10:00:00:00"] * 2
    assert [(clip.findtext("in"), clip.findtext("out")) for clip in clips] == [("2", "8")] * 2
    assert [(clip.findtext("start"), clip.findtext("end")) for clip in clips] == [("0", "6"), ("6", "12")]
    assert clips[0].findtext("./marker/in") == "3"
    assert clips[0].findtext("./file/media/video/samplecharacteristics/width") == "64"
    assert clips[0].find("./file/media/audio") is None
    address = clips[0].findtext("./file/pathurl")
    assert address is not None
    assert address.startswith("file://localhost/")
    assert path_of(address) == two[0] / "video.mp4"
    assert root.findtext(".//sequence/media/video/format/samplecharacteristics/height") == "36"
    again = list(otio.adapters.read_from_file(str(path), "fcp_xml").find_clips())
    assert [clip.source_range.duration.value for clip in again] == [6, 6]


def test_fcpxml_tells_exact_times(two: list[Path], tmp_path: Path) -> None:
    path = in_one("fcpxml", two, tmp_path, handles=2, timecode="10:00:00:00")
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    formats = {one.get("id"): one for one in root.iter("format")}
    assets = {one.get("id"): one for one in root.iter("asset")}
    sequence = root.find("./library/event/project/sequence")
    assert sequence is not None
    assert seconds(sequence.get("tcStart")) == 3600
    assert seconds(sequence.get("duration")) == Fraction(12, 24)
    clips = list(root.iter("asset-clip"))
    assert [seconds(clip.get("offset")) for clip in clips] == [3600, 3600 + Fraction(6, 24)]
    for clip, folder in zip(clips, two, strict=True):
        asset = assets[clip.get("ref")]
        assert seconds(formats[asset.get("format")].get("frameDuration")) == Fraction(1, 24)
        assert path_of(asset.get("src", "")) == folder / "video.mp4"
        assert seconds(asset.get("start")) == 36000
        assert seconds(asset.get("duration")) == Fraction(FRAMES, 24)
        assert seconds(clip.get("start")) == 36000 + Fraction(2, 24)
        assert seconds(clip.get("duration")) == Fraction(6, 24)
    (mark,) = root.iter("marker")
    assert mark.get("value") == "she turns"
    assert seconds(mark.get("start")) == 36000 + Fraction(3, 24)
    again = otio.adapters.read_from_string(path.read_text(encoding="utf-8"), "fcpx_xml")
    assert [clip.name for clip in again.find_clips()] == ["the-room_round_T001", "the-room_round_T002"]


def seconds(text: str | None) -> Fraction:
    assert text is not None
    assert text.endswith("s")
    return Fraction(text[:-1])


@pytest.mark.parametrize("name", LISTS)
def test_takes_of_two_rates_are_refused(name: str, take: Path, drop_take: Path, tmp_path: Path) -> None:
    with pytest.raises(TakeError, match=r"has 29\.97 frames a second"):
        in_one(name, [take, drop_take], tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", LISTS)
def test_handles_that_leave_nothing_are_refused(name: str, take: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"leaves nothing of .*give at most 4"):
        in_one(name, [take], tmp_path, handles=5)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("fps", ["25", "60", "24000/1001", "60000/1001", "48"])
def test_every_rate_gives_a_list(name: str, fps: str, tmp_path: Path) -> None:
    folder = recorded(tmp_path / "takes", still_cameras(5, Fraction(fps)), Fraction(fps))
    assert in_one(name, [folder], tmp_path).stat().st_size > 0


def test_a_rate_that_a_format_has_no_timecode_for_is_told(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "takes", still_cameras(5, Fraction(12)), Fraction(12))
    with pytest.raises(TakeError, match=r"no timecode at 12 frames a second.*use --to edl or otio"):
        in_one("fcp7", [folder], tmp_path)
    for name in ("otio", "edl", "fcpxml"):
        assert in_one(name, [folder], tmp_path).stat().st_size > 0


@pytest.mark.parametrize("name", LISTS)
def test_circled_takes_of_a_folder_come_in_order(name: str, two: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "takes"
    shutil.copytree(two[0].parent.parent, root)
    text = in_one(name, [root], tmp_path).read_text(encoding="utf-8")
    assert text.index("ROUND001") < text.index("ROUND002")
    mark_take(root / "the-room" / "round_T001", circled=False)
    text = in_one(name, [root], tmp_path, overwrite=True).read_text(encoding="utf-8")
    assert "ROUND001" not in text
    assert "ROUND002" in text


def test_reels_of_one_list_differ(two: list[Path], tmp_path: Path) -> None:
    twin = tmp_path / "elsewhere" / "the-room" / "round_T001"
    shutil.copytree(two[0], twin)
    timeline = otio.adapters.read_from_file(str(in_one("otio", [*two, twin], tmp_path)))
    reels = [clip.metadata["cmx_3600"]["reel"] for clip in timeline.find_clips()]
    assert len(set(reels)) == 3
    assert all(len(reel) <= 8 and reel.isalnum() for reel in reels)
