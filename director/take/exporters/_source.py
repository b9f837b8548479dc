"""A take made ready to be exported: read with distrust, and its film as long as it says."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from director.errors import RecordingError, TakeError
from director.take import ffmpeg
from director.take.distrust import check_inside, one_line
from director.take.film_head import FilmHead, film_head
from director.take.library import TakeEntry, entry_of
from director.take.stored import StoredTake, check_size, open_take

__all__ = ["Source", "check_film", "one_line", "open_source"]

_MEND = "give the folder of a take, as shoot and the viewport make them"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A take, what its slate says, and how many frames its film has."""

    take: StoredTake
    entry: TakeEntry
    frames: int

    @property
    def name(self) -> str:
        """What the take is called: scene, shot and number."""
        return f"{self.entry.scene}_{self.entry.shot}_T{self.entry.number:03d}"

    @property
    def fps(self) -> Fraction:
        """Of its film."""
        return self.take.fps

    @property
    def aspect(self) -> float:
        """Width / height of its pictures."""
        return self.take.width / self.take.height

    @property
    def video(self) -> Path:
        """Its film."""
        # Absolute: ffmpeg would take the beginning of "a:b/video.mp4" for a protocol.
        return self.take.folder.absolute() / "video.mp4"

    @property
    def seed(self) -> int:
        """The seed that it began with."""
        return self.take.lines[0].direction.seed

    @property
    def generator(self) -> str:
        """The name of what drew its pictures, "" where it is not known."""
        named = self.take.generator.get("name") if isinstance(self.take.generator, dict) else None
        return one_line(str(named)) if named else ""


def open_source(folder: Path) -> Source:
    """Read a take for export. Raises TakeError for what is no take, is broken or leads out of its folder,
    SceneError for a scene in it that cannot be read, and RecordingError for a film that is none, that is cut
    short or has pictures of another size or rate."""
    try:
        if not folder.is_dir():
            raise TakeError("there is no such folder", subject=str(folder), mend=_MEND)
    except (OSError, ValueError) as error:
        raise TakeError(f"cannot be read: {error}", subject=str(folder), mend=_MEND) from error
    check_inside(folder)
    entry = entry_of(folder)
    if entry.state == "broken":
        # Python's own words may quote the whole file.
        raise TakeError(one_line(entry.error, 200) or "is broken", subject=str(folder), mend=_MEND)
    take = open_take(folder)
    video = folder.absolute() / "video.mp4"
    head = film_head(video)
    check_size(head, video, take.width, take.height)
    _check_times(head, video, take.fps)
    counted = head.frames
    if entry.state == "complete" and counted < len(take.shown):
        raise _cut_short(video, counted, len(take.shown))
    # Killed, or still rolling: the track may be some frames ahead of the film.
    frames = min(len(take.shown), counted)
    if not frames:
        raise RecordingError("it has no frames", subject=str(video), mend="shoot the take again")
    return Source(take, _plain(entry), frames)


def check_film(source: Source) -> None:
    """Decode the whole film once: what is to be handed on must be sound. Raises RecordingError where it
    cannot be decoded, is shorter than the take or has another size."""
    video = source.video
    strict = ["-xerror"] if source.entry.state == "complete" else []
    reading = [*source.take.film_input, "-fps_mode", "passthrough"]
    decoding = [*strict, *reading, "-f", "framecrc", "-"]
    made = ffmpeg.run(decoding, video, mend="shoot the take again", failed="cannot be read")
    told = made.decode(errors="replace").splitlines()
    frames = sum(1 for line in told if line.strip() and not line.startswith("#"))
    sizes = [line.rpartition(" ")[2] for line in told if line.startswith("#dimensions")]
    wanted = f"{source.take.width}x{source.take.height}"
    if sizes != [wanted]:
        raise RecordingError(
            f"its pictures are {', '.join(sizes) or 'none'}, and take.json says {wanted}",
            subject=str(video),
            mend="shoot the take again",
        )
    if frames < source.frames:
        raise _cut_short(video, frames, source.frames)


def _check_times(head: FilmHead, video: Path, fps: Fraction) -> None:
    """Every picture of a film stands for one frame: they come at the rate of the take."""
    wanted_s = Fraction(max(0, head.frames - 1)) / fps
    if abs(head.span_s - wanted_s) > 1 / (2 * fps):
        raise RecordingError(
            f"its {head.frames} pictures span {float(head.span_s):.6g} s, at {float(fps):.6g} a second they"
            f" would {float(wanted_s):.6g} s",
            subject=str(video),
            mend="shoot the take again",
        )


def _cut_short(video: Path, frames: int, wanted: int) -> RecordingError:
    return RecordingError(
        f"it is cut short: {frames} of {wanted} frames", subject=str(video), mend="shoot the take again"
    )


def _plain(entry: TakeEntry) -> TakeEntry:
    return replace(
        entry,
        scene=one_line(entry.scene, 80) or "scene",
        shot=one_line(entry.shot, 80) or "shot",
        number=min(99999, max(0, entry.number)),
        note=one_line(entry.note),
        date=one_line(entry.date, 40),
    )
