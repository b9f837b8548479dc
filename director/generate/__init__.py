"""Generators and what runs them. A generator is one file in `generate/backends/`, or a diffusion model: a
preset in `generate/diffusion/presets/`, or a model by its path."""

import importlib
from collections.abc import Mapping
from typing import cast

from director.errors import UsageError
from director.family import member_names
from director.generate import backends
from director.generate.diffusion.controls import maps_for
from director.generate.diffusion.preset import is_model, preset, preset_names
from director.generate.protocol import Generator
from director.generate.remote.address import is_remote
from director.generate.video.preset import is_video_model, video_preset

__all__ = ["generator", "generator_names", "live_options"]

_DIFFUSION = "diffusion"
_CLIPS = "wan-vace"


def generator_names() -> tuple[str, ...]:
    """What `--generator` takes besides paths, in alphabetical order. Imports none of them."""
    own = set(member_names(backends.__path__)) - {_DIFFUSION}
    return tuple(sorted(own | set(preset_names())))


def generator(name: str) -> type[Generator]:
    """The class of a generator by its name, or by the path of a diffusion model; of one on another machine by
    `ray://HOST:PORT/NAME`. Raises UsageError, which lists the names, for an unknown one."""
    if is_remote(name):
        # It looks up the name that follows the address, in here.
        from director.generate.remote.generator import remote_generator

        return remote_generator(name)
    names = generator_names()
    if name not in names and is_video_model(name):
        clips = _backend(_CLIPS)
        summary = video_preset(name).summary
        return cast(
            type[Generator],
            type(clips.__name__, (clips,), {"name": name, "model": name, "summary": summary}),
        )
    if is_model(name):
        diffusion = _backend(_DIFFUSION)
        found = preset(name)
        told = {"name": name, "model": name, "summary": found.summary, "maps": maps_for(found)}
        return cast(type[Generator], type(diffusion.__name__, (diffusion,), told))
    if name not in (*names, _DIFFUSION):
        raise UsageError(
            f"there is no generator {name!r}",
            subject="--generator",
            mend=f"one of {', '.join(names)}, or the path of a diffusion model",
        )
    return _backend(name)


def live_options(backend: type[Generator]) -> Mapping[str, float | str]:
    """What a generator is told besides where somebody waits for its pictures, its attribute of that name:
    nothing is waited for then. Takes tell what its pictures were drawn from."""
    told: Mapping[str, float | str] = getattr(backend, "live_options", {})
    return told


def _backend(name: str) -> type[Generator]:
    module = importlib.import_module(f"{backends.__name__}.{name.replace('-', '_')}")
    backend: type[Generator] = module.BACKEND
    return backend
