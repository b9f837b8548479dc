"""Films read back frame by frame, by the real ffmpeg."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import RecordingError, TakeError
from director.take.compare import Comparison, blend, difference, scene_offset_s, side_by_side, wipe
from director.take.film import Film
from director.take.film_head import film_head
from director.take.library import TakeEntry
from director.take.playback import FilmReader
from director.take.stored import StoredTake

_WIDTH, _HEIGHT, _COUNT = 64, 36, 90
_FPS = Fraction(24000, 1001)


def _grey(level: int, width: int = _WIDTH, height: int = _HEIGHT) -> NDArray[np.uint8]:
    return np.full((height, width, 3), level, np.uint8)


def _numbered(number: int) -> NDArray[np.uint8]:
    """Tens on the left, units on the right: far enough apart to be told after encoding."""
    picture = _grey(20 + 20 * (number // 10))
    picture[:, _WIDTH // 2 :] = 20 + 20 * (number % 10)
    return picture


def _number(picture: NDArray[np.uint8]) -> int:
    tens, units = (
        round((float(half.mean()) - 20) / 20)
        for half in (picture[:, : _WIDTH // 2], picture[:, _WIDTH // 2 :])
    )
    return 10 * tens + units


def _film(path: Path, pictures: list[NDArray[np.uint8]], fps: Fraction = _FPS) -> Path:
    height, width = pictures[0].shape[:2]
    film = Film(path, width, height, fps)
    for picture in pictures:
        film.write(picture)
    film.close()
    return path


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _film(tmp_path_factory.mktemp("film") / "video.mp4", [_numbered(i) for i in range(_COUNT)])


def _reader(video: Path, **more: int) -> FilmReader:
    return FilmReader(video, _WIDTH, _HEIGHT, _FPS, _COUNT, **more)


def test_playing_through_gives_every_frame_and_starts_ffmpeg_once(video: Path) -> None:
    with _reader(video) as reader:
        assert [_number(reader.frame(i)) for i in range(_COUNT)] == list(range(_COUNT))
        assert reader.starts == 1


def test_any_frame_is_found_in_any_order(video: Path) -> None:
    order = np.random.default_rng(3).permutation(_COUNT)[:14]
    with _reader(video, kept_bytes=1) as reader:
        for i in [*order, _COUNT - 1, 0, 1]:
            assert _number(reader.frame(int(i))) == i


def test_what_was_just_seen_is_kept_and_no_more_than_allowed(video: Path) -> None:
    with _reader(video, kept_bytes=5 * _WIDTH * _HEIGHT * 3) as reader:
        for i in range(10):
            reader.frame(i)
        for i in range(9, 4, -1):
            assert _number(reader.frame(i)) == i
        assert reader.starts == 1
        reader.frame(0)
        assert reader.starts == 2


def test_a_short_jump_ahead_reads_on(video: Path) -> None:
    with _reader(video) as reader:
        reader.frame(0)
        assert _number(reader.frame(8)) == 8
        assert _number(reader.frame(4)) == 4
        assert reader.starts == 1


def test_times_are_those_of_frames(video: Path) -> None:
    with _reader(video) as reader:
        assert _number(reader.at(-1.0)) == 0
        assert _number(reader.at(float(30 / _FPS))) == 30
        assert _number(reader.at(float(30.9 / _FPS))) == 30
        assert _number(reader.at(99.0)) == _COUNT - 1


def test_frames_cannot_be_written_to_and_closing_is_idempotent(video: Path) -> None:
    reader = _reader(video)
    picture = reader.frame(3)
    with pytest.raises(ValueError, match="read-only"):
        picture[:] = 0
    reader.close()
    reader.close()
    assert _number(reader.frame(3)) == 3
    reader.close()


def test_outside_the_film_there_is_no_frame(video: Path) -> None:
    with _reader(video) as reader:
        for i in (-1, _COUNT):
            with pytest.raises(IndexError, match=f"no frame {i}"):
                reader.frame(i)
    with (
        FilmReader(video, _WIDTH, _HEIGHT, _FPS, _COUNT + 5) as reader,
        pytest.raises(RecordingError, match="frame 92"),
    ):
        reader.frame(_COUNT + 2)


def test_a_film_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"no film")
    with (
        _reader(path) as reader,
        pytest.raises(RecordingError, match=r"video\.mp4: frame 0 cannot be read: "),
    ):
        reader.frame(0)


def test_the_reader_of_a_take_counts_where_the_take_does_not_say(video: Path) -> None:
    assert film_head(video).frames == _COUNT
    take = TakeEntry(video.parent, "a", "x", 1, "recording", fps=_FPS, size=(_WIDTH, _HEIGHT))
    with FilmReader.of_take(take) as reader:
        assert reader.frames == _COUNT
        assert _number(reader.frame(_COUNT - 1)) == _COUNT - 1
    with pytest.raises(TakeError, match=r"no take\.json"):
        FilmReader.of_take(TakeEntry(video.parent, "a", "x", 1, "broken", error="it has no take.json"))


def test_a_film_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    # As a kill leaves it: fragments, and no index.
    film = Film(tmp_path / "video.mp4", _WIDTH, _HEIGHT, _FPS)
    for i in range(48):
        film.write(_numbered(i))
    film._put(None)
    film._end()
    count = film_head(tmp_path / "video.mp4").frames
    assert count == 48
    with FilmReader(tmp_path / "video.mp4", _WIDTH, _HEIGHT, _FPS, count) as reader:
        assert [_number(reader.frame(i)) for i in (40, 7, 47)] == [40, 7, 47]


def test_two_takes_of_other_rates_and_sizes_are_met_in_time(video: Path, tmp_path: Path) -> None:
    other = _film(tmp_path / "video.mp4", [_grey(10 * i, 32, 32) for i in range(24)], Fraction(12))
    with _reader(video) as first, FilmReader(other, 32, 32, Fraction(12), 24) as second:
        both = Comparison(first, second, offset_s=0.5)
        a, b = both.pair(0.51)
        assert _number(a) == 12
        assert a.shape == b.shape
        # At another aspect it stands between bars.
        assert abs(int(b[18, 32, 0]) - 120) <= 2
        assert b[:, 0].max() == 0
        assert both.duration_s == pytest.approx(_COUNT / float(_FPS))
        assert abs(int(both.pair(3.0)[1][18, 32, 0]) - 230) <= 2
        made = both.at(0.51, "wipe", 0.5)
        assert np.array_equal(made[:, :32], a[:, :32])
        with pytest.raises(ValueError, match="no comparison"):
            both.at(0.0, "dissolve")


def test_pictures_are_laid_together() -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 255, (6, 12, 3), np.uint8) for _ in range(2))
    assert np.array_equal(wipe(a, b, 1.0), a)
    assert np.array_equal(wipe(a, b, -1.0), b)
    assert np.array_equal(wipe(a, b, 0.25)[:, 4:], b[:, 4:])
    assert np.array_equal(side_by_side(a, b)[:, :6], a[:, 3:9])
    assert np.array_equal(side_by_side(a, b)[:, 7:], b[:, 4:9])
    assert np.array_equal(blend(a, b, 0.0), a)
    assert np.array_equal(blend(a, b, 1.0), b)
    assert difference(a, a).max() == 0
    assert difference(_grey(10), _grey(15)).mean() == 20
    assert difference(_grey(0), _grey(255)).mean() == 255


def test_takes_that_began_at_other_scene_times_are_aligned() -> None:
    def take(start_s: float) -> StoredTake:
        from director.scene.document import Scene
        from director.take.track import TrackLine
        from director.types import CameraState, Direction, Tick

        line = TrackLine(Tick(0, start_s, 0.0), CameraState((0, 0, 0), (0, 0, 0, 1)), Direction())
        scene = Scene(schema_version=1, name="a")
        return StoredTake(Path(), scene, (line,), (0,), 64, 36, _FPS, {}, None)

    # The second began a second earlier in the scene: it shows the same moment a second later in its film.
    assert scene_offset_s(take(3.0), take(2.0)) == 1.0
