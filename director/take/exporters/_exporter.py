"""What an exporter is, and what one may choose of its work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from director.generate.protocol import Progress
from director.take.exporters._source import Source

__all__ = ["ExportOptions", "Exporter"]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What one may choose. `timecode` is that of a take's first frame, 0 where
    it is None; `first_frame` numbers the frames of
    sequences and tracks; `handles` is how many frames of a take a cut list leaves out at each end, for the
    editor to draw on; `burn_in` writes slate, lens and timecode into pictures."""

    overwrite: bool = False
    timecode: str | None = None
    first_frame: int = 1001
    handles: int = 0
    burn_in: bool = False


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format. `suffixes` are those that its file may have, the usual one first; without any it is a folder
    of files that end in `member_suffix`. `extra` is the pip extra that it needs, and `packages` the modules
    of it by which one sees whether that is installed. With `takes_many` one file tells of several takes.
    `heeds` names the options that show in it: others are refused, not passed over.

    `export(takes, out, options, progress)` raises RecordingError where `out` cannot be written or a film
    cannot be read, and TakeError for what this format cannot tell of.
    """

    name: str
    summary: str
    suffixes: tuple[str, ...]
    export: Callable[[Sequence[Source], Path, ExportOptions, Progress], None]
    member_suffix: str = ""
    extra: str | None = None
    packages: tuple[str, ...] = ()
    takes_many: bool = False
    heeds: frozenset[str] = frozenset()
