"""Generators and what runs them. A generator is one file in `generate/backends/`, or a diffusion model: a
preset in `generate/diffusion/presets/`, or a folder."""

import importlib
from typing import cast

from director.errors import UsageError
from director.family import member_names
from director.generate import backends
from director.generate.diffusion.preset import is_folder, preset, preset_names
from director.generate.protocol import Generator

__all__ = ["generator", "generator_names"]

_DIFFUSION = "diffusion"


def generator_names() -> tuple[str, ...]:
    """What `--generator` takes besides folders, in alphabetical order. Imports none of them."""
    own = set(member_names(backends.__path__)) - {_DIFFUSION}
    return tuple(sorted(own | set(preset_names())))


def generator(name: str) -> type[Generator]:
    """The class of a generator by its name, or by the folder of a diffusion model. Raises UsageError, which
    lists the names, for an unknown one."""
    names = generator_names()
    if name in preset_names() or is_folder(name):
        diffusion = _backend(_DIFFUSION)
        told = {"name": name, "model": name, "summary": preset(name).summary}
        return cast(type[Generator], type(diffusion.__name__, (diffusion,), told))
    if name not in (*names, _DIFFUSION):
        raise UsageError(
            f"there is no generator {name!r}",
            subject="--generator",
            mend=f"one of {', '.join(names)}, or the folder of a diffusion model",
        )
    return _backend(name)


def _backend(name: str) -> type[Generator]:
    module = importlib.import_module(f"{backends.__name__}.{name.replace('-', '_')}")
    backend: type[Generator] = module.BACKEND
    return backend
