"""From takes to a review: their films, proxies and pictures, what there is to tell of them, and the page."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from director import __version__
from director.errors import BadInput, GraphicsError, RecordingError, TakeError
from director.generate.protocol import Progress
from director.passes.context import headless_context
from director.take.exporters._source import Source, check_film, one_line
from director.take.hashes import file_sha256
from director.take.review.facts import facts_of
from director.take.review.figures import kept_figures, measured
from director.take.review.films import write_film, write_picture, write_proxies
from director.take.review.folder import KeptTake, Manifest, check_out, review_folder, write_manifest
from director.take.review.proxies import drawn_size, proxy_pictures
from director.take.review.takes import FoundTake, fingerprint, found_takes, label_of, open_plain, reason
from director.take.review.writing import write_page

__all__ = ["Review", "ReviewOptions", "make_review"]

# Another number makes media of earlier versions anew.
_RECIPE = "1"
# So many are named in a title.
_FEW_SCENES = 3


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What one may choose. `title` stands at the head of the page, "" for the scene's name; `measure` tells
    stability figures, with `quick` those alone that need no picture generated again."""

    title: str = ""
    proxies: bool = True
    measure: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A review on disk. `broken` names the takes in a folder that could not be shown, each with why; `kept`
    counts films, proxies and pictures that an earlier run had made."""

    folder: Path
    page: Path
    takes: int
    proxies: int
    measured: int
    kept: int
    bytes: int
    broken: tuple[tuple[str, str], ...] = ()


def make_review(named: Sequence[Path], out: Path, options: ReviewOptions, progress: Progress) -> Review:
    """Write a review of takes, or of all takes in folders of them, or write it anew. What has not changed
    since is kept. A take that was named and cannot be shown is refused; one found in a folder is told of.

    Raises UsageError, TakeError, SceneError, GraphicsError and RecordingError.
    """
    found = found_takes(named)
    place = check_out(out, [take.folder for take in found])
    takes, broken = _checked(found, progress)
    if not takes:
        label, why = broken[0]
        raise TakeError(f"none of the takes can be shown: {why}", subject=label, mend="shoot them again")
    with review_folder(place) as (folder, before):
        work = _Work(folder, place, before, options)
        try:
            told = []
            for number, take in enumerate(takes):
                told.append(work.take(take, _share(progress, number, len(takes))))
        finally:
            work.close()
        data = {
            "format": "director review",
            "version": 1,
            "software": f"director {__version__}",
            "title": one_line(options.title, 120) or _title(takes),
            "takes": [*told, *({"folder": label, "broken": why} for label, why in broken)],
        }
        write_page(folder, data)
        write_manifest(folder, _RECIPE, work.made)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Review(
        folder=place,
        page=place / "index.html",
        takes=len(takes),
        proxies=sum("proxies" in made.media for made in work.made.values()),
        measured=sum(kept_figures(made.figures) is not None for made in work.made.values()),
        kept=work.kept,
        bytes=size,
        broken=tuple(broken),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Checked:
    """A take that can be shown, and what there is to tell of it. Its track is not held: there may be many."""

    folder: Path
    fingerprint: str
    facts: Mapping[str, object]
    order: tuple[str, str, int, str]


def _checked(found: Sequence[FoundTake], progress: Progress) -> tuple[list[_Checked], list[tuple[str, str]]]:
    """The takes that can be shown, in order of scene, shot and number, and why the others cannot be."""
    takes: dict[str, _Checked] = {}
    broken: list[tuple[str, str]] = []
    for number, take in enumerate(found):
        label = label_of(take.folder)
        progress(number / len(found), f"checking {label}")
        try:
            one = _check(take.folder)
            if one.fingerprint in takes:
                same = label_of(takes[one.fingerprint].folder)
                raise TakeError(
                    f"is the same as {same}, file for file", subject=str(take.folder), mend="leave one out"
                )
            takes[one.fingerprint] = one
        except (BadInput, RecordingError) as error:
            if take.is_named:
                raise
            broken.append((label, reason(error, take.folder)))
    return sorted(takes.values(), key=lambda it: it.order), broken


def _check(folder: Path) -> _Checked:
    source = open_plain(folder)
    check_film(source)
    entry = source.entry
    order = (entry.scene, entry.shot, entry.number, str(folder))
    return _Checked(folder, fingerprint(folder), facts_of(source), order)


class _Work:
    """What is being made: media in `folder`, taken over from `old` where they still hold."""

    def __init__(self, folder: Path, old: Path, before: Manifest | None, options: ReviewOptions) -> None:
        self.made: dict[str, KeptTake] = {}
        self.kept = 0
        self._folder, self._old, self._before = folder, old, before
        self._options = options
        self._context: moderngl.Context | None = None
        for name in ("films", "pictures"):
            (folder / name).mkdir()

    def take(self, take: _Checked, progress: Progress) -> dict[str, object]:
        """Make what is needed of one take, and return what the page tells of it."""
        source = open_plain(take.folder)
        name = f"{_file_name(source)}-{take.fingerprint[:8]}"
        before = self._kept(take.fingerprint)
        parts = 2 if self._options.measure else 1
        progress(0.0, f"reviewing {source.name}: its film")
        media = {
            "film": self._file(before, "film", f"films/{name}.mp4", lambda out: write_film(source, out)),
            "picture": self._file(
                before, "picture", f"pictures/{name}.jpg", lambda out: write_picture(source, out)
            ),
        }
        if self._options.proxies:
            media["proxies"] = self._file(
                before,
                "proxies",
                f"films/{name}-proxies.mp4",
                lambda out: self._write_proxies(source, out, _share(progress, 0, parts)),
            )
        known = None if before is None else kept_figures(before.figures)
        figures = self._figures(source, known, _share(progress, parts - 1, parts))
        self.made[take.fingerprint] = KeptTake(media, figures)
        return {
            "id": take.fingerprint[:16],
            "fingerprint": take.fingerprint,
            **take.facts,
            "proxies": None,
            **media,
            "figures": figures,
        }

    def close(self) -> None:
        """Let OpenGL go."""
        if self._context is not None:
            self._context.release()

    def _kept(self, fingerprint_: str) -> KeptTake | None:
        if self._before is None or self._before.recipe != _RECIPE:
            return None
        return self._before.takes.get(fingerprint_)

    def _file(self, before: KeptTake | None, kind: str, path: str, make: Callable[[Path], None]) -> str:
        target = self._folder / path
        if before is not None and kind in before.media and self._keep(before.media[kind], target):
            self.kept += 1
        else:
            make(target)
        return path

    def _keep(self, path: str, target: Path) -> bool:
        assert self._before is not None
        there = self._old / path
        if there.is_symlink() or not there.is_file() or file_sha256(there) != self._before.files.get(path):
            return False
        try:
            os.link(there, target)
        except OSError:
            # Some file systems have no second names.
            shutil.copyfile(there, target)
        return True

    def _write_proxies(self, source: Source, out: Path, progress: Progress) -> None:
        if self._context is None:
            try:
                self._context = headless_context()
            except GraphicsError as error:
                mend = f"{error.mend}; or leave proxies out: --no-proxies"
                raise GraphicsError(error.problem, subject=error.subject, mend=mend) from error
        pictures = _told(proxy_pictures(source, self._context), source, progress)
        write_proxies(source, pictures, drawn_size(source), out)

    def _figures(
        self, source: Source, before: dict[str, object] | None, progress: Progress
    ) -> dict[str, object] | None:
        options = self._options
        if not options.measure or (before is not None and (options.quick or not before["quick"])):
            return before

        def told(share: float, words: str) -> None:
            progress(share, f"reviewing {source.name}: {words}")

        return measured(source.take.folder, told, options.quick)


def _told(
    pictures: Iterator[NDArray[np.uint8]], source: Source, progress: Progress
) -> Iterator[NDArray[np.uint8]]:
    for number, picture in enumerate(pictures, start=1):
        yield picture
        words = f"reviewing {source.name}: proxies, frame {number} of {source.frames}"
        progress(number / source.frames, words)


def _share(progress: Progress, number: int, count: int) -> Progress:
    """The progress of one of so many equal parts."""

    def told(share: float, words: str) -> None:
        progress((number + share) / count, words)

    return told


def _title(takes: Sequence[_Checked]) -> str:
    scenes = list(dict.fromkeys(str(take.facts["scene"]) for take in takes))
    return ", ".join(scenes) if len(scenes) <= _FEW_SCENES else f"{len(scenes)} scenes"


def _file_name(source: Source) -> str:
    """Letters that survive any archive and any server."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", source.name, flags=re.ASCII).strip("-")
    return plain[:80] or "take"
