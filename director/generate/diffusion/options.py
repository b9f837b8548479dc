"""What a diffusion generator may be told besides its preset: options by name, checked. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar, get_args

from director.errors import UsageError
from director.generate.diffusion.preset import ControlChoice, Guide, LoraChoice, Precision, Preset, Source
from director.generate.mailbox import MOST_BEHIND

__all__ = ["OPTIONS", "Options", "read_options"]

OPTIONS: Final = (
    "model",
    "steps",
    "guidance",
    "guide",
    "delta",
    "negative",
    "strength",
    "noise",
    "history",
    "regions",
    "live",
    "controls",
    "lora",
    "references",
    "dtype",
    "variant",
    "compile",
    "batch",
)
_NOISES: Final = ("anchored", "screen", "fresh")
_HISTORIES: Final = ("carried", "unmoved", "none")

_T = TypeVar("_T")
Given = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Options:
    """`preset` is the one that was asked for, with what the options put in its place."""

    preset: Preset
    noise: str
    history: str
    regional: bool
    live: bool

    @property
    def batches(self) -> bool:
        """Whether several pictures are in the making at a time: only where nobody waits for one of them."""
        return self.live and self.preset.batch and self.preset.steps > 1


def read_options(given: Given, usual: Preset) -> Options:
    """Raises UsageError, which names the option and what it takes."""
    changes: dict[str, object] = {
        "steps": int(_number(given, "steps", usual.steps, 1, 50)),
        "guidance": _number(given, "guidance", usual.guidance, 1, 20),
        "guide": _choice(given, "guide", get_args(Guide), usual.guide),
        "delta": _number(given, "delta", usual.delta, 0, 2),
        "negative": str(given.get("negative", usual.negative)),
        "strength": _number(given, "strength", usual.strength, 0, 1),
        "compile": _number(given, "compile", usual.compile, 0, 1) > 0,
        "batch": _number(given, "batch", usual.batch, 0, 1) > 0,
        "dtype": _choice(given, "dtype", get_args(Precision), usual.dtype),
    }
    if changes["batch"] and int(_number(given, "steps", usual.steps, 1, 50)) > MOST_BEHIND + 1:
        raise UsageError(
            f"has at most {MOST_BEHIND + 1} pictures in the making",
            subject="batch",
            mend="take fewer steps, or leave it out",
        )
    if "variant" in given:
        changes["base"] = usual.base.model_copy(update={"variant": str(given["variant"]) or None})
    controls = usual.taken
    if "controls" in given:
        controls = _controls(str(given["controls"]), usual)
    changes["controls"] = controls
    if "references" in given:
        changes["references"] = {**usual.references, **_references(str(given["references"]))}
    if "lora" in given:
        changes["loras"] = {**usual.loras, **_loras(str(given["lora"]))}
    return Options(
        usual.model_copy(update=changes),
        noise=_choice(given, "noise", _NOISES),
        history=_choice(given, "history", _HISTORIES),
        regional=_number(given, "regions", 1, 0, 1) > 0,
        live=_number(given, "live", 0, 0, 1) > 0,
    )


def _controls(said: str, usual: Preset) -> dict[str, ControlChoice]:
    """`NAME[:WEIGHT],…` of those that there are for the model; "none" is none of them."""
    found: dict[str, ControlChoice] = {}
    for one in _listed(said) if said != "none" else ():
        name, weight = _weighted("controls", one, 0, 2, None)
        if name not in usual.controls:
            raise UsageError(
                f"{usual.name} has no control {name!r}",
                subject="controls",
                mend=f"of {', '.join(usual.controls) or 'none'}; or name its ControlNet in a file of data",
            )
        choice = usual.controls[name].model_copy(update={"by_default": True})
        found[name] = choice if weight is None else choice.model_copy(update={"weight": weight})
    return found


def _references(said: str) -> dict[str, str]:
    """`OBJECT=PATH,…`"""
    found: dict[str, str] = {}
    for one in _listed(said):
        name, equals, path = one.partition("=")
        if not equals or not name.strip() or not path.strip():
            raise UsageError(
                f"{one!r} is not OBJECT=PATH", subject="references", mend="for example car=rust.png"
            )
        found[name.strip()] = path.strip()
    return found


def _listed(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]


def _loras(said: str) -> dict[str, LoraChoice]:
    """`SOURCE[:WEIGHT],…`, each named by what is last in its path or id."""
    found: dict[str, LoraChoice] = {}
    for one in _listed(said):
        source, weight = _weighted("lora", one, -2, 2, 1.0)
        name, number = Path(source).stem, 1
        # Many are called what diffusers calls them.
        while name in found:
            number += 1
            name = f"{Path(source).stem} {number}"
        found[name] = LoraChoice(source=Source(id=source), weight=weight)
    return found


def _weighted(name: str, said: str, least: float, most: float, usual: _T) -> tuple[str, float | _T]:
    source, colon, weight = said.rpartition(":")
    if not colon or not source:
        return said, usual
    try:
        value = float(weight)
    except ValueError:
        # A colon of a path's own.
        return said, usual
    return source, _within(name, value, least, most)


def _number(given: Given, name: str, usual: float, least: float, most: float) -> float:
    try:
        value = float(given.get(name, usual))
    except ValueError as error:
        raise UsageError(f"{given[name]!r} is not a number", subject=name, mend="give a number") from error
    return _within(name, value, least, most)


def _within(name: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise UsageError(f"{value:g} is outside {least:g} to {most:g}", subject=name, mend="give another")
    return value


def _choice(given: Given, name: str, choices: tuple[str, ...], usual: str = "") -> str:
    value = str(given.get(name, usual or choices[0]))
    if value not in choices:
        raise UsageError(f"{value!r} is none", subject=name, mend=f"one of {', '.join(choices)}")
    return value
