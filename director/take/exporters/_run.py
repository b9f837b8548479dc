"""From what a user names to exporters' work: which takes, which files, and everything refused that can be
before anything is written."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from director.errors import MissingExtra, TakeError, UsageError
from director.generate.protocol import Progress
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import one_line, open_source
from director.take.exporters._writing import check_target
from director.take.folder import plain_name
from director.take.library import TakeEntry, list_takes

__all__ = ["check_packages", "export_takes", "take_folders"]


def export_takes(
    exporter: Exporter, named: Sequence[Path], out: Path, options: ExportOptions, progress: Progress
) -> tuple[Path, ...]:
    """Export takes and return the files or folders made. Several takes in a format that tells of one go into
    the folder `out`, each under its own name.

    Raises MissingExtra, UsageError, TakeError, SceneError and RecordingError.
    """
    check_packages(exporter)
    _check_options(exporter, options)
    folders = take_folders(named)
    is_one = exporter.takes_many or len(folders) == 1
    out = _absolute(out)
    suffix = exporter.suffixes[0] if exporter.suffixes else ""
    if is_one:
        check_target(out, exporter.suffixes, exporter.member_suffix, options.overwrite, folders)
    elif out.is_file():
        raise UsageError(
            f"is a file, and there are {len(folders)} takes", subject=str(out), mend="give a folder"
        )
    sources = [open_source(folder) for folder in folders]
    if is_one:
        exporter.export(sources, out, options, progress)
        return (out,)
    targets = [out / f"{plain_name(source.name)}{suffix}" for source in sources]
    if len({str(target).casefold() for target in targets}) < len(targets):
        raise UsageError(
            "two of the takes have the same scene, shot and number",
            subject=str(out),
            mend="export them one by one",
        )
    for target in targets:
        check_target(target, exporter.suffixes, exporter.member_suffix, options.overwrite, folders)
    for source, target in zip(sources, targets, strict=True):
        exporter.export([source], target, options, progress)
    return tuple(targets)


def check_packages(exporter: Exporter) -> None:
    """Raises MissingExtra where a package that a format needs is not installed."""
    for package in exporter.packages:
        try:
            found = importlib.util.find_spec(package)
        except (ImportError, ValueError):
            found = None
        if found is None:
            raise MissingExtra(package, extra=exporter.extra or "")


def _check_options(exporter: Exporter, options: ExportOptions) -> None:
    unset = ExportOptions()
    for name in ("timecode", "first_frame", "handles", "burn_in"):
        if getattr(options, name) != getattr(unset, name) and name not in exporter.heeds:
            raise UsageError(
                f"shows in nothing in {exporter.name}",
                subject=f"--{name.replace('_', '-')}",
                mend="leave it out",
            )


def take_folders(named: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of takes that are meant, each once, in order: a folder that is no take but holds some
    stands for those that are circled. Raises TakeError where there are none."""
    found: dict[Path, Path] = {}
    for path in named:
        folder = _absolute(path)
        try:
            holds_others = folder.is_dir() and not (folder / "take.json").exists()
        except (OSError, ValueError) as error:
            raise TakeError(
                f"cannot be read: {error}", subject=str(path), mend="name the folder of a take"
            ) from error
        if not holds_others:
            found.setdefault(folder.resolve(), folder)
            continue
        entries = _entries(folder)
        if not entries:
            raise TakeError("is no take, and holds none", subject=str(path), mend="name the folder of a take")
        circled = [take.folder for take in entries if take.circled]
        if not circled:
            spoilt = next((take for take in entries if take.problem), None)
            also = f", and {spoilt.folder.name}/{one_line(spoilt.problem, 160)}" if spoilt else ""
            raise TakeError(
                f"holds {len(entries)} takes, none of them circled{also}",
                subject=str(path),
                mend="circle takes (Ctrl+K in the viewport), or name them one by one",
            )
        for one in circled:
            found.setdefault(one.resolve(), one)
    return tuple(found.values())


def _entries(folder: Path) -> tuple[TakeEntry, ...]:
    """The takes in the folder of all takes, or in that of a scene's."""
    try:
        return list_takes(folder) or tuple(
            take for take in list_takes(folder.parent) if take.folder.parent == folder
        )
    except ArithmeticError as error:
        raise TakeError(
            f"a take in it cannot be read: {error}", subject=str(folder), mend="name the takes one by one"
        ) from error


def _absolute(path: Path) -> Path:
    # Not resolved: a link that someone made is theirs to name.
    return path.expanduser().absolute()
