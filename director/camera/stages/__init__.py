"""The families of stages: body, aim, noise and finalize, one stage a file, found by looking into the folders.

Each file defines `EXAMPLE`: one such stage, as it is set up about a subject named "subject".
"""

import importlib
from typing import Any

from director.camera.stage import Noise, Stage
from director.camera.stages import aim, body, finalize, noise
from director.errors import UsageError
from director.family import member_names

__all__ = ["example_stage", "stage_names"]

_FAMILIES = {"body": body, "aim": aim, "noise": noise, "finalize": finalize}


def stage_names(family: str) -> tuple[str, ...]:
    """The stages of a family (body, aim, noise, finalize), in alphabetical order. Imports none of them."""
    return member_names(_FAMILIES[family].__path__)


def example_stage(family: str, name: str) -> Stage[Any] | Noise:
    """The example of a stage. Raises UsageError where the family has no such stage."""
    if name not in stage_names(family):
        there = ", ".join(stage_names(family))
        raise UsageError(f"no {family} stage is called {name!r}", subject="rig", mend=f"there are: {there}")
    module = importlib.import_module(f"{_FAMILIES[family].__name__}.{name.replace('-', '_')}")
    example: Stage[Any] | Noise = module.EXAMPLE
    return example
