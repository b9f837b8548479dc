"""Generators and what runs them. A generator is one file in `generate/backends/`."""

import importlib

from director.errors import UsageError
from director.family import member_names
from director.generate import backends
from director.generate.protocol import Generator

__all__ = ["generator", "generator_names"]


def generator_names() -> tuple[str, ...]:
    """What `--generator` takes, in alphabetical order. Imports none of them."""
    return member_names(backends.__path__)


def generator(name: str) -> type[Generator]:
    """The class of a generator by its name. Raises UsageError, which lists the names, for an unknown one."""
    names = generator_names()
    if name not in names:
        raise UsageError(
            f"there is no generator {name!r}", subject="--generator", mend=f"one of {', '.join(names)}"
        )
    module = importlib.import_module(f"{backends.__name__}.{name.replace('-', '_')}")
    backend: type[Generator] = module.BACKEND
    return backend
