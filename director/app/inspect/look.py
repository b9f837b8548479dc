"""Fields of what a thing is and how it looks: name, class, prompt, colour, light; whether it is hidden."""

from dataclasses import dataclass

from imgui_bundle import imgui

from director.app.inspect.rows import MIXED, Rows
from director.scene.ade20k import CLASSES
from director.scene.edit import (
    Edit,
    Hide,
    Lock,
    Rename,
    SetClass,
    SetColour,
    SetFields,
    SetLight,
    SetPrompt,
)
from director.scene.edit.tree import is_locked
from director.scene.poses import pose_names
from director.scene.proxy import Placed, Proxy

__all__ = ["Common", "draw_common", "draw_flags", "draw_look", "draw_looks", "draw_name"]

_CLASSES = tuple(sorted(CLASSES))


def draw_name(rows: Rows, placed: Placed) -> None:
    """Its name, which whatever refers to it follows."""

    def renamed(text: str) -> Edit | None:
        return Rename(placed.name, text) if text else None

    rows.words("Name", placed.name, renamed)


def draw_look(rows: Rows, placed: Proxy) -> None:
    """Class, prompt, colour and light of an object."""
    editing, name = rows.editing, placed.name
    chosen = rows.search("Class", lambda: _CLASSES, placed.class_name)
    if chosen is not None:
        editing.do(SetClass((name,), chosen))
    rows.words("Prompt", placed.prompt, lambda text: SetPrompt((name,), text), lines=3, stacked=True)
    rows.colour("Colour", placed.colour, lambda to: SetColour((name,), to))
    light = placed.light

    def lit(is_on: bool) -> Edit:
        return SetLight((name,), off=not is_on)

    rows.check("Light", light is not None, lit)
    if light is not None:
        rows.number(
            "Strength",
            light.strength,
            lambda to: SetLight((name,), strength=to),
            step=0.01 + light.strength * 0.01,
            low=0.0,
            high=1000.0,
        )
        rows.colour("Of colour", light.colour, lambda to: SetLight((name,), colour=to))


def draw_flags(rows: Rows, chosen: tuple[Placed, ...]) -> None:
    """Hidden, locked."""
    names = tuple(placed.name for placed in chosen)
    hidden, locked = all(it.hidden for it in chosen), all(it.locked for it in chosen)
    changed, now = imgui.checkbox("Hidden", hidden)
    if changed:
        rows.editing.do(Hide(names, now))
    imgui.same_line(0.0, 14 * rows.ui.scale)
    changed, now = imgui.checkbox("Locked", locked)
    if changed:
        rows.editing.do(Lock(names, now))
    if not locked and len(names) == 1 and is_locked(rows.editing.scene, names[0]):
        rows.ui.faint("What it hangs on is locked")


@dataclass(frozen=True, slots=True)
class Common:
    """What several things have in common: "" where they have it not alike, None where not all have it."""

    chosen: tuple[Placed, ...]
    names: tuple[str, ...]
    """Of the objects among them."""
    class_name: str
    prompt: str
    prompts_differ: bool
    colour: str
    pose: str | None

    @classmethod
    def of(cls, chosen: tuple[Placed, ...]) -> "Common":
        """Of these."""
        proxies = [placed for placed in chosen if isinstance(placed, Proxy)]
        classes = {placed.class_name for placed in proxies}
        prompts = {placed.prompt for placed in proxies}
        poses = {getattr(placed, "pose_name", None) for placed in proxies} or {None}
        return cls(
            chosen,
            tuple(placed.name for placed in proxies),
            classes.pop() if len(classes) == 1 else "",
            next(iter(prompts)) if len(prompts) == 1 else "",
            len(prompts) > 1,
            proxies[-1].colour if proxies else "#000000",
            None if None in poses else str(poses.pop()) if len(poses) == 1 else "",
        )


def draw_common(rows: Rows, common: Common) -> None:
    """Fields of many at once: where they differ, a dot stands for them."""
    rows.ui.heading(f"{len(common.chosen)} selected")
    draw_looks(rows, common)
    draw_flags(rows, common.chosen)


def draw_looks(rows: Rows, common: Common) -> None:
    """Class, prompt, colour and pose of all objects among them."""
    editing, names = rows.editing, common.names
    if names:
        to = rows.search("Class", lambda: _CLASSES, common.class_name or MIXED)
        if to is not None:
            editing.do(SetClass(names, to))
        label = "Prompt (they differ)" if common.prompts_differ else "Prompt"
        rows.words(label, common.prompt, lambda text: SetPrompt(names, text), lines=3, stacked=True)
        rows.colour("Colour", common.colour, lambda to: SetColour(names, to))
        if common.pose is not None:
            pose = rows.choice("Pose", pose_names(), common.pose or MIXED)
            if pose is not None:
                editing.do(SetFields(names, {"pose": pose}))
