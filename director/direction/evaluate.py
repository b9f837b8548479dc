"""What the director asks for at a time.

For now nothing changes over time: prompts are given once, by object name. Keyed prompts will be read
here too, so that everything that asks for a direction asks with a time.
"""

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from director.errors import UsageError
from director.types import Direction, SceneObject

__all__ = ["SCENE", "direction_at", "named_object", "parse_object_prompt"]

SCENE: Final = "scene"
"""The name by which the scene's own prompt is given a strength."""


def direction_at(
    scene_prompt: str,
    object_prompts: Mapping[str, str],
    objects: Sequence[SceneObject],
    seed: int,
    time_s: float,
    strengths: Mapping[str, float] = MappingProxyType({}),
) -> Direction:
    """The direction at `time_s`.

    `object_prompts` maps object names to prompts that replace the objects' own; an empty one takes the
    object's own away. Objects that have no prompt at all are not in the result. `strengths` go by object name
    too, 1 as directed and 0 the proxy's own colour; that of `SCENE` is the scene prompt's.
    Raises UsageError for a name that no object has.
    """
    prompts = {thing.id: thing.prompt for thing in objects if thing.prompt}
    for name, prompt in object_prompts.items():
        prompts[named_object(name, objects).id] = prompt.strip()
    shares = {
        0 if name == SCENE else named_object(name, objects).id: share for name, share in strengths.items()
    }
    return Direction(
        prompt=scene_prompt.strip(),
        object_prompts=MappingProxyType(prompts),
        seed=seed,
        strengths=MappingProxyType(shares),
    )


def named_object(name: str, objects: Sequence[SceneObject]) -> SceneObject:
    """The object of that name. Raises UsageError, which names those that come nearest."""
    by_name = {thing.name: thing for thing in objects}
    if name in by_name:
        return by_name[name]
    by_folded = {thing.name.casefold(): thing.name for thing in objects}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.5)
    if near:
        mend = "did you mean " + " or ".join(by_folded[folded] for folded in near) + "?"
    elif by_name:
        shown = sorted(by_name)[:12]
        mend = "there are " + ", ".join(shown) + (" and more" if len(by_name) > len(shown) else "")
    else:
        mend = "the scene has no objects"
    raise UsageError("the scene has no object of this name", subject=name or "(no name)", mend=mend)


def parse_object_prompt(text: str) -> tuple[str, str]:
    """(name, prompt) of an `--object-prompt NAME=TEXT`. Raises UsageError."""
    name, equals, prompt = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(
            f"{text!r} is not NAME=TEXT",
            subject="--object-prompt",
            mend='for example --object-prompt "car=rusty red pick-up"',
        )
    return name.strip(), prompt.strip()
