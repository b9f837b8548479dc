"""Damaged takes through the commands that read them: one line or a whole result, and nothing else touched.

`python -m tests.unit.take.faults.driver` runs every command on as many takes as one likes; here are some.
"""

import os
import random
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from director.cli.main import main
from director.errors import RecordingError, TakeError
from director.take import ffmpeg
from director.take.distrust import film_rate, one_line, picture_size
from director.take.exporters._source import open_source
from director.take.film_head import FilmHead, film_head
from director.take.folder import plain_name, read_json
from director.take.library import list_takes
from director.take.measure import measure
from director.take.playback import FilmReader
from director.take.render_plan import RenderRequest, plan_render
from director.take.stored import open_take
from tests.unit.take.exporters.shooting import FRAMES, SIZE
from tests.unit.take.faults.driver import COMMANDS, LIVE_COMMANDS, Ground, run_command

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="Windows has no named pipes in folders and no SIGALRM"
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture
def own(ground: Ground, tmp_path: Path) -> Path:
    """A copy of a sound take, to be changed."""
    return Path(shutil.copytree(ground.shot, tmp_path / "takes" / "scene" / ground.shot.name))


@pytest.fixture
def one_core() -> Iterator[None]:
    """A generator that draws pictures side by side would start processes for each take."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_a_damaged_take_ends_in_one_line_or_in_a_whole_result(
    seed: int, ground: Ground, one_core: None
) -> None:
    is_live = seed % 4 == 3
    chance = random.Random(seed)
    commands = LIVE_COMMANDS if is_live else COMMANDS
    with ground.damaged(seed, is_live) as (folder, damage):
        for number, command in enumerate(chance.sample(commands, 2)):
            done = run_command(command, folder, ground.root / f"place {seed} {number}", damage)
            assert not done.wrong, f"{command} of a take with {damage.words}: {done.wrong}"


@pytest.mark.parametrize("command", [*COMMANDS, *LIVE_COMMANDS])
def test_a_sound_take_passes_the_same_commands(command: str, ground: Ground, one_core: None) -> None:
    # Or what is asked of damaged ones would be asked in vain.
    with ground.damaged(0) as (folder, damage):
        shutil.rmtree(folder)
        source = ground.live if command.endswith("as-seen") else ground.shot
        shutil.copytree(source, folder)
        done = run_command(command, folder, ground.root / f"sound {command}", damage)
        assert done.status == 0
        assert not done.wrong


def playlist(own: Path) -> Path:
    """The film of a take is a list that names another one, outside."""
    other = own.parents[2] / "other.mp4"
    (own / "video.mp4").rename(other)
    (own / "video.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n")
    return other


def test_a_list_of_films_is_no_film(own: Path) -> None:
    other = playlist(own)
    video = own / "video.mp4"
    # Left to itself ffmpeg would have gone by its content, and read outside.
    assert film_head(other).frames == FRAMES
    take = open_take(own)
    with pytest.raises(RecordingError, match=r"video\.mp4"):
        next(take.pictures())
    with pytest.raises(RecordingError, match=r"video\.mp4"):
        measure(own, lambda share, words: None)
    with FilmReader(video, *SIZE, take.fps, FRAMES) as reader, pytest.raises(RecordingError):
        reader.frame(0)
    notes = plan_render(RenderRequest(own, own.parents[2] / "out")).notes
    assert any(note.startswith("nothing is compared with the film of the take: cannot be") for note in notes)


def test_a_film_is_read_whatever_its_folder_is_called(own: Path) -> None:
    # Letters that ffmpeg has a meaning for.
    odd = own.parent / "a:b 50%03d [x] 'q' {y} 部屋,-"
    own.rename(odd)
    assert film_head(odd / "video.mp4") == FilmHead(FRAMES, *SIZE, Fraction(FRAMES - 1, 24))
    assert len(list(open_take(odd).pictures())) == FRAMES


@pytest.mark.parametrize("how", [["-r", "1000"], ["-vf", "setpts=PTS*3", "-fps_mode", "passthrough"]])
def test_a_film_that_runs_otherwise_than_its_take_is_not_handed_on(
    how: list[str], own: Path, tmp_path: Path
) -> None:
    video = own / "video.mp4"
    video.rename(tmp_path / "was.mp4")
    ffmpeg.run(["-y", "-i", str(tmp_path / "was.mp4"), *how, str(video)], video)
    with pytest.raises(RecordingError, match=r"video\.mp4: its \d+ pictures span .* at 24 a second"):
        open_source(own)


def test_pictures_of_another_size_are_refused_before_anything_is_drawn(own: Path) -> None:
    text = (own / "take.json").read_text(encoding="utf-8")
    (own / "take.json").write_text(
        text.replace('"size": [64, 36]', '"size": [8192, 8192]', 1), encoding="utf-8"
    )
    assert open_take(own).width == 8192
    for ask in (
        lambda: measure(own, lambda share, words: None),
        lambda: plan_render(RenderRequest(own, own.parents[2] / "out")),
        lambda: next(open_take(own).pictures()),
    ):
        with pytest.raises(RecordingError, match=r"64x36, and take\.json says 8192x8192"):
            ask()


@pytest.mark.parametrize("name", ["take.json", "slate.json", "track.jsonl"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(name: str, own: Path) -> None:
    (own / name).unlink()
    os.mkfifo(own / name)
    (entry,) = list_takes(own.parents[1])
    assert ("no plain file" in entry.error + entry.problem) == (name != "track.jsonl")
    if name == "slate.json":
        # What people think of a take is not what it is made of.
        assert open_take(own).lines
        return
    with pytest.raises(TakeError, match=rf"{re.escape(name)}.*no plain file"):
        open_take(own)


def test_a_film_with_a_burn_in_lowers_the_likeness_with_a_word(ground: Ground) -> None:
    notes = plan_render(RenderRequest(ground.live, ground.root / "out")).notes
    assert notes == ("slate and timecode are burnt into the film of the take: its likeness is lower by them",)
    assert "burnt into the film" in measure(ground.live, lambda share, words: None, quick=True).notes[-1]
    assert not plan_render(RenderRequest(ground.shot, ground.root / "out")).notes


def test_a_track_far_longer_than_its_film_is_refused(ground: Ground, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ground.live, tmp_path / "take"))
    track = (folder / "track.jsonl").read_text(encoding="utf-8")
    (folder / "track.jsonl").write_text(track.replace('"dt_s": 0.0', '"dt_s": 600.0', 4), encoding="utf-8")
    with pytest.raises(TakeError, match=r"tells of \d+ frames, and the film has "):
        plan_render(RenderRequest(folder, tmp_path / "out"))


@pytest.mark.parametrize(
    "told", ["1/0", "0/0", "1e999999999", 0, -24, "nan", None, [24], True, "1/100000", 10**30]
)
def test_what_is_no_rate_is_refused_at_once(told: object) -> None:
    with pytest.raises(ValueError, match="no rate of a film"):
        film_rate(told)


def test_rates_and_sizes_are_read() -> None:
    assert [str(film_rate(told)) for told in ("24/1", "24000/1001", "12.5", 25, 23.976)] == [
        *("24", "24000/1001", "25/2", "25", "2997/125")
    ]
    assert picture_size([64, 36]) == (64, 36)
    for told in ([0, 36], [64], [64.0, 36], "64x36", [True, 1], [10**9, 1], None):
        with pytest.raises(ValueError, match="pictures of"):
            picture_size(told)


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud800"}', "[1]", "{", '{"a":' * 99_999]
)
def test_what_no_recording_writes_is_no_document(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError, match=r"."):
        read_json(tmp_path / "a.json")


def test_a_document_without_an_end_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(ValueError, match="too large: 8192 MB"):
        read_json(tmp_path / "a.json")


def test_names_of_other_scripts_fit_a_file_system() -> None:
    assert len(plain_name("𠮷" * 300).encode()) <= 200
    assert plain_name("𠮷" * 300).startswith("𠮷" * 50)
    assert one_line("a\x1b[2J\u202eb\nc") == "a [2J b c"


def test_a_spoilt_slate_is_told_where_no_take_is_circled(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "slate.json").write_text("{")
    assert main(["cut", str(own.parents[1]), "--out", str(tmp_path / "a.mp4")]) == 2
    assert f"none of them circled, and {own.name}/slate.json cannot be read" in capsys.readouterr().err


def test_ffmpeg_reads_nothing_but_files() -> None:
    told = ffmpeg.film_input(Path("a:b/video.mp4"))
    assert told[told.index("-protocol_whitelist") + 1] == "file"
    assert told[told.index("-f") + 1] == "mov"
    assert Path(told[-1]).is_absolute()
