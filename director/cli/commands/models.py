"""`director models`: the presets of diffusion models, what is here of each, and downloads."""

import argparse
from collections.abc import Sequence

from director.cli.command import Command, Outcome
from director.cli.options import add_json
from director.cli.progress import ProgressLine
from director.errors import UsageError

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        metavar="list|fetch",
        nargs="?",
        choices=("list", "fetch"),
        default="list",
        help="(default list)",
    )
    parser.add_argument("preset", metavar="ID", nargs="?", help="the preset to fetch")
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    if arguments.what == "fetch":
        if arguments.preset is None:
            raise UsageError(
                "names no preset", subject="models fetch", mend="director models list shows them"
            )
        return _fetch(arguments.preset)
    if arguments.preset is not None:
        raise UsageError("takes no preset", subject="models list", mend="leave it out")
    return _list()


def _list() -> Outcome:
    from director.generate.diffusion.downloads import Need, needs
    from director.generate.diffusion.preset import Preset, preset, preset_names
    from director.generate.video.downloads import video_needs
    from director.generate.video.preset import VideoPreset, video_preset, video_preset_names

    rows: list[str] = []
    data = []
    streams = [(name, preset(name)) for name in preset_names()]
    clips = [(name, video_preset(name)) for name in video_preset_names()]
    known: list[tuple[str, Preset | VideoPreset, tuple[Need, ...]]] = [
        *((name, chosen, needs(chosen)) for name, chosen in streams),
        *((name, chosen, video_needs(chosen)) for name, chosen in clips),
    ]
    for name, chosen, wanted in known:
        parts = [
            {
                "role": need.role,
                "id": need.source.id,
                "here": need.is_here,
                "gigabytes": need.source.gigabytes,
                "licence": need.source.licence,
            }
            for need in wanted
        ]
        size = sum(need.source.gigabytes for need in wanted)
        here = all(part["here"] for part in parts)
        data.append(
            {
                "name": name,
                "summary": chosen.summary,
                "here": here,
                "gigabytes": round(size, 2),
                "memory_gb": chosen.memory_gb,
                "parts": parts,
            }
        )
        state = "here" if here else f"director models fetch {name}"
        rows.append(f"{name:<16} {size:5.1f} GB, a card of {chosen.memory_gb:g} GB   {state}")
        rows.append(f"{'':<16} {chosen.summary}")
        rows += _part_rows(parts)
    return Outcome("\n".join(rows), data)


def _part_rows(parts: Sequence[dict[str, object]]) -> list[str]:
    return [
        f"{'':<16}   {'✓' if part['here'] else '·'} {part['role']}: {part['id']} ({part['licence']})"
        for part in parts
    ]


def _fetch(name: str) -> Outcome:
    from director.generate.diffusion.downloads import fetch_needs, needs
    from director.generate.diffusion.preset import preset
    from director.generate.video.downloads import video_needs
    from director.generate.video.preset import is_video_model, video_preset

    if is_video_model(name):
        wanted, how = video_needs(video_preset(name)), f"director render TAKE --generator {name}"
    else:
        wanted, how = needs(preset(name)), f"director open --generator {name}"
    progress = ProgressLine()
    try:
        fetch_needs(wanted, progress)
    finally:
        progress.clear()
    data = {"name": name, "parts": [need.source.id for need in wanted]}
    return Outcome(f"{name} is here: {how}", data)


COMMAND = Command("models", "diffusion models: presets, what is here, and downloads", _declare, _run)
